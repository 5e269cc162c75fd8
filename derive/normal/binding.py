"""Normal forms of products over an index and of integrals.

``∏_k f_k`` is ``e^{Σ_k ln f_k}`` where all factors are certain to be positive, else an atom for each factor of its monomial;
one over few consecutive numbers is multiplied out.

An integral is a linear form: what does not depend on the variable is taken out of each monomial. ``x^k e^{q(x)}`` has an
antiderivative for q of degree 0 or 1, and moments over all numbers for q of degree 2; a derivative of an unknown function of x
has that function. What is left is an atom of its integrand and its ends, between finite ends only: integrals of summands may
diverge where that of their sum does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial

from flint import fmpq
from sympy import And, Dummy, Expr, Integer, Ne, Sum, Symbol, exp, log

from derive.normal.algebra.polynomial import (
    ONE,
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
from derive.normal.forms import Forming, OutsideFragment
from derive.normal.sums import substitute, sum_over
from derive.terms.binding import Endless, Integral, Product
from derive.terms.context import Range
from derive.terms.terms import Cases, unrestricted

WRITTEN_OUT = 12
"""The most factors of a product that are multiplied out."""
HIGHEST = 24
"""The highest power of the variable that is integrated by parts."""

Signed = Callable[[Poly], str | None]
"""The sign of a normal form, where it is certain."""


def product_form(normal: Forming, term: Product, sign: Signed) -> Poly:
    """The normal form of a product over an index.

    Raises:
        OutsideFragment: for a factor that is not certain to be positive.
    """
    low, high = term.span
    if (high - low).is_Integer and high - low < WRITTEN_OUT:
        result = UNIT
        for step in range(int(high - low) + 1):
            result = normal.ring.product(result, normal.form(term.body.xreplace({term.variable: low + step})))
        return result
    own = normal.own_index(term.variable, Range(low, high))
    body, excluded = unrestricted(term.body.xreplace({term.variable: own}), own, 1)
    if isinstance(body, Cases):
        raise OutsideFragment("a product of a case split")
    factor = normal.form(body)
    if sign(factor) == "+":
        logarithm: Expr = log(body)
        if excluded:
            logarithm = Cases((logarithm, And(*(Ne(own, value) for value in excluded))), (Integer(0), True))
        return normal.form(exp(Sum(logarithm, (own, low, high)), evaluate=False))
    result = _over(normal, factor, own, low, high, sign)
    return result if not excluded else _without(normal, result, body, own, excluded, (low, high))


def _over(normal: Forming, factor: Poly, own: Symbol, low: Expr, high: Expr, sign: Signed) -> Poly:
    """``∏_k c a_k b_k^2 = c^n ∏_k a_k (∏_k b_k)^2``, whatever the signs are."""
    ring = normal.ring
    if not normal.knowledge.at_least_zero(high - low + 1):
        raise OutsideFragment("a product over a range that may end before it begins")
    if len(factor) > 1:
        return _opaque(normal, factor, own, low, high)
    ((m, c),) = factor if factor else ((ONE, fmpq(0)),)
    if not c:
        raise OutsideFragment("a product of zeros")
    count = exponent_of(normal.form(high - low + 1))
    outside = Poly({tuple((a, e) for a, e in m if own not in monomial_free(((a, e),))): c})
    result = UNIT if outside == UNIT else ring.power(outside, count)
    for atom, exponent in m:
        if own not in monomial_free(((atom, exponent),)):
            continue
        if sign(ring.of(atom)) == "+":
            logarithm = ring.product(exponent_poly(exponent), ring.log(ring.of(atom)))
            part = ring.exp(sum_over(ring, logarithm, own, low, high))
        elif isinstance(exponent, int):
            part = ring.power(_opaque(normal, ring.of(atom), own, low, high), exponent)
        else:
            raise OutsideFragment("a product of powers of what may not be positive")
        result = ring.product(result, part)
    return result


def _opaque(normal: Forming, factor: Poly, own: Symbol, low: Expr, high: Expr) -> Poly:
    """An atom of the factor, with a name of its own for the index, and of the ends."""
    if any(atom.kind in ("delta", "other") for atom in factor.atoms):
        raise OutsideFragment("a product with a case split in it")
    ring, (beyond, end) = normal.ring, high.as_coeff_Add()
    if beyond.is_Integer and 0 < beyond <= WRITTEN_OUT and normal.knowledge.at_least_zero(end - low + 1):
        result = _opaque(normal, factor, own, low, end)
        for step in range(1, int(beyond) + 1):
            result = ring.product(result, substitute(ring, factor, {own: end + step}))
        return result
    place = _place(sum(s.name == INDEX for s in factor.free), low, high)
    normal.knowledge.ranges[place] = Range(low, high)
    inner = substitute(ring, factor, {own: place})
    ends = tuple(normal.form(end) for end in (low, high))
    return ring.of(ring.intern.atom("function", PRODUCT, (), (inner, *ends)))


@lru_cache(maxsize=256)
def _place(depth: int, low: Expr, high: Expr) -> Dummy:
    """The index that all products over a range have in their normal form, by how many others stand in it."""
    return Dummy(INDEX, integer=True)


@lru_cache(maxsize=64)
def _variable(depth: int) -> Dummy:
    """The variable that all integrals have in their normal form, by how many others stand in it."""
    return Dummy(VARIABLE, real=True)


def _without(
    normal: Forming, whole: Poly, body: Expr, own: Symbol, excluded: tuple[Expr, ...], span: tuple[Expr, Expr]
) -> Poly:
    """The product without one of its factors, as a quotient: both sides of a claim are continuous where that factor is 0.

    That holds for all values of the factors only, so that nothing may be assumed in an equation.
    """
    known = normal.knowledge
    if len(excluded) != 1 or known.equal or known.patterns or known.vanishing or not known.within(excluded[0], *span):
        raise OutsideFragment("a product that leaves factors out")
    return normal.ring.product(whole, normal.ring.inverse(normal.form(body.xreplace({own: excluded[0]}))))


@dataclass(frozen=True)
class _Summand:
    """``x^power e^{exponent} rest``: the exponent by powers of x, the rest a monomial that depends on x in another way."""

    power: int
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
        power = 0
        exponents: tuple[Poly, ...] = (ZERO,)
        for atom, exponent in m:
            moving = isinstance(exponent, Poly) and variable in exponent.free
            if atom.kind == "scalar" and atom.data[0] == variable and isinstance(exponent, int) and 0 <= exponent <= HIGHEST:
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
        if not inside.rest and len(inside.exponent) <= 1 and not (endless and not inside.exponent):
            return self._at(inside, high) - self._at(inside, low)
        if not inside.rest and len(inside.exponent) == 2:
            signs = [end.sign if isinstance(end, Endless) else 0 for end in span]
            if signs == [-1, 1]:
                return self._over_all(inside)
        if not inside.power and not inside.exponent and (whole := self._whole(inside.rest, variable, span)) is not None:
            return whole
        if endless and not alone:
            raise OutsideFragment("an integral of a sum to an infinite end")
        return self._atom(inside, variable, span)

    def _at(self, inside: _Summand, end: Expr) -> Poly:
        """The antiderivative of ``x^k`` or of ``x^k e^{bx}`` at an end, 0 at an infinite one that it falls to."""
        ring, power = self._ring, inside.power
        if not inside.exponent:
            return ring.power(self._normal.form(end), power + 1).scaled(fmpq(1, power + 1))
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

    def _over_all(self, inside: _Summand) -> Poly:
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
        for k in range(0, inside.power + 1, 2):  # ∫ t^k e^{-rate t²} is (k − 1)!! / (2 rate)^{k/2} √(π/rate)
            if k:
                moment = ring.product(moment, over.scaled(fmpq(k - 1, 2)))
            choose = fmpq(factorial(inside.power), factorial(k) * factorial(inside.power - k))
            rest = ring.power(middle, inside.power - k) if inside.power > k else UNIT
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
        powers = dict(inside.rest)
        if inside.power:
            powers[ring.intern.atom("scalar", variable)] = inside.power
        body = Poly({monomial(powers): fmpq(1)})
        if inside.exponent:
            place = ring.scalar(variable)
            above = total(ring.product(each, ring.power(place, k)) for k, each in enumerate(inside.exponent, start=1))
            body = ring.product(body, ring.exp(above))
        own = self._renamed(body, variable, _variable(sum(s.name == VARIABLE for s in body.free)))
        ends = tuple(number(end.sign) if isinstance(end, Endless) else self._normal.form(end) for end in span)
        kind = "".join("∞" if isinstance(end, Endless) else "." for end in span)
        return ring.of(ring.intern.atom("function", f"integral {kind}", (), (own, *ends)))

    def _renamed(self, body: Poly, variable: Symbol, own: Symbol) -> Poly:
        """The body with `own` for the variable."""
        from derive.normal.reify import NotReifiable, term_of

        try:
            return self._normal.form(term_of(body).xreplace({variable: own}))
        except NotReifiable as problem:
            raise OutsideFragment(f"an integral of {problem}") from problem


PRODUCT, INDEX = "product over an index", "index of a product"
VARIABLE = "variable of integration"


__all__ = ["Integrals", "product_form"]
