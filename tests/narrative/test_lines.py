"""The lines of what is known: each statement keeps those that had been said up to it."""

from __future__ import annotations

from derive.narrative.lines import Lines
from derive.terms import terms

X, Y = terms.scalar("x"), terms.scalar("y")


def test_a_later_line_takes_the_place_of_an_earlier_one() -> None:
    lines = Lines()
    lines.write([X, Y], 3)
    lines.write([X], 7)
    assert lines.now().get(X) == 7
    assert lines.now().get(Y) == 3


def test_what_is_said_later_does_not_change_what_was_known_before() -> None:
    lines = Lines()
    nothing = lines.now()
    lines.write([X], 3)
    early = lines.now()
    lines.write([X], 7)
    lines.write([Y], 8)
    assert nothing.get(X) is None
    assert early.get(X) == 3
    assert early.get(Y) is None
