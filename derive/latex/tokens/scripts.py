r"""The subscript before the superscript: ``x^2_i`` is ``x_i^2``, which is printed the same; ``x^-2`` is ``x^{-2}``."""

from __future__ import annotations

from collections.abc import Sequence

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind

_WORD = 4
"""From how many letters on what stands alone above the line is a word, and no product."""


def below_first(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with each superscript that has a subscript directly behind it moved behind that; places stay as they are.

    ``e^a_k`` is left as it is: it is printed as a power of e_k, and meant as one of e.

    >>> from derive.latex.tokens.lexer import tokens
    >>> "".join(token.text for token in below_first(tokens("x^{2}_{i}")))
    'x_{i}^{2}'
    """
    if not any(token.kind == "sup" for token in row):
        return tuple(row)
    found: list[Token] = []
    at = 0
    while at < len(row):
        if row[at].kind != "sup":
            found.append(row[at])
            at += 1
            continue
        _, after = group(row, at + 1)
        if kind(row, after) != "sub" or at and row[at - 1].text == "e":
            found.append(row[at])
            at += 1
            continue
        _, end = group(row, after + 1)
        found += (*below_first(row[after:end]), *below_first(row[at:after]))
        at = end
    return tuple(found)


def turned_labels(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens with a transpose behind a label above a name as a superscript of its own: ``W^{(1)\top}``, ``A^{+T}``.

    >>> from derive.latex.tokens.lexer import tokens
    >>> "".join(token.text for token in turned_labels(tokens(r"W^{(k-1)\top}")))
    'W^{(k-1)}^{\\top}'
    """
    found: list[Token] = []
    at = 0
    while at < len(row):
        inside, after = group(row, at + 1) if row[at].kind == "sup" and kind(row, at + 1) == "lbrace" else ((), at)
        label, last = inside[:-1], inside[-1:]
        turned = bool(last) and (last[0].text in ("\\top", "\\intercal") or last[0].text == "T")
        if turned and label and (label[0].kind == "open" and label[-1].kind == "close" or _is_mark(label)):
            sup, (open_, close) = row[at], (row[at + 1], row[after - 1])
            found += (sup, open_, *label, close, sup, open_, *last, close)
            at = after
        else:
            found.append(row[at])
            at += 1
    return tuple(found)


def _is_mark(label: Sequence[Token]) -> bool:
    return len(label) == 1 and label[0].text in ("*", "\\star", "+")


def words_above(row: Sequence[Token]) -> tuple[Token, ...]:
    r"""The tokens with a word alone in the braces of a superscript as text: ``v^{corrected}`` is no power; those of e are."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        found.append(row[at])
        inside, after = group(row, at + 1) if row[at].kind == "sup" and kind(row, at + 1) == "lbrace" else ((), at)
        spelled = len(inside) >= _WORD and all(token.kind == "letter" for token in inside)
        if spelled and not (at and row[at - 1].text == "e"):
            word = "".join(token.text for token in inside)
            found += (row[at + 1], Token("text", word, inside[0].start, inside[-1].end), row[after - 1])
            at = after - 1
        at += 1
    return tuple(found)


def exponents(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with braces around a negative number above the line: nothing but a power is written so."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        found.append(row[at])
        minus, number = row[at + 1 : at + 2], row[at + 2 : at + 3]
        if row[at].kind == "sup" and number and minus[0].text == "-" and number[0].kind == "number":
            start, end = minus[0].start, number[0].end
            found += (Token("lbrace", "{", start, start), *minus, *number, Token("rbrace", "}", end, end))
            at += 2
        at += 1
    return tuple(found)
