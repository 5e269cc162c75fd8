"""Exponents and coefficients of normal forms: whole parts, products, an order, contents, prime factors."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpz

from derive.normal.algebra.polynomial import (
    ONE,
    Monomial,
    Poly,
    TooLarge,
    exponent_of,
    exponent_poly,
    exponent_sum,
    monomial,
    monomial_key,
    monomial_product,
)


def split_exponent(exponent: int | Fraction | Poly) -> tuple[int, int | Fraction | Poly]:
    """The whole part of the exponent's constant term, and what remains.

    >>> split_exponent(Fraction(-1, 2))
    (-1, Fraction(1, 2))
    """
    if isinstance(exponent, int):
        return exponent, 0
    if isinstance(exponent, Fraction):
        whole = exponent.numerator // exponent.denominator
        return whole, exponent - whole
    constant = exponent.terms.get(ONE, fmpq(0))
    whole = int(constant.p // constant.q)
    return whole, exponent_sum(exponent, -whole)


def negated(exponent: int | Fraction | Poly) -> int | Fraction | Poly:
    """−exponent."""
    return -exponent


def times(a: int | Fraction | Poly, b: int | Fraction | Poly) -> int | Fraction | Poly:
    """The product of exponents; symbolic ones multiply as polynomials in independent atoms."""
    if not isinstance(a, Poly) and not isinstance(b, Poly):
        value = a * b
        return int(value) if value == int(value) else value
    left, right = exponent_poly(a), exponent_poly(b)
    result: dict[Monomial, fmpq] = {}
    for m, c in left:
        for other, d in right:
            joined = monomial_product(m, other)
            result[joined] = result.get(joined, fmpq(0)) + c * d
    return exponent_of(Poly({m: c for m, c in result.items() if c != 0}))


def comes_before(a: int | Fraction | Poly, b: int | Fraction | Poly) -> bool:
    """A total order of exponents that is kept under adding the same exponent to both."""
    if not isinstance(a, Poly) and not isinstance(b, Poly):
        return a < b
    difference = exponent_poly(b) - exponent_poly(a)
    return bool(difference) and difference.ordered[-1][1] > 0


def content_of(poly: Poly) -> fmpq:
    """The positive rational of which all coefficients are integer multiples without common divisor."""
    above, below = fmpz(0), fmpz(1)
    for _, c in poly:
        above = above.gcd(c.p)
        below = below * c.q // below.gcd(c.q)
    return fmpq(abs(above), below)


def prime_factors(c: fmpq) -> list[tuple[int, int]]:
    """The primes of a positive rational with their exponents."""
    if c.p.bit_length() > 160 or c.q.bit_length() > 160:
        raise TooLarge("a number too large to factor")
    found = [(int(p), int(e)) for p, e in c.p.factor()] + [(int(p), -int(e)) for p, e in c.q.factor()]
    return [(p, e) for p, e in found if p != 1]


def leading_term(poly: Poly) -> tuple[Monomial, fmpq]:
    """The term that a reduction removes: of highest degree, then last in order."""
    return max(poly, key=lambda item: (sum(e for _, e in item[0] if isinstance(e, int)), monomial_key(item[0])))


def quotient(m: Monomial, by: Monomial) -> Monomial | None:
    """m / by if it has no new negative powers."""
    powers = dict(m)
    for atom, exponent in by:
        present = powers.get(atom, 0)
        if not isinstance(present, int) or not isinstance(exponent, int) or present < exponent:
            return None
        powers[atom] = present - exponent
    return monomial(powers)


def forces_sign(exponent: int | Fraction | Poly) -> bool:
    """Whether atom^exponent > 0 (as under a root or a logarithm) makes the atom positive: for odd and broken powers."""
    return isinstance(exponent, Fraction) or (isinstance(exponent, int) and exponent % 2 != 0)
