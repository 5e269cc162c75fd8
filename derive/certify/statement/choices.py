"""Cases as choices between two terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import And, Eq, Expr, Ne, S

from derive.certify.statement.syntax import IfEqual, Term
from derive.certify.statement.writer import OutsideFragment


def choice(condition: Any, this: Term, that: Term, index: Callable[[Expr], Expr]) -> Term:
    """`this` where the condition holds: equations of indices, their negations and conjunctions; `that` elsewhere."""
    if condition is S.true:
        return this
    if isinstance(condition, (Eq, Ne)):
        left, right = (index(p) for p in condition.args)
        return IfEqual(left, right, this, that) if isinstance(condition, Eq) else IfEqual(left, right, that, this)
    if isinstance(condition, And):
        result = this
        for part in sorted(condition.args, key=str):
            result = choice(part, result, that, index)
        return result
    raise OutsideFragment(f"a case split on {condition}")
