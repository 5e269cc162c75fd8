"""Products taken apart: exponentials from the rest, and what stands above the line from what stands below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from sympy import Add, Expr, Mul, Pow, Sum, exp, tanh

from derive.terms.terms import peel


@dataclass(frozen=True)
class Scaled:
    """``e^exponent · factor``; whether an exponential was shifted for it."""

    exponent: Expr
    factor: Expr
    shifted: bool = False


def has_exponentials(term: Expr) -> bool:
    """Whether there is an exponential in the term."""
    return bool(term.has(exp))


def is_below(factor: Expr) -> TypeGuard[Pow]:
    """Whether the factor of a product stands below its line."""
    return isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp.is_negative is True


def turned(factor: Pow) -> tuple[Expr, Expr]:
    """Base and exponent of ``1/factor``."""
    return factor.base, -factor.exp


def by_exponentials(factor: Expr) -> Expr:
    """A hyperbolic tangent as a quotient of sums of exponentials, which it is near 1; else the factor as it is."""
    if not isinstance(factor, tanh):
        return factor
    small = exp(-2 * factor.args[0])
    return (1 - small) / (1 + small)


def multiplied_out(term: Expr) -> Expr:
    """With x (u + v/x) as x u + v, and the same for any power of x that may be infinite where x is 0; else as it is.

    >>> from sympy import symbols
    >>> x, u, v, g = symbols("x u v g")
    >>> multiplied_out(x * (u + v / x)), multiplied_out(x * (u + v))
    (u*x + v, x*(u + v))
    """
    if isinstance(term, Add):
        return Add(*(multiplied_out(part) for part in term.args))
    if isinstance(term, Sum):
        body, variable, low, high = peel(term)
        out = multiplied_out(body)
        if out == body:
            return term
        found = []
        for part in Add.make_args(out):
            inner, outer = (Mul(*(f for f in Mul.make_args(part) if f.has(variable) is where)) for where in (True, False))
            found.append(outer * Sum(inner, (variable, low, high)))
        return Add(*found)
    for factor in Mul.make_args(term):
        others = [f for f in Mul.make_args(term) if f is not factor]
        bases = {other.as_base_exp()[0] for other in others}
        if isinstance(factor, Sum) and others and (out := multiplied_out(factor)) != factor:
            return Add(*(multiplied_out(Mul(*others, part)) for part in Add.make_args(out)))
        if isinstance(factor, Add) and any(
            _is_singular(power) and power.base in bases for part in factor.args for power in Mul.make_args(part)
        ):
            return Add(*(multiplied_out(Mul(*others, part)) for part in factor.args))
    return _gathered(term) if isinstance(term, Mul) else term


def _gathered(term: Mul) -> Expr:
    """x^q x as x^(q + 1), where x^q may be infinite."""
    for factor in term.args:
        if _is_singular(factor):
            same = [f for f in term.args if f.as_base_exp()[0] == factor.base]
            if len(same) > 1:
                power = Pow(factor.base, Add(*(f.as_base_exp()[1] for f in same)))
                return multiplied_out(Mul(power, *(f for f in term.args if f not in same)))
    return term


def _is_singular(factor: Expr) -> TypeGuard[Pow]:
    """Whether a factor is a power that may be infinite where its base is 0."""
    return isinstance(factor, Pow) and not isinstance(factor, exp) and not factor.exp.is_nonnegative
