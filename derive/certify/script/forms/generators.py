"""Generators in terms that are not in normal form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr

from derive.certify.statement.syntax import (
    Apply,
    Constant,
    Count,
    Delta,
    Determinant,
    IfEqual,
    Inverse,
    Minus,
    Node,
    Number,
    Over,
    Plus,
    RealPower,
    Ref,
    Slope,
    Sum,
    Term,
)

GENERATORS = (Ref, Count, Delta, IfEqual, Apply, RealPower, Sum, Slope, Constant, Determinant)


def outside_binders(node: Any) -> Iterator[Any]:
    """The term and what is inside, but not inside generators."""
    yield node
    if isinstance(node, GENERATORS):
        return
    for part in node.parts:
        if not isinstance(part, (int, str, Expr, tuple)):
            yield from outside_binders(part)


def has_fraction(node: Any, inside: bool = False) -> bool:
    """Whether a quotient stands inside of a sum."""
    if isinstance(node, GENERATORS):
        return False
    if isinstance(node, (Over, Inverse)) and inside and not isinstance(node.parts[-1], Number):
        return True
    inside = inside or isinstance(node, (Plus, Minus))
    return any(has_fraction(part, inside) for part in node.parts if isinstance(part, Node))


def folded(operator: Any, terms: list[Term]) -> Term:
    """a + (b + (c + …))."""
    result = terms[-1]
    for term in reversed(terms[:-1]):
        result = operator(term, result)
    return result
