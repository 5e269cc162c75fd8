"""Sums written so that fewer arrays are made for them: what is said of each law is a proposal, which the judge has to prove.

| sum | what it becomes | what is made otherwise |
|---|---|---|
| Σ_j x_j (δ_{ij} - y_j) | x_i - Σ_j x_j y_j | a matrix for δ |
| Σ_k (a_k x_{ki} - b_k x_{ki}) | Σ_k x_{ki} (a_k - b_k) | a matrix for each example, to be summed up |
| Σ_k w_k (x_{ki} - y_k z_i) | Σ_k w_k x_{ki} - z_i Σ_k w_k y_k | the same |
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, KroneckerDelta, Mul, Sum, Symbol

from derive.code.stable.factors import multiplied_out
from derive.code.stable.paths import best_pair, letters_of
from derive.code.stable.restricted import spread
from derive.prover.deltas import sifted
from derive.terms.terms import Cases, peel


def leaner(term: Sum) -> Iterator[tuple[Expr, str]]:
    """Other forms of a sum for which less is made, each with the name of its law."""
    body, variable, low, high = peel(term)
    limits = (variable, low, high)
    apart = multiplied_out(Add(*(sifted(Sum(part, limits)) for part in spread(body, variable))))
    if len(Add.make_args(apart)) > 1 and (
        len(apart.atoms(KroneckerDelta)) < len(term.atoms(KroneckerDelta)) or apart != sifted(Sum(body, limits))
    ):
        yield apart, "sifting"
    if isinstance(body, Sum):
        yield from ((Sum(other, limits), law) for other, law in leaner(body))
    if isinstance(body, Sum | Cases):
        return
    common = with_common_factors(body)
    if common is not None:
        yield Sum(common, limits), "common factor"
    parts = _parts(body, variable)
    sums = [sifted(Sum(part, limits)) for part in parts]
    if len(parts) > 1 and max(_made(peel(one)[0]) if isinstance(one, Sum) else 0 for one in sums) < _made(body):
        yield Add(*sums), "sum of sums"


def _made(body: Expr) -> int:
    """The number of axes of the largest array made for the sum of `body`; 0 if none has more than what it is made of."""
    if isinstance(body, Add):
        return _of_sum(body)
    factors = [letters_of(factor) for factor in Mul.make_args(body)]
    given = max(map(len, factors), default=0)
    made = [_of_sum(factor) for factor in Mul.make_args(body) if isinstance(factor, Add)]
    made += [2 for factor in Mul.make_args(body) if isinstance(factor, KroneckerDelta)]
    every = frozenset().union(*factors)
    while (pair := best_pair(factors, every)) is not None:
        one, other, gone = pair
        both = (factors[one] | factors[other]) - gone
        made += [len(both)] if len(both) > given else []
        factors = [*(each for place, each in enumerate(factors) if place not in (one, other)), both]
    return max(made, default=0)


def _of_sum(term: Add) -> int:
    """The number of axes of a sum that is larger than all that it is made of; else 0."""
    whole = len(letters_of(term))
    parts = (factor for part in term.args for factor in Mul.make_args(part) if not isinstance(factor, KroneckerDelta))
    return whole if whole > max((len(letters_of(part)) for part in parts), default=0) else 0


def with_common_factors(body: Expr) -> Expr | None:
    """x a + x b as x (a + b), where that has fewer indices in its brackets, also as a factor of a product; else None."""
    if isinstance(body, Mul):
        shorter = {factor: with_common_factors(factor) for factor in body.args if isinstance(factor, Add)}
        found = {factor: other for factor, other in shorter.items() if other is not None}
        return Mul(*(found[f] if isinstance(f, Add) and f in found else f for f in body.args)) if found else None
    if not isinstance(body, Add):
        return None
    first, *others = (Mul.make_args(part) for part in body.args)
    common = [factor for factor in first if not factor.is_Rational and all(factor in other for other in others)]
    rest = Add(*(Mul(*(f for f in Mul.make_args(part) if f not in common)) for part in body.args))
    return Mul(*common, rest) if len(letters_of(rest)) < len(letters_of(body)) else None


def _parts(body: Expr, variable: Symbol) -> list[Expr]:
    """The terms of a product, multiplied out where a factor is a sum along the index and others."""
    if isinstance(body, Add):
        return [part for one in body.args for part in _parts(one, variable)]
    for factor in Mul.make_args(body):
        at = letters_of(factor)
        if isinstance(factor, Add) and variable in at and len(at) > 1:
            others = Mul(*(f for f in Mul.make_args(body) if f is not factor))
            return [part for one in factor.args for part in _parts(others * one, variable)]
    return [body]
