r"""Names that are told apart by a number: $W_1$ and $W_2$, $W^{(1)}$ and $W^{(2)}$ are two matrices and no two entries of one.

What is written with a number and said to lie in a space, ``W_1 \in \mathbb R^{m \times d}``, is a name as a whole, and so is
what is given with a number in such a document, ``h_1 = \tanh(W_1 x + b_1)``. A letter in the number's place anywhere, ``W_l``,
or dots beside it, ``W_1, \dots, W_L``, make an index of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.tokens.vocabulary import ACCENTS, DOTS, LETTERS
from derive.narrative.names.spaces import is_space

EQUAL = ("=", ":=")
BELOW = "_"

Place = tuple[str, str]
"""A name without its number, and where the number stands: below, or in round or square brackets above."""


@dataclass(frozen=True)
class _Met:
    """A name in a row from `start` to `end`, its letter at `letter`; `numbers` stand at places of it, letters at `lettered`."""

    text: str
    letter: int
    start: int
    end: int
    numbers: tuple[tuple[str, str, int, int], ...]
    lettered: frozenset[str]


def numbered(rows: Iterable[Sequence[Token]]) -> frozenset[Place]:
    """The names with the place of their number, of a document's rows of tokens; none where no such name lies in a space."""
    declared: set[Place] = set()
    given: set[Place] = set()
    indexed: set[Place] = set()
    bare: set[str] = set()
    for row in rows:
        dotted, below = any(token.text in DOTS for token in row), _in_scripts(row)
        for met in _names(row):
            places = {(met.text, place) for place, *_ in met.numbers}
            indexed |= {(met.text, place) for place in met.lettered} | (places if dotted else set())
            bare |= set() if places or below[met.letter] else {met.text}
            if _in_space(row, met.end):
                declared |= places
            elif met.start == 0 and kind(row, met.end) == "relation" and row[met.end].text in EQUAL:
                given |= places
    declared -= indexed
    return frozenset(declared | {place for place in given - indexed if place[0] not in bare}) if declared else frozenset()


def joined(row: Sequence[Token], places: frozenset[Place]) -> tuple[Token, ...]:
    r"""The tokens with each such name and its number as one; of ``W_{1,ij}`` the ``ij`` stay below it."""
    names: dict[int, str] = {}
    ends: dict[int, int] = {}
    gone: set[int] = set()
    for met in _names(row):
        for place, number, start, end in met.numbers:
            if (met.text, place) in places:
                mark = f"_{{{number}}}" if place == BELOW else f"^{{({number})}}" if place == "(" else f"^{{[{number}]}}"
                names[met.letter] = names.get(met.letter, row[met.letter].text) + mark
                gone |= set(range(start, end))
                before = next(at for at in range(start - 1, -1, -1) if at not in gone)
                if row[before].end <= row[start].start:
                    ends[before] = row[end - 1].end
    return tuple(
        Token("letter" if at in names else token.kind, names.get(at, token.text), token.start, ends.get(at, token.end))
        if at in names or at in ends
        else token
        for at, token in enumerate(row)
        if at not in gone
    )


def _in_scripts(row: Sequence[Token]) -> list[bool]:
    """For each token whether it stands in a subscript or a superscript, as sizes and indices do."""
    found = [False] * len(row)
    for at, token in enumerate(row):
        if token.kind in ("sub", "sup"):
            end = group(row, at + 1)[1]
            found[at:end] = [True] * (end - at)
    return found


def _names(row: Sequence[Token]) -> Iterator[_Met]:
    at = 0
    while at < len(row):
        token, accented = row[at], row[at].text in ACCENTS
        inside, end = group(row, at + 1) if accented else ((token,), at + 1)
        alone = len(inside) == 1 and (inside[0].kind == "letter" or inside[0].text in LETTERS)
        if not alone:
            at += 1
            continue
        text = f"{token.text}{{{inside[0].text}}}" if accented else token.text
        letter = at + (0 if not accented else 2 if kind(row, at + 1) == "lbrace" else 1)
        met = _scripted(row, text, letter, at, end)
        yield met
        at = max(met.end, end) if not any(kind(row, p) == "letter" for p in range(end, met.end)) else end


def _scripted(row: Sequence[Token], text: str, letter: int, start: int, end: int) -> _Met:
    numbers: list[tuple[str, str, int, int]] = []
    lettered: set[str] = set()
    while (script := kind(row, end)) in ("sub", "sup"):
        inside, after = group(row, end + 1)
        braced = kind(row, end + 1) == "lbrace"
        kinds = [token.kind for token in inside]
        if script == "sub" and kinds == ["number"]:
            numbers.append((BELOW, inside[0].text, end, after))
        elif script == "sub" and kinds[:2] == ["number", "comma"] and braced:
            numbers.append((BELOW, inside[0].text, end + 2, end + 4))
        elif script == "sub" and kinds[:1] != ["number"] and not (set(kinds) & {"words", "text", "roman"}):
            lettered.add(BELOW)
        elif script == "sup" and kinds[:1] == ["open"]:
            if kinds == ["open", "number", "close"]:
                numbers.append((inside[0].text, inside[1].text, end, after))
            elif kinds[:3] == ["open", "number", "close"]:
                numbers.append((inside[0].text, inside[1].text, end + 2, end + 5))
            else:
                lettered.add(inside[0].text)
        end = after
    return _Met(text, letter, start, end, tuple(numbers), frozenset(lettered))


def _in_space(row: Sequence[Token], at: int) -> bool:
    r"""Whether ``\in \mathbb R^{..}`` follows, behind more names with commas between them."""
    while kind(row, at) == "comma":
        met = next(iter(_names(row[at + 1 :])), None)
        if met is None or met.start:
            return False
        at += 1 + met.end
    return kind(row, at) == "relation" and row[at].text == "in" and is_space(row, at + 1)
