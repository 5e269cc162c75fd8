"""What a family that a recurrence gives does not depend on: what belongs to later steps only."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sympy import Expr, Indexed

from derive.terms.context import Definition
from derive.terms.heads import name_of


def before(
    step: Definition, unfold: Callable[[Expr], Expr], recurring: Collection[str], member: Indexed, variable: Expr
) -> bool:
    """Whether the member comes before everything that is made of the variable.

    ``a_t = f(w_t a_{t-1})`` is made of w_t, w_{t-1}, ..: a_{t-1} does not depend on w_t. Places are compared that shift by
    numbers only.

    Args:
        step: the recurrence of the member's family.
        unfold: unfolds what else is defined.
        recurring: the names of the families that a recurrence gives; what is made of another one is not looked into.
    """
    head = step.head
    if not isinstance(head, Indexed) or not isinstance(variable, Indexed):
        return False
    try:
        body = unfold(step.body)
    except ValueError:
        return False
    if any(name_of(m) in recurring and m.base != head.base for m in body.atoms(Indexed)):
        return False
    members = [m for m in body.atoms(Indexed) if m.base == head.base]
    uses = [m for m in body.atoms(Indexed) if m.base == variable.base]
    if any(len(m.indices) != len(head.indices) for m in (*members, member)):
        return False
    if any(len(m.indices) != len(variable.indices) for m in uses):
        return False
    for place, start in enumerate(head.indices):
        back = [_number(m.indices[place] - start) for m in members]
        if not members or any(shift is None or shift >= 0 for shift in back):
            continue
        for at, position in enumerate(variable.indices):
            ahead = [_number(use.indices[at] - start) for use in uses]
            latest = [shift for shift in ahead if shift is not None]
            if uses and len(latest) == len(ahead):
                lead = position - member.indices[place] - max(latest)
                if bool(lead.is_integer) and bool(lead.is_positive):
                    return True
    return False


def _number(term: Expr) -> int | None:
    return int(term) if term.is_Integer else None
