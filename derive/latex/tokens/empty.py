r"""Groups with nothing in them: ``\sum_k^{ }`` is ``\sum_k``, ``\frac{a}{b}{}`` is ``\frac{a}{b}``; notes set in brackets.

An argument that is empty stays, for something is missing there; so do braces before a subscript, which keep it from what
stands on their left.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.tokens.vocabulary import ARGUMENTS, LETTERS

_MATRIX = "matrix"


def without_empty_groups(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens without braces that hold nothing."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        empty = row[at].kind == "lbrace" and kind(row, at + 1) == "rbrace"
        if (
            not empty
            or kind(row, at + 2) in ("sub", "sup")
            and kind(found, len(found) - 1) not in ("sub", "sup")
            or _is_argument(found)
        ):
            found.append(row[at])
            at += 1
            continue
        if found and found[-1].kind in ("sub", "sup"):
            found.pop()
        at += 2
    return tuple(found)


def without_notes(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens without a matrix of one column whose rows are phrases, where it is all of a column of an alignment."""
    if not any(token.kind == "begin" and token.text.endswith(_MATRIX) for token in row):
        return tuple(row)
    found: list[Token] = []
    at = 0
    while at < len(row):
        after = _note(row, at) if kind(row, at - 1) == "amp" else at
        if after == at:
            found.append(row[at])
            after += 1
        at = after
    return tuple(found)


def _note(row: Sequence[Token], at: int) -> int:
    """The position behind the note that begins at a place, the braces around it included; that place if none does."""
    start, end = at, at
    while kind(row, start) == "lbrace":
        start += 1
    if kind(row, start) != "begin" or not row[start].text.endswith(_MATRIX):
        return at
    end = next((place for place in range(start, len(row)) if row[place].kind == "end"), len(row))
    lines: list[list[Token]] = [[]]
    for token in row[start + 1 : end]:
        if token.kind in ("amp", "begin", "relation"):
            return at
        if token.kind == "row":
            lines.append([])
        else:
            lines[-1].append(token)
    spoken = all(any(token.kind == "text" and " " in token.text.strip() for token in line) for line in lines)
    after = end + 1
    while after < len(row) and after - end <= start - at and row[after].kind == "rbrace":
        after += 1
    alone = after - end - 1 == start - at and kind(row, after) in ("row", "amp", "end", "stop")
    return after if spoken and alone else at


def unbraced_arguments(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens without the braces around the bracket of a name: ``f{(z)}`` is ``f(z)``."""
    dropped: set[int] = set()
    for at in range(1, len(row) - 1):
        name = row[at - 1].kind in ("letter", "roman") or row[at - 1].kind == "command" and row[at - 1].text in LETTERS
        if name and row[at].kind == "lbrace" and row[at + 1].text == "(" and kind(row, at - 2) not in ("sub", "sup"):
            inside, after = group(row, at)
            depths = list(accumulate((t.kind == "open") - (t.kind == "close") for t in inside))
            if kind(row, after - 1) == "rbrace" and 0 not in depths[:-1] and depths[-1:] == [0]:
                dropped |= {at, after - 1}
    return tuple(token for at, token in enumerate(row) if at not in dropped)


def _is_argument(before: Sequence[Token]) -> bool:
    """Whether a group that stands behind `before` is an argument of a command."""
    at, groups = len(before) - 1, 0
    while at >= 0:
        if before[at].kind == "command":
            return ARGUMENTS.get(before[at].text, 0) > groups
        if before[at].kind != "rbrace":
            return False
        depth = 0
        while at >= 0:
            depth += (before[at].kind == "rbrace") - (before[at].kind == "lbrace")
            at -= 1
            if depth == 0:
                break
        groups += 1
    return False
