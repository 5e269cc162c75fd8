"""Normal forms of integrals: linear forms, with what does not depend on the variable taken out of each monomial.

``x^k e^{q(x)}`` has an antiderivative for q of degree 0 or 1, and moments over all numbers for q of degree 2; a derivative of
an unknown function of x has that function; for the rest SymPy may propose an antiderivative, which is held to its derivative.
What is left is an atom of its integrand and its ends, between finite ends only: integrals of summands may diverge where that
of their sum does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial

import sympy
from flint import fmpq
from sympy import Add, Dummy, Expr, KroneckerDelta, Mul, Pow, Sum, Symbol, log

from derive.normal.algebra.polynomial import (
    UNIT,
    ZERO,
    Atom,
    Monomial,
    Poly,
    exponent_of,
    exponent_poly,
    monomial,
    monomial_free,
    number,
    total,
)
from derive.normal.algebra.ring import Ring
from derive.normal.calculus import differentiate
from derive.normal.clearing import cleared
from derive.normal.forms import Forming, OutsideFragment
from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.reify import NotReifiable, term_of
from derive.terms import terms
from derive.terms.binding import Binding, Endless, Integral
from derive.terms.elementary import SMOOTH, row_of
from derive.terms.terms import Call, Cases

HIGHEST = 24
"""The highest power of the variable that is integrated by parts."""
LARGEST = 24
"""The most operations in an integrand for which an antiderivative is asked for."""
VARIABLE = "variable of integration"
Power = int | Fraction | Poly
Signed = Callable[[Poly], str | None]
"""The sign of a normal form, where it is certain."""


@dataclass(frozen=True)
class _Summand:
    """``x^power e^{exponent} rest``: the exponent by powers of x, the rest a monomial that depends on x in another way."""

    power: Power
    exponent: tuple[Poly, ...]
    rest: Monomial


class Integrals:
    """The integrals that occur in the terms of a normaliser."""

    def __init__(self, normal: Forming, sign: Signed) -> None:
        self._normal = normal
        self._ring: Ring = normal.ring
        self._sign = sign

    def form(self, term: Integral) -> Poly:
        """The normal form of an integral.

        Raises:
            OutsideFragment: where its value is not known and it has an infinite end.
        """
        variable = term.variable
        body = self._normal.form(term.body)
        parts: dict[_Summand, Poly] = {}
        for m, c in body:
            outside, inside = self._split(m, variable)
            parts[inside] = parts.get(inside, ZERO) + Poly({outside: c})
        parts = {inside: factor for inside, factor in parts.items() if factor}
        alone = len(parts) == 1
        return total(
            self._ring.product(factor, self._value(inside, variable, term.span, alone)) for inside, factor in parts.items()
        )

    def _split(self, m: Monomial, variable: Symbol) -> tuple[Monomial, _Summand]:
        """What of a monomial does not depend on the variable, and what does."""
        outside: dict[Atom, object] = {}
        rest: dict[Atom, object] = {}
        power: Power = 0
        exponents: tuple[Poly, ...] = (ZERO,)
        for atom, exponent in m:
            moving = isinstance(exponent, Poly) and variable in exponent.free
            if atom.kind == "scalar" and atom.data[0] == variable and not moving:
                power = exponent
            elif atom.kind == "e" and moving and (found := self._powers(exponent_poly(exponent), variable)) is not None:
                exponents = found
            elif variable in atom.free or moving:
                rest[atom] = exponent
            else:
                outside[atom] = exponent
        if len(exponents) > 1 and exponents[0]:
            outside[self._ring.intern.atom("e")] = exponents[0]
        summand = _Summand(power, exponents[1:], monomial(rest))  # type: ignore[arg-type]
        return monomial(outside), summand  # type: ignore[arg-type]

    def _powers(self, poly: Poly, variable: Symbol) -> tuple[Poly, ...] | None:
        """A polynomial by powers of the variable; None for one of a degree above 2 or that depends on it in another way."""
        found: dict[int, Poly] = {}
        for m, c in poly:
            degree, others = 0, []
            for atom, exponent in m:
                if atom.kind == "scalar" and atom.data[0] == variable and isinstance(exponent, int):
                    degree = exponent
                else:
                    others.append((atom, exponent))
            if variable in monomial_free(tuple(others)) or not 0 <= degree <= 2:
                return None
            found[degree] = found.get(degree, ZERO) + Poly({tuple(others): c})
        return tuple(found.get(degree, ZERO) for degree in range(max(found, default=0) + 1))

    def _value(self, inside: _Summand, variable: Symbol, span: tuple[Expr, Expr], alone: bool) -> Poly:
        low, high = span
        endless = isinstance(low, Endless) or isinstance(high, Endless)
        if not inside.rest and not inside.exponent and (value := self._of_power(inside.power, span)) is not None:
            return value
        count = inside.power if isinstance(inside.power, int) and 0 <= inside.power <= HIGHEST else None
        if not inside.rest and len(inside.exponent) == 1 and count is not None:
            return self._at(inside, high) - self._at(inside, low)
        if not inside.rest and len(inside.exponent) == 2:
            signs = [end.sign if isinstance(end, Endless) else 0 for end in span]
            if signs == [-1, 1] and count is not None:
                return self._over_all(inside, count)
            slope = inside.exponent[0]
            if signs == [0, 1] and count is not None and not slope and not self._normal.form(low):
                return self._over_half(inside)
        if not endless and (found := self._proposed(inside, variable, span)) is not None:
            return found
        if not inside.power and not inside.exponent and (whole := self._whole(inside.rest, variable, span)) is not None:
            return whole
        if endless and not alone:
            raise OutsideFragment("an integral of a sum to an infinite end")
        return self._atom(inside, variable, span)

    def _at(self, inside: _Summand, end: Expr) -> Poly:
        """The antiderivative of ``x^k e^{bx}`` at an end, 0 at an infinite one that it falls to."""
        ring, power = self._ring, inside.power
        if not isinstance(power, int):
            raise OutsideFragment("an exponential beside a power that is no whole number")
        (rate,) = inside.exponent
        if isinstance(end, Endless):
            if self._sign(rate.scaled(fmpq(-end.sign))) != "+":
                raise OutsideFragment("an exponential that is not certain to fall")
            return ZERO
        place, parts, over = self._normal.form(end), [], ring.inverse(rate)
        for step in range(power + 1):
            factor = fmpq((-1) ** step * factorial(power) // factorial(power - step))
            part = (
                ring.product(ring.power(over, step + 1), ring.power(place, power - step))
                if power > step
                else (ring.power(over, step + 1))
            )
            parts.append(part.scaled(factor))
        return ring.product(total(parts), ring.exp(ring.product(rate, place)))

    def _of_power(self, power: Power, span: tuple[Expr, Expr]) -> Poly | None:
        """The integral of a power of the variable; None where its value is not certain.

        A negative or broken power has one between positive ends; a symbolic one that is certain not to be negative counts as
        whole.
        """
        ring = self._ring
        ends = [None if isinstance(end, Endless) else self._normal.form(end) for end in span]
        known = [end for end in ends if end is not None]
        raised = exponent_poly(power) + UNIT
        number_ = raised.constant()
        whole = isinstance(power, int) and power >= 0
        if not whole:
            least = ("+",) if number_ is None or number_ <= 0 or number_ < 1 else ("+", "0+")
            symbolic = isinstance(power, Poly) and self._sign(power) in ("+", "0+")
            if not symbolic and not all(self._sign(end) in least or (not end and "0+" in least) for end in known):
                return None
        if len(known) < 2:
            falls = number_ is not None and number_ < 0 and ends[0] is not None
            return -self._raised(known[0], raised).scaled(1 / number_) if falls and number_ is not None else None
        if number_ == 0:
            return ring.log(known[1]) - ring.log(known[0])
        return ring.product(self._raised(known[1], raised) - self._raised(known[0], raised), ring.inverse(raised))

    def _raised(self, end: Poly, exponent: Poly) -> Poly:
        """An end to a power that is certain to be positive where the end may be 0."""
        return self._ring.power(end, exponent_of(exponent)) if end else ZERO

    def _over_half(self, inside: _Summand) -> Poly:
        """``∫_0^∞ x^k e^{a x²} dx`` for a < 0."""
        power = inside.power
        if not isinstance(power, int):
            raise OutsideFragment("a Gaussian beside a power that is no whole number")
        if power % 2 == 0:
            return self._over_all(inside, power).scaled(fmpq(1, 2))
        rate = -inside.exponent[1]
        if self._sign(rate) != "+":
            raise OutsideFragment("a Gaussian that is not certain to fall")
        half = (power + 1) // 2
        return self._ring.power(self._ring.inverse(rate), half).scaled(fmpq(factorial(half - 1), 2))

    def _proposed(self, inside: _Summand, variable: Symbol, span: tuple[Expr, Expr]) -> Poly | None:
        """By an antiderivative that SymPy proposes, once its derivative is the integrand and it is smooth on all numbers."""
        from sympy.integrals.manualintegrate import manualintegrate  # it takes a while, and few documents need it

        own = terms.scalar(terms.unused("x", *(end for end in span)))
        try:
            integrand = term_of(self._product(inside, variable)).xreplace({variable: own})
        except NotReifiable:
            return None
        if integrand.has(Call, Sum, Cases, Binding, KroneckerDelta) or sympy.count_ops(integrand) > LARGEST:
            return None
        found = manualintegrate(integrand, own)
        positive = all(self._sign(self._normal.form(end)) == "+" for end in span)
        if found.has(sympy.Integral, sympy.Piecewise) or not _is_smooth(found, own, positive):
            return None
        try:
            slope = differentiate(found, own)
        except NotDifferentiable:
            return None
        if cleared(self._ring, self._normal.form(slope) - self._normal.form(integrand)):
            return None
        return self._normal.form(found.xreplace({own: span[1]})) - self._normal.form(found.xreplace({own: span[0]}))

    def _over_all(self, inside: _Summand, power: int) -> Poly:
        """``∫ x^k e^{a x² + b x} dx`` over all numbers, for a < 0."""
        ring = self._ring
        slope, lead = inside.exponent
        rate = -lead
        if self._sign(rate) != "+":
            raise OutsideFragment("a Gaussian that is not certain to fall")
        over = ring.inverse(rate)
        middle = ring.product(slope, over).scaled(fmpq(1, 2))
        pi = ring.of(ring.intern.atom("pi"))
        root = ring.power(ring.product(pi, over), Fraction(1, 2))
        moment, total_ = UNIT, ZERO
        for k in range(0, power + 1, 2):  # ∫ t^k e^{-rate t²} is (k − 1)!! / (2 rate)^{k/2} √(π/rate)
            if k:
                moment = ring.product(moment, over.scaled(fmpq(k - 1, 2)))
            choose = fmpq(factorial(power), factorial(k) * factorial(power - k))
            rest = ring.power(middle, power - k) if power > k else UNIT
            total_ = total_ + ring.product(moment, rest).scaled(choose)
        top = ring.exp(ring.product(slope, middle).scaled(fmpq(1, 2)))
        return ring.product(ring.product(total_, root), top)

    def _whole(self, rest: Monomial, variable: Symbol, span: tuple[Expr, Expr]) -> Poly | None:
        """The integral of a derivative of an unknown function of the variable itself."""
        if len(rest) != 1 or rest[0][1] != 1 or rest[0][0].kind != "function" or any(isinstance(e, Endless) for e in span):
            return None
        name, orders, arguments = rest[0][0].data
        places = [at for at, argument in enumerate(arguments) if variable in argument.free]
        if not name.startswith("call ") or len(places) != 1 or not orders[places[0]]:
            return None
        (at,) = places
        if arguments[at] != self._ring.scalar(variable):
            return None
        lower = tuple(order - (place == at) for place, order in enumerate(orders))

        def value(end: Expr) -> Poly:
            given = tuple(self._normal.form(end) if place == at else a for place, a in enumerate(arguments))
            return self._ring.of(self._ring.intern.atom("function", name, lower, given))

        return value(span[1]) - value(span[0])

    def _atom(self, inside: _Summand, variable: Symbol, span: tuple[Expr, Expr]) -> Poly:
        """An atom of the integrand, with a name of its own for the variable, and the ends."""
        ring = self._ring
        body = self._product(inside, variable)
        own = self._renamed(body, variable, _variable(sum(s.name == VARIABLE for s in body.free)))
        ends = tuple(number(end.sign) if isinstance(end, Endless) else self._normal.form(end) for end in span)
        kind = "".join("∞" if isinstance(end, Endless) else "." for end in span)
        return ring.of(ring.intern.atom("function", f"integral {kind}", (), (own, *ends)))

    def _product(self, inside: _Summand, variable: Symbol) -> Poly:
        """The summand, multiplied out."""
        ring = self._ring
        powers = dict(inside.rest)
        if inside.power != 0:
            powers[ring.intern.atom("scalar", variable)] = inside.power
        body = Poly({monomial(powers): fmpq(1)})
        if inside.exponent:
            place = ring.scalar(variable)
            above = total(ring.product(each, ring.power(place, k)) for k, each in enumerate(inside.exponent, start=1))
            body = ring.product(body, ring.exp(above))
        return body

    def _renamed(self, body: Poly, variable: Symbol, own: Symbol) -> Poly:
        """The body with `own` for the variable."""
        try:
            return self._normal.form(term_of(body).xreplace({variable: own}))
        except NotReifiable as problem:
            raise OutsideFragment(f"an integral of {problem}") from problem


def _is_smooth(term: Expr, variable: Symbol, positive: bool) -> bool:
    """Whether a term has derivatives at all values of the variable, or at all `positive` ones, by its form."""
    if variable not in term.free_symbols or term == variable:
        return True
    if not all(_is_smooth(part, variable, positive) for part in term.args if isinstance(part, Expr)):
        return False
    if isinstance(term, (Add, Mul)):
        return True
    if positive and isinstance(term, (Pow, log)) and term.args[0] == variable:
        return isinstance(term, log) or variable not in term.args[1].free_symbols
    if isinstance(term, Pow):
        return bool(term.exp.is_Integer and term.exp.is_nonnegative) or variable not in term.base.free_symbols
    row = row_of(term)
    return row is not None and row.domain is None and row.key in SMOOTH


@lru_cache(maxsize=64)
def _variable(depth: int) -> Dummy:
    """The variable that all integrals have in their normal form, by how many others stand in it."""
    return Dummy(VARIABLE, real=True)
