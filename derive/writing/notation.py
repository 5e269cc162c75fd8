"""What a notation (LaTeX, plain text) must be able to write: the pieces that the writer puts together.

A piece of writing knows how tightly it holds together, so that whoever places it inside another piece
knows whether it needs brackets. The writer decides what is written and in which order; a notation decides
how it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from derive.terms.relations import RelationKey


class Level(IntEnum):
    """How tightly a piece of writing holds together, loosest first.

    A prefix (a sum, a function without brackets) takes in what follows it. A tight piece (a fraction, an
    exponential) is a factor or an argument as it stands, but not the base of a power.
    """

    SUM = 0
    SIGNED = 1
    PRODUCT = 2
    PREFIX = 3
    POWER = 4
    TIGHT = 5
    ATOM = 6


@dataclass(frozen=True)
class Written:
    """A piece of writing; `closed` is a form of it that takes nothing in from its right, where `source` would."""

    source: str
    level: Level
    closed: str | None = None

    @property
    def sealed(self) -> str:
        return self.source if self.closed is None else self.closed


@dataclass(frozen=True)
class Limits:
    """The range of a sum: its bound index, its ends, the values left out, and whether a bare index says the range."""

    index: str
    low: str
    high: str
    excluded: tuple[str, ...]
    default: bool


class Notation(Protocol):
    """The pieces of a notation. Arguments are written already, in this notation."""

    def bracket(self, source: str) -> str: ...

    def name(self, name: str) -> Written: ...

    def member(self, family: str, positions: Sequence[str]) -> Written: ...

    def delta(self, positions: Sequence[str]) -> Written: ...

    def constant(self, name: str) -> Written: ...

    def fraction(self, numerator: Written, denominator: Written) -> Written: ...

    def power(self, base: str, exponent: Written) -> Written: ...

    def exponential(self, exponent: Written, letter_is_free: bool) -> Written: ...

    def root(self, radicand: Written) -> Written: ...

    def absolute(self, inside: Written) -> Written: ...

    def function(self, name: str, arguments: Sequence[Written], power: str = "") -> Written: ...

    def factorial(self, argument: str) -> Written: ...

    def call(self, name: str, orders: Sequence[int], arguments: Sequence[str]) -> Written: ...

    def sum(self, limits: Limits, body: str) -> Written: ...

    def multiplied(self, limits: Limits, body: str) -> Written: ...

    def integral(self, variable: str, low: str, high: str, body: str) -> Written: ...

    def limit(self, variable: str, point: str, body: str) -> Written: ...

    def partial(self, numerator: Written, compound: bool, variables: Sequence[tuple[str, int]]) -> Written: ...

    def cases(self, rows: Sequence[tuple[str, str | None]]) -> Written: ...

    def vector(self, entries: Sequence[str]) -> Written: ...

    def product(self, factors: Sequence[str]) -> str: ...

    def relation(self, op: RelationKey) -> str: ...

    def words(self, word: str) -> str: ...
