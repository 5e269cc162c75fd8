r"""What binds a name besides a sum: ``\prod_k a_k``, ``\int_0^1 f(x) \, dx``, ``\lim_{h \to 0} \frac{..}{h}``.

A product takes in the factor behind its sign and those that follow as long as they speak of its index:
``\prod_k x_k \sum_j y_j`` is a product times a sum. An integral takes in all up to its differential, a limit the product
behind it.
"""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Infinite, IntegralOver, LimitAt, Mul, Name, Node, Number, SumOver, children
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import LETTERS
from derive.terms.reasons import Why, because

_ARROWS = ("\\to", "\\rightarrow")
_UP = {"lbrace": 1, "begin": 1, "open": 1, "rbrace": -1, "end": -1, "close": -1}


def factors(parser: Cursor, names: frozenset[str]) -> Node:
    """The factors of a product over `names`."""
    found, signs = [parser.factor()], []
    while True:
        at, tokens, depth = parser.at, parser.tokens, parser.depth
        token = parser.peek()
        sign = parser.times.get(token.text, "") if token.kind in ("command", "op") else ""
        if sign:
            parser.take()
        if not parser.factor_starts():
            parser.tokens, parser.at = tokens, at
            break
        node = parser.factor()
        if not _speaks_of(node, names):
            parser.tokens, parser.at, parser.depth = tokens, at, depth
            break
        found.append(node)
        signs.append(sign)
    return found[0] if len(found) == 1 else Mul(found[0].start, found[-1].end, tuple(found), tuple(signs))


def _speaks_of(node: Node, names: frozenset[str]) -> bool:
    """Whether one of the names stands free in it."""
    if isinstance(node, SumOver):
        names = names - {condition.name for condition in node.conditions}
    if isinstance(node, Name):
        return node.text in names
    return any(_speaks_of(child, names) for child in children(node))


def integral(parser: Cursor) -> Node:
    """An integral with both of its ends."""
    parser.deeper()
    sign = parser.take()
    ends: dict[str, Node] = {}
    while parser.peek().kind in ("sub", "sup"):
        mark = parser.take()
        ends[mark.kind] = _end(parser)
    if set(ends) != {"sub", "sup"}:
        raise Unread(because(Why.INTEGRAL), sign.start, sign.end, "\\int_a^b")
    at, variable = _differential(parser, sign)
    inside = parser.tokens[parser.at : at]
    body: Node = Number(sign.start, sign.end, "1")
    if inside:
        whole = type(parser)(inside, parser.source, parser.table, parser.plain, parser.vectors)
        whole.depth = parser.depth
        body = whole.expression()
        if whole.peek().kind != "stop":
            raise whole.surprise("an operator or a differential")
        parser.notes += [note for note in whole.notes if note not in parser.notes]
        parser.choices += [choice for choice in whole.choices if choice not in parser.choices]
    parser.at = at + 2
    parser.depth -= 1
    return IntegralOver(sign.start, parser.last_end(), variable, ends["sub"], ends["sup"], body)


def _end(parser: Cursor) -> Node:
    """An end of an integral, which may be infinite."""
    at = parser.at
    braced = parser.peek().kind == "lbrace"
    if braced:
        parser.take()
    signs = parser.take().text if parser.peek().text in ("+", "-") else ""
    token = parser.peek()
    if token.text == "\\infty":
        parser.take()
        if braced:
            parser.expect("rbrace")
        return Infinite(token.start, token.end, -1 if signs == "-" else 1)
    parser.at = at
    return parser.argument()


def _endless(parser: Cursor) -> Node | None:
    """An infinite point that ends its group; None, with nothing taken, for any other."""
    signed = parser.peek().text in ("+", "-")
    if parser.peek(signed).text != "\\infty" or parser.peek(1 + signed).kind != "rbrace":
        return None
    first = parser.take()
    last = parser.take() if signed else first
    return Infinite(first.start, last.end, -1 if first.text == "-" else 1)


def _differential(parser: Cursor, sign: Token) -> tuple[int, str]:
    """Where the d of the integral's differential stands, and the name behind it."""
    depth = 0
    inner = 0
    for at in range(parser.at, len(parser.tokens) - 1):
        token, after = parser.tokens[at], parser.tokens[at + 1]
        depth += _UP.get(token.kind, 0)
        if depth < 0:
            break
        inner += token.text == "\\int"
        named = after.kind == "letter" or after.kind == "command" and after.text in LETTERS
        if depth == 0 and token.text == "d" and token.kind in ("letter", "roman") and named:
            if not inner:
                return at, after.text
            inner -= 1
    raise Unread(because(Why.INTEGRAL), sign.start, sign.end, "dx")


def limit(parser: Cursor) -> Node:
    """A limit at a point or at infinity, at which side is written."""
    parser.deeper()
    sign = parser.take()
    if parser.peek().kind != "sub" or parser.peek(1).kind != "lbrace":
        raise Unread(because(Why.LIMIT), sign.start, sign.end, "\\lim_{h \\to 0}")
    parser.take()
    parser.take()
    name = parser.take()
    arrow = parser.take()
    named = name.kind == "letter" or name.text in LETTERS
    if not named or arrow.text not in _ARROWS:
        raise Unread(because(Why.LIMIT), sign.start, arrow.end, "\\lim_{h \\to 0}")
    point = _endless(parser) or parser.expression()
    if parser.peek().kind != "rbrace":
        raise Unread(because(Why.LIMIT), sign.start, parser.peek().end, "\\lim_{h \\to 0}")
    parser.take()
    body = parser.signed_product()
    parser.depth -= 1
    return LimitAt(sign.start, body.end, name.text, point, body)
