"""Text that remembers where in its file each of its characters stands.

A formula is seldom one stretch of its file: a block quote puts `> ` before each of its lines, a notebook writes `\\\\`
for `\\`, a web page writes `&lt;` for `<`, TeX has comments. A :class:`Passage` is the text as a reader means it, with
a map back to the file; cutting and joining passages keeps the map.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """The text of a whole file, with line ends as ``\\n``."""

    text: str

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(at + 1 for at, character in enumerate(self.text) if character == "\n"))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `offset`.

        >>> Source("ab\\ncd").position(4)
        (2, 2)
        """
        line = bisect_right(self._starts, max(0, min(offset, len(self.text))))
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its end; empty where there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end]

    def lines(self) -> Passage:
        """The whole file as one passage."""
        return Passage(self.text, ((0, 0),), self)


@dataclass(frozen=True)
class Passage:
    """`text`, with its place in `source`.

    Each run ``(at, offset)`` says that from ``text[at]`` on, up to the next run, the characters stand in the file
    one after the other from `offset`. Runs are in the order of `at`; the first has ``at == 0``.
    """

    text: str
    runs: tuple[tuple[int, int], ...]
    source: Source

    def offset(self, at: int) -> int:
        """Where in the file ``text[at]`` stands; the end of the text is one behind its last character."""
        if at >= len(self.text) > 0:
            return self.offset(len(self.text) - 1) + 1
        run = self.runs[bisect_right(self.runs, (at, len(self.source.text) + 1)) - 1]
        return run[1] + at - run[0]

    def position(self, at: int) -> tuple[int, int]:
        """Line and column in the file, both from 1, of ``text[at]``."""
        return self.source.position(self.offset(at))

    def cut(self, start: int, end: int) -> Passage:
        """``text[start:end]`` with its places."""
        end = max(start, min(end, len(self.text)))
        first = bisect_right(self.runs, (start, len(self.source.text) + 1)) - 1
        runs = [(0, self.runs[first][1] + start - self.runs[first][0])]
        following = first + 1
        while following < len(self.runs) and self.runs[following][0] < end:
            at, offset = self.runs[following]
            runs.append((at - start, offset))
            following += 1
        return Passage(self.text[start:end], tuple(runs), self.source)

    def strip(self) -> Passage:
        """Without white space at the ends."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))

    def without(self, spans: Iterable[tuple[int, int]]) -> Passage:
        """Without the characters of `spans` (in order, apart from each other)."""
        kept = []
        at = 0
        for start, end in spans:
            kept.append(self.cut(at, start))
            at = end
        kept.append(self.cut(at, len(self.text)))
        return join(kept)


def join(passages: Iterable[Passage]) -> Passage:
    """The passages of one source, one after the other; at least one."""
    texts: list[str] = []
    runs: list[tuple[int, int]] = []
    length = 0
    source: Source | None = None
    start = 0
    for passage in passages:
        if source is None:
            source, start = passage.source, passage.runs[0][1]
        if passage.text:
            runs.extend((at + length, offset) for at, offset in passage.runs)
            texts.append(passage.text)
            length += len(passage.text)
    if source is None:
        raise ValueError("expected at least one passage, found none")
    return Passage("".join(texts), tuple(runs) or ((0, start),), source)
