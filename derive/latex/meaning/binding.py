r"""Integrals and limits as terms: a fresh real number is bound in what stands behind the sign.

What the integrand needs to have a value it needs all along its range, which is no obligation that can be written as an
inequality: only such integrands are read as need nothing of their variable.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer, Mul

from derive.latex.grammar import syntax
from derive.latex.meaning import obligations
from derive.latex.meaning.scope import Meaning, Scope
from derive.latex.tokens.errors import Unread
from derive.terms.binding import Endless, Integral, Limit, real
from derive.terms.reasons import Why, because


def integrated(elaborator: Meaning, node: syntax.IntegralOver, scope: Scope) -> Expr:
    """``∫ body dx`` between its ends."""
    low, high = (
        Endless(Integer(end.sign)) if isinstance(end, syntax.Infinite) else elaborator.scalar(end, scope)
        for end in (node.low, node.high)
    )
    variable = real(node.variable)
    known = len(elaborator.obligations)
    body = elaborator.scalar(node.body, scope.binding(node.variable, variable))
    _independent(elaborator, known, variable, node)
    return Integral(body, variable, low, high)


def limit(elaborator: Meaning, node: syntax.LimitAt, scope: Scope) -> Expr:
    """The limit of a quotient, whose denominator may go to 0 there."""
    point = elaborator.scalar(node.point, scope)
    variable = real(node.variable)
    inner = scope.binding(node.variable, variable)
    above, below = _parts(node.body)
    known = len(elaborator.obligations)
    body = Mul(*(elaborator.scalar(part, inner) for part in above))
    denominator = Mul(*(elaborator.scalar(part, inner) for part in below))
    for number, obligation in enumerate(elaborator.obligations[known:], start=known):
        term = obligation.term.xreplace({variable: point})
        if term == 0:
            raise Unread(because(Why.LIMIT), node.start, node.end, "a quotient")
        elaborator.obligations[number] = replace(obligation, term=term)
    return Limit(body, variable, denominator, point)


def _parts(node: syntax.Node) -> tuple[list[syntax.Node], list[syntax.Node]]:
    """The factors above and below the line of a quotient, or of a product with quotients in it."""
    if isinstance(node, syntax.Frac):
        return [node.numerator], [node.denominator]
    if not isinstance(node, syntax.Mul):
        return [node], []
    found = [_parts(factor) for factor in node.factors]
    return [each for above, _ in found for each in above], [each for _, below in found for each in below]


def _independent(elaborator: Meaning, known: int, variable: Expr, node: syntax.Node) -> None:
    """Forgets what holds for every value of the bound number, and raises where an obligation speaks of it that does not."""
    for obligation in elaborator.obligations[known:]:
        if variable in obligation.term.free_symbols:
            if obligations.tower(obligation.term) <= obligations.HIGHEST and obligation.term.is_positive:
                elaborator.obligations.remove(obligation)
                continue
            raise Unread(because(Why.INTEGRAL), node.start, node.end, "an integrand that has a value everywhere")


__all__ = ["integrated", "limit"]
