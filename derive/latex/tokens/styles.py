r"""The switches of plain TeX: ``{\rm d}`` is ``\mathrm{d}``, ``{\bf x}`` is ``\mathbf{x}``, ``{\cal L}`` is ``\mathcal{L}``.

A switch holds to the end of its group. What is set upright is one name for each run of letters; a letter in bold or in
script keeps its place under the accent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import kind
from derive.latex.tokens.vocabulary import FUNCTIONS, SWITCHES


def styled(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with the switches turned into the commands that take a group."""
    if not any(token.kind == "switch" for token in row):
        return tuple(row)
    found: list[Token] = []
    styles: list[str] = [""]
    at = 0
    while at < len(row):
        token = row[at]
        if token.kind == "lbrace":
            styles.append(styles[-1])
        elif token.kind == "rbrace" and len(styles) > 1:
            styles.pop()
        if token.kind == "switch":
            styles[-1] = token.text
            at += 1
        elif token.kind == "letter" and styles[-1]:
            at = _letters(row, at, styles[-1], found)
        else:
            found.append(token)
            at += 1
    return _without_frames(found)


def small_in_bold(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""``\mathbb b`` is ``\mathbf b``: the blackboard has capitals only, so that a small letter on it is one in bold type."""
    return tuple(
        replace(token, text="\\mathbf") if token.text == "\\mathbb" and _is_small(row[at + 1 : at + 3]) else token
        for at, token in enumerate(row)
    )


def _is_small(behind: Sequence[Token]) -> bool:
    """Whether one small letter stands there, or begins the group there."""
    letter = next((token for token in behind if token.kind != "lbrace"), None)
    return letter is not None and letter.kind == "letter" and letter.text.islower()


def _letters(row: Sequence[Token], at: int, style: str, found: list[Token]) -> int:
    """The letters from `at` on in their style; the position after them."""
    accent = SWITCHES[style]
    end = at + 1
    if accent:
        token = row[at]
        found += [Token("command", accent, token.start, token.start), replace(token)]
        return end
    while kind(row, end) == "letter" and row[end].start == row[end - 1].end:
        end += 1
    word = "".join(token.text for token in row[at:end])
    named = "\\" + word.lower() in FUNCTIONS
    found.append(
        Token("command" if named else "roman", "\\" + word.lower() if named else word, row[at].start, row[end - 1].end)
    )
    return end


def _without_frames(found: list[Token]) -> tuple[Token, ...]:
    """Without braces around one name, which were only there for the switch in them; an argument keeps them."""
    kept: list[Token] = []
    at = 0
    while at < len(found):
        roman = at + 1 < len(found) and found[at + 1].kind == "roman"
        framed = found[at].kind == "lbrace" and roman and kind(found, at + 2) == "rbrace"
        argument = bool(kept) and (kept[-1].kind in ("sub", "sup", "command", "rbrace"))
        if framed and not argument:
            kept.append(replace(found[at + 1], start=found[at].start, end=found[at + 2].end))
            at += 3
        else:
            kept.append(found[at])
            at += 1
    return tuple(kept)
