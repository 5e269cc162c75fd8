r"""The larger and the smaller of two numbers, ``\max(a, b)``; of vectors of each of their entries."""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Abs, Add, Extreme, Frac, Neg, Node, Number

_CLOSING = {"(": ")", "[": "]", "\\{": "\\}"}
EXTREMES = ("\\max", "\\min")


def extreme(parser: Cursor) -> Node:
    r"""``\max(a, b)`` and ``\min\{a, b\}`` of two numbers; all else is not read."""
    head = parser.peek()
    unread = parser.surprise()
    parser.take()
    mark = parser.peek()
    if mark.kind != "open" or mark.text not in _CLOSING:
        raise unread
    parser.take()
    bars, parser.bars = parser.bars, 0
    first = parser.expression()
    if parser.peek().kind != "comma":
        raise unread
    parser.take()
    second = parser.expression()
    parser.bars = bars
    closing = parser.peek()
    if closing.kind != "close" or closing.text != _CLOSING[mark.text]:
        raise unread
    parser.take()
    return Extreme(head.start, closing.end, first, second, head.text == "\\max")


def expanded(node: Extreme) -> Node:
    """Half of a + b + |a - b|, or of a + b - |a - b|."""
    at = node.start, node.end
    apart = Abs(*at, Add(*at, (node.first, Neg(node.second.start, node.second.end, node.second))))
    distance: Node = apart if node.larger else Neg(*at, apart)
    return Frac(*at, Add(*at, (node.first, node.second, distance)), Number(*at, "2"))
