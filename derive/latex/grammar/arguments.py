r"""Arguments that can be nothing else: ``h_\theta(x)``, ``f_i(x, y)``, ``p(y \mid x)``, ``P(Y = k \mid x)``.

Such a call is one of a function by its pattern: ``P(Y = k | x)`` is the function P(Y = · | ·) at k and x, ``P(Y = 1 | x)``
one of x alone, so that what is given of one says nothing of another. A subscript is an argument too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.latex.grammar import dots
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Call, Name, Node, Number, Subscripted
from derive.latex.tokens.lexer import Token

BARS = ("|", "\\mid")


@dataclass(frozen=True)
class Piece:
    """One argument between its marks: the name before its equals sign, if it has one, and the `mark` behind it."""

    event: str
    mark: str


def pieces(held: Sequence[Token], source: str) -> tuple[Piece, ...] | None:
    """The arguments in a bracket with a bar of condition or with events in it; None where it has neither."""
    marks = [token for token, depth in _depths(held) if depth == 0]
    bars = [token for token in marks if token.text in BARS and token.kind in ("op", "command")]
    equations = [token for token in marks if token.kind == "relation"]
    if len(bars) > 1 or not (bars or equations) or any(token.text != "=" for token in equations):
        return None
    found: list[Piece] = []
    row: list[Token] = []
    for token, depth in (*_depths(held), (None, 0)):
        if token is not None and not (depth == 0 and (token in bars or token.kind == "comma")):
            row.append(token)
            continue
        at = next((p for p, each in enumerate(row) if each in equations), -1)
        if not row or at == 0 or at == len(row) - 1 or sum(each in equations for each in row) > 1:
            return None
        event = source[row[0].start : row[at].start].strip() if at > 0 else ""
        found.append(Piece(event, "" if token is None else "|" if token in bars else ","))
        row = []
    return tuple(found)


def one_bar(parser: Cursor, ahead: int) -> None:
    r"""Puts one bar for the two of ``D(p || q)``, ``D(p \| q)`` in the bracket that opens `ahead` tokens from here."""
    begin = parser.at + ahead
    depth, found = 0, []
    for at in range(begin, len(parser.tokens)):
        token = parser.tokens[at]
        depth += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if depth == 0:
            break
        if depth == 1 and token.text in ("|", "\\mid", *_DOUBLE):
            found.append(at)
    rest = list(parser.tokens)
    if len(found) == 1 and rest[found[0]].text in _DOUBLE:
        rest[found[0]] = replace(rest[found[0]], kind="op", text="|")
    elif len(found) == 2 and found[1] == found[0] + 1 and rest[found[0]].end == rest[found[1]].start:
        rest[found[0] : found[1] + 1] = [replace(rest[found[0]], end=rest[found[1]].end)]
    else:
        return
    if begin + 1 < found[0] and rest[found[0] + 1].kind != "close":
        parser.tokens = rest


_DOUBLE = ("\\|", "\\parallel", "\\Vert")


def is_shaped(name: str) -> bool:
    """Whether it is the name of a function by its pattern: a law that obeys more than is said of it.

    >>> is_shaped("p[·|·]"), is_shaped("p")
    (True, False)
    """
    return name.endswith("]") and "·" in name


def letter_of(name: str) -> str:
    """The name without its pattern: laws of one letter belong together.

    >>> letter_of("p[·|·]"), letter_of("p")
    ('p', 'p')
    """
    return name[: name.index("[")] if is_shaped(name) else name


def _depths(row: Sequence[Token]) -> list[tuple[Token, int]]:
    found, depth = [], 0
    for token in row:
        depth -= token.kind in ("close", "rbrace")
        found.append((token, depth))
        depth += token.kind in ("open", "lbrace")
    return found


def is_worded(name: str) -> bool:
    """Whether it is the name of a number by its pattern, ``P[weather=rain]``, of which more may be known than is said.

    >>> is_worded("P[weather=rain]"), is_worded("p[·|·]"), is_worded("p")
    (True, False, False)
    """
    return name.endswith("]") and "[" in name and "·" not in name and "\\" not in name.partition("[")[2]


def _word(parser: Cursor) -> str:
    """The words that stand here up to the end of an argument, "" where something else does."""
    token, following = parser.peek(), parser.peek(1)
    ends = following.kind in ("close", "comma") or following.text in BARS
    return token.text if token.kind in ("words", "text") and ends else ""


def shaped_call(parser: Cursor, name: Name | Subscripted, shape: Sequence[Piece] | None) -> Call | Name:
    """The call of `name` whose bracket opens here; `shape` are its pieces if it has a bar or events.

    What is written in words is a part of the name; a name alone is left where nothing else stands in the bracket.
    """
    plain = name if isinstance(name, Name) else name.name
    below = name.indices if isinstance(name, Subscripted) else ()
    numbers = all(isinstance(each, Number) for each in below)
    text = plain.text
    if below:
        text += f"_{{{','.join(each.text if isinstance(each, Number) else '·' for each in below)}}}"
    arguments: list[Node] = [each for each in below if not (numbers and isinstance(each, Number))]
    parser.expect("open", "(")
    parser.bars += 1
    if shape is None:
        arguments.append(parser.expression())
        while parser.peek().kind == "comma":
            parser.take()
            arguments.append(parser.expression())
    else:
        slots = ""
        for piece in shape:
            while piece.event and parser.take().kind != "relation":
                pass
            if word := _word(parser):
                parser.take()
                slots += (f"{piece.event}=" if piece.event else "") + word + piece.mark
                if piece.mark:
                    parser.take()
                continue
            argument = parser.expression()
            fixed = bool(piece.event) and isinstance(argument, Number)
            arguments += () if fixed else (argument,)
            slots += f"{piece.event}=" if piece.event else ""
            slots += (argument.text if isinstance(argument, Number) and fixed else "·") + piece.mark
            if piece.mark:
                parser.take()
        text += f"[{slots}]"
    text, arguments = dots.of_several(text, arguments), dots.gathered(arguments)
    parser.bars -= 1
    parser.expect("close", ")")
    if not arguments and is_worded(text):
        return Name(name.start, parser.last_end(), text)
    if not arguments:
        raise parser.surprise("an argument")
    return Call(name.start, parser.last_end(), Name(plain.start, plain.end, text), tuple(arguments), 0)
