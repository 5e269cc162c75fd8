r"""Which parts can only be meant entry by entry: ``1 - A \odot A``, and below a line ``1 + e^{-z}``."""

from __future__ import annotations

from derive.latex.grammar import syntax
from derive.latex.vectors.products import ENTRYWISE

ENTRYWISE_OF_MATRICES = ("\\tanh",)
"""Functions that of a matrix can only be meant entry by entry; exp, log and the like have a meaning of their own there."""


def is_entrywise(node: syntax.Node) -> bool:
    """Whether a part can only be meant entry by entry: a product or a function of each entry, or a sum or multiple of such."""
    match node:
        case syntax.Mul():
            first, last = node.factors[:-1], node.factors[-1]
            multiple = all(isinstance(factor, syntax.Number) for factor in first) and is_entrywise(last)
            return any(sign in ENTRYWISE for sign in node.signs) or multiple
        case syntax.Add():
            return all(isinstance(term, syntax.Number) or is_entrywise(term) for term in node.terms)
        case syntax.Neg():
            return is_entrywise(node.operand)
        case syntax.Apply():
            return node.function in ENTRYWISE_OF_MATRICES or node.function == "\\exp"
        case syntax.Power():
            return isinstance(node.base, syntax.Name) and node.base.text == "e"
    return False
