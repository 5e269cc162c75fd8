"""The layout of derivatives by vectors: what the words say, what a formula shows, and the reading in the other one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from derive.latex.reading import ReadStatement, read_formula
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.vectors.derivatives import LAYOUTS
from derive.narrative.entries import Entry
from derive.terms.context import Claim

SAID = {"numerator-layout": "numerator", "denominator-layout": "denominator"}


def with_layout(table: SymbolTable, conventions: Collection[str]) -> SymbolTable:
    """The table with the layout that words have told."""
    layout = next((SAID[each] for each in sorted(conventions) if each in SAID), "")
    return replace(table, layout=layout) if layout and layout != table.layout else table


def shown(table: SymbolTable, statement: ReadStatement, defines: bool = False) -> SymbolTable:
    """The table with the layout that a statement shows: the only one in which its sides fit, and not the usual one.

    A definition that fits in no layout where gradients are rows shows that they are columns.
    """
    if defines and statement.layouts and LAYOUTS[1] not in statement.layouts and not table.layout and not statement.unread:
        return replace(table, columns=True)
    only = statement.layouts if len(statement.layouts) < len(LAYOUTS) else ()
    settles = only and only[0] != LAYOUTS[0] and not table.layout and not statement.unread
    return replace(table, layout=only[0]) if settles else table


def in_layouts(entry: Entry, one: Cut, table: SymbolTable, taken: frozenset[str], conventions: Collection[str]) -> Entry:
    """The entry with the layouts that may be meant where no words say which, and its claims in the other one."""
    open_ = entry.statement.layouts if entry.statement is not None and not SAID.keys() & set(conventions) else ()
    return replace(entry, otherwise=_otherwise(one, table, taken, entry), layouts=open_)


def _otherwise(one: Cut, table: SymbolTable, taken: frozenset[str], entry: Entry) -> tuple[Claim, ...]:
    """The claims of a relation in the layout that a document without a word on it may mean as well; none where it cannot."""
    statement = entry.statement
    if statement is None or table.layout or len(statement.layouts) < 2:
        return ()
    again = read_formula(one, replace(table, layout=statement.layouts[-1]), taken=taken)
    same = next((each for each in again.statements if each.spans == statement.spans), None)
    return same.relations[entry.position].claims if same is not None else ()
