"""Inverses, solutions and determinants as the array libraries write them.

A system with one matrix for all examples is solved for all of them at once, so that the matrix is factorised once; with a
matrix for each example, the library takes the leading axes of both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.code.arrays.program import BATCH, Inverse, OfMatrix, Ref, Solve
from derive.code.python.library import ATOM, Library
from derive.code.stable.refusal import CannotLower

Plain = Callable[[int, int], str]
"""The text of a node, in brackets unless it binds as tightly as a number says."""


def of_matrix(node: OfMatrix, library: Library, plain: Plain) -> tuple[str, str]:
    """The text of a node, and the function of the module's own that it calls, "" if it calls none."""
    if isinstance(node, Solve):
        return _solved(node, library, plain)
    whole = _matrix(node.operand, node.row, node.column, library, plain)
    if isinstance(node, Inverse):
        return library.linear("inv", whole), ""
    if node.in_log:
        return f"log_det({whole})", "log_det"
    return library.linear("det", whole), ""


def _matrix(ref: Ref, row: str, column: str, library: Library, plain: Plain) -> str:
    """The matrix with its rows before its columns, behind the examples."""
    *lead, first, second = ref.axes
    if lead not in ([], [BATCH]) or {first, second} != {row, column}:
        raise CannotLower(f"there is no {library.name} code for an inverse of more axes")
    if (first, second) == (row, column):
        return plain(ref.node, 0)
    return f"{plain(ref.node, ATOM)}.{'mT' if lead else 'T'}"


def _solved(node: Solve, library: Library, plain: Plain) -> tuple[str, str]:
    whole = _matrix(node.matrix, node.row, node.column, library, plain)
    each, axes = BATCH in node.matrix.axes, node.right.axes
    if axes == (node.row,) and not each:
        return library.linear("solve", whole, plain(node.right.node, 0)), ""
    if axes == (BATCH, node.row):
        right = plain(node.right.node, ATOM)
        if each:
            return f"{library.linear('solve', whole, f'{right}[..., None]')}[..., 0]", ""
        return f"solved({whole}, {plain(node.right.node, 0)})", "solved"
    last = [name for name in axes if name not in (BATCH, node.row)]
    if len(last) != 1 or each and BATCH not in axes:
        raise CannotLower(f"there is no {library.name} code for a system with such a right side")
    return library.linear("solve", whole, _columns(axes, node.row, plain(node.right.node, ATOM))), ""


def _columns(axes: Sequence[str], row: str, text: str) -> str:
    """A right side with an axis of columns behind that of its rows."""
    return text if axes[-2] == row else f"{text}.{'mT' if len(axes) > 2 else 'T'}"
