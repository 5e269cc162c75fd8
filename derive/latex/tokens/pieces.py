"""The pieces of a row: the sides between relations, and the equations between arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.tokens.remarks import DEPTH
from derive.latex.tokens.vocabulary import LETTERS
from derive.terms.relations import IMPLICATIONS

ARROWS = frozenset({"\\to", "\\rightarrow", "\\longrightarrow", "\\Rightarrow", "\\implies", "\\Longrightarrow"})
"""What leads from an equation to what follows from it."""

_ORDERED = frozenset({"=", ":=", "<", ">", "<=", ">="})


@dataclass(frozen=True)
class Side:
    """The tokens of one side of a chain; `hole` marks ``?``, possibly with the answer that the text expects."""

    tokens: tuple[Token, ...]
    row_start: int
    hole: bool = False

    @property
    def start(self) -> int:
        return self.tokens[0].start if self.tokens else self.row_start

    @property
    def end(self) -> int:
        return max((token.end for token in self.tokens), default=self.row_start)


def trimmed(tokens: list[Token]) -> list[Token]:
    """Without punctuation at the ends."""

    def mark(token: Token) -> bool:
        return token.kind in ("gap", "comma") or (token.kind == "op" and token.text in (".", ":"))

    start, end = 0, len(tokens)
    while start < end and mark(tokens[start]):
        start += 1
    while end > start and mark(tokens[end - 1]):
        end -= 1
    return tokens[start:end]


def implied(piece: list[Token]) -> tuple[list[list[Token]], list[Token]]:
    """The equations between arrows, ``f = x^2 \\to f' = 2x``, and these; the piece as a whole where something else stands
    there."""
    parts: list[list[Token]] = [[]]
    arrows: list[Token] = []
    depth = 0
    for token in piece:
        depth += DEPTH.get(token.kind, 0)
        if token.kind == "relation" and depth == 0 and token.text in ARROWS:
            parts.append([])
            arrows.append(token)
        else:
            parts[-1].append(token)
    found = [_unbraced(trimmed(part)) for part in parts]
    strong = any(token.text in IMPLICATIONS for token in piece)
    whole = all(_equates(part, _ORDERED) if strong else _equates(part) for part in found)
    if strong and not whole:  # \left. x, w \right\} \implies z = w x: what is named before or behind an equation
        equations = [_equates(part, _ORDERED) for part in found]
        whole = any(equations) and all(
            ok or part and not sides_of(part, 0)[1] for ok, part in zip(equations, found, strict=True)
        )
    return (found, arrows) if whole else ([piece], [])


def _unbraced(part: list[Token]) -> list[Token]:
    r"""What stands in a pair of braces around an equation, ``{z = w x} \implies {a = f(z)}``; anything else as it is."""
    if not part or part[0].kind != "lbrace" or part[-1].kind != "rbrace" or group(part, 0)[1] != len(part):
        return part
    inside = trimmed(part[1:-1])
    return inside if _equates(inside, _ORDERED) else part


def conditions_below(piece: list[Token]) -> tuple[list[Token], list[list[Token]]]:
    r"""The piece with the place alone for a condition on it, ``z_{r \ne q}``, and these conditions."""
    found: list[list[Token]] = []
    kept: list[Token] = []
    at = 0
    while at < len(piece):
        inside, after = group(piece, at + 1) if piece[at].kind == "sub" and kind(piece, at + 1) == "lbrace" else ((), at + 1)
        named = at > 0 and (piece[at - 1].kind in ("letter", "roman", "rbrace", "prime") or piece[at - 1].text in LETTERS)
        condition = [token.kind for token in inside] == ["letter", "relation", "letter"] and inside[1].text in ("=", "!=")
        if named and condition:
            kept += [piece[at], piece[at + 1], inside[0], piece[after - 1]]
            found.append(list(inside))
        else:
            kept += piece[at:after]
        at = after
    return kept, found


def leads(piece: list[Token]) -> bool:
    """Whether an arrow at the beginning leads to an equation."""
    return piece[0].text in ARROWS and _equates(trimmed(piece[1:]))


def _equates(part: list[Token], signs: frozenset[str] = frozenset({"=", ":="})) -> bool:
    """Whether sides stand there with equals signs, or others of `signs`, between them, and no arrow among them."""
    sides, relations = sides_of(part, 0)
    return bool(relations) and all(each.text in signs for each in relations) and all(side.tokens for side in sides)


def sides_of(piece: list[Token], row_start: int) -> tuple[tuple[Side, ...], tuple[Token, ...]]:
    sides: list[list[Token]] = [[]]
    relations: list[Token] = []
    depth = 0
    for at, token in enumerate(piece):
        depth += DEPTH.get(token.kind, 0)
        if token.kind == "relation" and depth == 0 and not spans_numbers(piece, at):
            relations.append(token)
            sides.append([])
        else:
            sides[-1].append(token)
    return tuple(_side(side, row_start) for side in sides), tuple(relations)


def spans_numbers(piece: Sequence[Token], at: int) -> bool:
    r"""Whether a mark stands between two numbers and says from which to which: ``1 \sim 5``."""
    return piece[at].text == "\\sim" and kind(piece, at - 1) == kind(piece, at + 1) == "number"


def _side(tokens: list[Token], row_start: int) -> Side:
    """A side; ``?(应该为 x)`` is a hole whose expected answer is x."""
    if len(tokens) > 1 and tokens[0].text == "?" and tokens[1].kind == "expected":
        return Side(tuple(tokens[2:]), row_start, hole=True)
    if len(tokens) == 1 and tokens[0].text == "?" and tokens[0].kind == "op":
        return Side(tuple(tokens), row_start, hole=True)
    return Side(tuple(tokens), row_start)
