"""The shapes of derivatives by vectors and matrices: gradients, Jacobians in each layout, Hessians."""

from __future__ import annotations

from collections.abc import Iterable

from derive.latex.grammar import syntax
from derive.latex.grammar.derivatives import is_numeral
from derive.latex.tokens.errors import Unread
from derive.latex.vectors.bold import ONES, ZEROS, base_name
from derive.latex.vectors.shape import Shape, Shaping
from derive.terms.reasons import Why, because

LAYOUTS = ("usual", "numerator", "denominator")
"""How derivatives by vectors are laid out: usual is the gradient as a column with the Jacobian in numerator layout."""
COLUMNS = ("usual", "denominator")
"""Those in which the gradient is a column."""


def shape(shapes: Shaping, node: syntax.Derivative) -> Shape:
    """The shape of a derivative; raises :class:`Unread` where none is known for it."""
    if node.several:
        _whole(shapes, node)
    operand = shapes.of(node.operand)
    variables = [variable for variable, count in node.variables for _ in range(count)]
    found = [shapes.of(variable) for variable in variables]
    if all(shape.is_scalar for shape in found):
        _of_scalars(shapes, node, operand)
        return operand
    for variable, shape in zip(variables, found, strict=True):
        inner = variable.operand if isinstance(variable, syntax.Transpose) else variable
        named = isinstance(inner, syntax.Subscripted) or isinstance(inner, syntax.Name) and not _is_numeral(inner)
        if not named:
            raise Unread(because(Why.DERIVATIVE_BY_SHAPE, shape=str(shape)), variable.start, variable.end, "a name")
    if len(variables) == 2 and operand.is_scalar:
        columns = [shape if shape.rows is not None else shape.transposed for shape in found]
        if not any(shape.is_matrix or shape.is_scalar for shape in columns):
            return Shape(columns[0].rows, columns[1].rows)
    if len(variables) > 1:
        raise Unread(because(Why.SECOND_DERIVATIVE_BY_VECTOR), node.start, node.end, "indices")
    return laid_out(shapes, node, operand, found[0])


def _whole(shapes: Shaping, node: syntax.Derivative) -> None:
    """Raises where the first factors of a gradient's operand are a scalar without the rest, so that it may be theirs alone."""
    product = node.operand
    if not isinstance(product, syntax.Mul):
        return
    for count in range(1, len(product.factors)):
        first = product.factors[:count]
        if all(is_numeral(factor) for factor in first):
            continue
        part = first[0] if count == 1 else syntax.Mul(product.start, first[-1].end, first, product.signs[: count - 1])
        if shapes.of(part).is_scalar:
            raise Unread(because(Why.NABLA_REACH), node.start, node.end, "brackets")


def _is_numeral(node: syntax.Name) -> bool:
    return base_name(node.text)[0] in (ONES, ZEROS)


def depends(shapes: Shaping, nodes: Iterable[syntax.Node | None]) -> bool:
    """Whether what is written depends on the layout: there is a Jacobian, or a gradient in the fraction's notation."""
    parts = (part for node in nodes if node is not None for part in syntax.walk(node))
    return any(
        isinstance(part, syntax.Derivative) and part.style != "∇" and any(_is_shaped(shapes, by) for by, _ in part.variables)
        for part in parts
    )


def _is_shaped(shapes: Shaping, node: syntax.Node) -> bool:
    try:
        return not shapes.of(node).is_scalar
    except Unread:
        return False


def laid_out(shapes: Shaping, node: syntax.Derivative, operand: Shape, shape: Shape) -> Shape:
    """The shape of a gradient or of a Jacobian in the layout."""
    if operand.is_scalar:
        return shape.transposed if shapes.layout == "numerator" and node.style != "∇" else shape
    lone = operand.is_matrix or shape.is_matrix or operand.rows is None or node.style == "∇"
    if lone:
        raise Unread(
            because(Why.DERIVATIVE_OF_SHAPE, operand=str(operand), shape=str(shape)),
            node.start,
            node.end,
            "the derivative of a scalar, or entries with indices",
        )
    along = shape.rows if shape.columns is None else shape.columns
    return Shape(along, operand.rows) if transposes(shapes, shape) else Shape(operand.rows, along)


def transposes(shapes: Shaping, shape: Shape) -> bool:
    """Whether the rows of a Jacobian by a variable of this shape belong to the variable."""
    return shapes.layout == "denominator" and shape.columns is None


def _of_scalars(shapes: Shaping, node: syntax.Derivative, operand: Shape) -> None:
    """Raises where a gradient is taken of a vector, or by a name that is none."""
    if node.style == "∇" and not operand.is_scalar:
        raise Unread(because(Why.GRADIENT_OF_SHAPE, shape=str(operand)), node.start, node.end, "the gradient of a scalar")
    variable = node.variables[0][0]
    if (
        node.style == "∇"
        and not isinstance(variable, syntax.Subscripted)
        and not (isinstance(variable, syntax.Name) and variable.text in shapes.table.scalars)
    ):
        raise Unread(
            because(Why.NOT_A_VECTOR, written=shapes.written(variable)),
            variable.start,
            variable.end,
            f"a declaration of the family {shapes.written(variable)}_i",
        )


def orders(node: syntax.Call) -> list[int]:
    """How often a call is differentiated in each argument; raises where primes of several do not tell."""
    if node.order and len(node.arguments) > 1:
        raise Unread(because(Why.PRIME_OF_SEVERAL_VARIABLES), node.start, node.end, "\\frac{\\partial}{\\partial x}")
    return [node.order] + [0] * (len(node.arguments) - 1)
