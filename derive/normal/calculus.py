"""Derivatives of terms with respect to a scalar or a member of a family.

The rules are the ones of a first course, one function each; the derivatives of the elementary functions are in
:mod:`derive.normal.functions.elementary`, those of SymPy's other functions are its own (``fdiff``). Bound indices are fresh
(:mod:`derive.terms.terms`), so that ``∂ Σ_k e^{z_k} / ∂ z_k`` with a free k cannot be captured.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sympy import Abs, Add, Dummy, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, Symbol, exp, log
from sympy.core.function import Function

from derive.normal.functions.elementary import NotDifferentiable, slope
from derive.normal.limits import at_infinity
from derive.terms import terms
from derive.terms.arrays import ExponentialEntry, InverseEntry, MatrixDeterminant, OfMatrix, inverse_of
from derive.terms.binding import Endless, Integral, Product
from derive.terms.elementary import SMOOTH, row_of
from derive.terms.terms import Call, Cases, Partial


def differentiate(term: Expr, variable: Expr, opaque: Collection[str] = ()) -> Expr:
    """``∂ term / ∂ variable``, carried out, for `variable` a scalar or a member of a family.

    Args:
        term: a term whose definitions are unfolded down to the variable's family.
        variable: ``x`` or ``z[j]``.
        opaque: names of scalars and families that depend on the variable in a way that is not known; their derivative
            stays a :class:`~derive.terms.terms.Partial`.

    Raises:
        NotDifferentiable: for a head without a rule, such as ``Abs``.

    >>> from derive.terms import terms
    >>> z, i, j = terms.family("z"), terms.index("i"), terms.index("j")
    >>> differentiate(exp(z[i]), z[j])
    exp(z[i])*KroneckerDelta(i, j)
    """
    memo: dict[Expr, Expr] = {}

    def d(node: Expr) -> Expr:
        known = memo.get(node)
        if known is None:
            if opaque and _name(node) in opaque and node != variable:
                known = Partial(node, variable)
            else:
                known = _rule(node)(node, variable, d)
            memo[node] = known
        return known

    return d(term)


Recur = Callable[[Expr], Expr]
Rule = Callable[[Any, Expr, Recur], Expr]
"""A rule for the heads of one class, with which it stands in the table."""


def _rule(node: Expr) -> Rule:
    if node.is_number:
        return _constant
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule
    raise NotDifferentiable(f"no rule for the derivative of {type(node).__name__}")


def _name(node: Expr) -> str:
    """The name of a scalar or of a member's family; empty for anything else."""
    if isinstance(node, Symbol) and not isinstance(node, Dummy):
        return str(node.name)
    return str(node.base.label) if isinstance(node, Indexed) else ""


def _constant(node: Expr, variable: Expr, d: Recur) -> Expr:
    """d c = 0."""
    return Integer(0)


def _symbol(node: Expr, variable: Expr, d: Recur) -> Expr:
    """dx/dx = 1; another scalar, an index or a size does not depend on x."""
    return Integer(1) if node == variable else Integer(0)


def _member(node: Indexed, variable: Expr, d: Recur) -> Expr:
    """∂z_{ab}/∂z_{cd} = δ_{ac} δ_{bd}; members of other families are independent."""
    if not isinstance(variable, Indexed) or node.base.label != variable.base.label:
        return Integer(0)
    if len(node.indices) != len(variable.indices):
        return Integer(0)
    return Mul(*(KroneckerDelta(a, b) for a, b in zip(node.indices, variable.indices, strict=True)))


def _sum_rule(node: Add, variable: Expr, d: Recur) -> Expr:
    """(u + v)' = u' + v'."""
    return Add(*(d(a) for a in node.args))


def _product_rule(node: Mul, variable: Expr, d: Recur) -> Expr:
    """(uv)' = u'v + uv'."""
    parts = []
    for position, factor in enumerate(node.args):
        inner = d(factor)
        if inner != 0:
            parts.append(Mul(inner, *node.args[:position], *node.args[position + 1 :]))
    return Add(*parts)


def _power_rule(node: Pow, variable: Expr, d: Recur) -> Expr:
    """(u^c)' = c u^{c-1} u'; (c^v)' = c^v v' ln c; in general u^v (v' ln u + v u'/u)."""
    base, exponent = node.args
    in_base, in_exponent = d(base), d(exponent)
    if in_exponent == 0:
        return Integer(0) if in_base == 0 else exponent * Pow(base, exponent - 1) * in_base
    return node * (in_exponent * log(base) + exponent * in_base / base)


def _exponential(node: exp, variable: Expr, d: Recur) -> Expr:
    """(e^u)' = e^u u'."""
    return node * d(node.exp)


def _under_sum(node: Sum, variable: Expr, d: Recur) -> Expr:
    """(Σ_k u_k)' = Σ_k u_k' for a finite sum whose limits do not depend on the variable."""
    inner = d(node.function)
    return Integer(0) if inner == 0 else Sum(inner, *node.limits)


def _branches(node: Cases, variable: Expr, d: Recur) -> Expr:
    """The derivative of a case split on indices is taken case by case."""
    return Cases(*((d(value), condition) for value, condition in node.branches))


def _chain_rule(node: Function, variable: Expr, d: Recur) -> Expr:
    """f(u)' = f'(u) u'."""
    parts = []
    for position, argument in enumerate(node.args, 1):
        inner = d(argument)
        if inner != 0:
            parts.append(slope(node, position) * inner)
    return Add(*parts)


def _call_rule(node: Call, variable: Expr, d: Recur) -> Expr:
    """f(u, v)' = f_1(u, v) u' + f_2(u, v) v'."""
    parts = []
    for position, argument in enumerate(node.arguments):
        if isinstance(argument, Expr) and not hasattr(argument, "label"):
            inner = d(argument)
            if inner != 0:
                orders = [order + (position == place) for place, order in enumerate(node.orders)]
                parts.append(Call(node.args[0], node.arguments, orders) * inner)
        else:
            raise NotDifferentiable(f"{node.name} takes a family and is not defined")
    return Add(*parts)


def _opaque(node: Expr, variable: Expr, d: Recur) -> Expr:
    """The derivative of an opaque derivative is one of second order."""
    return Partial(node, variable)


def _of_matrix(node: OfMatrix, variable: Expr, d: Recur) -> Expr | None:
    """The derivative of the matrix's entry, at its own places; None where it is 0."""
    inner = d(node.body)
    return None if inner == 0 else inner


def _inverse_rule(node: InverseEntry, variable: Expr, d: Recur) -> Expr:
    """(T^{-1})' = -T^{-1} T' T^{-1}."""
    inner = _of_matrix(node, variable, d)
    if inner is None:
        return Integer(0)
    p, q = Dummy("p", integer=True), Dummy("q", integer=True)
    row, column = node.place
    moved = inner.xreplace(dict(zip(node.places, (p, q), strict=True)))
    product = inverse_of(node, row, p) * moved * inverse_of(node, q, column)
    return -Sum(Sum(product, (q, *node.span)), (p, *node.span))


def _matrix_exponential_rule(node: ExponentialEntry, variable: Expr, d: Recur) -> Expr:
    """(e^{cM})' = c' M e^{cM} where M does not depend on the variable."""
    if d(node.body) == 0:
        return Integer(0)
    places = set(node.places)
    factors = Mul.make_args(node.body)
    numbers = Mul(*(each for each in factors if not each.free_symbols & places))
    matrix = Mul(*(each for each in factors if each.free_symbols & places))
    if d(matrix) != 0:
        raise NotDifferentiable("the exponential of a matrix by an entry of it")
    p, (row, column) = Dummy("p", integer=True), node.place
    moved = matrix.xreplace(dict(zip(node.places, (row, p), strict=True)))
    return d(numbers) * Sum(moved * ExponentialEntry(*node.args[:5], p, column), (p, *node.span))


def _determinant_rule(node: MatrixDeterminant, variable: Expr, d: Recur) -> Expr:
    """(det T)' = det T tr(T^{-1} T')."""
    inner = _of_matrix(node, variable, d)
    if inner is None:
        return Integer(0)
    p, q = Dummy("p", integer=True), Dummy("q", integer=True)
    moved = inner.xreplace(dict(zip(node.places, (p, q), strict=True)))
    return node * Sum(Sum(inverse_of(node, q, p) * moved, (q, *node.span)), (p, *node.span))


def _product_over(node: Product, variable: Expr, d: Recur) -> Expr:
    """(∏_k u_k)' = ∏_k u_k Σ_k u_k'/u_k, where no factor is 0."""
    inner = d(node.body)
    return Integer(0) if inner == 0 else node * Sum(inner / node.body, (node.variable, *node.span))


def _under_integral(node: Integral, variable: Expr, d: Recur) -> Expr:
    """(∫_a^b f dx)' = ∫_a^b f' dx + f(b) b' − f(a) a'."""
    inner = d(node.body)
    parts: list[Expr] = [] if inner == 0 else [Integral(inner, node.variable, *node.span)]
    for end, side in zip(node.span, (-1, 1), strict=True):
        moved = Integer(0) if isinstance(end, Endless) else d(end)
        if moved != 0:
            parts.append(side * node.body.xreplace({node.variable: end}) * moved)
        elif parts and isinstance(end, Endless):
            raise NotDifferentiable("an integral with an infinite end")
    return Add(*parts)


def limit_of(above: Expr, variable: Symbol, below: Expr, point: Expr) -> Expr:
    """The limit of ``above / below`` as the variable goes to `point`: the value there, or l'Hôpital's rule.

    All terms are continuous where they have a value, but for case splits and functions that jump.

    Raises:
        NotDifferentiable: where neither tells it.
    """
    if isinstance(point, Endless):
        found = at_infinity(above / below, variable, point.sign)
        if found is None or isinstance(found, Endless):
            raise NotDifferentiable("a limit at infinity that is not found")
        return found
    moving = terms.scalar(terms.unused("limit", above, below, point))
    above, below, variable = above.xreplace({variable: moving}), below.xreplace({variable: moving}), moving
    for _ in range(LIMITS):
        if any(part.has(*_JUMPING) or not _is_continuous(part) for part in (above, below)):
            raise NotDifferentiable("a limit of what may jump")
        top, bottom = (part.xreplace({variable: point}) for part in (above, below))
        if bottom != 0:
            return top / bottom
        if top != 0:
            break
        above, below = differentiate(above, variable), differentiate(below, variable)
    raise NotDifferentiable("a limit that is not found")


def _is_continuous(term: Expr) -> bool:
    return all((row := row_of(node)) is not None and row.key in SMOOTH for node in term.atoms(Function))


LIMITS = 3
_JUMPING = (Cases, Partial, Abs, Integral)
_RULES: tuple[tuple[type | tuple[type, ...], Rule], ...] = (
    (Dummy, _constant),
    (Symbol, _symbol),
    (Indexed, _member),
    (Add, _sum_rule),
    (Mul, _product_rule),
    (exp, _exponential),
    (Pow, _power_rule),
    (Sum, _under_sum),
    (KroneckerDelta, _constant),
    (Cases, _branches),
    (Call, _call_rule),
    (InverseEntry, _inverse_rule),
    (ExponentialEntry, _matrix_exponential_rule),
    (MatrixDeterminant, _determinant_rule),
    (Product, _product_over),
    (Integral, _under_integral),
    (Partial, _opaque),
    (Function, _chain_rule),
)
