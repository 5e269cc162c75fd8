r"""Sums and products over an index: ``\sum_{j \ne i}``, ``\prod_{k=1}^{n}``.

A sum takes the product after it, with its leading minus, and stops at + and −.
"""

from __future__ import annotations

from derive.latex.grammar import binding, brackets, names
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Name, Node, Number, Subscripted, SumCondition, SumOver, walk
from derive.latex.tokens.errors import Unread
from derive.terms.reasons import Why, because
from derive.terms.relations import KEYS


def sum_over(parser: Cursor) -> Node:
    """A sum or a product with its condition, its upper limit and its body."""
    parser.deeper()
    sign = parser.take()
    start = sign.start
    conditions: tuple[SumCondition, ...] = ()
    high = None
    while parser.peek().kind in ("sub", "sup"):
        mark = parser.take()
        if mark.kind == "sub":
            conditions += _below(parser)
        else:
            high = parser.argument()
    if not parser.sign_here() and not parser.factor_starts():
        raise parser.surprise("what is summed")
    sign_end = parser.last_end()
    if sign.text == "\\prod":
        if not conditions:
            raise Unread(because(Why.SUM_WITHOUT_INDEX), start, sign_end, "\\prod_{k}")
        body = binding.factors(parser, frozenset(condition.name for condition in conditions))
        parser.depth -= 1
        return SumOver(start, body.end, conditions, high, body, multiplied=True)
    body = parser.signed_product()
    parser.depth -= 1
    if not conditions:
        conditions = (_only_index(parser, body, start, sign_end),)
    return SumOver(start, body.end, conditions, high, body)


def _only_index(parser: Cursor, body: Node, start: int, end: int) -> SumCondition:
    r"""The index of ``\sum y_k x_k``: the one letter that stands below the names of the summand."""
    letters = {
        index.text for node in walk(body) if isinstance(node, Subscripted) for index in node.indices if isinstance(index, Name)
    }
    counting = {letter for _, letter in parser.table.steps}
    letters -= counting | {letter.upper() for letter in counting}  # the L of a^L_i
    plain = all(
        isinstance(index, (Name, Number)) for node in walk(body) if isinstance(node, Subscripted) for index in node.indices
    )
    inner = any(isinstance(node, SumOver) for node in walk(body))
    if len(letters) != 1 or not plain or inner or not parser.table.is_index(next(iter(letters))):
        raise Unread(because(Why.SUM_WITHOUT_INDEX), start, end, "\\sum_{k}")
    letter = letters.pop()
    parser.note(f"the sum without an index runs over {letter}")
    return SumCondition(start, end, letter, "", None)


def _below(parser: Cursor) -> tuple[SumCondition, ...]:
    token = parser.peek()
    if token.kind != "lbrace":
        if token.kind != "letter":
            raise parser.surprise("an index")
        parser.take()
        return (SumCondition(token.start, token.end, token.text, "", None),)
    parser.take()
    if parser.peek().text == "\\substack":
        raise parser.surprise("an index")
    found = [_condition(parser)]
    while parser.peek().kind == "comma":
        parser.take()
        found.append(_condition(parser))
    parser.expect("rbrace")
    return tuple(found)


def _condition(parser: Cursor) -> SumCondition:
    start = parser.peek().start
    if parser.peek().kind == "number":  # 1 \le i \le n
        low = parser.expression()
        first = parser.expect("relation")
        named = names.name(parser)
        second = parser.expect("relation")
        if first.text != "<=" or second.text not in ("<=", "<") or not isinstance(named, Name):
            raise Unread(because(Why.SUM_CONDITION), start, parser.last_end())
        raise Unread(because(Why.SUM_LIMITS), low.start, parser.last_end())
    named = names.name(parser)
    if not isinstance(named, Name):
        raise Unread(because(Why.SUM_INDEX), named.start, named.end, "a letter")
    token = parser.peek()
    if token.kind != "relation":
        return SumCondition(start, parser.last_end(), named.text, "", None)
    parser.take()
    if token.text not in (*KEYS, "in"):
        raise Unread(because(Why.SUM_CONDITION), token.start, token.end, "=, \\ne, < or \\in")
    other = brackets.membership(parser) if token.text == "in" else parser.expression()
    return SumCondition(start, parser.last_end(), named.text, token.text, other)
