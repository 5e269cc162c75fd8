r"""Functions without their backslash: ``exp(x)``, ``log p``, ``y log(a)``; ``ylog(a)`` is y times the logarithm.

Letters that touch each other and spell a function are the function, except below a name, where they are a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import kind, runs
from derive.latex.tokens.vocabulary import FUNCTIONS
from derive.terms import elementary

_BEHIND_A_FACTOR = frozenset(
    s.word for row in elementary.ROWS if row.key in ("exp", "log") for s in row.spellings if s.base is None
)


def named_functions(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with the letters of a function put together."""
    upright = {at for at, token in enumerate(row) if token.kind == "roman" and _of_two(row, at, token.text, 1)}
    row = tuple(replace(t, kind="command", text="\\" + t.text) if at in upright else t for at, t in enumerate(row))
    words = {at: spelled for at, length in runs(row) if (spelled := _function(row, at, length)) is not None}
    if not words:
        return tuple(row)
    found: list[Token] = []
    at = 0
    while at < len(row):
        if at in words:
            skip, word = words[at]
            found += row[at : at + skip]
            start, end = row[at + skip], row[at + skip + len(word) - 1]
            found.append(Token("command", "\\" + word, start.start, end.end))
            at += skip + len(word)
        else:
            found.append(row[at])
            at += 1
    return tuple(found)


def _of_two(row: Sequence[Token], at: int, word: str, length: int) -> bool:
    """Whether ``max`` or ``min`` stands there before a bracket with a comma in it."""
    begin = at + length
    if word not in ("max", "min") or kind(row, begin) != "open" or kind(row, at - 1) == "sub":
        return False
    depth = 0
    for token in row[begin:]:
        depth += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if depth == 1 and token.kind == "comma":
            return True
        if depth == 0:
            break
    return False


def _function(row: Sequence[Token], at: int, length: int) -> tuple[int, str] | None:
    """How many letters stand before the function that the run at `at` spells, and the function."""
    before = row[at - 1].kind if at else "stop"
    if before == "sub" or before == "lbrace" and kind(row, at - 2) == "sub":
        return None
    word = "".join(token.text for token in row[at : at + length])
    if _of_two(row, at, word, length):
        return 0, word
    if "\\" + word.lower() in FUNCTIONS and (word.islower() or word.istitle()):
        return 0, word.lower()
    called = kind(row, at + length) == "open"
    if called and word[1:] in _BEHIND_A_FACTOR and word[0] != "d":
        return 1, word[1:]
    return None
