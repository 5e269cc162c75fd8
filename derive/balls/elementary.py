"""The elementary functions at values: rationals, balls and dual numbers over both.

A function is its balls and its slope, or a formula of others; :data:`BALLS` has them by the key of their row in
:mod:`derive.terms.elementary`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flint import arb, fmpq, fmpz

from derive.balls.duals import (
    ONE,
    ZERO,
    Dual,
    Undecided,
    Undefined,
    Unsupported,
    Value,
    integer_power,
    inverse,
    rational_power,
    require_positive,
    sign_of,
)

Function: TypeAlias = Callable[[Value], Value]
LARGEST = 1000
"""The largest number of which a factorial is taken."""


def _elementary(
    name: str, on_ball: Callable[[arb], arb], slope: Callable[[Value, Value], Value], at: int, there: int
) -> Function:
    """A function from its balls and its `slope` (of the argument and the value); it is exactly `there` at `at`."""
    special, result = fmpq(at), fmpq(there)

    def function(x: Value) -> Value:
        kind = type(x)
        if kind is arb:
            return on_ball(x)
        if kind is fmpq:
            return result if x == special else on_ball(arb(x))
        if kind is Dual:
            value = function(x.value)
            return Dual(x.level, value, slope(x.value, value) * x.tangent)
        raise Unsupported(f"{name} of a value that is not a number")

    return function


def _log_ball(x: arb) -> arb:
    if x > 0:
        return x.log()
    if x <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    raise Undecided("the logarithm of a ball that is not certainly positive")


def _within(method: Callable[[arb], arb], name: str, low: int | None, high: int | None) -> Callable[[arb], arb]:
    """`method` restricted to the closed interval from `low` to `high`."""

    def on_ball(x: arb) -> arb:
        if (low is None or x >= low) and (high is None or x <= high):
            return method(x)
        if (low is not None and x < low) or (high is not None and x > high):
            raise Undefined(f"{name} outside its domain")
        raise Undecided(f"{name} of a ball that may leave its domain")

    return on_ball


def _root(x: Value) -> Value:
    return rational_power(x, 1, 2)


exp: Function = _elementary("exp", arb.exp, lambda x, y: y, 0, 1)
log: Function = _elementary("log", _log_ball, lambda x, y: inverse(x), 1, 0)
sin: Function = _elementary("sin", arb.sin, lambda x, y: cos(x), 0, 0)
cos: Function = _elementary("cos", arb.cos, lambda x, y: -sin(x), 0, 1)
sinh: Function = _elementary("sinh", arb.sinh, lambda x, y: cosh(x), 0, 0)
cosh: Function = _elementary("cosh", arb.cosh, lambda x, y: sinh(x), 0, 1)
tanh: Function = _elementary("tanh", arb.tanh, lambda x, y: ONE - y * y, 0, 0)
atan: Function = _elementary("atan", arb.atan, lambda x, y: inverse(ONE + x * x), 0, 0)
asin: Function = _elementary("asin", _within(arb.asin, "asin", -1, 1), lambda x, y: inverse(_root(ONE - x * x)), 0, 0)
acos: Function = _elementary("acos", _within(arb.acos, "acos", -1, 1), lambda x, y: -inverse(_root(ONE - x * x)), 1, 0)
erf: Function = _elementary("erf", arb.erf, lambda x, y: fmpq(2) * inverse(_root(arb.pi())) * exp(-(x * x)), 0, 0)
asinh: Function = _elementary("asinh", arb.asinh, lambda x, y: inverse(_root(ONE + x * x)), 0, 0)
acosh: Function = _elementary("acosh", _within(arb.acosh, "acosh", 1, None), lambda x, y: inverse(_root(x * x - ONE)), 1, 0)


def atanh(x: Value) -> Value:
    """``log((1+x)/(1-x)) / 2`` for |x| < 1."""
    if sign_of(ONE - x * x, "the domain of atanh") <= 0:
        raise Undefined("atanh outside its domain")
    return log((ONE + x) * inverse(ONE - x)) * fmpq(1, 2)


def tan(x: Value) -> Value:
    return sin(x) * inverse(cos(x))


def cot(x: Value) -> Value:
    return cos(x) * inverse(sin(x))


def sec(x: Value) -> Value:
    return inverse(cos(x))


def csc(x: Value) -> Value:
    return inverse(sin(x))


def coth(x: Value) -> Value:
    return inverse(tanh(x))


def sech(x: Value) -> Value:
    return inverse(cosh(x))


def csch(x: Value) -> Value:
    return inverse(sinh(x))


def acot(x: Value) -> Value:
    """``atan(1/x)``, SymPy's branch; undefined at 0, where it jumps."""
    return atan(inverse(x))


def asec(x: Value) -> Value:
    """``acos(1/x)`` for |x| >= 1."""
    return acos(inverse(x))


def acsc(x: Value) -> Value:
    """``asin(1/x)`` for |x| >= 1."""
    return asin(inverse(x))


def absolute(x: Value) -> Value:
    """``|x|``; not differentiable at 0."""
    if type(x) is arb:
        return abs(x)
    sign = sign_of(x, "the sign in an absolute value")
    if sign == 0 and type(x) is Dual:
        raise Undefined("the derivative of |x| at 0")
    return x if sign >= 0 else -x


def signum(x: Value) -> Value:
    """-1, 0 or 1; not differentiable at 0."""
    sign = sign_of(x, "sign")
    if sign == 0 and type(x) is Dual:
        raise Undefined("the derivative of sign at 0")
    return fmpq(sign)


def maximum(x: Value, y: Value) -> Value:
    """The larger of two values; where they are equal it is not differentiable."""
    difference = sign_of(x - y, "the larger of two values")
    if difference == 0 and (type(x) is Dual or type(y) is Dual):
        raise Undefined("the derivative of a maximum where it changes over")
    return x if difference >= 0 else y


def minimum(x: Value, y: Value) -> Value:
    """``-max(-x, -y)``."""
    return -maximum(-x, -y)


def factorial(x: Value) -> Value:
    """x! of a whole number that is not negative."""
    if type(x) is not fmpq:
        raise Unsupported("the factorial of a value that is no rational number")
    if x.q != 1 or x < 0:
        raise Undefined("the factorial of a number that is no whole number from 0 on")
    if x > LARGEST:
        raise Unsupported(f"the factorial of a number above {LARGEST}")
    return fmpq(fmpz.fac_ui(x.p))


def real_power(x: Value, exponent: Value) -> Value:
    """``x**exponent = exp(exponent log x)`` for x > 0, and 0 for x = 0 exactly with a rational exponent > 0."""
    if type(x) is fmpq and x == 0 and type(exponent) is fmpq and exponent > 0:
        return ZERO
    require_positive(x, "a real power")
    if type(exponent) is fmpq:
        if exponent.q == 1:
            return integer_power(x, int(exponent.p))
        return rational_power(x, int(exponent.p), int(exponent.q))
    return exp(exponent * log(x))


BALLS: dict[str, Function] = {
    "exp": exp,
    "log": log,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "cot": cot,
    "sec": sec,
    "csc": csc,
    "asin": asin,
    "acos": acos,
    "atan": atan,
    "acot": acot,
    "asec": asec,
    "acsc": acsc,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "coth": coth,
    "sech": sech,
    "csch": csch,
    "erf": erf,
    "asinh": asinh,
    "acosh": acosh,
    "atanh": atanh,
    "abs": absolute,
    "sign": signum,
    "factorial": factorial,
}
"""The functions that have values, by the key of their row."""
