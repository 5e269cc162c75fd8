"""All that makes a claim doubtful if it does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.judge.verdict import Cause, Doubt
from derive.latex.built import APPROXIMATELY
from derive.latex.tokens.lexer import Token
from derive.latex.vectors.bold import base_name
from derive.narrative.doubts.inputs import rounded_inputs
from derive.narrative.doubts.loose import loose
from derive.narrative.doubts.names import (
    bold_numbers,
    by_choice,
    in_doubt,
    of_bold,
    of_members,
    of_turned,
    of_values_of,
    of_words,
    slope_of,
    totals,
    unsummed,
)
from derive.narrative.entries import Entry
from derive.narrative.figures import Figures
from derive.narrative.names.chance import beside_chance, beyond_moments
from derive.narrative.names.customary import any_functions
from derive.narrative.roles.sides import reached
from derive.narrative.words.grammar import Lead
from derive.terms.heads import name_of
from derive.terms.reasons import Why
from derive.terms.terms import Partial


class Doubted(Figures):
    """The state of a walk, and the doubts that it gives to a claim."""

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
        names = {n for c in claims for side in (c.left, c.right) for n in reached(side, context)}
        pieces = (Doubt(Cause.CHOICE, n, self.pieces[n], Why.TAKEN_EVERYWHERE) for n in sorted(names & set(self.pieces)))
        taken = by_choice(names, context, self.table, self.plain_letters, self.shorthands)
        doubts += tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_ANY_FUNCTION) for name in any_functions(claims, context))
        doubts += (
            *of_bold(names, self.table, self.plain_letters, False, context),
            *of_turned(names, self.table),
            *of_words(names, context),
            *of_values_of(names, context),
        )
        doubts += (*totals(claims, context), *bold_numbers(claims, context))
        if "summation" in self.conventions:
            doubts += unsummed(claims)
        if entry.relation == APPROXIMATELY:
            doubts += rounded_inputs(claims, self._written(entry, left=True))
        normal = frozenset(base_name(law.name)[0] for law in self.laws)
        if (normal or self.independent) and (name := beyond_moments(claims, context, normal, frozenset(self.independent))):
            doubts += (Doubt(Cause.NARROWED, name, entry.formula.line),)
        doubts += tuple(Doubt(Cause.NAME, name) for name in beside_chance(claims, context))
        if unclear:
            doubts = (Doubt(Cause.ROLE), *doubts)
        decimals = any(t.kind == "number" and "." in t.text for t in self._written(entry))
        spaces = frozenset((*(name for name, _ in self.table.spaces), *(name for (name, _), _ in self.table.inferred)))
        doubts += loose(claims, context, lead, entry.position > 0, self.labels, decimals, spaces)
        return replace(entry, choices=(*entry.choices, *pieces, *taken), doubts=doubts)

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
