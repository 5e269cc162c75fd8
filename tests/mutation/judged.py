"""What the judge says of a mutant, held against the truth that was settled without it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum
from unittest.mock import patch

from sympy import Dummy, Expr

from derive.judge import decide as judge
from derive.judge.decide import Disagreement, decide
from derive.judge.verdict import Kind, Verdict
from derive.terms.context import Claim, Context
from tests.mutation.bases import Base
from tests.mutation.edits import KINDS, edit
from tests.mutation.truth import Finding, Truth, confirms, truth_of, under

TRIES = 40
TWICE = 0.15
ADVISED = 17


class Fault(Enum):
    """What must never be."""

    PROVED_BUT_FALSE = "proved but false"
    REFUTED_BUT_TRUE = "refuted but true"
    CONDITION_TOO_WEAK = "conditional, and false under the condition"
    MENDED_BUT_FALSE = "offered in its place, and false"
    FALSE_WITNESS = "a witness at which the sides do not differ"
    DISAGREEMENT = "the two engines disagree"


@dataclass(frozen=True)
class Mutant:
    """A claim made from a base by an edit of this kind."""

    number: int
    kind: str
    base: Base
    claim: Claim
    context: Context


@dataclass(frozen=True)
class Outcome:
    """A mutant's truth and verdict, and what is wrong with the verdict if anything is."""

    kind: str
    truth: Truth
    verdict: str
    fault: Fault | None = None
    story: str = ""
    reason: str = ""


def mutant(number: int, seed: int, bases: tuple[Base, ...]) -> Mutant:
    """The mutant of this number: a base, a kind of edit and a place for it, drawn from seed and number alone.

    Raises:
        ValueError: if no base has a place for an edit.
    """
    rng = random.Random(f"mutant {seed} {number}")
    kind = KINDS[number % len(KINDS)]
    for _ in range(TRIES * len(KINDS)):
        base = bases[rng.randrange(len(bases))]
        edited = edit(kind, base.claim, base.context, rng)
        if edited is not None and rng.random() < TWICE:
            edited = edit(rng.choice(KINDS), *edited, rng) or edited
        if edited is not None and edited != (base.claim, base.context):
            return Mutant(number, kind, base, *edited)
    raise ValueError(f"no base has a place for an edit of the kind {kind}")


def outcome(made: Mutant, seed: int) -> Outcome:
    """Settle a mutant's truth, ask the judge, and compare."""
    drawn = f"{seed} {made.number}"
    finding = truth_of(made.claim, made.context, drawn)
    try:
        verdict = _verdict(made)
    except Disagreement as problem:
        return Outcome(made.kind, finding.truth, "disagreement", Fault.DISAGREEMENT, story(made, finding, str(problem)))
    truth = finding.truth
    shown = None if verdict.witness is None else confirms(verdict.witness, made.claim, made.context)
    if shown:
        truth = Truth.FALSE
    fault = Fault.FALSE_WITNESS if shown is False else _fault(made, verdict, truth, drawn)
    told = story(made, finding, str(verdict)) if fault else ""
    return Outcome(made.kind, truth, verdict.kind.value, fault, told, finding.reason)


def _verdict(made: Mutant) -> Verdict:
    """The judge's verdict; its advice, which does not change the verdict and costs most of the time, for some only."""
    if made.number % ADVISED == 0:
        return decide(made.claim, made.context)
    with patch.object(judge, "mended", lambda *_: None), patch.object(judge, "would_hold", lambda *_: ""):
        return decide(made.claim, made.context)


def _fault(made: Mutant, verdict: Verdict, truth: Truth, drawn: str) -> Fault | None:
    if verdict.kind is Kind.PROVED and truth is Truth.FALSE:
        return Fault.PROVED_BUT_FALSE
    if verdict.kind is Kind.REFUTED and truth is Truth.TRUE:
        return Fault.REFUTED_BUT_TRUE
    if verdict.kind is Kind.CONDITIONAL:
        extra = tuple(c.what for c in verdict.conditions if not c.stated and c.what is not None)
        if under(made.claim, made.context, extra, drawn).truth is Truth.FALSE:
            return Fault.CONDITION_TOO_WEAK
    if verdict.mended is not None and truth_of(verdict.mended, made.context, drawn).truth is Truth.FALSE:
        return Fault.MENDED_BUT_FALSE
    return None


def story(made: Mutant, finding: Finding, said: str) -> str:
    """All that is needed to follow a fault up."""
    world = finding.counterexample
    where = (
        ""
        if world is None
        else f"; at {world.sizes}, {world.indices}, "
        + ", ".join(f"{name}{list(place) or ''} = {float(value):.6g}" for (name, place), value in sorted(world.values.items()))
    )
    return (
        f"mutant {made.number} ({made.kind}) of {made.base.source}: {printed(made.claim.left)} {made.claim.relation} "
        f"{printed(made.claim.right)} under {made.context.assumptions}{where}; the judge: {said}"
    )


def printed(term: Expr) -> str:
    """The term with its bound indices under their own names."""
    return str(term.xreplace({s: Dummy(s.name.lstrip("_"), integer=True) for s in term.atoms(Dummy)}))
