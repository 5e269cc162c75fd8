"""What words say of names: properties, signs, which function one is, laws of matrices and of random variables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import combinations

from sympy import Indexed, Integer, Symbol

from derive.latex.reading import read_formula
from derive.latex.tokens.parts import heads
from derive.latex.vectors.bold import base_name
from derive.narrative.names.functions import called, definition, names_one
from derive.narrative.names.laws import WORDS, law_of, law_of_vectors, names_told
from derive.narrative.names.shaped import axes
from derive.narrative.restricting import Restricting
from derive.narrative.roles.hypotheses import fact_of
from derive.narrative.roles.laws import of_all_entries
from derive.narrative.words.grammar import Lead
from derive.narrative.words.paragraphs import Placed, Spoken
from derive.terms import terms
from derive.terms.context import Assumption, Claim, OneHot, Range
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.relations import RelationKey

NOT_ASSUMED = ("conclude", "state", "then", "mention")
"""Words behind which a property is a result, or is denied or only talked about."""
CONSTANT, INDEPENDENT = "constant", "independent"
SIGNS: dict[str, RelationKey] = {"positive": ">", "nonnegative": ">=", "negative": "<", "nonzero": "!="}
SIGNED = frozenset(SIGNS) - {"nonzero"}
"""Signs that mean several things of a matrix; a vector that is nonzero is one that is not 0."""


class Properties(Restricting):
    """The state of a walk, and what words say of its names."""

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
            if effect in ("label", "one-hot"):
                self._said_of_label(said, names_told(self._cut_of(said.formula), self.table), placed)
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

    def _said_of_label(self, said: Spoken, names: Collection[str], placed: Placed) -> None:
        """Take up that the one name which a formula puts into a space, ``y \\in \\mathbb R^n``, is a label or one-hot."""
        if len(names) != 1:
            return
        name = base_name(next(iter(names)))[0]
        self.labels.add(name)
        space = self.table.space_of(name)
        if said.effect == "one-hot" and space is not None and len(space) == 1:
            self._one_hot(name, said.lead, placed.formula.line, placed.within)

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
        both = law_of_vectors(said.effect, (*names, *sorted(also - set(names))), self.table)
        if both is not None and said.lead.closed and said.lead.effect not in NOT_ASSUMED:
            self._taken_up(list(both.facts), said.lead, said.formula.line, placed.within)
            return
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
