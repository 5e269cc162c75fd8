"""What a proof script knows at a place: ranges of indices, indices that differ, signs, and equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Add, Expr, Integer, Mul, Symbol

from derive.certify.statement.syntax import Base, Ref


@dataclass(frozen=True)
class Members:
    """All members of the family whose positions lie within `spans`, each with a `value` in terms of `indices`."""

    family: Any
    indices: tuple[Symbol, ...]
    spans: tuple[tuple[Expr, Expr], ...]
    value: Any = None
    fact: str = ""


@dataclass(frozen=True)
class Contraction:
    """The fact that `generator`, a sum, has a `value` for all values of the indices of `binders`, each in its range."""

    generator: Any
    binders: tuple[tuple[Symbol, Expr, Expr], ...]
    value: Any
    fact: str


@dataclass(frozen=True)
class LeftInverse:
    """The fact that the family `inverse` times a matrix is the identity; `entry` is the matrix at `row` and `column`."""

    inverse: Any
    entry: Any
    row: Symbol
    column: Symbol
    low: Expr
    high: Expr
    fact: str

    @property
    def matrix(self) -> Any:
        """The family of the matrix; None where it has no name."""
        entry = self.entry
        return entry.family if isinstance(entry, Ref) and entry.positions == (self.row, self.column) else None


@dataclass(frozen=True)
class Facts:
    """Immutable; each method returns new facts.

    Attributes:
        ranges: the least and the greatest value of each index.
        least: the least value of each size.
        apart: pairs of index expressions that differ.
        positive, nonnegative, nonzero: terms in normal form of which the sign is known.
        signed: families all of whose members are positive (True) or not negative (False).
        equal: generators that a premise makes equal to a term, with the name of the fact.
        patterns: the same for all members of a family.
        symmetric: families of two indices whose members are the same with the indices exchanged.
        contractions: sums that a premise makes equal to a term, for all values of indices.
        inverses: families that are the inverse of another, multiplied from the left.
    """

    ranges: Mapping[Symbol, tuple[Expr, Expr]] = field(default_factory=dict)
    least: Mapping[Symbol, int] = field(default_factory=dict)
    apart: frozenset[frozenset[Expr]] = frozenset()
    positive: frozenset[Any] = frozenset()
    nonnegative: frozenset[Any] = frozenset()
    nonzero: frozenset[Any] = frozenset()
    signed: tuple[tuple[Members, bool], ...] = ()
    equal: Mapping[Any, tuple[Any, str]] = field(default_factory=dict)
    patterns: tuple[Members, ...] = ()
    symmetric: tuple[Members, ...] = ()
    contractions: tuple[Contraction, ...] = ()
    inverses: tuple[LeftInverse, ...] = ()

    def ranging(self, symbol: Symbol, low: Expr, high: Expr) -> Facts:
        return replace(self, ranges={**self.ranges, symbol: (low, high)})

    def at_least_zero(self, expr: Expr) -> bool:
        """Whether an affine index expression is >= 0 for all values in the ranges."""
        for _ in range(8):
            if isinstance(expr, Integer):
                return int(expr) >= 0
            changed: Expr = Integer(0)
            for part in Add.make_args(expr):
                factor, symbol = part.as_coeff_Mul()
                span = self.ranges.get(symbol) if isinstance(symbol, Symbol) else None
                if span is not None:
                    part = Mul(factor, span[0] if factor > 0 else span[1])
                changed += part
            if changed == expr:
                break
            expr = changed
        for symbol, least in self.least.items():
            coefficient = expr.coeff(symbol)
            if coefficient.is_Integer and coefficient > 0:
                expr = expr - coefficient * symbol + coefficient * least
        return isinstance(expr, Integer) and int(expr) >= 0

    def within(self, index: Expr, low: Expr, high: Expr) -> bool:
        return self.at_least_zero(index - low) and self.at_least_zero(high - index)

    def coincide(self, a: Expr, b: Expr) -> bool | None:
        """Whether two index expressions are equal; None where it depends."""
        difference = a - b
        if isinstance(difference, Integer):
            return int(difference) == 0
        if frozenset((a, b)) in self.apart:
            return False
        if self.at_least_zero(difference - 1) or self.at_least_zero(-difference - 1):
            return False
        return None

    def member(self, node: Ref, pattern: Members) -> dict[Symbol, Expr] | None:
        """The values of the pattern's indices for which it speaks of the member."""
        if node.family != pattern.family or len(node.positions) != len(pattern.spans):
            return None
        if all(self.within(p, low, high) for p, (low, high) in zip(node.positions, pattern.spans, strict=True)):
            return dict(zip(pattern.indices, node.positions, strict=True))
        return None

    def exchanged(self, node: Ref) -> tuple[Ref, str] | None:
        """The member with its two indices exchanged, and the fact that says that it is the same."""
        for pattern in self.symmetric:
            if self.member(node, pattern) is not None:
                return Ref(node.family, node.positions[::-1]), pattern.fact
        return None

    def sign_of_member(self, node: Ref) -> bool | None:
        """True for positive, False for not negative, None for unknown."""
        found: bool | None = None
        for pattern, strict in self.signed:
            if self.member(node, pattern) is not None:
                if strict:
                    return True
                found = False
        return found


def is_variable(node: Any) -> bool:
    """Whether it is a scalar or a member that is a variable of the statement."""
    return isinstance(node, Ref) and isinstance(node.family, Base)
