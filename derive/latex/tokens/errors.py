"""What the reader says when it does not understand: the first thing not understood, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from derive.terms.reasons import Reason


@dataclass(frozen=True)
class UnreadPart:
    """A part of a formula that was not understood; `start` and `end` are character offsets into its text.

    `unknown` marks a command that stands in no table: nothing tells whether it is a name, an operation or a relation;
    `misfit` shapes that are declared and fit in no way of writing.
    """

    reason: Reason
    start: int
    end: int
    expected: str = ""
    unknown: bool = False
    misfit: bool = False


class Unread(Exception):
    """Raised at the first thing not understood; nothing is guessed and nothing is dropped."""

    def __init__(
        self, reason: Reason, start: int, end: int, expected: str = "", unknown: bool = False, misfit: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.start = start
        self.end = end
        self.expected = expected
        self.unknown = unknown
        self.misfit = misfit

    @property
    def part(self) -> UnreadPart:
        return UnreadPart(self.reason, self.start, self.end, self.expected, self.unknown, self.misfit)
