r"""A document's own macros in a formula, as TeX expands them: on its tokens, before it is mathematics.

A token of TeX is a control sequence or one character, and keeps its place: what a macro's body brings in has the place of
the macro's name, an argument keeps its own places. The expansion is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST = 20_000
MOST = 3_000
"""How many characters a formula may grow to, and how many macros it may use on the way."""
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_PIECE = re.compile(r"#[1-9]|\\[A-Za-z]+|\\.|.", re.DOTALL)


class Endless(Exception):
    """The macros of a formula do not come to an end, or not within the bounds."""


@dataclass(frozen=True)
class Definition:
    r"""``\name`` takes `arity` arguments and stands for `body`, in which ``#1`` is the first of them."""

    arity: int
    body: str


@dataclass(frozen=True)
class Piece:
    """A token of TeX and where it stood in the formula as it was written; `whole` if it still is what stood there."""

    text: str
    place: int
    whole: bool = True

    @property
    def is_word(self) -> bool:
        return self.text[:1] == "\\" and self.text[1:2].isalpha()


def expanded(text: str, macros: Mapping[str, Definition]) -> tuple[Piece, ...]:
    """The formula `text` in pieces, without macros that have their arguments; raises :class:`Endless`."""
    todo = [Piece(found.group(), found.start()) for found in _TOKEN.finditer(text)][::-1]
    if _uses_itself([piece.text[1:] for piece in todo if piece.is_word], macros):
        raise Endless
    done: list[Piece] = []
    length, steps = len(text), 0
    while todo:
        piece = todo.pop()
        macro = macros.get(piece.text[1:]) if piece.is_word else None
        taken = _arguments(todo, macro.arity) if macro is not None else None
        if macro is None or taken is None:
            if done and done[-1].is_word and piece.text[0].isalpha():
                done.append(Piece(" ", done[-1].place, False))  # else the command would run into the letter
            done.append(piece)
            continue
        arguments, rest = taken
        length -= len(piece.text) + sum(len(each.text) for each in todo[rest:])
        body = _body(macro.body, arguments, piece.place)
        del todo[rest:]
        todo += reversed(body)
        length, steps = length + sum(len(each.text) for each in body), steps + 1
        if length > LONGEST or steps > MOST:
            raise Endless
    return tuple(done)


def _body(body: str, arguments: Sequence[Sequence[Piece]], place: int) -> list[Piece]:
    found: list[Piece] = []
    for match in _PIECE.finditer(body):
        text = match.group()
        if text[0] != "#" or len(text) == 1:
            found.append(Piece(text, place, False))
        elif int(text[1]) <= len(arguments):
            found += arguments[int(text[1]) - 1]
    return found


def _arguments(todo: Sequence[Piece], arity: int) -> tuple[list[list[Piece]], int] | None:
    """The arguments at the end of `todo`, which is in reverse, and how much of it is left; None where they are missing."""
    found: list[list[Piece]] = []
    at = len(todo)
    for _ in range(arity):
        at -= 1
        while at >= 0 and todo[at].text.isspace():
            at -= 1
        if at < 0 or todo[at].text == "}":
            return None
        if todo[at].text != "{":
            found.append([todo[at]])
            continue
        depth, end = 1, at
        while depth:
            end -= 1
            if end < 0:
                return None
            depth += {"{": 1, "}": -1}.get(todo[end].text, 0)
        found.append(list(todo[end + 1 : at][::-1]))
        at = end
    return found, at


def _uses_itself(names: Sequence[str], macros: Mapping[str, Definition]) -> bool:
    """Whether the body of one of the macros leads back to it: TeX would expand it for ever, too."""
    open_: list[str] = []
    done: set[str] = set()

    def leads_back(name: str) -> bool:
        if name in open_:
            return True
        if name in done or name not in macros:
            return False
        open_.append(name)
        found = any(leads_back(match.group()[1:]) for match in _TOKEN.finditer(macros[name].body) if match.group()[:1] == "\\")
        open_.pop()
        done.add(name)
        return found

    return any(map(leads_back, names))
