"""The exponents of matrices: ``A^2``, ``A^{-1}``, ``A^{-2}``."""

from __future__ import annotations

from derive.latex.grammar import syntax


def exponent_of(node: syntax.Power) -> int:
    """The whole number to which a matrix is raised, 0 for everything else."""
    text = node.exponent.text if isinstance(node.exponent, syntax.Number) else ""
    return int(text) if text.isdigit() and 1 <= int(text[:2]) <= 9 else 0


def is_inverse(node: syntax.Power) -> bool:
    """Whether the exponent is -1."""
    return inverses_of(node) == 1


def inverses_of(node: syntax.Power) -> int:
    """How many inverses are multiplied, 2 in ``A^{-2}``; 0 for every other exponent."""
    exponent = node.exponent
    text = exponent.operand.text if isinstance(exponent, syntax.Neg) and isinstance(exponent.operand, syntax.Number) else ""
    return int(text) if text.isdigit() and 1 <= int(text[:2]) <= 9 else 0
