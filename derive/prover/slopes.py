"""The laws of differentiation, one function each, for one level of a term.

Each takes ``∂`` of the parts from its argument `d`: with a `d` that only writes ``∂u/∂v`` a law shows itself, with one
that goes on to the inside everything is carried out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sympy import Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, Symbol, exp, log
from sympy.core.function import Function

from derive.normal.functions.elementary import NotDifferentiable, slope
from derive.prover import rules
from derive.prover.parts import rebuild
from derive.prover.rules import Rule
from derive.terms.arrays import InverseEntry, MatrixDeterminant, OfMatrix, inverse_of
from derive.terms.terms import Call, Cases, Partial, bound

Inner = Callable[[Expr], Expr]
Depends = Callable[[Expr], bool]


@dataclass
class Slopes:
    """Derivatives by one variable; `depends` tells what depends on it, `used` collects the laws."""

    variable: Expr
    depends: Depends
    used: dict[Rule, None] = field(default_factory=dict)

    def one_level(self, term: Expr) -> Expr:
        """``∂ term`` with the law of its outermost operation applied, what is inside still as ``∂u/∂v``."""
        return self._apply(term, self._written)

    def carried_out(self, term: Expr) -> Expr:
        """``∂ term`` carried out down to the variable and to defined quantities that depend on it."""
        return self._apply(term, self.carried_out)

    def finished(self, term: Expr) -> Expr:
        """`term` with each derivative by the variable that it shows carried out."""
        if isinstance(term, Partial) and term.variable == self.variable:
            return self.carried_out(term.expr)
        if not term.has(Partial):
            return term
        return rebuild(term, self.finished)

    def _written(self, term: Expr) -> Expr:
        """∂(c u)/∂v as c ∂u/∂v, nothing more."""
        if not self.depends(term):
            return Integer(0)
        constant, rest = self._constant_part(term)
        return Mul(*constant, Integer(1) if rest == self.variable else Partial(rest, self.variable))

    def _constant_part(self, term: Expr) -> tuple[list[Expr], Expr]:
        constant: list[Expr] = []
        rest: list[Expr] = []
        for factor in Mul.make_args(term):
            (rest if self.depends(factor) else constant).append(factor)
        return constant, Mul(*rest)

    def _apply(self, term: Expr, d: Inner) -> Expr:
        if not self.depends(term):
            return Integer(0)
        constant, rest = self._constant_part(term)
        if rest == self.variable:
            return Mul(*constant)
        rule, law = _law_of(rest, self.depends)
        result = law(self, rest, d)
        if rule is not None:
            self.used.setdefault(rule)
        return Mul(*constant, *Mul.make_args(result))


def _leaf(self: Slopes, term: Expr, d: Inner) -> Expr:
    """A defined quantity: its derivative is a lemma of its own."""
    return Partial(term, self.variable)


def _member(self: Slopes, term: Indexed, d: Inner) -> Expr:
    """∂z_{ab}/∂z_{cd} = δ_{ac} δ_{bd}."""
    by = self.variable
    if not isinstance(by, Indexed) or term.base != by.base or len(term.indices) != len(by.indices):
        return Partial(term, by)
    return Mul(*(KroneckerDelta(a, b) for a, b in zip(term.indices, by.indices, strict=True)))


def _sum_rule(self: Slopes, term: Add, d: Inner) -> Expr:
    """(u + v)' = u' + v'."""
    return Add(*(d(a) for a in term.args))


def _under_sum(self: Slopes, term: Sum, d: Inner) -> Expr:
    """(Σ_k u_k)' = Σ_k u_k'; a factor without k is left where it is."""
    inner = d(term.function)
    return inner if inner == 0 else Sum(inner, *term.limits)


def _product_rule(self: Slopes, term: Mul, d: Inner) -> Expr:
    """(u v)' = u' v + u v'."""
    parts = []
    for position, factor in enumerate(term.args):
        parts.append(Mul(d(factor), *term.args[:position], *term.args[position + 1 :]))
    return Add(*parts)


def _quotient_rule(self: Slopes, term: Expr, d: Inner) -> Expr:
    """(u / v)' = (u' v − u v') / v²."""
    above, below = _quotient(term, self.depends)
    return Mul(Add(Mul(d(above), below), Mul(-1, above, d(below))), Pow(below, -2))


def _reciprocal_rule(self: Slopes, term: Expr, d: Inner) -> Expr:
    """(1 / v)' = −v' / v²."""
    _, below = _quotient(term, self.depends)
    return Mul(-1, d(below), Pow(below, -2))


def _power_rule(self: Slopes, term: Pow, d: Inner) -> Expr:
    """(u^c)' = c u^{c−1} u'."""
    base, exponent = term.args
    return Mul(exponent, Pow(base, exponent - 1), d(base))


def _general_power(self: Slopes, term: Pow, d: Inner) -> Expr:
    """(c^v)' = c^v v' ln c; in general (u^v)' = u^v (v' ln u + v u'/u)."""
    base, exponent = term.args
    if not self.depends(base):
        return Mul(term, log(base), d(exponent))
    return Mul(term, Add(Mul(d(exponent), log(base)), Mul(exponent, d(base), Pow(base, -1))))


def _exponential(self: Slopes, term: exp, d: Inner) -> Expr:
    """(e^u)' = e^u u'."""
    return Mul(term, d(term.args[0]))


def _logarithm(self: Slopes, term: log, d: Inner) -> Expr:
    """(ln u)' = u' / u."""
    return Mul(Pow(term.args[0], -1), d(term.args[0]))


def _function(self: Slopes, term: Function, d: Inner) -> Expr:
    """f(u, v)' = f_1(u, v) u' + f_2(u, v) v'."""
    return Add(*(Mul(slope(term, place), d(argument)) for place, argument in enumerate(term.args, 1) if self.depends(argument)))


def _call(self: Slopes, term: Call, d: Inner) -> Expr:
    """f(u, v)' = f_1(u, v) u' + f_2(u, v) v' for a declared function."""
    parts = []
    for position, argument in enumerate(term.arguments):
        if hasattr(argument, "label"):
            raise NotDifferentiable(f"{term.name} takes a family")
        if self.depends(argument):
            orders = [order + (position == place) for place, order in enumerate(term.orders)]
            parts.append(Mul(Call(term.args[0], term.arguments, orders), d(argument)))
    return Add(*parts)


def _branches(self: Slopes, term: Cases, d: Inner) -> Expr:
    """A case split on indices is differentiated case by case."""
    return Cases(*((d(value), condition) for value, condition in term.branches))


def _inverse(self: Slopes, term: InverseEntry, d: Inner) -> Expr:
    """(T^{-1})' = −T^{-1} T' T^{-1}."""
    (p, q), inner = _moved(term, d)
    row, column = term.place
    return Mul(-1, _over(Mul(inverse_of(term, row, p), inner, inverse_of(term, q, column)), (p, q), term))


def _determinant(self: Slopes, term: MatrixDeterminant, d: Inner) -> Expr:
    """(det T)' = det T tr(T^{-1} T')."""
    (p, q), inner = _moved(term, d)
    return Mul(term, _over(Mul(inverse_of(term, q, p), inner), (p, q), term))


def _moved(term: OfMatrix, d: Inner) -> tuple[tuple[Symbol, Symbol], Expr]:
    """Two fresh indices, and the derivative of the matrix's entry there."""
    p, q = bound("k"), bound("l")
    return (p, q), d(term.at(p, q))


def _over(body: Expr, indices: tuple[Symbol, Symbol], term: OfMatrix) -> Expr:
    p, q = indices
    return Sum(Sum(body, (q, *term.span)), (p, *term.span))


Law = Callable[[Slopes, Any, Inner], Expr]
"""A law for the heads of one class, with which it stands in the table."""
_LAWS: tuple[tuple[type, Rule | None, Law], ...] = (
    (Indexed, rules.COORDINATES, _member),
    (Add, rules.SUM_RULE, _sum_rule),
    (Sum, rules.UNDER_SUM, _under_sum),
    (exp, rules.EXPONENTIAL, _exponential),
    (log, rules.LOGARITHM, _logarithm),
    (Cases, rules.BRANCHES, _branches),
    (Call, rules.FUNCTION, _call),
    (Function, rules.FUNCTION, _function),
    (InverseEntry, rules.INVERSE, _inverse),
    (MatrixDeterminant, rules.DETERMINANT, _determinant),
    (Partial, None, _leaf),
)


def _law_of(term: Expr, depends: Depends) -> tuple[Rule | None, Law]:
    """The law for the outermost operation of `term`."""
    if isinstance(term, (Mul, Pow)):
        return _law_of_product(term, depends)
    for kind, rule, law in _LAWS:
        if isinstance(term, kind):
            return rule, law
    if isinstance(term, Symbol):
        return None, _leaf
    raise NotDifferentiable(f"no rule for the derivative of {type(term).__name__}")


def _law_of_product(term: Mul | Pow, depends: Depends) -> tuple[Rule | None, Law]:
    above, below = _quotient(term, depends)
    if below != 1:
        return (rules.QUOTIENT_RULE, _quotient_rule) if depends(above) else (rules.RECIPROCAL_RULE, _reciprocal_rule)
    if isinstance(term, Mul):
        return rules.PRODUCT_RULE, _product_rule
    if depends(term.args[1]):
        return rules.GENERAL_POWER, _general_power
    return rules.POWER_RULE, _power_rule


def _quotient(term: Expr, depends: Depends) -> tuple[Expr, Expr]:
    """Numerator and denominator; the denominator is what stands under a negative whole power."""
    above, below = [], []
    for factor in Mul.make_args(term):
        if isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp < 0 and depends(factor.base):
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    return Mul(*above), Mul(*below)
