r"""The larger and the smaller of two numbers: ``\max(a, b)`` is half of a + b + |a - b|."""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Abs, Add, Frac, Neg, Node, Number

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
    start, end = head.start, closing.end
    apart = Abs(start, end, Add(start, end, (first, Neg(second.start, second.end, second))))
    distance: Node = apart if head.text == "\\max" else Neg(start, end, apart)
    return Frac(start, end, Add(start, end, (first, second, distance)), Number(start, end, "2"))
