"""Terms that are made of a whole square matrix, given by its entry: entries of its inverse and of its exponential, and its
determinant.

The matrix has the entry `body` at the row `row` and the column `column`, two indices that are bound in it and fresh by
construction, each from `low` to `high`.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Dummy, Expr, Indexed, IndexedBase, Symbol

from derive.terms import terms


class OfMatrix(Expr):
    """What all such terms share: the arguments (body, row, column, low, high), and then those of each kind."""

    is_commutative = True
    is_real = True

    @property
    def body(self) -> Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def places(self) -> tuple[Symbol, Symbol]:
        """The indices of the row and of the column, bound in the body."""
        return self.args[1], self.args[2]  # type: ignore[return-value]

    @property
    def span(self) -> tuple[Expr, Expr]:
        """The lowest and the highest value of both."""
        return self.args[3], self.args[4]  # type: ignore[return-value]

    @property
    def free_symbols(self) -> set[Symbol | Indexed | IndexedBase]:
        found = self.body.free_symbols - set(self.places)
        return found.union(*(part.free_symbols for part in self.args[3:]))

    def at(self, row: Expr, column: Expr) -> Expr:
        """The entry of the matrix at a place."""
        return self.body.xreplace(dict(zip(self.places, (row, column), strict=True)))


class InverseEntry(OfMatrix):
    """The entry of the inverse at the last two arguments, a row and a column."""

    @property
    def place(self) -> tuple[Expr, Expr]:
        return self.args[5], self.args[6]  # type: ignore[return-value]


class ExponentialEntry(OfMatrix):
    """The entry of the exponential of the matrix at the last two arguments, a row and a column."""

    @property
    def place(self) -> tuple[Expr, Expr]:
        return self.args[5], self.args[6]  # type: ignore[return-value]


class MatrixDeterminant(OfMatrix):
    """The determinant."""


Entry = Callable[[Expr, Expr], Expr]


def inverse(entry: Entry, low: Expr, high: Expr, row: Expr, column: Expr) -> Expr:
    """The entry at (`row`, `column`) of the inverse of the matrix with the entries `entry`."""
    i, j = terms.bound("i"), terms.bound("j")
    return InverseEntry(entry(i, j), i, j, low, high, row, column)


def determinant(entry: Entry, low: Expr, high: Expr) -> Expr:
    """The determinant of the matrix with the entries `entry`."""
    i, j = terms.bound("i"), terms.bound("j")
    return MatrixDeterminant(entry(i, j), i, j, low, high)


def exponential(entry: Entry, low: Expr, high: Expr, row: Expr, column: Expr) -> Expr:
    """The entry at (`row`, `column`) of the exponential of the matrix with the entries `entry`."""
    i, j = terms.bound("i"), terms.bound("j")
    return ExponentialEntry(entry(i, j), i, j, low, high, row, column)


def inverse_of(whole: OfMatrix, row: Expr, column: Expr) -> Expr:
    """An entry of the inverse of the matrix of another such term."""
    fresh: dict[Expr, Expr] = {place: Dummy(place.name, integer=True) for place in whole.places}
    i, j = fresh.values()
    return InverseEntry(whole.body.xreplace(fresh), i, j, *whole.span, row, column)
