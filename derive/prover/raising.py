r"""A derivation in the language of its question: columns and matrices where the document asked with them.

What a derivation reaches are entries, ``Σ_k 2 X_{ki} (Σ_l X_{kl} w_l - y_k)``; a person who asked for ``\nabla_w`` wants
``2 X^\top (X w - y)``. Each step is raised to that, printed, read again as the document would read it, and judged to have the
entries that the step has. A step for which there is no such notation is left out, and its rules go to the next one; where the
result has none, the derivation stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sympy import Expr, Indexed, Symbol

from derive.judge.verdict import Kind
from derive.latex.reading import read_formula
from derive.latex.symbols.table import SymbolTable
from derive.normal.unfold import instantiate
from derive.prover import rules
from derive.prover.deltas import sifted
from derive.prover.derivation import Derivation, Judge, Printed, Step, judged, obligations_of
from derive.prover.lemmas import instance_of
from derive.prover.letters import spans_of, with_ranges
from derive.prover.rules import Rule
from derive.terms.context import Assumption, Claim, Context, Definition, Fact
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Partial, free_indices
from derive.writing.raising.graph import NotRaised
from derive.writing.raising.lifting import Lifter
from derive.writing.raising.printing import LATEX, PLAIN, Printer
from derive.writing.raising.shaped import Number, Shaped, cost
from derive.writing.writer import relation

MOST_RULES = 4
_TIDYING = frozenset({rules.SIMPLIFIED, rules.FACTORED, rules.COMBINED, rules.NAMED})
"""Rules of a last step that is worth printing only where it is shorter."""
_WITH_INDICES = frozenset({rules.CASE, rules.CASES, rules.SPLIT, rules.COORDINATES})
"""Rules that speak of single indices, and say nothing of whole columns."""


@dataclass(frozen=True)
class Language:
    r"""How a document writes.

    Attributes:
        table: what it makes of names.
        taken: letters that its entries do not have.
        spelled: families that it spells otherwise than by their names, as z that is written ``\mathbf{z}``.
        nabla: whether it asked with a nabla.
        words: those of operators that it uses.
    """

    table: SymbolTable
    taken: frozenset[str] = frozenset()
    spelled: Mapping[str, str] = field(default_factory=dict)
    nabla: bool = False
    words: tuple[str, ...] = ()

    def sampled(self, name: str) -> int:
        """How many indices of a family are written below its name."""
        return max((count for (known, count), _ in self.table.inferred if known == name), default=0)


@dataclass(frozen=True)
class Raised:
    """A term as it is printed, and what that says."""

    whole: Shaped
    printed: Printed


class Raiser:
    """Raises what one context knows of to the language of a document."""

    def __init__(self, language: Language, judge: Judge) -> None:
        self.language = language
        self._judge = judge
        self._known: dict[tuple[Expr, Context], Derivation | None] = {}

    def derivation(self, found: Derivation, entries: Sequence[Symbol], asked: str = "") -> Derivation | None:
        """`found` in the language of the document, at the indices `entries`; None where its result has no such notation.

        `asked` is the goal as the document writes it; without it, the goal is raised as well.
        """
        if found.result is None:
            return None
        for places in _places(entries):
            raised = self._at(found, places, asked)
            if raised is not None:
                return raised
        return None

    def definition(self, found: Definition, context: Context) -> str | None:
        """A definition in LaTeX, as the document would read it; None where it has no such notation."""
        own = tuple(place for place in positions_of(found.head) if isinstance(place, Symbol))
        if len(own) != len(positions_of(found.head)) or not isinstance(found.head, (Symbol, Indexed)):
            return None
        spans = spans_of(name_of(found.head), len(own), context)
        here = with_ranges(context, own, spans)
        for places in _places(own):
            head, body = (self._raised(term, places, here) for term in (found.head, found.body))
            if head is None or body is None:
                continue
            latex = f"{head.printed.latex} = {body.printed.latex}"
            claim = self._read(latex, places)
            if claim is not None and claim.left == found.head and self._proved(Claim(claim.right, "=", found.body), here):
                return latex
        return None

    def fact(self, fact: Fact, context: Context) -> str | None:
        """A hypothesis in LaTeX, as the document would read it; None where it has no such notation."""
        own = tuple(dict.fromkeys((*free_indices(fact.left), *free_indices(fact.right))))
        bare = replace(context, assumptions=())
        for places in _places(own):
            left, right = (self._raised(term, places, bare) for term in (fact.left, fact.right))
            if left is None or right is None:
                continue
            latex = f"{left.printed.latex} {relation(fact.relation)} {right.printed.latex}"
            claim = self._read(latex, places)
            if claim is None or claim.relation != fact.relation:
                continue
            sides = ((claim.left, fact.left), (claim.right, fact.right))
            if all(one == other or self._proved(Claim(one, "=", other), bare) for one, other in sides):
                return latex
        return None

    def _at(self, found: Derivation, places: tuple[Symbol | None, Symbol | None], asked: str) -> Derivation | None:
        goal = self._raised(found.goal, places, found.context)
        if goal is None and not asked:
            return None
        stated = Printed(asked or (goal.printed.latex if goal else ""), goal.printed.text if goal else asked)
        steps = self._steps(found, places, stated)
        if not steps:
            return None
        steps = self._shortened(steps)
        last = steps[-1][0]
        if not self._holds(found, stated, last, places):
            return None
        lemmas = tuple(each for lemma in found.lemmas if (each := self._lemma(lemma)) is not None)
        shown = tuple(self._citing(step) for step, _ in steps)
        return replace(found, result=last.after, steps=shown, lemmas=lemmas, cases=(), closing=(), stated=stated)

    # -- steps --------------------------------------------------------------------------------------------------------

    def _steps(
        self, found: Derivation, places: tuple[Symbol | None, Symbol | None], stated: Printed
    ) -> list[tuple[Step, Shaped]]:
        """The steps that can be raised, each with the rules of those before it that cannot; none without the last one.

        A line from which the next one is not read to follow is left out, if that one follows from the line before it.
        """
        kept: list[tuple[Step, Shaped]] = []
        begun: list[tuple[Expr, str, list[Step]]] = []
        waiting: list[Step] = []
        before, shown = found.goal, stated.latex
        every = list(self._with_insertions(found))
        for step in every:
            waiting.append(step)
            raised = self._raised(step.after, places, found.context)
            if raised is None:
                continue
            if raised.printed.latex != shown and not self._reads(shown, raised, step.after, places, found):
                if not begun or not self._reads(begun[-1][1], raised, step.after, places, found):
                    continue
                kept.pop()
                before, shown, left_out = begun.pop()
                waiting = [*left_out, *waiting]
            if raised.printed.latex == shown:
                if kept and step.rules and not (set(step.rules) <= _TIDYING):
                    kept[-1] = self._joined(kept[-1][0], waiting, found), kept[-1][1]
                waiting = []
                continue
            whole = _merged(before, waiting, raised.printed)
            kept.append((whole, raised.whole))
            begun.append((before, shown, waiting))
            before, shown, waiting = step.after, raised.printed.latex, []
        last = every[-1].after if every else None
        return kept if kept and not [step for step in waiting if step.after == last] else []

    def _joined(self, step: Step, more: Sequence[Step], found: Derivation) -> Step:
        """A step with the rules and lemmas of others that show nothing new."""
        both = [step, *more]
        return replace(
            step,
            after=both[-1].after,
            rules=_rules_of(both),
            lemmas=tuple(dict.fromkeys(lemma for one in both for lemma in one.lemmas)),
            reasons=tuple(dict.fromkeys(reason for one in both for reason in one.reasons)),
        )

    def _with_insertions(self, found: Derivation) -> list[Step]:
        """All steps; after the chain rule one in which derivatives with too many indices are inserted, the others not."""
        every = []
        for step in (*found.steps, *found.closing):
            every.append(step)
            if rules.CHAIN_RULE not in step.rules:
                continue
            values: dict[Expr, Expr] = {}
            for node in step.after.atoms(Partial):
                told = self._inserted(node, found) if len(free_indices(node)) > 2 else []
                if told:
                    values[node] = told[0]
            after = sifted(step.after.xreplace(values)) if values else step.after
            if after != step.after:
                one = judged(step.after, after, (rules.INNER,), (), found.context, self._judge)
                every += [] if one is None else [one]
        return every

    def _inserted(self, node: Partial, found: Derivation) -> list[Expr]:
        """What the lemmas say of a derivative."""
        answers = []
        for lemma in found.lemmas:
            values = instance_of(lemma.goal, node)
            if values is not None and lemma.result is not None:
                answers.append(instantiate(lemma.result, values))
        return answers

    def _shortened(self, steps: list[tuple[Step, Shaped]]) -> list[tuple[Step, Shaped]]:
        """Without last steps that only tidied up and made it no shorter."""
        idle = _TIDYING | {rules.HYPOTHESIS}
        while len(steps) > 1 and set(steps[-1][0].rules) <= idle and cost(steps[-1][1]) >= cost(steps[-2][1]):
            steps = steps[:-1]
        return steps

    def _lemma(self, lemma: Derivation) -> Derivation | None:
        """A lemma in the language of the document, if there is one."""
        key = lemma.goal, lemma.context
        if key not in self._known:
            variables = lemma.goal.atoms(Partial)
            indices = free_indices(lemma.goal)
            orders = [indices, indices[::-1]] if variables and len(indices) == 2 else [indices]
            orders.sort(key=lambda order: self._length(lemma.goal, order, lemma.context))
            ways = (self.derivation(lemma, order) for order in orders if len(indices) <= 2)
            self._known[key] = next((way for way in ways if way is not None), None)
        return self._known[key]

    def _length(self, goal: Expr, order: Sequence[Symbol], context: Context) -> int:
        """How long a goal is at these indices; those of a transpose come later."""
        return min((cost(raised.whole) for p in _places(order) if (raised := self._raised(goal, p, context))), default=0)

    def _citing(self, step: Step) -> Step:
        """The step with the lemmas that are shown; where there is none the inner derivatives are found without."""
        shown = tuple(each for lemma in step.lemmas if (each := self._lemma(lemma)) is not None)
        named = (
            step.rules
            if shown or rules.LEMMAS not in step.rules
            else tuple(dict.fromkeys(rules.INNER if rule == rules.LEMMAS else rule for rule in step.rules))
        )
        return replace(step, lemmas=shown, rules=named)

    # -- raising and reading again ------------------------------------------------------------------------------------

    def _raised(self, term: Expr, places: tuple[Symbol | None, Symbol | None], context: Context) -> Raised | None:
        language = self.language
        lifter = Lifter(
            language.sampled, language.table.layout, language.nabla, _symmetric(context.assumptions), language.words
        )
        try:
            whole = Number(term) if term == 0 else lifter.whole(term, *places)
        except NotRaised:
            return None
        latex, text = (Printer(pieces, context, self.language.spelled, self.language.nabla)(whole) for pieces in (LATEX, PLAIN))
        return Raised(whole, Printed(latex, text))

    def _reads(
        self, before: str, raised: Raised, term: Expr, places: tuple[Symbol | None, Symbol | None], found: Derivation
    ) -> bool:
        """Whether what is printed is read as what has the entry `term`, and follows from what is printed before it."""
        claim = self._read(f"{before} = {raised.printed.latex}", places)
        if claim is None or not self._proved(Claim(claim.right, "=", term), found.context):
            return False
        return self._proved(replace(claim, obligations=tuple(obligations_of(term, found.context))), found.context)

    def _holds(self, found: Derivation, stated: Printed, last: Step, places: tuple[Symbol | None, Symbol | None]) -> bool:
        """Whether the goal is read as it was meant, and holds as it is printed."""
        claim = self._read(f"{stated.latex} = {last.latex}", places)
        if claim is None or not self._proved(Claim(claim.left, "=", found.goal), found.context):
            return False
        return self._proved(replace(claim, obligations=tuple(obligations_of(last.after, found.context))), found.context)

    def _read(self, latex: str, places: tuple[Symbol | None, Symbol | None]) -> Claim | None:
        """The claim that the document would read, at the indices of the derivation."""
        reading = read_formula(latex, self.language.table, taken=self.language.taken)
        if reading.unread or len(reading.statements) != 1:
            return None
        (statement,) = reading.statements
        claims = [claim for relation in statement.relations for claim in relation.claims]
        own = [place for place in places if place is not None]
        if len(claims) != 1 or len(statement.entries) != len(own):
            return None
        renamed = {entry.symbol: place for entry, place in zip(statement.entries, own, strict=True)}
        (claim,) = claims
        return Claim(claim.left.xreplace(renamed), claim.relation, claim.right.xreplace(renamed))

    def _proved(self, claim: Claim, context: Context) -> bool:
        return self._judge(claim, context).kind is Kind.PROVED


def _symmetric(assumptions: Sequence[Assumption]) -> frozenset[str]:
    """The families of which it is assumed that their two indices may be exchanged."""
    found = set()
    for each in assumptions:
        if (
            isinstance(each, Fact)
            and each.relation == "="
            and isinstance(each.left, Indexed)
            and isinstance(each.right, Indexed)
        ):
            exchanged = each.left.indices == each.right.indices[::-1] and each.left.base == each.right.base
            free = all(isinstance(place, Symbol) and not place.is_positive for place in each.left.indices)
            if exchanged and free and len(set(each.left.indices)) == 2:
                found.add(name_of(each.left))
    return frozenset(found)


def _places(entries: Sequence[Symbol]) -> list[tuple[Symbol | None, Symbol | None]]:
    """The row and the column of an entry; one index may be either."""
    if len(entries) == 1:
        return [(entries[0], None), (None, entries[0])]
    return [(None, None)] if not entries else [(entries[0], entries[1])] if len(entries) == 2 else []


def _merged(before: Expr, steps: Sequence[Step], shown: Printed) -> Step:
    """Several steps as one, from `before` to where the last one leads."""
    last = steps[-1]
    return replace(
        last,
        before=before,
        rules=_rules_of(steps),
        reasons=tuple(dict.fromkeys(reason for step in steps for reason in step.reasons)),
        latex=shown.latex,
        text=shown.text,
        lemmas=tuple(dict.fromkeys(lemma for step in steps for lemma in step.lemmas)),
    )


def _rules_of(steps: Sequence[Step]) -> tuple[Rule, ...]:
    """The rules of several steps, those that speak of single indices left out."""
    named = dict.fromkeys(rule for step in steps for rule in step.rules)
    kept = [rule for rule in named if rule not in _WITH_INDICES]
    telling = [rule for rule in kept if rule not in _TIDYING and rule is not rules.SIFTING]
    shown = telling if telling else kept
    return tuple(shown[:MOST_RULES]) or tuple(named)[:1]
