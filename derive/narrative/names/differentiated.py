r"""The letters that are no indices in a part of a document, whatever they are elsewhere: derivatives are taken of them, or
functions defined at them.

``\frac{\partial f}{\partial a}`` shows that neither f nor a counts anything there, though ``v_{ab}`` and ``H_f`` stand
elsewhere; so does ``s(a) = a^2`` of an a that stands below nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.latex.symbols.table import DEFAULT_INDICES
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind, limits


def values_in(formulas: Iterable[Cut]) -> frozenset[str]:
    """The letters of which, or by which, `formulas` take a derivative, the parameters of functions, that count nothing in them.

    A letter counts where a sum binds it, and below a name beside another letter or with something added; i, j, k, l, m do
    by custom. A parameter counts below any name.
    """
    found: set[str] = set()
    parameters: set[str] = set()
    counting: set[str] = set(DEFAULT_INDICES)
    below: set[str] = set()
    for formula in formulas:
        row = formula.tokens
        counting |= {limit.index for limit in limits(row)}
        parameters |= _parameters(row)
        for at, token in enumerate(row):
            if token.kind == "sub":
                counting |= _counting(row, at)
                below |= {each.text for each in group(row, at + 1)[0]}
            elif (letter := _differentiated(row, at)) is not None:
                found.add(letter)
    return frozenset(found - counting | (parameters - counting - below))


def _parameters(row: Sequence[Token]) -> set[str]:
    """The letters with commas between them in the brackets of ``s(a, b) = ..``."""
    found: set[str] = set()
    for at, token in enumerate(row):
        if token.kind == "relation" and token.text in ("=", ":=") and kind(row, at - 1) == "close":
            begin = next((p for p in range(at - 2, -1, -1) if row[p].kind not in ("letter", "comma")), -1)
            if kind(row, begin) == "open" and row[begin].text == "(" and kind(row, begin - 1) in ("letter", "command"):
                found |= {each.text for each in row[begin + 1 : at - 1] if each.kind == "letter"}
    return found


def _counting(row: Sequence[Token], at: int) -> set[str]:
    """The letters of a subscript that stand there beside others, and the one below a sum."""
    inside = [token for token in group(row, at + 1)[0] if token.kind != "comma"]
    bound = at > 0 and row[at - 1].text in ("\\sum", "\\prod")
    return {token.text for token in inside if token.kind == "letter" and (len(inside) > 1 or bound)}


def _differentiated(row: Sequence[Token], at: int) -> str | None:
    """The letter alone behind the sign of a derivative that stands here."""
    token = row[at]
    if token.text != "\\partial" and not (token.text == "d" and kind(row, at - 1) == "lbrace"):
        return None
    after = group(row, at + 2)[1] if kind(row, at + 1) == "sup" else at + 1
    touches = token.kind == "command" or kind(row, after) != "stop" and row[after].start == row[after - 1].end
    if kind(row, after) != "letter" or not touches or kind(row, after + 1) in ("letter", "sub", "prime"):
        return None
    return row[after].text
