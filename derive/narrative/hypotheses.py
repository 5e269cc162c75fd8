"""What a document takes up: declarations, properties said in words, assumptions, conditions beside a claim."""

from __future__ import annotations

from dataclasses import replace

from sympy import Indexed, Sum, Symbol

from derive.documents import Document
from derive.judge.points.satisfying import satisfiable
from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.reading import ReadRelation, read_formula
from derive.narrative.doubts.names import names_in
from derive.narrative.entries import Entry
from derive.narrative.known import case_claim
from derive.narrative.names.declarations import OneHotStated
from derive.narrative.names.letters import taken_letters
from derive.narrative.properties import Properties
from derive.narrative.restricting import OWN
from derive.narrative.roles.applying import circular
from derive.narrative.roles.features import STATED, Features
from derive.narrative.roles.heads import name_of_head
from derive.narrative.roles.hypotheses import fact_of, is_of_indices
from derive.narrative.roles.laws import is_eigen, is_law, of_all_entries
from derive.narrative.roles.readings import Role
from derive.narrative.roles.table import role_of
from derive.narrative.words.grammar import Lead
from derive.narrative.words.paragraphs import Placed
from derive.normal.compound import alpha
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because

_MOST_BEFORE = 20
"""How many relations back an equation may stand that is no longer in force and still says something of a number."""


class Hypotheses(Properties):
    """What a document assumes, declares or says of names, and how far that is in force."""

    def __init__(self, document: Document, given: tuple[str, ...]) -> None:
        super().__init__(document, given)
        self.counted: set[str] = set()
        for latex in given:
            self._state(latex, 0)
        for latex in self.moments:
            self._state(latex, 0)
        for stated in self.declared.stated:
            if isinstance(stated, OneHotStated):
                at = terms.index(stated.at) if stated.at and not stated.at.isdigit() else None
                self.known.context = self.known.context.assume(OneHot(terms.family(stated.family), at))
            else:
                self._state(stated.latex, stated.line, stated.kind)

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
                        spans = {each.symbol: Range(each.low, each.high) for each in statement.entries}
                        read = bool(spans) and claim.relation == "="
                        facts, ranges = of_all_entries([fact_of(claim)], [claim], spans, self.known.context, read)
                        self._with_ranges(ranges if read else {})
                        for fact in facts if read else [fact_of(claim)]:
                            self._assume(fact, claim.latex, line)
                    else:
                        self.problems.append((line, because(Why.ABOUT, latex=latex, problem=because(Why.CIRCULAR))))

    def _assume(self, fact: Assumption, latex: str, line: int) -> bool:
        """Take an assumption up unless it contradicts what is known."""
        if satisfiable(self.known.context.assume(fact)) is False:
            self.problems.append((line, because(Why.ABOUT, latex=latex, problem=because(Why.CONTRADICTS))))
            return False
        self.known.context = self.known.context.assume(fact)
        return True

    def _assumption(self, entry: Entry, relation: ReadRelation, role: Role, lead: Lead, placed: Placed) -> None:
        line = entry.formula.position(entry.start)[0]
        if role is Role.CONDITION and lead.effect == "given" and lead.opens:
            lead = replace(lead, effect="condition", reach="sentence")  # Where x < 1, as if
        if relation.relation == "in" and relation.claims[0].relation == "=" and lead.effect in ("", "then"):
            lead = replace(lead, effect="given")  # we have labels with one of two values
        if "eigen" in placed.told and is_eigen(relation.claims[0]):
            lead = replace(lead, effect="given", reach="section")  # an eigenvector, so A v = λ v
        facts: list[Assumption] = [fact_of(claim) for claim in relation.claims]
        entries = entry.statement.entries if entry.statement is not None else ()
        spans: dict[Symbol, Range] = {each.symbol: Range(each.low, each.high) for each in entries}
        facts, ranges = of_all_entries(facts, relation.claims, spans, entry.context, bool(entries))
        self._with_ranges(ranges)
        within = bool(self.entries) and self.entries[-1].formula is entry.formula
        beside = within or (
            lead.effect in ("condition", "reason", "given", "assume") and not lead.opens and placed.sentence != self.led
        )
        if lead.opens and lead.effect == "condition":
            self.led = placed.sentence
        if lead.closed and self._said_of_last(facts, entry, placed, beside, ranges):
            return
        needed = lead.effect == "condition" or all(map(is_of_indices, relation.claims))
        if needed and lead.effect != "condition" and self.fresh_in == placed.sentence and self.fresh:
            lead = replace(lead, reach=OWN)  # it is said of the indices of another hypothesis
        if needed and not self._of_other(placed):
            self._needs(relation.claims, line, placed.within)
        if self.known.repeats(facts):
            self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.REPEATS_ASSUMPTION))))
            return
        if (
            letters := sorted(
                {
                    str(s)
                    for f in facts
                    if isinstance(f, Fact)
                    for s in (f.left, f.right)
                    if s.is_integer and isinstance(s, Symbol)
                }
            )
        ) and satisfiable(Context().assume(*facts)) is False:
            if not set(letters) & (
                self.table.told | self.table.sizes | self.given
            ):  # no index, though its letter is one where nothing is said
                self.narrowed |= {name: (line, placed.within) for name in letters}
                self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.NOT_TAKEN_UP))))
                return
            doubts = tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_INDEX) for name in letters)
            reason = because(Why.DOUBT_CHOICE, name=letters[0], taken=because(Why.TAKEN_INDEX))
            self._add(replace(entry, settled=Verdict(Kind.DOUBTFUL, reason, doubts=doubts)))
            return
        if role is Role.HYPOTHESIS and not lead.takes_up and any(isinstance(c.left, Sum) for c in relation.claims):
            contradicts = because(Why.CONTRADICTS)
            if self.known.is_contradicted_by(facts):
                self._add(replace(entry, settled=Verdict(Kind.REFUTED, contradicts)))
                return
            if (before := self._said_otherwise(facts)) is not None:
                doubts = (Doubt(Cause.ELSEWHERE, before[0], before[1]),)
                self._add(replace(entry, settled=Verdict(Kind.DOUBTFUL, contradicts, doubts=doubts)))
                return
        self._sentence_begins()
        count = len(self.fresh)
        if placed.case is not None:
            self._needs([case_claim(placed.case)], line, placed.within)
        self.inferred.append(because(Why.IS_ASSUMPTION, latex=relation.latex, line=line))
        names = {name for fact in facts for name in names_in(fact)}
        if role is Role.EQUATION and lead.closed:
            self.known.assume_here(facts, line, "sentence")
            why = Why.SOLVED
        elif not lead.takes_up:
            if not (lead.effect == "then" and lead.under):  # what follows in a case is no condition elsewhere
                self.known.hear(facts, line)
            why = Why.NOT_TAKEN_UP
        elif lead.closed and lead.reach == "section" and self.known.is_contradicted_by(facts):
            lines = self.known.lines.now()
            same = any(lines.get(a) == line for a in self.known.taken if names_in(a) & names)
            self.known.withdraw(names)
            again = lead.effect in ("assume", "let") and (same or not placed.moved)
            if again or self.known.is_contradicted_by(facts):
                self.known.hear(facts, line)
                self._add(replace(entry, settled=Verdict(Kind.REFUTED, because(Why.CONTRADICTS))))
                return
            why = self._taken_up(facts, lead, line, placed.within)
        else:
            why = self._taken_up(facts, lead, line, placed.within)
        if why in (Why.LEFT_OPEN, Why.NOT_TAKEN_UP):
            self._may_tie(relation, entry, placed)
            if relation.relation == "in" and relation.claims[0].relation == "=":
                self.narrowed |= {name: (line, placed.within) for name in names}
        self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(why))))
        if why in (Why.ASSUMED_HERE, Why.ASSUMED_ONWARDS) and entry.statement is not None:
            self._beside(entry.statement.remarks, line, placed.within, count)

    def _in_equation(self, claim: Claim, here: Context, paragraph: int) -> bool:
        """Whether an equation of its left side, a name, with others is assumed, or was in its paragraph."""
        name = name_of_head(claim)
        lines = [entry.formula.line for entry in self.entries[-_MOST_BEFORE:] if entry.formula.paragraph == paragraph]
        said = [fact for fact, line in self.known.said.items() if lines and line >= min(lines)]
        facts = (each for each in (*here.assumptions, *said) if isinstance(each, Fact) and each.relation == "=")
        return any(fact.left != claim.left and name in names_in(fact) for fact in facts)

    def _beside_hypothesis(self, placed: Placed) -> bool:
        """Whether nothing but *and* parts a formula from a hypothesis of its sentence."""
        last = self.entries[-1].settled if len(self.entries) > self.begun else None
        return last is not None and last.kind is Kind.ASSUMPTION and placed.between == {"link"}

    def _of_other(self, placed: Placed) -> bool:
        """Whether a claim or a definition stands in the sentence right before a condition, which is one of that then."""
        last = self.entries[-1] if len(self.entries) > self.begun and placed.sentence == self.sentence else None
        return last is not None and (last.settled is None or last.settled.kind is Kind.DEFINITION)

    def _may_tie(self, relation: ReadRelation, entry: Entry, placed: Placed) -> None:
        """Keep in mind the names that a relation would tie in all their entries, where the words leave that open."""
        line = entry.formula.position(entry.start)[0]
        for claim in relation.claims:
            if is_law(claim, entry.context):
                members = claim.left.atoms(Indexed) | claim.right.atoms(Indexed)
                self.narrowed |= {name_of(node): (line, placed.within) for node in members}

    def _said_otherwise(self, facts: list[Assumption]) -> tuple[str, int] | None:
        """A name of which something else was said of the same sum, though it is not in force here, and the line."""
        for fact in facts:
            for before, line in self.known.said.items():
                if not isinstance(fact, Fact) or not isinstance(before, Fact) or not before.relation == fact.relation == "=":
                    continue
                if alpha(before.left) == alpha(fact.left) and satisfiable(Context().assume(before, fact)) is False:
                    return min(names_in(before)), line
        return None

    def _said_of_last(
        self, facts: list[Assumption], entry: Entry, placed: Placed, beside: bool, ranges: dict[Symbol, Range]
    ) -> bool:
        """Judge the claim right before a condition under it: ``|x| = x if x > 0``; False if none stands there."""
        at = len(self.entries) - 1
        while at >= 0 and (known := self.entries[at].settled) is not None and known.reason == because(Why.CONDITION_OF_LAST):
            at -= 1  # several conditions stand beside it
        last = self.entries[at] if at >= 0 else None
        if last is None or not beside or (last.formula is not entry.formula and placed.sentence != self.sentence):
            return False
        if last.settled is not None:
            if last.settled.kind is not Kind.UNREAD or last.relation is None:
                return False
            self.known.hear(facts, entry.formula.line)
            self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.CONDITION_OF_LAST))))
            return True
        last_context = last.context
        for symbol, span in ranges.items():
            last_context = last_context.with_range(symbol, span)
        context = last_context.assume(*facts)
        if satisfiable(context) is False:
            context = replace(last_context, assumptions=()).assume(*facts)
            if satisfiable(context) is False:
                return False
        self.entries[at] = replace(last, context=context)
        self._add(replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.CONDITION_OF_LAST))))
        return True

    def _piece(self, claims: tuple[Claim, ...], placed: Placed) -> None:
        """A definition right before a condition in its sentence holds only there, unless its own domain says the same."""
        last = self.entries[-1] if self.entries else None
        if (
            last is None
            or last.settled is None
            or last.settled.kind is not Kind.DEFINITION
            or not last.claims
            or self.sentence != placed.sentence
        ):
            return
        own = {(o.term, o.relation) for o in last.claims[0].obligations}
        if all((c.left, c.relation) in own and c.right == 0 for c in claims):
            return
        if name := name_of_head(last.claims[0]):
            self.pieces[name] = last.formula.line

    def _piece_from(self, index: Symbol, span: Range) -> None:
        """Definitions of the sentence say nothing of the members before those for which they are given: ``i = 2, .., n``."""
        if span.low.is_number and span.low <= 1:
            return
        for entry in self.entries[self.begun :]:
            head = entry.claims[0].left if entry.claims else None
            defined = entry.settled is not None and entry.settled.kind is Kind.DEFINITION
            if defined and isinstance(head, Indexed) and index in head.indices and name_of(head) not in self._recurring():
                self.pieces[name_of(head)] = entry.formula.line

    def _recurring(self) -> set[str]:
        return {name_of(step.head) for step in self.known.context.recurrent}
