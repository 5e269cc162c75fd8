"""Where what is known was said: the line of each, and what had been said up to any place of the document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from sympy import Expr

from derive.terms.context import Assumption

Said = Expr | Assumption


@dataclass
class Lines:
    """The line of each head of a definition and of each assumption; a later one takes the place of an earlier one.

    All views share what was written, so that one for each statement costs nothing.
    """

    _written: dict[Said, list[tuple[int, int]]] = field(default_factory=dict)
    _count: int = 0

    def write(self, keys: Iterable[Said], line: int) -> None:
        """Each of `keys` was said in `line`."""
        self._count += 1
        for key in keys:
            self._written.setdefault(key, []).append((self._count, line))

    def now(self) -> LinesUpTo:
        """What has been written up to now, and stays so."""
        return LinesUpTo(self, self._count)

    def at(self, key: Said, count: int) -> int | None:
        """The line of `key` after so many entries."""
        written = self._written.get(key, ())
        place = bisect_right(written, count, key=lambda entry: entry[0])
        return written[place - 1][1] if place else None


@dataclass(frozen=True, eq=False)
class LinesUpTo:
    """The lines as they were known at one place of the document."""

    lines: Lines
    count: int

    def get(self, key: Said) -> int | None:
        """The line where `key` was said; None where it was not."""
        return self.lines.at(key, self.count)
