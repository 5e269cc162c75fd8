r"""Values of functions that a document gives by an expression between vectors: ``R(\theta)``, ``f(A x + b)``.

Where the value is a vector or a matrix, or an argument is no name, the expression stands for the value, its parameters
replaced by the arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from derive.latex.grammar.syntax import Call, Derivative, Entry, IntegralOver, LimitAt, Name, Node, Subscripted, SumOver, walk
from derive.latex.symbols.table import Body, SymbolTable


def value_of(call: Call, table: SymbolTable) -> Node:
    """The expression that the value of a function is; the value itself where none stands for it."""
    body = body_of(call.name.text, table)
    if body is None or not isinstance(body.value, Node) or len(body.parameters) != len(call.arguments):
        return call
    names = sorted(argument.text for argument in call.arguments if isinstance(argument, Name))
    if call.order:
        return _slope(call, body, call.arguments[0])
    if not body.shaped and names == sorted(body.parameters):
        return call
    put = dict(zip(body.parameters, call.arguments, strict=True))
    bound = {name for part in walk(body.value) for name in _bound_by(part)}
    inside = {part.text for argument in call.arguments for part in walk(argument) if isinstance(part, Name)}
    if bound & (inside | set(put)):
        return call
    return _substituted(body.value, put, call.start, call.end)


def _slope(call: Call, body: Body, argument: Node) -> Node:
    """``g'(t)`` of a function of one number at a name; the value itself for any other."""
    if not body.shaped or len(body.parameters) != 1 or not isinstance(argument, Name) or not isinstance(body.value, Node):
        return call
    value = _substituted(body.value, {body.parameters[0]: argument}, call.start, call.end)
    return Derivative(call.start, call.end, value, ((argument, call.order),), "d")


def alone(name: Name, table: SymbolTable) -> Node:
    """The name of a function without arguments, which stands for its value at its parameters."""
    body = body_of(name.text, table)
    if body is None or not isinstance(body.value, Node) or not body.shaped:
        return name
    return _substituted(body.value, {}, name.start, name.end)


def body_of(name: str, table: SymbolTable) -> Body | None:
    """What a table knows of the values of a function."""
    return next((body for known, body in table.bodies if known == name), None)


def _bound_by(node: Node) -> tuple[str, ...]:
    match node:
        case SumOver():
            return tuple(condition.name for condition in node.conditions)
        case IntegralOver() | LimitAt():
            return (node.variable,)
    return ()


def _substituted(node: Node, put: Mapping[str, Node], start: int, end: int) -> Node:
    """The tree with arguments for parameters, all of it at one place."""
    if isinstance(node, Name):
        found = put.get(node.text, node)
        return found if found is not node else replace(node, start=start, end=end)
    if isinstance(node, Subscripted) and (argument := put.get(node.name.text)) is not None:
        indices = tuple(_substituted(index, put, start, end) for index in node.indices)
        if isinstance(argument, Name):
            return Subscripted(start, end, argument, indices)
        return Entry(start, end, argument, indices)

    def inside(value: object) -> object:
        if isinstance(value, Node):
            return _substituted(value, put, start, end)
        return tuple(map(inside, value)) if isinstance(value, tuple) else value

    values: dict[str, Any] = {each.name: inside(getattr(node, each.name)) for each in fields(node)}
    return type(node)(**{**values, "start": start, "end": end})
