"""Limits at plus and minus infinity, from inside out: sums, products, powers, exponentials, logarithms, tanh.

What these are of limits that are known, finite or not, is known where the rules of arithmetic with infinities say it; what they
leave open, such as a difference of infinities, is not found.
"""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol, exp, log, tanh

from derive.terms.binding import Endless


def at_infinity(term: Expr, variable: Symbol, sign: int) -> Expr | None:
    """The limit of a term as the variable goes to +∞ or −∞, an :class:`Endless` or a number; None where it is not found."""
    if variable not in term.free_symbols:
        return term
    if term == variable:
        return Endless(Integer(sign))
    if not isinstance(term, (Add, Mul, Pow, exp, log, tanh)):
        return None
    parts = [at_infinity(part, variable, sign) for part in term.args]
    if any(part is None for part in parts):
        return None
    known = [part for part in parts if part is not None]
    if isinstance(term, Add):
        return _sum(known)
    if isinstance(term, Mul):
        return _product(known)
    if isinstance(term, exp):
        return _exponential(known[0])
    if isinstance(term, Pow):
        return _power(*known)
    return _logarithm(known[0]) if isinstance(term, log) else _hyperbolic(known[0])


def _sum(parts: list[Expr]) -> Expr | None:
    signs = {part.sign for part in parts if isinstance(part, Endless)}
    if len(signs) == 2:
        return None
    return Endless(Integer(signs.pop())) if signs else Add(*parts)


def _product(parts: list[Expr]) -> Expr | None:
    if not any(isinstance(part, Endless) for part in parts):
        return Mul(*parts)
    sign = 1
    for part in parts:
        if isinstance(part, Endless):
            sign *= part.sign
        elif isinstance(part, Rational) and part != 0:
            sign *= 1 if part > 0 else -1
        else:
            return None
    return Endless(Integer(sign))


def _exponential(inner: Expr) -> Expr:
    if isinstance(inner, Endless):
        return inner if inner.sign > 0 else Integer(0)
    return exp(inner)


def _power(base: Expr, exponent: Expr) -> Expr | None:
    if not isinstance(exponent, Rational) or exponent == 0:
        return None
    if isinstance(base, Endless):
        if not exponent.is_Integer and base.sign < 0:
            return None
        if exponent < 0:
            return Integer(0)
        return base if base.sign > 0 or int(exponent) % 2 else Endless(Integer(1))
    if exponent.is_Integer and exponent > 0:
        return base**exponent
    defined = isinstance(base, Rational) and (base > 0 or exponent.is_Integer and base != 0)
    return base**exponent if defined else None


def _logarithm(inner: Expr) -> Expr | None:
    if isinstance(inner, Endless):
        return inner if inner.sign > 0 else None
    return log(inner) if isinstance(inner, Rational) and inner > 0 else None


def _hyperbolic(inner: Expr) -> Expr:
    return Integer(inner.sign) if isinstance(inner, Endless) else tanh(inner)
