"""Inverses of matrices in statements: a family B is the inverse of A if A B and B A are the identity.

No function gives the inverse: a statement holds for every family that is one, and there is only one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Expr, Symbol

from derive.certify.statement.facts import ForAll, Reals
from derive.certify.statement.scope import Key
from derive.certify.statement.syntax import Base, Delta, Ref, Sum, Term, Times, at_indices


@dataclass(frozen=True)
class Inverted:
    """The matrix that is inverted: its entry `body` at `row` and `column`, from `low` to `high`.

    `needs` are the quantities in it.
    """

    row: Symbol
    column: Symbol
    low: Expr
    high: Expr
    body: Term
    needs: tuple[Key, ...]

    def at(self, row: Expr, column: Expr) -> Term:
        """The entry at a place."""
        entry: Term = at_indices(self.body, {self.row: row, self.column: column})
        return entry


def premises(family: Base, matrix: Inverted) -> Iterator[Any]:
    """That the family is the inverse of the matrix, on both sides."""
    for on_left in (True, False):
        i, j, k = (Dummy(name, integer=True) for name in "ijk")
        factors = (matrix.at(i, k), Ref(family, (k, j))) if on_left else (Ref(family, (i, k)), matrix.at(k, j))
        equation = Reals(Sum(k, matrix.low, matrix.high, Times(*factors)), "=", Delta(i, j))
        yield ForAll(i, matrix.low, matrix.high, ForAll(j, matrix.low, matrix.high, equation))
