"""What each relation of a statement does where it stands, and what follows from that."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from sympy import Indexed, Symbol

from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.reading import ReadRelation, ReadStatement
from derive.narrative.claiming import Claiming, Met
from derive.narrative.doubts.equated import Equated
from derive.narrative.doubts.loose import tied_down
from derive.narrative.doubts.names import in_doubt, is_chained, names_in, no_definition, tied
from derive.narrative.entries import Entry, expected, in_role_only, span_of
from derive.narrative.known import with_constants
from derive.narrative.names.chance import given_law, speaks_of_chance, with_chance
from derive.narrative.names.customary import any_functions
from derive.narrative.names.places import at_home
from derive.narrative.names.spaces import read_as_number
from derive.narrative.roles.applying import ambiguous, applied, by_logarithm
from derive.narrative.roles.features import Features
from derive.narrative.roles.given import one_of_several
from derive.narrative.roles.heads import is_head, name_of_head
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.roles.readings import TAKEN_UP, Reading, Role
from derive.narrative.roles.table import role_of
from derive.narrative.words.grammar import RESULTS, Lead, read
from derive.narrative.words.paragraphs import Placed
from derive.narrative.words.tables import GAP, functions
from derive.terms.context import Claim
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.terms import Partial

DEFINED = (Role.DEFINITION, Role.RESTATED, Role.UPDATE)


class Relating(Claiming):
    """The state of a walk, to which relations are added.

    Attributes:
        solving: the names of the equation that is being solved.
    """

    solving: frozenset[str] = frozenset()

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
            self._not_understood(placed, statement, relation, entry)
        elif relation.claims:
            self._understood(placed, statement, relation, entry, follows)
        elif relation.hole:
            self._asked(placed, statement, entry)
        else:
            declares = statement.declares or statement.ranges
            why = Why.DECLARES if declares else Why.NO_RELATION
            self._add(replace(entry, settled=Verdict(Kind.DEFINITION if declares else Kind.UNREAD, because(why))))

    def _not_understood(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry) -> None:
        """A relation a part of which was not read, or whose shapes do not fit."""
        part = relation.unread
        if part is None:
            return
        self._unread_head(placed, statement, relation, entry.position)
        given = self._given(placed, statement, relation, entry.position)
        if part.reason.why is Why.ALTERNATIVE and not entry.position and placed.lead.effect not in RESULTS:
            row = self._cut_of(placed.formula).between(*relation.left_span)
            given = one_of_several(
                relation.relation, row, self.table.names, self.seen | {name for _, name in self.known.context.known.keys()}
            )
        if given is not None:
            self._add(replace(entry, settled=given))
            return
        verdict = Verdict(Kind.UNREAD, expected(part))
        if part.misfit:
            claimed = self._claimed(statement, entry.position) or self._puts_forward(placed, statement, relation, entry)
            verdict = Verdict(Kind.REFUTED, expected(part)) if claimed else in_role_only(expected(part))
        self._add(replace(entry, settled=verdict, at=part, hole=relation.hole))

    def _puts_forward(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry) -> bool:
        """Whether a relation whose right side does not fit stands as a claim on a line of its own: its left side is known."""
        left = statement.sides[entry.position]
        if placed.formula.kind == "inline" or relation.relation != "=" or left is None:
            return False
        lead = self._lead(placed, statement, False)
        named = entry.position == 0 and is_head(left) and not self.known.context.known.names(name_of(left))
        return not (lead.takes_up or lead.effect in ("mention", "equate") or named)

    def _asked(self, placed: Placed, statement: ReadStatement, entry: Entry) -> None:
        """A relation with a hole, which the prover may fill."""
        sides = statement.sides[entry.position : entry.position + 2]
        asked = tuple(Claim(side, "=", side) for side in sides if side is not None)
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

    def _understood(
        self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry, follows: bool
    ) -> None:
        """A relation that was read: its role, and what is done in it."""
        met = self._met(placed, statement, relation, entry, follows)
        sides = [side for each in met.relation.claims for side in (each.left, each.right)]
        if self.imaginary & {symbol.name for side in sides for symbol in side.free_symbols if isinstance(symbol, Symbol)}:
            self._add(replace(met.entry, settled=Verdict(Kind.UNREAD, because(Why.NO_REAL_VALUE))))
            return
        if met.lead.effect == "condition" and not met.lead.opens and placed.sentence != self.led:
            self._piece(met.relation.claims, placed)
        features = self._features(met)
        found = role_of(features)
        if features.number and found.role not in (Role.CLAIM, Role.UNCLEAR):
            self.counted.add(met.head)
        settled = self._by_law(met, found)
        if settled is None:
            if met.claim.given or met.claim.either and tied_down(met.claim, met.here):
                found = Reading(Role.CLAIM)
            self.stepped |= {met.step}
            if met.lead.effect == "mention" and met.head and met.relation.relation == "=":
                self.talked.add(met.head)
            settled = self._by_ties(met, found)
        if settled is None:
            self.seen |= {name_of(node) for side in sides for node in side.atoms(Symbol, Indexed)}
            if len(met.relation.claims) > 1 and found.role not in (*TAKEN_UP, Role.UNCLEAR):
                found = replace(found, role=Role.CLAIM)
            settled = self._undefined(met, found)
        if settled is not None:
            self._add(replace(met.entry, context=met.here, settled=settled))
            return
        found = self._at_last(met, found)
        settled = self._implied(met, found)
        if settled is not None:
            self._add(replace(met.entry, settled=settled))
            return
        found = self._in_solving(met, found)
        begins = statement.implies and entry.position == 0
        if not begins and self.granted in (Role.HEADER, Role.CONDITION):
            found = replace(found, role=Role.UNCLEAR)  # it may hold in that case only
        self._in_role(met, found)

    def _met(self, placed: Placed, statement: ReadStatement, relation: ReadRelation, entry: Entry, follows: bool) -> Met:
        """A relation with what is known where it stands; what the words around it call its functions is taken up."""
        for name in any_functions(relation.claims, self.known.context):
            for told in sorted(each for each in placed.told & set(functions()) if functions()[each].letter == name):
                self._function(name, told, placed.formula.line)
        here = self.known.here(placed.case, statement.remarks)
        lead = self._lead(placed, statement, follows)
        if entry.position == 0 and lead.effect in ("", "let", "define", "set", "given"):
            relation = replace(relation, claims=tuple(by_logarithm(claim, here) for claim in relation.claims))
        several = ambiguous(relation.claims, here)
        claims, here = applied(relation.claims, here)
        doubts = tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_ONE_NAME) for name in several)
        self.chance = self.chance or speaks_of_chance(claims)
        here = with_chance(here, claims, self.table.random) if self.chance else here
        here = at_home(with_constants(here, claims), claims, self.table, statement.entries)
        step = self.choices.shifts(self._cut_of(placed.formula), self.table)
        entry = replace(entry, claims=claims, doubts=doubts)
        return Met(placed, statement, replace(relation, claims=claims), entry, lead, here, step)

    def _lead(self, placed: Placed, statement: ReadStatement, follows: bool) -> Lead:
        """What the words before a statement say of it, those inside of its formula included."""
        if statement.lead:
            inside = read(f"{statement.lead} {GAP}").lead(len(statement.lead) + 1)
            if inside.closed and not inside.effect and placed.lead.effect == "equate":  # and
                return placed.lead
            return replace(inside, closed=inside.closed and (placed.lead.closed or not placed.lead.effect))
        if follows and not placed.lead.effect:
            return replace(placed.lead, effect="given", reach="section")
        return placed.lead

    def _features(self, met: Met) -> Features:
        """What the table of roles looks at."""
        home, _ = self.homes.get(met.head, (frozenset(), 0))
        return Features(
            met.claim,
            met.here,
            met.lead,
            frozenset(self.seen),
            met.relation.is_definition or met.statement.implies,
            met.placed.updating,
            met.step in self.stepped if met.step else not home <= met.parts,
            met.entry.position > 0,
            spelled=self._begun(met.entry) is Kind.DEFINITION,
            bounded=self._begun(met.entry) is Kind.ASSUMPTION,
            shifted=bool(met.step),
            unread=frozenset(self.unread_heads),
            among=met.relation.relation == "in",
            talked=met.head in self.talked,
            shown=met.placed.formula.kind != "inline",
            spoken=met.placed.told,
            counted=met.head in self.counted,
            restricted=self._in_equation(met.claim, met.here, met.placed.formula.paragraph),
            ends=met.placed.ends,
            beside=self._beside_hypothesis(met.placed),
        )

    def _by_law(self, met: Met, found: Reading) -> Verdict | None:
        """The verdict of a relation that gives a random variable its law, None if it gives none."""
        if not self.chance or found.role not in (Role.CLAIM, Role.UNCLEAR) or met.lead.effect in RESULTS:
            return None
        variable = given_law(met.claim, met.here, frozenset(self.seen) | frozenset(name for name, _ in self.table.spaces))
        if not variable or variable in self.narrowed or variable in {law.name for law in self.laws}:
            return None
        self.known.assume([fact_of(met.claim)], met.placed.formula.line, met.placed.within)
        return Verdict(Kind.DEFINITION, because(Why.DEFINES, name=variable))

    def _by_ties(self, met: Met, found: Reading) -> Verdict | None:
        """The verdict of a claim of which a name is tied to something that is not known, None if there is none."""
        if found.role is not Role.CLAIM or met.lead.effect == "conclude" or met.claim.given:
            return None
        name = tied(met.claim, met.here, self.seen)
        if not name:
            return None
        self.unread_heads[name] = met.placed.formula.position(met.entry.start)[0]
        return Verdict(Kind.UNREAD, because(Why.TIED_NAME, name=name))

    def _undefined(self, met: Met, found: Reading) -> Verdict | None:
        """The verdict of what looks like a definition and cannot be one, None if there is nothing against it."""
        if found.definition is not None and not self._said_to_be(met):
            if at := self._equated.line_of(found.definition, met.placed.formula.line):
                head = found.definition.head
                name = name_of(head.expr) if isinstance(head, Partial) else ""
                return Verdict(Kind.UNREAD, because(Why.UNREAD_DEFINITION, name=name, line=at))
        if not self._only_looks(met, found) or found.definition is None:
            return None
        doubt = no_definition(found.definition, self.known.context, self._unread_here(met.parts))
        return None if doubt is None else Verdict(Kind.UNREAD, doubt)

    @cached_property
    def _equated(self) -> Equated:
        formulas = self.document.formulas
        rows = ((each, self._cut_of(each)) for each in formulas if each.kind != "plain")
        return Equated.of(rows, self.table.names)

    def _said_to_be(self, met: Met) -> bool:
        """Whether words let a derivative be something: that gives it its name."""
        return met.lead.effect in ("let", "set") and met.lead.near

    def _only_looks(self, met: Met, found: Reading) -> bool:
        """Whether a relation is taken for a definition by its form alone, which neither words nor signs say."""
        said = met.lead.effect in ("let", "define", "set", "given") or met.relation.is_definition
        return found.definition is not None and not said

    def _at_last(self, met: Met, found: Reading) -> Reading:
        """The role of a relation in view of what is known of its names."""
        if self._only_looks(met, found) and found.definition is not None:
            if met.claim.right.is_number and self._in_equation(met.claim, met.here, met.placed.formula.paragraph):
                return Reading(Role.CLAIM)
            names = {name for each in met.here.assumptions for name in names_in(each)}
            if met.lead.effect in ("then", "conclude") and name_of(found.definition.head) in names:
                return Reading(Role.CLAIM)  # it follows from what is assumed of the name, or it does not
        if self._only_looks(met, found) and found.definition is not None and is_chained(found.definition, met.here):
            return Reading(Role.CLAIM)
        if found.role is Role.RESTATED and read_as_number(met.claim, met.here, self._spaces_at(met.placed.formula)):
            return Reading(Role.CLAIM)  # AB and BA are the same only for numbers
        return found

    def _in_solving(self, met: Met, found: Reading) -> Reading:
        """The role of a relation where an equation is being solved: without words, steps of that hold for its solutions."""
        names = frozenset(name_of(node) for node in met.claim.left.atoms(Symbol, Indexed) if not node.is_integer)
        equated = met.relation.relation == "=" and not met.claim.left.is_number and bool(met.claim.right.is_number)
        if found.role is Role.EQUATION or (found.role is Role.UNCLEAR and equated):
            self.solving = names
        elif met.placed.moved:
            self.solving = frozenset()
        elif found.role is Role.CLAIM and met.relation.relation == "=" and names & self.solving and not met.lead.effect:
            return replace(found, role=Role.UNCLEAR)
        return found

    def _implied(self, met: Met, found: Reading) -> Verdict | None:
        """The verdict of a relation on a side of an arrow, None if the arrow leaves it what it is by itself."""
        if met.statement.implies and met.entry.position == 0:
            ordered = len(met.statement.relations) == 1 and met.relation.relation not in ("=", ":=", "in")
            self.granted = Role.CONDITION if ordered and found.role in (Role.CLAIM, Role.UNCLEAR) else found.role
            if self.granted is Role.CONDITION:
                line = met.placed.formula.position(met.entry.start)[0]
                self.known.assume_here([fact_of(each) for each in met.relation.claims], line, "formula")
                return Verdict(Kind.ASSUMPTION, because(Why.IMPLIES))
        if self.granted not in (Role.DEFINITION, Role.RESTATED, Role.HEADER, Role.CONDITION):  # no claim by itself
            return Verdict(Kind.UNREAD, because(Why.IMPLICATION))
        return None

    def _in_role(self, met: Met, found: Reading) -> None:
        """Do what the role of a relation asks for."""
        if found.role in (*DEFINED, *TAKEN_UP) and any(each.jump for each in met.claim.obligations):
            self._add(replace(met.entry, context=met.here, settled=Verdict(Kind.UNREAD, because(Why.JUMP))))
            if name := name_of_head(met.claim):
                self._not_read(name, met.placed, met.entry.start)
        elif found.role in DEFINED:
            _, line = self.homes.get(met.head, (frozenset(), 0))
            reason = found.reason
            if reason is not None and reason.why is Why.DEFINES_ANEW and line:
                reason = because(Why.DIFFERS_FROM, what=reason, line=line)
            self._add(replace(met.entry, context=met.here, settled=Verdict(Kind.DEFINITION, reason)))
            self._defined(met.placed, met.claim, found, met.entry)
            for remark in met.statement.remarks:
                if remark.conditions and found.role is Role.DEFINITION:
                    self._piece(remark.conditions, met.placed)
        elif found.role is Role.HEADER:
            why = Why.CONDITION_HEADER if met.placed.case is not None else Why.INDEX_CONDITION
            if not self._of_other(met.placed):
                self._needs(met.relation.claims, met.placed.formula.line, met.placed.within)
            self._add(replace(met.entry, settled=Verdict(Kind.ASSUMPTION, because(why))))
        elif found.role in TAKEN_UP:
            self._assumption(met.entry, met.relation, found.role, met.lead, met.placed)
        else:
            before = (r.unread for r in met.statement.relations[: met.entry.position] if r.unread is not None)
            arrow = any(part.reason.why is Why.UNREAD_RELATION for part in before)
            self._claim(met, unclear=arrow or found.role is Role.UNCLEAR)  # an arrow may make it hold only in a case
            if found.role is Role.UNCLEAR and met.lead.effect in ("given", "let", "assume"):
                self._narrow(map(fact_of, met.relation.claims), met.placed.formula.line, met.placed.within)
            if found.role is Role.UNCLEAR and found.definition is not None:  # nothing else says what the name is
                self._defined(met.placed, met.claim, found, met.entry)
