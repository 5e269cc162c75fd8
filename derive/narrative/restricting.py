"""How far hypotheses reach: over all members of a family, over some of its indices, or only where something else holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sympy import Dummy, Expr, Indexed, Integer, KroneckerDelta, Symbol

from derive.documents import Document
from derive.judge.verdict import Kind, Verdict
from derive.latex.readings import Remark
from derive.narrative.doubts.names import names_in
from derive.narrative.roles.heads import mentions
from derive.narrative.roles.hypotheses import is_of_indices
from derive.narrative.roles.laws import at_all
from derive.narrative.state import State
from derive.narrative.words.grammar import Lead, is_hedge
from derive.terms.context import Assumption, Claim, Definition, Fact, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.relations import RelationKey
from derive.terms.terms import free_indices

OWN = "own sentence"
"""The reach of what is not in force behind its sentence, whatever follows it."""
_TURNED: dict[RelationKey, RelationKey] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Restricting(State):
    """The state of a walk, and how far the hypotheses of its sentence reach.

    Attributes:
        fresh: the hypotheses that the sentence has put in force.
        every: the indices of which the sentence has said that it speaks of all of them, with what they run over.
        conditions: what the sentence has said that its hypotheses need.
        let: those of `fresh` that words such as *let* give rather than assume.
    """

    def __init__(self, document: Document, given: tuple[str, ...]) -> None:
        super().__init__(document, given)
        self.fresh: list[Assumption] = []
        self.every: dict[Symbol, Range] = {}
        self.conditions: list[Claim] = []
        self.let: list[Assumption] = []
        self.imaginary: set[str] = set()
        self.fresh_in = -1

    def _sentence_begins(self) -> None:
        if self.fresh_in != self.reading:
            self.fresh, self.let, self.every, self.conditions, self.fresh_in = [], [], {}, [], self.reading

    def _with_ranges(self, ranges: Mapping[Symbol, Range]) -> None:
        for symbol, span in ranges.items():
            self.known.context = self.known.context.with_range(symbol, span)

    def _taken_up(self, facts: list[Assumption], lead: Lead, line: int, within: frozenset[str]) -> Why:
        """Put hypotheses in force as far as the words do, and say how far that is."""
        facts = [self._placed(fact) for fact in facts]
        if not lead.closed or lead.hedged == "behind":
            self.known.hear(facts, line)
            if lead.closed:
                self._narrow(facts, line, within)
            return Why.LEFT_OPEN
        self._sentence_begins()
        facts = [self._lasting(fact) for fact in facts]
        self.fresh += [fact for fact in facts if lead.effect != "condition" and not _of_indices(fact)]
        self.let += facts if lead.effect in ("let", "define", "set") else []
        needy = lead.hedged or lead.effect != "condition" and not all(map(is_of_indices, self.conditions))
        if lead.reach in ("sentence", "paragraph", OWN) or needy:
            if self.known.is_contradicted_by(facts):
                self.known.withdraw({name for fact in facts for name in names_in(fact)})
            self.known.assume_here(facts, line, OWN if needy or lead.reach == OWN else lead.reach)
            why = Why.ASSUMED_HERE
        else:
            self.known.assume(facts, line, frozenset() if lead.reach == "document" else within | self.before)
            why = Why.ASSUMED_ONWARDS
        new = [fact for fact in self.fresh if fact in facts]
        self._only_where(filter(is_of_indices, self.conditions), line, within, new)
        for fact in [each for each in self.fresh if each in facts]:
            self._given_whole(fact)
        return why

    def _placed(self, fact: Assumption) -> Assumption:
        """That a member of a one-hot family is 1 says where the 1 is; any other fact as it is."""
        if not isinstance(fact, Fact) or fact.relation != "=" or fact.right != 1 or not isinstance(fact.left, Indexed):
            return fact
        place = fact.left.indices[0]
        placed = len(fact.left.indices) == 1 and not fact.forall and self.known.is_one_hot(fact.left.base)
        return OneHot(fact.left.base, place, fact.latex) if placed else fact

    def _narrow(self, facts: Iterable[Assumption], line: int, within: frozenset[str]) -> None:
        """Keep in mind of which names hypotheses speak that hold in some cases only."""
        self.narrowed |= {name: (line, within) for fact in facts for name in names_in(fact)}

    def _lasting(self, fact: Assumption) -> Assumption:
        """A hypothesis on members with indices of its own, where a range was told of its letters: another one may be told."""
        if not isinstance(fact, Fact):
            return fact
        every = {s: span for s, span in self.every.items() if s in _free(fact)}
        told = {
            s: self.known.context.range_of(s) for s in fact.forall if not isinstance(s, Dummy) and s.name in self.table.told
        }
        if not every and not told:
            return fact
        return self._of_all(fact, {**told, **every})

    def _for_all(self, index: Symbol, span: Range) -> None:
        """What the sentence has put in force, or will, holds for all values of an index, and for no others."""
        self._sentence_begins()
        self.known.forget(index)
        self.every[index] = span
        for fact in [each for each in self.fresh if isinstance(each, Fact) and index in _free(each)]:
            general = self._of_all(fact, {index: span})
            self._exchange(fact, general)
            self._given_whole(general)

    def _said_in(self, fact: Assumption) -> tuple[int, frozenset[str]]:
        """The line of a hypothesis, and the parts of the document that it does not outlast."""
        return self.known.lines.now().get(fact) or 0, self.known.within.get(fact, frozenset())

    def _given_whole(self, fact: Assumption) -> None:
        """*Let b_j = 2 for all j* says what b is."""
        if fact not in self.let or not isinstance(fact, Fact) or not isinstance(fact.left, Indexed) or fact.relation != "=":
            return
        places, name = fact.left.indices, name_of(fact.left)
        spans = [self.known.context.range_of(s) for s in places if s in fact.forall and isinstance(s, Symbol)]
        own = [self.table.span_at(name, at) or Range(Integer(1), self.known.context.size) for at in range(len(places))]
        whole = spans == own and all(span.low == 1 and isinstance(span.high, Symbol | Integer) for span in spans)
        if len(set(places)) != len(places) or not whole or mentions(fact.right, name) or not fact.right.is_number:
            return
        line, within = self._said_in(fact)
        self.known.end([fact], line)
        self.fresh = [each for each in self.fresh if each is not fact]
        self.known.said.pop(fact, None)
        self.known.context = self.known.context.define(Definition(fact.left, fact.right, f"line {line}"))
        self.known.lines.write([fact.left], line)
        self.homes[name] = within, line

    def _needs(self, conditions: Iterable[Claim], line: int, within: frozenset[str]) -> None:
        """What the sentence has put in force, or will, holds only under these conditions."""
        self._sentence_begins()
        known = [{claim.left, claim.relation, claim.right} for claim in self.conditions]
        new = [claim for claim in conditions if {claim.left, claim.relation, claim.right} not in known]
        self._only_where(new, line, within, self.fresh)
        self.conditions += new

    def _beside(self, remarks: Iterable[Remark], line: int, within: frozenset[str], before: int) -> None:
        """Remarks beside a hypothesis say what it needs, or what its indices run over; `before` counts those before it."""
        for remark in remarks:
            for found in remark.ranges:
                span = Range(found.low, found.high)
                for one in [f for f in self.fresh[before:] if isinstance(f, Fact) and found.symbol in _free(f)]:
                    self._exchange(one, self._of_all(one, {found.symbol: span}))
            self._only_where(remark.conditions, line, within, self.fresh[before:])
            unread = not (remark.conditions or remark.ranges or remark.constants)
            if unread and (is_hedge(remark.word) or remark.word and self._relates(remark)):
                for fact in self.fresh[before:]:
                    self._not_without_more(fact, line, within)

    def _relates(self, remark: Remark) -> bool:
        """Whether a relation stands in a remark that was not read."""
        return any(token.kind == "relation" for token in self._cut(remark.text).tokens)

    def _only_where(self, conditions: Iterable[Claim], line: int, within: frozenset[str], facts: Iterable[Assumption]) -> None:
        """Hypotheses that are in force hold only under these conditions."""
        todo = list(facts)
        for claim in conditions:
            left: list[Assumption] = []
            for fact in todo:
                reached = _free(fact)
                letters = [s for s in claim.left.free_symbols | claim.right.free_symbols if isinstance(s, Symbol)]
                of_indices = all(s.is_integer for s in letters)
                own = {s for s in letters if not s.is_positive and s.name in {each.name for each in reached}}
                if of_indices and not own and not all(s.is_positive for s in letters):
                    left.append(fact)  # it is about the index of something else
                    continue
                narrower = self._under(fact, claim, own) if of_indices else None
                if narrower is None:
                    self._not_without_more(fact, line, within)
                else:
                    self._exchange(fact, narrower)
                    left.append(narrower)
            todo = left

    def _not_without_more(self, fact: Assumption, line: int, within: frozenset[str]) -> None:
        """A hypothesis is not in force: it was said of a case."""
        self.known.end([fact], line)
        self.fresh = [each for each in self.fresh if each is not fact]
        self._narrow([fact], line, within)
        self._reported(fact)

    def _under(self, fact: Assumption, claim: Claim, own: set[Symbol]) -> Fact | None:
        """The hypothesis for those values of an index that a condition leaves; None if that cannot be said by a range."""
        if not isinstance(fact, Fact):
            return None
        inside = {s.name: s for s in _free(fact)}
        if claim.relation == "!=" and len(own) == 2:
            pair = {inside[s.name] for s in own}
            law = _diagonal(fact, pair)
            return None if law is None else self._of_all(law, {s: self.known.context.range_of(s) for s in pair})
        if len(own) != 1:
            return None
        (letter,) = own
        index = inside[letter.name]
        before = self.known.context.range_of(index)
        span = _between(claim, letter, before)
        if span is None:
            return None
        return self._of_all(fact, {index: span})

    def _of_all(self, fact: Fact, spans: Mapping[Symbol, Range]) -> Fact:
        """The hypothesis for all values of indices, which get letters of their own."""
        general, ranges = at_all(fact, spans)
        self._with_ranges(ranges)
        for span in ranges.values():
            if span.low.free_symbols:  # r + 1, ..., n: r is one of 1, .., n
                self.known.assume([Fact(span.low - 1, "<=", span.high)], *self._said_in(fact))
        return general

    def _exchange(self, old: Assumption, new: Assumption) -> None:
        self.known.exchange(old, new)
        self.let = [new if each is old else each for each in self.let]
        self.fresh = [new if each is old else each for each in self.fresh]

    def _reported(self, fact: Assumption) -> None:
        """Say where a hypothesis stands that no proof uses it."""
        for at in range(self.begun, len(self.entries)):
            entry = self.entries[at]
            told = entry.settled is not None and entry.settled.kind is Kind.ASSUMPTION
            if told and isinstance(fact, Fact) and any(claim.latex == fact.latex for claim in entry.claims):
                self.entries[at] = replace(entry, settled=Verdict(Kind.ASSUMPTION, because(Why.LEFT_OPEN)))


def _of_indices(fact: Assumption) -> bool:
    """Whether it speaks of indices and sizes alone."""
    return isinstance(fact, Fact) and is_of_indices(Claim(fact.left, fact.relation, fact.right))


def _free(fact: Assumption) -> set[Symbol]:
    """The indices of a hypothesis that no sum binds."""
    if not isinstance(fact, Fact):
        return set()
    return {s for s in (*fact.forall, *free_indices(fact.left), *free_indices(fact.right)) if isinstance(s, Symbol)}


def _between(claim: Claim, index: Symbol, before: Range) -> Range | None:
    """The values of an index, of those in a range, that an inequality with it alone on a side leaves; None if that is open."""
    relation, bound = claim.relation, claim.right
    if claim.right == index:
        relation, bound = _TURNED.get(claim.relation, claim.relation), claim.left
    elif claim.left != index:
        return None
    if index in bound.free_symbols or not bound.is_integer or bound.atoms(Indexed):
        return None
    if relation == "=":
        return Range(bound, bound)
    if relation in (">", ">=") and before.low == 1:
        return Range(bound + 1 if relation == ">" else bound, before.high)
    if relation in ("<", "<="):
        high: Expr = bound - 1 if relation == "<" else bound
        return Range(before.low, high) if not before.high.is_number else None
    return None


def _diagonal(fact: Fact, own: set[Symbol]) -> Fact | None:
    """``S_ij = 0`` for different i and j as an equation of all entries; None for anything else."""
    left = fact.left
    if fact.relation != "=" or fact.right != 0 or not isinstance(left, Indexed) or set(left.indices) != own:
        return None
    i, j = left.indices
    return Fact(left, "=", KroneckerDelta(i, j) * left.base[i, i], (), fact.latex)
