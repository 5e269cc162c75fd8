"""The holes of a document filled: a document in, derivations out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from derive.jobs.goals import Goal
from derive.jobs.languages import Given, asked, in_language, spellings, words_used
from derive.jobs.languages import given as given_by
from derive.terms.reasons import Reason, Why, because
from derive.writing.messages.rendering import rendered
from derive.writing.wording import reason_of

if TYPE_CHECKING:
    from sympy import Expr

    from derive.documents import Loaded
    from derive.jobs.limits import Limits, Step
    from derive.judge.verdict import Doubt
    from derive.narrative.walk import Entry, Narrative
    from derive.prover.derivation import Derivation
    from derive.prover.letters import Letters
    from derive.prover.planner import Prover
    from derive.terms.context import Context


@dataclass(frozen=True)
class Filled:
    """A goal with its derivation; one without a result is still a hole, and `reason` says why.

    `raised` is the derivation without indices, where the document asked so and there is such a notation; `number` counts
    the goals that were read.
    """

    latex: str
    line: int
    derivation: Derivation | None
    reason: Reason | None = None
    raised: Derivation | None = None
    number: int = 0

    @property
    def shown(self) -> Derivation | None:
        """The derivation as it is printed."""
        return self.raised or self.derivation

    @property
    def done(self) -> bool:
        """Whether the hole is filled."""
        return self.derivation is not None and self.derivation.result is not None and self.reason is None

    @property
    def message(self) -> str:
        """Why it is still a hole, in words."""
        return rendered(self.reason)


@dataclass(frozen=True)
class _Raised:
    """The derivation of the goal with a number in the language of the document."""

    number: int
    derivation: Derivation | None


@dataclass(frozen=True)
class ProofReport:
    """The goals of one document in order; `context` is what was known at its end, `given` that in its own notation."""

    path: str
    goals: tuple[Filled, ...]
    context: Context
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    given: Given = Given()

    def exit_status(self) -> int:
        """0 if there is a goal and every one is derived and judged again, else 1."""
        return 0 if self.goals and all(goal.done for goal in self.goals) else 1

    def _repr_html_(self) -> str:
        """What a notebook shows. How a proof looks is decided further up, by what is loaded when it is shown."""
        return str(import_module("derive.report.proof.html").fragment(self))

    def _repr_latex_(self) -> str:
        """What a notebook shows where it is printed by LaTeX."""
        from derive.prover.derivation import goal_latex

        rows = [goal_latex(goal.shown) for goal in self.goals if goal.shown is not None]
        return "\n\n".join(rf"$\displaystyle {row}$" for row in rows)


def prove(text: str | Path, name: str = "text.md", given: Sequence[str] = ()) -> ProofReport:
    """Fill every hole ``= ?`` of `text`; `name` says by its suffix how it is read. A path is the file itself.

    Raises:
        ValueError: if `text` is the name of a file.
        DocumentError: if a file cannot be opened.

    >>> report = prove("$$(x^2 + 1)' = ?$$")
    >>> str(report.goals[0].derivation.result)
    '2*x'
    """
    from derive.documents import text_or_file

    return _report(text_or_file(text, name, "derive.jobs.prove"), tuple(given), None)


def prove_document(
    path: str | Path | Literal["-"] | None, expression: str | None, given: Sequence[str] = (), limits: Limits | None = None
) -> ProofReport:
    """Fill the holes of the document at `path`, or derive the one goal `expression`.

    A document without a hole has its derivatives derived, each up to the result that it states. `limits` hold for each
    goal; without them, those of :class:`~derive.jobs.limits.Limits`.

    Raises:
        DocumentError: if the document cannot be opened, or not be read within the limits.
    """
    from derive.documents import Loaded, load

    if path is not None:
        return _report(load(path), tuple(given), limits)
    goal = expression or ""
    whole = goal if "?" in goal or "=" in goal else f"{goal} = ?"
    return _report(Loaded("-e", ".md", f"$$\n{whole}\n$$", by_option=True), tuple(given), limits)


def _report(loaded: Loaded, given: tuple[str, ...], limits: Limits | None) -> ProofReport:
    from derive.documents import DocumentError
    from derive.jobs.check import prepare
    from derive.jobs.limits import Limits, TooMuch
    from derive.terms.context import Context

    start = time.perf_counter()
    prepare()
    try:
        results = (limits or Limits()).stream(lambda step: _work(loaded, given, step), errors=(DocumentError,))
    except TooMuch as problem:
        raise DocumentError(f"{loaded.path}: cannot be read: {problem}") from problem
    context = next((r for r in results if isinstance(r, Context)), Context())
    goals = _in_languages(results)
    told = next((r for r in results if isinstance(r, Given)), Given())
    notes = tuple(note for r in results if isinstance(r, tuple) for note in r)
    return ProofReport(loaded.path, goals, context, notes, round(time.perf_counter() - start, 3), told)


def _in_languages(results: Sequence[object]) -> tuple[Filled, ...]:
    """The goals in order, each with its derivation in the language of the document, where one was found."""
    found = [r for r in results if isinstance(r, Filled)]
    for each in results:
        if isinstance(each, _Raised):
            found = [replace(f, raised=each.derivation) if f.done and f.number == each.number else f for f in found]
    return tuple(found)


def _work(loaded: Loaded, given: tuple[str, ...], step: Step) -> Iterator[Callable[[Reason | None], object]]:
    """The pieces of work: what is known, then each goal; a piece is told why, if it was cut off before."""
    from derive.narrative.walk import read_document
    from derive.prover.letters import Letters

    narrative = read_document(loaded.document(), given, step)
    goals, unread = goals_of(narrative)
    notes = [f"line {line}: {rendered(problem)}" for line, problem in narrative.problems]
    notes += [] if goals or unread else ["no hole = ? found"]
    yield lambda failed: narrative.context
    yield lambda failed: tuple(notes)
    provers: dict[Context, Prover] = {}
    letters = Letters()
    for goal in goals:
        letters.reserve((goal.left,), goal.context)
    for filled in unread:
        yield lambda failed, filled=filled: filled  # type: ignore[misc]
    done: dict[int, Derivation] = {}
    for number, goal in enumerate(goals, 1):
        yield lambda failed, goal=goal, number=number: _filled(goal, number, done, provers, letters, failed)  # type: ignore[misc]
        if goal.language is not None:
            yield lambda failed, goal=goal, number=number: _raised(goal, number, done, failed)  # type: ignore[misc]
    asking = next((goal for goal in goals if goal.language is not None), None)
    if asking is not None:
        yield lambda failed: Given() if failed is not None else given_by(narrative, asking)


def _filled(
    goal: Goal,
    number: int,
    done: dict[int, Derivation],
    provers: dict[Context, Prover],
    letters: Letters,
    failed: Reason | None,
) -> Filled:
    """The goal with its derivation, which is kept in `done` as well."""
    filled = replace(fill(goal, provers, letters, failed), number=number)
    if filled.done and filled.derivation is not None:
        done[number] = filled.derivation
    return filled


def _raised(goal: Goal, number: int, done: dict[int, Derivation], failed: Reason | None) -> _Raised:
    """What was derived, in the language of the document; nothing where that took too long."""
    return _Raised(number, in_language(goal, done[number]) if failed is None and number in done else None)


def goals_of(narrative: Narrative) -> tuple[list[Goal], list[Filled]]:
    """The holes of a document, those that can be read beyond doubt and those that cannot; its derivatives if it has no hole."""
    holes = [entry for entry in narrative.entries if entry.hole]
    style = spellings(narrative), words_used(narrative)
    goals, unread = [], []
    for entry in holes:
        left = _left(entry)
        line = entry.formula.position(entry.start)[0]
        doubts = _unsettled(entry)
        problem = because(Why.HOLE_UNREAD) if left is None else reason_of(doubts[0]) if doubts else None
        if left is None or problem is not None:
            unread.append(Filled(entry.latex, line, None, problem))
        else:
            goals.append(asked(Goal(left, _known(entry, narrative), entry.latex, line), entry, *style))
    return (goals, unread) if holes else (_stated(narrative, style), unread)


def _unsettled(entry: Entry) -> tuple[Doubt, ...]:
    """The doubts about what an entry says; what is proved of all values is true of those that unread words leave."""
    from derive.judge.verdict import Cause

    return tuple(doubt for doubt in (*entry.choices, *entry.doubts) if doubt.cause is not Cause.NARROWED)


def _left(entry: Entry) -> Expr | None:
    """The side of the relation that is no hole."""
    if entry.statement is None:
        return None
    sides = entry.statement.sides
    return sides[entry.position] if sides[entry.position] is not None else sides[entry.position + 1]


def _stated(narrative: Narrative, style: tuple[Mapping[str, str], tuple[str, ...]]) -> list[Goal]:
    """The derivatives that a document without holes states, each with the last side of its chain."""
    from derive.terms.terms import Partial

    goals: list[Goal] = []
    for entry in narrative.entries:
        certain = entry.settled is None and not _unsettled(entry)
        if certain and entry.position == 0 and entry.claims and entry.statement is not None:
            left, last = entry.claims[0].left, entry.statement.sides[-1]
            equal = all(relation.relation == "=" for relation in entry.statement.relations)
            if isinstance(left, Partial) and last is not None and equal:
                latex = f"{entry.latex}"
                line = entry.formula.position(entry.start)[0]
                goals.append(asked(Goal(left, _known(entry, narrative), latex, line, last), entry, *style))
    return goals


def _known(entry: Entry, narrative: Narrative) -> Context:
    """What is known at the entry, with the definitions that come below it for names that are not known there."""
    from derive.terms.heads import name_of

    known = {name_of(d.head) for d in entry.context.definitions}
    return entry.context.define(*(d for d in narrative.context.definitions if name_of(d.head) not in known))


def fill(goal: Goal, provers: dict[Context, Prover], letters: Letters, failed: Reason | None = None) -> Filled:
    """The goal with its derivation, of which the first and the last term are judged once more against each other."""
    from derive.judge.decide import Disagreement, decide
    from derive.judge.settling import settled
    from derive.prover.planner import Prover
    from derive.terms.context import Claim

    if failed is not None:
        return Filled(goal.latex, goal.line, None, failed)
    claim, context = settled(Claim(goal.left, "=", goal.left if goal.target is None else goal.target), goal.context)
    prover = provers.setdefault(context, Prover(context, decide, letters))
    try:
        derivation = prover.derive(claim.left)
        if derivation.result is None:
            return Filled(goal.latex, goal.line, derivation, derivation.reason)
        idle = goal.target is None and not (derivation.steps or derivation.cases or derivation.closing)
        reason = because(Why.NO_RULE) if idle else _whole(derivation)  # a hole is not filled with what it asks for
        if goal.target is not None and reason is None:
            reached = _up_to(derivation, claim.right)
            if reached is None:
                return Filled(goal.latex, goal.line, derivation, because(Why.NOT_AS_STATED))
            derivation = reached
    except Disagreement as problem:
        return Filled(goal.latex, goal.line, None, because(Why.REPORT_DISAGREEMENT, problem=str(problem)))
    if reason is not None:
        derivation = replace(derivation, result=None, reason=reason)
        return Filled(goal.latex, goal.line, derivation, reason)
    return Filled(goal.latex, goal.line, derivation)


def _up_to(derivation: Derivation, target: Expr) -> Derivation | None:
    """With a last step to the result that the document states, another form of what was derived; None if it is not."""
    from derive.judge.decide import decide
    from derive.prover import rules
    from derive.prover.derivation import judged
    from derive.writing.writer import text

    result = derivation.result
    if result is None or text(result, derivation.context) == text(target, derivation.context):
        return derivation
    step = judged(result, target, (rules.SIMPLIFIED,), (), derivation.context, decide)
    if step is None:
        return None
    if derivation.cases:
        return replace(derivation, closing=(*derivation.closing, step), result=target)
    return replace(derivation, steps=(*derivation.steps, step), result=target)


def _whole(derivation: Derivation) -> Reason | None:
    """Why the derivation as a whole does not hold; None if the judge proves its goal."""
    from derive.judge.decide import decide
    from derive.judge.verdict import Kind
    from derive.prover.derivation import obligations_of
    from derive.terms.context import Claim

    if derivation.result is None:
        return derivation.reason
    obligations = tuple(obligations_of(derivation.result, derivation.context))
    verdict = decide(Claim(derivation.goal, "=", derivation.result, obligations), derivation.context)
    return None if verdict.kind is Kind.PROVED else because(Why.NOT_CONFIRMED, verdict=verdict.reason or verdict.kind.value)
