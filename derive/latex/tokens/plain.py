"""Formulas in plain text, as in posts and comments, cut into the same tokens as LaTeX.

``a4`` is a_4, ``e^z4`` is e^{z_4}, ``w41o1`` is w_{41} o_1, ``64X7X7`` is a product, ``exp log sin sqrt sum``
are functions; a word of three letters or more is one name; ``N就是64`` is N = 64.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from derive.latex.tokens.lexer import Token, tokens
from derive.latex.tokens.vocabulary import FUNCTIONS

_COMMANDS = {
    "sqrt": "\\sqrt",
    "sum": "\\sum",
    "pi": "\\pi",
    "alpha": "\\alpha",
    "beta": "\\beta",
    "eta": "\\eta",
    "lambda": "\\lambda",
    "sigma": "\\sigma",
    "theta": "\\theta",
    "delta": "\\delta",
    "epsilon": "\\epsilon",
}
_SPOKEN_EQUALS = re.compile("就是|等于|等於")


def plain_tokens(text: str, names: frozenset[str]) -> tuple[Token, ...]:
    """The tokens of a formula in plain text.

    >>> [token.text for token in plain_tokens("a4 = e^z4", frozenset())]
    ['a', '_', '4', '=', 'e', '^', 'z', '_', '4']
    """
    return worded(tokens(spoken(text)), names)


def spoken(text: str) -> str:
    """The text with the signs for which words stand, each with as many characters."""
    return _SPOKEN_EQUALS.sub("= ", text.replace("**", "^ "))


def worded(row: Sequence[Token], names: frozenset[str]) -> tuple[Token, ...]:
    """The tokens of a formula in plain text with their letters put together to words."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        token = row[at]
        if token.text == "?" and at + 1 < len(row) and row[at + 1].text == "=" and row[at + 1].start == token.end:
            found.append(Token("relation", "=", token.start, row[at + 1].end))
            at += 2
        elif (power := _power_of_ten(row, at)) is not None:
            found.append(power)
            at += 3 + (row[at + 2].kind == "op")
        elif token.kind == "letter":
            at = _word(row, at, names, found)
        else:
            found.append(token)
            at += 1
    return tuple(found)


def _power_of_ten(row: Sequence[Token], at: int) -> Token | None:
    """``1.5e-3`` as the number 0.0015."""
    ahead = 3 if at + 3 < len(row) and row[at + 2].kind == "op" and row[at + 2].text in "+-" else 2
    pieces = row[at : at + ahead + 1]
    if (
        len(pieces) < ahead + 1
        or pieces[0].kind != "number"
        or pieces[1].text not in ("e", "E")
        or pieces[-1].kind != "number"
        or not pieces[-1].text.isdigit()
        or len(pieces[-1].text) > 2
        or any(a.end != b.start for a, b in zip(pieces, pieces[1:], strict=False))
    ):
        return None
    value = Decimal("".join(piece.text for piece in pieces))
    return Token("number", f"{value:f}", pieces[0].start, pieces[-1].end)


def _word(row: Sequence[Token], at: int, names: frozenset[str], found: list[Token]) -> int:
    """Takes the letters from `at` on (and a number that touches them); returns the position after them."""
    end = at + 1
    while end < len(row) and row[end].kind == "letter" and row[end].start == row[end - 1].end:
        end += 1
    letters = row[at:end]
    word = "".join(token.text for token in letters)
    if _between_numbers(row, at, end, word):
        found.append(Token("command", "\\times", letters[0].start, letters[-1].end))
        return end
    start, stop = letters[0].start, letters[-1].end
    if "\\" + word.lower() in FUNCTIONS:
        found.append(Token("command", "\\" + word.lower(), start, stop))
        return end
    if word in _COMMANDS and word not in names:
        found.append(Token("command", _COMMANDS[word], start, stop))
        return end
    if word in names or len(word) > 2:
        found.append(Token("roman", word, start, stop))
    else:
        found.extend(letters)
    if end < len(row) and row[end].kind == "number" and row[end].start == stop and row[end].text.isdigit():
        number = row[end]
        found.append(Token("sub", "_", stop, stop))
        found.append(number)
        return end + 1
    return end


def _between_numbers(row: Sequence[Token], at: int, end: int, word: str) -> bool:
    if word not in ("X", "x") or at == 0 or end >= len(row):
        return False
    return row[at - 1].kind == "number" and row[end].kind == "number" and row[at - 1].end == row[at].start
