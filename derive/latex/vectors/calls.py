"""The shapes of values of functions: operators by name, functions of each entry, and those that nothing explains."""

from __future__ import annotations

from typing import Protocol

from derive.latex.grammar import syntax
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.vocabulary import BOLD
from derive.latex.vectors import operators
from derive.latex.vectors.shape import SCALAR, Shape, Shaping
from derive.terms.reasons import Why, because


class Calling(Shaping, Protocol):
    """A statement's shapes, with the functions of which a choice says what their values are."""

    numbers: list[syntax.Name]
    pointed: list[syntax.Name]


def shape(shapes: Calling, node: syntax.Call) -> Shape:
    """The shape of a value; raises :class:`Unread` where nothing tells it."""
    found = [shapes.of(argument) for argument in node.arguments]
    vectors = [each for each in found if not each.is_scalar]
    table, text = shapes.table, node.name.text
    if any(mark in text for mark in BOLD):
        raise Unread(because(Why.VECTOR_VALUES), node.start, node.end)
    if (known := operator(shapes, node)) is not None:
        made = known.shape(found[0], shapes.lengths)
        if made is None:
            raise Unread(because(Why.FUNCTION_OF_SHAPE, shape=str(found[0])), node.start, node.end, known.takes)
        return made
    if any(name == text and body.shaped for name, body in table.bodies):
        raise Unread(because(Why.VECTOR_VALUES), node.start, node.end)
    if not vectors:
        return SCALAR
    pointwise = table.takes_scalar(text) or text in table.pointwise
    if len(found) == 1 and pointwise and not table.is_family(text):
        return found[0]
    names = sorted(a.text for a in node.arguments if isinstance(a, syntax.Name))
    if any(name == text and sorted(places) == names for name, places in table.defined):
        return SCALAR  # as L(\\mathbf z) = .. says, unless its right side is none
    if text in table.pointed and len(found) == 1:
        shapes.pointed.append(node.name)
        return found[0]
    if (rank := rank_of(shapes, node)) and _passes_whole(shapes, node):
        return Shape(shapes.lengths.fresh(), shapes.lengths.fresh() if rank > 1 else None)
    if not any(name == text for name, _ in table.defined) and _passes_whole(shapes, node):
        shapes.numbers.append(node.name)
        return SCALAR
    raise Unread(
        because(Why.FUNCTION_OF_SHAPE, shape=str(vectors[0])),
        node.start,
        node.end,
        f"{shapes.written(node.name)}(x) defined for a scalar x, or entries with indices",
    )


def rank_of(shapes: Shaping, node: syntax.Call) -> int:
    """How many places the values have of a function that nothing explains; 0 for one with numbers for values."""
    return next((rank for name, rank in shapes.table.ranked if name == node.name.text), 0)


def _passes_whole(shapes: Shaping, node: syntax.Call) -> bool:
    """Whether the arguments are scalars and vectors by their names, numbered or not, and nothing is differentiated."""
    names = (argument for argument in node.arguments if not shapes.of(argument).is_scalar)
    return not node.order and all(isinstance(argument, syntax.Name | syntax.Subscripted) for argument in names)


def operator(shapes: Shaping, node: syntax.Call) -> operators.Operator | None:
    """The operator that a call is by its name, where the document makes nothing else of that name."""
    table, text = shapes.table, node.name.text
    own = text in table.declared | table.functions or any(name == text for name, _ in table.defined)
    return None if own or node.order or len(node.arguments) != 1 else operators.by_word().get(text)
