r"""Functions that nothing explains beside vectors: ``\mathbf y = g(\mathbf x)`` has vectors for values, ``f'(\mathbf a)`` is
taken of each entry.

What the values are follows from what stands beside them: nothing is known of them but that equal arguments have equal ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.rows import rows
from derive.latex.tokens.statements import statements
from derive.latex.tokens.vocabulary import BOLD
from derive.latex.vectors import operators
from derive.latex.vectors.bold import inner_name
from derive.latex.vectors.inference import parsed
from derive.latex.vectors.products import ENTRYWISE


@dataclass
class Unexplained:
    """The functions that are taken of each entry, and those with vectors (1) or matrices (2) for values."""

    pointed: set[str] = field(default_factory=set)
    ranked: dict[str, int] = field(default_factory=dict)


def unexplained(table: SymbolTable, formulas: Iterable[Cut]) -> Unexplained:
    """What formulas show of the functions of vectors that nothing explains."""
    found = Unexplained()
    shown = [side for one in formulas if not one.plain for side in _sides(table, one)]
    for sides in shown:
        for side in sides:
            found.pointed |= {call.name.text for call in _sloped(side) if _is_open(call, table)}
    for sides in shown:
        ranks = [rank for side in sides if (rank := _rank(side, table))]
        for side in sides:
            _from_sum(side, table, found)
            if ranks and isinstance(side, syntax.Call):
                _learn(side, max(ranks), table, found)
    return found


def _sides(table: SymbolTable, one: Cut) -> Iterator[list[syntax.Node]]:
    if not any(token.kind == "open" for token in one.tokens):
        return
    try:
        found = statements(one.text, rows(one.named(table.names)))
    except Unread:
        return
    for raw in found:
        nodes = [parsed(table, one.text, side.tokens) for side in raw.sides]
        yield [node for node in nodes if node is not None]


def _sloped(side: syntax.Node) -> Iterator[syntax.Call]:
    r"""The slopes that stand in products of entries: the ``f'(\mathbf a)`` of ``\mathbf g \odot f'(\mathbf a)``."""
    for part in syntax.walk(side):
        if isinstance(part, syntax.Mul) and any(sign in ENTRYWISE for sign in part.signs):
            yield from (factor for factor in part.factors if isinstance(factor, syntax.Call) and factor.order)


def _from_sum(side: syntax.Node, table: SymbolTable, found: Unexplained) -> None:
    """The values that a vector is added to."""
    for part in syntax.walk(side):
        if isinstance(part, syntax.Add):
            rank = max(_rank(term, table) for term in part.terms)
            for term in part.terms if rank else ():
                if isinstance(term, syntax.Call):
                    _learn(term, rank, table, found)


def _learn(call: syntax.Call, rank: int, table: SymbolTable, found: Unexplained) -> None:
    """Functions of names may have any vectors for values; one of an expression can only be taken of its entries."""
    if not _is_open(call, table) or call.name.text in found.pointed:
        return
    if all(isinstance(argument, syntax.Name | syntax.Subscripted) for argument in call.arguments) and not call.order:
        found.ranked.setdefault(call.name.text, rank)
    elif len(call.arguments) == 1:
        found.pointed.add(call.name.text)


def _is_open(call: syntax.Call, table: SymbolTable) -> bool:
    """Whether nothing explains the function, and an argument is a vector."""
    name = call.name.text
    known = name in table.declared | table.pointwise or any(each == name for each, _ in table.defined)
    bodied = any(each == name for each, _ in table.bodies)
    named = name in operators.by_word() or any(mark in name for mark in BOLD)
    return not (known or bodied or named) and any(
        _rank(part, table) for argument in call.arguments for part in syntax.walk(argument)
    )


def _rank(node: syntax.Node, table: SymbolTable) -> int:
    """1 for a vector by its name, 2 for a matrix, 0 for all else."""
    if isinstance(node, syntax.Neg):
        return _rank(node.operand, table)
    name = node.name if isinstance(node, syntax.Subscripted) else node
    if not isinstance(name, syntax.Name):
        return 0
    letter, bold = inner_name(name.text)
    if bold and not (isinstance(node, syntax.Subscripted) and len(node.indices) > 1):
        return 2 if letter.lstrip("\\")[:1].isupper() else 1
    space: Sequence[object] | None = table.space_of(name.text) if isinstance(node, syntax.Name) else None
    return len(space) if space is not None else 0
