"""A document read from top to bottom: each relation with its role and with what is known where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Indexed, Integer, Symbol

from derive.documents import Declaration, Document, Formula
from derive.judge.points.satisfying import satisfiable
from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.reading import ReadRelation, ReadStatement, read_formula
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cut
from derive.latex.tokens.errors import UnreadPart
from derive.latex.vectors.names import introducing
from derive.narrative.choices import Choices
from derive.narrative.continued import continued
from derive.narrative.doubts import in_doubt, names_in, no_definition, one_sided, reached, tied
from derive.narrative.entries import Entry, expected, has_hole, may_relate, reviewed, span_of
from derive.narrative.explanation import explained_as
from derive.narrative.known import Known, with_constants
from derive.narrative.names.customary import described, powers_of
from derive.narrative.names.declarations import OneHotStated, Stated, declared
from derive.narrative.names.letters import taken_letters
from derive.narrative.names.macros import expanded
from derive.narrative.names.places import at_home, places_shown
from derive.narrative.names.ranges import declared_ranges, main_size, ranges_shown, with_ranges
from derive.narrative.names.spaces import read_as_number, vectors_in
from derive.narrative.roles.applying import applied, circular, explained
from derive.narrative.roles.features import STATED, TAKEN_UP, Features, Reading, Role
from derive.narrative.roles.heads import is_head, name_of_head
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.roles.table import role_of
from derive.narrative.rows import matrix_rows
from derive.narrative.structure import Found, structure
from derive.narrative.words.grammar import Lead, read
from derive.narrative.words.paragraphs import Cases, Placed, Spoken, paragraphs
from derive.narrative.words.scopes import BEFORE
from derive.narrative.words.tables import GAP
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Definition, Fact, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial

__all__ = ["Entry", "Narrative", "read_document"]

SIGNS = {"positive": ">", "nonnegative": ">=", "negative": "<", "nonzero": "!="}


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
        self.cuts: dict[tuple[str, bool], Cut] = {}
        self.document = document = replace(document, blocks=continued(blocks, self._cut_of))
        texts = [self._cut(f.latex) for f in document.formulas if f.kind != "plain"]
        plain = [self._cut(f.latex, True) for f in document.formulas if f.kind == "plain"]
        said = declared(tuple(b for b in document.blocks if isinstance(b, Declaration)), SymbolTable())
        formulas = [*texts, *(self._cut(s.latex) for s in said.stated if isinstance(s, Stated)), *map(self._cut, given)]
        self.table = observe(said.table, formulas)
        if plain:
            self.table = observe(self.table, plain)
        self.customary = described(formulas + plain, self.table)
        for name in sorted(self.customary):
            self.table = self.table.with_scalar(name)
        main = main_size(formulas, self.table)
        shown = {name: span for name, span in ranges_shown(formulas, self.table).items() if span != (1, main)}
        self.table = replace(with_ranges(self.table, shown).with_size(main), default_size=main)
        self.table = introducing(self.table, formulas)
        self.places = places_shown(formulas, self.table)
        self.told = {name for name, _ in said.table.ranges}
        self.known = Known(declared_ranges(self.table, said.families, main))
        self.entries: list[Entry] = []
        self.inferred = [because(Why.RUNS_OVER, name=name, low=str(low), high=str(high))
                         for name, (low, high) in sorted(shown.items())]
        if main != "n":
            self.inferred.append(because(Why.MAIN_RANGE, size=main))
        self.problems = [(p.line, because(Why.BAD_DECLARATION, problem=p.text)) for p in said.problems]
        self.seen: set[str] = set()
        self.unread_heads: dict[str, int] = {}
        self.narrowed: dict[str, tuple[int, frozenset[str]]] = {}
        self.homes: dict[str, tuple[frozenset[str], int]] = {}
        self.labels: set[str] = set()
        self.sentence = self.reading = 0
        self.based = False
        self.led = -1
        self.pieces: dict[str, int] = {}
        self.stepped: set[str] = set()
        self.before: frozenset[str] = frozenset()
        self.choices = Choices.of([self._cut_of(f) for f in document.formulas], self.table)
        self.declared_families = frozenset(name for name, _ in said.families)
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
        cases = Cases()
        for paragraph in paragraphs(self.document.blocks, self._cut_of):
            for one in cases.placed(paragraph):
                self._begins(one)
                self.reading = one.sentence
                self.based = self.based or one.based
                written, listed = one.formula.latex, len(self.entries)
                if (reason := step()) is not None:
                    self._unread(one.formula, 0, len(written), written, reason)
                else:
                    self._formula(one)
                if len(self.entries) == listed and any(letter.isalnum() for letter in written):
                    self._unread(one.formula, 0, len(written), written, because(Why.NOTHING_LEFT))
        context = explained(self.known.context)
        entries = reviewed(self.entries, self.known.context, context, self.declared_families, self.spaces)
        return Narrative(entries, context, self.table, tuple(self.inferred), tuple(self.problems), frozenset(self.labels),
                         structure(self.document.formulas, self._cut_of))

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

    # -- what is stated outside the text ------------------------------------------------------------------------

    def _state(self, latex: str, line: int, kind: str = "") -> None:
        reading = read_formula(self._cut(latex), self.table, taken=taken_letters(self.known.context, self.table))
        if reading.unread:
            self.problems.append((line, because(Why.ABOUT, latex=latex, problem=reading.unread[0].reason)))
        for statement in reading.statements:
            for relation in statement.relations:
                for claim in relation.claims:
                    found = role_of(Features(claim, self.known.context, STATED, stated=True))
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

    def _spoken(self, said: Spoken, placed: Placed) -> None:
        """Take up what words say of a name."""
        if said.formula is None:
            self._said_of_letter(said, placed)
            return
        reading = read_formula(self._cut_of(said.formula), self.table)
        side = reading.statements[0].sides[0] if reading.statements and reading.statements[0].bare else None
        line = said.formula.line
        tokens = self._cut_of(said.formula).tokens
        if side is None or not isinstance(side, (Symbol, Indexed)):
            if said.effect == "strange" and tokens and tokens[0].kind in ("letter", "command"):
                self.narrowed[tokens[0].text] = line, placed.within
            return
        name = name_of(side)
        if said.effect in ("label", "one-hot"):
            self.labels.add(name)
        if said.effect == "":
            self.known.withdraw({name})
        elif said.effect == "strange":
            self.narrowed[name] = line, placed.within
        elif said.effect == "one-hot" and self.table.arity_of(name) == 1:
            self._one_hot(name, said.lead, line, placed.within)
        elif said.effect in SIGNS and said.lead.effect not in ("conclude", "state", "then"):
            relation = SIGNS[said.effect]
            claim = Claim(side, relation, Integer(0), latex=f"{said.formula.latex} {relation} 0")
            self._taken_up([fact_of(claim)], said.lead, line, placed.within)

    def _said_of_letter(self, said: Spoken, placed: Placed) -> None:
        """Take up what words say of a letter among them."""
        if said.effect in ("label", "one-hot"):
            self.labels.add(said.name)
        if said.effect == "one-hot" and self.table.arity_of(said.name) == 1:
            self._one_hot(said.name, said.lead, placed.formula.line, placed.within)

    def _one_hot(self, name: str, lead: Lead, line: int, within: frozenset[str]) -> None:
        hot = OneHot(terms.family(name))
        if not self.known.is_one_hot(hot.family) and lead.effect not in ("conclude", "state", "then"):
            self._taken_up([hot], lead, line, within)
            self.inferred.append(because(Why.ONE_HOT, name=name))

    def _taken_up(self, facts: list[Assumption], lead: Lead, line: int, within: frozenset[str]) -> Why:
        """Put hypotheses in force as far as the words do, and say how far that is."""
        if not lead.closed:
            self.known.hear(facts, line)
            return Why.LEFT_OPEN
        if lead.reach in ("sentence", "paragraph"):
            if self.known.is_contradicted_by(facts):
                self.known.withdraw({name for fact in facts for name in names_in(fact)})
            self.known.assume_here(facts, line, lead.reach)
            return Why.ASSUMED_HERE
        self.known.assume(facts, line, frozenset() if lead.reach == "document" else within | self.before)
        return Why.ASSUMED_ONWARDS

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
            self.told.add(found.symbol.name)
            spans = tuple(pair for pair in self.table.ranges if pair[0] != found.symbol.name)
            sizes = [s.name for s in found.high.free_symbols if isinstance(s, Symbol) and s.is_positive]
            for size in sizes:
                self.table = self.table.with_size(size)
            self.table = replace(self.table, ranges=(*spans, (found.symbol.name, Range(found.low, found.high))))
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
            narrowed = {name: line for name, (line, _) in self.narrowed.items()}
            self._add(replace(entry, hole=True, context=here, settled=Verdict(Kind.UNREAD, because(Why.HOLE)),
                              doubts=in_doubt(asked, here, self.unread_heads, narrowed, {}),
                              choices=self.choices.open(self._cut_of(placed.formula), statement)))
            return
        if not relation.claims:
            declares = statement.declares or statement.ranges
            why = Why.DECLARES if declares else Why.NO_RELATION
            self._add(replace(entry, settled=Verdict(Kind.DEFINITION if declares else Kind.UNREAD, because(why))))
            return
        self._role(placed, statement, relation, entry, follows)

    def _unread_head(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int) -> None:
        """Remember the name that an equation would define, or a relation would narrow, if its right side were read."""
        head = statement.sides[position] if position < len(statement.sides) else None
        if head is None and relation.relation == "=" and position == 0:
            first = self._cut_of(placed.formula).between(*relation.left_span)[:1]
            if first and first[0].kind in ("letter", "command", "roman"):
                self.unread_heads.setdefault(first[0].text, placed.formula.position(relation.left_span[0])[0])
        if head is None or not is_head(head) or isinstance(head, Partial):
            return
        line = placed.formula.position(relation.left_span[0])[0]
        if relation.relation == "=" and not Unfolder(self.known.context).defines(head):
            self.unread_heads.setdefault(name_of(head), line)
        elif relation.relation != "=" and not placed.lead.effect == "conclude":
            self.narrowed.setdefault(name_of(head), (line, placed.within))

    def _lead(self, placed: Placed, statement: ReadStatement, follows: bool) -> Lead:
        """What the words before a statement say of it, those inside of its formula included."""
        if statement.lead:
            inside = read(f"{statement.lead} {GAP}").lead(len(statement.lead) + 1)
            return replace(inside, closed=inside.closed and (placed.lead.closed or not placed.lead.effect))
        if follows and not placed.lead.effect:
            return replace(placed.lead, effect="given", reach="section")
        return placed.lead

    def _role(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry,
              follows: bool) -> None:
        lead = self._lead(placed, statement, follows)
        here = self.known.here(placed.case, statement.remarks)
        relation = replace(relation, claims=tuple(applied(c, here) for c in relation.claims))
        entry = replace(entry, claims=relation.claims)
        here = at_home(with_constants(here, relation.claims), relation.claims, self.places, self.told)
        claim = relation.claims[0]
        head = name_of(claim.left) if isinstance(claim.left, (Symbol, Indexed, Call)) else ""
        home, line = self.homes.get(head, (frozenset(), 0))
        row = self._cut_of(placed.formula).tokens
        choices = self.choices.open(self._cut_of(placed.formula), statement)
        choices += tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_QUANTITY) for name in sorted(self.customary)
                         if powers_of(name, row))
        if self.based and any(token.text == "\\log" for token in row):
            choices += (Doubt(Cause.CHOICE, "log", taken=Why.TAKEN_NATURAL),)
        step = self.choices.shifts(self._cut_of(placed.formula))
        if lead.effect == "condition" and not lead.opens and placed.sentence != self.led:
            self._piece(relation.claims, placed)
        found = role_of(Features(
            claim, here, lead, frozenset(self.seen), relation.is_definition, placed.updating,
            step in self.stepped if step else not home <= self._open(placed), entry.position > 0, shifted=bool(step),
            unread=frozenset(self.unread_heads)))
        self.stepped |= {step}
        if found.role is Role.CLAIM and lead.effect != "conclude" and (name := tied(claim, here, self.seen)):
            self.unread_heads[name] = placed.formula.position(entry.start)[0]
            self._add(replace(entry, context=here, settled=Verdict(Kind.UNREAD, because(Why.TIED_NAME, name=name))))
            return
        self.seen |= {name_of(node) for c in relation.claims for side in (c.left, c.right)
                      for node in side.atoms(Symbol, Indexed)}
        if len(relation.claims) > 1 and found.role not in TAKEN_UP:
            found = replace(found, role=Role.CLAIM)
        if found.definition is not None and not (lead.effect in ("let", "define", "set", "given") or relation.is_definition):
            name = name_of(found.definition.head)
            if (doubt := no_definition(found.definition, self.known.context, self.unread_heads)) is not None:
                self._add(replace(entry, context=here, settled=Verdict(Kind.UNREAD, doubt)))
                return
            if lead.effect in ("then", "conclude") and any(name in names_in(a) for a in here.assumptions):
                found = Reading(Role.CLAIM)  # it follows from what is assumed of the name, or it does not
        if found.role is Role.RESTATED and read_as_number(claim, here, self.spaces):
            found = Reading(Role.CLAIM)  # AB and BA are the same only for numbers
        if found.role in (Role.DEFINITION, Role.RESTATED, Role.UPDATE):
            reason = found.reason
            if reason is not None and reason.why is Why.DEFINES_ANEW and line:
                reason = because(Why.DIFFERS_FROM, what=reason, line=line)
            self._add(replace(entry, context=here, settled=Verdict(Kind.DEFINITION, reason)))
            self._defined(placed, claim, found, entry)
        elif found.role is Role.HEADER:
            why = Why.CONDITION_HEADER if placed.case is not None else Why.INDEX_CONDITION
            self._add(replace(entry, relation=None, settled=Verdict(Kind.UNREAD, because(why))))
        elif found.role in TAKEN_UP:
            self._assumption(entry, relation, found.role, lead, placed)
        else:
            self._claim(placed, relation, replace(entry, context=here, choices=choices), found, lead)

    def _open(self, placed: Placed) -> frozenset[str]:
        """The parts of the document that a formula stands in, its paragraph among them."""
        return placed.scope | {f"paragraph {placed.formula.paragraph}"}

    def _piece(self, claims: tuple[Claim, ...], placed: Placed) -> None:
        """A definition right before a condition in its sentence holds only there, unless its own domain says the same."""
        last = self.entries[-1] if self.entries else None
        if last is None or last.settled is None or last.settled.kind is not Kind.DEFINITION or not last.claims \
                or self.sentence != placed.sentence:
            return
        own = {(o.term, o.relation) for o in last.claims[0].obligations}
        if all((c.left, c.relation) in own and c.right == 0 for c in claims):
            return
        if (name := name_of_head(last.claims[0])):
            self.pieces[name] = last.formula.line

    def _claim(self, placed: Placed, relation: ReadRelation, entry: Entry, found: Reading, lead: Lead) -> None:
        """What is judged, with what makes it doubtful if it does not hold."""
        narrowed = {name: line for name, (line, _) in self.narrowed.items()}
        elsewhere = {name: line for name, (home, line) in self.homes.items()
                     if not {part for part in home if not part.startswith("part")} <= self._open(placed)}
        doubts = in_doubt(relation.claims, entry.context, self.unread_heads, narrowed, elsewhere)
        doubts += tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_EVERY_MEMBER) for name in sorted(
            {name_of(node) for c in relation.claims for side in (c.left, c.right) for node in side.atoms(Indexed)
             if any(self.table.span_at(name_of(node), at) is None for at in range(len(node.indices)))}))
        names = {name for c in relation.claims for side in (c.left, c.right) for name in reached(side, entry.context)}
        pieces = tuple(Doubt(Cause.CHOICE, name, self.pieces[name], Why.TAKEN_EVERYWHERE)
                       for name in sorted(names & set(self.pieces)))
        entry = replace(entry, choices=(*entry.choices, *pieces))
        if found.role is Role.UNCLEAR:
            doubts = (Doubt(Cause.ROLE), *doubts)
        shown = entry.position > 0 or lead.effect in ("conclude", "state", "then") or relation.claims[0].left.has(Partial)
        if not shown and (free := {name for claim in relation.claims for name in one_sided(claim, entry.context)}):
            doubts += tuple(Doubt(Cause.NAME, name) for name in sorted(free)[:1])
        entry = replace(entry, doubts=doubts, said=tuple(self.known.said.items()))
        self._add(entry)
        if lead.effect == "solve":
            self.known.assume_here([fact_of(claim) for claim in relation.claims], placed.formula.line, "sentence")
        if found.role is Role.UNCLEAR and (name := name_of_head(relation.claims[0])) and name not in self.homes:
            self.unread_heads.setdefault(name, placed.formula.position(entry.start)[0])
        for start, end, latex, row in matrix_rows(self._cut_of(placed.formula), relation):
            self._add(replace(entry, start=start, end=end, latex=latex, claims=(row,), statement=None))

    def _defined(self, placed: Placed, claim: Claim, found: Reading, entry: Entry) -> None:
        line = placed.formula.position(entry.start)[0]
        if found.recurrent and found.recurrent not in self.known.context.recurrent:
            self.known.context = replace(self.known.context, recurrent=(*self.known.context.recurrent, found.recurrent))
        if found.definition is None:
            return
        head = found.definition.head
        name = name_of(head)
        self.unread_heads.pop(name, None)
        if not isinstance(head, Partial):
            own = {f"paragraph {placed.formula.paragraph}"} if placed.lead.under else set()
            self.homes[name] = placed.within | own, line
        new = [replace(found.definition, source=f"line {line}")]
        if isinstance(head, Call) and not all(isinstance(a, Symbol) for a in head.arguments):
            new.append(Definition(terms.scalar(name), found.definition.body, f"line {line}"))  # L for L(z)
        self.known.context = self.known.context.define(*new)
        self.known.lines[head] = line
        if found.reason is not None and found.reason.why in (Why.READ_AS_DEFINITION, Why.DEFINES_ANEW):
            self.inferred.append(because(Why.IN_LINE, what=found.reason, line=line))

    def _assumption(self, entry: Entry, relation: ReadRelation, role: Role, lead: Lead, placed: Placed) -> None:
        line = entry.formula.position(entry.start)[0]
        facts: list[Assumption] = [fact_of(claim) for claim in relation.claims]
        within = bool(self.entries) and self.entries[-1].formula is entry.formula
        beside = lead.effect in ("condition", "reason", "given", "assume") and (
            within or (not lead.opens and placed.sentence != self.led))
        if lead.opens and lead.effect == "condition":
            self.led = placed.sentence
        if lead.closed and self._said_of_last(facts, entry, placed, beside):
            return
        if self.known.repeats(facts):
            self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.REPEATS_ASSUMPTION))))
            return
        self.inferred.append(because(Why.IS_ASSUMPTION, latex=relation.latex, line=line))
        names = {name for fact in facts for name in names_in(fact)}
        if role is Role.EQUATION and lead.closed:
            self.known.assume_here(facts, line, "sentence")
            why = Why.SOLVED
        elif not lead.takes_up:
            self.known.hear(facts, line)
            why = Why.NOT_TAKEN_UP
        elif lead.closed and lead.reach == "section" and self.known.is_contradicted_by(facts):
            same = any(self.known.lines.get(a) == line for a in self.known.taken if names_in(a) & names)
            self.known.withdraw(names)
            again = lead.effect in ("assume", "let") and (same or not placed.moved)
            if again or self.known.is_contradicted_by(facts):
                self.known.hear(facts, line)
                self._add(replace(entry, settled=Verdict(Kind.REFUTED, because(Why.CONTRADICTS))))
                return
            why = self._taken_up(facts, lead, line, placed.within)
        else:
            why = self._taken_up(facts, lead, line, placed.within)
        self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(why))))

    def _said_of_last(self, facts: list[Assumption], entry: Entry, placed: Placed, beside: bool) -> bool:
        """Judge the claim right before a condition under it: ``|x| = x if x > 0``; False if none stands there."""
        last = self.entries[-1] if self.entries else None
        if last is None or last.settled is not None or not beside or (
                last.formula is not entry.formula and placed.sentence != self.sentence):
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
        self.sentence = self.reading
