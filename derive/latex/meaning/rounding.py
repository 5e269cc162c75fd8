"""To how many decimals an equation of numbers is meant: ``exp(1)/3 = 0.91`` to two, ``0.1 + 0.2 = 0.3`` exactly."""

from __future__ import annotations

from derive.latex.grammar import syntax


def decimals(left: syntax.Node | None, right: syntax.Node | None) -> int | None:
    """The decimals of the side that is a decimal literal (or a vector of such), if the other one is no sum of
    literals."""
    for literal, other in ((right, left), (left, right)):
        if literal is None or other is None:
            continue
        digits = _decimals(literal)
        if digits and not _exact(other):
            return digits
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
