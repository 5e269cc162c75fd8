"""To how many decimals an equation of numbers is meant: ``exp(1)/3 = 0.91`` to two, ``0.1 + 0.2 = 0.3`` exactly."""

from __future__ import annotations

from fractions import Fraction
from math import prod

from derive.latex.grammar import syntax

_FEWEST = 2
_LONGEST = 40


def decimals(left: syntax.Node | None, right: syntax.Node | None) -> int | None:
    """The decimals of the side that is a decimal literal (or a vector of such), if the other one is not exact.

    Literals with + and − are exact. A product of decimals has more digits than people write: it is rounded where the
    result has as many decimals as the factors, and two at least.
    """
    for literal, other in ((right, left), (left, right)):
        if literal is None or other is None:
            continue
        digits = _decimals(literal)
        if digits and (not _exact(other) or _rounds(other, digits)):
            return digits
    return None


def approximated(left: syntax.Node | None, right: syntax.Node | None) -> int | None:
    r"""The decimals to which ``\approx`` is meant: those of the literal on one of its sides, None if there is none."""
    found = [_decimals(side) for side in (right, left) if side is not None]
    return next((digits for digits in found if digits), None)


def _rounds(other: syntax.Node, digits: int) -> bool:
    """Whether the value of `other`, which is exact, has more decimals than `digits`, and its factors have not."""
    most = max((node.decimals for node in syntax.walk(other) if isinstance(node, syntax.Number)), default=0)
    value = _value(other)
    return value is not None and digits >= max(most, _FEWEST) and (value * 10**digits).denominator != 1


def _value(node: syntax.Node) -> Fraction | None:
    """The value of literals with + − and ×; None of anything else."""
    if isinstance(node, syntax.Number):
        return Fraction(node.text) if len(node.text) < _LONGEST else None
    if isinstance(node, (syntax.Neg, syntax.Add, syntax.Mul)):
        parts = [_value(child) for child in syntax.children(node)]
        values = [part for part in parts if part is not None]
        if len(values) < len(parts):
            return None
        if isinstance(node, syntax.Neg):
            return -values[0]
        return sum(values, Fraction()) if isinstance(node, syntax.Add) else prod(values, start=Fraction(1))
    return None


def _decimals(node: syntax.Node) -> int:
    """The decimals of a literal, 0 if `node` is something else."""
    match node:
        case syntax.Number():
            return node.decimals
        case syntax.Neg():
            return _decimals(node.operand)
        case syntax.VectorLit():
            if all(isinstance(entry, (syntax.Number, syntax.Neg)) for entry in node.entries):
                return max((_decimals(entry) for entry in node.entries), default=0)
    return 0


def _exact(node: syntax.Node) -> bool:
    """Whether `node` is made of literals with + − and × only (a vector of such included)."""
    if isinstance(node, (syntax.Add, syntax.Mul, syntax.Neg, syntax.VectorLit, syntax.Number)):
        return all(_exact(child) for child in syntax.children(node))
    return False
