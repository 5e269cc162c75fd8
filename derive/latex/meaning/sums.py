r"""Sums as terms: which index is bound, and over which range it runs.

``\sum_k`` runs over the range of k; ``\sum_i^{n}`` from 1; ``\sum_{j \ne i}`` leaves i out; ``\sum_{j < i}`` ends at
i − 1; ``\sum_{j = i}`` without an upper limit is the one term j = i, whichever side the free index stands on.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Integer

from derive.latex.grammar import syntax
from derive.latex.meaning.scope import Meaning, Scope
from derive.latex.tokens.errors import Unread
from derive.terms import terms
from derive.terms.binding import product
from derive.terms.reasons import Why, because


def summed(elaborator: Meaning, node: syntax.SumOver, scope: Scope) -> Expr:
    """The sum over every index below the sign, from the outside in."""
    single = _single(elaborator, node, scope)
    if single is not None:
        name, value = single
        elaborator.note(f"the sum over {name} = {value} is its one term {name} := {value}")
        return elaborator.scalar(node.body, scope.binding(name, value))
    names = _bound_names(node)
    return _over(elaborator, node, names, scope)


def _bound_names(node: syntax.SumOver) -> list[str]:
    names: list[str] = []
    for condition in node.conditions:
        if condition.name not in names:
            names.append(condition.name)
    if len(names) > 1 and any(condition.relation == "=" for condition in node.conditions[:-1]):
        raise Unread(because(Why.SEVERAL_INDICES), node.start, node.conditions[-1].end, "one \\sum for each index")
    return names


def _over(elaborator: Meaning, node: syntax.SumOver, names: list[str], scope: Scope) -> Expr:
    name, rest = names[0], names[1:]
    table = elaborator.table
    if name in table.vectors or not (name.islower() or name in table.indices):
        raise Unread(because(Why.UNKNOWN_RANGE, name=name), node.start, node.conditions[0].end, f"\\sum_{{{name}=1}}^{{n}}")
    fresh = terms.bound(name)
    low, high, excluded = _range(elaborator, node, name, fresh, scope)
    inner = scope.binding(name, fresh).within(fresh, low, high)
    inner = inner.where(*(sympy.Ne(fresh, value, evaluate=False) for value in excluded))
    body = _over(elaborator, node, rest, inner) if rest else elaborator.scalar(node.body, inner)
    return (product if node.multiplied else terms.summation)(body, fresh, low, high, excluded)


def _range(
    elaborator: Meaning, node: syntax.SumOver, name: str, fresh: sympy.Symbol, scope: Scope
) -> tuple[Expr, Expr, list[Expr]]:
    low, high = elaborator.table.range_at(name, places_of(node.body, name))
    if node.high is not None:
        low, high = Integer(1), elaborator.index(node.high, scope)
    excluded: list[Expr] = []
    given = node.high is not None
    for condition in node.conditions:
        if condition.relation == "" and (condition.name == name or len(node.conditions) > 1):
            continue
        shared = condition.relation == "=" and condition is node.conditions[-1] and condition.name != name
        if condition.name != name and not shared or condition.other is None:
            continue
        if isinstance(condition.other, syntax.IndexRange):
            low = elaborator.index(condition.other.low, scope)
            high = elaborator.index(condition.other.high, scope)
            continue
        other = elaborator.index(condition.other, scope)
        match condition.relation:
            case "=":
                low = other
                if not given:
                    elaborator.note(f"the sum over {name} has no upper limit: it ends at {high}")
            case "!=":
                excluded.append(other)
            case "<" | "<=" | ">" | ">=":
                low, high = _bounded(condition, other, low, high)
            case _:
                raise Unread(because(Why.SUM_CONDITION), condition.start, condition.end)
    if isinstance(node.conditions[0].other, (syntax.Interval, syntax.NumberSet)):
        raise Unread(because(Why.SUM_CONDITION), node.conditions[0].start, node.conditions[0].end)
    return low, high, excluded


def places_of(node: syntax.Node, name: str) -> set[tuple[str, int]]:
    """The places of families at which an index stands in `node`."""
    return {
        (part.name.text, at)
        for part in syntax.walk(node)
        if isinstance(part, syntax.Subscripted)
        for at, index in enumerate(part.indices)
        if isinstance(index, syntax.Name) and index.text == name
    }


def _bounded(condition: syntax.SumCondition, other: Expr, low: Expr, high: Expr) -> tuple[Expr, Expr]:
    match condition.relation:
        case "<":
            return low, other - 1
        case "<=":
            return low, other
        case ">":
            return other + 1, high
    return other, high


def _single(elaborator: Meaning, node: syntax.SumOver, scope: Scope) -> tuple[str, Expr] | None:
    r"""The bound name and its one value in ``\sum_{i=j}``; None for every other sum."""
    condition = node.conditions[0]
    if (
        len(node.conditions) > 1
        or node.high is not None
        or condition.relation != "="
        or not isinstance(condition.other, syntax.Name)
    ):
        return None
    left, right = condition.name, condition.other
    left_free = left in elaborator.free or left in scope.bound
    right_free = right.text in elaborator.free or right.text in scope.bound
    if left_free and not right_free:
        return right.text, elaborator.index(syntax.Name(condition.start, condition.end, left), scope)
    return left, elaborator.index(right, scope)


def two_ways(node: syntax.Node | None, outer: frozenset[str]) -> syntax.SumOver | None:
    r"""A sum such as ``\sum_{i < j}`` or ``\sum_{i \ne j}`` in `node` whose second index stands in none of `outer`.

    It can run over i for a given j, or over both. In ``\sum_{j \ne i}`` the order says that i is given,
    and in ``\sum_{i \ne j} 1`` no summand speaks of j.
    """
    if node is None:
        return None
    if isinstance(node, syntax.SumOver):
        pair = _pair(node)
        if (
            pair is not None
            and pair[0] < pair[1]
            and pair[1] not in outer
            and (node.conditions[0].relation != "!=" or pair[1] in free_names(node.body))
        ):
            return node
        outer = outer.union(condition.name for condition in node.conditions)
    return next((found for child in syntax.children(node) if (found := two_ways(child, outer)) is not None), None)


def outer_names(node: syntax.Node) -> frozenset[str]:
    r"""The names that stand free in `node` outside of sums like ``\sum_{i < j}``, for which they may be bound."""
    if isinstance(node, syntax.SumOver):
        bound = {condition.name for condition in node.conditions}
        pair = _pair(node)
        parts = [node.body] if pair else [node.body, *(p for p in (node.high, *(c.other for c in node.conditions)) if p)]
        return frozenset().union(*map(outer_names, parts)) - bound - set(pair or ())
    if isinstance(node, syntax.Name):
        return frozenset({node.text})
    return frozenset().union(*(outer_names(child) for child in syntax.children(node)))


def _pair(node: syntax.SumOver) -> tuple[str, str] | None:
    condition = node.conditions[0]
    if (
        len(node.conditions) > 1
        or node.high is not None
        or condition.relation not in ("!=", "<", "<=", ">", ">=")
        or not isinstance(condition.other, syntax.Name)
    ):
        return None
    return condition.name, condition.other.text


def free_names(node: syntax.Node) -> frozenset[str]:
    r"""The names that stand free in `node`; sums like ``\sum_{i=j}`` are left out, since they do not say which is
    bound."""
    if isinstance(node, syntax.SumOver):
        condition = node.conditions[0]
        if condition.relation == "=" and node.high is None and isinstance(condition.other, syntax.Name):
            return frozenset()
        names = free_names(node.body) - {known.name for known in node.conditions}
        for part in [node.high, *(known.other for known in node.conditions)]:
            names |= free_names(part) if part is not None else frozenset()
        return names
    if isinstance(node, syntax.Name):
        return frozenset({node.text})
    if isinstance(node, syntax.Subscripted):
        return frozenset().union(*(free_names(index) for index in node.indices))
    return frozenset().union(*(free_names(child) for child in syntax.children(node)))
