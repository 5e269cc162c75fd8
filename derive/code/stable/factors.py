"""Products taken apart: exponentials from the rest, and what stands above the line from what stands below."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Pow, exp


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
