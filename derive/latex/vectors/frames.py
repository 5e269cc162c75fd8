"""The shape that the sides of a statement between vectors and matrices share, and the indices at which they are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.latex.grammar import choices, syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.statements import RawStatement
from derive.latex.vectors import derivatives, differentials, literals
from derive.latex.vectors.entries import VectorElaborator, is_zeros
from derive.latex.vectors.names import EQUAL, free_letter
from derive.latex.vectors.shape import SCALAR, Shape, lengths_clash
from derive.latex.vectors.shapes import Shapes
from derive.terms import terms
from derive.terms.context import HeldFixed, Range
from derive.terms.reasons import Why, because
from derive.terms.relations import BY_KEY

_NO_TERM = (syntax.Hole, syntax.Interval, syntax.IndexRange, syntax.NumberSet, syntax.Space)


@dataclass(frozen=True)
class Entry:
    """One side of a statement at the entry (`row`, `column`), or at all `places` of a literal, or why it is not read."""

    source: str
    shapes: Shapes
    row: Symbol | None
    column: Symbol | None
    problem: UnreadPart | None
    places: tuple[tuple[Expr | None, Expr | None], ...] = ()

    def elaborator(self, free: frozenset[str]) -> VectorElaborator:
        return VectorElaborator(self.source, self.shapes, free)


@dataclass(frozen=True)
class Frame:
    """The shape that the sides of a statement share, and the indices at which it is read."""

    source: str
    shapes: Shapes
    common: Shape
    row: Symbol | None
    column: Symbol | None
    problems: tuple[UnreadPart | None, ...]
    layouts: tuple[str, ...] = ()
    """The layouts of derivatives in which the sides fit, where they depend on it."""
    places: tuple[tuple[Expr | None, Expr | None], ...] = ()
    """The places at which the sides are compared, where they are of literal size."""

    @property
    def spans(self) -> tuple[Range, ...]:
        """The ranges of `indices`."""
        return tuple(span for span in self.common.spans if isinstance(span, Range)) if self.indices else ()

    def side(self, position: int) -> Entry:
        return Entry(self.source, self.shapes, self.row, self.column, self.problems[position], self.places)

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The indices at which the entries are compared."""
        return tuple(symbol for symbol in (self.row, self.column) if symbol is not None)

    @property
    def choices(self) -> tuple[choices.Choice, ...]:
        """The functions of vectors that nothing explains, of which the values are taken for numbers, and norms of matrices."""
        values = [choices.Choice(choices.Open.VALUE, "number", name.start, name.end) for name in self.shapes.numbers]
        norms = [choices.Choice(choices.Open.NORM, "entries", norm.start, norm.end) for norm in self.shapes.norms]
        each = [choices.Choice(choices.Open.ENTRY, "entries", name.start, name.end) for name in self.shapes.pointed]
        return (*values, *norms, *each)

    @property
    def held(self) -> tuple[HeldFixed, ...]:
        """The names that its differentials hold fixed, and nothing declares constant."""
        return tuple(HeldFixed(terms.family(name)) for name in sorted(self.shapes.held))

    @property
    def notes(self) -> tuple[str, ...]:
        letters = [symbol.name for symbol in self.indices]
        if not letters or all(problem is not None for problem in self.problems):
            return ()
        return (f"read entry by entry at {'index' if len(letters) == 1 else 'indices'} {', '.join(letters)}",)


def frame(
    source: str, raw: RawStatement, nodes: Sequence[syntax.Node | None], table: SymbolTable, taken: frozenset[str]
) -> Frame:
    """What the sides of a statement have in common; the entry's indices are letters that occur nowhere in it."""
    summed = frozenset(
        condition.name
        for node in nodes
        if node is not None
        for part in syntax.walk(node)
        if isinstance(part, syntax.SumOver)
        for condition in part.conditions
    )
    known = derivatives.LAYOUTS if not table.columns else derivatives.COLUMNS
    layouts = (table.layout,) if table.layout else known
    each = [Shapes(table, source, summed, layout) for layout in layouts]
    for shapes in each:
        shapes.varying = differentials.varying(nodes)
    tries = [compared(shapes, nodes) for shapes in each]
    shapes, common, problems = min(tries, key=lambda tried: sum(problem is not None for problem in tried[2]))
    start, end = raw.sides[0].start, raw.sides[-1].end
    rows = [*(side.tokens for side in raw.sides), *(remark.tokens for remark in raw.remarks)]
    used = taken.union(token.text for row in rows for token in row)
    down = across = None
    try:
        claimed = {at for at, node in enumerate(nodes) if isinstance(node, syntax.Space)}
        related = [token.text for at, token in enumerate(raw.relations) if at + 1 not in claimed]
        if not common.is_scalar and "in" in related:
            raise Unread(because(Why.SET_OF_VECTORS, shape=str(common)), start, end, "a declaration")
        if not common.is_scalar and any(text not in EQUAL and not _is_update(text) for text in related):
            raise Unread(because(Why.VECTOR_RELATION, shape=str(common)), start, end, "=, or entries with indices")
        shapes.literal = literals.has_literal(nodes, table)
        if shapes.literal and (whole := literals.places(shapes.lengths.shape(common))):
            return Frame(source, shapes, common, None, None, tuple(problems), (), whole)
        down = free_letter(common.rows, table, used, start, end)
        across = free_letter(common.columns, table, used | ({down.name} if down else set()), start, end)
    except Unread as error:
        down = across = None  # a matrix is read at two indices or at none
        problems = [problem or error.part for problem in problems]
    fits = tuple(tried[0].layout for tried in tries if not any(tried[2])) if derivatives.depends(shapes, nodes) else ()
    return Frame(source, shapes, common, down, across, tuple(problems), fits)


def _is_update(relation: str) -> bool:
    """Whether it gives its left side the next value."""
    row = BY_KEY.get(relation)
    return row is not None and row.given.startswith("next")


def compared(shapes: Shapes, nodes: Sequence[syntax.Node | None]) -> tuple[Shapes, Shape, list[UnreadPart | None]]:
    """The shape that the sides share, and for each side why it has not this one."""
    common: Shape | None = None
    problems: list[UnreadPart | None] = []
    for node in nodes:
        try:
            if node is not None and not isinstance(node, _NO_TERM):
                shape = shapes.of(node)
                both = shape if common is None else _both(shapes, common, shape, node)
                if both is None:
                    reason = because(Why.UNLIKE_SHAPES, common=str(common), shape=str(shape))
                    written = isinstance(node, literals.LITERALS) and common is not None
                    sized = written and all(map(literals.counted, (*shape.spans, *(common or SCALAR).spans)))
                    misfit = (
                        common is not None
                        and (lengths_clash(common, shape) or sized)
                        and all(shapes.is_declared(each) for each in nodes if each is not None)
                    )
                    raise Unread(reason, node.start, node.end, str(common), misfit=misfit)
                common = both
            problems.append(None)
        except Unread as error:
            problems.append(error.part)
    return shapes, shapes.lengths.shape(common or SCALAR), problems


def _both(shapes: Shapes, common: Shape, shape: Shape, node: syntax.Node) -> Shape | None:
    """The shape of both sides; a 0 on the right is the vector or the matrix of zeros."""
    if isinstance(node, syntax.Number) and node.text == "0":
        return common
    if is_zeros(node) and not common.is_scalar:
        return common
    return shapes.lengths.unified(common, shape)
