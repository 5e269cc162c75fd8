r"""Statements between vectors and matrices, read entry by entry.

``\nabla_{\mathbf z} L = \mathbf a - \mathbf y`` claims ``∂L/∂z_i = a_i - y_i`` at an index i that is free in it,
``W \mathbf x`` has the entries ``Σ_j W_ij x_j``, ``\mathbf a^\top \mathbf y`` is ``Σ_k a_k y_k``. A gradient has the
shape of the variable it is taken by. Only a statement that is written with vectors (`vector_names`) is read so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Integer, Rational, Symbol

from derive.latex.grammar import syntax
from derive.latex.meaning import obligations, powers
from derive.latex.meaning.scope import Scope
from derive.latex.meaning.terms import Elaborator
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.statements import RawStatement
from derive.latex.vectors.names import EQUAL, free_letter
from derive.latex.vectors.shapes import (
    ONES,
    SCALAR,
    ZEROS,
    Segment,
    Shape,
    Shapes,
    Span,
    base_name,
    contracted,
    joined,
    multiplied,
    segments,
    unified,
)
from derive.terms import terms
from derive.terms.context import Range
from derive.terms.reasons import Why, because

_NO_TERM = (syntax.Hole, syntax.Interval, syntax.IndexRange, syntax.NumberSet)


@dataclass(frozen=True)
class Entry:
    """One side of a statement at the entry (`row`, `column`), or why it is not read."""

    source: str
    shapes: Shapes
    row: Symbol | None
    column: Symbol | None
    problem: UnreadPart | None

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

    def side(self, position: int) -> Entry:
        return Entry(self.source, self.shapes, self.row, self.column, self.problems[position])

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The indices at which the entries are compared."""
        return tuple(symbol for symbol in (self.row, self.column) if symbol is not None)

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
    shapes = Shapes(table, source, summed)
    common: Shape | None = None
    problems: list[UnreadPart | None] = []
    for node in nodes:
        try:
            common = common if node is None or isinstance(node, _NO_TERM) else _compared(common, shapes.of(node), node)
            problems.append(None)
        except Unread as error:
            problems.append(error.part)
    common = common or SCALAR
    start, end = raw.sides[0].start, raw.sides[-1].end
    rows = [*(side.tokens for side in raw.sides), *(remark.tokens for remark in raw.remarks)]
    used = taken.union(token.text for row in rows for token in row)
    down = across = None
    try:
        if not common.is_scalar and any(token.text == "in" for token in raw.relations):
            raise Unread(because(Why.SET_OF_VECTORS, shape=str(common)), start, end, "a declaration")
        if not common.is_scalar and any(token.text not in EQUAL for token in raw.relations):
            raise Unread(because(Why.VECTOR_RELATION, shape=str(common)), start, end, "=, or entries with indices")
        down = free_letter(common.rows, table, used, start, end)
        across = free_letter(common.columns, table, used | ({down.name} if down else set()), start, end)
    except Unread as error:
        problems = [problem or error.part for problem in problems]
    return Frame(source, shapes, common, down, across, tuple(problems))


def _compared(common: Shape | None, shape: Shape, node: syntax.Node) -> Shape:
    both = shape if common is None else unified(common, shape)
    if both is None:
        raise Unread(because(Why.UNLIKE_SHAPES, common=str(common), shape=str(shape)), node.start, node.end, str(common))
    return both


class VectorElaborator(Elaborator):
    """Elaborates the entry of a vector that the scope's `row` and `column` say."""

    def __init__(self, source: str, shapes: Shapes, free: frozenset[str]) -> None:
        super().__init__(source, shapes.table, free)
        self.shapes = shapes

    def _term(self, node: syntax.Node, scope: Scope) -> Expr:
        shape = self.shapes.of(node)
        if shape.is_scalar:
            scope = _bare(scope)
        elif (shape.rows is None) != (scope.row is None) or (shape.columns is None) != (scope.column is None):
            raise Unread(because(Why.NO_SUCH_ENTRY, shape=str(shape)), node.start, node.end)
        match node:
            case syntax.Transpose():
                return self.term(node.operand, replace(scope, row=scope.column, column=scope.row))
            case syntax.Inner():
                return self.dot(node.left, node.right, scope)
            case syntax.Norm():
                square = self.dot(node.operand, node.operand, scope)
                self.demand(node, obligations.root(square, 2, f"{self.written(node)}^2"), scope)
                return powers.power(square, Rational(1, 2))
            case syntax.Power(base=syntax.Norm(operand=operand), exponent=syntax.Number(text="2")):
                return self.dot(operand, operand, scope)
            case syntax.Call() if not shape.is_scalar:
                self.note(f"{self.written(node.name)} is taken of each entry")
                return terms.Call(node.name.text, [self.term(node.arguments[0], scope)], [node.order])
            case syntax.Call() if any(not self.shapes.of(argument).is_scalar for argument in node.arguments):
                return terms.Call(node.name.text, [self.whole(argument) for argument in node.arguments], [node.order])
        return super()._term(node, scope)

    def whole(self, node: syntax.Node) -> Expr:
        """An argument that is passed with all its entries, or a scalar."""
        if isinstance(node, syntax.Name) and not self.shapes.of(node).is_scalar:
            return terms.family(base_name(node.text)[0])
        return self.term(node, Scope())

    def is_vector(self, node: syntax.Node) -> bool:
        return not self.shapes.of(node).is_scalar

    def name(self, node: syntax.Name, scope: Scope) -> Expr:
        if self.shapes.of(node).is_scalar:
            return super().name(node, scope)
        text = base_name(node.text)[0]
        if text in (ONES, ZEROS):
            return Integer(int(text))
        places = tuple(place for place in (scope.row, scope.column) if place is not None)
        return terms.family(text)[places if len(places) > 1 else places[0]]

    def product(self, node: syntax.Mul, scope: Scope) -> Expr:
        if not any(self.is_vector(factor) for factor in node.factors):
            return super().product(node, scope)
        return sympy.Mul(*(self.segment(part, scope) for part in segments(node)))

    def segment(self, part: Segment, scope: Scope) -> Expr:
        """The product of scalars and of vectors or matrices."""
        numbers = [self.term(factor, _bare(scope)) for factor in part.factors if not self.is_vector(factor)]
        vectors = [factor for factor in part.factors if self.is_vector(factor)]
        if self.shapes.is_dot(part):
            return sympy.Mul(*numbers, self.dot(vectors[0], vectors[1], scope))
        return sympy.Mul(*numbers, self.chain(vectors, scope))

    def chain(self, factors: Sequence[syntax.Node], scope: Scope) -> Expr:
        """An entry of the product of matrices: ``(A B)_{ij} = Σ_k A_{ik} B_{kj}``."""
        *first, last = factors
        if not first:
            return self.term(last, scope)
        left, right = self.chain_shape(first), self.shapes.of(last)
        if left.is_scalar:
            return self.chain(first, _bare(scope)) * self.term(last, scope)
        span = contracted(left, right)
        if span is None:
            return self.chain(first, replace(scope, column=None)) * self.term(last, replace(scope, row=None))
        bound, low, high = self.summed(span, last)
        inner = scope.within(bound, low, high)
        body = self.chain(first, replace(inner, column=bound)) * self.term(last, replace(inner, row=bound))
        return terms.summation(body, bound, low, high)

    def chain_shape(self, factors: Sequence[syntax.Node]) -> Shape:
        shape = SCALAR
        for factor in factors:
            shape = multiplied(shape, self.shapes.of(factor))
        return shape

    def dot(self, left: syntax.Node, right: syntax.Node, scope: Scope) -> Expr:
        """``Σ_k a_k y_k``."""
        shape, other = self.shapes.of(left), self.shapes.of(right)
        down = shape.rows is not None
        span = joined(shape.rows, other.rows) if down else joined(shape.columns, other.columns)
        bound, low, high = self.summed(span, left)
        inner = scope.within(bound, low, high)
        at = replace(inner, row=bound if down else None, column=None if down else bound)
        return terms.summation(self.term(left, at) * self.term(right, at), bound, low, high)

    def summed(self, span: Span, node: syntax.Node) -> tuple[Symbol, Expr, Expr]:
        """A fresh bound index over `span`."""
        if not isinstance(span, Range):
            raise Unread(because(Why.LENGTH_OF_ONES), node.start, node.end)
        self.note("products of vectors are read as sums over their entries")
        return terms.bound("k"), span.low, span.high

    def derivative(self, node: syntax.Derivative, scope: Scope) -> Expr:
        variable = node.variables[0][0]
        if not self.is_vector(variable):
            return super().derivative(node, scope)
        if node.style != "∇":
            name = self.written(variable)
            self.note(f"the derivative by {name} has the shape of {name}")
        return terms.Partial(self.term(node.operand, _bare(scope)), self.term(variable, scope))


def _bare(scope: Scope) -> Scope:
    return replace(scope, row=None, column=None)
