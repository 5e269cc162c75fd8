"""Definitions that a document applies, or that say nothing new: a function by its bare name, a circle, a slope said twice."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, IndexedBase, Symbol

from derive.narrative.roles.heads import is_head, says_value
from derive.normal.unfold import Circular, Unfolder, instantiate
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition
from derive.terms.terms import Call, Partial


def applied(claim: Claim, context: Context) -> Claim:
    """The claim with the bare name of a function, ``f`` after ``f(x) = x^2``, read as its value ``f(x)``."""
    values: dict[Expr, Expr] = {}
    for name in sorted(
        {
            s.name
            for term in (claim.left, claim.right, *(o.term for o in claim.obligations))
            for s in term.free_symbols
            if isinstance(s, Symbol)
        }
    ):
        bare = terms.scalar(name)
        heads = [
            d.head
            for d in context.known.get((Call, name))
            if isinstance(d.head, Call) and all(isinstance(a, (Symbol, IndexedBase)) for a in d.head.arguments)
        ]
        if heads and bare not in (d.head for d in context.known.get((Symbol, name))):
            values[bare] = heads[-1]
    values = _without_own_arguments(values, claim)
    if not values:
        return claim
    return replace(
        claim,
        left=instantiate(claim.left, values),
        right=instantiate(claim.right, values),
        obligations=tuple(replace(o, term=instantiate(o.term, values)) for o in claim.obligations),
    )


def _without_own_arguments(values: dict[Expr, Expr], claim: Claim) -> dict[Expr, Expr]:
    """Without the arguments of another function: u in ``∂f/∂u`` of f(u, v), where nothing is said of what u is made of."""
    free = claim.left.free_symbols | claim.right.free_symbols
    inner = {argument for head in values.values() if isinstance(head, Call) for argument in head.arguments}
    below = {argument for bare in inner if isinstance(head := values.get(bare), Call) for argument in head.arguments}
    return values if below & free else {bare: value for bare, value in values.items() if bare not in inner}


def circular(claim: Claim, context: Context) -> bool:
    """Whether the equation, taken as a definition, would lead back to itself: ``b = a`` where a is b."""
    if claim.relation != "=" or not is_head(claim.left):
        return False
    try:
        Unfolder(context.define(Definition(claim.left, claim.right)))(claim.right)
    except Circular:
        return True
    except ValueError:
        return False
    return False


def explained(context: Context) -> Context:
    """The context without definitions of derivatives that its other definitions say already.

    ``∂E/∂w = δ x`` is a definition as long as nothing says what E is; it was a claim if the text says so further down.
    """
    slopes = [d for d in context.definitions if isinstance(d.head, Partial)]
    others = replace(context, definitions=tuple(d for d in context.definitions if not isinstance(d.head, Partial)))
    unfold = Unfolder(others)
    gone = {d.head for d in slopes if isinstance(d.head, Partial) and says_value(d.head, unfold)}
    return replace(context, definitions=tuple(d for d in context.definitions if d.head not in gone))
