r"""Vectors and matrices that are written out, such as ``\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}``, in calculations.

They are of literal size. What is written with them is compared at each of its places, and sums over their axes are written
out, for an entry of a literal has a value at a number only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, product

import sympy
from sympy import Expr, Integer

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import DOTS
from derive.latex.vectors.bold import IDENTITY, base_name
from derive.latex.vectors.shape import Shape, Span
from derive.terms.context import Range
from derive.terms.reasons import Why, because

ENVIRONMENTS = ("bmatrix", "pmatrix", "matrix", "Bmatrix", "smallmatrix")
DETERMINANT = "vmatrix"
LITERALS = (syntax.VectorLit, syntax.Matrix)
LONGEST = 8
"""The longest axis that is written out."""
LARGEST = 4
"""The largest matrix of which a determinant or an inverse is written out."""
Entry = Callable[[int, int], Expr]


def calculates(sides: Sequence[Sequence[Token]], table: SymbolTable) -> bool:
    """Whether a side has a literal with something beside it, or a matrix stands against one, and none leaves anything out."""
    found = False
    for row in sides:
        if any(token.text in DOTS for token in row) or any(token.kind == "open" and token.text == "[" for token in row):
            return False
        begins = [at for at, token in enumerate(row) if token.kind == "begin"]
        if any(row[at].text not in (*ENVIRONMENTS, DETERMINANT) for at in begins):
            return False
        alone = begins == [0] and row[-1].kind == "end" and row[0].text != DETERMINANT
        found = found or bool(begins) and not alone
    written = any(token.kind == "begin" for row in sides for token in row)
    named = {token.text for row in sides for token in row if token.kind == "letter"}
    return found or written and bool(named & (table.literal | {IDENTITY} - table.declared))


def is_whole(row: Sequence[Token]) -> bool:
    """Whether a row is one literal of at least two rows that leaves nothing out."""
    begins = [token for token in row if token.kind == "begin"]
    lone = len(begins) == 1 and row[0].kind == "begin" and row[0].text in ENVIRONMENTS and row[-1].kind == "end"
    return lone and any(token.kind == "row" for token in row) and not any(token.text in DOTS for token in row)


def is_tuple(row: Sequence[Token]) -> bool:
    r"""Whether a row is a transposed tuple, ``(1, 0, -1)^\top``."""
    if len(row) < 5 or row[0].kind != "open" or row[0].text not in ("(", "[") or any(token.text in DOTS for token in row):
        return False
    depths = accumulate((token.kind == "open") - (token.kind == "close") for token in row)
    end = next((at for at, depth in enumerate(depths) if depth == 0), len(row))
    above = [token.text for token in row[end + 1 :] if token.kind not in ("lbrace", "rbrace")]
    return any(token.kind == "comma" for token in row[:end]) and above in (["^", "\\top"], ["^", "T"])


def has_literal(nodes: Iterable[syntax.Node | None], table: SymbolTable) -> bool:
    """Whether a literal stands in one of the trees, or a name that is put to one."""
    parts = [part for node in nodes if node is not None for part in syntax.walk(node)]
    named = {base_name(part.text)[0] for part in parts if isinstance(part, syntax.Name)}
    return bool(named & table.literal) or any(isinstance(part, LITERALS) for part in parts)


def rows_of(node: syntax.VectorLit | syntax.Matrix) -> tuple[tuple[syntax.Node, ...], ...]:
    """The entries, row by row."""
    return tuple((entry,) for entry in node.entries) if isinstance(node, syntax.VectorLit) else node.rows


def shape(node: syntax.VectorLit | syntax.Matrix) -> Shape:
    """The shape of a literal: a column, a row, or a matrix.

    Raises:
        Unread: where the rows have different lengths, or there are too many, or dots stand for some.
    """
    rows = rows_of(node)
    lengths = {len(row) for row in rows}
    dotted = any(isinstance(entry, syntax.Dots) for row in rows for entry in row)
    if dotted or len(lengths) != 1 or max(len(rows), *lengths) > LONGEST:
        raise Unread(because(Why.MATRIX), node.start, node.end, "rows of equal length")
    down, across = (Range(Integer(1), Integer(count)) for count in (len(rows), *lengths))
    if isinstance(node, syntax.VectorLit):
        return Shape(down)
    return Shape(None, across) if len(rows) == 1 else Shape(down, across)


def entry(node: syntax.VectorLit | syntax.Matrix, row: Expr | None, column: Expr | None) -> syntax.Node:
    """What stands at a place.

    Raises:
        Unread: where the place is no number.
    """
    places = [1 if place is None else place for place in (row, column)]
    if not all(isinstance(place, (int, Integer)) for place in places):
        raise Unread(because(Why.MATRIX), node.start, node.end, "entries with indices")
    return rows_of(node)[int(places[0]) - 1][int(places[1]) - 1]


def counted(span: Span) -> range | None:
    """The numbers of an axis of literal length; None for any other, and for a long one."""
    if not isinstance(span, Range) or not (isinstance(span.low, Integer) and isinstance(span.high, Integer)):
        return None
    found = range(int(span.low), int(span.high) + 1)
    return found if len(found) <= LONGEST else None


def places(common: Shape) -> tuple[tuple[Expr | None, Expr | None], ...]:
    """All places of a shape of literal size; none for any other."""
    axes = [[None] if span is None else counted(span) for span in (common.rows, common.columns)]
    if common.is_scalar or any(axis is None for axis in axes):
        return ()
    numbers = [[None if place is None else Integer(place) for place in axis] for axis in axes if axis is not None]
    return tuple((down, across) for down, across in product(*numbers))


def determinant(size: int, at: Entry) -> Expr:
    """The determinant of a small matrix, by its first row; `at` is its entry at places from 1 on."""
    return _expanded(list(range(1, size + 1)), list(range(1, size + 1)), at)


def inverse(size: int, at: Entry, row: int, column: int) -> Expr:
    """An entry of the inverse of a small matrix: a cofactor over the determinant."""
    rest = [k for k in range(1, size + 1)]
    minor = _expanded([k for k in rest if k != column], [k for k in rest if k != row], at)
    return sympy.Mul(Integer((-1) ** (row + column)), minor) / determinant(size, at)


def _expanded(rows: list[int], columns: list[int], at: Entry) -> Expr:
    if not rows:
        return Integer(1)
    first, *others = rows
    parts = []
    for number, column in enumerate(columns):
        minor = _expanded(others, [k for k in columns if k != column], at)
        parts.append(Integer((-1) ** number) * at(first, column) * minor)
    return sympy.Add(*parts)
