"""A document read from top to bottom: each relation with its role and with what is known where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Indexed, Symbol

from derive.documents import Document
from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.reading import ReadRelation, ReadStatement, read_formula
from derive.latex.symbols.table import SymbolTable
from derive.narrative.defining import Defining
from derive.narrative.doubts.loose import tied_down
from derive.narrative.doubts.names import (
    in_doubt,
    names_in,
    narrowed_function,
    no_definition,
    read_as_two,
    tied,
)
from derive.narrative.entries import Entry, expected, in_role_only, may_relate, reviewed, span_of
from derive.narrative.known import with_constants
from derive.narrative.layouts import in_layouts, shown
from derive.narrative.names.chance import given_law, speaks_of_chance, with_chance
from derive.narrative.names.customary import any_functions, powers_of
from derive.narrative.names.letters import taken_letters
from derive.narrative.names.places import at_home
from derive.narrative.names.spaces import read_as_number
from derive.narrative.roles.applying import ambiguous, applied, explained
from derive.narrative.roles.features import Features
from derive.narrative.roles.heads import is_head, name_of_head
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.roles.readings import TAKEN_UP, Reading, Role
from derive.narrative.roles.table import role_of
from derive.narrative.rows import matrix_rows
from derive.narrative.structure import Found, structure
from derive.narrative.words.grammar import Lead, read
from derive.narrative.words.paragraphs import Cases, Placed, paragraphs
from derive.narrative.words.scopes import BEFORE
from derive.narrative.words.tables import GAP, functions
from derive.terms.context import Claim, Context, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial

__all__ = ["Entry", "Narrative", "read_document"]


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


class _Walker(Defining):
    """Goes through the formulas in order and finds what each of their relations does."""

    def narrative(self, step: Callable[[], Reason | None]) -> Narrative:
        cases = Cases()
        for paragraph in paragraphs(self.document.blocks, self._cut_of):
            for one in cases.placed(paragraph):
                self._begins(one)
                self.reading = one.sentence
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
        reading = read_formula(self._cut_of(formula), self.table, taken=self.taken)
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
        for statement in statements:
            yield from statement.apart if statement.apart and self._introduces(statement.apart) else (statement,)

    def _introduces(self, statements: Sequence[ReadStatement]) -> bool:
        """Whether the first of the statements says what a new name is, or the others are about slopes of what it says."""
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
            self.table = self.table.with_told(found.symbol.name, span)
        for position, relation in enumerate(statement.relations):
            self._relation(placed, statement, relation, position, follows)

    def _relation(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, position: int, follows: bool) -> None:
        start, end = span_of(relation)
        entry = Entry(
            placed.formula,
            start,
            end,
            relation.latex,
            relation.relation,
            self.known.context,
            relation.claims,
            notes=statement.notes,
            statement=statement,
            position=position,
            table=self.table,
            taken=self.taken,
        )
        if relation.unread is not None:
            part = relation.unread
            self._unread_head(placed, statement, relation, position)
            given = self._given(placed, statement, relation, position)
            if given is not None:
                self._add(replace(entry, settled=given))
                return
            verdict = Verdict(Kind.UNREAD, expected(part))
            if part.misfit:
                claimed = self._claimed(statement, position)
                verdict = Verdict(Kind.REFUTED, expected(part)) if claimed else in_role_only(expected(part))
            self._add(replace(entry, settled=verdict, at=part, hole=relation.hole))
            return
        if relation.hole and not relation.claims:
            asked = tuple(Claim(side, "=", side) for side in statement.sides[position : position + 2] if side is not None)
            here = at_home(self.known.here(placed.case, statement.remarks), asked, self.table, statement.entries)
            self._add(
                replace(
                    entry,
                    hole=True,
                    context=here,
                    settled=Verdict(Kind.UNREAD, because(Why.HOLE)),
                    doubts=in_doubt(asked, here, self.unread_heads, self._narrowed(), {}),
                    choices=self.choices.open(self._cut_of(placed.formula), statement),
                )
            )
            return
        if not relation.claims:
            declares = statement.declares or statement.ranges
            why = Why.DECLARES if declares else Why.NO_RELATION
            self._add(replace(entry, settled=Verdict(Kind.DEFINITION if declares else Kind.UNREAD, because(why))))
            return
        self._role(placed, statement, relation, entry, follows)

    def _lead(self, placed: Placed, statement: ReadStatement, follows: bool) -> Lead:
        """What the words before a statement say of it, those inside of its formula included."""
        if statement.lead:
            inside = read(f"{statement.lead} {GAP}").lead(len(statement.lead) + 1)
            return replace(inside, closed=inside.closed and (placed.lead.closed or not placed.lead.effect))
        if follows and not placed.lead.effect:
            return replace(placed.lead, effect="given", reach="section")
        return placed.lead

    def _role(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry, follows: bool) -> None:
        lead = self._lead(placed, statement, follows)
        for name in any_functions(relation.claims, self.known.context):
            for told in sorted(each for each in placed.told & set(functions()) if functions()[each].letter == name):
                self._function(name, told, placed.formula.line)
        here = self.known.here(placed.case, statement.remarks)
        several = ambiguous(relation.claims, here)
        claims, here = applied(relation.claims, here)
        relation = replace(relation, claims=claims)
        doubts = tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_ONE_NAME) for name in several)
        entry = replace(entry, claims=relation.claims, doubts=doubts)
        self.chance = self.chance or speaks_of_chance(relation.claims)
        here = with_chance(here, relation.claims) if self.chance else here
        here = at_home(with_constants(here, relation.claims), relation.claims, self.table, statement.entries)
        claim = relation.claims[0]
        symbols = {
            s.name for c in relation.claims for side in (c.left, c.right) for s in side.free_symbols if isinstance(s, Symbol)
        }
        if symbols & self.imaginary:
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, because(Why.NO_REAL_VALUE))))
            return
        head = name_of(claim.left) if isinstance(claim.left, (Symbol, Indexed, Call)) else ""
        home, line = self.homes.get(head, (frozenset(), 0))
        row = self._cut_of(placed.formula).tokens
        choices = self.choices.open(self._cut_of(placed.formula), statement)
        choices += tuple(
            Doubt(Cause.CHOICE, name, taken=Why.TAKEN_QUANTITY) for name in sorted(self.customary) if powers_of(name, row)
        )
        if "log-base" in self.conventions and any(token.text == "\\log" for token in row):
            choices += (Doubt(Cause.CHOICE, "log", taken=Why.TAKEN_NATURAL),)
        choices += read_as_two(relation.claims)
        step = self.choices.shifts(self._cut_of(placed.formula), self.table)
        if lead.effect == "condition" and not lead.opens and placed.sentence != self.led:
            self._piece(relation.claims, placed)
        found = role_of(
            Features(
                claim,
                here,
                lead,
                frozenset(self.seen),
                relation.is_definition or statement.implies,
                placed.updating,
                step in self.stepped if step else not home <= self._open(placed),
                entry.position > 0,
                spelled=self._begun(entry) is Kind.DEFINITION,
                bounded=self._begun(entry) is Kind.ASSUMPTION,
                shifted=bool(step),
                unread=frozenset(self.unread_heads),
                among=relation.relation == "in",
                talked=head in self.talked,
                shown=placed.formula.kind != "inline",
            )
        )
        variable = (
            given_law(claim, here, frozenset(self.seen)) if self.chance and found.role in (Role.CLAIM, Role.UNCLEAR) else ""
        )
        if variable and variable not in self.narrowed and lead.effect not in ("conclude", "then", "state"):
            self.known.assume([fact_of(claim)], placed.formula.line, placed.within)
            self._add(replace(entry, context=here, settled=Verdict(Kind.DEFINITION, because(Why.DEFINES, name=variable))))
            return
        if claim.given or claim.either and tied_down(claim, here):
            found = Reading(Role.CLAIM)
        self.stepped |= {step}
        if lead.effect == "mention" and head and relation.relation == "=":
            self.talked.add(head)
        if (
            found.role is Role.CLAIM
            and lead.effect != "conclude"
            and not claim.given
            and (name := tied(claim, here, self.seen))
        ):
            self.unread_heads[name] = placed.formula.position(entry.start)[0]
            self._add(replace(entry, context=here, settled=Verdict(Kind.UNREAD, because(Why.TIED_NAME, name=name))))
            return
        self.seen |= {
            name_of(node) for c in relation.claims for side in (c.left, c.right) for node in side.atoms(Symbol, Indexed)
        }
        if len(relation.claims) > 1 and found.role not in (*TAKEN_UP, Role.UNCLEAR):
            found = replace(found, role=Role.CLAIM)
        unread = self._unread_here(self._open(placed))
        if found.definition is not None and not (lead.effect in ("let", "define", "set", "given") or relation.is_definition):
            if (doubt := no_definition(found.definition, self.known.context, unread)) is not None:
                self._add(replace(entry, context=here, settled=Verdict(Kind.UNREAD, doubt)))
                return
            if lead.effect in ("then", "conclude") and any(
                name_of(found.definition.head) in names_in(a) for a in here.assumptions
            ):
                found = Reading(Role.CLAIM)  # it follows from what is assumed of the name, or it does not
        if found.role is Role.RESTATED and read_as_number(claim, here, self._spaces_at(placed.formula)):
            found = Reading(Role.CLAIM)  # AB and BA are the same only for numbers
        if statement.implies and entry.position == 0:
            ordered = len(statement.relations) == 1 and relation.relation not in ("=", ":=", "in")
            self.granted = Role.CONDITION if ordered and found.role in (Role.CLAIM, Role.UNCLEAR) else found.role
            if self.granted is Role.CONDITION:
                line = placed.formula.position(entry.start)[0]
                self.known.assume_here([fact_of(each) for each in relation.claims], line, "formula")
                self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.IMPLIES))))
                return
        elif self.granted in (Role.HEADER, Role.CONDITION):
            found = replace(found, role=Role.UNCLEAR)  # it may hold in that case only
        if self.granted not in (Role.DEFINITION, Role.RESTATED, Role.HEADER, Role.CONDITION):  # no claim by itself
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, because(Why.IMPLICATION))))
            return
        if found.role in (Role.DEFINITION, Role.RESTATED, Role.UPDATE):
            reason = found.reason
            if reason is not None and reason.why is Why.DEFINES_ANEW and line:
                reason = because(Why.DIFFERS_FROM, what=reason, line=line)
            self._add(replace(entry, context=here, settled=Verdict(Kind.DEFINITION, reason)))
            self._defined(placed, claim, found, entry)
        elif found.role is Role.HEADER:
            why = Why.CONDITION_HEADER if placed.case is not None else Why.INDEX_CONDITION
            self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(why))))
        elif found.role in TAKEN_UP:
            self._assumption(entry, relation, found.role, lead, placed)
        else:
            before = (r.unread for r in statement.relations[: entry.position] if r.unread is not None)
            if any(part.reason.why is Why.UNREAD_RELATION for part in before):
                found = replace(found, role=Role.UNCLEAR)  # an arrow may make it hold only in a case
            self._claim(placed, relation, replace(entry, context=here, choices=choices), found, lead)

    def _open(self, placed: Placed) -> frozenset[str]:
        """The parts of the document that a formula stands in, its paragraph among them."""
        return placed.scope | {f"paragraph {placed.formula.paragraph}"}

    def _claim(self, placed: Placed, relation: ReadRelation, entry: Entry, found: Reading, lead: Lead) -> None:
        """What is judged, with what makes it doubtful if it does not hold."""
        narrowed = self._narrowed()
        if relation.relation != "=" and (name := narrowed_function(relation.claims, entry.context, narrowed)):
            self._add(replace(entry, settled=Verdict(Kind.UNREAD, because(Why.UNEXPLAINED_FUNCTION, name=name))))
            return
        entry = self._doubted(entry, self._open(placed), lead, found.role is Role.UNCLEAR)
        entry = in_layouts(entry, self._cut_of(placed.formula), self.table, self.taken, self.conventions)
        entry = replace(entry, said=tuple(self.known.said.items()))
        self._add(entry)
        if not lead.closed:
            self._may_tie(relation, entry, placed)
        if lead.effect == "solve":
            self.known.assume_here([fact_of(claim) for claim in relation.claims], placed.formula.line, "sentence")
        if (
            found.role is Role.UNCLEAR
            and relation.relation == "="
            and (name := name_of_head(relation.claims[0]))
            and name not in self.homes
        ):
            self.unread_heads.setdefault(name, placed.formula.position(entry.start)[0])
        for start, end, latex, row in matrix_rows(self._cut_of(placed.formula), relation):
            self._add(replace(entry, start=start, end=end, latex=latex, claims=(row,), statement=None))
