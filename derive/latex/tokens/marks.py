r"""Marks that are no mathematics by themselves: a full stop for a product, words among the letters.

``p_k.p_i`` is a product where nothing is put between the stop and the names beside it and no relation follows; where one
does, two formulas may meet there, and the stop is not understood. ``Let u = ..`` begins with a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import kind, runs
from derive.latex.tokens.vocabulary import ACCENTS, LEADS, LETTERS

_UP = {"lbrace": 1, "begin": 1, "open": 1, "rbrace": -1, "end": -1, "close": -1}

CASE_WORDS = ("if", "when", "otherwise", "else", "for")


def stops(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with a stop between two names as a product, or as a sign that is not understood."""
    found = list(row)
    depth = 0
    for at, token in enumerate(row):
        depth += _UP.get(token.kind, 0)
        if token.kind != "op" or token.text != "." or not _between_names(row, at):
            continue
        if depth > 0 or not _relation_follows(row, at):
            found[at] = replace(token, kind="command", text="\\cdot")
        else:
            found[at] = replace(token, kind="strange")
    return tuple(found)


def _between_names(row: Sequence[Token], at: int) -> bool:
    before, after = row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None
    if before is None or after is None or before.end != row[at].start or after.start != row[at].end:
        return False
    ends = (
        before.kind in ("letter", "roman", "rbrace", "close", "prime") or before.kind == "number" and kind(row, at - 2) == "sub"
    )
    return ends and (
        after.kind in ("letter", "roman") or after.kind == "command" and after.text in ACCENTS | LETTERS | {"\\frac"}
    )


def _relation_follows(row: Sequence[Token], at: int) -> bool:
    depth = 0
    for token in row[at:]:
        depth += _UP.get(token.kind, 0)
        if depth == 0 and token.kind in ("row", "amp"):
            return False
        if depth == 0 and token.kind == "relation":
            return True
    return False


def spoken_leads(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with words such as ``Let`` put together, except below a name."""
    words = {
        at: length
        for at, length in runs(row)
        if "".join(token.text for token in row[at : at + length]).lower() in LEADS
        and kind(row, at - 1) != "sub"
        and not (kind(row, at - 1) == "lbrace" and kind(row, at - 2) == "sub")
    }
    found: list[Token] = []
    at = 0
    while at < len(row):
        length = words.get(at, 1)
        if at in words:
            word = "".join(token.text for token in row[at : at + length])
            found.append(Token("text", word, row[at].start, row[at + length - 1].end))
        else:
            found.append(row[at])
        at += length
    return tuple(found)


def conditions(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens with the letters of ``& if & i = j`` as words, in cases, behind a mark between columns."""
    if not any(token.kind == "begin" and token.text.endswith("cases") for token in row):
        return tuple(row)
    words = {at: length for at, length in runs(row) if kind(row, at - 1) == "amp" and _spelled(row, at, length) in CASE_WORDS}
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
