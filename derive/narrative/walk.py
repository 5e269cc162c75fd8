"""A document read from top to bottom: each relation with its role and with what is known where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Expr, Indexed, Integer, Symbol

from derive.algebra import terms
from derive.algebra.context import Assumption, Claim, Context, Fact, OneHot, Range
from derive.algebra.terms import Call, Partial, Vector
from derive.algebra.unfold import name_of
from derive.documents import Declaration, Document, Formula
from derive.judge.sampling import satisfiable
from derive.judge.verdict import Kind, Verdict
from derive.latex.reading import ReadRelation, ReadStatement, read_formula
from derive.latex.symbols import SymbolTable
from derive.latex.vector_names import introducing
from derive.narrative.cases import IndexCase
from derive.narrative.declarations import OneHotStated, Stated, declared
from derive.narrative.entries import Entry, reviewed
from derive.narrative.letters import taken_letters
from derive.narrative.macros import expanded
from derive.narrative.paragraphs import Cases, Placed, paragraphs
from derive.narrative.prose import (
    assuming,
    concluding,
    defining,
    exemplifying,
    holds_here,
    left_open,
    naming,
    one_hot,
    postulating,
)
from derive.narrative.ranges import main_size, ranges_shown, with_ranges
from derive.narrative.roles import STATED, Cues, Reading, Role, applied, circular, explained, fact_of, role_of
from derive.narrative.rows import matrix_rows

__all__ = ["Entry", "Narrative", "read_document"]

HEADER = "a condition on indices: what follows is read under it"
NOTHING = "nothing is left of it without words, conditions, comments and spacing"
CONDITION = "a condition on indices, not a claim"
EXPRESSION = "an expression, not a claim: it has no relation"
CONSTANT = re.compile(r"([A-Za-z])\s*(?:\\text\s*\{)?[\s}]*(?:是常数|为常数|是常數|is (?:a )?constant)")
CONSTANT_LETTERS = ("C", "c")
SHORT, LOOK_BACK = 12, 80


@dataclass(frozen=True)
class Narrative:
    """All entries of a document in order, what was known at its end, and what was inferred."""

    entries: tuple[Entry, ...]
    context: Context
    table: SymbolTable
    inferred: tuple[str, ...] = ()
    problems: tuple[tuple[int, str], ...] = ()


def read_document(document: Document, given: tuple[str, ...] = (), step: Callable[[], str] = str) -> Narrative:
    """The entries of a document.

    Args:
        given: definitions and assumptions that hold from its first line on.
        step: called before each formula; if it does not return "", the formula is left unread with that as the reason.
    """
    return _Walker(document, given).narrative(step)


class _Walker:
    def __init__(self, document: Document, given: tuple[str, ...]) -> None:
        blocks = tuple(expanded(b, document.macros) if isinstance(b, Formula) else b for b in document.blocks)
        self.document = document = replace(document, blocks=blocks)
        texts = [f.latex for f in document.formulas if f.kind != "plain"]
        plain = [f.latex for f in document.formulas if f.kind == "plain"]
        said = declared(tuple(b for b in document.blocks if isinstance(b, Declaration)), SymbolTable())
        extra = [s.latex for s in said.stated if isinstance(s, Stated)]
        self.table = said.table.observing([*texts, *extra, *given])
        if plain:
            self.table = self.table.observing(plain, True)
        formulas = [*texts, *extra, *given]
        main = main_size(formulas, self.table)
        shown = {name: span for name, span in ranges_shown(formulas, self.table).items() if span != (1, main)}
        self.table = replace(with_ranges(self.table, shown).with_size(main), default_size=main)
        self.table = introducing(self.table, formulas)
        self.context = _declared_ranges(self.table, said.families, main)
        self.entries: list[Entry] = []
        self.inferred = [f"{name} runs over {low}..{high}, as the sums show"
                         for name, (low, high) in sorted(shown.items())]
        if main != "n":
            self.inferred.append(f"indices run over 1..{main} unless something else is said")
        self.problems = [(p.line, p.text) for p in said.problems]
        self.last_words = ""
        self.seen: set[str] = set()
        self.local: list[Assumption] = []
        self.examples = 0
        self.given_at: dict[str, int] = {}
        self.declared_families = frozenset(name for name, _ in said.families)
        self.lead = ""
        for latex in given:
            self._state(latex, 0)
        for stated in said.stated:
            if isinstance(stated, OneHotStated):
                at = terms.index(stated.at) if stated.at and not stated.at.isdigit() else None
                self.context = self.context.assume(OneHot(terms.family(stated.family), at))
            else:
                self._state(stated.latex, stated.line, stated.kind)

    def narrative(self, step: Callable[[], str]) -> Narrative:
        cases, said = Cases(), ""
        for paragraph in paragraphs(self.document.blocks):
            for one in cases.placed(paragraph):
                if one.fresh:
                    self.local = []
                if one.said is not said:
                    self._one_hot(one.said, one.sentence)
                    said = one.said
                self.lead = one.before if one.before.strip() else self.lead
                written, listed = one.formula.latex, len(self.entries)
                if reason := step():
                    self._unread(one.formula, 0, len(written), written, reason)
                else:
                    self._formula(one)
                if len(self.entries) == listed and re.search(r"\w", written):
                    self._unread(one.formula, 0, len(written), written, NOTHING)
                self.lead = ""
            self._one_hot(paragraph.text)
            if paragraph.words.strip():
                self.last_words = self.lead = paragraph.words.strip()[-200:]
        context = explained(self.context)
        entries = reviewed(self.entries, self.context, context, self.declared_families)
        return Narrative(entries, context, self.table, tuple(self.inferred), tuple(self.problems))

    # -- what is stated outside the text ------------------------------------------------------------------------

    def _state(self, latex: str, line: int, kind: str = "") -> None:
        reading = read_formula(latex, self.table, taken=taken_letters(self.context, self.table))
        if reading.unread:
            self.problems.append((line, f"{latex}: {reading.unread[0].message}"))
        for statement in reading.statements:
            for relation in statement.relations:
                for claim in relation.claims:
                    found = role_of(claim, self.context, STATED)
                    if found.definition is not None:
                        self.context = self.context.define(found.definition)
                    elif kind != "define" or not circular(claim, self.context):
                        self._assume(fact_of(claim), line)
                    else:
                        self.problems.append((line, f"{latex}: defines a quantity by itself"))

    def _assume(self, fact: Fact, line: int) -> bool:
        """Take an assumption up unless it contradicts what is known."""
        if satisfiable(self.context.assume(fact)) is False:
            self.problems.append((line, f"{fact.latex}: contradicts what is assumed already"))
            return False
        self.context = self.context.assume(fact)
        return True

    def _one_hot(self, text: str, sentence: str = "") -> None:
        for said in (*(s for s in one_hot(text) if not s.here_only), *(s for s in one_hot(sentence) if s.here_only)):
            hot = OneHot(terms.family(said.name))
            told = (*self.context.assumptions, *self.local)
            known = any(isinstance(a, OneHot) and a.family == hot.family for a in told)
            if self.table.arity_of(said.name) != 1 or known:
                continue
            if said.here_only:
                self.local.append(hot)
            else:
                self.context = self.context.assume(hot)
                self.inferred.append(f"{said.name} is one-hot, as the text says")

    # -- formulas -----------------------------------------------------------------------------------------------

    def _formula(self, placed: Placed) -> None:
        formula = placed.formula
        if placed.header:
            self._unread(formula, 0, len(formula.latex), formula.latex, HEADER)
            return
        if formula.problem:
            self._unread(formula, 0, len(formula.latex), formula.latex, formula.problem)
            return
        taken = taken_letters(self.context.assume(*self.local), self.table, placed.case)
        reading = read_formula(formula.latex, self.table, formula.kind == "plain", taken=taken)
        if not reading.statements:
            for part in reading.unread[:1]:
                self._unread(formula, part.start, part.end, formula.latex, _expected(part))
            return
        statements = reading.statements
        for position, statement in enumerate(statements):
            defined = position > 0 and self.entries and self.entries[-1].settled is not None \
                and self.entries[-1].settled.kind is Kind.DEFINITION
            self._statement(placed, statement, follows=bool(defined))

    def _statement(self, placed: Placed, statement: ReadStatement, follows: bool) -> None:
        formula = placed.formula
        if statement.bare:
            self.seen |= {name_of(node) for side in statement.sides if side is not None
                          for node in side.atoms(Symbol, Indexed)}
            start, end = statement.spans[0] if statement.spans else (0, len(formula.latex))
            if statement.unread:
                part = statement.unread[0]
                self._unread(formula, part.start, part.end, formula.latex[start:end], _expected(part))
            else:
                self._unread(formula, start, end, formula.latex[start:end], EXPRESSION)
            return
        for found in statement.ranges:
            self.context = self.context.with_range(found.symbol, Range(found.low, found.high))
        for position, relation in enumerate(statement.relations):
            self._relation(placed, statement, relation, position, follows)

    def _relation(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int,
                  follows: bool) -> None:
        start, end = _span(relation)
        entry = Entry(placed.formula, start, end, relation.latex, relation.relation, self.context, relation.claims,
                      notes=statement.notes, statement=statement, position=position)
        if relation.unread is not None:
            part = relation.unread
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, _expected(part)), start=start, end=end))
            return
        if relation.hole and not relation.claims:
            self._add(replace(entry, hole=True, context=self._here(placed, statement),
                              settled=Verdict(Kind.UNREAD, "a hole: it is filled by prove, not judged")))
            return
        if not relation.claims:
            declares = statement.declares or statement.ranges
            message = "declares what it names" if declares else "no relation that could be judged"
            self._add(replace(entry, settled=Verdict(Kind.DEFINITION if declares else Kind.UNREAD, message)))
            return
        self._role(placed, statement, relation, entry, follows)

    def _role(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry,
              follows: bool) -> None:
        open_ = left_open(placed.before, placed.after)
        onwards = not open_ and (follows or assuming(placed.before) or assuming(statement.lead))
        here_only = not onwards and not open_ and holds_here(placed.before)
        here = self._here(placed, statement)
        relation = replace(relation, claims=tuple(applied(c, here) for c in relation.claims))
        entry = replace(entry, claims=relation.claims)
        here = _with_constants(here, relation.claims)
        claim = relation.claims[0]
        cues = self._cues(placed, relation, entry.position, onwards or here_only)
        found = role_of(claim, here, cues, frozenset(self.seen))
        self.seen |= {name_of(node) for c in relation.claims for side in (c.left, c.right)
                      for node in side.atoms(Symbol, Indexed)}
        if len(relation.claims) > 1 and found.role is not Role.ASSUMPTION:
            found = replace(found, role=Role.CLAIM)
        if open_ and found.role is Role.DEFINITION:
            found = replace(found, role=Role.ASSUMPTION)
        if found.role in (Role.DEFINITION, Role.RESTATED):
            self._add(replace(entry, context=here, settled=Verdict(Kind.DEFINITION, found.message)))
            self._defined(placed, claim, found, entry)
        elif found.role is Role.HEADER:
            message = HEADER if placed.case is not None else CONDITION
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, message)))
        elif found.role is Role.ASSUMPTION:
            self._assumption(entry, relation, onwards, here_only, open_)
        else:
            self._add(replace(entry, context=here))
            for start, end, latex, row in matrix_rows(placed.formula.latex, relation):
                self._add(replace(entry, context=here, start=start, end=end, latex=latex, claims=(row,),
                                  statement=None))

    def _cues(self, placed: Placed, relation: ReadRelation, position: int, assumed: bool) -> Cues:
        """What the words before the formula say of its relation at `position`."""
        words = placed.before if len(placed.before.strip()) > SHORT else self.last_words[-LOOK_BACK:] + placed.before
        head = relation.claims[0].left
        name = name_of(head) if isinstance(head, (Symbol, Indexed, Call)) else ""
        newer = self.examples > self.given_at.get(name, self.examples)
        first = position == 0
        return Cues(
            defining=relation.is_definition or (first and defining(words[-LOOK_BACK:])),
            naming=relation.is_definition or (first and naming(self.lead)),
            example=first and (newer or exemplifying(self.lead)),
            assuming=assumed, postulating=postulating(placed.before),
            concluding=first and not assumed and concluding(placed.before))

    def _defined(self, placed: Placed, claim: Claim, found: Reading, entry: Entry) -> None:
        source = f"line {placed.formula.position(entry.start)[0]}"
        if isinstance(claim.right, Vector) or "another value" in found.message:
            self.examples += 1
        if found.recurrent and found.recurrent not in self.context.recurrent:
            self.context = replace(self.context, recurrent=(*self.context.recurrent, found.recurrent))
        if found.definition is None:
            return
        self.given_at[name_of(found.definition.head)] = self.examples
        self.context = self.context.define(replace(found.definition, source=source))
        if "read as" in found.message or "anew" in found.message:
            self.inferred.append(f"{found.message} ({source})")

    def _assumption(self, entry: Entry, relation: ReadRelation, onwards: bool, here_only: bool, open_: bool) -> None:
        line = entry.formula.position(entry.start)[0]
        facts: list[Assumption] = [fact_of(claim) for claim in relation.claims]
        if satisfiable(self.context.assume(*self.local, *facts)) is False:
            self._add(replace(entry, settled=Verdict(Kind.REFUTED, "contradicts what is assumed already")))
            return
        known = {(a.left, a.relation, a.right) for a in self.context.assumptions if isinstance(a, Fact)}
        if all(isinstance(f, Fact) and (f.left, f.relation, f.right) in known for f in facts):
            self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, "repeats what is assumed already")))
            return
        if onwards:
            self.context = self.context.assume(*facts)
            message = "assumed from here on"
        elif here_only:
            self.local += facts
            message = "assumed in this paragraph and the formulas that follow it"
        elif open_:
            message = "the words around it leave it open or deny it, so no proof uses it"
        else:
            message = "an assumption; no words such as 'assume' or 'because' take it up, so no proof uses it"
        self.inferred.append(f"{relation.latex} is an assumption (line {line})")
        self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, message)))

    def _here(self, placed: Placed, statement: ReadStatement) -> Context:
        """What is known at a statement: the context so far, its case, and the conditions written beside it."""
        context = self.context.assume(*self.local)
        for remark in statement.remarks:
            for claim in remark.conditions:
                differs = claim.relation == "!="
                context = context.assume(Fact(claim.left, "!=", claim.right) if differs else fact_of(claim))
            for name in CONSTANT.findall(remark.text):
                context = replace(context, constants=(*context.constants, name))
        return context if placed.case is None else context.assume(_case_fact(placed.case))

    # -- entries --------------------------------------------------------------------------------------------------

    def _unread(self, formula: Formula, start: int, end: int, latex: str, message: str) -> None:
        self._add(Entry(formula, start, end, latex, "", self.context, settled=Verdict(Kind.UNREAD, message)))

    def _add(self, entry: Entry) -> None:
        self.entries.append(entry)

def _span(relation: ReadRelation) -> tuple[int, int]:
    """From the left side if it stands in the row of the right side, else from the right side."""
    start = relation.left_span[0] if relation.left_span[0] >= relation.row_start else relation.right_span[0]
    return start, max(relation.right_span[1], start)


def _expected(part: object) -> str:
    message, expected = getattr(part, "message", ""), getattr(part, "expected", "")
    return f"{message}: expected {expected}" if expected and "expected" not in message else message


def _case_fact(case: IndexCase) -> Fact:
    other: Expr = Integer(case.right) if case.right.isdigit() else terms.index(case.right)
    return Fact(terms.index(case.left), case.relation, other)


def _with_constants(context: Context, claims: tuple[Claim, ...]) -> Context:
    """By custom C is a constant where nothing defines it and it is differentiated by a scalar: (C)' = 0."""
    names = {p.expr.name for c in claims for side in (c.left, c.right) for p in side.atoms(Partial)
             if isinstance(p.expr, Symbol) and isinstance(p.variable, Symbol) and p.expr.name in CONSTANT_LETTERS}
    known = {name_of(d.head) for d in context.definitions}
    return replace(context, constants=(*context.constants, *sorted(names - known)))


def _declared_ranges(table: SymbolTable, families: tuple[tuple[str, tuple[str, ...]], ...], main: str) -> Context:
    """A context with the main size, the ranges of declared indices and the shapes of families declared with them."""
    context = Context(constants=tuple(sorted(table.constants)), size=terms.size(main))
    for name, span in table.ranges:
        context = context.with_range(terms.index(name), span)
    for name, positions in families:
        context = context.with_shape(name, [context.range_of(terms.index(p)) for p in positions])
    return context
