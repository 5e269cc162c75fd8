r"""Expectations as sums: over a finite distribution ``\sum_y p_y f(y)``, else over the outcomes of a probability space.

Of that space nothing is known but that its probabilities are positive and have the sum 1; a random variable has a value at
each of its outcomes. What holds for all finite spaces are the laws of linear forms; what fails on one is false.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Dummy, Expr, IndexedBase, Integer, Mul

from derive.latex.grammar import syntax
from derive.latex.meaning.scope import Meaning, Scope
from derive.latex.tokens.errors import Unread
from derive.terms import terms
from derive.terms.chance import OUTCOMES, probabilities, values
from derive.terms.context import Range
from derive.terms.reasons import Why, because

_PERHAPS = frozenset(
    (*"uvwxyz", *(f"\\{name}" for name in ("epsilon", "varepsilon", "xi", "eta", "zeta", "omega", "nu", "chi")))
)
"""Letters that may well be random where nothing says that they are constant."""


def expected(elaborator: Meaning, node: syntax.Expectation, scope: Scope) -> Expr:
    """The expectation, the variance or the covariance."""
    inside = [p for body in node.bodies for p in syntax.walk(body) if isinstance(p, syntax.Expectation)]
    finite = all(each.variables and elaborator.table.arity_of(each.law) == 1 for each in (node, *inside))
    if inside and not finite and any(each.law or each.variables for each in (node, *inside)):
        raise Unread(because(Why.NESTED_EXPECTATION), node.start, node.end)
    first, second = node.bodies[0], node.bodies[-1]
    if node.moment is syntax.Moment.MEAN:
        return _mean(elaborator, node, ((first, scope.row, scope.column),), scope)
    one, other = (first, scope.row, None), (second, scope.column, None)
    return _mean(elaborator, node, (one, other), scope) - (
        _mean(elaborator, node, (one,), scope) * _mean(elaborator, node, (other,), scope)
    )


Factor = tuple[syntax.Node, Expr | None, Expr | None]
"""What is multiplied, and the row and the column at which it is taken where it is a vector or a matrix."""


def _mean(elaborator: Meaning, node: syntax.Expectation, factors: Sequence[Factor], scope: Scope) -> Expr:
    """The mean of a product."""
    weights, span, inner = _finite(elaborator, node, scope) or _over_outcomes(node, scope, elaborator)
    index = inner.binders[-1][0]
    body = Mul(*(elaborator.scalar(factor, replace(inner, row=row, column=column)) for factor, row, column in factors))
    return terms.summation(weights[index] * body, index, span.low, span.high)


def _finite(elaborator: Meaning, node: syntax.Expectation, scope: Scope) -> tuple[IndexedBase, Range, Scope] | None:
    """Over the places of a family: its index is the variable. None where the distribution is no family."""
    table = elaborator.table
    if not node.law or table.arity_of(node.law) != 1 or (span := table.span_at(node.law, 0)) is None:
        return None
    if len(node.variables) != 1:
        raise Unread(because(Why.WITHOUT_VARIABLE), node.start, node.end, "\\mathbb{E}_{y \\sim p}")
    (variable,) = node.variables
    fresh = terms.bound(variable)
    return terms.family(node.law), span, scope.binding(variable, fresh).within(fresh, span.low, span.high)


def _over_outcomes(node: syntax.Expectation, scope: Scope, elaborator: Meaning) -> tuple[IndexedBase, Range, Scope]:
    """Over outcomes: each random variable is the value that it has at one."""
    parts = [part for body in node.bodies for part in syntax.walk(body)]
    spoken = {part.text for part in parts if isinstance(part, syntax.Name)}
    given, law = node.variables, node.law
    if not given and law in spoken:
        given, law = (law,), ""
    names = given or _random(node, elaborator)
    placed = [part for part in parts if isinstance(part, syntax.Subscripted) and part.name.text in names]
    told = elaborator.table.constants | elaborator.table.sizes
    open_ = frozenset() if elaborator.table.random else (spoken - {*names, *told}) & _PERHAPS
    if not set(names) <= spoken or not names and not spoken <= told or placed or law in spoken or open_:
        raise Unread(because(Why.WITHOUT_VARIABLE), node.start, node.end, "\\mathbb{E}[X]")
    fresh: Dummy = terms.bound("\\omega")
    inner = scope.within(fresh, Integer(1), OUTCOMES)
    for name in names:
        inner = inner.binding(name, values(elaborator.table.random_of(name) or name)[fresh])
    return probabilities(law), Range(Integer(1), OUTCOMES), inner


def _random(node: syntax.Expectation, elaborator: Meaning) -> tuple[str, ...]:
    """The capital letters in it that are neither sizes nor vectors nor functions."""
    table = elaborator.table
    parts = [part for body in node.bodies for part in syntax.walk(body)]
    called = {part.name.text for part in parts if isinstance(part, (syntax.Call, syntax.Subscripted))}
    names = {part.text for part in parts if isinstance(part, syntax.Name)} - called
    random = tuple(sorted(name for name in names if table.random_of(name)))
    found = sorted(name for name in names - set(random) if len(name) == 1 and name.isupper())
    return random + tuple(
        name for name in found if not (table.is_integer(name) or table.is_family(name) or name in table.vectors)
    )


__all__ = ["expected"]
