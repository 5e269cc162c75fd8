"""Products taken apart: exponentials from the rest, and what stands above the line from what stands below."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Pow, exp, tanh


@dataclass(frozen=True)
class Scaled:
    """``e^exponent · factor``; whether an exponential was shifted for it."""

    exponent: Expr
    factor: Expr
    shifted: bool = False


def has_exponentials(term: Expr) -> bool:
    """Whether there is an exponential in the term."""
    return bool(term.has(exp))


def is_below(factor: Expr) -> bool:
    """Whether the factor of a product stands below its line."""
    return isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative


def turned(factor: Expr) -> tuple[Expr, Expr]:
    """Base and exponent of ``1/factor``."""
    return factor.base, -factor.exp


def by_exponentials(factor: Expr) -> Expr:
    """A hyperbolic tangent as a quotient of sums of exponentials, which it is near 1; else the factor as it is."""
    if not isinstance(factor, tanh):
        return factor
    small = exp(-2 * factor.args[0])
    return (1 - small) / (1 + small)
