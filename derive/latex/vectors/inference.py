r"""The shapes of bold names that nothing declares: a small letter is a column, a capital a matrix; use tells their lengths.

The statements of a section are unified one after the other; one that does not fit teaches nothing. A length that nothing
names is a size of its own. Where its letter stands plain as well the bold name is one apart: what holds of both holds also if
they are the same, and only a refutation would rest on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sympy import Integer

from derive.latex.grammar import syntax
from derive.latex.grammar.expressions import Parser
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group
from derive.latex.tokens.rows import rows
from derive.latex.tokens.statements import RawStatement, statements
from derive.latex.tokens.vocabulary import ACCENTS
from derive.latex.vectors.frames import compared
from derive.latex.vectors.guesses import Guesses
from derive.latex.vectors.shape import Axis, Lengths
from derive.latex.vectors.shapes import Shapes
from derive.terms import terms
from derive.terms.context import Range

_ACCENTS = ("\\mathbf", "\\vec")
Inferred = tuple[tuple[tuple[str, int], tuple[Range, ...]], ...]
"""A bold name and the number of its indices, with the ranges of the places of what it is then."""


@dataclass(frozen=True)
class Plain:
    r"""The letters that stand plain somewhere, and the names that stand bold before a bracket, as ``\mathbf{E}[x]`` does."""

    letters: frozenset[str]
    called: frozenset[str]


def plain_names(formulas: Iterable[Cut]) -> Plain:
    """What the formulas write plain, and what they call."""
    letters: set[str] = set()
    called: set[str] = set()
    for one in formulas:
        _plain(one.tokens, letters, called)
    return Plain(frozenset(letters), frozenset(called))


def _plain(row: Sequence[Token], letters: set[str], called: set[str]) -> None:
    at = 0
    while at < len(row):
        token = row[at]
        if token.kind == "sub":
            at = group(row, at + 1)[1]
            continue
        if token.kind == "command" and token.text in ACCENTS:
            inside, after = group(row, at + 1)
            if after < len(row) and row[after].kind == "open" and row[after].text in ("(", "["):
                called.add("".join(each.text for each in inside))
            at = after
            continue
        if token.kind in ("letter", "command"):
            letters.add(token.text)
        at += 1


def inferred(table: SymbolTable, formulas: Iterable[Cut], plain: frozenset[str]) -> Inferred:
    """The shapes of the bold names of a section; `plain` are those that are left alone."""
    guesses = Guesses(Lengths(), plain)
    for one in formulas:
        if one.plain or not any(token.text in _ACCENTS for token in one.tokens):
            continue
        try:
            found = statements(one.text, rows(one.named(table.names)))
        except Unread:
            continue
        for raw in found:
            learn(table, one.text, raw, guesses)
    return sized(guesses)


def learn(table: SymbolTable, text: str, raw: RawStatement, guesses: Guesses) -> None:
    """Unify the sides of a statement; what was learnt is taken back if they do not fit."""
    if any(relation.text == "in" for relation in raw.relations):
        return
    nodes = [parsed(table, text, side.tokens) for side in raw.sides]
    lengths, shapes = dict(guesses.lengths.known), dict(guesses.shapes)
    _, _, problems = compared(Shapes(table, text, guesses=guesses), nodes)
    if any(problem is not None for problem in problems):
        guesses.lengths.known, guesses.shapes = lengths, shapes


def parsed(table: SymbolTable, text: str, tokens: tuple[Token, ...]) -> syntax.Node | None:
    try:
        return Parser(tokens, text, table, vectors=True).whole() if tokens else None
    except Unread:
        return None


def sized(guesses: Guesses) -> Inferred:
    """The shapes with a size for each length that is open still."""
    named: dict[Axis, Range] = {}
    found = []
    for key, shape in guesses.shapes.items():
        spans = []
        for span in guesses.lengths.shape(shape).spans:
            if isinstance(span, Axis):
                letter = key[0].partition("{")[2].rstrip("}") or key[0]
                span = named.setdefault(span, Range(Integer(1), terms.size(f"n_{{{letter}{len(named) or ''}}}")))
            spans.append(span)
        found.append((key, tuple(spans)))
    return tuple(found)
