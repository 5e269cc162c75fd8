"""Lemmas: the derivatives that a term asks for, and what a lemma that is known says of one."""

from __future__ import annotations

from sympy import Expr

from derive.normal.matching import match
from derive.normal.unfold import is_nameable
from derive.prover.parts import parts
from derive.terms.terms import Call, Partial


def derivatives_in(term: Expr) -> set[Expr]:
    """The derivatives in `term` that are not inside another one."""
    if isinstance(term, Partial) or isinstance(term, Call) and any(term.orders):
        return {term}
    found: set[Expr] = set()
    for part in parts(term):
        found |= derivatives_in(part)
    return found


def instance_of(goal: Expr, head: Expr) -> dict[Expr, Expr] | None:
    """The values of the indices in a lemma's goal at which it speaks of `head`; None if it does not."""
    if type(goal) is not type(head):
        return None
    if isinstance(goal, Call) and isinstance(head, Call):
        return match(goal, head) if goal.name == head.name and goal.orders == head.orders else None
    if not isinstance(goal, Partial) or not is_nameable(goal) or not is_nameable(head):
        return {} if goal == head else None
    return match(goal, head)
