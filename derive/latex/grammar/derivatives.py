r"""Derivatives: ``\frac{dE}{da_i}``, ``\frac{\partial^2 f}{\partial x \partial y}``, ``\frac{d}{dx} f``,
``\partial_x f``, ``dy/dx``, ``\nabla_z L`` (where vectors are read).

An operator without a numerator takes the bracket that follows it, or else the factors that stand side by side after it.
"""

from __future__ import annotations

from derive.latex.grammar import functions
from derive.latex.grammar.choices import Open
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.gradients import takes_scalar, varied
from derive.latex.grammar.syntax import (
    Apply,
    Call,
    Derivative,
    Differential,
    Frac,
    Mul,
    Name,
    Node,
    Number,
    Power,
    Subscripted,
    VectorLit,
)
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.vocabulary import ACCENTS, FUNCTIONS, LETTERS
from derive.terms.reasons import Why, because


def derivative(parser: Cursor) -> Node | None:
    """The derivative that starts here; None, with nothing taken, if none does."""
    token = parser.peek()
    if token.text == "\\frac" and token.kind == "command":
        return _fraction(parser)
    if style := _operator_here(parser):
        return _operator(parser, style)
    if token.text == "\\partial" and token.kind == "command":
        return _partial(parser)
    if token.text == "\\nabla" and parser.peek(1).kind == "sub":
        return _gradient(parser) if parser.vectors else None
    if token.text == "\\nabla":
        return _by_arguments(parser)
    if token.text == "d" and token.kind in ("letter", "roman") and not _named(parser, parser.at):
        found = _slashed(parser)
        return found if found is not None or not parser.vectors else _differential(parser)
    return None


def _differential(parser: Cursor) -> Node | None:
    """``d(A X)``, ``d \\ln X``; None where d is a name, or a function of several arguments."""
    following = parser.peek(1)
    opens = following.kind == "open" and following.text == "("
    function = following.text in FUNCTIONS or following.kind == "roman" or following.text in ("\\det", "\\|")
    taken = parser.table.is_value("d") or parser.table.is_function("d")
    if taken or not (opens or function) or opens and any(token.kind == "comma" for token in functions.inside(parser, 1)):
        return None
    start = parser.take().start
    operand = parser.atom() if opens else parser.factor()
    return _turned(parser, Differential(start, parser.last_end(), operand))


def _turned(parser: Cursor, node: Node) -> Node:
    """A differential, transposed where that stands behind it; of any other power nothing says what it belongs to."""
    if parser.peek().kind != "sup":
        return node
    if not functions.transposes(parser, 1):
        raise Unread(because(Why.LONE_DIFFERENTIAL), node.start, parser.peek().end, "brackets")
    return parser.postfix(node)


def _operator_here(parser: Cursor) -> str:
    """The style of ``d/dx`` or ``∂/∂x``, an operator that is written with a slash; "" where none stands."""
    style = _style(parser, parser.at)
    slash, second, variable = parser.peek(1), parser.peek(2), parser.peek(3)
    touching = parser.peek().end == slash.start and slash.end == second.start
    if (
        not style
        or slash.text != "/"
        or not touching
        or _style(parser, parser.at + 2) != style
        or parser.table.is_value("d")
        and style == "d"
        or style == "d"
        and second.end != variable.start
    ):
        return ""
    return style if _names_next(parser, 3) else ""


def _operator(parser: Cursor, style: str) -> Node:
    start = parser.peek().start
    parser.at += 2
    variables = _after_slash(parser, 1)
    operand = _operand(parser)
    parser.note(f"{parser.source[start : variables[0][0].end]} applies to {parser.written(operand)}")
    return Derivative(start, operand.end, operand, variables, style)


def _named(parser: Cursor, at: int) -> bool:
    """Whether the letters at `at` are a name that the document defines, as in ``dz = a - y``."""
    pair = parser.tokens[at : at + 2]
    return (
        len(pair) == 2
        and pair[0].kind == pair[1].kind == "letter"
        and pair[0].end == pair[1].start
        and pair[0].text + pair[1].text in parser.table.names
    )


def _style(parser: Cursor, at: int) -> str:
    token = parser.tokens[at] if at < len(parser.tokens) else parser.stop
    if token.text == "d" and token.kind in ("letter", "roman"):
        following = parser.tokens[at + 1] if at + 1 < len(parser.tokens) else parser.stop
        return "" if following.kind == "sub" else "d"
    return "∂" if token.kind == "command" and token.text == "\\partial" else ""


def _matching(parser: Cursor, at: int) -> int:
    """The position after the group in braces that starts at `at`."""
    depth = 0
    for position in range(at, len(parser.tokens)):
        depth += (parser.tokens[position].kind == "lbrace") - (parser.tokens[position].kind == "rbrace")
        if depth == 0:
            return position + 1
    brace = parser.tokens[at]
    raise Unread(because(Why.OPEN_BRACE), brace.start, brace.end, "}")


def _fraction(parser: Cursor) -> Node | None:
    top = parser.at + 1
    if parser.peek(1).kind != "lbrace":
        return None
    bottom = _matching(parser, top)
    if bottom >= len(parser.tokens) or parser.tokens[bottom].kind != "lbrace":
        return None
    above, below = _style(parser, top + 1), _style(parser, bottom + 1)
    variable = parser.tokens[bottom + 2] if bottom + 2 < len(parser.tokens) else parser.stop
    if not above or not below or variable.kind in ("rbrace", "op", "comma"):
        return None
    start = parser.peek().start
    if _named(parser, top + 1) and _named(parser, bottom + 1):
        raise Unread(
            because(Why.DIFFERENTIAL_OR_NAME),
            start,
            parser.tokens[_matching(parser, bottom) - 1].end,
            "\\frac{\\mathrm{d}y}{\\mathrm{d}x} for a derivative",
        )
    if above != below:
        raise Unread(because(Why.MIXED_DERIVATIVE), start, parser.tokens[_matching(parser, bottom) - 1].end)
    parser.at = top + 2
    order = _order(parser)
    operand = None
    if parser.peek().kind != "rbrace":
        if parser.peek().text in FUNCTIONS and parser.peek(1).kind == "rbrace":
            return _of_bare_function(parser, start, below, order)
        if parser.peek().text in ("+", "-"):
            parser.note("the numerator of a derivative after d is read as one expression")
        operand = parser.expression()
    parser.expect("rbrace")
    parser.expect("lbrace")
    variables = _variables(parser, below, order)
    parser.expect("rbrace")
    _check_orders(order, variables, start, parser.last_end())
    if operand is None:
        operand = _operand(parser)
        return Derivative(start, operand.end, operand, variables, below)
    end = parser.last_end()
    if (there := _at_its_variable(parser, operand, variables)) is not None:
        return parser.postfix(Derivative(start, parser.last_end(), there, variables, below))
    if parser.peek().text == "(" and functions.is_lone(functions.inside(parser)):
        raise Unread(because(Why.DERIVATIVE_AT_POINT), start, parser.peek().end, "f'(x), or \\cdot for a product")
    return parser.postfix(Derivative(start, end, operand, variables, below))


def _of_bare_function(parser: Cursor, start: int, style: str, order: int) -> Node:
    r"""``\\frac{d \\tanh}{dz}``: the function at the variable."""
    head = parser.take()
    parser.expect("rbrace")
    parser.expect("lbrace")
    variables = _variables(parser, style, order)
    parser.expect("rbrace")
    _check_orders(order, variables, start, parser.last_end())
    applied = Apply(head.start, head.end, head.text, variables[0][0], None)
    return parser.postfix(Derivative(start, parser.last_end(), applied, variables, style))


def _at_its_variable(parser: Cursor, operand: Node | None, variables: tuple[tuple[Node, int], ...]) -> Node | None:
    r"""f(x) for ``\frac{df}{dx}(x)``, the derivative where it is taken anyway; None, with nothing taken, for all else."""
    variable = variables[0][0]
    inside = functions.inside(parser) if parser.peek().text == "(" else []
    if not isinstance(operand, Name) or not isinstance(variable, Name) or len(variables) != 1:
        return None
    if [token.text for token in inside] != [parser.written(variable)] or parser.table.is_value(operand.text):
        return None
    parser.expect("open", "(")
    parser.factor()
    parser.expect("close", ")")
    return Call(operand.start, operand.end, operand, (variable,), 0)


def _order(parser: Cursor) -> int:
    """The order that ``d^2`` names, else 1."""
    if parser.peek().kind != "sup":
        return 1
    mark = parser.take()
    exponent = parser.argument()
    if not isinstance(exponent, Number) or not exponent.text.isdigit() or not 1 <= int(exponent.text[:4]) <= 9:
        raise Unread(because(Why.DERIVATIVE_ORDER), mark.start, parser.last_end(), "a digit")
    return int(exponent.text)


def _variables(parser: Cursor, style: str, order: int) -> tuple[tuple[Node, int], ...]:
    """``d x``, ``\\partial x^2``, ``\\partial x \\partial y``; in a first derivative ``x^2`` is a variable of its
    own."""
    found: list[tuple[Node, int]] = []
    while parser.peek().kind != "rbrace":
        if not _style(parser, parser.at):
            raise parser.surprise(style)
        parser.take()
        variable = parser.factor()
        while parser.factor_starts() and not _style(parser, parser.at):
            variable = Mul(variable.start, parser.peek().end, (variable, parser.factor()), ("",))
        power = 1
        if order > 1 and isinstance(variable, Power) and isinstance(variable.exponent, Number):
            power, variable = int(variable.exponent.text[:4]), variable.base
        found.append((variable, power))
        if len(found) > 9:
            raise parser.surprise("at most nine variables")
    return tuple(found)


def _check_orders(order: int, variables: tuple[tuple[Node, int], ...], start: int, end: int) -> None:
    total = sum(power for _, power in variables)
    if total != order:
        raise Unread(because(Why.UNEQUAL_ORDERS, above=order, below=total), start, end)


def _operand(parser: Cursor) -> Node:
    """What ``\\frac{d}{dx}`` applies to."""
    token = parser.peek()
    if not parser.factor_starts():
        raise parser.surprise("what the derivative is taken of")
    if token.kind == "open":
        first = parser.postfix(parser.atom())
        if not parser.factor_starts():
            return first
        factors = [first]
        while parser.peek().kind == "open":
            factors.append(parser.postfix(parser.atom()))
        if parser.factor_starts():
            raise Unread(
                because(Why.DERIVATIVE_OF_PRODUCT), token.start, parser.peek().end, "brackets around all of it, or \\cdot"
            )
        product = Mul(first.start, factors[-1].end, tuple(factors), ("",) * (len(factors) - 1))
        parser.note(f"the derivative applies to all of {parser.written(product)}")
        return product
    factors = [parser.factor()]
    while parser.factor_starts():
        factors.append(parser.factor())
    if len(factors) == 1:
        return factors[0]
    product = Mul(factors[0].start, factors[-1].end, tuple(factors), ("",) * (len(factors) - 1))
    parser.note(f"the derivative applies to all of {parser.written(product)}")
    return product


def _partial(parser: Cursor) -> Node:
    r"""``\partial_x f`` and ``\partial f / \partial x``."""
    mark = parser.take()
    if parser.peek().kind == "sub":
        parser.take()
        variable = parser.argument()
        operand = _operand(parser)
        return Derivative(mark.start, operand.end, operand, ((variable, 1),), "∂")
    order = _order(parser)
    operand = parser.factor()
    slash = parser.peek()
    if slash.text != "/" or not _style(parser, parser.at + 1):
        raise Unread(because(Why.LONE_PARTIAL), mark.start, mark.end, "\\frac{\\partial f}{\\partial x}")
    parser.take()
    variables = _after_slash(parser, order)
    _check_orders(order, variables, mark.start, parser.last_end())
    return Derivative(mark.start, parser.last_end(), operand, variables, "∂")


def _gradient(parser: Cursor) -> Node:
    r"""``\nabla_z L``, ``\nabla_z^2 L``: one factor after it, or a number times one.

    Of more factors the shapes may tell that only all of them together have a gradient, as of ``x^\top A x``; a sum behind them
    could belong to them too.
    """
    mark = parser.take()
    parser.take()
    variable = parser.argument()
    order = _order(parser)
    bracketed = parser.peek().kind == "open"
    operand = _operand(parser)
    several = not bracketed and isinstance(operand, Mul) and not all(is_numeral(factor) for factor in operand.factors[:-1])
    if several and (not parser.vectors or parser.peek().text in ("+", "-")):
        raise Unread(because(Why.NABLA_REACH), mark.start, operand.end, "brackets")
    return Derivative(mark.start, operand.end, operand, ((variable, order),), "∇", several)


def _by_arguments(parser: Cursor) -> Node | None:
    r"""``\nabla f(w)``, ``\nabla f``: by all that the function is given with; None where that is not seen."""
    begin, kept = parser.at, (list(parser.notes), list(parser.choices))
    mark = parser.take()
    order = _order(parser)
    operand = parser.factor() if parser.factor_starts() and parser.peek().kind != "open" else None
    variables = varied(parser, operand)
    if operand is None or not variables or order > 1 and len(variables) > 1:
        parser.at = begin
        parser.notes, parser.choices = kept
        return None
    end = parser.last_end()
    parser.note(f"{parser.written(operand)} is differentiated by all its arguments")
    if len(variables) == 1 and not parser.vectors and not takes_scalar(parser, operand):
        parser.choose(Open.VALUE, "number", variables[0])  # whoever writes ∇ has a vector in mind
    if len(variables) == 1 and isinstance(operand, Call) and isinstance(variables[0], Subscripted):
        return Call(mark.start, end, operand.name, operand.arguments, order)
    if len(variables) == 1:
        return Derivative(mark.start, end, operand, ((variables[0], order),), "∇" if parser.vectors else "∂")
    return VectorLit(mark.start, end, tuple(Derivative(mark.start, end, operand, ((v, 1),), "∂") for v in variables))


def is_numeral(node: Node) -> bool:
    """Whether a node is a number, or a fraction of numbers."""
    if isinstance(node, Frac):
        return is_numeral(node.numerator) and is_numeral(node.denominator)
    return isinstance(node, Number)


def _after_slash(parser: Cursor, order: int) -> tuple[tuple[Node, int], ...]:
    found: list[tuple[Node, int]] = []
    while _style(parser, parser.at) and sum(power for _, power in found) < order:
        parser.take()
        variable, power = parser.factor(), 1
        if order > 1 and isinstance(variable, Power) and isinstance(variable.exponent, Number):
            power, variable = int(variable.exponent.text[:4]), variable.base
        found.append((variable, power))
    return tuple(found)


def _slashed(parser: Cursor) -> Node | None:
    """``dy/dx``: both letters d touch what follows them."""
    begin, notes = parser.at, list(parser.notes)
    if parser.peek().end != parser.peek(1).start or not _names_next(parser, 1):
        return None
    found = _quotient(parser, begin, notes)
    if found is None and parser.vectors and not parser.table.is_value("d") and parser.peek(1).kind != "roman":
        start, operand = parser.take().start, parser.atom()
        return _turned(parser, Differential(start, parser.last_end(), operand))
    if found is None and not parser.table.is_value("d"):
        raise Unread(
            because(Why.LONE_DIFFERENTIAL), parser.peek().start, parser.peek(1).end, "\\frac{d}{dx}, or \\cdot for a product"
        )
    return found


def _quotient(parser: Cursor, begin: int, notes: list[str]) -> Node | None:
    ahead = 1
    while parser.peek(ahead).kind in ("letter", "roman", "sub", "number", "lbrace", "rbrace", "comma") or (
        parser.peek(ahead).kind == "command" and _names_next(parser, ahead)
    ):
        ahead += 1
    slash = parser.peek(ahead)
    second = parser.peek(ahead + 1)
    touches = second.end == parser.peek(ahead + 2).start and _names_next(parser, ahead + 2)
    if slash.text != "/" or second.text != "d" or not touches:
        return None
    start = parser.take().start
    operand = parser.factor()
    if parser.peek() is not slash:
        parser.at, parser.notes = begin, notes
        return None
    parser.take()
    variables = _after_slash(parser, 1)
    parser.note(f"{parser.source[start : parser.last_end()]} is read as a derivative")
    return Derivative(start, parser.last_end(), operand, variables, "d")


def _names_next(parser: Cursor, ahead: int) -> bool:
    token = parser.peek(ahead)
    return token.kind in ("letter", "roman") or token.text in LETTERS or token.text in ACCENTS
