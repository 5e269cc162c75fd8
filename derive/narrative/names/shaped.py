r"""The vectors and matrices that a document declares in formulas: ``A, B \in \mathbb R^{n \times n}``, ``x \in \mathbb{R}^d``.

What is declared holds for the whole document as long as it says nothing else of the name; a second space holds from its
place on. A length is a letter, a letter with a word or an index below it, or a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sympy import Integer

from derive.latex.symbols.labels import MARKS, Item, head, listed
from derive.latex.symbols.table import DEFAULT_INDICES, SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads, kind, limits, members
from derive.latex.tokens.vocabulary import DOTS, LETTERS
from derive.latex.vectors.bold import base_name
from derive.terms import terms
from derive.terms.context import Range

_MOST_AXES = 2
_REALS = ("\\R", "ℝ")


@dataclass(frozen=True)
class Space:
    """A name with the ranges of its places."""

    name: str
    spans: tuple[Range, ...]


def spaces_in(row: Sequence[Token], names: frozenset[str] = frozenset()) -> tuple[Space, ...]:
    r"""The names that a row of tokens puts into a space: those of the list before ``\in``."""
    shown = heads(row, names)
    found: list[Space] = []
    for at, token in enumerate(row):
        if token.kind != "relation" or token.text != "in":
            continue
        spans = space(row, at + 1)
        if spans is None:
            continue
        ends = {end: (start, name) for start, (name, end) in shown.items()}
        if (ones := _numeral(row, at)) is not None:
            ends[at] = ones
        end, named = at, len(found)
        ends = {after: each for after, each in ends.items() if kind(row, each[0] - 1) not in ("sub", "sup")}
        while end in ends:
            start, name = ends[end]
            found.append(Space(base_name(name)[0], spans))
            if kind(row, start - 1) != "comma":
                if _is_factor(row, start - 1):  # W x is in the space, and not x
                    del found[named:]
                break
            end = start - 1
    return tuple(found)


def _is_factor(row: Sequence[Token], at: int) -> bool:
    """Whether what stands at a place is multiplied by what follows, or added to it."""
    begins = ("stop", "gap", "row", "amp", "words", "text", "begin", "relation", "open", "lbrace", "comma")
    return kind(row, at) not in begins and row[at].text not in ("\\forall", "\\exists")


def _numeral(row: Sequence[Token], end: int) -> tuple[int, str] | None:
    r"""``\mathbf 1`` or ``\mathbf{1}`` before `end`: its place, and its name."""
    for start in (end - 2, end - 4):
        if kind(row, start) == "command" and row[start].text == "\\mathbf":
            inside, after = group(row, start + 1)
            if after == end and [token.text for token in inside] == ["1"]:
                return start, "\\mathbf{1}"
    return None


def labels_in(formulas: Iterable[Cut]) -> frozenset[str]:
    r"""The names with a label that formulas put into spaces: ``W_{1}``, ``b^{(2)}``, ``W_{q}``; a letter that runs is none."""
    formulas = tuple(formulas)
    running = _running(formulas)
    scripted = {item for one in formulas for item, _ in _scripted(one.tokens) if not _runs(item, running)}
    counted = {item for item in scripted if item.mark == "sub" and item.inner[0].kind == "number"}
    found = {f"{item.name}{item.label}" for item in scripted if item not in counted or not _indexed(item.name, formulas)}
    for one in formulas:
        for item in _heads(one.tokens):
            marked = item.mark == "sup" and item.label and item.inner[0].text in MARKS
            numbered = bool(found) and item.label and item.inner[0].kind == "number"
            if marked or numbered and not (_indexed(item.name, formulas) or _is_bare(item, formulas)):
                found.add(f"{item.name}{item.label}")
    return frozenset(found)


def _heads(row: Sequence[Token]) -> Iterator[Item]:
    """The names with a script that the equations of a formula begin with."""
    starts = (at for at in range(len(row)) if at == 0 or row[at - 1].kind in ("gap", "comma", "row", "amp", "words"))
    yield from (item for at in starts if (item := head(row[at:])) is not None)


def _indexed(name: str, formulas: Iterable[Cut]) -> bool:
    """Whether a name stands with a letter as its first index anywhere."""
    return any(known == name and any(places[:1]) for one in formulas for known, places in members(one.tokens, frozenset()))


def _is_bare(item: Item, formulas: Iterable[Cut]) -> bool:
    """Whether the name stands without a script anywhere but in a script: what is below it elsewhere may be an entry's place."""
    for one in formulas:
        inside = {at for at, token in enumerate(one.tokens) if token.kind in ("sub", "sup")}
        scripts = {place for at in inside for place in range(at, group(one.tokens, at + 1)[1])}
        for at, (name, end) in heads(one.tokens, frozenset()).items():
            if name == item.name and at not in scripts and kind(one.tokens, end) not in ("sub", "sup"):
                return True
    return False


def samples_in(formulas: Iterable[Cut]) -> dict[tuple[str, int], tuple[Range, ...]]:
    r"""The vectors that are numbered by an index, ``x_i \in \mathbb R^d``: name and number of indices, and their ranges."""
    formulas = tuple(formulas)
    running = _running(formulas)
    found: dict[tuple[str, int], tuple[Range, ...]] = {}
    for one in formulas:
        for item, spans in _scripted(one.tokens):
            if _runs(item, running):
                name = item.name if item.mark == "sub" else f"{item.name}^{{(\\cdot)}}"
                found.setdefault((name, 1), spans)
        for name, spans in _counted(one.tokens):
            found.setdefault((name, 1), spans)
    return found


def _scripted(row: Sequence[Token]) -> Iterator[tuple[Item, tuple[Range, ...]]]:
    """The names with a label or an index that a row puts into a space."""
    for at, token in enumerate(row):
        spans = space(row, at + 1) if token.kind == "relation" and token.text == "in" else None
        dotted = any(each.text in DOTS for each in row[:at])  # x_1, \dots, x_N are members of one family
        for item in listed(row, at) if spans is not None and not dotted else ():
            if item.label and spans is not None:
                yield item, spans


def _counted(row: Sequence[Token]) -> Iterator[tuple[str, tuple[Range, ...]]]:
    r"""The plain name of which the first and the last member are put into a space: ``x_1, \dots, x_N \in \mathbb R^d``."""
    for at, token in enumerate(row):
        spans = space(row, at + 1) if token.kind == "relation" and token.text == "in" else None
        if spans is not None and len(spans) == 1 and (name := _listed(row[:at])):
            yield name, spans


def _listed(row: Sequence[Token]) -> str:
    """The letter whose members a whole row lists, with dots between them; "" for any other row."""
    found: set[str] = set()
    dotted, place = False, 0
    while place < len(row):
        if row[place].text in DOTS:
            dotted, place = True, place + 1
        elif kind(row, place) == "letter" and kind(row, place + 1) == "sub":
            found.add(row[place].text)
            place = group(row, place + 2)[1]
        else:
            return ""
        if place < len(row) and kind(row, place) != "comma":
            return ""
        place += 1
    return found.pop() if dotted and len(found) == 1 else ""


def _running(formulas: Iterable[Cut]) -> frozenset[str]:
    """The letters over which formulas sum, and those of which they say from where to where they run."""
    found: set[str] = set()
    for one in formulas:
        found |= {limit.index for limit in limits(one.tokens)}
        for at, token in enumerate(one.tokens):
            if token.text == "\\sum" and kind(one.tokens, at + 1) == "sub":
                found |= {each.text for each in group(one.tokens, at + 2)[0][:1]}
            if (
                token.kind == "letter"
                and kind(one.tokens, at + 1) == "relation"
                and any(t.text in DOTS for t in one.tokens[at:])
            ):
                found.add(token.text)
    return frozenset(found)


def _runs(item: Item, running: frozenset[str]) -> bool:
    text = item.inner[0].text
    return item.inner[0].kind == "letter" and (text in running or text in DEFAULT_INDICES or text in "nt")


def with_spaces(table: SymbolTable, cuts: Iterable[Cut], told: Iterable[Space] = ()) -> SymbolTable:
    """The table with the spaces that the first formula to speak of each name puts it into, else the words (`told`).

    Declarations are stronger.
    """
    given = table.declared
    shown = (space for one in cuts for space in spaces_in(one.tokens, table.names))
    for space in chain(shown, told):
        if space.name not in given and table.space_of(space.name) is None:
            table = table.with_space(space.name, space.spans)
    return table


def with_these(table: SymbolTable, cut: Cut, given: frozenset[str]) -> SymbolTable:
    """The table after a formula that may put its names into other spaces than they were in; those of `given` stay."""
    for space in spaces_in(cut.tokens, table.names):
        if space.name not in given and table.space_of(space.name) != space.spans:
            table = table.with_space(space.name, space.spans)
    return table


def space(row: Sequence[Token], at: int) -> tuple[Range, ...] | None:
    r"""The ranges of ``\mathbb R^{n \times d}``; None for the numbers themselves and for what is not read."""
    if kind(row, at) != "stop" and row[at].text == "\\mathbb":
        inside, at = group(row, at + 1)
        known = len(inside) == 1 and inside[0].text == "R"
    else:
        known, at = kind(row, at) != "stop" and row[at].text in _REALS, at + 1
    if not known or kind(row, at) != "sup":
        return None
    return axes(group(row, at + 1)[0])


def axes(tokens: Sequence[Token]) -> tuple[Range, ...] | None:
    r"""The ranges of ``n \times d`` or of ``n``; None for what is not read."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in ("\\times", "*"):
            parts.append([])
        else:
            parts[-1].append(token)
    spans = [length(part) for part in parts]
    read = [span for span in spans if span is not None]
    return tuple(read) if len(read) == len(spans) <= _MOST_AXES else None


def length(tokens: Sequence[Token]) -> Range | None:
    r"""From 1 to what `tokens` say: ``n``, ``3``, ``d_k``, ``d_{\text{model}}``; None for anything else."""
    if not tokens:
        return None
    first = tokens[0]
    if len(tokens) == 1 and first.kind == "number" and first.text.isdigit() and 0 < int(first.text[:4]):
        return Range(Integer(1), Integer(int(first.text)))
    named = first.kind in ("letter", "roman") or first.text in LETTERS
    if not named or len(tokens) > 1 and (kind(tokens, 1) != "sub" or group(tokens, 2)[1] != len(tokens)):
        return None
    below = "".join(token.text for token in group(tokens, 2)[0]) if len(tokens) > 1 else ""
    return Range(Integer(1), terms.size(f"{first.text}_{{{below}}}" if below else first.text))
