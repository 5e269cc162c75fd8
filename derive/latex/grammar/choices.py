"""What a formula leaves open, and what the parser took there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Open(Enum):
    """What a formula can leave open."""

    POWER = "a power or an index"
    CALL = "a value of a function or a product"
    EULER = "the number e or a name"
    VALUE = "a number or a vector"
    ENTRY = "of each entry or of all"
    NORM = "the root of the squares of all entries or the largest factor of length"


@dataclass(frozen=True)
class Choice:
    """A reading that the parser chose where the formula leaves it open; `taken` is what was taken, at its token's place."""

    open: Open
    taken: str
    start: int
    end: int
