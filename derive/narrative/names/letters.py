"""The index letters that mean something at a place in a document: no entry of a vector is read at one of them."""

from __future__ import annotations

from derive.latex.symbols.table import SymbolTable
from derive.narrative.words.cases import IndexCase
from derive.terms.context import Assumption, Context, DependsOn, Fact, HeldFixed, Range
from derive.terms.growth import Growing
from derive.terms.terms import free_indices


def taken_letters(context: Context, table: SymbolTable, case: IndexCase | None = None) -> frozenset[str]:
    """The letters that a hypothesis or a case speaks of, and those whose range changed since they were declared."""
    taken = {symbol.name for symbol, span in context.ranges if Range(*table.range_of(symbol.name)) != span}
    taken |= _spoken_of(context.assumptions)
    return frozenset(taken) if case is None else frozenset(taken | {case.left, case.right})


def _spoken(before: frozenset[str], new: tuple[Assumption, ...]) -> frozenset[str]:
    """The letters that the new assumptions speak of too."""
    taken = set(before)
    for assumption in new:
        if isinstance(assumption, Fact):
            symbols = {*free_indices(assumption.left), *free_indices(assumption.right)} - set(assumption.forall)
        elif isinstance(assumption, HeldFixed):
            symbols = set(free_indices(assumption.term))
        elif isinstance(assumption, DependsOn):
            symbols = set(free_indices(assumption.quantity))
        else:
            symbols = set() if assumption.at is None else set(free_indices(assumption.at))
        taken |= {symbol.name for symbol in symbols}
    return frozenset(taken)


_spoken_of = Growing(frozenset[str](), _spoken)
