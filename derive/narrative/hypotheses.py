"""What a document takes up: declarations, properties said in words, assumptions, conditions beside a claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from sympy import Indexed, Integer, Sum, Symbol

from derive.documents import Document
from derive.judge.points.satisfying import satisfiable
from derive.judge.verdict import Cause, Doubt, Kind, Verdict
from derive.latex.reading import ReadRelation, read_formula
from derive.latex.tokens.parts import heads
from derive.latex.vectors.bold import base_name
from derive.narrative.doubts.names import names_in
from derive.narrative.entries import Entry
from derive.narrative.names.declarations import OneHotStated
from derive.narrative.names.functions import called, definition, names_one
from derive.narrative.names.laws import WORDS, law_of, names_told
from derive.narrative.names.letters import taken_letters
from derive.narrative.names.shaped import axes
from derive.narrative.roles.applying import circular
from derive.narrative.roles.features import STATED, Features
from derive.narrative.roles.heads import name_of_head
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.roles.laws import is_eigen, is_law, of_all_entries
from derive.narrative.roles.readings import Role
from derive.narrative.roles.table import role_of
from derive.narrative.state import State
from derive.narrative.words.grammar import Lead
from derive.narrative.words.paragraphs import Placed, Spoken
from derive.normal.compound import alpha
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Fact, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.relations import RelationKey

NOT_ASSUMED = ("conclude", "state", "then", "mention")
"""Words behind which a property is a result, or is denied or only talked about."""
CONSTANT, INDEPENDENT = "constant", "independent"
SIGNS: dict[str, RelationKey] = {"positive": ">", "nonnegative": ">=", "negative": "<", "nonzero": "!="}
SIGNED = frozenset(SIGNS) - {"nonzero"}
"""Signs that mean several things of a matrix; a vector that is nonzero is one that is not 0."""


class Hypotheses(State):
    """What a document assumes, declares or says of names, and how far that is in force."""

    def __init__(self, document: Document, given: tuple[str, ...]) -> None:
        super().__init__(document, given)
        self.imaginary: set[str] = set()
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

    def _spoken(self, said: Spoken, placed: Placed) -> None:
        """Take up what words say of a name."""
        if said.formula is None:
            self._said_of_letter(said, placed)
            return
        reading = read_formula(self._cut_of(said.formula), self.table)
        side = reading.statements[0].sides[0] if reading.statements and reading.statements[0].bare else None
        line = said.formula.line
        if said.effect in WORDS:
            self._said_of_matrices(said, placed)
            return
        if said.effect == INDEPENDENT:
            self._said_of_random(said, placed)
            return
        if said.effect == "imaginary":
            self.imaginary |= {tokens.text for tokens in self._cut_of(said.formula).tokens[:1]}
            return
        if called(said.effect):
            if said.plain and (name := names_one(side)):
                self._function(name, said.effect, line)
            return
        if said.effect == CONSTANT:
            if said.lead.closed and said.lead.effect not in NOT_ASSUMED:
                told = names_told(self._cut_of(said.formula), self.table)
                self.table = replace(self.table, constants=self.table.constants | set(told))
            return
        tokens = self._cut_of(said.formula).tokens
        effect = said.effect
        if effect == "noun":
            if any(token.kind == "relation" and token.text in ("=", ":=") for token in tokens):
                return  # what it is is written there
            effect = "strange"
        if side is None or not isinstance(side, (Symbol, Indexed)):
            if effect in ("strange", *SIGNED) and tokens and tokens[0].kind in ("letter", "command"):
                self.narrowed[tokens[0].text] = line, placed.within
            return
        name = name_of(side)
        if said.effect in ("label", "one-hot"):
            self.labels.add(name)
        if said.effect == "":
            self.known.withdraw({name})
        elif effect == "strange" or said.effect in SIGNED and self.table.space_of(name) is not None:
            self.narrowed[name] = line, placed.within
        elif said.effect == "one-hot" and self.table.arity_of(name) == 1:
            self._one_hot(name, said.lead, line, placed.within)
        elif said.effect in SIGNS and said.lead.effect not in NOT_ASSUMED:
            relation = SIGNS[said.effect]
            claim = Claim(side, relation, Integer(0), latex=f"{said.formula.latex} {relation} 0")
            self._taken_up([fact_of(claim)], said.lead, line, placed.within)

    def _function(self, name: str, effect: str, line: int) -> None:
        """Take up which function a name is, unless the document says more of it."""
        if self.known.context.known.names(name) or self.table.is_value(name):
            return
        table = self.table
        self.table = replace(table, functions=table.functions | {name}, pointwise=table.pointwise | {name})
        self.known.context = self.known.context.define(definition(name, effect, line))

    def _said_of_matrices(self, said: Spoken, placed: Placed) -> None:
        """Take up what a word says of whole matrices; what is not taken up may restrict them."""
        if said.formula is None:
            return
        own = self._cut_of(said.formula)
        if not names_told(own, self.table) and axes(own.tokens) is None:
            self._said_of_expression(said, placed)
            return
        told = (names_told(self._cut_of(each), self.table) for each in (said.formula, *said.earlier))
        also = {name for each in said.joined for name in names_told(self._cut_of(each), self.table)}
        names = next(filter(None, told), ())
        for name in (*names, *sorted(also - set(names))):
            law = law_of(said.effect, name, self.table)
            taken = law is not None and said.lead.closed and said.lead.effect not in NOT_ASSUMED
            if law is not None and taken:
                self._with_ranges(law.ranges)
                self._taken_up(list(law.facts), said.lead, said.formula.line, placed.within)
                if law.usual:
                    self.known.hear(list(law.usual), said.formula.line)
            if (law is None or not taken or not law.whole) and not (law is None and name in also):
                self.narrowed[name] = said.formula.line, placed.within

    def _said_of_random(self, said: Spoken, placed: Placed) -> None:
        """Take up that random variables are independent of one another: the mean of a product is that of the means."""
        formulas = [each for each in (said.formula, *said.joined) if each is not None]
        if not any(names_told(self._cut_of(each), self.table) for each in formulas):
            formulas = list(said.earlier)  # what it stands before is the space of those
        told = [name for each in reversed(formulas) for name in names_told(self._cut_of(each), self.table)]
        names = [name for name in told if name in self.table.random] or told
        chosen = said.lead.closed and said.lead.effect not in NOT_ASSUMED and len(names) > 1
        if not chosen or not set(names) <= self.table.random:
            self.narrowed |= {name: (placed.formula.line, placed.within) for name in names}
            return
        self.independent |= set(names)
        known = False
        for first, second in combinations(names, 2):
            turned = "^\\top" if self.table.space_of(second) is not None else ""
            latex = f"\\mathbb{{E}}[{first} {second}{turned}] = \\mathbb{{E}}[{first}] \\mathbb{{E}}[{second}]{turned}"
            if turned:
                latex = f"\\operatorname{{Cov}}({first}, {second}) = 0"
            reading = read_formula(self._cut(latex), self.table)
            for statement in reading.statements:
                spans = {each.symbol: Range(each.low, each.high) for each in statement.entries}
                claims = [claim for relation in statement.relations for claim in relation.claims]
                facts, ranges = of_all_entries(map(fact_of, claims), claims, spans, self.known.context, bool(spans))
                self._with_ranges(ranges)
                self._taken_up(facts, said.lead, placed.formula.line, placed.within)
                known = bool(facts)
            if not known:
                self.narrowed |= {name: (placed.formula.line, placed.within) for name in (first, second)}

    def _said_of_expression(self, said: Spoken, placed: Placed) -> None:
        """Take up that a matrix which is no name is invertible; anything else that is said of one may restrict its names."""
        if said.formula is None:
            return
        own, taken = self._cut_of(said.formula), said.lead.closed and said.lead.effect not in NOT_ASSUMED
        facts: list[Assumption] = []
        if said.effect == "invertible" and taken:
            reading = read_formula(self._cut(f"\\det({own.text}) \\ne 0"), self.table)
            claims = [claim for each in reading.statements for relation in each.relations for claim in relation.claims]
            facts = [] if reading.unread else [fact_of(claim) for claim in claims]
        if facts:
            self._taken_up(facts, said.lead, said.formula.line, placed.within)
        else:
            names = {base_name(name)[0] for name, _ in heads(own.tokens, self.table.names).values()}
            self.narrowed |= {name: (said.formula.line, placed.within) for name in names}

    def _with_ranges(self, ranges: Mapping[Symbol, Range]) -> None:
        for symbol, span in ranges.items():
            self.known.context = self.known.context.with_range(symbol, span)

    def _said_of_letter(self, said: Spoken, placed: Placed) -> None:
        """Take up what words say of a letter among them."""
        if said.effect in ("label", "one-hot"):
            self.labels.add(said.name)
        if said.effect == "one-hot" and self.table.arity_of(said.name) == 1:
            self._one_hot(said.name, said.lead, placed.formula.line, placed.within)

    def _one_hot(self, name: str, lead: Lead, line: int, within: frozenset[str]) -> None:
        hot = OneHot(terms.family(name))
        if not self.known.is_one_hot(hot.family) and lead.effect not in NOT_ASSUMED:
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
        self.inferred.append(because(Why.IS_ASSUMPTION, latex=relation.latex, line=line))
        names = {name for fact in facts for name in names_in(fact)}
        if role is Role.EQUATION and lead.closed:
            self.known.assume_here(facts, line, "sentence")
            why = Why.SOLVED
        elif not lead.takes_up:
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
