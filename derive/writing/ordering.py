"""The order in which a person writes summands and factors, which is not the order in which SymPy keeps them.

Factors: number, scalars, members of families, deltas, exponentials, brackets, derivatives, functions, and
last what takes in everything that follows, a sum. Summands: a polynomial by falling degree, anything else
with the positive ones first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from fractions import Fraction
from functools import singledispatch

import sympy
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, Number, Pow, Rational, Sum, Symbol

from derive.terms import binding
from derive.terms.terms import Call, Cases, Partial, Vector
from derive.writing.notation import Written
from derive.writing.spelling import GREEK


class Rank(IntEnum):
    """The places of a product, from left to right."""

    NUMBER = auto()
    NUMBER_POWER = auto()
    CONSTANT = auto()
    GREEK_SCALAR = auto()
    SCALAR = auto()
    MEMBER = auto()
    DELTA = auto()
    EXPONENTIAL = auto()
    CALL = auto()
    ROOT = auto()
    BRACKET = auto()
    PARTIAL = auto()
    FUNCTION = auto()
    CASES = auto()
    OPERATOR = auto()
    SUM = auto()


_RANKS = {
    Indexed: Rank.MEMBER,
    KroneckerDelta: Rank.DELTA,
    sympy.exp: Rank.EXPONENTIAL,
    Call: Rank.CALL,
    sympy.Abs: Rank.ROOT,
    Add: Rank.BRACKET,
    Mul: Rank.BRACKET,
    Cases: Rank.CASES,
    Vector: Rank.CASES,
    Sum: Rank.SUM,
    binding.Product: Rank.SUM,
    binding.Integral: Rank.SUM,
    binding.Limit: Rank.SUM,
}


@dataclass(frozen=True)
class Product:
    """A term as a sign, the factors above the line and those below it."""

    negative: bool
    numerator: tuple[Expr, ...]
    denominator: tuple[Expr, ...]


def product_of(term: Expr) -> Product:
    """`term` taken apart; every term is a product, if only of itself.

    >>> product_of(sympy.Rational(-2, 3) * Symbol("x"))
    Product(negative=True, numerator=(2, x), denominator=(3,))
    """
    negative, above, below = False, list[Expr](), list[Expr]()
    for factor in _flat(term):
        if isinstance(factor, Rational):
            negative ^= factor.p < 0
            above += [sympy.Integer(abs(factor.p))] * (abs(factor.p) != 1)
            below += [sympy.Integer(factor.q)] * (factor.q != 1)
        elif isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp < 0:
            below += [factor.base if factor.exp == -1 else Pow(factor.base, -factor.exp)]
        else:
            above.append(factor)
    return Product(negative, tuple(above), tuple(below))


def _flat(term: Expr) -> list[Expr]:
    return [inner for factor in term.args for inner in _flat(factor)] if isinstance(term, Mul) else [term]


@singledispatch
def rank(factor: Expr) -> Rank:
    """The place of `factor` in a product."""
    return _RANKS.get(type(factor), Rank.FUNCTION)


@rank.register
def _(factor: Number) -> Rank:
    return Rank.NUMBER


@rank.register
def _(factor: sympy.NumberSymbol) -> Rank:
    return Rank.CONSTANT


@rank.register
def _(factor: Symbol) -> Rank:
    return Rank.GREEK_SCALAR if factor.name.lstrip("\\") in GREEK else Rank.SCALAR


@rank.register
def _(factor: Pow) -> Rank:
    if isinstance(factor.base, Number):
        return Rank.NUMBER_POWER
    if factor.exp == sympy.S.Half:
        return Rank.ROOT
    return min(rank(factor.base), Rank.BRACKET) if isinstance(factor.base, Sum | Partial) else rank(factor.base)


@rank.register
def _(factor: Partial) -> Rank:
    return Rank.PARTIAL if is_named(innermost(factor)[0]) else Rank.OPERATOR


def innermost(term: Partial) -> tuple[Expr, tuple[Expr, ...]]:
    """What is differentiated in ``∂/∂u ∂/∂v f``, and by what, outermost first."""
    variables: list[Expr] = []
    inner: Expr = term
    while isinstance(inner, Partial):
        variables.append(inner.variable)
        inner = inner.expr
    return inner, tuple(variables)


def is_named(term: Expr) -> bool:
    """Whether `term` stands by itself above the line of a derivative, without brackets."""
    return isinstance(term, Symbol | Indexed | sympy.IndexedBase) or (isinstance(term, Call) and not any(term.orders))


def order_factors(factors: Sequence[tuple[Expr, Written]]) -> list[tuple[Expr, Written]]:
    """Factors in the order of `Rank`, those of one rank by name, derivatives as the chain rule links them."""
    placed = sorted(factors, key=lambda pair: (rank(pair[0]), natural(pair[1].source)))
    links = [pair for pair in placed if rank(pair[0]) is Rank.PARTIAL and isinstance(pair[0], Partial)]
    chain = iter(_linked(links))
    return [next(chain) if pair in links else pair for pair in placed]


def _linked(links: list[tuple[Expr, Written]]) -> list[tuple[Expr, Written]]:
    """``∂L/∂a`` before ``∂a/∂z``."""
    waiting, chain = list(links), []
    while waiting:
        variables = {other.variable for other, _ in waiting if isinstance(other, Partial)}
        heads = [link for link in waiting if isinstance(link[0], Partial) and link[0].expr not in variables]
        chain.append((heads or waiting)[0])
        waiting.remove(chain[-1])
    return chain


@dataclass(frozen=True)
class Summand:
    """A summand, its sign, and its writing without the sign."""

    term: Expr
    negative: bool
    body: Written


def order_summands(summands: Sequence[Summand]) -> list[Summand]:
    """Summands as a person orders them: ``x^2 - 2 x + 1``, ``1 - a_i``, ``1 + e^{-x}``, ``a_i - y_i``."""
    constants_first = all(_exponential(summand.term) for summand in summands if summand.term.free_symbols)

    def place(summand: Summand) -> tuple[bool, Fraction, bool, Natural]:
        constant = not summand.term.free_symbols
        bracketed = any(isinstance(_base(factor), Add) for factor in product_of(summand.term).numerator)
        return constant != constants_first, -degree(summand.term), bracketed, natural(summand.body.source)

    falling = sorted(summands, key=place)
    if _one_generator(summands) and not falling[0].negative:
        return falling
    return sorted(falling, key=lambda summand: summand.negative)


def _one_generator(summands: Sequence[Summand]) -> bool:
    """Whether the summands are multiples of powers of one thing."""
    bases: set[Expr] = set()
    for summand in summands:
        parts = product_of(summand.term)
        bases |= {_base(factor) for factor in (*parts.numerator, *parts.denominator) if not isinstance(factor, Number)}
    return len(bases) == 1


def _base(factor: Expr) -> Expr:
    return factor.base if isinstance(factor, Pow) else factor


def _exponential(term: Expr) -> bool:
    return degree(term) <= 0 and term.has(sympy.exp)


@singledispatch
def degree(term: Expr) -> Fraction:
    """The degree of `term` in its scalars and families; sizes, deltas and functions count as numbers."""
    return Fraction(0)


@degree.register
def _(term: Symbol) -> Fraction:
    return Fraction(0) if term.is_integer and term.is_positive else Fraction(1)


@degree.register
def _(term: Indexed) -> Fraction:
    return Fraction(1)


@degree.register
def _(term: Add) -> Fraction:
    return max(degree(argument) for argument in term.args)


@degree.register
def _(term: Mul) -> Fraction:
    return sum((degree(argument) for argument in term.args), Fraction(0))


@degree.register
def _(term: Pow) -> Fraction:
    return degree(term.base) * Fraction(term.exp.p, term.exp.q) if isinstance(term.exp, Rational) else Fraction(0)


@degree.register
def _(term: Sum) -> Fraction:
    return degree(term.function)


@degree.register
def _(term: Cases) -> Fraction:
    return max(degree(value) for value, _ in term.branches)


Natural = tuple[tuple[tuple[int, int, str], ...], str]


def natural(source: str) -> Natural:
    """A key that sorts names as an index does: without markup, letters in any case, numbers by value, a minus last.

    >>> sorted(["z_{10}", "z_2", "\\\\alpha"], key=natural)
    ['\\\\alpha', 'z_2', 'z_{10}']
    """
    parts = re.split(r"(\d+)", re.sub(r"[\\{}]", "", source).lower().replace("-", "~"))
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part), source
