r"""Expectations: ``\mathbb{E}_{y \sim p}[\ln p_y]``, ``\mathbb{E}[X]``, ``\operatorname{Var}(X)``, and covariances."""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Expectation, Moment, Node
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import LETTERS
from derive.terms.reasons import Why, because

_LETTERS = {"E": Moment.MEAN, "V": Moment.VARIANCE}
_WORDS = {
    "E": Moment.MEAN,
    "Var": Moment.VARIANCE,
    "var": Moment.VARIANCE,
    "Cov": Moment.COVARIANCE,
    "cov": Moment.COVARIANCE,
}
_CLOSING = {"(": ")", "[": "]", "\\{": "\\}"}


def expectation(parser: Cursor) -> Node | None:
    """What is expected, or how it varies; None where none stands here."""
    head = parser.peek()
    ahead, moment = _head(parser)
    if moment is None:
        return None
    after = parser.peek(ahead)
    variables: tuple[str, ...] = ()
    law = ""
    if after.kind == "sub":
        below, ahead = _below(parser, ahead + 1)
        variables, law = _law(below, after)
    mark = parser.peek(ahead)
    if mark.kind != "open" or mark.text not in _CLOSING:
        return None
    parser.at += ahead + 1
    bars, parser.bars = parser.bars, 0
    bodies = [parser.expression()]
    while parser.peek().kind == "comma":
        parser.take()
        bodies.append(parser.expression())
    parser.bars = bars
    parser.expect("close", _CLOSING[mark.text])
    if len(bodies) > (2 if moment is Moment.COVARIANCE else 1):
        raise Unread(because(Why.BLACKBOARD_LETTER), head.start, parser.last_end(), "one argument")
    return Expectation(head.start, parser.last_end(), moment, variables, law, tuple(bodies))


def _head(parser: Cursor) -> tuple[int, Moment | None]:
    """How many tokens name the operator, and which it is."""
    token = parser.peek()
    if token.text == "\\mathbb":
        braced = parser.peek(1).kind == "lbrace"
        return (4, _LETTERS.get(parser.peek(2).text)) if braced else (2, _LETTERS.get(parser.peek(1).text))
    own = parser.table.declared | (parser.table.functions if len(token.text) == 1 else frozenset())
    return 1, _WORDS.get(token.text) if token.kind == "roman" and token.text not in own else None


def _below(parser: Cursor, ahead: int) -> tuple[list[Token], int]:
    """The tokens of the subscript that begins so far ahead, and how far behind it the next one is."""
    if parser.peek(ahead).kind != "lbrace":
        return [parser.peek(ahead)], ahead + 1
    found, depth = [], 0
    while parser.peek(ahead).kind != "stop":
        token = parser.peek(ahead)
        depth += (token.kind == "lbrace") - (token.kind == "rbrace")
        ahead += 1
        if depth == 0:
            break
        found.append(token)
    return found[1:], ahead


def _law(below: list[Token], mark: Token) -> tuple[tuple[str, ...], str]:
    """The variable and its distribution in ``y \\sim p``; a lone letter is either."""
    if below and all(_is_name(token) for token in below[:1]):
        if len(below) == 1:
            return (), below[0].text  # the variable, if it stands in what is expected
        if len(below) == 3 and below[1].text == "\\sim" and _is_name(below[2]):
            return (below[0].text,), below[2].text
    end = below[-1].end if below else mark.end
    raise Unread(because(Why.BLACKBOARD_LETTER), mark.start, end, "\\mathbb{E}_{y \\sim p}")


def _is_name(token: Token) -> bool:
    return token.kind == "letter" or token.kind == "command" and token.text in LETTERS
