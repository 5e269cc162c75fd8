r"""Whether what is written has the shape that is claimed of it: ``\frac{\partial J}{\partial \mathbf h} \in \mathbb R^h``."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Integer

from derive.latex.grammar.expressions import Parser
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.vectors.shape import lengths_clash, shape_of
from derive.latex.vectors.shapes import Shapes
from derive.terms import terms
from derive.terms.context import Range
from derive.terms.reasons import Why, because


def lengths_in(row: Sequence[Token]) -> tuple[Expr, ...]:
    r"""The lengths in ``\mathbb R^{n \times d}``, each a letter or a number; none where one is anything else."""
    at = next((at for at, token in enumerate(row) if token.kind == "sup"), len(row))
    parts: list[list[Token]] = [[]]
    for token in group(row, at + 1)[0]:
        if token.text == "\\times":
            parts.append([])
        else:
            parts[-1].append(token)
    found = [_length(part) for part in parts]
    read = tuple(length for length in found if length is not None)
    return read if len(read) == len(found) else ()


def _length(part: Sequence[Token]) -> Expr | None:
    if len(part) == 1 and part[0].kind == "number" and part[0].text.isdigit():
        return Integer(int(part[0].text))
    if not part or part[0].kind != "letter" or len(part) > 1 and (kind(part, 1) != "sub" or group(part, 2)[1] != len(part)):
        return None
    below = "".join(token.text for token in group(part, 2)[0]) if len(part) > 1 else ""
    return terms.size(f"{part[0].text}_{{{below}}}" if below else part[0].text)


def claimed(left: Sequence[Token], right: Sequence[Token], source: str, table: SymbolTable) -> tuple[tuple[Expr, Expr], ...]:
    """The lengths of what stands on the left, each with the one that is claimed of it; none where they do not fit.

    Raises:
        Unread: where the left side has no shape, or one that differs from the space.
    """
    lengths = lengths_in(right)
    if not 1 <= len(lengths) <= 2:
        return ()
    node, shapes = Parser(tuple(left), source, table, vectors=True).whole(), Shapes(table, source)
    shape = shapes.of(node)
    space = shape_of([Range(Integer(1), length) for length in lengths])
    if shape != space and shapes.is_declared(node) and lengths_clash(shape, space):
        reason = because(Why.UNLIKE_SHAPES, common=str(shape), shape=str(space))
        raise Unread(reason, node.start, node.end, str(shape), misfit=True)
    return tuple((span.high, span.high) for span in shape.spans if isinstance(span, Range)) if shape == space else ()
