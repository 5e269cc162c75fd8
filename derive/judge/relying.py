"""What a term relies on to have a value: denominators that are not 0, arguments of logarithms that are positive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from sympy import Abs, Expr, Mul, Pow, Sum, Symbol, log

from derive.normal.normaliser import NO_FORM
from derive.normal.unfold import Unfolder
from derive.terms.context import Claim, Context, Obligation
from derive.terms.relations import RelationKey
from derive.terms.terms import Call, Cases, Partial, peel

Binders = tuple[tuple[Symbol, Expr, Expr], ...]


def relied_on(term: Expr) -> Iterator[Obligation]:
    """The domain facts of `term`: denominators that are not 0, arguments of logarithms that are positive.

    A branch of a case distinction need be defined only in its own case, so that nothing in one counts.
    """
    return _relied_on(term, ())


def _relied_on(node: Expr, binders: Binders) -> Iterator[Obligation]:
    if isinstance(node, Sum):
        body, variable, low, high = peel(node)
        yield from _relied_on(body, ((variable, low, high), *binders))
        return
    if isinstance(node, Cases):
        return
    if isinstance(node, Pow) and node.exp.is_number and not node.exp.is_nonnegative and not node.base.is_number:
        yield _obligation(node.base, "!=" if node.exp.is_Integer else ">", binders)
    if isinstance(node, log) and not node.args[0].is_number:
        yield _obligation(node.args[0], ">", binders)
    for argument in node.args:
        if isinstance(argument, Expr):
            yield from _relied_on(argument, binders)


def _obligation(term: Expr, relation: RelationKey, binders: Binders) -> Obligation:
    return Obligation(term, relation, tuple(b for b in binders if b[0] in term.free_symbols))


def kinks(claim: Claim, context: Context) -> Iterator[Obligation]:
    """That what stands in an absolute value is not 0 where a side is a derivative of one."""
    unfold = Unfolder(context)
    for side in (claim.left, claim.right):
        if not side.atoms(Partial, Call):
            continue
        with suppress(*NO_FORM):
            yield from filter(None, map(of_absolute, relied_on(unfold(side))))


def of_factors(obligation: Obligation) -> Iterator[Obligation]:
    """That no factor is 0, and no base of a power, where a product and that power must not be."""
    if obligation.relation != "!=":
        return
    term = obligation.term
    parts = term.args if isinstance(term, Mul) else (term.base,) if isinstance(term, Pow) and term.exp.is_positive else ()
    for part in parts:
        if not part.is_number:
            inner = replace(obligation, term=part)
            yield inner
            yield from of_factors(inner)


def of_absolute(obligation: Obligation) -> Obligation | None:
    """That u is not 0, where |u| must not be; None for any other obligation."""
    if not isinstance(obligation.term, Abs) or obligation.relation == ">=":
        return None
    return replace(obligation, term=obligation.term.args[0], relation="!=")
