"""All that makes a claim doubtful if it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from derive.judge.verdict import Cause, Doubt
from derive.latex.built import APPROXIMATELY
from derive.latex.reading import read_formula
from derive.latex.tokens.lexer import Token
from derive.latex.vectors.bold import base_name
from derive.narrative.doubts.inputs import rounded_inputs
from derive.narrative.doubts.loose import loose, of_each_member, of_one_member
from derive.narrative.doubts.names import (
    bold_numbers,
    by_choice,
    in_doubt,
    of_bold,
    of_deltas,
    of_entries,
    of_members,
    of_sizes,
    of_turned,
    of_values_of,
    of_words,
    slope_of,
    totals,
    unsummed,
)
from derive.narrative.doubts.spelled import spelled
from derive.narrative.entries import Entry
from derive.narrative.figures import Figures
from derive.narrative.names.chance import beside_chance, beyond_moments
from derive.narrative.names.customary import any_functions
from derive.narrative.roles.sides import reached
from derive.narrative.words.grammar import Lead
from derive.terms.context import Claim
from derive.terms.heads import name_of
from derive.terms.reasons import Why
from derive.terms.terms import Partial


class Doubted(Figures):
    """The state of a walk, and the doubts that it gives to a claim."""

    @cached_property
    def written(self) -> frozenset[str]:
        """All that the formulas of the document write."""
        return frozenset(token.text for formula in self.document.formulas for token in self._cut_of(formula).tokens)

    def _narrowed(self) -> dict[str, int]:
        """The names that a relation narrows which was not read, with its line."""
        return {name: line for name, (line, _) in self.narrowed.items()}

    def _elsewhere(self, parts: frozenset[str]) -> dict[str, int]:
        """The names that are defined in other parts of the document than `parts`, with the line."""
        return {
            name: line
            for name, (home, line) in self.homes.items()
            if not {part for part in home if not part.startswith("part")} <= parts
        }

    def _doubted(self, entry: Entry, parts: frozenset[str], lead: Lead, unclear: bool) -> Entry:
        """The entry of a claim with its doubts.

        Args:
            parts: the parts of the document that the claim stands in.
            unclear: nothing tells whether it is a claim.
        """
        claims, context = entry.claims, entry.context
        elsewhere = self._elsewhere(parts)
        doubts = entry.doubts + in_doubt(claims, context, self.unread_heads, self._narrowed(), elsewhere)
        doubts += tuple(
            Doubt(Cause.ELSEWHERE, name_of(p.expr), elsewhere[slope_of(p)])
            for c in claims
            for p in sorted(c.left.atoms(Partial) | c.right.atoms(Partial), key=str)
            if slope_of(p) in elsewhere
        )
        doubts += of_members(claims, self.table)
        doubts += of_sizes(claims, self.table, self.written)
        names = {n for c in claims for side in (c.left, c.right) for n in reached(side, context)}
        pieces = (Doubt(Cause.CHOICE, n, self.pieces[n], Why.TAKEN_EVERYWHERE) for n in sorted(names & set(self.pieces)))
        taken = by_choice(names, context, self.table, self.plain_letters, self.shorthands)
        doubts += tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_ANY_FUNCTION) for name in any_functions(claims, context))
        doubts += (
            *of_bold(names, self.table, self.plain_letters, False, context),
            *of_turned(names, self.table),
            *of_entries(names, self.table),
            *of_words(names, context),
            *of_values_of(names, context),
        )
        doubts += (*totals(claims, context), *bold_numbers(claims, context))
        entries = {each.symbol.name for each in entry.statement.entries} if entry.statement is not None else ()
        doubts += unsummed(claims, context, "summation" in self.conventions, entries)
        doubts += of_deltas(claims, self.table)
        written = self._written(entry, left=True)
        doubts += spelled(written, self._behind(entry))
        doubts += rounded_inputs(claims, written, self._moved(entry, written), entry.relation == APPROXIMATELY)
        normal = frozenset(base_name(law.name)[0] for law in self.laws)
        if (normal or self.independent) and (name := beyond_moments(claims, context, normal, frozenset(self.independent))):
            doubts += (Doubt(Cause.NARROWED, name, entry.formula.line),)
        doubts += tuple(Doubt(Cause.NAME, name) for name in beside_chance(claims, context))
        doubts += of_each_member(claims, context)
        doubts += of_one_member(claims, context, self.known.lines.now().get, self.labels)
        if unclear:
            doubts = (Doubt(Cause.ROLE), *doubts)
        decimals = any(t.kind == "number" and "." in t.text for t in self._written(entry))
        spaces = frozenset((*(name for name, _ in self.table.spaces), *(name for (name, _), _ in self.table.inferred)))
        doubts += loose(claims, context, lead, entry.position > 0, self.labels, decimals, spaces)
        return replace(entry, choices=(*entry.choices, *pieces, *taken), doubts=doubts)

    def _behind(self, entry: Entry) -> Sequence[Token]:
        """The tokens behind an entry in its formula."""
        if entry.statement is None:
            return ()
        _, end = entry.statement.relations[entry.position].right_span
        return tuple(token for token in self._cut_of(entry.formula).tokens if token.start >= end)

    def _moved(self, entry: Entry, written: Sequence[Token]) -> Callable[[Token, str], Sequence[Claim]]:
        """What an entry claims with another decimal in the place of one of its tokens."""

        def moved(token: Token, decimal: str) -> Sequence[Claim]:
            first, last = written[0].start, written[-1].end
            text = self._cut_of(entry.formula).text
            found = read_formula(self._cut(text[first : token.start] + decimal + text[token.end : last]), self.table)
            return [claim for each in found.statements for relation in each.relations for claim in relation.claims]

        return moved

    def _written(self, entry: Entry, left: bool = False) -> Sequence[Token]:
        """The tokens of the right side of an entry, and with `left` those of its left side before them."""
        if entry.statement is None:
            return ()
        relation, cut_ = entry.statement.relations[entry.position], self._cut_of(entry.formula)
        before = cut_.between(*relation.left_span) if left else ()
        return (*before, *cut_.between(*relation.right_span))


def also_doubted(entry: Entry, doubts: Sequence[Doubt]) -> Entry:
    """The entry with those `doubts` of another one that are about names to which its own claims lead as well, or about none."""
    sides = [side for claim in entry.claims for side in (claim.left, claim.right)]
    names = {name for side in sides for name in reached(side, entry.context)}
    return replace(entry, doubts=(*entry.doubts, *(each for each in doubts if not each.name or each.name in names)))
