"""What matrix notation is made of: columns and matrices, their products, transposes, diagonals, norms, gradients.

Everything has its axes: whether it has rows and whether it has columns. These classes only say what is written; what it
means is what the reader makes of it, and nothing rests on it before it was read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from sympy import Expr, Symbol

Axes = tuple[bool, bool]
NONE, COLUMN, ROW, MATRIX = (False, False), (True, False), (False, True), (True, True)


@dataclass(frozen=True)
class Shaped:
    """Anything that can be written; `axes` tells whether it has rows, and whether it has columns."""

    @property
    def axes(self) -> Axes:
        return NONE


@dataclass(frozen=True)
class Number(Shaped):
    """A term without axes, written as it stands."""

    term: Expr


@dataclass(frozen=True)
class Name(Shaped):
    """A family, with the indices that are written below its name and the axes that are not; whether it is symmetric."""

    name: str
    indices: tuple[Expr, ...]
    along: Axes
    symmetric: bool = False

    @property
    def axes(self) -> Axes:
        return self.along


@dataclass(frozen=True)
class Ones(Shaped):
    """The column of ones."""

    @property
    def axes(self) -> Axes:
        return COLUMN


@dataclass(frozen=True)
class Identity(Shaped):
    """The identity matrix."""

    @property
    def axes(self) -> Axes:
        return MATRIX


@dataclass(frozen=True)
class Transposed(Shaped):
    """A transpose."""

    of: Shaped

    @property
    def axes(self) -> Axes:
        return self.of.axes[1], self.of.axes[0]


@dataclass(frozen=True)
class Inverted(Shaped):
    """The inverse of a matrix."""

    of: Shaped

    @property
    def axes(self) -> Axes:
        return MATRIX


@dataclass(frozen=True)
class Product(Shaped):
    """Factors side by side: numbers first, then a chain of rows, columns and matrices."""

    factors: tuple[Shaped, ...]

    @property
    def axes(self) -> Axes:
        chain = [factor.axes for factor in self.factors if factor.axes != NONE]
        return (chain[0][0], chain[-1][1]) if chain else NONE


@dataclass(frozen=True)
class Entrywise(Shaped):
    """The product entry by entry of things with the same axes."""

    factors: tuple[Shaped, ...]

    @property
    def axes(self) -> Axes:
        return self.factors[0].axes


@dataclass(frozen=True)
class Total(Shaped):
    """A sum of summands, each with a sign."""

    terms: tuple[tuple[bool, Shaped], ...]
    """Whether the summand is subtracted, and the summand."""

    @property
    def axes(self) -> Axes:
        return self.terms[0][1].axes


@dataclass(frozen=True)
class Quotient(Shaped):
    """Something over a number."""

    above: Shaped
    below: Shaped

    @property
    def axes(self) -> Axes:
        return self.above.axes


@dataclass(frozen=True)
class Diagonal(Shaped):
    """The matrix with a column on its diagonal, or the diagonal of a matrix as a column."""

    of: Shaped

    @property
    def axes(self) -> Axes:
        return COLUMN if self.of.axes == MATRIX else MATRIX


@dataclass(frozen=True)
class Trace(Shaped):
    """The trace of a matrix."""

    of: Shaped


@dataclass(frozen=True)
class Determinant(Shaped):
    """The determinant of a matrix."""

    of: Shaped


@dataclass(frozen=True)
class Norm(Shaped):
    """The Euclidean norm of a column, Frobenius' of a matrix."""

    of: Shaped


@dataclass(frozen=True)
class Power(Shaped):
    """A number to a power."""

    of: Shaped
    exponent: Expr


@dataclass(frozen=True)
class Applied(Shaped):
    """A function of a number, or taken of each entry."""

    function: str
    of: Shaped
    orders: tuple[int, ...] = ()
    known: bool = True
    """Whether it is an elementary function, not one of the document."""

    @property
    def axes(self) -> Axes:
        return self.of.axes


@dataclass(frozen=True)
class Gradient(Shaped):
    """The derivative of `of` by `by`, as often as `count` says; `turned` tells that its layout is the transposed one."""

    of: Shaped
    by: Shaped
    count: int = 1
    turned: bool = False

    @property
    def axes(self) -> Axes:
        if self.by.axes == NONE:
            return self.of.axes
        if self.count == 2 or self.of.axes != NONE:
            return MATRIX
        return (self.by.axes[1], self.by.axes[0]) if self.turned else self.by.axes


@dataclass(frozen=True)
class Repeated(Shaped):
    """A sum over an index that is written, as over samples."""

    index: Symbol
    low: Expr
    high: Expr
    body: Shaped

    @property
    def axes(self) -> Axes:
        return self.body.axes


def parts(shaped: Shaped) -> Iterator[Shaped]:
    """What something is directly made of."""
    for field in fields(shaped):
        value = getattr(shaped, field.name)
        if isinstance(value, Shaped):
            yield value
        elif isinstance(value, tuple):
            for each in value:
                inner = each[1] if isinstance(each, tuple) and len(each) == 2 else each
                if isinstance(inner, Shaped):
                    yield inner


def cost(shaped: Shaped) -> int:
    """How long it is to read: its signs and operations."""
    if isinstance(shaped, Number):
        return max(1, len(shaped.term.atoms())) if shaped.term.args else 1
    return 1 + sum(map(cost, parts(shaped))) + 2 * isinstance(shaped, Ones)
