"""Which definitions a head fits, and with which values of their parameters."""

from __future__ import annotations

from sympy import And, Eq, Expr, Indexed, IndexedBase, S, Symbol
from sympy.logic.boolalg import Boolean

from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call


def match(pattern: Expr, head: Expr) -> dict[Expr, Expr] | None:
    """The values of the pattern's parameters for which it is `head`; None if there are none.

    Indices of the pattern stand for any value, numbers for themselves; a call's parameters for its arguments.
    """
    if type(pattern) is not type(head):
        return None
    found: dict[Expr, Expr] = {}
    if isinstance(pattern, Call) and isinstance(head, Call):
        if pattern.name != head.name or len(pattern.arguments) != len(head.arguments):
            return None
        for parameter, value in zip(pattern.arguments, head.arguments, strict=True):
            if isinstance(parameter, IndexedBase) != isinstance(value, IndexedBase):
                return None
            found[parameter] = value
        return found
    if isinstance(pattern, Symbol):
        return found if pattern == head else None
    if name_of(pattern) != name_of(head):
        return None
    mine, theirs = positions_of(pattern), positions_of(head)
    if len(mine) != len(theirs):
        return None
    for parameter, value in zip(mine, theirs, strict=True):
        if isinstance(parameter, Symbol) and not parameter.is_positive:
            if found.setdefault(parameter, value) != value:
                return None
        elif parameter != value:
            return None
    return found


def specificity(head: Expr) -> int:
    """How many positions of a head are not free to vary: 1 for ``a_1``, ``a_n`` and ``w_{ii}``, 0 for ``w_{ij}``."""
    positions = positions_of(head)
    return len(positions) - len({s for p in positions for s in p.free_symbols if not s.is_positive})


def coincidence(pattern: Expr, head: Expr) -> tuple[dict[Expr, Expr], Boolean] | None:
    """The condition on indices under which a definition of special members, ``a_1 = …``, would apply to `head`, ``a_j``.

    None if it never applies. With the condition come the values of the pattern's parameters.
    """
    if not (isinstance(pattern, Indexed) and isinstance(head, Indexed)) or len(pattern.indices) != len(head.indices):
        return None
    found: dict[Expr, Expr] = {}
    conditions = []
    for parameter, value in zip(pattern.indices, head.indices, strict=True):
        if isinstance(parameter, Symbol) and not parameter.is_positive:
            if found.setdefault(parameter, value) != value:
                conditions.append(Eq(found[parameter], value))
        elif parameter != value:
            conditions.append(Eq(parameter, value))
    condition: Boolean = And(*conditions)
    return None if condition is S.false or not conditions else (found, condition)
