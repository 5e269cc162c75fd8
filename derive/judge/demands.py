"""What a step takes for granted beyond its left side.

A step is read from left to right: wherever its left side (in a chain, the chain's first side) has a value, the right
side must have the same. What the left side relies on is an obligation; what only the right side relies on, and does not
follow, is a condition of the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace

from sympy import Expr, Indexed, Symbol

from derive.judge.kernel import learn
from derive.judge.obligations import met
from derive.judge.relying import of_absolute, of_factors, relied_on
from derive.normal.normaliser import NO_FORM, Normaliser
from derive.normal.unfold import Unfolder
from derive.terms.context import Claim, Context, Obligation, Range
from derive.terms.terms import Call, Partial, free_indices

_DEFINED = (Symbol, Indexed, Call, Partial)  # the heads that a definition can have


def brought(claim: Claim, context: Context) -> tuple[Obligation, ...]:
    """The obligations of the right side alone that follow neither from those of the left side nor from the context.

    Those of jumps count with them, wherever they stand.

    What a defined quantity relies on was taken on with its definition, and counts as given wherever it is used.
    """
    open_ = [o for o in dict.fromkeys(claim.obligations) if o.brought or o.jump]
    if not open_:
        return ()
    given = (*(o for o in claim.obligations if not (o.brought or o.jump)), *_of_definitions(claim, context))
    given = (*given, *(factor for each in given for factor in of_factors(each)))
    given = (*given, *_instances(given, open_, context))
    normaliser = Normaliser(context)
    learn(normaliser, given)
    open_ = [o for o in open_ if not met(normaliser, o)]
    for obligation in sorted(open_, key=lambda o: o.term.count_ops(), reverse=True):
        others = Normaliser(context)
        learn(others, (*given, *(o for o in open_ if o is not obligation)))
        if met(others, obligation):
            open_.remove(obligation)
    return tuple(open_)


def inside(claim: Claim, context: Context) -> Claim:
    """The claim with what its definitions rely on among its obligations; itself where that is nothing more."""
    more = _of_terms((claim.left, claim.right), context)
    found = tuple(o for o in dict.fromkeys(more) if o not in claim.obligations)
    return replace(claim, obligations=(*claim.obligations, *found)) if found else claim


def _of_definitions(claim: Claim, context: Context) -> tuple[Obligation, ...]:
    """What the left side relies on when it is written out, and what the quantities on the right were defined with."""
    return _of_terms((claim.left, *sorted(claim.right.atoms(*_DEFINED), key=str)), context)


def _instances(given: Iterable[Obligation], wanted: Iterable[Obligation], context: Context) -> Iterator[Obligation]:
    """What holds at all places of a sum, at those free indices of `wanted` that run over just these places."""
    places = dict.fromkeys(symbol for obligation in wanted for symbol in free_indices(obligation.term))
    for obligation in given:
        if len(obligation.binders) != 1:
            continue
        ((bound, low, high),) = obligation.binders
        for place in places:
            if context.range_of(place) == Range(low, high):
                yield replace(obligation, term=obligation.term.xreplace({bound: place}), binders=())


def _of_terms(parts: Iterable[Expr], context: Context) -> tuple[Obligation, ...]:
    """What terms rely on when they are written out, and so do what is differentiated in them."""
    unfold = Unfolder(context)
    found: dict[Obligation, None] = {}
    for part in parts:
        sloping = sorted((partial.expr for partial in part.atoms(Partial)), key=str)
        for term in (part, *sloping):  # what has a slope somewhere has a value there
            with suppress(*NO_FORM):
                whole = unfold(term)
                if whole != part:
                    found.update(dict.fromkeys(relied_on(whole)))
    return (*found, *filter(None, map(of_absolute, found)))
