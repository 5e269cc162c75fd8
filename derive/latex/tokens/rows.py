r"""Rows of a formula: ``aligned``, ``align``, ``split``, ``gather``, ``eqnarray`` and loose ``\\`` breaks.

A break inside braces, brackets or a matrix is none; a row that starts with + or ends with an operator goes on with the
expression of the row before it. Alignment marks fall away, or separate statements in a row of several columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.terms.reasons import Why, because

_ROWED = frozenset(
    {
        "aligned",
        "align",
        "alignat",
        "alignedat",
        "split",
        "gather",
        "gathered",
        "eqnarray",
        "equation",
        "multline",
        "flalign",
        "displaymath",
        "math",
        "multlined",
        "IEEEeqnarray",
        "IEEEeqnarraybox",
        "empheq",
        "dmath",
        "dgroup",
        "xalignat",
        "xxalignat",
        "subequations",
    }
)
_JOINING_COMMANDS = ("\\cdot", "\\times", "\\pm", "\\mp", "\\div")
_UP = {"lbrace": 1, "begin": 1, "rbrace": -1, "end": -1}


@dataclass(frozen=True)
class Row:
    """The tokens of a row, without alignment marks, and where the row starts in the text."""

    tokens: tuple[Token, ...]
    start: int


def rows(tokens: Sequence[Token]) -> tuple[Row, ...]:
    """The rows of a formula; raises :class:`Unread` for braces or environments that do not match."""
    _check(tokens)
    kept = _without_frames(_unwrapped(tuple(tokens)))
    return _joined(_split(kept))


def _check(tokens: Sequence[Token]) -> None:
    """Braces and environments match."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind in ("lbrace", "begin"):
            opened.append(token)
        elif token.kind in ("rbrace", "end"):
            if not opened:
                raise Unread(because(Why.CLOSES_NOTHING), token.start, token.end)
            last = opened.pop()
            if (last.kind == "lbrace") != (token.kind == "rbrace") or (token.kind == "end" and last.text != token.text):
                raise Unread(
                    because(Why.CLOSES_ANOTHER),
                    token.start,
                    token.end,
                    "}" if last.kind == "lbrace" else f"\\end{{{last.text}}}",
                )
    if opened:
        last = opened[-1]
        raise Unread(because(Why.NEVER_CLOSED), last.start, last.end, "}" if last.kind == "lbrace" else "\\end")


def _unwrapped(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without braces around everything."""
    while len(tokens) > 1 and tokens[0].kind == "lbrace":
        depth, closed = 0, 0
        for position, token in enumerate(tokens):
            depth += (token.kind == "lbrace") - (token.kind == "rbrace")
            if depth == 0:
                closed = position
                break
        if closed != len(tokens) - 1:
            break
        tokens = tokens[1:-1]
    return tokens


def _without_frames(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Without the frames of environments that hold rows and stand in nothing else."""
    if tokens and tokens[0].kind == "begin" and tokens[0].text == "array" and _is_rowed_array(tokens):
        tokens = (replace(tokens[0], text="aligned"), *tokens[1:])
    found: list[Token] = []
    depth, frames = 0, 0
    for token in tokens:
        if depth == 0 and token.kind == "begin" and token.text in _ROWED:
            frames += 1
            continue
        if depth == 0 and token.kind == "end" and frames and (token.text in _ROWED or token.text == "array"):
            frames -= 1
            continue
        depth += _UP.get(token.kind, 0) + (token.kind == "open") - (token.kind == "close")
        depth = max(depth, 0)
        found.append(token)
    return tuple(found)


def _is_rowed_array(tokens: tuple[Token, ...]) -> bool:
    return any(
        a.kind == "amp" and b.kind == "relation" or a.kind == "relation" and b.kind == "amp"
        for a, b in zip(tokens, tokens[1:], strict=False)
    )


def _split(tokens: tuple[Token, ...]) -> list[Row]:
    """Split at the breaks that stand in nothing; brackets count only if they match in the whole."""
    brackets = sum((t.kind == "open") - (t.kind == "close") for t in tokens) == 0
    found: list[Row] = []
    depth = 0
    current: list[Token] = []
    for token in tokens:
        depth += _UP.get(token.kind, 0)
        if brackets:
            depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "row" and depth == 0:
            found.append(_row(current))
            current = []
        else:
            current.append(token)
    found.append(_row(current))
    return [row for row in found if row.tokens]


def _row(tokens: list[Token]) -> Row:
    start = tokens[0].start if tokens else 0
    return Row(_aligned(tokens), start)


def _aligned(tokens: list[Token]) -> tuple[Token, ...]:
    """Without alignment marks; one between two complete parts becomes a gap."""
    found: list[Token] = []
    depth = 0
    for position, token in enumerate(tokens):
        depth += _UP.get(token.kind, 0)
        if token.kind == "row" and depth == 0:  # a break inside brackets
            continue
        if token.kind != "amp" or depth > 0:
            found.append(token)
            continue
        following = next((t for t in tokens[position + 1 :] if t.kind != "amp"), None)
        if found and following is not None and not _joins(found[-1]) and not _joins(following):
            found.append(replace(token, kind="gap"))
    return tuple(found)


def _joins(token: Token) -> bool:
    """Whether an expression or a chain goes on beside `token`."""
    return token.kind == "relation" or (token.kind == "op" and token.text in "+-*/") or token.text in _JOINING_COMMANDS


def _joined(found: list[Row]) -> tuple[Row, ...]:
    """Rows that go on with the expression before them become part of its row."""
    result: list[Row] = []
    for row in found:
        first = next((t for t in row.tokens if t.kind != "gap"), None)
        if result and first is not None and _goes_on(result[-1], row, first):
            before = result[-1]
            result[-1] = Row((*before.tokens, *(t for t in row.tokens if t.kind != "gap")), before.start)
        else:
            result.append(row)
    return tuple(result)


def _goes_on(before: Row, row: Row, first: Token) -> bool:
    last = next((t for t in reversed(before.tokens) if t.kind != "gap"), None)
    if last is not None and _joins(last):
        return True
    if first.kind == "relation" or not _joins(first):
        return False
    depth, has_relation = 0, False
    for token in row.tokens:
        depth += _UP.get(token.kind, 0) + (token.kind == "open") - (token.kind == "close")
        has_relation = has_relation or (token.kind == "relation" and depth == 0)
    return first.text != "-" or not has_relation
