r"""The functions of which a document gives the values by an expression between vectors, ``R(\theta) = \begin{pmatrix} .. ``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from derive.latex.grammar import syntax
from derive.latex.grammar.expressions import Parser
from derive.latex.grammar.valued import body_of
from derive.latex.symbols.table import Body, SymbolTable
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import heads, kind
from derive.latex.tokens.statements import RawStatement
from derive.latex.vectors.shapes import Shapes

EQUAL = ("=", ":=")


def with_bodies(table: SymbolTable, found: Iterable[tuple[str, RawStatement]]) -> SymbolTable:
    """The table with the functions that statements define at names, each of which is a vector or has such a value."""
    for text, raw in found:
        name, parameters = defined_at(raw, table)
        if not name or name in table.scalars or (name, parameters) not in table.defined:
            continue
        known = body_of(name, table)
        if known is not None and known.value is None:
            continue
        body = _body(table, text, raw, parameters)
        if body is None or known is not None and _text(known) == _text(body):
            continue
        body = body if known is None else replace(known, value=None)
        table = replace(table, bodies=(*(pair for pair in table.bodies if pair[0] != name), (name, body)))
    return table


def defined_at(raw: RawStatement, table: SymbolTable) -> tuple[str, tuple[str, ...]]:
    """The name of the function that a statement gives at names, and these; "" for any other statement."""
    if len(raw.sides) != 2 or not raw.relations or raw.relations[0].text not in EQUAL or raw.blocked or raw.sides[1].hole:
        return "", ()
    return _head(raw.sides[0].tokens, table)


def _head(row: Sequence[Token], table: SymbolTable) -> tuple[str, tuple[str, ...]]:
    shown = heads(row, table.names)
    name, at = shown.get(0, ("", 0))
    if not name or kind(row, at) != "open" or row[at].text != "(":
        return "", ()
    parameters = []
    at += 1
    while at in shown:
        parameter, at = shown[at]
        parameters.append(parameter)
        if kind(row, at) == "close" and at == len(row) - 1 and len(set(parameters)) == len(parameters):
            return name, tuple(parameters)
        if kind(row, at) != "comma":
            break
        at += 1
    return "", ()


def _body(table: SymbolTable, text: str, raw: RawStatement, parameters: tuple[str, ...]) -> Body | None:
    """What the right side is, if it is between vectors."""
    try:
        value = Parser(raw.sides[1].tokens, text, table, vectors=True).whole()
        shapes = Shapes(table, text)
        shape = shapes.of(value)
    except Unread:
        return None
    shaped = not shape.is_scalar
    if not shaped and not any(shapes.is_vector(parameter) for parameter in parameters):
        return None
    return Body(parameters, value, shaped)


def _text(body: Body) -> str:
    """A body without its places."""
    return f"{body.parameters} {_shown(body.value)}"


def _shown(node: object) -> str:
    if isinstance(node, tuple):
        return f"({', '.join(map(_shown, node))})"
    if not isinstance(node, syntax.Node):
        return repr(node)
    values = (getattr(node, each.name) for each in fields(node) if each.name not in ("start", "end"))
    return f"{type(node).__name__}({', '.join(map(_shown, values))})"
