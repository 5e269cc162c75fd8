"""A normal form as a fraction of polynomials: common factors cancelled, and both parts factored.

Each power of an atom that stays apart from the others is a generator: ``e^{z_i}``, ``1/τ``, a sum. The arithmetic is
FLINT's; which generators there are, and how they turn back into terms, is all that is done here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Add, Expr, Integer, Mul, Pow, Rational

from derive.normal.algebra.polynomial import ONE, Atom, Monomial, Poly, TooLarge, exponent_of, exponent_poly

GENERATORS = 24
TERMS = 400

Generator = tuple[Atom, Monomial]
Factors = list[tuple[fmpq_mpoly, int]]
Power = Callable[[Atom, "int | Fraction | Poly"], Expr]


@dataclass(frozen=True)
class Ratio:
    """``coefficient · ∏ generators^e · ∏ numerator / ∏ denominator`` with its generators as powers of terms."""

    coefficient: fmpq
    unit: tuple[tuple[int, int], ...]
    numerator: tuple[tuple[fmpq_mpoly, int], ...]
    denominator: tuple[tuple[fmpq_mpoly, int], ...]
    powers: tuple[Callable[[int], Expr], ...]

    def factored(self) -> Expr:
        """As a product of factors."""
        return self._times([Pow(self._sum(p), e) for p, e in self.numerator])

    def expanded(self) -> Expr:
        """With the numerator multiplied out."""
        product = None
        for p, e in self.numerator:
            product = p**e if product is None else product * p**e
        if product is None:
            return self._times([])
        if self.denominator:
            return self._times([self._sum(product)])
        above = [self.powers[g](e) for g, e in self.unit]
        return Add(*(Mul(_rational(self.coefficient * c), self._monomial(m), *above) for m, c in product.terms()))

    def _times(self, above: list[Expr]) -> Expr:
        outside = [self.powers[g](e) for g, e in self.unit]
        below = [Pow(self._sum(p), -e) for p, e in self.denominator]
        factors = [*outside, *above, *below]
        coefficient = _rational(self.coefficient)
        rest = Mul(*factors)
        if isinstance(rest, Add) and coefficient != 1:
            return Mul(coefficient, rest, evaluate=False) if coefficient != -1 else Mul(-1, rest)
        return Mul(coefficient, rest)

    def _sum(self, p: fmpq_mpoly) -> Expr:
        return Add(*(Mul(_rational(c), self._monomial(m)) for m, c in p.terms()))

    def _monomial(self, exponents: tuple[int, ...]) -> Expr:
        return Mul(*(self.powers[g](int(e)) for g, e in enumerate(exponents) if e))


def ratio(poly: Poly, power: Power) -> Ratio:
    """`poly` as a cancelled fraction in factors; `power` makes a term of an atom's power.

    Raises:
        TooLarge: if there are too many generators or terms.
    """
    return _Reader(poly, power).ratio()


class _Reader:
    """Finds the generators of one polynomial and reads it as a fraction over them."""

    def __init__(self, poly: Poly, power: Power) -> None:
        self._poly = poly
        self._roots: dict[Generator, int] = {}
        self._collect(poly)
        if len(self._roots) > GENERATORS or len(poly) > TERMS:
            raise TooLarge("too many generators to factor")
        self._order = sorted(self._roots, key=_generator_key)
        self._place = {generator: place for place, generator in enumerate(self._order)}
        self._context = fmpq_mpoly_ctx.get([f"g{place}" for place in range(len(self._order))], Ordering.lex)
        self._powers = tuple(self._power(generator, power) for generator in self._order)

    def _power(self, generator: Generator, power: Power) -> Callable[[int], Expr]:
        atom, base = generator
        root = self._roots[generator]
        return lambda e: power(atom, exponent_of(Poly({base: fmpq(e, root)})))

    def _collect(self, poly: Poly) -> None:
        for m, _ in poly:
            for atom, exponent in m:
                if atom.kind == "poly" and isinstance(exponent, int):
                    self._collect(atom.data[0])
                    continue
                for base, c in exponent_poly(exponent):
                    key = (atom, base)
                    self._roots[key] = lcm(self._roots.get(key, 1), int(c.q))

    def ratio(self) -> Ratio:
        top, top_unit, bottom = self._fraction(self._poly)
        common = top.gcd(bottom)
        numerator, unit = _without_content(top / common)
        denominator, below = _without_content(bottom / common)
        exponents = [a + b - c for a, b, c in zip(top_unit, unit, below, strict=True)]
        scale, above = numerator.factor()
        under, factors = denominator.factor()
        coefficient, above = _signed(scale / under, above)
        coefficient, factors = _signed(coefficient, factors, False)
        coefficient, above, factors = _both_turned(coefficient, above, factors)
        return Ratio(
            coefficient, tuple((g, e) for g, e in enumerate(exponents) if e), _sorted(above), _sorted(factors), self._powers
        )

    def _fraction(self, poly: Poly) -> tuple[fmpq_mpoly, list[int], fmpq_mpoly]:
        """Numerator, exponents of the generators to be multiplied in, denominator."""
        lifted: dict[Atom, int] = {}
        for m, _ in poly:
            for atom, exponent in m:
                if atom.kind == "poly" and isinstance(exponent, int) and exponent < 0:
                    lifted[atom] = max(lifted.get(atom, 0), -exponent)
        inner = {
            atom: self._fraction(atom.data[0]) for m, _ in poly for atom, e in m if atom.kind == "poly" and isinstance(e, int)
        }
        one = self._context.constant(1)
        bottom = one
        for atom, count in lifted.items():
            bottom = bottom * inner[atom][0] ** count
        terms: list[tuple[list[int], fmpq_mpoly]] = []
        for m, c in poly:
            exponents, value = [0] * len(self._order), one * c
            counts = dict(lifted)
            for atom, exponent in m:
                if atom in inner and isinstance(exponent, int):
                    counts[atom] = counts.get(atom, 0) + exponent
                    for place, low in enumerate(inner[atom][1]):
                        exponents[place] += low * exponent
                    if exponent < 0:
                        value = value * inner[atom][2] ** -exponent
                    else:
                        bottom_inner = inner[atom][2]
                        if bottom_inner != one:
                            raise TooLarge("nested fractions under a positive power")
                    continue
                for base, factor in exponent_poly(exponent):
                    key = (atom, base)
                    exponents[self._place[key]] += int(factor * self._roots[key])
            for atom, count in counts.items():
                value = value * inner[atom][0] ** count
            terms.append((exponents, value))
        least = [min((e[g] for e, _ in terms), default=0) for g in range(len(self._order))]
        top = self._context.constant(0)
        for exponents, value in terms:
            shift = tuple(e - low for e, low in zip(exponents, least, strict=True))
            top = top + value * self._context.from_dict({shift: 1})
        return top, least, bottom


def _without_content(p: fmpq_mpoly) -> tuple[fmpq_mpoly, list[int]]:
    """The polynomial without the monomial that all its terms share, and that monomial."""
    if not p:
        return p, []
    monomials = p.monoms()
    least = [int(min(column)) for column in zip(*monomials, strict=True)] if monomials and monomials[0] else []
    if not any(least):
        return p, least
    context = p.context()
    return context.from_dict({tuple(int(e) - low for e, low in zip(m, least, strict=True)): c for m, c in p.terms()}), least


def _signed(c: fmpq, factors: Factors, flip: bool = True) -> tuple[fmpq, Factors]:
    """Factors with whole coefficients; a minus in front goes into a factor that has terms of both signs."""
    result = []
    for p, e in factors:
        below = 1
        for value in p.coeffs():
            below = lcm(below, int(fmpq(value).q))
        if below != 1:
            p, c = p * below, c * fmpq(1, below) ** int(e) if flip else c * fmpq(below) ** int(e)
        result.append((p, int(e)))
    if c < 0 and flip:
        for place, (p, e) in enumerate(result):
            if e % 2 and any(value < 0 for value in p.coeffs()):
                result[place] = (-p, e)
                return -c, result
    return c, result


def _both_turned(c: fmpq, above: Factors, below: Factors) -> tuple[fmpq, Factors, Factors]:
    """(y − a)/(a − 1) as (a − y)/(1 − a)."""
    turned = [place for place, (p, e) in enumerate(below) if e % 2 and _at_origin(p) < 0]
    free = [
        place
        for place, (p, e) in enumerate(above)
        if e % 2 and any(v < 0 for v in p.coeffs()) and any(v > 0 for v in p.coeffs()) and _at_origin(p) == 0
    ]
    if len(turned) % 2 and free and c > 0:
        place = free[0]
        above = [*above[:place], (-above[place][0], above[place][1]), *above[place + 1 :]]
        below = [(-p, e) if place in turned else (p, e) for place, (p, e) in enumerate(below)]
    return c, above, below


def _at_origin(p: fmpq_mpoly) -> fmpq:
    """The constant term."""
    return next((fmpq(c) for m, c in p.terms() if not any(m)), fmpq(0))


def _sorted(factors: Factors) -> tuple[tuple[fmpq_mpoly, int], ...]:
    return tuple(sorted(factors, key=lambda item: str(item[0])))


def _generator_key(generator: Generator) -> tuple[str, str]:
    atom, base = generator
    return atom.key, Poly({base: fmpq(1)}).key if base != ONE else ""


def _rational(c: fmpq) -> Expr:
    c = fmpq(c)
    return Rational(int(c.p), int(c.q)) if c.q != 1 else Integer(int(c.p))
