r"""The shapes of plain names that words or transposes make vectors and matrices, and of those that stand beside them.

``Q`` is square in *let Q be an orthogonal matrix*, and x a column in ``Q x`` then; b is one in ``A x - b``. As in
:mod:`derive.latex.vectors.inference` the statements of a section are unified one after the other, one that does not fit
teaches nothing, and a length that nothing names is a size of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.rows import rows
from derive.latex.tokens.statements import RawStatement, statements
from derive.latex.vectors.guesses import Guesses
from derive.latex.vectors.inference import learn, parsed, plain_names, sized
from derive.latex.vectors.shape import SCALAR, Lengths, Shape
from derive.latex.vectors.shapes import Shapes
from derive.latex.vectors.uses import is_free
from derive.terms.context import Range

_PASSES = 3
_COUNTS = frozenset("NTKLE")
"""Capitals that rather count, or are losses and expectations, where they stand before a vector."""
Opened = tuple[tuple[str, tuple[Range, ...]], ...]


def opened(
    table: SymbolTable,
    formulas: Iterable[Cut],
    called: frozenset[str],
    square: frozenset[str],
    columns: frozenset[str] = frozenset(),
) -> Opened:
    """The names of `called` and those beside them with the ranges of their places; those of `square` have one length, those of
    `columns` are no matrices."""
    formulas = tuple(formulas)
    plain = plain_names(formulas).letters
    start = {name for name in called | square if name in plain and _may_be(name, table)}
    guesses = Guesses(Lengths(), frozenset(), called=start, square=square - columns, columns=columns)
    if not guesses.called and not table.spaces:
        return ()
    found = [(one.text, raw) for one in formulas if not one.plain for raw in _statements(one, table)]
    trees = [(text, raw, [parsed(table, text, side.tokens) for side in raw.sides]) for text, raw in found]
    for _ in range(_PASSES):
        before = len(guesses.called)
        for text, _, nodes in trees:
            shapes = Shapes(table, text, guesses=guesses)
            guesses.called |= {name for name in _equated(shapes, nodes) if _may_be(name, table)}
            for node in nodes:
                guesses.called |= (
                    {name for name in _beside(shapes, node) if _may_be(name, table)} if node is not None else set()
                )
        if len(guesses.called) == before:
            break
    if not guesses.called:
        return ()
    for text, raw, nodes in trees:
        head = _letter(nodes[0]) if len(nodes) > 1 and nodes[0] is not None else ""
        new = head and head not in guesses.called and _may_be(head, table)  # it takes its shape from the other sides
        learn(table, text, replace(raw, sides=(replace(raw.sides[0], tokens=()), *raw.sides[1:])) if new else raw, guesses)
    for name in sorted(guesses.called):
        guesses.of(name, 0)
    return tuple((name, spans) for (name, count), spans in sized(guesses) if count == 0 and name in guesses.called)


def _statements(one: Cut, table: SymbolTable) -> Sequence[RawStatement]:
    try:
        return [raw for raw in statements(one.text, rows(one.named(table.names))) if raw.sides]
    except Unread:
        return ()


def _may_be(name: str, table: SymbolTable) -> bool:
    """Whether nothing else is known of a plain name."""
    return "{" not in name and (len(name) == 1 or name.startswith("\\")) and is_free(name, table)


def _beside(shapes: Shapes, node: syntax.Node) -> Iterator[str]:
    """The names in a tree that what stands beside them makes vectors or matrices."""
    for part in syntax.walk(node):
        if isinstance(part, syntax.Mul):
            for left, right, sign in zip(part.factors[:-1], part.factors[1:], part.signs, strict=True):
                if sign == "":
                    yield from _in_product(shapes, left, right)
        elif isinstance(part, syntax.Add):
            found = [_shape(shapes, term) for term in part.terms]
            if any(shape.rows is not None and shape.columns is None for shape in found):
                yield from (name for term in part.terms if (name := _letter(term)) and name.lstrip("\\").islower())


def _equated(shapes: Shapes, nodes: Sequence[syntax.Node | None]) -> Iterator[str]:
    """The small letters that stand alone behind a column in an equation: the b of ``A x = b``."""
    first, *others = nodes
    shape = _shape(shapes, first) if first is not None and others else SCALAR
    if shape.rows is not None and shape.columns is None and not isinstance(first, syntax.Name):
        yield from (node.text for node in others if isinstance(node, syntax.Name) and node.text.lstrip("\\").islower())


def _in_product(shapes: Shapes, left: syntax.Node, right: syntax.Node) -> Iterator[str]:
    """``x`` behind a row or a matrix, and a capital between a row and anything or before a column."""
    before, after = _shape(shapes, left), _shape(shapes, right)
    if before.columns is not None and (name := _letter(right)):
        yield name
    if after.rows is not None and (name := _letter(left)) and name.lstrip("\\")[:1].isupper() and name not in _COUNTS:
        yield name


def _letter(node: syntax.Node) -> str:
    """The name that a term is, up to its sign; "" for any other."""
    inner = node.operand if isinstance(node, syntax.Neg) else node
    return inner.text if isinstance(inner, syntax.Name) else ""


def _shape(shapes: Shapes, node: syntax.Node) -> Shape:
    try:
        return shapes.of(node)
    except Unread:
        return SCALAR
