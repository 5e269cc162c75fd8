"""A derivation: a goal, the lemmas it needs, and steps of which every one was judged before it was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr, Integer

from derive.judge.relying import relied_on
from derive.judge.verdict import Condition, Kind, Verdict
from derive.prover.letters import relettered
from derive.prover.rules import LEMMAS, Rule
from derive.terms.context import Claim, Context, Fact, Obligation
from derive.terms.reasons import Reason
from derive.writing.messages.rendering import rendered
from derive.writing.writer import claim_latex, latex, text

Judge = Callable[[Claim, Context], Verdict]


@dataclass(frozen=True)
class Step:
    """``before = after`` by `rules`; `reasons` are the hypotheses and lemmas, in LaTeX, that it rests on.

    `latex` and `text` are `after` in print, made when the step was: a term that is copied may lose the order in which
    its factors were kept. `lemmas` are the derivations whose results were inserted.
    """

    before: Expr
    after: Expr
    rules: tuple[Rule, ...]
    reasons: tuple[str, ...]
    verdict: Verdict
    latex: str
    text: str
    lemmas: tuple[Derivation, ...] = ()


@dataclass(frozen=True)
class Printed:
    """Something in print."""

    latex: str
    text: str


@dataclass(frozen=True)
class Derivation:
    """How `goal` becomes `result`.

    `steps` lead from the goal on; where the indices decide, `cases` follow, each with its own goal, and `closing` puts
    them together. `case` is the fact under which this derivation stands if it is a case itself. A derivation without a
    result is open; `reason` says why. `stated` is the goal in print where that is not its entry with indices.
    """

    goal: Expr
    context: Context
    result: Expr | None
    steps: tuple[Step, ...] = ()
    lemmas: tuple[Derivation, ...] = ()
    cases: tuple[Derivation, ...] = ()
    closing: tuple[Step, ...] = ()
    case: Fact | None = None
    reason: Reason | None = None
    stated: Printed | None = None

    @property
    def printed(self) -> Printed:
        """The goal in print."""
        return self.stated or Printed(latex(self.goal, self.context), text(self.goal, self.context))

    def all_steps(self) -> Iterator[Step]:
        """Every step, those of lemmas and cases included."""
        for part in (*self.lemmas, *self.cases):
            yield from part.all_steps()
        yield from self.steps
        yield from self.closing

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What the derivation rests on: hypotheses that steps used, and domain facts that the context does not give."""
        found: dict[Condition, None] = {}
        for part in (*self.lemmas, *self.cases):
            found.update(dict.fromkeys(condition for condition in part.conditions if condition.what != part.case))
        for step in (*self.steps, *self.closing):
            found.update(dict.fromkeys((*step.verdict.conditions, *step.verdict.obligations)))
        return tuple(found)

    @property
    def message(self) -> str:
        """Why it is open, in words."""
        return rendered(self.reason)

    @property
    def last(self) -> Step | None:
        """The step that reaches the result."""
        return next(reversed((*self.steps, *self.closing)), None)


@dataclass
class Chain:
    """A chain of equal terms that is being built; only what the judge proves is added."""

    goal: Expr
    context: Context
    judge: Judge
    current: Expr = field(init=False)
    shown: str = field(init=False)
    steps: list[Step] = field(default_factory=list)
    lemmas: list[Derivation] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    _at_hand: list[Derivation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.current, self.shown = self.goal, text(self.goal, self.context)

    def to(self, after: Expr, *rules: Rule, reasons: tuple[str, ...] = ()) -> bool:
        """Goes on to `after` if the judge proves that it is equal; a step that shows nothing new is not listed."""
        after = relettered(after, self.context)
        inserted: tuple[Derivation, ...] = ()
        if LEMMAS in rules:
            inserted = tuple(self._at_hand)
            self._at_hand.clear()
        if after == self.current:
            return True
        step = judged(self.current, after, rules, reasons, self.context, self.judge)
        if step is None:
            self.rejected.append(f"{text(self.current, self.context)} = {text(after, self.context)}")
            return False
        if step.text != self.shown:
            self.steps.append(replace(step, lemmas=inserted))
        self.current, self.shown = after, step.text
        return True

    def mark(self) -> tuple[Expr, str, int, int]:
        """Where the chain stands, to come back to."""
        return self.current, self.shown, len(self.steps), len(self.lemmas)

    def back(self, mark: tuple[Expr, str, int, int]) -> None:
        """Back to where the chain stood: the steps since then led nowhere."""
        self.current, self.shown, count, known = mark
        del self.steps[count:], self.lemmas[known:]

    def uses(self, lemma: Derivation) -> None:
        """The lemma is shown before this chain, and the next step that inserts lemmas rests on it."""
        if lemma not in self.lemmas:
            self.lemmas.append(lemma)
        if lemma not in self._at_hand:
            self._at_hand.append(lemma)

    def done(self, **parts: object) -> Derivation:
        """The chain as a derivation whose result is where it stands now."""
        given: dict[str, Any] = {"result": self.current, **parts}
        return Derivation(self.goal, self.context, steps=tuple(self.steps), lemmas=tuple(self.lemmas), **given)


def judged(
    before: Expr, after: Expr, rules: tuple[Rule, ...], reasons: tuple[str, ...], context: Context, judge: Judge
) -> Step | None:
    """The step ``before = after`` if the judge proves it."""
    obligations = tuple(dict.fromkeys((*obligations_of(before, context), *obligations_of(after, context))))
    verdict = judge(Claim(before, "=", after, obligations), context)
    if verdict.kind is not Kind.PROVED:
        return None
    return Step(before, after, rules, reasons, verdict, latex(after, context), text(after, context))


def obligations_of(term: Expr, context: Context) -> Iterator[Obligation]:
    """The domain facts that `term` relies on: denominators that are not 0, arguments of logarithms that are positive."""
    for relied in relied_on(term):
        yield replace(relied, latex=claim_latex(relied.term, relied.relation, Integer(0), context))


def goal_latex(derivation: Derivation) -> str:
    """``goal = result`` in LaTeX; ``?`` where there is no result."""
    if derivation.result is None:
        return f"{derivation.printed.latex} = ?"
    if derivation.stated is not None and derivation.last is not None:
        return f"{derivation.stated.latex} = {derivation.last.latex}"
    return claim_latex(derivation.goal, "=", derivation.result, derivation.context)
