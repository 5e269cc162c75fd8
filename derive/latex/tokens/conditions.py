r"""The words of a case distinction that are written as letters: ``& if & i = j``, ``& otherwise``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import kind, runs

WORDS = ("if", "when", "otherwise", "else", "for")


def conditions(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with such letters as words, where they stand behind a mark between columns."""
    if not any(token.kind == "begin" and token.text.endswith("cases") for token in row):
        return tuple(row)
    words = {at: length for at, length in runs(row) if kind(row, at - 1) == "amp" and _spelled(row, at, length) in WORDS}
    found: list[Token] = []
    at = 0
    while at < len(row):
        length = words.get(at, 1)
        if length > 1:
            found.append(Token("text", _spelled(row, at, length), row[at].start, row[at + length - 1].end))
        else:
            found.append(row[at])
        at += length
    return tuple(found)


def _spelled(row: Sequence[Token], at: int, length: int) -> str:
    return "".join(token.text for token in row[at : at + length])
