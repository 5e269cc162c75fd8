"""Numbers for rigorous evaluation: exact rationals, Arb balls, and dual numbers over both.

A *value* is a ``flint.fmpq`` (exact), a ``flint.arb`` (a ball that contains the real number meant), or a
:class:`Dual`. Rationals stay exact until a transcendental function turns them into balls. A dual number
``v + t ε`` of level m obeys ``ε² = 0``; its value and tangent are of lower level, so duals nest, and the
coefficient of ``ε_1 ε_2`` is a second derivative:

    f(v + t ε) = f(v) + f'(v) t ε

The functions here and in :mod:`derive.balls.elementary` are total on other number types with ``+`` and ``*`` as far as
they use nothing else (:mod:`derive.judge.points.linear` relies on it), and raise :class:`Unsupported` where they need more.
"""

from __future__ import annotations

from math import isqrt
from typing import Any, TypeAlias

from flint import arb, fmpq

Value: TypeAlias = Any
"""``fmpq``, ``arb`` or :class:`Dual`."""

ZERO, ONE = fmpq(0), fmpq(1)
MAX_EXPONENT = 10**6
MAX_EXACT_BITS = 20_000


class EvaluationError(Exception):
    """A term has no value, for one of the reasons below."""


class Undefined(EvaluationError):
    """The term certainly has no value here: an exact 0 in a denominator, the logarithm of a negative number."""


class Undecided(EvaluationError):
    """The balls are too wide to tell; more precision may help."""


class TooLarge(Undecided):
    """Evaluation was given up for its cost; more precision does not help."""


class Unsupported(EvaluationError):
    """A head, or a combination, that is not evaluated at all."""


class Dual:
    """``value + tangent ε`` where ε belongs to `level`."""

    __slots__ = ("level", "tangent", "value")

    def __init__(self, level: int, value: Value, tangent: Value) -> None:
        self.level = level
        self.value = value
        self.tangent = tangent

    def __add__(self, other: Value) -> Dual:
        if type(other) is Dual:
            if other.level == self.level:
                return Dual(self.level, self.value + other.value, self.tangent + other.tangent)
            if other.level > self.level:
                return Dual(other.level, self + other.value, other.tangent)
        return Dual(self.level, self.value + other, self.tangent)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(self.level, -self.value, -self.tangent)

    def __sub__(self, other: Value) -> Dual:
        return self.__add__(-other)

    def __rsub__(self, other: Value) -> Dual:
        return (-self).__add__(other)

    def __mul__(self, other: Value) -> Dual:
        if type(other) is Dual:
            if other.level == self.level:
                return Dual(self.level, self.value * other.value, self.value * other.tangent + self.tangent * other.value)
            if other.level > self.level:
                return Dual(other.level, self * other.value, self * other.tangent)
        return Dual(self.level, self.value * other, self.tangent * other)

    __rmul__ = __mul__


def tangent(value: Value, level: int) -> Value:
    """The coefficient of the ε of `level`, the highest level that can occur in `value`."""
    return value.tangent if type(value) is Dual and value.level == level else ZERO


def real_at(value: Value, level: int) -> Value:
    """`value` without the ε of `level`, the highest level that can occur in it."""
    return value.value if type(value) is Dual and value.level == level else value


def real_part(value: Value) -> Value:
    """`value` without any ε."""
    while type(value) is Dual:
        value = value.value
    return value


def ball(value: Value) -> arb:
    """An exact rational or a ball, as a ball at the current precision."""
    return value if type(value) is arb else arb(value)


def tamed(value: Value) -> Value:
    """`value`, as a ball if it is a rational of more than 20,000 bits: exactness is not worth its cost then."""
    return arb(value) if type(value) is fmpq and value.height_bits() > MAX_EXACT_BITS else value


def sign_of(value: Value, what: str = "a sign") -> int:
    """-1, 0 or 1, certainly; 0 only for an exact 0. Raises :class:`Undecided` when the ball straddles 0."""
    number = real_part(value)
    if type(number) not in (fmpq, arb):
        raise Unsupported(f"{what} of a value that is not a number")
    if number > 0:
        return 1
    if number < 0:
        return -1
    if number == 0:
        return 0
    raise Undecided(f"{what} is not decided at this precision")


def require_positive(value: Value, what: str) -> None:
    """Raises :class:`Undefined` if `value` is certainly not positive and :class:`Undecided` if that is open."""
    number = real_part(value)
    if type(number) not in (fmpq, arb):
        raise Unsupported(f"{what} of a value that is not a number")
    if number > 0:
        return
    if number <= 0:
        raise Undefined(f"{what} of a number that is not positive")
    raise Undecided(f"{what} of a ball that is not certainly positive")


def inverse(x: Value) -> Value:
    """``1/x``; with ε: ``1/v - t/v² ε``."""
    kind = type(x)
    if kind is fmpq:
        if not x:
            raise Undefined("division by 0")
        return ONE / x
    if kind is arb:
        if x > 0 or x < 0:
            return 1 / x
        if x == 0:
            raise Undefined("division by 0")
        raise Undecided("division by a ball that contains 0")
    if kind is Dual:
        inverted = inverse(x.value)
        return Dual(x.level, inverted, -(inverted * inverted * x.tangent))
    raise Unsupported("division by a value that is not a number")


def integer_power(x: Value, exponent: int) -> Value:
    """``x**exponent``; ``x**0`` is 1 for every x; with ε: ``v^k + k v^(k-1) t ε``."""
    if abs(exponent) > MAX_EXPONENT:
        raise Unsupported(f"the exponent {exponent} is too large")
    if exponent == 0:
        return ONE
    if exponent < 0:
        return inverse(integer_power(x, -exponent))
    kind = type(x)
    if kind is fmpq:
        return x**exponent if x.height_bits() * exponent <= MAX_EXACT_BITS else arb(x) ** exponent
    if kind is arb:
        return x**exponent
    if kind is Dual:
        below = integer_power(x.value, exponent - 1)
        return Dual(x.level, below * x.value, exponent * (below * x.tangent))
    result = x
    for _ in range(exponent - 1):
        result = result * x
    return result


def rational_power(x: Value, p: int, q: int) -> Value:
    """``x**(p/q)`` for q > 1 in lowest terms: x > 0, or x = 0 exactly with p > 0 (not differentiable there)."""
    if abs(p) > MAX_EXPONENT or q > MAX_EXPONENT:
        raise Unsupported(f"the exponent {p}/{q} is too large")
    kind = type(x)
    if kind is Dual:
        require_positive(x, "the derivative of a root")
        power = rational_power(x.value, p, q)
        return Dual(x.level, power, fmpq(p, q) * (power * inverse(x.value)) * x.tangent)
    if kind is fmpq and x == 0 and p > 0:
        return ZERO
    require_positive(x, "a root")
    if kind is fmpq and q == 2:
        top, bottom = int(x.p), int(x.q)
        if isqrt(top) ** 2 == top and isqrt(bottom) ** 2 == bottom:
            return integer_power(fmpq(isqrt(top), isqrt(bottom)), p)
    root = ball(x).sqrt() if q == 2 else ball(x).root(q)
    return integer_power(root, p)
