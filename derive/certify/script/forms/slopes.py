"""Derivatives as the laws of ``Laws.v`` give them, one head after the other and without any simplification."""

from __future__ import annotations

from typing import Any

from sympy import Expr

from derive.certify.script.forms.elementary import SLOPES
from derive.certify.statement.syntax import (
    Apply,
    Base,
    Delta,
    Determinant,
    IfEqual,
    Inverse,
    Line,
    Minus,
    Negative,
    Number,
    Over,
    Plus,
    Power,
    Ref,
    Slope,
    Sum,
    Term,
    Times,
    Updated,
    mentions,
    rebuilt,
)
from derive.certify.statement.writer import OutsideFragment


def differentiated(slope: Slope) -> Term:
    """The derivative of the body at the point; the body has neither definitions nor derivatives in it.

    Raises:
        OutsideFragment: for a head without a law.
    """
    name = slope.variable

    def here(node: Any) -> Any:
        if isinstance(node, Expr):
            return node
        if isinstance(node, Updated) and node.value == Ref(Base(name, 0)):
            return here(node.family)
        if isinstance(node, Ref) and node.family == Base(name, 0):
            return slope.point
        return rebuilt(node, here)

    def d(node: Any) -> Term:
        if not mentions(node, name):
            return Number(0)
        if isinstance(node, Ref):
            return _member(node, name)
        if isinstance(node, Plus):
            return Plus(d(node.left), d(node.right))
        if isinstance(node, Minus):
            return Minus(d(node.left), d(node.right))
        if isinstance(node, Negative):
            return Negative(d(node.term))
        if isinstance(node, Times):
            return Plus(Times(d(node.left), here(node.right)), Times(here(node.left), d(node.right)))
        if isinstance(node, Over):
            if not mentions(node.right, name):
                return Over(d(node.left), node.right)
            below = here(node.right)
            above = Minus(Times(d(node.left), below), Times(here(node.left), d(node.right)))
            return Over(above, Times(below, below))
        if isinstance(node, Inverse):
            below = here(node.term)
            return Over(Negative(d(node.term)), Times(below, below))
        if isinstance(node, Power):
            return Times(Times(Number(node.exponent), d(node.base)), Power(here(node.base), node.exponent - 1))
        if isinstance(node, IfEqual):
            return IfEqual(node.left, node.right, d(node.this), d(node.that))
        if isinstance(node, Sum):
            return Sum(node.index, node.low, node.high, d(node.body))
        if isinstance(node, Determinant):
            return _determinant(node, name)
        if isinstance(node, Apply):
            if node.function not in SLOPES:
                raise OutsideFragment(f"the derivative of {node.function}")
            return SLOPES[node.function](d(node.term), here(node.term))
        raise OutsideFragment(f"the derivative of {type(node).__name__}")

    return d(slope.body)


def _member(node: Ref, name: str) -> Term:
    """∂z_k/∂z_j = δ_jk, in two steps where the family was updated by another variable before."""
    family = node.family
    if family == Base(name, 0):
        return Number(1)
    if isinstance(family, Updated) and family.value == Ref(Base(name, 0)) and not mentions(family.family, name):
        deltas = [Delta(a, b) for a, b in zip(family.positions, node.positions, strict=True)]
        return deltas[0] if len(deltas) == 1 else Times(deltas[0], deltas[1])
    raise OutsideFragment("a derivative through an updated family")


def _determinant(node: Determinant, name: str) -> Term:
    """∂ det W/∂w_kl: the determinant with the row k replaced by one that is 1 at l and 0 elsewhere."""
    row, column, entry = node.index, node.body.index, node.body.body
    if isinstance(entry, Ref) and isinstance(entry.family, Updated) and entry.positions == (row, column):
        family, (k, l) = entry.family.family, entry.family.positions
        if entry.family.value == Ref(Base(name, 0)) and not mentions(family, name):
            replaced = IfEqual(row, k, Delta(l, column), Ref(family, (row, column)))
            return Determinant(row, node.low, node.high, Line(column, replaced))
    raise OutsideFragment("the derivative of a determinant by what its entries are made of")
