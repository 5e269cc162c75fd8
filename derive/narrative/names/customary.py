"""Names that mathematics has given a meaning, where a document gives them another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from derive.latex.symbols.table import DEFAULT_INDICES, SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.narrative.words.tables import functions
from derive.terms.context import Claim, Context
from derive.terms.terms import Call

NUMBERS = ("e", "\\pi")
_RELATED = ("=", ":=", "<", ">", "<=", ">=")


def described(formulas: Iterable[Cut], table: SymbolTable) -> frozenset[str]:
    """The customary numbers and indices that are quantities of the document: ``e = y - t``, ``i = v / r``, and a lone ``e``.

    A lone e says nothing where every other one is the base of an exponential: *powers of $e$*, *the base is $e$*. A letter
    that stands below a name, or that a sum binds, is an index.
    """
    rows = [formula.tokens for formula in formulas]
    below = {token.text for row in rows for at in range(len(row)) if row[at].kind == "sub" for token in group(row, at + 1)[0]}
    found: set[str] = set()
    for row in (part for whole in rows for part in _lines(whole)):
        first = row[0].text if row else ""
        related = len(row) > 1 and row[1].kind == "relation" and row[1].text in _RELATED
        if first in NUMBERS and (related or (len(row) == 1 and not _only_base(first, rows))):
            found.add(first)
        if first in DEFAULT_INDICES and related and first not in below and len(row) > 3 and _quantities(row[2:], table):
            found.add(first)
    return frozenset(found - table.declared)


def _only_base(name: str, rows: Sequence[Sequence[Token]]) -> bool:
    """Whether a name stands in formulas only with exponents that are no integers, and does so; words and ``1*e-4`` aside."""
    powers = []
    for row in (row for row in rows if len(row) > 1):
        for at in (at for at, token in enumerate(row) if token.text == name):
            above = group(row, at + 2)[0] if kind(row, at + 1) == "sup" else ()
            beside = any(kind(row, to) == "letter" and _touch(row, at, to) for to in (at - 1, at + 1))
            written = kind(row, at - 1) == "op" and kind(row, at - 2) == "number" and kind(row, at + 2) == "number"
            if above or not (beside or written):
                powers.append(any(token.kind != "number" or "." in token.text for token in above))
    return bool(powers) and all(powers)


def _touch(row: Sequence[Token], one: int, other: int) -> bool:
    first, second = sorted((one, other))
    return row[first].end == row[second].start


def any_functions(claims: Iterable[Claim], context: Context) -> tuple[str, ...]:
    """The names in `claims` that mathematics has given to a function, where the document defines none by them."""
    called = {node.name for claim in claims for side in (claim.left, claim.right) for node in side.atoms(Call)}
    letters = {row.letter for row in functions().values() if row.letter}
    return tuple(sorted(name for name in called & letters if not context.known.names(name)))


def _lines(row: Sequence[Token]) -> Iterator[list[Token]]:
    """The rows of an alignment, without its marks."""
    line: list[Token] = []
    for token in row:
        if token.kind == "row":
            yield line
            line = []
        elif token.kind not in ("begin", "end", "amp", "gap"):
            line.append(token)
    yield line


def _quantities(row: Sequence[Token], table: SymbolTable) -> bool:
    return (
        row[0].kind in ("letter", "command")
        and any(token.kind == "letter" and not table.is_integer(token.text) for token in row)
        and not any(token.kind in ("comma", "relation") for token in row)
    )


def powers_of(name: str, row: Sequence[Token]) -> bool:
    """Whether the name stands in a formula with an exponent that is no number: ``e^{-z}``."""
    return any(
        row[at].text == name
        and row[at + 1].kind == "sup"
        and group(row, at + 2)[0]
        and group(row, at + 2)[0][0].kind != "number"
        for at in range(len(row) - 1)
    )
