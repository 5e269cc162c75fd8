r"""Integrals and limits as terms: a fresh real number is bound in what stands behind the sign.

What the integrand needs to have a value it needs all along its range: it is demanded at both ends, where a number that
changes evenly has to be positive.
"""

from __future__ import annotations

from dataclasses import replace

import sympy
from sympy import Expr, Integer, Mul, Pow, Symbol

from derive.latex.grammar import syntax
from derive.latex.meaning import obligations
from derive.latex.meaning.scope import Meaning, Scope
from derive.latex.tokens.errors import Unread
from derive.terms.binding import Endless, Integral, Limit, real
from derive.terms.context import Obligation
from derive.terms.reasons import Why, because
from derive.terms.relations import BY_KEY, RelationKey


def integrated(elaborator: Meaning, node: syntax.IntegralOver, scope: Scope) -> Expr:
    """``∫ body dx`` between its ends."""
    low, high = (
        Endless(Integer(end.sign)) if isinstance(end, syntax.Infinite) else elaborator.scalar(end, scope)
        for end in (node.low, node.high)
    )
    variable = real(node.variable)
    known = len(elaborator.obligations)
    body = elaborator.scalar(node.body, scope.binding(node.variable, variable))
    for obligation in elaborator.obligations[known:]:
        if variable in obligation.term.free_symbols:
            elaborator.obligations.remove(obligation)
            _along(elaborator, obligation, variable, (low, high), node)
    return Integral(body, variable, low, high)


def limit(elaborator: Meaning, node: syntax.LimitAt, scope: Scope) -> Expr:
    """The limit of a quotient, whose denominator may go to 0 there, or of a term at infinity.

    At infinity the limits of the parts say whether they have values from some number on.
    """
    if isinstance(node.point, syntax.Infinite):
        variable = real(node.variable)
        before = len(elaborator.obligations)
        whole = elaborator.scalar(node.body, scope.binding(node.variable, variable))
        own = [each for each in elaborator.obligations[before:] if variable not in each.term.free_symbols]
        elaborator.obligations[before:] = own
        return Limit(whole, variable, Integer(1), Endless(Integer(node.point.sign)))
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


def _along(
    elaborator: Meaning, obligation: Obligation, variable: Symbol, ends: tuple[Expr, Expr], node: syntax.IntegralOver
) -> None:
    """Demands at both ends what the integrand needs of its variable: a number that changes evenly keeps its sign between them.

    Raises:
        Unread: where it needs something that is told in no such way.
    """
    term = obligation.term
    if obligations.tower(term) <= obligations.HIGHEST and term.is_positive:
        return
    while isinstance(term, Pow) and term.exp.is_Integer and term.exp.is_positive and obligation.relation != ">=":
        term = term.base
    slope = sympy.expand(term.xreplace({variable: variable + 1}) - term)
    relation: RelationKey = ">=" if obligation.relation == ">=" else ">"
    for end in ends:
        if isinstance(end, Endless):
            if not (slope.is_number and slope * end.sign > 0):
                raise Unread(because(Why.INTEGRAL), node.start, node.end, "an integrand that has a value everywhere")
            continue
        there = term.xreplace({variable: end})
        if variable in slope.free_symbols or there == 0 and relation == ">":
            raise Unread(because(Why.INTEGRAL), node.start, node.end, "an integrand that has a value everywhere")
        demand = obligations.Demand(there, relation, obligation.latex, because(Why.INTEGRAL))
        verdict = obligations.settled(demand)
        if verdict is False:
            raise Unread(because(Why.INTEGRAL), node.start, node.end, "an integrand that has a value everywhere")
        if verdict is None:
            written = elaborator.written(node.low if end is ends[0] else node.high)
            latex = f"{written} {BY_KEY[relation].commands[0] if relation == '>=' else '>'} 0"
            latex = latex if term == variable else obligation.latex
            elaborator.obligations.append(replace(obligation, term=there, relation=relation, latex=latex))


__all__ = ["integrated", "limit"]
