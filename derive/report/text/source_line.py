"""A line of a document as a compiler shows it: cut to the width of the terminal, with a mark below one part of it."""

from __future__ import annotations

import unicodedata

from derive.report.text.escape import visible

GAP = "…"


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes.

    >>> columns("因 a")
    4
    """
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    combining = sum(unicodedata.combining(character) != 0 for character in text)
    return len(text) + wide - combining


def clipped(text: str, width: int) -> str:
    """The beginning of `text` in at most `width` columns, with ``…`` where something is left out.

    >>> clipped("a + b + c", 6)
    'a + b…'
    """
    return text if columns(text) <= width else _fitting(text, width - 1) + GAP


def underlined(line: str, start: int, end: int, width: int) -> tuple[str, str] | None:
    """The part of `line` around the columns from `start` up to `end`, and a line of carets below them.

    Args:
        line: a line of the source.
        start, end: from 1, `end` one behind the last character; at least one caret is set.
        width: the columns that both may take.

    Returns:
        Nothing where the line is empty or too short.

    >>> underlined("x + y = z", 5, 6, 40)
    ('x + y = z', '    ^')
    """
    text = line.expandtabs(1)
    if not text.strip() or start > len(text) + 1:
        return None
    before, marked, after = (visible(part) for part in (text[: start - 1], text[start - 1 : end - 1], text[end - 1 :]))
    before = before.lstrip()
    room = max(width - min(columns(marked) or 1, width // 2), 0)  # for what stands beside the marked part
    left = max(room // 2, room - columns(after))
    if columns(before) > left:
        before = GAP + _fitting(before[::-1], left - 1)[::-1]
    shown = clipped(f"{before}{marked}{after}", width)
    skipped = columns(before)
    length = max(1, min(columns(marked), columns(shown) - skipped))
    return shown, f"{' ' * skipped}{'^' * length}"


def _fitting(text: str, width: int) -> str:
    """The longest beginning of `text` that takes at most `width` columns."""
    taken = 0
    for position, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:position]
    return text
