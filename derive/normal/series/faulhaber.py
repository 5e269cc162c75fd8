"""Sums of a power of their index over a range, in closed form."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq
from sympy import Expr, Symbol, bernoulli, binomial

from derive.normal.algebra.polynomial import UNIT, ZERO, Monomial, Poly
from derive.normal.algebra.ring import Ring


def closed_form(ring: Ring, body: Monomial, variable: Symbol, low: Expr, high: Expr) -> Poly | None:
    """Σ 1 = high − low + 1 and Σ_{k=1}^{n} k^p, where the range cannot be longer than it says."""
    power = 0
    if body:
        if len(body) > 1 or body[0][0].kind != "scalar" or not isinstance(body[0][1], int):
            return None
        power = body[0][1]
    if not 0 <= power <= 6 or not ring.knowledge.at_least_zero(high - low + 1):
        return None
    count = ring.index_value(high)
    if power == 0:
        return count - ring.index_value(low) + UNIT
    if low != 1:
        return None
    result, value = ZERO, UNIT
    for r in range(power, -1, -1):
        value = ring.product(value, count)
        coefficient = Fraction(int(binomial(power + 1, r))) * _bernoulli(r) / (power + 1)
        result = result + value.scaled(fmpq(coefficient.numerator, coefficient.denominator))
    return result


def _bernoulli(r: int) -> Fraction:
    value = bernoulli(r)
    return Fraction(1, 2) if r == 1 else Fraction(int(value.p), int(value.q))
