"""What the use of names tells of their shapes, section by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.vectors.inference import Inferred, inferred
from derive.latex.vectors.unexplained import unexplained
from derive.narrative.names.differentiated import values_in


@dataclass(frozen=True)
class Learnt:
    """The letters that are no indices in a section, the shapes of its bold names, and its functions of vectors that nothing
    explains: those of each entry, and those with vectors for values."""

    values: frozenset[str] = frozenset()
    inferred: Inferred = ()
    pointed: frozenset[str] = frozenset()
    ranked: tuple[tuple[str, int], ...] = ()

    def within(self, table: SymbolTable) -> SymbolTable:
        """The table as it is in the section."""
        return replace(table, values=self.values, inferred=self.inferred, pointed=self.pointed, ranked=self.ranked)


def learnt(table: SymbolTable, cuts: Sequence[Cut], called: frozenset[str], samples: Inferred) -> Learnt:
    """What the formulas of a section tell; none of `called` is a vector, `samples` are vectors anyway."""
    values = values_in(cuts) - table.declared
    here = replace(table, values=values, inferred=samples)
    found = unexplained(here, cuts)
    pointed, ranked = frozenset(found.pointed), tuple(sorted(found.ranked.items()))
    here = replace(here, pointed=pointed, ranked=ranked)
    return Learnt(values, (*samples, *inferred(here, cuts, called)), pointed, ranked)
