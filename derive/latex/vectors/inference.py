r"""The shapes of bold names that nothing declares: a small letter is a column, a capital a matrix; use tells their lengths.

So it is with plain letters that stand below a transpose in the section, ``X^\top X``.

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
from derive.latex.vectors.bold import IDENTITY, inner_name
from derive.latex.vectors.frames import compared
from derive.latex.vectors.guesses import Guesses
from derive.latex.vectors.shape import Axis, Lengths
from derive.latex.vectors.shapes import Shapes
from derive.terms import terms
from derive.terms.context import Range

_ACCENTS = ("\\mathbf", "\\vec")
_TURNS = ("\\top", "T", "\\intercal", "tr", "Tr", "\\tr", "\\Tr")
_NUMBERS = frozenset("defgpt")
"""Letters that rather stand for numbers and functions."""
Inferred = tuple[tuple[tuple[str, int], tuple[Range, ...]], ...]
"""A bold name and the number of its indices, with the ranges of the places of what it is then."""


@dataclass(frozen=True)
class Plain:
    r"""The letters that stand plain somewhere, and the names that stand bold before brackets alone, as in ``\mathbf{E}[x]``."""

    letters: frozenset[str]
    called: frozenset[str]


def plain_names(formulas: Iterable[Cut]) -> Plain:
    """What the formulas write plain, and what they call."""
    letters: set[str] = set()
    called: set[str] = set()
    alone: set[str] = set()
    for one in formulas:
        _plain(one.tokens, letters, called, alone)
    return Plain(frozenset(letters), frozenset(called - alone))


def _plain(row: Sequence[Token], letters: set[str], called: set[str], alone: set[str]) -> None:
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
            else:
                alone.add("".join(each.text for each in inside))
            at = after
            continue
        if token.kind in ("letter", "command"):
            letters.add(token.text)
        at += 1


def inferred(table: SymbolTable, formulas: Iterable[Cut], plain: frozenset[str]) -> Inferred:
    """The shapes of the bold names of a section, but those of `plain`, and of plain ones below a transpose."""
    read = [pair for one in formulas for pair in _read(table, one)]
    turned = turned_names(table, (node for _, nodes in read for node in nodes if node is not None))
    guesses = Guesses(Lengths(), plain, turned)
    speaking = [
        (text, raw, nodes)
        for (text, raw), nodes in read
        if turned or any(token.text in _ACCENTS for side in raw.sides for token in side.tokens)
    ]
    left = [each for each in speaking if not learn(table, each[0], each[1], guesses, each[2])]
    for text, raw, nodes in left:  # now that more is known
        if not learn(table, text, raw, guesses, nodes):
            for node in nodes:
                _learn_part(table, text, guesses, node)
    return sized(guesses)


def _read(table: SymbolTable, one: Cut) -> list[tuple[tuple[str, RawStatement], list[syntax.Node | None]]]:
    """The statements of a formula with their sides parsed; none where nothing in it speaks of vectors."""
    if one.plain or not any(token.text in _ACCENTS or token.text in _TURNS for token in one.tokens):
        return []
    try:
        found = statements(one.text, rows(one.named(table.names)))
    except Unread:
        return []
    return [((one.text, raw), [parsed(table, one.text, side.tokens) for side in raw.sides]) for raw in found]


def turned_names(table: SymbolTable, nodes: Iterable[syntax.Node]) -> frozenset[str]:
    """The plain names below a transpose, and small ones right behind a name that is; none that is known as something else.

    There are none where no capital is among them: of ``w^T x`` alone it is not said what the letters are.
    """
    found: set[str] = set()
    for part in (part for node in nodes for part in syntax.walk(node)):
        if isinstance(part, syntax.Transpose):
            found |= {name for inside in _factors(part.operand) for name in _plain_name(inside, table)}
        if isinstance(part, syntax.Mul):
            for one, behind in zip(part.factors, part.factors[1:], strict=False):
                if isinstance(one, syntax.Transpose) and isinstance(one.operand, syntax.Name):
                    found |= {name for name in _plain_name(behind, table) if name.islower()}
    return frozenset(found) if any(name.isupper() for name in found) else frozenset()


def _factors(node: syntax.Node) -> Iterable[syntax.Node]:
    """What sums and products in a transposed bracket are made of."""
    if isinstance(node, syntax.Add):
        return [part for term in node.terms for part in _factors(term)]
    if isinstance(node, syntax.Mul):
        return [part for factor in node.factors for part in _factors(factor)]
    return [node.operand] if isinstance(node, syntax.Neg | syntax.Transpose) else [node]


def _plain_name(node: syntax.Node, table: SymbolTable) -> set[str]:
    """The letter, where it is one of which nothing is known."""
    if not isinstance(node, syntax.Name) or len(node.text) != 1:
        return set()
    name = node.text
    known = table.scalars | table.constants | table.functions | table.sizes | table.declared | {IDENTITY}
    given = name in known or table.is_index(name) or table.is_family(name) or table.variables_of(name) is not None
    return set() if given or name in _NUMBERS else {name}


def learn(
    table: SymbolTable, text: str, raw: RawStatement, guesses: Guesses, nodes: Sequence[syntax.Node | None] | None = None
) -> bool:
    """Unify the sides of a statement; what was learnt is taken back if they do not fit. Whether all of it was read and fits."""
    if any(relation.text == "in" for relation in raw.relations):
        return True
    if nodes is None:
        nodes = [parsed(table, text, side.tokens) for side in raw.sides]
    lengths, shapes = dict(guesses.lengths.known), dict(guesses.shapes)
    _, _, problems = compared(Shapes(table, text, guesses=guesses), nodes)
    if any(problem is not None for problem in problems):
        guesses.lengths.known, guesses.shapes = lengths, shapes
        return False
    return None not in nodes


def _learn_part(table: SymbolTable, text: str, guesses: Guesses, node: syntax.Node | None) -> None:
    """Unify the largest parts of a side that can be read: of ``f(A x)`` with an unknown f the product."""
    if node is None:
        return
    lengths, shapes = dict(guesses.lengths.known), dict(guesses.shapes)
    try:
        Shapes(table, text, guesses=guesses).of(node)
    except Unread:
        guesses.lengths.known, guesses.shapes = lengths, shapes
        for child in syntax.children(node):
            _learn_part(table, text, guesses, child)


def parsed(table: SymbolTable, text: str, tokens: tuple[Token, ...]) -> syntax.Node | None:
    try:
        return Parser(tokens, text, table, vectors=True).whole() if tokens else None
    except Unread:
        return None


def sized(guesses: Guesses) -> Inferred:
    """The shapes with a size for each length that is open still."""
    guesses.settle()
    named: dict[Axis, Range] = {}
    found = []
    for key, shape in guesses.shapes.items():
        spans = []
        for span in guesses.lengths.shape(shape).spans:
            if isinstance(span, Axis):
                letter = inner_name(key[0])[0]
                span = named.setdefault(span, Range(Integer(1), terms.size(f"n_{{{letter}{len(named) or ''}}}")))
            spans.append(span)
        found.append((key, tuple(spans)))
    return tuple(found)
