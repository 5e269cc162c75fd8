"""A document read from top to bottom: each relation with its role and with what is known where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Indexed, Symbol

from derive.documents import Declaration, Document, Formula
from derive.judge.points.satisfying import satisfiable
from derive.judge.verdict import Kind, Verdict
from derive.latex.reading import ReadRelation, ReadStatement, read_formula
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cut
from derive.latex.tokens.errors import UnreadPart
from derive.latex.vectors.names import introducing
from derive.narrative.doubts import in_doubt, is_value, names_in, no_definition, tied
from derive.narrative.entries import Entry, expected, has_hole, may_relate, reviewed, span_of
from derive.narrative.explanation import explained_as
from derive.narrative.known import Known, with_constants
from derive.narrative.names.declarations import OneHotStated, Stated, declared
from derive.narrative.names.letters import taken_letters
from derive.narrative.names.macros import expanded
from derive.narrative.names.ranges import declared_ranges, main_size, ranges_shown, with_ranges
from derive.narrative.names.spaces import read_as_number, vectors_in
from derive.narrative.roles import (
    STATED,
    Cues,
    Reading,
    Role,
    applied,
    circular,
    explained,
    fact_of,
    is_constraint,
    is_head,
    role_of,
)
from derive.narrative.rows import matrix_rows
from derive.narrative.structure import Found, structure
from derive.narrative.words.cases import GAP
from derive.narrative.words.paragraphs import Cases, Placed, paragraphs
from derive.narrative.words.prose import (
    assuming,
    concluding,
    conditioned,
    defining,
    exemplifying,
    holds_here,
    inferred,
    left_open,
    naming,
    one_hot,
    postulating,
)
from derive.narrative.words.reach import for_a_while, hypothetical, particular, passing, replacing, said_of_claim
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial, Vector

__all__ = ["Entry", "Narrative", "read_document"]

LISTED = frozenset({Why.READ_AS_DEFINITION, Why.DEFINES_ANEW})
"""The definitions of which a reader has to know that they were taken for one."""
AFTER_ONE = re.compile(rf"(?:{GAP}[\s,]*|\s{{3,}},\s*)$")  # blanks: a formula
OWN_WORD = re.compile(r"\b(?:for|if|when|then|hence|so|thus|therefore)\b", re.IGNORECASE)
SHORT, LOOK_BACK = 12, 80


@dataclass(frozen=True)
class Narrative:
    """All entries of a document in order, what was known at its end, and what was inferred."""

    entries: tuple[Entry, ...]
    context: Context
    table: SymbolTable
    inferred: tuple[Reason, ...] = ()
    problems: tuple[tuple[int, Reason], ...] = ()
    structure: tuple[Found, ...] = ()


def read_document(document: Document, given: tuple[str, ...] = (),
                  step: Callable[[], Reason | None] = lambda: None) -> Narrative:
    """The entries of a document.

    Args:
        given: definitions and assumptions that hold from its first line on.
        step: called before each formula; if it returns a reason, the formula is left unread with that as the reason.
    """
    return _Walker(document, given).narrative(step)


class _Walker:
    def __init__(self, document: Document, given: tuple[str, ...]) -> None:
        blocks = tuple(expanded(b, document.macros) if isinstance(b, Formula) else b for b in document.blocks)
        self.document = document = replace(document, blocks=blocks)
        self.cuts: dict[tuple[str, bool], Cut] = {}
        texts = [self._cut(f.latex) for f in document.formulas if f.kind != "plain"]
        plain = [self._cut(f.latex, True) for f in document.formulas if f.kind == "plain"]
        said = declared(tuple(b for b in document.blocks if isinstance(b, Declaration)), SymbolTable())
        formulas = [*texts, *(self._cut(s.latex) for s in said.stated if isinstance(s, Stated)), *map(self._cut, given)]
        self.table = observe(said.table, formulas)
        if plain:
            self.table = observe(self.table, plain)
        main = main_size(formulas, self.table)
        shown = {name: span for name, span in ranges_shown(formulas, self.table).items() if span != (1, main)}
        self.table = replace(with_ranges(self.table, shown).with_size(main), default_size=main)
        self.table = introducing(self.table, formulas)
        self.known = Known(declared_ranges(self.table, said.families, main))
        self.entries: list[Entry] = []
        self.inferred = [because(Why.RUNS_OVER, name=name, low=str(low), high=str(high))
                         for name, (low, high) in sorted(shown.items())]
        if main != "n":
            self.inferred.append(because(Why.MAIN_RANGE, size=main))
        self.problems = [(p.line, because(Why.BAD_DECLARATION, problem=p.text)) for p in said.problems]
        self.last_words = ""
        self.seen: set[str] = set()
        self.unread_heads: dict[str, int] = {}
        self.examples = 0
        self.given_at: dict[str, int] = {}
        self.declared_families = frozenset(name for name, _ in said.families)
        self.lead = ""
        self.spaces = vectors_in(document, self._cut_of) - {(name, 0) for name in self.table.scalars}
        for latex in given:
            self._state(latex, 0)
        for stated in said.stated:
            if isinstance(stated, OneHotStated):
                at = terms.index(stated.at) if stated.at and not stated.at.isdigit() else None
                self.known.context = self.known.context.assume(OneHot(terms.family(stated.family), at))
            else:
                self._state(stated.latex, stated.line, stated.kind)

    def _cut(self, latex: str, plain: bool = False) -> Cut:
        """A formula in tokens; it is cut once."""
        key = latex, plain
        if key not in self.cuts:
            self.cuts[key] = cut(latex, plain)
        return self.cuts[key]

    def _cut_of(self, formula: Formula) -> Cut:
        return self._cut(formula.latex, formula.kind == "plain")

    def narrative(self, step: Callable[[], Reason | None]) -> Narrative:
        cases, said = Cases(), ""
        for paragraph in paragraphs(self.document.blocks, self._cut_of):
            for one in cases.placed(paragraph):
                if one.fresh:
                    self.known.local = []
                self.known.enter(one.scope)
                if one.withdrawn or one.freed:
                    self.known.withdraw(None if one.withdrawn else one.freed)
                if one.said is not said:
                    self._one_hot(one.said, one.sentence)
                    said = one.said
                self.lead = one.before if one.before.strip() else self.lead
                written, listed = one.formula.latex, len(self.entries)
                if (reason := step()) is not None:
                    self._unread(one.formula, 0, len(written), written, reason)
                else:
                    self._formula(one)
                if len(self.entries) == listed and re.search(r"\w", written):
                    self._unread(one.formula, 0, len(written), written, because(Why.NOTHING_LEFT))
                self.lead = ""
            self._one_hot(paragraph.text)
            if paragraph.words.strip():
                self.last_words = self.lead = paragraph.words.strip()[-200:]
        context = explained(self.known.context)
        entries = reviewed(self.entries, self.known.context, context, self.declared_families, self.spaces)
        return Narrative(entries, context, self.table, tuple(self.inferred), tuple(self.problems),
                         structure(self.document.formulas, self._cut_of))

    # -- what is stated outside the text ------------------------------------------------------------------------

    def _state(self, latex: str, line: int, kind: str = "") -> None:
        reading = read_formula(self._cut(latex), self.table, taken=taken_letters(self.known.context, self.table))
        if reading.unread:
            self.problems.append((line, because(Why.ABOUT, latex=latex, problem=reading.unread[0].reason)))
        for statement in reading.statements:
            for relation in statement.relations:
                for claim in relation.claims:
                    found = role_of(claim, self.known.context, STATED)
                    if found.definition is not None:
                        self.known.context = self.known.context.define(found.definition)
                    elif kind != "define" or not circular(claim, self.known.context):
                        self._assume(fact_of(claim), line)
                    else:
                        self.problems.append((line, because(Why.ABOUT, latex=latex, problem=because(Why.CIRCULAR))))

    def _assume(self, fact: Fact, line: int) -> bool:
        """Take an assumption up unless it contradicts what is known."""
        if satisfiable(self.known.context.assume(fact)) is False:
            self.problems.append((line, because(Why.ABOUT, latex=fact.latex, problem=because(Why.CONTRADICTS))))
            return False
        self.known.context = self.known.context.assume(fact)
        return True

    def _one_hot(self, text: str, sentence: str = "") -> None:
        for said in (*(s for s in one_hot(text) if not s.here_only), *(s for s in one_hot(sentence) if s.here_only)):
            hot = OneHot(terms.family(said.name))
            if self.table.arity_of(said.name) != 1 or self.known.is_one_hot(hot.family):
                continue
            if said.here_only:
                self.known.local.append(hot)
            else:
                self.known.context = self.known.context.assume(hot)
                self.known.taken.append(hot)
                self.inferred.append(because(Why.ONE_HOT, name=said.name))

    # -- formulas -----------------------------------------------------------------------------------------------

    def _formula(self, placed: Placed) -> None:
        formula = placed.formula
        if placed.header:
            self._unread(formula, 0, len(formula.latex), formula.latex, because(Why.CONDITION_HEADER), relation=None)
            return
        if formula.problem:
            self._unread(formula, 0, len(formula.latex), formula.latex, because(Why.BAD_FORMULA, problem=formula.problem))
            return
        taken = taken_letters(self.known.context.assume(*self.known.local), self.table, placed.case)
        reading = read_formula(self._cut_of(formula), self.table, taken=taken)
        if not reading.statements:
            for part in reading.unread[:1]:
                self._unread(formula, 0, len(formula.latex), formula.latex, expected(part), part)
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
                written = "" if may_relate(part, formula.latex, start, end) else None
                self._unread(formula, start, end, formula.latex[start:end], expected(part), part, written)
            else:
                self._unread(formula, start, end, formula.latex[start:end], because(Why.EXPRESSION), relation=None)
            return
        for found in statement.ranges:
            self.known.context = self.known.context.with_range(found.symbol, Range(found.low, found.high))
        for position, relation in enumerate(statement.relations):
            self._relation(placed, statement, relation, position, follows)

    def _relation(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int,
                  follows: bool) -> None:
        start, end = span_of(relation)
        entry = Entry(placed.formula, start, end, relation.latex, relation.relation, self.known.context, relation.claims,
                      notes=statement.notes, statement=statement, position=position)
        if relation.unread is not None:
            part = relation.unread
            self._unread_head(placed, statement, relation, position)
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, expected(part)), at=part, hole=relation.hole))
            return
        if relation.hole and not relation.claims:
            here = self.known.here(placed.case, statement.remarks)
            asked = tuple(Claim(side, "=", side) for side in statement.sides[position:position + 2] if side is not None)
            self._add(replace(entry, hole=True, context=here, settled=Verdict(Kind.UNREAD, because(Why.HOLE)),
                              doubt=in_doubt(asked, here, self.unread_heads)))
            return
        if not relation.claims:
            declares = statement.declares or statement.ranges
            why = Why.DECLARES if declares else Why.NO_RELATION
            self._add(replace(entry, settled=Verdict(Kind.DEFINITION if declares else Kind.UNREAD, because(why))))
            return
        self._role(placed, statement, relation, entry, follows)

    def _unread_head(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int) -> None:
        """Remember the name that an equation would define if its right side were read."""
        head = statement.sides[0] if statement.sides else None
        if position > 0 or relation.relation != "=" or head is None or not is_head(head):
            return
        if not isinstance(head, Partial) and not Unfolder(self.known.context).defines(head):
            self.unread_heads.setdefault(name_of(head), placed.formula.position(relation.left_span[0])[0])

    def _role(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry,
              follows: bool) -> None:
        denied = left_open(placed.before, placed.after)
        open_ = denied or hypothetical(placed.before, placed.after, placed.sentence)
        taken_up = not open_ and (follows or assuming(placed.before) or assuming(statement.lead))
        onwards = taken_up and not passing(placed.before, placed.after)
        here_only = not onwards and not open_ and (taken_up or holds_here(placed.before))
        if placed.formula.kind == "display" and AFTER_ONE.search(placed.before) and not assuming(statement.lead):
            onwards = here_only = False  # what is shown after "If A," is no second hypothesis
        here = self.known.here(placed.case, statement.remarks)
        relation = replace(relation, claims=tuple(applied(c, here) for c in relation.claims))
        entry = replace(entry, claims=relation.claims)
        here = with_constants(here, relation.claims)
        claim = relation.claims[0]
        cues = self._cues(placed, relation, entry.position, onwards or here_only)
        found = role_of(claim, here, cues, frozenset(self.seen))
        if found.role is Role.CLAIM and not cues.concluding and (name := tied(claim, here, self.seen)):
            self.unread_heads[name] = placed.formula.position(entry.start)[0]
            self._add(replace(entry, context=here, settled=Verdict(Kind.UNREAD, because(Why.TIED_NAME, name=name))))
            return
        self.seen |= {name_of(node) for c in relation.claims for side in (c.left, c.right)
                      for node in side.atoms(Symbol, Indexed)}
        if len(relation.claims) > 1 and found.role is not Role.ASSUMPTION:
            found = replace(found, role=Role.CLAIM)
        alone = found.role is Role.CLAIM and len(statement.relations) == 1
        if alone and conditioned(placed.before, relation.relation) and is_constraint(claim, here):
            found, onwards, here_only = replace(found, role=Role.ASSUMPTION), False, not open_
        if found.definition is not None and not (cues.naming or cues.defining or cues.example or cues.assuming):
            name = name_of(found.definition.head)
            if (doubt := no_definition(found.definition, self.known.context, self.unread_heads)) is not None:
                self._add(replace(entry, context=here, settled=Verdict(Kind.UNREAD, doubt)))
                return
            if inferred(self._words(placed)) and any(name in names_in(a) for a in here.assumptions):
                found = Reading(Role.CLAIM)  # it follows from what is assumed of the name, or it does not
        if found.role is Role.RESTATED and read_as_number(claim, here, self.spaces):
            found = Reading(Role.CLAIM)  # AB and BA are the same only for numbers
        if found.definition is not None and for_a_while(placed.before, placed.after) and is_value(found.definition, here):
            found, onwards, here_only = Reading(Role.ASSUMPTION), False, not open_
        if denied and found.role is Role.DEFINITION:
            found = replace(found, role=Role.ASSUMPTION)
        if found.role in (Role.DEFINITION, Role.RESTATED):
            self._add(replace(entry, context=here, settled=Verdict(Kind.DEFINITION, found.reason)))
            self._defined(placed, claim, found, entry)
        elif found.role is Role.HEADER:
            why = Why.CONDITION_HEADER if placed.case is not None else Why.INDEX_CONDITION
            self._add(replace(entry, relation=None, settled=Verdict(Kind.UNREAD, because(why))))
        elif found.role is Role.ASSUMPTION:
            self._assumption(entry, relation, onwards, here_only, open_, placed)
        else:
            entry = replace(entry, doubt=in_doubt(relation.claims, here, self.unread_heads))
            self._add(replace(entry, context=here))
            for start, end, latex, row in matrix_rows(self._cut_of(placed.formula), relation):
                self._add(replace(entry, context=here, start=start, end=end, latex=latex, claims=(row,),
                                  statement=None))

    def _words(self, placed: Placed) -> str:
        """The words before a formula, with the end of the paragraph before it where there are few."""
        own = len(placed.before.strip()) > SHORT or OWN_WORD.search(placed.before)
        return placed.before if own else self.last_words[-LOOK_BACK:] + placed.before

    def _cues(self, placed: Placed, relation: ReadRelation, position: int, assumed: bool) -> Cues:
        """What the words before the formula say of its relation at `position`."""
        words = self._words(placed)
        head = relation.claims[0].left
        name = name_of(head) if isinstance(head, (Symbol, Indexed, Call)) else ""
        newer = self.examples > self.given_at.get(name, self.examples)
        first = position == 0
        return Cues(
            defining=relation.is_definition or (first and defining(words[-LOOK_BACK:])),
            naming=relation.is_definition or (first and naming(self.lead)),
            example=first and (newer or exemplifying(self.lead)),
            assuming=assumed, postulating=postulating(placed.before), updating=relation.is_definition,
            concluding=first and not assumed and concluding(placed.before))

    def _defined(self, placed: Placed, claim: Claim, found: Reading, entry: Entry) -> None:
        line = placed.formula.position(entry.start)[0]
        why = found.reason.why if found.reason is not None else None
        if isinstance(claim.right, Vector) or why is Why.ANOTHER_VALUE:
            self.examples += 1
        if found.recurrent and found.recurrent not in self.known.context.recurrent:
            self.known.context = replace(self.known.context, recurrent=(*self.known.context.recurrent, found.recurrent))
        if found.definition is None:
            return
        self.given_at[name_of(found.definition.head)] = self.examples
        self.unread_heads.pop(name_of(found.definition.head), None)
        self.known.context = self.known.context.define(replace(found.definition, source=f"line {line}"))
        self.known.lines[found.definition.head] = line
        if found.reason is not None and why in LISTED:
            self.inferred.append(because(Why.IN_LINE, what=found.reason, line=line))

    def _assumption(self, entry: Entry, relation: ReadRelation, onwards: bool, here_only: bool, open_: bool,
                    placed: Placed) -> None:
        line = entry.formula.position(entry.start)[0]
        facts: list[Assumption] = [fact_of(claim) for claim in relation.claims]
        if particular(placed.before):
            facts = [replace(fact, forall=()) for fact in facts if isinstance(fact, Fact)]
        if not open_ and self._said_of_last(facts, entry, said_of_claim(placed.before), onwards or here_only):
            return
        instead = replacing(placed.before) or (here_only and for_a_while(placed.before, placed.after))
        if not open_ and not self.known.makes_room(facts, placed.formula.paragraph, onwards or here_only, instead):
            self._add(replace(entry, settled=Verdict(Kind.REFUTED, because(Why.CONTRADICTS))))
            return
        if self.known.repeats(facts):
            self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.REPEATS_ASSUMPTION))))
            return
        self.known.lines |= dict.fromkeys(facts, line)
        if onwards:
            self.known.assume(facts, placed.formula.paragraph, placed.within)
            why = Why.ASSUMED_ONWARDS
        elif here_only:
            self.known.assume_here(facts, placed.formula.paragraph, placed.within)
            why = Why.ASSUMED_HERE
        elif open_:
            why = Why.LEFT_OPEN
            self.known.said |= dict.fromkeys(facts, line)
        else:
            why = Why.NOT_TAKEN_UP
            self.known.said |= dict.fromkeys(facts, line)
        self.inferred.append(because(Why.IS_ASSUMPTION, latex=relation.latex, line=line))
        self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(why))))

    def _said_of_last(self, facts: list[Assumption], entry: Entry, said: bool, beside: bool) -> bool:
        """Judge the claim right before a condition under it: ``|x| = x if x > 0``; False if none stands there."""
        last = self.entries[-1] if self.entries else None
        if last is None or last.settled is not None or last.formula.paragraph != entry.formula.paragraph \
                or not (said or (beside and last.formula is entry.formula)):  # "|x| = x \text{ where } x > 0"
            return False
        context = last.context.assume(*facts)
        if satisfiable(context) is False:
            context = replace(last.context, assumptions=()).assume(*facts)
            if satisfiable(context) is False:
                return False
        self.entries[-1] = replace(last, context=context)
        self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.CONDITION_OF_LAST))))
        return True

    # -- entries --------------------------------------------------------------------------------------------------

    def _unread(self, formula: Formula, start: int, end: int, latex: str, reason: Reason, at: UnreadPart | None = None,
                relation: str | None = "") -> None:
        verdict = Verdict(Kind.UNREAD, reason)
        hole = relation is not None and has_hole(self._cut_of(formula).tokens)
        self._add(Entry(formula, start, end, latex, relation, self.known.context, settled=verdict, at=at, hole=hole))

    def _add(self, entry: Entry) -> None:
        if entry.relation is not None and entry.statement is not None:
            told = explained_as(entry.settled, entry.claims, entry.position, entry.context, self.known.lines, self.known.said)
            entry = replace(entry, explanation=told)
        self.entries.append(entry)
