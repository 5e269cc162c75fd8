"""The normal form of each head of terms, by the law of its outermost operation: a rule each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from flint import fmpq
from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Dummy,
    E,
    Eq,
    Expr,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Mul,
    Ne,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    pi,
)
from sympy.core.function import Function

from derive.normal.algebra.knowledge import Knowledge, Square
from derive.normal.algebra.polynomial import UNIT, ZERO, Poly, exponent_of, number, total
from derive.normal.algebra.ring import OutOfDomain, Ring, ZeroDivision
from derive.normal.functions.elementary import LAWS, ROUNDED
from derive.normal.matrices.arrays import NoMatrix, inverse_entry, square_of
from derive.normal.matrices.determinants import determinant_of
from derive.normal.matrices.exponentials import exponential_entry
from derive.normal.series.sums import complement, substitute, sum_over
from derive.normal.unfold import is_nameable
from derive.terms.arrays import ExponentialEntry, InverseEntry, MatrixDeterminant, OfMatrix
from derive.terms.binding import Product
from derive.terms.context import Range
from derive.terms.elementary import row_of
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call, Cases, Partial, peel


class OutsideFragment(ValueError):
    """A head that has no normal form."""


class Forming(Protocol):
    """What the rules need of the normaliser that they are part of."""

    ring: Ring
    knowledge: Knowledge

    def form(self, term: Expr) -> Poly: ...

    def own_index(self, symbol: Symbol, span: Range) -> Symbol: ...


def _number(normal: Forming, term: Rational) -> Poly:
    return number(fmpq(int(term.p), int(term.q)))


def _symbol(normal: Forming, term: Symbol) -> Poly:
    return normal.ring.scalar(term)


def _member(normal: Forming, term: Indexed) -> Poly:
    return normal.ring.member(str(term.base.label), tuple(term.indices))


def _opaque(normal: Forming, term: Expr) -> Poly:
    """∂E/∂a_i of a primitive E is a member of the family ∂E/∂a."""
    if not is_nameable(term):  # an index expression, which a substitution made of an index
        raise OutsideFragment(f"the derivative {term} has no normal form")
    return normal.ring.member(name_of(term), positions_of(term))


def _add(normal: Forming, term: Add) -> Poly:
    return total(normal.form(a) for a in term.args)


def _mul(normal: Forming, term: Mul) -> Poly:
    result = UNIT
    for factor in sorted(term.args, key=lambda a: isinstance(a, (Add, Sum))):
        result = normal.ring.product(result, normal.form(factor))
    return result


def _pow(normal: Forming, term: Pow) -> Poly:
    base, exponent = term.args
    return normal.ring.power(normal.form(base), exponent_of(normal.form(exponent)))


def _exp(normal: Forming, term: exp) -> Poly:
    """Of ``exp(u)`` and of ``Pow(E, u, evaluate=False)``, which SymPy counts as an exp too."""
    return normal.ring.exp(normal.form(term.exp))


def _log(normal: Forming, term: log) -> Poly:
    if len(term.args) == 2:
        return normal.ring.product(normal.form(log(term.args[0])), normal.ring.inverse(normal.form(log(term.args[1]))))
    return normal.ring.log(normal.form(term.args[0]))


def _constant(normal: Forming, term: Expr) -> Poly:
    return normal.ring.of(normal.ring.intern.atom("pi" if term is pi else "e"))


def _abs(normal: Forming, term: Abs) -> Poly:
    return normal.ring.absolute(normal.form(term.args[0]))


def _sum(normal: Forming, term: Sum) -> Poly:
    body, variable, low, high = peel(term)
    own = normal.own_index(variable, Range(low, high))
    if own is not variable:  # another instance of one definition has other limits
        body, variable = body.xreplace({variable: own}), own
    return sum_over(normal.ring, normal.form(body), variable, low, high)


def _delta(normal: Forming, term: KroneckerDelta) -> Poly:
    return normal.ring.delta(*term.args)


def _cases(normal: Forming, term: Cases) -> Poly:
    """Σ of the branches, each times the indicator of its condition and of the failure of those before it."""
    result, remaining = ZERO, UNIT
    for value, condition in term.branches:
        if condition is S.true:
            return result + normal.ring.product(remaining, normal.form(value))
        if condition is S.false:
            continue
        if isinstance(condition, Eq):
            chosen = _at_equal(normal, value, *condition.args)
        elif isinstance(condition, Ne):
            chosen = _off_equal(normal, value, condition)
        elif isinstance(condition, And) and len(apart := _inequalities(condition)) == len(condition.args):
            chosen = _off_equal(normal, value, *sorted(apart, key=str))
        else:
            chosen = normal.ring.product(_indicator(normal, condition), normal.form(value))
        result = result + normal.ring.product(remaining, chosen)
        remaining = normal.ring.product(remaining, UNIT - _indicator(normal, condition))
    if remaining:
        raise OutsideFragment("a case split that does not cover every case")
    return result


def _inequalities(condition: And) -> list[Ne]:
    return [part for part in condition.args if isinstance(part, Ne)]


def _indicator(normal: Forming, condition: Basic) -> Poly:
    """1 where the condition on indices holds, 0 elsewhere."""
    if isinstance(condition, Eq):
        return normal.ring.delta(*condition.args)
    if isinstance(condition, Ne):
        return UNIT - normal.ring.delta(*condition.args)
    if isinstance(condition, And):
        result = UNIT
        for part in condition.args:
            result = normal.ring.product(result, _indicator(normal, part))
        return result
    raise OutsideFragment(f"a case split on {condition}")


def _at_equal(normal: Forming, value: Expr, a: Expr, b: Expr) -> Poly:
    """δ_{ab} f, where f need be defined only at a = b."""
    delta = normal.ring.delta(a, b)
    if not delta:
        return ZERO
    for symbol, other in ((a, b), (b, a)):
        if isinstance(symbol, Symbol) and not isinstance(symbol, Dummy):
            return normal.ring.product(delta, normal.form(value.xreplace({symbol: other})))
    return normal.ring.product(delta, normal.form(value))


def _off_equal(normal: Forming, value: Expr, *conditions: Ne) -> Poly:
    """∏ (1 − δ_{ab}) f; where f is not defined at a = b the two are kept together."""
    sames = [normal.knowledge.coincide(*condition.args) for condition in conditions]
    if True in sames:
        return ZERO
    form = normal.form(value)
    for same, condition in zip(sames, conditions, strict=True):
        a, b = condition.args
        if same is not False:
            form = normal.ring.product(_apart(normal, form, a, b), form)
    return form


def _apart(normal: Forming, form: Poly, a: Expr, b: Expr) -> Poly:
    """1 − δ_{ab}, in one piece where `form` has no value at a = b."""
    symbol, other = (a, b) if isinstance(a, Symbol) else (b, a)
    try:
        if isinstance(symbol, Symbol):
            substitute(normal.ring, form, {symbol: other})
    except (ZeroDivision, OutOfDomain):
        return complement(normal.ring, a, b)
    return UNIT - normal.ring.delta(a, b)


def _function(normal: Forming, term: Function) -> Poly:
    """By the function's law; what SymPy rounds is an atom of its argument."""
    name, row = type(term).__name__, row_of(term)
    form = ROUNDED.get(name) if row is None else LAWS[row.key].form
    if form is None:
        raise OutsideFragment(f"{name} has no normal form")
    return form(normal.ring, normal.form(term.args[0]))


def _call(normal: Forming, term: Call) -> Poly:
    if any(isinstance(a, IndexedBase) for a in term.arguments):
        raise OutsideFragment(f"{term.name} takes a family and is not defined")
    arguments = tuple(normal.form(a) for a in term.arguments)
    return normal.ring.of(normal.ring.intern.atom("function", f"call {term.name}", term.orders, arguments))


def _square(normal: Forming, term: OfMatrix) -> Square:
    """The matrix of a term, in normal form; its entries may depend on no index but their places."""
    others = term.body.free_symbols - set(term.places)
    if any(symbol.is_integer and not symbol.is_positive for symbol in others):
        raise OutsideFragment("a matrix whose entries depend on a further index")
    return square_of(normal.ring, Range(*term.span), lambda row, column: normal.form(term.at(row, column)))


def _inverse(normal: Forming, term: InverseEntry) -> Poly:
    try:
        return inverse_entry(normal.ring, _square(normal, term), *term.place)
    except NoMatrix as problem:
        raise OutsideFragment(str(problem)) from problem


def _exponential(normal: Forming, term: ExponentialEntry) -> Poly:
    try:
        return exponential_entry(normal.ring, _square(normal, term), *term.place)
    except NoMatrix as problem:
        raise OutsideFragment(str(problem)) from problem


def _determinant(normal: Forming, term: MatrixDeterminant) -> Poly:
    try:
        square = _square(normal, term)
        if _is_diagonal(square):
            own = Dummy("k", integer=True)
            return normal.form(Product(term.at(own, own), own, *term.span))
        return determinant_of(normal.ring, square)
    except NoMatrix as problem:
        raise OutsideFragment(str(problem)) from problem


def _is_diagonal(square: Square) -> bool:
    """Whether every entry beside the diagonal is 0, and those on it depend on their place."""
    places = set(square.places)
    terms_ = list(square.entry)
    beside = all(any(atom.kind == "delta" and set(atom.data) == places for atom, _ in m) for m, _ in terms_)
    depends = any(places & atom.free for m, _ in terms_ for atom, _ in m if atom.kind != "delta")
    return bool(terms_) and beside and depends


RULES: tuple[tuple[type[Expr], Callable[[Forming, Any], Poly]], ...] = (
    (Rational, _number),
    (type(pi), _constant),
    (type(E), _constant),
    (Symbol, _symbol),
    (Indexed, _member),
    (Add, _add),
    (Mul, _mul),
    (exp, _exp),
    (Pow, _pow),
    (Sum, _sum),
    (log, _log),
    (KroneckerDelta, _delta),
    (Abs, _abs),
    (Cases, _cases),
    (Partial, _opaque),
    (Call, _call),
    (InverseEntry, _inverse),
    (ExponentialEntry, _exponential),
    (MatrixDeterminant, _determinant),
    (Function, _function),
)


def form_of(normal: Forming, term: Expr) -> Poly:
    """The normal form of a term by the rule of its head.

    Raises:
        OutsideFragment: for a head without a rule.
    """
    for kind, rule in RULES:
        if isinstance(term, kind):
            return rule(normal, term)
    raise OutsideFragment(f"{type(term).__name__} has no normal form")
