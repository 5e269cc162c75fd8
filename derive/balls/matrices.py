"""Values of entries of an inverse and of an exponential, and of determinants, at concrete sizes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

from flint import arb, arb_mat, fmpq

from derive.balls import duals
from derive.balls.duals import ONE, ZERO, Undecided, Undefined, Unsupported, Value
from derive.balls.frames import Frame
from derive.balls.functions import Evaluating
from derive.balls.integers import compile_integer
from derive.terms.arrays import ExponentialEntry, InverseEntry, MatrixDeterminant, OfMatrix

Rows = list[list[Value]]


class Matrices:
    """The inverses and determinants that are written in the terms of an evaluator."""

    def __init__(self, program: Evaluating) -> None:
        self._program = program

    def inverse(self, term: InverseEntry) -> Callable[[Frame], Value]:
        """A closure for an entry of an inverse; raises :class:`Undefined` where the matrix is singular."""
        rows, low = self._rows(term), compile_integer(term.span[0])
        row, column = (compile_integer(place) for place in term.place)

        def entry(frame: Frame) -> Value:
            matrix, first = rows(frame), low(frame)
            at, by = row(frame) - first, column(frame) - first
            if not (0 <= at < len(matrix) and 0 <= by < len(matrix)):
                raise Undefined("an entry outside of a matrix")
            right = [[ONE if number == by else ZERO] for number in range(len(matrix))]
            eliminated(matrix, right)
            return right[at][0]

        return entry

    def exponential(self, term: ExponentialEntry) -> Callable[[Frame], Value]:
        """A closure for an entry of the exponential of a matrix."""
        rows, low = self._rows(term), compile_integer(term.span[0])
        row, column = (compile_integer(place) for place in term.place)

        def entry(frame: Frame) -> Value:
            matrix, first = rows(frame), low(frame)
            at, by = row(frame) - first, column(frame) - first
            if not (0 <= at < len(matrix) and 0 <= by < len(matrix)):
                raise Undefined("an entry outside of a matrix")
            return exponentiated(matrix)[at][by]

        return entry

    def determinant(self, term: MatrixDeterminant) -> Callable[[Frame], Value]:
        """A closure for a determinant; that of a matrix without rows is 1."""
        rows = self._rows(term)
        return lambda frame: expanded(rows(frame))

    def _rows(self, term: OfMatrix) -> Callable[[Frame], Rows]:
        body, (row, column) = self._program.compile(term.body), term.places
        low, high = (compile_integer(end) for end in term.span)

        def rows(frame: Frame) -> Rows:
            span = range(low(frame), high(frame) + 1)
            frame.run.step(len(span) ** 2)
            found: Rows = []
            for at in span:
                found.append([])
                for by in span:
                    inner = Frame(frame.run, {**frame.env, row: at, column: by}, frame.scalars, frame.families)
                    found[-1].append(body(inner))
            return found

        return rows


def exponentiated(matrix: Rows) -> Rows:
    """The exponential of a matrix; with tangents it is that of the matrix beside them, ``exp([[X, X'], [0, X]])``."""
    levels = [value.level for row in matrix for value in row if type(value) is duals.Dual]
    size = len(matrix)
    if not levels:
        if not all(isinstance(value, (fmpq, arb)) for row in matrix for value in row):
            raise Unsupported("the exponential of a matrix of unknowns")
        whole = arb_mat(size, size, [duals.ball(value) for row in matrix for value in row]).exp()
        return [[whole[r, c] for c in range(size)] for r in range(size)]
    level = max(levels)
    parts = [[duals.real_at(value, level) for value in row] for row in matrix]
    slopes = [[duals.tangent(value, level) for value in row] for row in matrix]
    above = [[*part, *slope] for part, slope in zip(parts, slopes, strict=True)]
    found = exponentiated([*above, *([*([ZERO] * size), *part] for part in parts)])
    return [[duals.Dual(level, found[r][c], found[r][size + c]) for c in range(size)] for r in range(size)]


def eliminated(matrix: Rows, right: Rows) -> None:
    """Gauss–Jordan: afterwards `right` is the solution of ``matrix x = right``. Raises Undefined for a singular matrix."""
    for at in range(len(matrix)):
        pivot = _pivot(matrix, at)
        matrix[at], matrix[pivot] = matrix[pivot], matrix[at]
        right[at], right[pivot] = right[pivot], right[at]
        scale = duals.inverse(matrix[at][at])
        matrix[at] = [value * scale for value in matrix[at]]
        right[at] = [value * scale for value in right[at]]
        for other in range(len(matrix)):
            factor = matrix[other][at]
            if other != at:
                matrix[other] = [a - factor * b for a, b in zip(matrix[other], matrix[at], strict=True)]
                right[other] = [a - factor * b for a, b in zip(right[other], right[at], strict=True)]


def _pivot(matrix: Rows, at: int) -> int:
    """A row from `at` on whose entry in that column is not 0."""
    open_: Undecided | None = None
    for row in range(at, len(matrix)):
        try:
            if duals.sign_of(matrix[row][at], "a pivot"):
                return row
        except Undecided as problem:
            open_ = problem
    if open_ is not None:
        raise open_
    raise Undefined("the inverse of a singular matrix")


def expanded(matrix: Rows) -> Value:
    """The determinant, by its first row; without a division, each minor of the last rows computed once."""
    size = len(matrix)
    minors: dict[tuple[int, ...], Value] = {(): ONE}
    for count in range(1, size + 1):
        row = matrix[size - count]
        larger: dict[tuple[int, ...], Value] = {}
        for columns in combinations(range(size), count):
            result: Value = ZERO
            for at, column in enumerate(columns):
                minor = minors[columns[:at] + columns[at + 1 :]]
                result = result + row[column] * minor * (-ONE if at % 2 else ONE)
            larger[columns] = result
        minors = larger
    return minors[tuple(range(size))]
