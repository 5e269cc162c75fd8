r"""The larger and the smaller of two numbers, ``\max(a, b)``, or of each entry of vectors; and of all members.

Of the largest member, ``\max_i z_i``, nothing is known but that it is made of the members.
"""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Abs, Add, Call, Extreme, Frac, Members, Name, Neg, Node, Number, Subscripted
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.parts import group

_CLOSING = {"(": ")", "[": "]", "\\{": "\\}"}
EXTREMES = ("\\max", "\\min")


def extreme(parser: Cursor) -> Node:
    r"""``\max(a, b)`` and ``\min\{a, b\}`` of two numbers, ``\max_i z_i`` of a family; all else is not read."""
    head = parser.peek()
    unread = parser.surprise()
    parser.take()
    return of_all(parser, head.start, head.text[1:], unread) or of_two(parser, head.start, head.text[1:], unread)


def of_all(parser: Cursor, start: int, word: str, unread: Unread) -> Node | None:
    r"""``\max_{i} z_i``, ``\max_{i=1}^n z_i`` of members without more about them; None where no index is below."""
    if parser.peek().kind != "sub":
        return None
    below, parser.at = group(parser.tokens, parser.at + 1)
    if parser.peek().kind == "sup":
        parser.at = group(parser.tokens, parser.at + 1)[1]
    if not below or below[0].kind != "letter" or len(below) > 1 and below[1].text != "=" or not parser.factor_starts():
        raise unread
    return _largest(parser.postfix(parser.atom()), below[0].text, start, word, unread)


def of_two(parser: Cursor, start: int, word: str, unread: Unread) -> Node:
    """The extreme of the two numbers in the bracket here, or of the family of the one member in it, ``max(z_i)``."""
    mark = parser.peek()
    if mark.kind != "open" or mark.text not in _CLOSING:
        raise unread
    parser.take()
    bars, parser.bars = parser.bars, 0
    first = parser.expression()
    alone = parser.peek().kind == "close"
    if not alone and parser.peek().kind != "comma":
        raise unread
    second = first if alone else _behind(parser)
    parser.bars = bars
    closing = parser.peek()
    if closing.kind != "close" or closing.text != _CLOSING[mark.text]:
        raise unread
    parser.take()
    if alone:
        letters = [index.text for index in first.indices if isinstance(index, Name)] if isinstance(first, Subscripted) else []
        return _largest(first, "".join(letters), start, word, unread)
    return Extreme(start, closing.end, first, second, word == "max")


def _behind(parser: Cursor) -> Node:
    parser.take()
    return parser.expression()


def _largest(member: Node, letter: str, start: int, word: str, unread: Unread) -> Node:
    if not isinstance(member, Subscripted) or [i.text for i in member.indices if isinstance(i, Name)] != [letter]:
        raise unread
    if len(member.indices) > 1:
        raise unread
    whole = Members(member.name.start, member.name.end, member.name.text)
    return Call(start, member.end, Name(start, start + len(word), word), (whole,), 0)


def expanded(node: Extreme) -> Node:
    """Half of a + b + |a - b|, or of a + b - |a - b|."""
    at = node.start, node.end
    apart = Abs(*at, Add(*at, (node.first, Neg(node.second.start, node.second.end, node.second))))
    distance: Node = apart if node.larger else Neg(*at, apart)
    return Frac(*at, Add(*at, (node.first, node.second, distance)), Number(*at, "2"))
