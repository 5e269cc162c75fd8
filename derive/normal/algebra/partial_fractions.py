"""Fractions under a sum in one canonical form.

``e^u/(1+e^u)`` and ``1 − 1/(1+e^u)`` are equal, but under Σ they would be different monomials. For a denominator P
whose terms are powers of one monomial t (``1 + e^{z_k}``, ``1 + x_k^2``) the power of t above P is brought into
0 ≤ q < deg P: t^q = s(t) P + r(t), so that t^q/P^m = s/P^{m−1} + r/P^m.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq
from sympy import Symbol

from derive.normal.algebra.polynomial import (
    ONE,
    Atom,
    Monomial,
    Poly,
    TooLarge,
    exponent_of,
    exponent_poly,
    exponent_sum,
    monomial,
)

HIGHEST = 64
STEPS = 2_000

Power = int | Fraction | Poly


@dataclass(frozen=True)
class InOneMonomial:
    """The polynomial Σ_d c_d t^d with t = atom^step; `coefficients` has c_0 ≠ 0 first."""

    atom: Atom
    step: Poly
    coefficients: tuple[fmpq, ...]

    @property
    def degree(self) -> int:
        return len(self.coefficients) - 1


def reduced(body: Poly, variable: Symbol) -> Poly:
    """`body` with the fractions whose denominators depend on `variable` in canonical form."""
    result: dict[Monomial, fmpq] = {}
    pending = list(body)
    for _ in range(STEPS):
        if not pending:
            return Poly({m: c for m, c in result.items() if c != 0})
        m, c = pending.pop()
        parts = _divided(m, variable)
        if parts is None:
            result[m] = result.get(m, fmpq(0)) + c
        else:
            pending.extend((part, c * d) for part, d in parts)
    raise TooLarge("fractions that do not come to an end")


def _divided(m: Monomial, variable: Symbol) -> list[tuple[Monomial, fmpq]] | None:
    """The monomial as a sum in which one more denominator is canonical; None if all are."""
    powers = dict(m)
    for denominator, exponent in m:
        if denominator.kind != "poly" or variable not in denominator.free or not isinstance(exponent, int):
            continue  # a whole power of a polynomial is negative: the others are multiplied out
        shape = in_one_monomial(denominator.data[0])
        if shape is None:
            continue
        whole, rest = _whole_part(powers.get(shape.atom, 0), shape.step)
        if 0 <= whole < shape.degree or abs(whole) > HIGHEST:
            continue
        quotient, remainder = _division(whole, shape.coefficients)
        result = []
        for lifted, terms in ((0, remainder), (1, quotient)):
            for d, c in terms.items():
                power = exponent_sum(rest, exponent_of(shape.step.scaled(fmpq(d))))
                result.append((monomial({**powers, denominator: exponent + lifted, shape.atom: power}), c))
        return result
    return None


def in_one_monomial(poly: Poly) -> InOneMonomial | None:
    """The polynomial in powers of one monomial, if it is one and has a constant term."""
    if ONE not in poly.terms or len(poly) < 2:
        return None
    found: list[tuple[Poly, fmpq]] = []
    atom: Atom | None = None
    for m, c in poly:
        if m == ONE:
            continue
        if len(m) != 1 or (atom is not None and m[0][0] is not atom):
            return None
        atom = m[0][0]
        found.append((exponent_poly(m[0][1]), c))
    lead = found[0][0].ordered[-1][0]
    ratios = [exponent.terms.get(lead, fmpq(0)) for exponent, _ in found]
    least = min(ratios, key=abs)
    if least == 0 or atom is None:
        return None
    step = found[ratios.index(least)][0]
    coefficients: dict[int, fmpq] = {0: poly.terms[ONE]}
    for (exponent, c), ratio in zip(found, ratios, strict=True):
        times = ratio / least
        if times.q != 1 or times < 1 or exponent != step.scaled(times) or times > HIGHEST:
            return None
        coefficients[int(times.p)] = c
    return InOneMonomial(atom, step, tuple(coefficients.get(d, fmpq(0)) for d in range(max(coefficients) + 1)))


def _whole_part(exponent: Power, step: Poly) -> tuple[int, Power]:
    """``exponent = q step + rest`` with q the whole part along the step's leading term."""
    poly = exponent_poly(exponent)
    lead, scale = step.ordered[-1]
    ratio = poly.terms.get(lead, fmpq(0)) / scale
    whole = int(ratio.p // ratio.q)
    return whole, exponent_of(poly - step.scaled(fmpq(whole)))


def _division(power: int, coefficients: tuple[fmpq, ...]) -> tuple[dict[int, fmpq], dict[int, fmpq]]:
    """``t^power = s(t) P(t) + r(t)`` with 0 ≤ exponents of r < deg P; s may have negative powers of t.

    >>> quotient, remainder = _division(1, (fmpq(1), fmpq(1)))
    >>> quotient, remainder
    ({0: 1}, {0: -1})
    """
    degree = len(coefficients) - 1
    current: dict[int, fmpq] = {power: fmpq(1)}
    quotient: dict[int, fmpq] = {}
    while current:
        at = max(current) if max(current) >= degree else min(current)
        if 0 <= at < degree:
            break
        shift, pivot = (at - degree, coefficients[-1]) if at >= degree else (at, coefficients[0])
        factor = current[at] / pivot
        quotient[shift] = factor
        for d, c in enumerate(coefficients):
            left = current.get(shift + d, fmpq(0)) - factor * c
            if left == 0:
                current.pop(shift + d, None)
            else:
                current[shift + d] = left
    return quotient, current
