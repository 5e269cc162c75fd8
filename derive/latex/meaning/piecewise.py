r"""Cases of a real quantity, ``x`` if x > 0 and 0 otherwise, in terms of absolute values.

(1 + d/|d|)/2 is 1 where d > 0 and 0 where d < 0, so ``a`` if d > 0 and b otherwise is (a + b)/2 + (a − b) d/(2 |d|); where
a − b = q d this is (a + b)/2 + q |d|/2, at d = 0 as well. Otherwise the value at d = 0 is left out: d ≠ 0 is asked for.
Where the cases say what it is there, that is a condition of a claim, and nothing is defined by such cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Abs, Dummy, Expr, Indexed, Integer, Poly, PolynomialError, Pow, Rational, Sum, Symbol, expand

from derive.latex.grammar import syntax
from derive.latex.meaning import obligations
from derive.latex.meaning.scope import Meaning, Scope
from derive.latex.tokens.errors import Unread
from derive.terms.reasons import Why, because
from derive.terms.terms import Call, Partial

INEQUALITIES = ("<", "<=", ">", ">=")
STRICT = ("<", ">")
_HALF = Rational(1, 2)
_QUANTITIES = (Abs, Indexed, Call)


def is_ordered(relations: Sequence[syntax.Relation]) -> bool:
    """Whether there is an inequality among the conditions."""
    return any(each.relation in INEQUALITIES for each in relations)


def cases(meaning: Meaning, node: syntax.Cases, scope: Scope) -> Expr:
    """The value of the first row whose inequalities hold.

    What is known where the rows before did not hold is left out of a row's conditions; of the last one nothing may remain.
    A row for equality is one point, at which nothing is said then.
    """
    rows: list[tuple[Expr, list[Expr]]] = []
    known: list[Expr] = []
    jump = not all(relations and all(each.relation in STRICT for each in relations) for _, relations in node.rows)
    for value, relations in node.rows:
        points = [each for each in relations if each.relation == "="]
        if points and len(relations) == 1:
            _apart(meaning, points[0], _difference(meaning, points[0], scope), scope, jump)
            continue
        if rows and not rows[-1][1]:
            continue  # the rows before leave nothing but points
        signs = [sign for each in relations for sign in _signs(meaning, each, scope)]
        left = [sign for sign in signs if not any(expand(sign - other) == 0 for other in known)]
        rows.append((meaning.scalar(value, scope), left))
        if len(left) == 1:
            known.append(-left[0])
    if not rows or rows[-1][1]:
        raise Unread(because(Why.CASES_LEFT), node.start, node.end, "\\text{otherwise}")
    result = rows[-1][0]
    for chosen, signs in reversed(rows[:-1]):
        result = _chosen(meaning, node, chosen, result, signs, scope, jump)
    return result


def indicator(meaning: Meaning, node: syntax.Indicator, scope: Scope) -> Expr:
    """1 where an inequality holds and 0 where it does not."""
    (sign,) = _signs(meaning, node.condition, scope)
    return _chosen(meaning, node, Integer(1), Integer(0), [sign], scope, jump=True)


def _signs(meaning: Meaning, relation: syntax.Relation, scope: Scope) -> list[Expr]:
    """The term that is positive where the inequality holds, but for its end."""
    if relation.relation not in INEQUALITIES:
        raise Unread(because(Why.CASE_RELATION), relation.start, relation.end, "an inequality")
    difference = _difference(meaning, relation, scope)
    return [difference if relation.relation in (">", ">=") else -difference]


def _difference(meaning: Meaning, relation: syntax.Relation, scope: Scope) -> Expr:
    """Left side minus right side: a real quantity that is no number."""
    difference = meaning.scalar(relation.left, scope) - meaning.scalar(relation.right, scope)
    if difference.is_integer or not difference.free_symbols:
        raise Unread(because(Why.CASE_RELATION), relation.start, relation.end, "i = j or i \\ne j")
    return difference


def _both(meaning: Meaning, node: syntax.Node, sign: Expr, scope: Scope) -> None:
    """Keep what is always so, that |d| ≥ 0: it says of the claim that it speaks of both signs of d."""
    demand = obligations.Demand(Abs(sign), ">=", "", because(Why.CASE_RELATION))
    meaning.demand(node, (demand,), scope)


def _apart(meaning: Meaning, node: syntax.Node, difference: Expr, scope: Scope, jump: bool) -> None:
    demands = obligations.division(difference, meaning.written(node))
    meaning.demand(node, tuple(replace(each, jump=jump) for each in demands), scope)


def _chosen(
    meaning: Meaning, node: syntax.Node, value: Expr, other: Expr, signs: Sequence[Expr], scope: Scope, jump: bool
) -> Expr:
    """`value` where all of `signs` are positive, and `other` elsewhere; `jump` tells that there is a value at their ends."""
    change = value - other
    for sign in signs:
        _both(meaning, node, sign, scope)
    if len(signs) == 1 and (ratio := _ratio(change, signs[0])) is not None:
        return _HALF * (value + other) + _HALF * ratio * Abs(signs[0])
    if len(signs) == 1 and (joined := _joined(value, other, signs[0])) is not None:
        return joined
    factor: Expr = Integer(1)
    for sign in signs:
        _apart(meaning, node, sign, scope, jump)
        factor *= _HALF * (1 + sign / Abs(sign))
    return other + change * factor


def _joined(value: Expr, other: Expr, sign: Expr) -> Expr | None:
    r"""v(max(x, c)) + w(min(x, c)) − v(c), where v is above the end c of a quantity x and w(c) = v(c) below it; else None.

    It has a value at the end as well, and no code that is made of it divides 0 by 0 there.
    """
    quantities = [s for s in sign.atoms(Symbol, Indexed) if sign - s == expand(sign - s) or sign + s == expand(sign + s)]
    for x in sorted(quantities, key=str):
        upper = expand(sign - x)
        lower = expand(sign + x)
        above = x not in upper.free_symbols
        if x not in (lower if not above else upper).free_symbols and _stands_alone(x, (value, other, sign)):
            end = -upper if above else lower
            high, low = (x + end + Abs(x - end)) * _HALF, (x + end - Abs(x - end)) * _HALF
            at_end = value.xreplace({x: end})
            if expand(at_end - other.xreplace({x: end})) != 0:
                return None
            ends: tuple[Expr, Expr] = (high, low) if above else (low, high)
            return value.xreplace({x: ends[0]}) + other.xreplace({x: ends[1]}) - at_end
    return None


def _stands_alone(x: Expr, parts: Sequence[Expr]) -> bool:
    """Whether nothing in the parts binds or differentiates by x, and no other member of its family stands there."""
    base = x.base if isinstance(x, Indexed) else None
    families = {node for part in parts for node in part.atoms(Indexed) if node.base == base and node != x}
    return not families and not any(part.has(Abs, Call, Partial, Sum) for part in parts)


def _in_bars(change: Expr, names: dict[Expr, Dummy]) -> Expr:
    """The term with |x|² for x² where |x| has a name."""
    bars = {part.args[0]: name for part, name in names.items() if isinstance(part, Abs)}
    whole = expand(change)
    even = [p for p in whole.atoms(Pow) if p.base in bars and p.exp.is_Integer and p.exp.is_even and p.exp.is_positive]
    squared: Expr = whole.xreplace({power: Pow(bars[power.base], power.exp) for power in even})
    return squared


def _ratio(change: Expr, sign: Expr) -> Expr | None:
    """The polynomial by which `sign` is to be multiplied to give `change`, None if there is none."""
    names: dict[Expr, Dummy] = {part: Dummy() for part in change.atoms(*_QUANTITIES) | sign.atoms(*_QUANTITIES)}
    above, below = _in_bars(change, names).xreplace(names), sign.xreplace(names)
    letters = sorted((s for s in below.free_symbols if isinstance(s, Symbol)), key=str)
    if not letters:
        return None
    try:
        quotient, rest = Poly(above, *letters).div(Poly(below, *letters))
    except PolynomialError:
        return None
    ratio: Expr = quotient.as_expr()
    if not rest.is_zero or expand(ratio * below - above) != 0:
        return None
    back: dict[Expr, Expr] = {name: part for part, name in names.items()}
    return ratio.xreplace(back)
