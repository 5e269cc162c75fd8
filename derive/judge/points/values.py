"""Numbers to try: the same in every process, simple ones first, within bounds where bounds are known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from derive.balls.frames import Positions
from derive.judge.points.linear import Inconsistent, Primitive

SIMPLE = tuple(Fraction(*pair) for pair in ((0, 1), (1, 1), (-1, 1), (2, 1), (1, 2), (-2, 1), (3, 1), (-1, 2)))
PARTS = tuple(Fraction(*pair) for pair in ((1, 2), (1, 3), (1, 4), (2, 3), (1, 5), (3, 4), (2, 5)))
BOTTOMS = (2, 3, 4, 5, 7)


class Style(Enum):
    """Small integers and halves; numbers with denominators up to 7; all 0, where exact arithmetic reaches furthest."""

    SIMPLE = "simple"
    GENERIC = "generic"
    ZERO = "zero"


@dataclass(frozen=True)
class Interval:
    """The numbers from `low` to `high`, without them where open; None is no bound; `avoid_zero` leaves 0 out."""

    low: Fraction | None = None
    high: Fraction | None = None
    open_low: bool = False
    open_high: bool = False
    avoid_zero: bool = False

    def above(self, bound: Fraction, strict: bool) -> Interval:
        """The part above `bound`. Raises :class:`Inconsistent` if nothing is left."""
        if self.low is None or bound > self.low or (bound == self.low and strict):
            return replace(self, low=bound, open_low=strict).checked()
        return self

    def below(self, bound: Fraction, strict: bool) -> Interval:
        """The part below `bound`. Raises :class:`Inconsistent` if nothing is left."""
        if self.high is None or bound < self.high or (bound == self.high and strict):
            return replace(self, high=bound, open_high=strict).checked()
        return self

    def without_zero(self) -> Interval:
        """Raises :class:`Inconsistent` if 0 was all there was."""
        return replace(self, avoid_zero=True).checked()

    def checked(self) -> Interval:
        if self.low is not None and self.high is not None:
            point = self.low == self.high and not (self.open_low or self.open_high)
            if (self.low >= self.high and not point) or (point and self.avoid_zero and self.low == 0):
                raise Inconsistent("the bounds leave no number")
        return self

    def holds(self, value: Fraction) -> bool:
        if self.low is not None and (value < self.low or (self.open_low and value == self.low)):
            return False
        if self.high is not None and (value > self.high or (self.open_high and value == self.high)):
            return False
        return not (self.avoid_zero and value == 0)

    def place(self, value: Fraction, part: Fraction) -> Fraction:
        """A number of the interval: `value` itself if it lies there, else one made from it or from `part` in (0, 1)."""
        if not self.holds(value):
            if self.low is not None and self.high is not None:
                value = self.low + (self.high - self.low) * part
            elif self.low is not None:
                value = self.low + (abs(value) or part)
            elif self.high is not None:
                value = self.high - (abs(value) or part)
            else:
                value = part
        if not self.holds(value):
            value += part / 2
        return value


@dataclass(frozen=True)
class Table:
    """A value for every primitive, from `seed`, the primitive's name and its positions alone.

    Each value lies in its interval of `bounds`; its size is divided by ``2**shrink`` first.
    """

    seed: str
    style: Style
    bounds: Mapping[Primitive, Interval]
    shrink: int = 0

    def __call__(self, name: str, positions: Positions) -> Fraction:
        text = f"{self.seed}|{name}|{positions}"
        first, second, third, *_ = hashlib.blake2b(text.encode(), digest_size=8).digest()
        if self.style is Style.ZERO:
            value = Fraction(0)
        elif self.style is Style.SIMPLE:
            value = SIMPLE[first % len(SIMPLE)]
        else:
            bottom = BOTTOMS[first % len(BOTTOMS)]
            top = 1 + second % (2 * bottom + bottom // 2)
            value = Fraction(top if top % bottom else top + 1, bottom) * (-1 if third % 2 else 1)
        part = PARTS[second % len(PARTS)]
        interval = self.bounds.get((name, positions))
        if self.shrink:
            value, part = value / 2**self.shrink, part / 2**self.shrink
        return value if interval is None else interval.place(value, part)
