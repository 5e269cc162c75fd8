r"""What a shape is: a scalar, a column, a row or a matrix, with the lengths of its axes, which may be open.

The length of ``\mathbf 1`` or of the identity is open until what stands beside it says it: :class:`Lengths` keeps what
was found for the open lengths of one statement. What does not fit is never stretched to fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sympy import Integer

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.terms.context import Range


@dataclass(frozen=True)
class Axis:
    """A length that the expression leaves open."""

    number: int


Span = Range | Axis | None
"""The indices in one direction; None where a shape has no such direction."""


@dataclass(frozen=True)
class Shape:
    """A scalar has neither rows nor columns, a column has rows, a row has columns, a matrix both."""

    rows: Span = None
    columns: Span = None

    @property
    def is_scalar(self) -> bool:
        return self.rows is None and self.columns is None

    @property
    def is_matrix(self) -> bool:
        return self.rows is not None and self.columns is not None

    @property
    def spans(self) -> tuple[Range | Axis, ...]:
        """The axes that it has, the rows first."""
        return tuple(span for span in (self.rows, self.columns) if span is not None)

    @property
    def transposed(self) -> Shape:
        return Shape(self.columns, self.rows)

    def __str__(self) -> str:
        if self.is_scalar:
            return "a scalar"
        if self.columns is None:
            return f"a column of length {_length(self.rows)}"
        if self.rows is None:
            return f"a row of length {_length(self.columns)}"
        return f"a matrix of shape {_length(self.rows)} x {_length(self.columns)}"


SCALAR = Shape()
UNIT = Range(Integer(1), Integer(1))


def shape_of(spans: Sequence[Range]) -> Shape:
    r"""The shape of what has `spans`: a column, a matrix; a row with an axis of length 1 in front, a column with one behind.

    >>> shape_of((Range(Integer(1), Integer(3)), UNIT))
    Shape(rows=Range(low=1, high=3), columns=None)
    """
    if len(spans) == 2 and (spans[0] == UNIT) != (spans[1] == UNIT):
        return Shape(spans[0]) if spans[1] == UNIT else Shape(None, spans[1])
    return Shape(*spans)


def _length(span: Span) -> str:
    if not isinstance(span, Range):
        return "any"
    return str(span.high) if span.low == 1 else f"{span.low}..{span.high}"


@dataclass
class Lengths:
    """What the open lengths of a statement turned out to be."""

    known: dict[Axis, Range | Axis] = field(default_factory=dict)
    made: int = 0

    def fresh(self) -> Axis:
        """A length that is open still."""
        self.made += 1
        return Axis(self.made)

    def of(self, span: Span) -> Span:
        """What is known of a length."""
        while isinstance(span, Axis) and span in self.known:
            span = self.known[span]
        return span

    def shape(self, shape: Shape) -> Shape:
        """The shape with what is known of its lengths."""
        return Shape(self.of(shape.rows), self.of(shape.columns))

    def joined(self, left: Span, right: Span) -> Span:
        """The length that both are; raises ValueError if they differ."""
        left, right = self.of(left), self.of(right)
        if left == right:
            return left
        if left is None or right is None:
            raise ValueError
        if isinstance(left, Axis):
            self.known[left] = right
            return right
        if isinstance(right, Axis):
            self.known[right] = left
            return left
        raise ValueError

    def unified(self, left: Shape, right: Shape) -> Shape | None:
        """The shape that both have; None, with nothing learnt, if they differ."""
        before = dict(self.known)
        try:
            return Shape(self.joined(left.rows, right.rows), self.joined(left.columns, right.columns))
        except ValueError:
            self.known = before
            return None

    def could_be(self, left: Shape, right: Shape) -> bool:
        """Whether two shapes can be the same; nothing is learnt from the question."""
        before = dict(self.known)
        found = self.unified(left, right) is not None
        self.known = before
        return found

    def contracted(self, left: Shape, right: Shape) -> Span:
        """The indices over which a product of two matrices sums, None for a product without a sum; ValueError if misfit."""
        if left.is_scalar or right.is_scalar:
            return None
        if left.columns is None and right.rows is None:
            return None
        return self.joined(left.columns, right.rows)

    def multiplied(self, left: Shape, right: Shape) -> Shape:
        """The shape of the product of two matrices; ValueError if they do not fit."""
        if left.is_scalar or right.is_scalar:
            return right if left.is_scalar else left
        self.contracted(left, right)
        return Shape(left.rows, right.columns)


def clash(left: Span, right: Span) -> bool:
    """Whether two lengths are known and differ."""
    return isinstance(left, Range) and isinstance(right, Range) and left != right


def lengths_clash(left: Shape, right: Shape) -> bool:
    """Whether both have the same axes, and lengths that differ."""
    alike = (left.rows is None, left.columns is None) == (right.rows is None, right.columns is None)
    return alike and (clash(left.rows, right.rows) or clash(left.columns, right.columns))


class Shaping(Protocol):
    """What the shape of one construct may ask of the statement: the shapes of its parts, and what is known of names."""

    table: SymbolTable
    layout: str
    lengths: Lengths
    varying: tuple[str, ...]

    def of(self, node: syntax.Node) -> Shape: ...

    def is_declared(self, node: syntax.Node) -> bool: ...

    def written(self, node: syntax.Node) -> str: ...
