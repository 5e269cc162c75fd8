r"""Groups with nothing in them: ``\sum_k^{ }`` is ``\sum_k``, ``\frac{a}{b}{}`` is ``\frac{a}{b}``.

An argument that is empty stays, for something is missing there; so do braces before a subscript, which keep it from what
stands on their left.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import kind
from derive.latex.tokens.vocabulary import ARGUMENTS


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
