r"""What relations that are no claims give their left side: its next value (``w \leftarrow w - g``), its law (``x \sim N``)."""

from __future__ import annotations

from sympy import Expr, Indexed, Symbol

from derive.judge.verdict import Kind, Verdict
from derive.narrative.roles.heads import mentions
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.relations import BY_KEY
from derive.terms.terms import Call


def given_by(relation: str, left: Expr | None, right: Expr | None) -> Verdict | None:
    """How ``left relation right`` is taken up, by the relation's row; None if it is not, and stays unread.

    A law is taken up whatever its right side says, for nothing rests on it; a next value only if that was read.
    """
    row = BY_KEY.get(relation)
    if row is None or not row.given or not isinstance(left, (Symbol, Indexed, Call)):
        return None
    name = name_of(left)
    if row.given == "law":
        return Verdict(Kind.ASSUMPTION, because(Why.LAW_OF_CHANCE, name=name))
    if right is None or row.given == "next if named" and not mentions(right, name):
        return None
    return Verdict(Kind.DEFINITION, because(Why.UPDATE, name=name))
