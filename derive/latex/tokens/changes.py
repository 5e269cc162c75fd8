r"""The change ``\Delta w`` is one name.

A change is written with the sign before a letter; ``\Delta`` before anything else stands for itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.tokens.vocabulary import ACCENTS, CHANGE, LETTERS


def changes(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens with the ``\Delta`` of ``\Delta w`` as an accent; before two letters side by side it stays as it is."""
    return tuple(
        Token("command", CHANGE, token.start, token.end) if token.text == "\\Delta" and _of_one(row, at + 1) else token
        for at, token in enumerate(row)
    )


def _of_one(row: Sequence[Token], at: int) -> bool:
    """Whether one name begins at `at`, and no other name or bracket touches its end."""
    if not _letter(row, at):
        return False
    end = group(row, at + 1)[1] if row[at].text in ACCENTS else at + 1
    while kind(row, end) in ("sub", "sup"):
        end = group(row, end + 1)[1]
    return end >= len(row) or not (_letter(row, end) or kind(row, end) == "open")


def _letter(row: Sequence[Token], at: int) -> bool:
    command = kind(row, at) == "command" and row[at].text in ACCENTS | LETTERS
    return kind(row, at) == "letter" or command and row[at].text != "\\Delta"


def names_delta(row: Sequence[Token]) -> bool:
    r"""Whether a formula begins with ``\Delta =``: then Δ is a quantity of the document."""
    return bool(row) and row[0].text == "\\Delta" and kind(row, 1) == "relation"


def without_changes(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens with each change as Δ times what follows."""
    return tuple(Token("command", "\\Delta", t.start, t.end) if t.text == CHANGE else t for t in row)
