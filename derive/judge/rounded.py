"""Decimals that were cut instead of rounded, ``e = 2.71``, and numbers that are near to each other."""

from __future__ import annotations

from sympy import Expr, Integer, Rational

from derive.balls.comparison import closed_comparison
from derive.terms.context import Claim, Context


def truncated(claim: Claim, context: Context) -> bool:
    """Whether one side of a rounded equation of numbers is what is left of the other when its digits are cut off."""
    if claim.rounding is None or claim.relation != "=":
        return False
    unit = Rational(1, 10**claim.rounding)
    pairs = ((claim.left, claim.right), (claim.right, claim.left))
    return any(
        isinstance(literal, Rational) and (literal / unit).is_integer and _cut(literal, value, unit, context)
        for literal, value in pairs
    )


def near(claim: Claim, share: Expr) -> bool:
    """Whether the numbers on both sides are apart by no more than a share of the right one."""
    within = Claim((claim.left - claim.right) ** 2, "<=", (share * claim.right) ** 2)
    return closed_comparison(within, Context()) is True


def apart_by(claim: Claim, bound: Expr) -> bool:
    """Whether the numbers on both sides are apart by no more than `bound`, which is not negative."""
    return closed_comparison(Claim((claim.left - claim.right) ** 2, "<=", bound**2), Context()) is True


def _cut(literal: Rational, value: Expr, unit: Rational, context: Context) -> bool:
    sign = -1 if literal < 0 else 1
    rest = sign * (value - literal)
    within = (Claim(rest, ">=", Integer(0)), Claim(rest, "<", unit))
    return all(closed_comparison(claim, context) is True for claim in within)
