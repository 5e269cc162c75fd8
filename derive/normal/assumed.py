"""What is assumed of all entries of matrices, as rules of the normal form."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.normal.polynomial import Poly
from derive.terms.context import Assumption, Range


@dataclass(frozen=True)
class Exchange:
    """The members whose positions both lie in `span` keep their value when these are exchanged, times `sign` (1 or -1)."""

    sign: int
    span: Range
    assumption: Assumption


@dataclass(frozen=True)
class Letter:
    """A member of a word: the name of its family, and its positions, in which the word's bound index stands."""

    name: str
    positions: tuple[Expr, ...]


@dataclass(frozen=True)
class Rule:
    """The sum over `bound` of the product of two letters is `value`, for all values of the indices `wild`."""

    letters: tuple[Letter, Letter]
    bound: Symbol
    span: Range
    wild: tuple[Symbol, ...]
    value: Poly
    assumption: Assumption
