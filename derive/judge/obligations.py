"""What a claim takes for granted: which of its obligations are met, which are left open, and which fail everywhere."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Mul, Pow, Symbol

from derive.judge.kernel import holds, learn
from derive.judge.points.witness import Witness
from derive.judge.relying import kinks
from derive.judge.verdict import Condition, Kind, Verdict
from derive.normal.normaliser import NO_FORM, Normaliser
from derive.terms.context import Claim, Context, Obligation, Range
from derive.terms.reasons import Why, because
from derive.terms.relations import RelationKey

NOWHERE = Witness(None, (), "undefined", "undefined")


def undefined_side(claim: Claim, context: Context) -> Verdict | None:
    """A side that has no value anywhere: a denominator or the argument of a logarithm is identically 0.

    Where a logarithm's argument is 0 because of what is assumed, the claim is not judged: by custom 0 log 0 is 0.
    """
    normaliser = Normaliser(context)
    for obligation in claim.obligations:
        try:
            value = normaliser(obligation.term)
        except NO_FORM:
            continue
        vanishes = normaliser.is_zero(value) and obligation.relation in (">", "!=")
        constant = value.constant()
        if vanishes or (obligation.relation == ">" and constant is not None and constant < 0):
            bare = replace(context, assumptions=())
            if obligation.relation == ">" and context.assumptions and undefined_side(claim, bare) is None:
                return Verdict(Kind.UNREAD, because(Why.UNDEFINED_SIDE, demand=obligation.latex or str(obligation.term)))
            return Verdict(
                Kind.REFUTED,
                because(Why.UNDEFINED_SIDE, demand=obligation.latex or str(obligation.term)),
                obligations=(Condition(what=obligation),),
                witness=NOWHERE,
            )
    return None


def obligations_of(claim: Claim, context: Context) -> tuple[Condition, ...]:
    """The obligations that do not follow from the others and what the context says, and those that an assumption meets.

    Where a side is a derivative of an absolute value, what stands in that must not be 0.
    """
    result, open_ = [], []
    normaliser = Normaliser(context)
    for obligation in dict.fromkeys((*claim.obligations, *kinks(claim, context))):
        normaliser.knowledge.used.clear()
        if not met(normaliser, obligation):
            open_.append(obligation)
        elif normaliser.knowledge.used:
            result.append(Condition(what=obligation, stated=True))
    for obligation in sorted(open_, key=lambda o: o.term.count_ops(), reverse=True):
        others = Normaliser(context)
        learn(others, tuple(o for o in open_ if o is not obligation))
        if met(others, obligation):
            open_.remove(obligation)
    return tuple(Condition(what=o) for o in open_) + tuple(result)


def met(normaliser: Normaliser, obligation: Obligation) -> bool:
    """Whether an obligation follows from what `normaliser` knows."""
    own: dict[Symbol, Symbol] = {}
    for symbol, low, high in obligation.binders:
        own[symbol] = normaliser.own_index(symbol, Range(low.xreplace(own), high.xreplace(own)))
    return _follows(normaliser, obligation.term.xreplace(own), obligation.relation)


def _follows(normaliser: Normaliser, term: Expr, relation: RelationKey) -> bool:
    """Whether ``term relation 0``, as a whole or because it holds of each factor, which a multiplied form does not show."""
    try:
        if holds(normaliser, normaliser(term), relation):
            return True
    except NO_FORM:
        pass
    if isinstance(term, Mul):
        return all(_follows(normaliser, factor, relation) for factor in term.args)
    if isinstance(term, Pow) and term.exp.is_Integer:
        if relation == "!=" or term.exp.is_even:  # a power is 0 only where its base is, and an even one is never negative
            return relation == ">=" or _follows(normaliser, term.base, "!=")
        return _follows(normaliser, term.base, relation)
    return False
