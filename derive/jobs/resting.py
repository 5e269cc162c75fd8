"""What a verdict may rest on: what was said but is not in force, choices that are open, and what is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Indexed, Sum, Symbol

from derive.judge.decide import Disagreement, decide
from derive.judge.verdict import Cause, Condition, Doubt, Kind, Verdict
from derive.narrative.doubts.names import names_in
from derive.narrative.roles.sides import reached
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Partial, free_indices

MOST_SAID, MOST_TRIED = 12, 4


def remembered(
    claims: Sequence[Claim], context: Context, said: Sequence[tuple[Assumption, int]], verdict: Verdict
) -> tuple[Verdict, Context]:
    """`verdict`, or CONDITIONAL where the claim holds under what was `said`, with its line, but is not in force.

    A number that a name had in an example carries claims about numbers only; what else holds with it is DOUBTFUL.
    """
    names = {name for claim in claims for side in (claim.left, claim.right) for name in reached(side, context)}
    lines = {a: line for a, line in said if names_in(a) & names and a not in context.assumptions and not _varies(a, claims)}
    if len(claims) != 1 or not lines:
        return verdict, context
    settings = [a for a in lines if _is_setting(a)]
    carrying = list(lines) if _of_numbers(claims[0]) else [a for a in lines if a not in settings]
    facts, found = _first_under(claims[0], context, carrying)
    if found is None:
        setting, _ = _first_under(claims[0], context, settings) if verdict.kind is Kind.REFUTED else ((), None)
        doubts = tuple(Doubt(Cause.ELSEWHERE, name, lines[a]) for a in setting for name in sorted(names_in(a)))
        return (replace(verdict, kind=Kind.DOUBTFUL, doubts=doubts, mended=None) if doubts else verdict), context
    conditions = tuple(
        replace(c, stated=c.what not in facts, line=next((n for a, n in lines.items() if a == c.what), 0))
        for c in found.conditions
    )
    if not any(not c.stated for c in conditions):
        return verdict, context
    return replace(found, kind=Kind.CONDITIONAL, conditions=conditions, witness=verdict.witness), context.assume(*facts)


def _first_under(claim: Claim, context: Context, facts: Sequence[Assumption]) -> tuple[tuple[Assumption, ...], Verdict | None]:
    """Of all facts together and of each of the last ones alone, the first under which a claim is proved, with the verdict."""
    last = tuple(facts[-MOST_SAID:])
    for some in dict.fromkeys((last, *((fact,) for fact in reversed(last[-MOST_TRIED:])))) if last else ():
        try:
            found = decide(claim, context.assume(*some), only_proofs=True)
        except Disagreement:  # what was said in several places may contradict itself
            continue
        if found.kind is Kind.PROVED and found.proof is not None:
            return some, found
    return (), None


def _is_sum(assumption: object) -> bool:
    """Whether it says what a sum is."""
    return isinstance(assumption, Fact) and assumption.relation == "=" and isinstance(assumption.left, Sum)


def _is_setting(assumption: Assumption) -> bool:
    """Whether it gives a name a number, as an example does: that makes no general claim true, but it may be meant."""
    return (
        isinstance(assumption, Fact)
        and assumption.relation == "="
        and bool(assumption.right.is_number)
        and isinstance(assumption.left, (Symbol, Indexed))
    )


def _of_numbers(claim: Claim) -> bool:
    return bool(claim.left.is_number) or bool(claim.right.is_number)


def _varies(assumption: Assumption, claims: Sequence[Claim]) -> bool:
    """Whether a name that it gives a number is one that a claim differentiates by."""
    sides = [side for claim in claims for side in (claim.left, claim.right)]
    return (
        isinstance(assumption, Fact)
        and _is_setting(assumption)
        and any(p.variable == assumption.left for side in sides for p in side.atoms(Partial))
    )


def of_every_entry(verdict: Verdict, claims: Sequence[Claim], spaces: frozenset[str]) -> Verdict:
    """`verdict` where the text says of some names that they are any vectors: what it claims of them is meant of every entry.

    A sign of theirs is no condition, unless it is what gives a side a value; that two of their indices coincide is in doubt, or
    none where a side speaks of one of them only.
    """
    offered = [c.what for c in verdict.conditions if not c.stated and not c.line and isinstance(c.what, Fact)]
    if verdict.kind is not Kind.CONDITIONAL or verdict.witness is None:
        return verdict
    members = {node for c in claims for side in (c.left, c.right) for node in side.atoms(Indexed)}
    members = {node for node in members if name_of(node) in spaces}
    places = {position for node in members for position in node.indices if isinstance(position, Symbol)}
    bare = not any(claim.obligations for claim in claims)
    for fact in offered:
        if bare and isinstance(fact.left, Indexed) and fact.relation != "=" and name_of(fact.left) in spaces:
            return Verdict(Kind.REFUTED, witness=verdict.witness)
        if fact.relation == "=" and {fact.left, fact.right} & places:
            if any({fact.left, fact.right} - set(free_indices(side)) for c in claims for side in (c.left, c.right)):
                return Verdict(Kind.REFUTED, witness=verdict.witness)  # one side speaks of one of the two indices only
            doubts = (Doubt(Cause.CHOICE, str(fact.right), taken=Why.TAKEN_EVERY_ENTRY),)
            return Verdict(Kind.DOUBTFUL, witness=verdict.witness, doubts=doubts)
    return verdict


def settled(verdict: Verdict, labels: frozenset[str], choices: Sequence[Doubt], doubts: Sequence[Doubt]) -> Verdict:
    """`verdict` as far as it may be said.

    One-hot is offered only for one of `labels`. Where one of `choices` is open, nothing is proved, and what does not hold is
    doubtful; so it is where there are `doubts`, and where digits were cut off. Where it is only uncertain whether this is a
    claim, it must be proved.
    """
    offered = [c.what for c in verdict.conditions if not c.stated and not c.line and isinstance(c.what, OneHot)]
    if any(str(hot.family.label) not in labels for hot in offered):
        verdict = Verdict(Kind.REFUTED if verdict.witness is not None else Kind.TESTED, witness=verdict.witness)
    if verdict.kind in (Kind.PROVED, Kind.CONDITIONAL) and choices:
        taken = because(choices[0].taken or Why.TAKEN_QUANTITY)
        return Verdict(Kind.UNREAD, because(Why.OTHER_READING, name=choices[0].name, taken=taken))
    if verdict.kind is Kind.REFUTED and (choices or doubts):
        return replace(verdict, kind=Kind.DOUBTFUL, doubts=(*choices, *doubts), mended=None)
    if verdict.reason is not None and verdict.reason.why is Why.CUT_DIGITS:
        cut = Doubt(Cause.CHOICE, "the last digit", taken=Why.TAKEN_ROUNDED)
        return replace(verdict, kind=Kind.DOUBTFUL, doubts=(*choices, *doubts, cut))
    unclear = any(doubt.cause is Cause.ROLE for doubt in doubts)
    said = all(c.stated or c.line and _is_sum(c.what) for c in verdict.conditions)  # what follows from such a line is a claim
    if unclear and verdict.kind is Kind.CONDITIONAL and not said:
        return Verdict(Kind.DOUBTFUL, witness=verdict.witness, doubts=tuple(doubts))
    return verdict


def only_proved(verdict: Verdict, otherwise: Reason) -> Verdict:
    """`verdict` if it is a proof, on conditions that give a side its value at most; else UNREAD, `otherwise` why.

    What says first what a function without a meaning is at its arguments is taken as given.
    """
    offered = [c.what for c in verdict.conditions if not c.stated]
    tied = any(isinstance(each, OneHot) or isinstance(each, Fact) and each.relation == "=" for each in offered)
    if verdict.kind is Kind.PROVED or verdict.kind is Kind.CONDITIONAL and not tied:
        return verdict
    return Verdict(Kind.DEFINITION if otherwise.why is Why.INTRODUCES_FUNCTION else Kind.UNREAD, otherwise)


__all__ = ["Condition", "only_proved", "remembered", "settled"]
