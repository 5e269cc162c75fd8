r"""The letters that are no indices in a part of a document, whatever they are elsewhere: derivatives are taken of them.

``\frac{\partial f}{\partial a}`` shows that neither f nor a counts anything there, though ``v_{ab}`` and ``H_f`` stand
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from derive.latex.symbols.table import DEFAULT_INDICES
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind, limits


def differentiated(formulas: Iterable[Cut]) -> frozenset[str]:
    """The letters of which, or by which, `formulas` take a derivative, and that count nothing in them.

    A letter counts where a sum binds it, and below a name beside another letter or with something added; i, j, k, l, m do
    by custom.
    """
    found: set[str] = set()
    counting: set[str] = set(DEFAULT_INDICES)
    for formula in formulas:
        row = formula.tokens
        counting |= {limit.index for limit in limits(row)}
        for at, token in enumerate(row):
            if token.kind == "sub":
                counting |= _counting(row, at)
            elif (letter := _differentiated(row, at)) is not None:
                found.add(letter)
    return frozenset(found - counting)


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
