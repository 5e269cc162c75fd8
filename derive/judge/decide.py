"""``decide``: one claim in, one verdict out. Everything that is ever called true passes through here.

That a claim holds is found in :mod:`derive.judge.kernel`; here a proof is held against the numbers, and what it rests
on is listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.judge.conditions import missing_condition
from derive.judge.consequences import consequences
from derive.judge.demands import brought, inside
from derive.judge.depending import depending, named
from derive.judge.kernel import (
    Open,
    Proof,
    Uncomparable,
    Unequal,
    by_chain_rule,
    by_induction,
    by_parts,
    carried_out,
    enclosed,
    entries,
    entrywise,
    holding_fixed,
    prove,
)
from derive.judge.obligations import obligations_of, undefined_side
from derive.judge.points.bearing import bearing
from derive.judge.points.refuting import Agreement, agrees, refute
from derive.judge.points.satisfying import satisfiable
from derive.judge.points.undefined import without_a_value
from derive.judge.points.witness import Witness
from derive.judge.repair import mended
from derive.judge.rounded import truncated
from derive.judge.settling import index_equation, of_places
from derive.judge.unknown import recurrence, unknown_derivative, would_hold
from derive.judge.verdict import Condition, Kind, Verdict
from derive.normal.compound import is_compound
from derive.normal.normaliser import NO_FORM
from derive.terms.context import Assumption, Claim, Context, DependsOn, Fact, OneHot
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Partial, Vector

POINTS = 6
BITS = (128,)
SEVERITY = (Kind.PROVED, Kind.CONDITIONAL, Kind.TESTED, Kind.UNREAD, Kind.REFUTED)


class Disagreement(RuntimeError):
    """The normal form proved what the balls refute: a bug in one of the two engines."""


def decide(claim: Claim, context: Context, only_proofs: bool = False) -> Verdict:
    """The verdict on `claim` in `context`; with `only_proofs` nothing is looked for but a proof, and what has none is UNREAD.

    Returns:
        PROVED, CONDITIONAL, REFUTED, TESTED, or UNREAD where a quantity is not known well enough to judge.

    Hypotheses that have nothing to do with the claim are left aside: what such a one would prove follows from hypotheses that
    contradict each other, and so would everything else.

    Raises:
        Disagreement: if the two engines contradict each other.
    """
    if claim.given:
        known = tuple(dict.fromkeys(each for fact in claim.given for each in (fact, *consequences(fact))))
        return decide(replace(claim, given=()), context.assume(*known), only_proofs)
    if isinstance(claim.left, Vector) or isinstance(claim.right, Vector):
        return _entrywise(claim, context, only_proofs)
    if any(is_compound(p.variable) for side in (claim.left, claim.right) for p in side.atoms(Partial)):
        return _by_parts(claim, context, only_proofs)
    context = bearing(claim, context)
    undefined = undefined_side(claim, context)
    if undefined is not None:
        return undefined
    if claim.rounding is not None or claim.relation != "=":
        numbers = enclosed(claim, context)
        if isinstance(numbers, Proof):
            reason = None if claim.rounding is None else because(Why.TO_DECIMALS, decimals=claim.rounding)
            return Verdict(Kind.PROVED, reason, (), obligations_of(claim, context), rules=numbers.rules, proof=numbers)
        if truncated(claim, context):
            return Verdict(Kind.TESTED, because(Why.CUT_DIGITS, decimals=str(claim.rounding)))
    general = _any_size(context)
    attempt = prove(claim, general)
    if isinstance(attempt, Proof):
        return _proved(attempt, general)
    if general is not context:
        attempt = prove(claim, context)
        if isinstance(attempt, Proof):
            return _proved(attempt, context)
    unknown = unknown_derivative(claim, context) or recurrence(claim, context)
    if unknown is not None:
        chained = by_chain_rule(claim, context)
        return _chained(chained, context, unknown) if isinstance(chained, Proof) else Verdict(Kind.UNREAD, unknown)
    if only_proofs:
        found = by_induction(claim, context)
        return _proved(found, context) if isinstance(found, Proof) else Verdict(Kind.UNREAD, attempt.reason)
    return _open(claim, context, attempt)


def _any_size(context: Context) -> Context:
    """The context without equations such as ``n = 1000``: what holds for every size holds for that one."""
    if not of_places(context):
        return context
    kept = tuple(
        a
        for a in context.assumptions
        if not (isinstance(a, Fact) and (found := index_equation(a)) is not None and found[0].is_positive)
    )
    return context if len(kept) == len(context.assumptions) else replace(context, assumptions=kept)


def _proved(proof: Proof, context: Context) -> Verdict:
    """The claim of a proof that assumes only what the context states, once the numbers agree."""
    claim = proof.claim
    checked = agrees(claim, context, POINTS, BITS)
    if checked.failure is None and 2 * checked.points < POINTS and (narrow := inside(claim, context)) is not claim:
        checked = max(checked, agrees(narrow, context, POINTS, BITS), key=lambda each: (each.failure is not None, each.points))
    if checked.failure is not None:
        raise Disagreement(f"{claim.latex or claim}: proved by normal form, refuted at {checked.failure.values}")
    obligations = obligations_of(claim, context)
    conditions = tuple(Condition(what=a, stated=True) for a in _needed(proof, context))
    if not checked.points and not checked.undecided:
        return _nowhere(claim, context, checked, because(Why.NO_COMMON_POINT))
    missing = brought(claim, context)
    if not missing and claim.held:
        held = tuple(Condition(what=each, stated=False) for each in claim.held)
        return Verdict(Kind.CONDITIONAL, None, held + conditions, obligations, rules=proof.rules, proof=holding_fixed(proof))
    if not missing:
        return Verdict(Kind.PROVED, None, conditions, obligations, rules=proof.rules, proof=proof)
    witness = without_a_value(claim, missing, context)
    if witness is None:
        kind = Kind.TESTED if checked.points else Kind.UNREAD
        return Verdict(kind, because(Why.RIGHT_SIDE_RELIES), conditions, obligations, rules=proof.rules)
    unstated = tuple(Condition(what=obligation) for obligation in missing)
    kept = tuple(condition for condition in obligations if condition.what not in missing)
    return Verdict(Kind.CONDITIONAL, None, unstated + conditions, kept, witness, rules=proof.rules, proof=proof)


def _chained(proof: Proof, context: Context, unknown: Reason) -> Verdict:
    """The claim of a chain rule: it holds for quantities that depend on nothing else; UNREAD where no point shows it."""
    claim = proof.claim
    given = tuple(a for a in proof.assumptions if isinstance(a, DependsOn))
    checked = agrees(named(claim, given), depending(context, given), POINTS, BITS)
    if checked.failure is not None:
        raise Disagreement(f"{claim.latex or claim}: proved by normal form, refuted at {checked.failure.values}")
    missing = brought(claim, context)
    if not given or missing or not (checked.points or checked.undecided):
        return Verdict(Kind.UNREAD, unknown)
    conditions = tuple(Condition(what=each, stated=False) for each in given)
    conditions += tuple(Condition(what=each, stated=True) for each in proof.used if each not in given)
    return Verdict(Kind.CONDITIONAL, None, conditions, obligations_of(claim, context), rules=proof.rules, proof=proof)


def _needed(proof: Proof, context: Context) -> tuple[Assumption, ...]:
    """The hypotheses that the proof used; of conditions on indices and one-hot families those that it needs."""
    perhaps = [
        a
        for a in context.assumptions
        if (isinstance(a, OneHot) and a in proof.used)
        or (isinstance(a, Fact) and (index_equation(a) is not None or (a.relation == "!=" and a in proof.used)))
    ]
    kept: list[Assumption] = []
    for assumption in perhaps:
        without = replace(context, assumptions=tuple(a for a in context.assumptions if a != assumption))
        found = prove(proof.claim, without)
        if isinstance(found, Proof):
            proof, context = found, without
        else:
            kept.append(assumption)
    return tuple(a for a in proof.used if a not in kept) + tuple(kept)


def _open(claim: Claim, context: Context, attempt: Open) -> Verdict:
    witness = refute(claim, context)
    tested = agrees(claim, context, POINTS) if witness is None else None
    if tested is not None and 2 * tested.points < POINTS and (narrow := inside(claim, context)) is not claim:
        witness = refute(narrow, context)
        tested = max(tested, agrees(narrow, context, POINTS), key=lambda each: each.points)
    if witness is None and isinstance(found := by_induction(claim, context), Proof):
        return _proved(found, context)
    proof = missing_condition(claim, context)
    if proof is not None:
        return _conditional(proof, context, witness)
    if witness is not None or tested is None:
        return Verdict(Kind.REFUTED, would_hold(claim, context), witness=witness, mended=mended(claim, context))
    if tested.points:
        return Verdict(
            Kind.TESTED,
            because(Why.HELD_AT_POINTS, attempt=attempt.reason, points=tested.points),
            obligations=obligations_of(claim, context),
        )
    return _nowhere(claim, context, tested, because(Why.NO_POINT, attempt=attempt.reason))


def _nowhere(claim: Claim, context: Context, tested: Agreement, otherwise: Reason) -> Verdict:
    """A claim that was evaluated nowhere is not judged, with the reason, unless the right side loses each value of the left."""
    if tested.certain and (missing := brought(claim, context)):
        witness = without_a_value(claim, missing, context)
        if witness is not None:
            return Verdict(Kind.REFUTED, because(Why.RIGHT_SIDE_UNDEFINED), witness=witness)
    if tested.unsupported:
        return Verdict(Kind.UNREAD, because(Why.NOT_EVALUATED, problem=tested.unsupported))
    if tested.unreachable:
        return Verdict(Kind.UNREAD, because(Why.EXCLUDED))
    if tested.undecided:
        return Verdict(Kind.UNREAD, because(Why.UNDECIDED))
    return Verdict(Kind.UNREAD, otherwise)


def _conditional(proof: Proof, context: Context, witness: Witness | None) -> Verdict:
    """The claim of a proof that assumes more than the context states, once the numbers agree under that."""
    claim, extra = proof.claim, tuple(a for a in proof.assumptions if a not in context.assumptions)
    checked = agrees(claim, context.assume(*extra), POINTS)
    if checked.failure is not None:
        raise Disagreement(f"{claim.latex or claim}: proved under {extra}, refuted at {checked.failure.values}")
    if not checked.points and not checked.undecided:
        if witness is not None:
            return Verdict(Kind.REFUTED, witness=witness)
        evaluated = agrees(claim, context, POINTS).points
        return Verdict(Kind.TESTED if evaluated else Kind.UNREAD, because(Why.CONDITION_NOWHERE))
    further = brought(claim, context.assume(*extra))
    unstated = tuple(Condition(what=a, stated=False) for a in (*extra, *further))
    if witness is None:
        return Verdict(
            Kind.TESTED, because(Why.CONDITION_UNTESTED), unstated, obligations_of(claim, context), rules=proof.rules
        )
    conditions = unstated + tuple(Condition(what=a, stated=True) for a in proof.used if a not in extra)
    swapped = any(index_equation(a) is not None for a in extra)
    better = mended(claim, context) if swapped else None  # where indices must coincide, two may have been confused
    return Verdict(Kind.CONDITIONAL, None, conditions, obligations_of(claim, context), witness, better, proof.rules, proof)


def _by_parts(claim: Claim, context: Context, only_proofs: bool) -> Verdict:
    """A claim with derivatives by compound quantities: judged with the other parts held fixed, and only so."""
    try:
        plain, held = carried_out(claim, context)
    except NO_FORM as problem:
        return Verdict(Kind.UNREAD, because(Why.NO_FORM, problem=str(problem)))
    verdict = decide(plain, context, only_proofs)
    if verdict.proof is not None:
        conditions = tuple(Condition(what=a, stated=False) for a in held) + verdict.conditions
        return replace(
            verdict,
            kind=Kind.CONDITIONAL if held else verdict.kind,
            conditions=conditions,
            proof=by_parts(claim, context, verdict.proof),
        )
    if held and verdict.witness is not None:
        return Verdict(Kind.TESTED, because(Why.PARTS_HELD_FIXED))
    return verdict


def _entrywise(claim: Claim, context: Context, only_proofs: bool) -> Verdict:
    """Vectors are equal iff their entries are: all that the entries need, or the worst verdict on one."""
    try:
        pairs = entries(claim)
    except Unequal as problem:
        return Verdict(Kind.REFUTED if claim.relation != "!=" else Kind.UNREAD, problem.reason)
    except Uncomparable as problem:
        return Verdict(Kind.UNREAD, problem.reason)
    verdicts = [decide(pair, context, only_proofs) for pair in pairs]
    worst = max(verdicts, key=lambda verdict: SEVERITY.index(verdict.kind))
    if claim.relation == "!=" and worst.kind is not Kind.PROVED and claim.left.args[1:]:
        return Verdict(Kind.UNREAD, because(Why.WHICH_ENTRY))
    proofs = [verdict.proof for verdict in verdicts if verdict.proof is not None]
    if len(proofs) < len(verdicts):
        return worst
    conditions = _each(condition for verdict in verdicts for condition in verdict.conditions)
    unstated = [c.what for c in conditions if not c.stated and isinstance(c.what, Fact | OneHot)]
    if satisfiable(context.assume(*unstated)) is False:
        return Verdict(Kind.REFUTED, because(Why.CONDITIONS_EXCLUDE), witness=worst.witness)
    proof = entrywise(claim, proofs)
    obligations = _each(obligation for verdict in verdicts for obligation in verdict.obligations)
    return replace(worst, conditions=conditions, obligations=obligations, rules=proof.rules, proof=proof)


def _each(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    return tuple(dict.fromkeys(conditions))
