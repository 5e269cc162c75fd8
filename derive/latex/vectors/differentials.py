r"""Differentials: ``d(A X) = A\,dX`` is the derivative of ``A X`` along a direction that is called dX.

The names that vary are those that have a differential of their own in the statement; all others are held fixed. What is
written ``d(..)``, or stands alone on a side, is ``Σ_p ∂(..)/∂X_p dX_p`` over the entries of each name that varies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.latex.grammar import syntax
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import ACCENTS, LETTERS
from derive.latex.vectors.bold import base_name
from derive.latex.vectors.shape import Shaping

SIGN = "d"
MARK = "\\mathrm{d}"
"""What stands before a name in the name of its direction."""


def direction(name: str) -> str:
    """The name of the direction along which a name varies."""
    return MARK + name


def has_direction(name: str, known: Iterable[str]) -> bool:
    """Whether a name is that of the direction of one that is known."""
    return name.startswith(MARK) and name[len(MARK) :] in known


def varying(nodes: Iterable[syntax.Node | None]) -> tuple[str, ...]:
    """The names of which a differential stands in the sides of a statement; one alone on its side if there are no others."""
    sides = [node for node in nodes if node is not None]
    alone: dict[str, None] = {}
    beside: dict[str, None] = {}
    for side in sides:
        for part in syntax.walk(side):
            if isinstance(part, syntax.Differential) and (name := name_of(part.operand)):
                (alone if part is side else beside)[name] = None
    return tuple(beside or alone)


def held(node: syntax.Node, shapes: Shaping) -> set[str]:
    """The names of vectors and matrices below a differential that do not vary, and that nothing declares constant."""
    names = {part.text for part in syntax.walk(node) if isinstance(part, syntax.Name)}
    shaped = {name for name in names if shapes.table.is_family(base_name(name)[0])}
    return {base_name(name)[0] for name in shaped - set(shapes.varying)} - shapes.table.constants


def name_of(node: syntax.Node) -> str:
    """The name that a node is, with or without indices; "" for any other."""
    name = node.name if isinstance(node, syntax.Subscripted) else node
    return name.text if isinstance(name, syntax.Name) else ""


def stands_in(row: Sequence[Token], table: SymbolTable) -> bool:
    r"""Whether the differential of a vector or a matrix stands in a row, outside of all braces and of quotients."""
    if table.is_value(SIGN) or table.is_function(SIGN) or any(token.text.startswith("\\int") for token in row):
        return False
    depth = 0
    for at, token in enumerate(row):
        depth += (token.kind == "lbrace") - (token.kind == "rbrace")
        if depth or token.text != SIGN or token.kind not in ("letter", "roman") or at + 1 >= len(row):
            continue
        touches = token.kind == "roman" or token.end == row[at + 1].start
        if touches and _is_shaped(row, at + 1, table) and not any(each.text == "/" for each in row[at + 2 : at + 4]):
            return True
    return False


def _is_shaped(row: Sequence[Token], at: int, table: SymbolTable) -> bool:
    """Whether a name stands here that is known as a vector or a matrix, in bold type or not."""
    accented = row[at].text in ACCENTS
    if accented:
        at += 1 + (at + 1 < len(row) and row[at + 1].kind == "lbrace")
    if at >= len(row) or not (row[at].kind in ("letter", "roman") or row[at].text in LETTERS):
        return False
    name = row[at].text
    return accented or (table.is_family(name) and name not in table.scalars)
