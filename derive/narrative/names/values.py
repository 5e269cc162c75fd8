"""Letters that are functions by custom, which a document uses as names of numbers: ``g = e^{-x}``, then ``g (b - x)``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.latex.symbols.table import DEFAULT_FUNCTIONS
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind

_NAMES = ("letter", "command")
_EQUAL = ("=", ":=")


def numbers_by_definition(formulas: Iterable[Cut], declared: frozenset[str]) -> frozenset[str]:
    """The letters that stand alone on the left of an equation, and nowhere with a prime or with names as arguments."""
    defined: set[str] = set()
    called: set[str] = set()
    for formula in formulas:
        row = formula.tokens
        if len(row) > 2 and row[0].text in DEFAULT_FUNCTIONS and row[1].kind == "relation" and row[1].text in _EQUAL:
            defined.add(row[0].text)
        called |= {row[at].text for at in range(len(row)) if row[at].text in DEFAULT_FUNCTIONS and _is_called(row, at + 1)}
    return frozenset(defined - called - declared)


def _is_called(row: Sequence[Token], at: int) -> bool:
    r"""Whether a prime, a superscript or a bracket that begins with a name alone or with a number alone stands here."""
    if kind(row, at) in ("prime", "sup", "sub"):
        return True
    if kind(row, at) != "open" or kind(row, at + 1) not in (*_NAMES, "number"):
        return False
    after = group(row, at + 3)[1] if kind(row, at + 2) == "sub" else at + 2
    return kind(row, after) in ("close", "comma")
