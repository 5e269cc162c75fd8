r"""A transpose that is missing: ``\mathbf w \mathbf x`` where the document writes ``\mathbf w^\top \mathbf x`` elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.latex.structure.finding import Fault, FaultKind
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads, kind
from derive.latex.tokens.vocabulary import ACCENTS, BOLD
from derive.latex.vectors.bold import base_name
from derive.terms.reasons import Why, because

_MARKS = frozenset({"T", "\\top", "\\intercal", "\\mathrm{T}"})
Pair = tuple[str, str]
"""Two names of vectors that stand side by side."""


def turned(row: Sequence[Token]) -> frozenset[Pair]:
    """The pairs of small bold names of which the first is transposed before the second, which is not."""
    return frozenset((a, b) for a, b, first, second, _, _ in _beside(row) if first and not second)


def missing(row: Sequence[Token], pairs: frozenset[Pair]) -> Iterator[Fault]:
    """The pairs of `pairs` that stand side by side without a transpose, as no two columns can."""
    for a, b, first, second, start, end in _beside(row):
        if (a, b) in pairs and not (first or second):
            reason = because(Why.MISSING_TRANSPOSE, left=a, right=b)
            yield Fault(FaultKind.MISSING_TRANSPOSE, row[start].start, row[end - 1].end, reason)


def _beside(row: Sequence[Token]) -> Iterator[tuple[str, str, bool, bool, int, int]]:
    """Two small bold names side by side: their letters, whether each is transposed, and from where to where they stand."""
    shown = heads(row, frozenset())
    inside = {at for place, token in enumerate(row) if token.kind in ("sub", "sup") for at in _script(row, place)}
    for start, (name, end) in shown.items():
        if start in inside or not _is_column(name):
            continue
        after, first = _scripts(row, end)
        if after not in shown or not _is_column(shown[after][0]):
            continue
        last, second = _scripts(row, shown[after][1])
        if first is not None and second is not None and kind(row, last) != "open":
            yield base_name(name)[0], base_name(shown[after][0])[0], first, second, start, last


def _is_column(name: str) -> bool:
    letter, bold = base_name(name)
    return bold and letter[:1].islower() and any(name.startswith(mark) for mark in BOLD)


def _scripts(row: Sequence[Token], at: int) -> tuple[int, bool | None]:
    """The place behind the scripts of a name, and whether a transpose is one of them; None where another mark is above."""
    transposed: bool | None = False
    while kind(row, at) in ("sub", "sup"):
        inside, after = group(row, at + 1)
        if kind(row, at) == "sup":
            marks = [token.text for token in inside if token.text not in ACCENTS and token.kind not in ("lbrace", "rbrace")]
            transposed = True if len(marks) == 1 and marks[0] in _MARKS else None
        at = after
    return at, transposed


def _script(row: Sequence[Token], at: int) -> range:
    """The places of what a mark of a script raises or lowers."""
    return range(at + 1, group(row, at + 1)[1])
