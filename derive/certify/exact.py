"""Terms of statements at points, in rational numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.balls.evaluation import Point
from derive.certify.script.forms.errors import NoProof
from derive.certify.statement.facts import unfolded
from derive.certify.statement.scope import Key
from derive.certify.statement.stating import Stated
from derive.certify.statement.syntax import (
    Base,
    Count,
    Defined,
    Delta,
    IfEqual,
    Inverse,
    Minus,
    Negative,
    Number,
    Over,
    Plus,
    Power,
    Ref,
    Sum,
    Times,
)


class Exact:
    """Values at a point; `integers` are those of sizes and indices.

    What is not rational, or has no value, raises NoProof.
    """

    def __init__(self, stated: Stated, point: Point, integers: Mapping[Symbol, int]) -> None:
        self._stated = stated
        self._point = point
        self._integers: dict[Symbol, Integer] = {symbol: Integer(value) for symbol, value in integers.items()}
        self._keys = {name: key for (name, _), key in zip(stated.statement.variables, stated.keys, strict=True)}
        self._inverses: dict[Key, dict[tuple[int, ...], Fraction]] = {}

    def index(self, expr: Expr) -> int:
        """The value of an index expression."""
        value = expr.xreplace(self._integers)
        if not isinstance(value, Integer):
            raise NoProof(f"the index {expr} in an example")
        return int(value)

    def of(self, node: Any) -> Fraction:
        """The value of a term."""
        if isinstance(node, Number):
            return Fraction(node.value)
        if isinstance(node, Count):
            return Fraction(self.index(node.index))
        if isinstance(node, Ref):
            return self._member(node)
        if isinstance(node, Delta):
            return Fraction(self.index(node.left) == self.index(node.right))
        if isinstance(node, IfEqual):
            return self.of(node.this if self.index(node.left) == self.index(node.right) else node.that)
        if isinstance(node, Plus):
            return self.of(node.left) + self.of(node.right)
        if isinstance(node, Minus):
            return self.of(node.left) - self.of(node.right)
        if isinstance(node, Times):
            return self.of(node.left) * self.of(node.right)
        if isinstance(node, Negative):
            return -self.of(node.term)
        if isinstance(node, Power):
            return Fraction(self.of(node.base) ** node.exponent)
        if isinstance(node, (Over, Inverse)):
            below = self.of(node.right if isinstance(node, Over) else node.term)
            if below == 0:
                raise NoProof("a denominator is 0 in an example")
            return (self.of(node.left) if isinstance(node, Over) else Fraction(1)) / below
        if isinstance(node, Sum):
            total = Fraction(0)
            for value in range(self.index(node.low), self.index(node.high) + 1):
                self._integers[node.index] = Integer(value)
                total += self.of(node.body)
            self._integers.pop(node.index, None)
            return total
        raise NoProof(f"{type(node).__name__} in an example")

    def _member(self, node: Ref) -> Fraction:
        if isinstance(node.family, Defined):
            return self.of(unfolded(node, self._stated.definitions))
        if not isinstance(node.family, Base):
            raise NoProof("a derivative in an example")
        key = self._keys[node.family.name]
        positions = tuple(self.index(p) for p in node.positions)
        if key in self._stated.inverses:
            return self.inverse(key).get(positions, Fraction(0))
        return self._point.value(str(key[1]), positions)

    def inverse(self, key: Key) -> dict[tuple[int, ...], Fraction]:
        """The entries of the inverse of a matrix."""
        known = self._inverses.get(key)
        if known is not None:
            return known
        matrix = self._stated.inverses[key]
        low, high = self.index(matrix.low), self.index(matrix.high)
        places = range(low, high + 1)
        rows = [
            [self.of(matrix.at(Integer(i), Integer(j))) for j in places] + [Fraction(i == j) for j in places] for i in places
        ]
        for column in range(len(places)):
            chosen = next((row for row in range(column, len(places)) if rows[row][column]), None)
            if chosen is None:
                raise NoProof("a matrix without an inverse in an example")
            rows[column], rows[chosen] = rows[chosen], rows[column]
            pivot = rows[column][column]
            rows[column] = [value / pivot for value in rows[column]]
            for row in range(len(places)):
                factor = rows[row][column]
                if row != column and factor:
                    rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
        found: dict[tuple[int, ...], Fraction] = {
            (i, j): rows[row][len(places) + column] for row, i in enumerate(places) for column, j in enumerate(places)
        }
        self._inverses[key] = found
        return found
