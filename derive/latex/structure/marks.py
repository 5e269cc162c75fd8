r"""Faults of a row of tokens: brackets that do not match, operators without an operand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.latex.structure.finding import Fault, FaultKind
from derive.latex.tokens.lexer import Token
from derive.terms.reasons import Why, because

_CLOSES = {"lbrace": "rbrace", "begin": "end", "open": "close"}
_INFIX = frozenset({"+", "-", "/", "\\times", "\\div"})
_NEVER_FIRST = frozenset({"/", "\\times", "\\div"})
_WILD = "."
_BLANK = frozenset({"gap"})
_SQUARE = frozenset("[]")


def unmatched(tokens: Sequence[Token]) -> Iterator[Fault]:
    r"""The first bracket that nothing closes, or that closes nothing; braces of LaTeX are matched by themselves.

    Any bracket may close any other, as in ``[0, 1)``, and ``\left.`` and ``\right.`` match whatever stands on their other
    side; square brackets alone may stand the wrong way round, as in ``]0, 1[``.
    """
    for kinds in (("lbrace", "begin", "rbrace", "end"), ("open", "close")):
        row = [token for at, token in enumerate(tokens) if token.kind in kinds and not _heads_cases(tokens, at)]
        if _reversed(row):
            continue
        opened: list[Token] = []
        for token in row:
            if token.kind in _CLOSES:
                opened.append(token)
            elif opened and _CLOSES[opened[-1].kind] == token.kind:
                opened.pop()
            else:
                yield _bracket(opened[-1] if opened else token, Why.BRACKET_OPEN if opened else Why.BRACKET_CLOSES)
                return
        if opened:
            yield _bracket(opened[-1], Why.BRACKET_OPEN)
            return


def _heads_cases(tokens: Sequence[Token], at: int) -> bool:
    r"""Whether a brace stands before the rows of several cases: ``\{ \begin{matrix} ..``."""
    before = tokens[at].kind == "open" and tokens[at].text == "\\{" and at + 1 < len(tokens) and tokens[at + 1].kind == "begin"
    return before and not any(token.kind == "close" and token.text in ("\\}", _WILD) for token in tokens[at:])


def _bracket(token: Token, why: Why) -> Fault:
    return Fault(FaultKind.BRACKETS, token.start, token.end, because(why))


def _reversed(tokens: Sequence[Token]) -> bool:
    """Whether an even number of square brackets stand the wrong way round, as those of an open interval do."""
    square = sum(token.text in _SQUARE for token in tokens if token.kind in ("open", "close"))
    others = [token for token in tokens if token.kind in (*_CLOSES, *_CLOSES.values()) and token.text not in _SQUARE]
    balance = sum(1 if token.kind in _CLOSES else -1 for token in others)
    return square > 0 and square % 2 == 0 and balance == 0


def operators(tokens: Sequence[Token], at_end: bool) -> Iterator[Fault]:
    r"""Two operators in a row (``--``, ``= =``, ``+ \times``), and one with nothing behind it.

    `at_end` says whether one at the end of the formula counts: what follows the formula may go on with it.
    """
    shown = [token for token in tokens if token.kind not in _BLANK]
    depth: list[bool] = []
    for at, token in enumerate(shown):
        before, after = _at(shown, at - 1), _at(shown, at + 1)
        if token.kind in _CLOSES:
            depth.append(before is not None and before.kind in ("sub", "sup"))
        elif token.kind in _CLOSES.values() and depth:
            depth.pop()
        if not _operates(token) or (depth and depth[-1]) or before is not None and before.kind in ("sub", "sup"):
            continue
        if after is not None and _clash(token, after):
            yield Fault(FaultKind.DOUBLED_OPERATOR, token.start, after.end, because(Why.DOUBLED_OPERATOR))
        elif before is not None and _ends(before) and _dangles(token, after, at_end):
            yield Fault(FaultKind.DANGLING_OPERATOR, token.start, token.end, because(Why.DANGLING_OPERATOR))


def _dangles(token: Token, after: Token | None, at_end: bool) -> bool:
    if after is None:
        return at_end and token.kind != "relation"
    return after.kind in ("close", "rbrace") and after.text != _WILD


def _at(tokens: Sequence[Token], at: int) -> Token | None:
    return tokens[at] if 0 <= at < len(tokens) else None


def _operates(token: Token) -> bool:
    return token.kind == "relation" and token.text == "=" or token.kind in ("op", "command") and token.text in _INFIX


def _ends(token: Token) -> bool:
    """Whether an operand may end here."""
    return token.kind in ("number", "letter", "roman", "close", "rbrace", "prime")


def _clash(token: Token, after: Token) -> bool:
    touching = token.end == after.start
    if token.kind == "relation":
        return after.kind == "relation" and after.text == "=" or after.text in _NEVER_FIRST
    return (
        after.text in _NEVER_FIRST
        and after.text != token.text
        or (after.text == token.text and after.kind == token.kind and (touching or token.text in _NEVER_FIRST))
    )
