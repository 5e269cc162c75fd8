r"""Plain letters that their use makes vectors: x in ``W x`` beside a matrix W, or in ``x^\top A``.

Only what nothing declares, and what stands nowhere with indices or as a function, takes its shape from a product; where two
products disagree it takes none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.terms.context import Range

_NO_VECTORS = frozenset("defgpt")
"""Small letters that rather stand for numbers and functions."""


def used(table: SymbolTable, formulas: Iterable[Cut]) -> SymbolTable:
    """The table with the vectors that `formulas` show beside the matrices that it has."""
    if not any(len(spans) == 2 for _, spans in table.spaces):
        return table
    found: dict[str, set[Range]] = {}
    for one in formulas:
        for name, span in () if one.plain else _uses(one.tokens, table):
            found.setdefault(name, set()).add(span)
    for name, spans in sorted(found.items()):
        if len(spans) == 1 and is_free(name, table):
            table = table.with_space(name, (spans.pop(),))
    return table


def is_free(name: str, table: SymbolTable) -> bool:
    """Whether nothing says what a plain name is, and it is none that rather stands for a number or a function."""
    known = table.declared | table.scalars | table.constants | table.functions | table.sizes | _NO_VECTORS
    return name not in known and not table.is_index(name) and not table.is_family(name)


def _uses(row: Sequence[Token], table: SymbolTable) -> Iterator[tuple[str, Range]]:
    for at, token in enumerate(row):
        spans = table.space_of(token.text) if token.kind == "letter" else None
        if spans is None or len(spans) != 2 or kind(row, at - 1) == "sub" or kind(row, at + 1) in ("sub", "open"):
            continue
        turned, after = _transposed(row, at + 1)
        if after is not None and _is_letter(row, after) and kind(row, after + 1) not in ("sub", "sup", "open", "prime"):
            following = table.space_of(row[after + 1].text) if _is_letter(row, after + 1) else None
            if following is None or len(following) != 2:
                yield row[after].text, spans[0 if turned else 1]
        if at > 1 and (before := _turned_before(row, at)) is not None:
            yield row[before].text, spans[0]


def _is_letter(row: Sequence[Token], at: int) -> bool:
    return kind(row, at) == "letter" and row[at].text.islower()


def _transposed(row: Sequence[Token], at: int) -> tuple[bool, int | None]:
    """Whether a transpose stands there, and where the next factor begins; None behind another superscript."""
    if kind(row, at) != "sup":
        return False, at
    above, after = group(row, at + 1)
    return True, after if [token.text for token in above] in (["\\top"], ["T"]) else None


def _turned_before(row: Sequence[Token], at: int) -> int | None:
    r"""Where the x of an ``x^\top`` right before the place stands."""
    for width in (2, 4):
        place = at - width - 1
        if place >= 0 and kind(row, place + 1) == "sup" and _is_letter(row, place):
            above, after = group(row, place + 2)
            if after == at and [token.text for token in above] in (["\\top"], ["T"]):
                return place
    return None
