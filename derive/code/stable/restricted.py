"""Sums that leave a term out, Σ_{k≠i}, and sums that are one term, Σ_k δ_{ik}."""

from __future__ import annotations

from sympy import Add, And, Expr, Integer, KroneckerDelta, Mul, Ne, Sum, Symbol, expand

from derive.normal.unfold import instantiate
from derive.terms import terms
from derive.terms.context import Range
from derive.terms.terms import Branch, Cases, peel


def without(whole: Expr, part: Expr) -> Expr | None:
    """``whole - part`` where `part` is a term of the sum `whole`."""
    if isinstance(whole, Sum):
        body, variable, low, high = peel(whole)
        for place in sorted(part.free_symbols, key=str):
            if isinstance(place, Symbol) and place.is_integer and instantiate(body, {variable: place}) == part:
                fresh = terms.bound(variable.name)
                return summed(body.xreplace({variable: fresh}), fresh, Range(low, high), (place,))
        return None
    if isinstance(whole, Add) and part in whole.args:
        return whole - part
    return None


def smaller(whole: Expr, part: Expr) -> Expr | None:
    """``whole - part`` if it has fewer terms than `whole`: a term of it, or what is left when both are multiplied out.

    >>> from sympy import Symbol, exp
    >>> x = exp(Symbol("x"))
    >>> smaller((1 + x) ** 2, (1 - x) ** 2)
    4*exp(x)
    """
    left = without(whole, part)
    if left is not None or whole.has(Sum) or part.has(Sum):
        return left
    every = expand(whole)
    left = expand(every - part)
    return left if left != 0 and len(Add.make_args(left)) < len(Add.make_args(every)) else None


def spread(body: Expr, variable: Symbol) -> list[Expr]:
    """The terms of the product `body`, multiplied out only where a factor has a δ of `variable` among its terms."""
    for factor in Mul.make_args(body):
        if isinstance(factor, Add) and any(variable in delta.free_symbols for delta in factor.atoms(KroneckerDelta)):
            others = Mul(*(f for f in Mul.make_args(body) if f is not factor))
            return [part for one in factor.args for part in spread(others * one, variable)]
    return list(Add.make_args(body)) if body.has(KroneckerDelta) else [body]


def summed(body: Expr, variable: Symbol, span: Range, excluded: tuple[Expr, ...]) -> Expr:
    """Σ of `body` over `span`, without the values in `excluded`."""
    if excluded:
        body = Cases(Branch(body, And(*(Ne(variable, value) for value in excluded))), Branch(Integer(0), True))
    return Sum(body, (variable, span.low, span.high))
