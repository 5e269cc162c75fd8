"""A term rebuilt from what stands under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sympy import Basic, Expr

B = TypeVar("B", bound=Basic)


def mapped(node: B, change: Callable[[Expr], Expr]) -> B:
    """`node` with each term right under it changed; the tuples, branches and conditions that hold terms are entered.

    >>> from sympy import Integer
    >>> from derive.terms.terms import Call, scalar
    >>> mapped(Call("f", [scalar("x"), scalar("y")]), lambda term: 2 * term).arguments
    (2*x, 2*y)
    """
    return node.func(
        *(change(part) if isinstance(part, Expr) else mapped(part, change) if part.args else part for part in node.args)
    )
