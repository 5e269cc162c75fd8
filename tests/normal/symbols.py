"""The names in which the laws of sums are tested, and the questions that are asked of a normal form."""

from __future__ import annotations

from sympy import Integer, KroneckerDelta

from derive.normal.normaliser import Normaliser
from derive.terms.context import Context, Fact, Range
from derive.terms.terms import family, index, scalar, size, summation

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
x, u = scalar("x"), scalar("u")
z, p, y, w, A, V = (family(name) for name in ("z", "p", "y", "w", "A", "V"))
ZERO, ONE, TWO = (Integer(value) for value in range(3))
BARE = Context()
DELTA = KroneckerDelta
FROM_ZERO = BARE.with_range(i, Range(ZERO, n))


def total(body, variable=k, low=1, high=n, excluded=()):
    return summation(
        body,
        variable,
        Integer(low) if isinstance(low, int) else low,
        Integer(high) if isinstance(high, int) else high,
        excluded,
    )


def equal(left, right, context=BARE, expanded=24):
    normal = Normaliser(context, expanded=expanded)
    return normal.is_zero(normal(left) - normal(right))


def least(value, symbol=n):
    return BARE.assume(Fact(symbol, ">=", Integer(value)))
