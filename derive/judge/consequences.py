"""What an equation says in other words, so that what follows from it is found: ``e^u = v`` says ``u = ln v``.

All of it holds wherever the equation does: the exponentials of equal numbers are equal, and so are their squares and, where
they are positive, their logarithms. Of a polynomial in one unknown only the factors that are 0 at a real number count.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy
from flint import fmpq, fmpq_poly
from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log

from derive.terms.context import Fact

HIGHEST = 12
"""The highest degree of a polynomial that is taken apart."""


def consequences(fact: Fact) -> Iterator[Fact]:
    """Equations that hold wherever `fact` does.

    >>> from derive.terms import terms
    >>> x = terms.scalar("x")
    >>> [each.left for each in consequences(Fact(x**3, "=", Integer(8)))]
    [x - 2]
    """
    if fact.relation != "=" or fact.forall:
        return
    left, right = fact.left, fact.right
    if isinstance(left, Pow) and left.exp.is_Integer and left.exp.is_positive and right == 0:
        yield Fact(left.base, "=", Integer(0))
    if left.has(Abs) or right.has(Abs) or _is_root(left) or _is_root(right):
        yield Fact(left**2, "=", right**2)
    if left.has(log) or right.has(log):
        yield Fact(exp(left), "=", exp(right))
    if (left.has(exp) or right.has(exp)) and left.is_positive and right.is_positive:
        yield Fact(log(left), "=", log(right))
    if (zeros := _real_factors(left - right)) is not None:
        yield Fact(zeros, "=", Integer(0))


def _is_root(term: Expr) -> bool:
    return isinstance(term, Pow) and term.exp == Rational(1, 2)


def _real_factors(difference: Expr) -> Expr | None:
    """The product of the factors of a polynomial that may be 0, each once; None for anything else, or where nothing is new."""
    symbols = difference.free_symbols
    unknown = next(iter(symbols), None)
    if len(symbols) != 1 or not isinstance(unknown, Symbol) or unknown.is_integer:
        return None
    expanded = sympy.expand(difference)
    found = [expanded.coeff(unknown, degree) for degree in range(HIGHEST + 1)]
    coefficients = [each for each in found if isinstance(each, Rational)]
    if len(coefficients) < len(found):
        return None
    if sympy.expand(expanded - Add(*(each * unknown**k for k, each in enumerate(coefficients)))) != 0:
        return None
    whole = fmpq_poly([fmpq(int(each.p), int(each.q)) for each in coefficients])
    if whole.degree() < 2:
        return None
    factors = [(factor, times) for factor, times in whole.factor()[1] if factor.degree()]
    kept = [factor for factor, _ in factors if not _is_never_zero(factor)]
    if len(kept) == len(factors) and all(times == 1 for _, times in factors):
        return None
    terms = (Add(*(Rational(int(c.p), int(c.q)) * unknown**k for k, c in enumerate(factor.coeffs()))) for factor in kept)
    return Mul(*terms, evaluate=False) if kept else None


def _is_never_zero(factor: fmpq_poly) -> bool:
    """Whether it is a square with something positive added."""
    if factor.degree() != 2:
        return False
    c, b, a = factor.coeffs()
    return bool(b * b < 4 * a * c)
