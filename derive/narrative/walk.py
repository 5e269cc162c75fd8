"""A document read from top to bottom: each relation with its role and with what is known where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Indexed, Symbol

from derive.documents import Document
from derive.judge.verdict import Kind, Verdict
from derive.latex.reading import ReadStatement, read_formula
from derive.latex.symbols.table import SymbolTable
from derive.narrative.entries import Entry, expected, may_relate, reviewed, with_range
from derive.narrative.layouts import shown
from derive.narrative.names.letters import taken_letters
from derive.narrative.relating import Relating
from derive.narrative.restricting import OWN
from derive.narrative.roles.applying import explained
from derive.narrative.roles.heads import is_head, is_index, mentions
from derive.narrative.roles.readings import Role
from derive.narrative.structure import Found, structure
from derive.narrative.words.languages import is_foreign
from derive.narrative.words.paragraphs import Cases, Placed, paragraphs
from derive.narrative.words.scopes import BEFORE
from derive.terms.context import Context, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Partial

__all__ = ["Entry", "Narrative", "read_document"]

_FOR_ALL = frozenset(("condition", "assume", "let", "given"))
"""The effects of words before an index letter that make it any: *suppose for all j*."""


@dataclass(frozen=True)
class Narrative:
    """All entries of a document in order, what was known at its end, and what was inferred."""

    entries: tuple[Entry, ...]
    context: Context
    table: SymbolTable
    inferred: tuple[Reason, ...] = ()
    problems: tuple[tuple[int, Reason], ...] = ()
    labels: frozenset[str] = frozenset()
    structure: tuple[Found, ...] = ()


def read_document(
    document: Document, given: tuple[str, ...] = (), step: Callable[[], Reason | None] = lambda: None
) -> Narrative:
    """The entries of a document.

    Args:
        given: definitions and assumptions that hold from its first line on.
        step: called before each formula; if it returns a reason, the formula is left unread with that as the reason.
    """
    return _Walker(document, given).narrative(step)


def _restricts(entry: Entry) -> bool:
    """Whether an entry is a condition, as far as it was understood: ``x > 0``, ``X \\sim U(a, b)``."""
    if entry.settled is None or entry.relation is None:
        return False
    return entry.settled.kind is Kind.ASSUMPTION or (entry.settled.kind is Kind.UNREAD and entry.relation != "=")


class _Walker(Relating):
    """Goes through the formulas in order and finds what each of their relations does."""

    def narrative(self, step: Callable[[], Reason | None]) -> Narrative:
        cases = Cases()
        found = paragraphs(self.document.blocks, self._cut_of)
        self.foreign = is_foreign(paragraph.words for paragraph in found)
        for paragraph in found:
            for one in cases.placed(paragraph):
                if self.reading != one.sentence:
                    self.known.pass_on((OWN,))
                    self.begun = len(self.entries)
                self.reading = one.sentence
                self._begins(one)
                self.conventions |= one.conventions
                written, listed = one.formula.latex, len(self.entries)
                if (reason := step()) is not None:
                    self._unread(one.formula, 0, len(written), written, reason)
                else:
                    self._formula(one)
                if len(self.entries) == listed and any(letter.isalnum() for letter in written):
                    self._unread(one.formula, 0, len(written), written, because(Why.NOTHING_LEFT))
        context = explained(self.known.context)
        entries = reviewed(self.entries, self.known.context, context, self.declared_families, self._spaces_at)
        return Narrative(
            entries,
            context,
            self.table,
            tuple(self.inferred),
            tuple(self.problems),
            frozenset(self.labels),
            structure(self.document.formulas, self._cut_of),
        )

    def _begins(self, one: Placed) -> None:
        """What ends, and what is said of names, before a formula."""
        if one.moved:
            self.known.pass_on(("sentence", "paragraph"))
        if one.fresh:
            self.known.pass_on(("sentence",))
        if one.scope:
            self.before = one.scope & {BEFORE}
            self.known.enter(one.scope)
            self.narrowed = {name: said for name, said in self.narrowed.items() if said[1] <= one.scope}
        if one.ended:
            self.known.withdraw()
        for each in sorted(one.spoken, key=lambda said: said.effect != ""):
            self._spoken(each, one)

    def _formula(self, placed: Placed) -> None:
        formula = placed.formula
        if placed.header:
            condition = Verdict(Kind.ASSUMPTION, because(Why.CONDITION_HEADER))
            self._add(Entry(formula, 0, len(formula.latex), formula.latex, "", self.known.context, settled=condition))
            return
        if formula.problem:
            self._unread(formula, 0, len(formula.latex), formula.latex, because(Why.BAD_FORMULA, problem=formula.problem))
            return
        self._in_spaces(formula)
        self.taken = taken_letters(self.known.context.assume(*self.known.local), self.table, placed.case)
        reading = self._in_place(formula, read_formula(self._cut_of(formula), self.table, taken=self.taken))
        if not reading.statements:
            for part in reading.unread[:1]:
                self._unread(formula, 0, len(formula.latex), formula.latex, expected(part), part)
            return
        listed = len(self.entries)
        self.granted = Role.DEFINITION
        for position, statement in enumerate(self._led(reading.statements)):
            last = self.entries[-1].settled if self.entries else None
            defined = position > 0 and last is not None and last.kind is Kind.DEFINITION
            before = len(self.entries)
            self._statement(placed, statement, follows=defined)
            self._figures(placed, statement)
            settled = [entry.settled for entry in self.entries[before:] if entry.settled is not None]
            self.table = shown(self.table, statement, any(each.kind is Kind.DEFINITION for each in settled))
        self.known.pass_on(("formula",))
        if placed.lead.effect == "condition" and placed.lead.direct and any(map(_restricts, self.entries[listed:])):
            self.restricted = placed.sentence

    def _led(self, statements: Iterable[ReadStatement]) -> Iterator[ReadStatement]:
        """The statements of a formula: an arrow leads from a definition to what is claimed of it, or else it is a claim."""
        made: set[str] = set()  # the new names on the left sides before an arrow
        listed = False  # names alone stand before it
        for statement in statements:
            for each in statement.apart if self._introduces(statement.apart) else (statement,):
                head = each.sides[0] if [relation.relation for relation in each.relations] == ["="] else None
                new = isinstance(head, (Symbol, Indexed)) and name_of(head) not in self.seen
                flows = new and (listed or each.sides[1] is not None and any(mentions(each.sides[1], name) for name in made))
                listed = each.implies and not each.relations
                made = made | {name_of(head)} if new and head is not None and each.implies else set()
                yield replace(each, lead="") if flows else each  # z = w x => a = f(z): the second is no conclusion

    def _introduces(self, statements: Sequence[ReadStatement]) -> bool:
        """Whether the first of the statements says what a new name is, or the others are about slopes of what it says."""
        if not statements:
            return False
        first, *rest = statements
        head = first.sides[0] if [relation.relation for relation in first.relations] == ["="] else None
        if head is None or not is_head(head):
            return False
        slopes = (side for each in rest for side in each.sides if side is not None)
        return name_of(head) not in self.seen or any(side.has(Partial) for side in slopes)

    def _statement(self, placed: Placed, statement: ReadStatement, follows: bool) -> None:
        formula = placed.formula
        if statement.bare:
            self.seen |= {name_of(node) for side in statement.sides if side is not None for node in side.atoms(Symbol, Indexed)}
            start, end = statement.spans[0] if statement.spans else (0, len(formula.latex))
            side = statement.sides[0]
            if isinstance(side, Symbol) and is_index(side) and "condition" in placed.between <= _FOR_ALL and placed.lead.near:
                self._for_all(side, self.known.context.range_of(side))  # for all j
            if statement.unread:
                part = statement.unread[0]
                written = "" if may_relate(part, formula.latex, start, end) else None
                self._unread(formula, start, end, formula.latex[start:end], expected(part), part, written)
            else:
                self._unread(formula, start, end, formula.latex[start:end], because(Why.EXPRESSION), relation=None)
            return
        for found in statement.ranges:
            span = Range(found.low, found.high)
            self.known.context = self.known.context.with_range(found.symbol, span)
            if found.symbol.name not in self.table.told:
                self.entries[self.begun :] = (with_range(entry, found.symbol, span) for entry in self.entries[self.begun :])
            self.table = self.table.with_told(found.symbol.name, span)
            self._for_all(found.symbol, span)
            self._piece_from(found.symbol, span)
        if statement.remarks and not statement.sides and self.entries:  # (i = 1, ..., m) behind a hypothesis
            self._beside(statement.remarks, formula.line, placed.within, 0)
            if any(remark.conditions or remark.ranges for remark in statement.remarks):
                told = Verdict(Kind.ASSUMPTION, because(Why.INDEX_CONDITION))
                self._add(Entry(formula, 0, len(formula.latex), formula.latex, "", self.known.context, settled=told))
        for position, relation in enumerate(statement.relations):
            self._relation(placed, statement, relation, position, follows)
