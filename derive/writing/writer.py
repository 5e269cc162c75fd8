r"""Terms as a person writes them, in LaTeX and in plain text.

``latex`` turns ``Sum(...) * a[i] - y[i]`` into ``a_i \sum_{j=1}^{n} y_j - y_i``. What it writes reads back
as the same term: the scope of a sum takes in products and stops at + and −, and brackets are put where
this rule, or a function's argument, would take in too much. The same term gives the same text in every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

import sympy
from sympy import Add, And, Basic, Expr, Indexed, KroneckerDelta, Mul, Ne, Or, Pow, Sum, Symbol, factorial
from sympy.core.numbers import ComplexInfinity, Exp1, ImaginaryUnit, Infinity, NaN, NegativeInfinity, Pi
from sympy.core.relational import Relational
from sympy.core.sympify import _sympify
from sympy.functions.elementary.trigonometric import TrigonometricFunction

from derive.terms import binding
from derive.terms.arrays import ExponentialEntry, InverseEntry, MatrixDeterminant, OfMatrix
from derive.terms.context import Context
from derive.terms.elementary import row_of
from derive.terms.relations import BY_SYMBOL, RelationKey, judged
from derive.terms.terms import Call, Cases, Partial, Vector, dots, unrestricted
from derive.writing.bound import bound, ranged
from derive.writing.lettering import free_names
from derive.writing.markup import LatexNotation
from derive.writing.notation import Level, Notation, Written
from derive.writing.ordering import (
    Product,
    Rank,
    Summand,
    innermost,
    is_named,
    natural,
    order_factors,
    order_summands,
    product_of,
    rank,
)
from derive.writing.scope import Scope
from derive.writing.text import PlainNotation

_FUNCTIONS = {"Max": "max", "Min": "min"}
"""What is written for functions of several numbers."""

_CONSTANTS = {
    Pi: "pi",
    Infinity: "oo",
    NegativeInfinity: "-oo",
    ImaginaryUnit: "i",
    ComplexInfinity: "undefined",
    NaN: "undefined",
}

_TAILS = frozenset({Rank.PARTIAL, Rank.CASES, Rank.OPERATOR, Rank.SUM})
"""What a person keeps beside a fraction, not above its line (1/n, and then the sum)."""


class UnwritableTerm(ValueError):
    """A term with a head that the vocabulary of terms does not have."""


def latex(term: Expr, context: Context | None = None) -> str:
    r"""`term` in LaTeX; `context` says which ranges need not be written (``\sum_{j \ne i}``).

    >>> x = Symbol("x")
    >>> latex(x * (1 - x) / 2)
    '\\frac{x \\left(1 - x\\right)}{2}'

    Raises `UnwritableTerm` for a head that is no part of the vocabulary.
    """
    return _written([term], LatexNotation(), context)[0]


def text(term: Expr, context: Context | None = None) -> str:
    """`term` in plain characters, on one line.

    >>> text(Symbol("x") ** 2 / 2)
    'x^2/2'
    """
    return _written([term], PlainNotation(), context)[0]


def relation(op: RelationKey) -> str:
    r"""The LaTeX of one of ``= < > <= >= !=``.

    >>> relation("!=")
    '\\ne'
    """
    return LatexNotation().relation(op)


def claim_latex(left: Expr, op: RelationKey, right: Expr, context: Context | None = None) -> str:
    """``left op right`` in LaTeX, with the same letters on both sides."""
    first, second = _written([left, right], LatexNotation(), context)
    return f"{first} {relation(op)} {second}"


def claim_text(left: Expr, op: RelationKey, right: Expr, context: Context | None = None) -> str:
    """``left op right`` in plain characters."""
    notation = PlainNotation()
    first, second = _written([left, right], notation, context)
    return f"{first} {notation.relation(op)} {second}"


def _written(formulas: Sequence[Expr], notation: Notation, context: Context | None) -> list[str]:
    terms = [_sympify(formula) for formula in formulas]
    scope = Scope(notation, free_names(terms), context or Context())
    return [_write(term, scope).source for term in terms]


@singledispatch
def _write(term: Basic, scope: Scope) -> Written:
    raise UnwritableTerm(f"expected a term of derive.terms.terms, found {type(term).__name__}: {term!r}")


# Atoms


@_write.register
def _(term: Symbol, scope: Scope) -> Written:
    if term == dots():
        return scope.notation.constant("dots")
    return scope.notation.name(scope.names.get(term, term.name))


@_write.register
def _(term: sympy.Integer, scope: Scope) -> Written:
    return Written(str(int(term)), Level.SIGNED if term < 0 else Level.ATOM)


@_write.register
def _(term: sympy.Float, scope: Scope) -> Written:
    return _write(sympy.Rational(str(term)), scope)


@_write.register(Pi)
@_write.register(Infinity)
@_write.register(NegativeInfinity)
@_write.register(ImaginaryUnit)
@_write.register(ComplexInfinity)
@_write.register(NaN)
def _(term: Expr, scope: Scope) -> Written:
    return scope.notation.constant(_CONSTANTS[type(term)])


@_write.register
def _(term: Exp1, scope: Scope) -> Written:
    if scope.letter_e_is_free:
        return scope.notation.constant("e")
    return scope.notation.exponential(Written("1", Level.ATOM), letter_is_free=False)


@_write.register
def _(term: Indexed, scope: Scope) -> Written:
    positions = [_write(position, scope).source for position in term.indices]
    return scope.notation.member(str(term.base.label), positions)


@_write.register
def _(term: sympy.IndexedBase, scope: Scope) -> Written:
    return scope.notation.name(str(term.label))


@_write.register
def _(term: KroneckerDelta, scope: Scope) -> Written:
    positions = sorted(
        term.args[:2],
        key=lambda position: (not isinstance(position, Symbol), position.is_number, natural(_write(position, scope).source)),
    )
    return scope.notation.delta([_write(position, scope).source for position in positions])


# Products and powers


@_write.register(Mul)
@_write.register(sympy.Rational)
def _(term: Expr, scope: Scope) -> Written:
    parts = product_of(term)
    body = _quotient(parts, scope)
    return _negated(body, scope) if parts.negative else body


def _negated(body: Written, scope: Scope) -> Written:
    inside = body.source if body.level >= Level.PRODUCT else scope.notation.bracket(body.source)
    return Written(f"-{inside}", Level.SIGNED)


def _quotient(parts: Product, scope: Scope) -> Written:
    """The product without its sign; sums and derivatives stand beside a fraction unless there is a sum below too."""
    if not parts.denominator:
        return _run(parts.numerator, scope)
    beside = {rank(factor) for factor in parts.denominator} & _TAILS
    tails = [factor for factor in parts.numerator if not beside and rank(factor) in _TAILS]
    above = [factor for factor in parts.numerator if factor not in tails]
    fraction = scope.notation.fraction(_run(above, scope), _run(parts.denominator, scope))
    return _juxtaposed([fraction, *_ordered(tails, scope)], scope)


def _run(factors: Sequence[Expr], scope: Scope) -> Written:
    return _juxtaposed(_ordered(factors, scope), scope) if factors else Written("1", Level.ATOM)


def _ordered(factors: Sequence[Expr], scope: Scope) -> list[Written]:
    return [written for _, written in order_factors([(factor, _write(factor, scope)) for factor in factors])]


def _juxtaposed(factors: Sequence[Written], scope: Scope) -> Written:
    """Factors side by side; one that takes in what follows it is closed unless it is the last."""
    if len(factors) == 1:
        return factors[0]
    *before, last = factors
    bracket = scope.notation.bracket
    pieces = [factor.sealed if factor.level >= Level.PRODUCT else bracket(factor.source) for factor in before]
    pieces.append(last.source if last.level >= Level.PRODUCT else bracket(last.source))
    source = scope.notation.product(pieces)
    return Written(source, Level.PRODUCT, None if last.closed is None else bracket(source))


@_write.register
def _(term: Pow, scope: Scope) -> Written:
    base, exponent = term.args
    if exponent.is_Rational and exponent < 0:
        return _quotient(product_of(term), scope)
    if exponent == sympy.S.Half:
        return scope.notation.root(_write(base, scope))
    if isinstance(base, TrigonometricFunction) and exponent.is_Integer:
        return scope.notation.function(_function_name(base), [_write(base.args[0], scope)], str(exponent))
    below = _write(base, scope)
    source = below.source if below.level == Level.ATOM else scope.notation.bracket(below.source)
    return scope.notation.power(source, _write(exponent, scope))


@_write.register
def _(term: sympy.exp, scope: Scope) -> Written:
    return scope.notation.exponential(_write(term.args[0], scope), scope.letter_e_is_free)


# Sums


@_write.register
def _(term: Add, scope: Scope) -> Written:
    summands = []
    for argument in term.args:
        parts = product_of(argument)
        body = _quotient(parts, scope)
        if body.level < Level.PRODUCT:
            body = Written(scope.notation.bracket(body.source), Level.ATOM)
        summands.append(Summand(argument, parts.negative, body))
    first, *others = order_summands(summands)
    source = ("-" if first.negative else "") + first.body.source
    return Written(source + "".join(f" {'-' if s.negative else '+'} {s.body.source}" for s in others), Level.SUM)


@_write.register
def _(term: Sum, scope: Scope) -> Written:
    *inner, (variable, low, high) = term.limits
    summed = Sum(term.function, *inner) if inner else term.function
    body, excluded = unrestricted(summed, variable)
    limits, inside = ranged(body, excluded, variable, (low, high), scope, _write)
    return scope.notation.sum(limits, inside)


@_write.register(binding.Product)
@_write.register(binding.Integral)
@_write.register(binding.Limit)
@_write.register(binding.Endless)
def _(term: Expr, scope: Scope) -> Written:
    return bound(term, scope, _write)


# Functions, derivatives, lists


@_write.register(sympy.Function)
@_write.register(sympy.Max)
@_write.register(sympy.Min)
def _(term: Expr, scope: Scope) -> Written:
    arguments = [_write(argument, scope) for argument in term.args]
    if isinstance(term, sympy.Max | sympy.Min):
        arguments.sort(key=lambda argument: natural(argument.source))
    return scope.notation.function(_function_name(term), arguments)


def _function_name(term: Expr) -> str:
    row, name = row_of(term), type(term).__name__
    return _FUNCTIONS.get(name, name) if row is None else row.written


@_write.register
def _(term: sympy.core.function.AppliedUndef, scope: Scope) -> Written:
    return scope.notation.call(type(term).__name__, [], [_write(argument, scope).source for argument in term.args])


@_write.register
def _(term: Call, scope: Scope) -> Written:
    """A derivative in one of several arguments is a partial derivative where the arguments are scalars of their own."""
    separate = all(isinstance(x, Symbol) for x in term.arguments) and len(set(term.arguments)) == len(term.arguments)
    if separate and len(term.arguments) > 1 and any(term.orders):
        derivative: Expr = Call(term.args[0], term.arguments)
        for argument, order in reversed([*zip(term.arguments, term.orders, strict=True)]):
            for _ in range(order):
                derivative = Partial(derivative, argument)
        return _write(derivative, scope)
    return scope.notation.call(term.name, term.orders, [_write(argument, scope).source for argument in term.arguments])


@_write.register(InverseEntry)
@_write.register(ExponentialEntry)
@_write.register(MatrixDeterminant)
def _(term: OfMatrix, scope: Scope) -> Written:
    """As a call of the entry at the places of the matrix, and of the place where it is taken."""
    row, column = term.places
    body = _write(term.body, scope.binding(row).binding(column)).source
    places = [_write(place, scope).source for place in term.args[5:]]
    name = "expm" if isinstance(term, ExponentialEntry) else "inv" if places else "det"
    return scope.notation.call(name, [], [body, *places])


@_write.register
def _(term: sympy.Abs, scope: Scope) -> Written:
    return scope.notation.absolute(_write(term.args[0], scope))


@_write.register
def _(term: factorial, scope: Scope) -> Written:
    argument = _write(term.args[0], scope)
    return scope.notation.factorial(
        argument.source if argument.level == Level.ATOM else scope.notation.bracket(argument.source)
    )


@_write.register
def _(term: Partial, scope: Scope) -> Written:
    inner, variables = innermost(term)
    counted: list[tuple[Expr, int]] = []
    for variable in variables:
        if counted and counted[-1][0] == variable:
            counted[-1] = (variable, counted[-1][1] + 1)
        else:
            counted.append((variable, 1))
    below = [(_variable(_write(variable, scope), count, scope), count) for variable, count in counted]
    return scope.notation.partial(_write(inner, scope), not is_named(inner), below)


def _variable(written: Written, count: int, scope: Scope) -> str:
    bare = written.level == Level.ATOM or (written.level == Level.TIGHT and count == 1)
    return written.source if bare else scope.notation.bracket(written.source)


@_write.register
def _(term: Vector, scope: Scope) -> Written:
    return scope.notation.vector([_write(entry, scope).source for entry in term.entries])


# Cases and conditions


@_write.register
def _(term: Cases, scope: Scope) -> Written:
    """A second case that is all the rest names what it is where the first says ``i = j`` or ``i ≠ j``."""
    branches = list(term.branches)
    first = branches[0][1]
    if len(branches) == 2 and isinstance(first, sympy.Eq | Ne) and branches[1][1] == sympy.true:
        branches[1] = (branches[1][0], first.negated)
    rows = [
        (_write(value, scope).source, None if condition == sympy.true else _write(condition, scope).source)
        for value, condition in branches
    ]
    return scope.notation.cases(rows)


@_write.register
def _(term: Relational, scope: Scope) -> Written:
    left, right = (_write(side, scope).source for side in term.args)
    return Written(f"{left} {scope.notation.relation(judged(BY_SYMBOL[term.rel_op].key))} {right}", Level.SUM)


@_write.register(And)
@_write.register(Or)
def _(term: Basic, scope: Scope) -> Written:
    word = scope.notation.words(" and " if isinstance(term, And) else " or ")
    parts = sorted((_write(argument, scope).source for argument in term.args), key=natural)
    return Written(word.join(parts), Level.SUM)
