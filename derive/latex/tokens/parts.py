r"""What shows of a row of tokens before anything is known of its names: groups, heads with what hangs on them, limits.

Whether ``f(x)`` is a value or a product, and whether a superscript is a power, stays open here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import ACCENTS, LETTERS


def kind(row: Sequence[Token], at: int) -> str:
    """The kind of the token at a place, "stop" where there is none."""
    return row[at].kind if 0 <= at < len(row) else "stop"


def group(row: Sequence[Token], at: int) -> tuple[Sequence[Token], int]:
    """The tokens of a braced group or of one token at `at`, and the position after them."""
    if kind(row, at) != "lbrace":
        return row[at : at + 1], at + 1
    depth = 0
    for position in range(at, len(row)):
        depth += (row[position].kind == "lbrace") - (row[position].kind == "rbrace")
        if depth == 0:
            return row[at + 1 : position], position + 1
    return row[at + 1 :], len(row)


def shifted(above: Sequence[Token]) -> bool:
    """Whether it is a letter, or a letter with a number added or subtracted."""
    if not above or above[0].kind != "letter":
        return False
    return len(above) == 1 or len(above) == 3 and above[1].text in ("+", "-") and above[2].kind == "number"


def labelled(inside: Sequence[Token]) -> str:
    r"""The name of a letter with a number or a letter below it, as it stands above a sum: ``n_{1}``; "" for anything else."""
    if len(inside) < 3 or inside[0].kind != "letter" or inside[1].kind != "sub":
        return ""
    below, after = group(inside, 2)
    whole = after == len(inside) and len(below) == 1 and below[0].kind in ("letter", "number")
    return f"{inside[0].text}_{{{below[0].text}}}" if whole else ""


def runs(row: Sequence[Token]) -> list[tuple[int, int]]:
    """The runs of letters that touch each other: position and length."""
    found, at = [], 0
    while at < len(row):
        length = 0
        while (
            at + length < len(row)
            and row[at + length].kind == "letter"
            and (length == 0 or row[at + length].start == row[at + length - 1].end)
        ):
            length += 1
        if length > 1:
            found.append((at, length))
        at += max(length, 1)
    return found


def heads(row: Sequence[Token], names: frozenset[str]) -> dict[int, tuple[str, int]]:
    """The names in a row: position to spelling and the position after it."""
    found: dict[int, tuple[str, int]] = {}
    at = 0
    while at < len(row):
        token = row[at]
        if token.kind == "letter":
            best = 1
            for length in range(2, 24):
                if kind(row, at + length - 1) != "letter" or row[at + length - 1].start != row[at + length - 2].end:
                    break
                if "".join(t.text for t in row[at : at + length]) in names:
                    best = length
            found[at] = ("".join(t.text for t in row[at : at + best]), at + best)
            at += best
            continue
        if token.kind == "roman" or (token.kind == "command" and token.text in LETTERS):
            found[at] = (token.text, at + 1)
        elif token.kind == "command" and token.text in ACCENTS:
            braced = kind(row, at + 1) == "lbrace"
            inner = at + 2 if braced else at + 1
            end = inner + 2 if braced else inner + 1
            if kind(row, inner) in ("letter", "roman", "command") and (not braced or kind(row, inner + 1) == "rbrace"):
                found[at] = (f"{token.text}{{{row[inner].text}}}", end)
                at = end
                continue
        at += 1
    return found


def letters(inside: Sequence[Token]) -> tuple[str, ...]:
    """The letters of a subscript, place by place; "" for a number or an expression."""
    if not any(token.kind == "comma" for token in inside):
        alone = all(token.kind == "letter" for token in inside)
        return tuple(token.text for token in inside) if alone else ("",)
    places: list[list[str]] = [[]]
    for token in inside:
        if token.kind == "comma":
            places.append([])
        else:
            places[-1].append(token.text if token.kind == "letter" else "")
    return tuple(place[0] if len(place) == 1 else "" for place in places)


def of_a_sum(row: Sequence[Token], at: int) -> bool:
    """Whether the superscript at `at` stands behind the subscript of a sum."""
    return any(
        token.text in ("\\sum", "\\prod") and kind(row, place + 1) == "sub" and group(row, place + 2)[1] == at
        for place, token in enumerate(row[:at])
    )


@dataclass(frozen=True)
class Limits:
    r"""The sum ``\sum_{index = low}^{high}``; `low` and `high` are the tokens there, `high` is None if none is written.

    ``\sum_k^C`` begins at 1.
    """

    index: str
    low: Sequence[Token]
    high: Sequence[Token] | None


def limits(row: Sequence[Token]) -> Iterator[Limits]:
    """The sums and products of a row whose index begins at a limit, in whichever order the limits are written."""
    for at, token in enumerate(row):
        if token.text not in ("\\sum", "\\prod"):
            continue
        scripts: dict[str, Sequence[Token]] = {}
        after = at + 1
        while (script := kind(row, after)) in ("sub", "sup") and script not in scripts:
            scripts[script], after = group(row, after + 1)
        below, above = scripts.get("sub", ()), scripts.get("sup")
        if len(below) > 1 and below[0].kind == "letter" and below[1].text == "=":
            yield Limits(below[0].text, below[2:], above)
        elif len(below) == 1 and below[0].kind == "letter" and above is not None:
            one = Token("number", "1", below[0].end, below[0].end)
            yield Limits(below[0].text, (one,), above)


def members(row: Sequence[Token], names: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names with a subscript, and its letters place by place ("" for what is no letter)."""
    for name, after in heads(row, names).values():
        if kind(row, after) == "sub":
            yield name, letters(group(row, after + 1)[0])
