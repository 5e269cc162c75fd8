"""Nodes of a program that are made of a whole square matrix, computed with NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from derive.code.arrays.program import Determinant, Inverse, OfMatrix, Ref

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]
    Operand = Callable[[Ref, tuple[str, ...]], Array]


def of_matrix(node: OfMatrix, operand: Operand) -> Array:
    """The value of a node; `operand` gives an operand with axes in the order of some names, of length 1 where it has none.

    A singular matrix has NaN everywhere in its inverse.
    """
    import numpy as np

    names = tuple(axis.name for axis in node.axes)
    place = (node.row, node.column)
    try:
        if isinstance(node, Inverse):
            return np.asarray(np.linalg.inv(operand(node.operand, (*names[:-2], *place))))
        if isinstance(node, Determinant):
            whole = operand(node.operand, (*names, *place))
            return log_determinant(whole) if node.in_log else np.asarray(np.linalg.det(whole))
        lead, behind = names[: names.index(node.column)], names[names.index(node.column) + 1 :]
        right = operand(node.right, (*lead, node.row, *behind))
        columns = right.reshape(*right.shape[: len(lead) + 1], -1)
        found = np.linalg.solve(operand(node.matrix, (*lead, *place)), columns)
        return np.asarray(found.reshape(*found.shape[:-1], *right.shape[len(lead) + 1 :]))
    except np.linalg.LinAlgError:
        return np.asarray(np.nan)


def log_determinant(whole: Array) -> Array:
    """ln of the determinants; NaN where one is negative."""
    import numpy as np

    sign, size = np.linalg.slogdet(whole)
    return np.asarray(np.where(sign >= 0, size, np.nan))
