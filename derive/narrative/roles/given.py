r"""What relations that are no claims give their left side: its next value (``w \leftarrow w - g``), its law (``x \sim N``)."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Indexed, Symbol

from derive.judge.verdict import Kind, Verdict
from derive.latex.grammar.functions import is_lone
from derive.latex.tokens.lexer import Token
from derive.narrative.roles.heads import mentions
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.relations import BY_KEY
from derive.terms.terms import Call


def names_law(row: Sequence[Token]) -> bool:
    r"""Whether it is a name with a bracket behind it, as in ``\mathcal N(0, 1)``: ``n^2 / 2`` is what something grows like."""
    depth = 0
    for at in range(len(row) - 1, -1, -1):
        depth += (row[at].kind == "close") - (row[at].kind == "open")
        if depth == 0:
            return row[-1].kind == "close" and at > 0 and is_lone(list(row[:at]))
    return False


def given_by(relation: str, left: Expr | None, right: Expr | None, written: Sequence[Token]) -> Verdict | None:
    """How ``left relation right`` is taken up, by the relation's row; None if it is not, and stays unread.

    A law is taken up if its right side, with the tokens `written`, names one and its parameters, for nothing rests on it;
    a next value only if that was read.
    """
    row = BY_KEY.get(relation)
    if row is None or not row.given or not isinstance(left, (Symbol, Indexed, Call)):
        return None
    name = name_of(left)
    if row.given == "law":
        named = names_law(written) and not isinstance(left, Call)
        return Verdict(Kind.ASSUMPTION, because(Why.LAW_OF_CHANCE, name=name)) if named else None
    if right is None or row.given == "next if named" and not mentions(right, name):
        return None
    return Verdict(Kind.DEFINITION, because(Why.UPDATE, name=name))
