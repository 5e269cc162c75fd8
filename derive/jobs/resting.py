"""What a verdict may rest on: what was said but is not in force, choices that are open, and what is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Indexed, Symbol

from derive.judge.decide import Disagreement, decide
from derive.judge.verdict import Cause, Condition, Doubt, Kind, Verdict
from derive.narrative.doubts import names_in, reached
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot
from derive.terms.reasons import Why, because
from derive.terms.terms import Partial

MOST_SAID = 12


def remembered(claims: Sequence[Claim], context: Context, said: Sequence[tuple[Assumption, int]],
               verdict: Verdict) -> tuple[Verdict, Context]:
    """`verdict`, or CONDITIONAL where the claim holds under what was `said`, with its line, but is not in force.

    That a quantity had a number somewhere is no condition of a claim that holds no number.
    """
    names = {name for claim in claims for side in (claim.left, claim.right) for name in reached(side, context)}
    lines = {a: line for a, line in said if names_in(a) & names and a not in context.assumptions and _may_carry(a, claims)}
    facts = tuple(lines)[-MOST_SAID:]
    if len(claims) != 1 or not facts:
        return verdict, context
    try:
        found = decide(claims[0], context.assume(*facts))
    except Disagreement:  # what was said in several places may contradict itself
        return verdict, context
    if found.kind is not Kind.PROVED or found.proof is None:
        return verdict, context
    conditions = tuple(replace(c, stated=c.what not in facts, line=next((n for a, n in lines.items() if a == c.what), 0))
                       for c in found.conditions)
    if not any(not c.stated for c in conditions):
        return verdict, context
    return replace(found, kind=Kind.CONDITIONAL, conditions=conditions, witness=verdict.witness), context.assume(*facts)


def _may_carry(assumption: Assumption, claims: Sequence[Claim]) -> bool:
    """A number for a name carries only claims about numbers, and none in which the name varies."""
    if not (isinstance(assumption, Fact) and assumption.relation == "=" and assumption.right.is_number):
        return True
    if not isinstance(assumption.left, (Symbol, Indexed)):
        return True
    sides: list[Expr] = [side for claim in claims for side in (claim.left, claim.right)]
    varied = any(p.variable == assumption.left for side in sides for p in side.atoms(Partial))
    return not varied and any(bool(side.is_number) for side in sides)


def settled(verdict: Verdict, labels: frozenset[str], choices: Sequence[Doubt], doubts: Sequence[Doubt]) -> Verdict:
    """`verdict` as far as it may be said.

    One-hot is offered only for one of `labels`. Where one of `choices` is open, nothing is proved, and what does not hold is
    doubtful; so it is where there are `doubts`. Where it is only uncertain whether this is a claim, it must be proved.
    """
    offered = [c.what for c in verdict.conditions if not c.stated and not c.line and isinstance(c.what, OneHot)]
    if any(str(hot.family.label) not in labels for hot in offered):
        verdict = Verdict(Kind.REFUTED if verdict.witness is not None else Kind.TESTED, witness=verdict.witness)
    if verdict.kind in (Kind.PROVED, Kind.CONDITIONAL) and choices:
        return Verdict(Kind.UNREAD, because(Why.OTHER_READING, name=choices[0].name, taken=choices[0].taken))
    if verdict.kind is Kind.REFUTED and (choices or doubts):
        return replace(verdict, kind=Kind.DOUBTFUL, doubts=(*choices, *doubts), mended=None)
    unclear = any(doubt.cause is Cause.ROLE for doubt in doubts)
    if unclear and verdict.kind is Kind.CONDITIONAL:
        return Verdict(Kind.DOUBTFUL, witness=verdict.witness, doubts=tuple(doubts))
    return verdict


__all__ = ["Condition", "remembered", "settled"]
