"""Denominators that stand in a sum which may have no terms: where it has none, they may be 0 and the sum is 0 still.

The normal form takes what does not depend on the bound index out of a sum, ``Σ_k e^{z_k} / S = S^{-1} Σ_k e^{z_k}``, and
cancels it against a factor S. That is right wherever S ≠ 0, which the sum itself does not warrant: if k runs over 2..d
and S is ``Σ_{k=2}^{d} e^{z_k}``, its value for d = 1 is 0, not 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy
from sympy import Expr, KroneckerDelta, Pow, Sum, Symbol, Tuple

from derive.normal.algebra.knowledge import Knowledge
from derive.terms.context import Range
from derive.terms.elementary import BY_KEY, head_of, row_of
from derive.terms.terms import Branch, Cases, peel


@dataclass
class Denominators:
    """`lazy` ones are met only where some sum that they could be taken out of has a term; `strict` ones always."""

    lazy: dict[Expr, None] = field(default_factory=dict)
    strict: dict[Expr, None] = field(default_factory=dict)


def denominators(term: Expr, knowledge: Knowledge) -> Denominators:
    """The denominators of a term in primitives, as far as they are met always or may be passed by.

    A sum may be empty if its range may be, or if a case split in it leaves terms out.
    """
    found = Denominators()

    def visit(node: sympy.Basic, bound: tuple[Symbol, ...], always: bool) -> None:
        """`bound` are the indices of the sums around `node` that may be empty; `always`: no case split is around it either."""
        if isinstance(node, Sum):
            body, variable, low, high = peel(node)
            knowledge.ranges[variable] = Range(low, high)
            empty = body.has(Cases) or not knowledge.at_least_zero(high - low)
            visit(body, (*bound, variable) if empty else bound, always)
            return
        if isinstance(node, Pow) and not (node.exp.is_number and node.exp.is_nonnegative):
            note(node.base, bound, always)
        row = row_of(node)
        if row is not None and row.ratio is not None and row.domain is not None:  # cosh is 0 nowhere
            note(head_of(BY_KEY[row.ratio[1]])(node.args[0]), bound, always)
        for argument in node.args:
            if isinstance(argument, Branch):
                visit(argument.args[0], bound, False)
            elif isinstance(argument, (Expr, Tuple)) and not isinstance(node, KroneckerDelta):  # a call's arguments: a tuple
                visit(argument, bound, always)

    def note(base: Expr, bound: tuple[Symbol, ...], always: bool) -> None:
        if base.is_number:
            return
        if not bound:
            if always:
                found.strict[base] = None
        elif not set(bound) <= base.free_symbols:
            found.lazy[base] = None

    visit(term, (), True)
    return found
