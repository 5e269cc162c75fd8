r"""What stands behind a factor: powers ``x^{n}``, primes ``(uv)'``, transposes ``W^\top``."""

from __future__ import annotations

from derive.latex.grammar import functions, names, primes
from derive.latex.grammar.choices import Open
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import (
    Apply,
    Entry,
    Name,
    Neg,
    Node,
    Number,
    Power,
    Prime,
    Subscripted,
    Transpose,
    VectorLit,
)
from derive.latex.tokens.errors import Unread
from derive.terms.reasons import Why, because

MAX_STEPS = 40
MAX_PRIMES = 9


def postfix(parser: Cursor, node: Node) -> Node:
    """`node` with the powers, primes and transposes behind it."""
    for _ in range(MAX_STEPS):
        token = parser.peek()
        if token.kind == "prime" or primes.prime_superscript(parser):
            order = primes.primes(parser)
            if order > MAX_PRIMES:
                raise Unread(because(Why.TOO_MANY_PRIMES, most=MAX_PRIMES), token.start, parser.last_end())
            node = Prime(node.start, parser.last_end(), node, order)
        elif token.kind == "sup":
            node = _power(parser, node)
            _no_function_power(parser, node)
        elif token.kind == "op" and token.text == "!":
            parser.take()
            if parser.peek().kind == "op" and parser.peek().text == "!":
                raise parser.surprise()  # a double factorial
            node = Apply(node.start, token.end, "\\factorial", node, None)
        elif token.kind == "sub" and parser.vectors and _takes_entry(parser.source, node):
            indices = names.indices_here(parser)
            node = Entry(node.start, parser.last_end(), node, indices)
        elif token.kind == "sub" and isinstance(node, Name):  # (A)_{ij}
            indices = names.indices_here(parser)
            node = Subscripted(node.start, parser.last_end(), node, indices)
        elif token.kind == "sub":
            raise Unread(because(Why.SUBSCRIPT_AFTER_NAME), token.start, token.end)
        else:
            return node
    raise Unread(because(Why.NESTED_TOO_DEEPLY), parser.peek().start, parser.peek().end)


def _power(parser: Cursor, base: Node) -> Node:
    mark = parser.take()
    token = parser.peek()
    if functions.transposes(parser):
        parser.at += 3 if token.kind == "lbrace" else 1
        if isinstance(base, VectorLit) and parser.source[base.start : base.start + 1] in ("(", "["):
            return VectorLit(base.start, parser.last_end(), base.entries)  # a tuple is written as a row
        return Transpose(base.start, parser.last_end(), base)
    if parser.vectors and _is_inverse_transpose(parser):
        parser.at += 4
        one = Number(token.start, token.end, "1")
        inverse = Power(base.start, parser.last_end(), base, Neg(token.start, token.end, one))
        return Transpose(base.start, parser.last_end(), inverse)
    if isinstance(base, Power) and not _bracketed(parser.source, base):
        raise Unread(because(Why.TWO_SUPERSCRIPTS), mark.start, token.end, "braces")
    if token.kind == "lbrace" and parser.peek(1).kind == "open" and parser.peek(1).text in ("(", "["):
        held = functions.inside(parser, 1)
        if functions.is_lone(held) and parser.peek(len(held) + 3).kind == "rbrace":
            raise Unread(because(Why.INDEX_OR_POWER), mark.start, token.end)
    if parser.plain:
        exponent = _plain_exponent(parser)
    elif token.kind == "number" and len(token.text) > 1:
        raise Unread(
            because(Why.FIRST_DIGIT_RAISES, digits=token.text, first=token.text[0]),
            token.start,
            token.end,
            f"^{{{token.text}}}",
        )
    else:
        exponent = parser.argument()
    if isinstance(exponent, Name):
        parser.choose(Open.POWER, "power", exponent)
    if isinstance(base, Name) and base.text == "e" and not parser.table.e_is_declared:
        parser.choose(Open.EULER, "number", base)
    return Power(base.start, parser.last_end(), base, exponent)


def _is_inverse_transpose(parser: Cursor) -> bool:
    r"""Whether ``{-\top}`` or ``{-T}`` stands here."""
    minus, mark, end = (parser.peek(ahead) for ahead in range(1, 4))
    turned = mark.text == "\\top" or mark.text == "T" and "T" not in parser.table.sizes | parser.table.scalars
    return minus.text == "-" and turned and mark.kind in ("command", "letter", "roman") and end.kind == "rbrace"


def _takes_entry(source: str, node: Node) -> bool:
    """Whether what stands below a part is the place of an entry of it: not below a name, nor below its power."""
    return not isinstance(node, Name) and (not isinstance(node, Power) or _bracketed(source, node))


def _plain_exponent(parser: Cursor) -> Node:
    """One factor with its own subscript, call and power, as in ``e^z4``, ``e^-x``, ``2^(n+1)``."""
    token = parser.peek()
    if token.kind == "op" and token.text == "-":
        parser.take()
        operand = parser.factor()
        return Neg(token.start, operand.end, operand)
    return parser.factor()


def _no_function_power(parser: Cursor, node: Node) -> None:
    """``f^2(x)`` is no product."""
    if not isinstance(node, Power) or not isinstance(node.base, Name) or parser.peek().text != "(":
        return
    name = node.base.text
    known = parser.table.functions
    if (
        parser.table.is_function(name)
        and parser.table.variables_of(name) is None
        and (name in known or functions.is_lone(functions.inside(parser)))
    ):
        raise Unread(because(Why.POWER_OF_CALL), node.start, node.end, f"{parser.written(node.base)}(..)^..")


def _bracketed(source: str, node: Node) -> bool:
    return source[node.start : node.start + 1] in ("(", "{", "[") or source.startswith("\\left", node.start)
