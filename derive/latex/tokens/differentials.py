r"""Differentials in other spellings: ``\frac{\delta L}{\delta x}`` and ``{\partial a}/{\partial b}`` are derivatives.

A fraction is one only where its denominator is made of differentials alone; ``\frac{\delta_1}{\delta_2}`` and
``\frac{\delta x}{\delta + 1}`` stay quotients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind

_SIGNS = ("op", "relation", "comma", "row", "amp", "gap", "words", "text")
_OPENED = {"lbrace": "rbrace", "open": "close"}


def differentials(row: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with every derivative written as ``\\frac{\\partial ..}{\\partial ..}``."""
    found = _unslashed(_unbraced(row))
    for at, token in enumerate(found):
        if token.text == "\\frac" and token.kind == "command" and kind(found, at + 1) == "lbrace":
            _named(found, at)
    return tuple(found)


def _unbraced(row: Sequence[Token]) -> list[Token]:
    r"""``\frac{{d}y}{{d}x}`` without the braces around each d."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        lone = kind(row, at) == "lbrace" and kind(row, at - 1) == "lbrace" and at and kind(row, at + 2) == "rbrace"
        if lone and row[at + 1].text in ("d", "\\partial") and kind(row, at + 3) in ("letter", "command", "lbrace"):
            found.append(row[at + 1])
            at += 3
        else:
            found.append(row[at])
            at += 1
    return found


def _unslashed(row: Sequence[Token]) -> list[Token]:
    r"""``{\partial a}/{\partial b}``, and the same in round brackets."""
    found: list[Token] = []
    at = 0
    while at < len(row):
        closed = _opens(row, at)
        second = closed + 1
        if closed and kind(row, closed) == "op" and row[closed].text == "/" and (last := _opens(row, second)):
            found.append(Token("command", "\\frac", row[at].start, row[at].start))
            found += _braced(row[at:closed]) + _braced(row[second:last])
            at = last
        else:
            found.append(row[at])
            at += 1
    return found


def _opens(row: Sequence[Token], at: int) -> int:
    r"""The position behind the bracket at `at` if a ``\partial`` stands first in it, else 0."""
    if (
        kind(row, at) not in _OPENED
        or at + 1 >= len(row)
        or row[at + 1].text != "\\partial"
        or at
        and row[at - 1].kind in ("sub", "sup", "rbrace")
        or at
        and row[at - 1].text == "\\frac"
    ):
        return 0
    depth = 0
    for position in range(at, len(row)):
        depth += (row[position].kind in _OPENED) - (row[position].kind in _OPENED.values())
        if depth == 0:
            return position + 1
    return 0


def _braced(inside: Sequence[Token]) -> list[Token]:
    return [replace(inside[0], kind="lbrace", text="{"), *inside[1:-1], replace(inside[-1], kind="rbrace", text="}")]


def _named(found: list[Token], at: int) -> None:
    r"""``\delta`` for ``\partial`` in the fraction at `at`."""
    above, middle = group(found, at + 1)
    below, _ = group(found, middle)
    if kind(found, middle) != "lbrace" or not _is_differential(above) or not _is_differential(below) or len(below) < 2:
        return
    depth = 0
    for token in below:
        depth += (token.kind in _OPENED) - (token.kind in _OPENED.values())
        if depth == 0 and token.kind in _SIGNS:
            return
    found[at + 2] = replace(found[at + 2], text="\\partial")
    for position in range(middle + 1, middle + 1 + len(below)):
        if _is_differential(found[position : position + 2]) and kind(found, position - 1) not in ("sub", "sup"):
            found[position] = replace(found[position], text="\\partial")


def _is_differential(inside: Sequence[Token]) -> bool:
    return (
        bool(inside)
        and inside[0].kind == "command"
        and inside[0].text == "\\delta"
        and (len(inside) == 1 or inside[1].kind not in ("sub", "prime"))
    )
