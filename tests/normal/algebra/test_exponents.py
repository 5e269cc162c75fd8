"""Exponents as numbers and as polynomials."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from sympy import Integer, exp

from derive.normal.algebra.exponents import (
    comes_before,
    content_of,
    forces_sign,
    leading_term,
    negated,
    prime_factors,
    quotient,
    split_exponent,
    times,
)
from derive.normal.algebra.polynomial import ONE, Poly, TooLarge, monomial, number
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context
from derive.terms.terms import scalar

x, u, v = scalar("x"), scalar("u"), scalar("v")
normal = Normaliser(Context())
A, B = (normal.ring.intern.atom("scalar", s) for s in (x, u))
X, U = normal(x), normal(u)


def constant_and(poly, whole):
    return poly + number(whole)


@pytest.mark.parametrize(
    ("exponent", "whole", "rest"),
    [
        (3, 3, 0),
        (0, 0, 0),
        (-2, -2, 0),
        (Fraction(1, 2), 0, Fraction(1, 2)),
        (Fraction(-1, 2), -1, Fraction(1, 2)),
        (Fraction(7, 3), 2, Fraction(1, 3)),
        (Fraction(-7, 3), -3, Fraction(2, 3)),
        (X, 0, X),
        (X + number(2), 2, X),
        (X + number(-2), -2, X),
        (X + number(fmpq(5, 2)), 2, X + number(fmpq(1, 2))),
        (X + number(fmpq(-5, 2)), -3, X + number(fmpq(1, 2))),
    ],
)
def test_the_whole_part_of_an_exponent(exponent, whole, rest):
    assert split_exponent(exponent) == (whole, rest)


def test_the_negative_of_an_exponent():
    assert (negated(2), negated(Fraction(1, 2)), negated(X)) == (-2, Fraction(-1, 2), -X)


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [
        (2, 3, 6),
        (2, Fraction(1, 2), 1),
        (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6)),
        (Fraction(3, 2), 5, Fraction(15, 2)),
        (X, 2, X.scaled(fmpq(2))),
        (3, X, X.scaled(fmpq(3))),
        (X, 0, 0),
        (X, U, normal(x * u)),
        (X + number(1), X - number(1), normal(x**2 - 1)),
        (X + U, X - U, normal(x**2 - u**2)),
        (X + U + number(1), X + U + number(1), normal((x + u + 1) ** 2)),
    ],
)
def test_the_product_of_exponents(a, b, product):
    found = times(a, b)
    assert found == product
    assert type(found) is type(product)


def test_the_order_of_exponents():
    assert comes_before(1, 2) is True
    assert comes_before(2, 2) is False
    assert comes_before(Fraction(1, 2), 1) is True
    for a, b in ((number(1), X), (X, X.scaled(fmpq(2))), (X, U), (X, X + number(1)), (U, X + U)):
        assert comes_before(a, b) is not comes_before(b, a)
        assert comes_before(a, b) is comes_before(a + X + U, b + X + U)
    assert comes_before(X.scaled(fmpq(1, 2)), X) is not comes_before(X, X.scaled(fmpq(1, 2)))
    assert comes_before(X.scaled(fmpq(1, 2)), X) is comes_before(0, X)
    assert comes_before(X, X) is False
    assert comes_before(0, X + number(1)) is True
    assert comes_before(X + number(1), 0) is False


def test_the_content_is_the_common_divisor():
    assert content_of(normal(4 * x + 6 * u)) == 2
    assert content_of(normal(x / 4 + u / 6)) == fmpq(1, 12)
    assert content_of(normal(2 * x / 3 + 4 * u / 9)) == fmpq(2, 9)
    assert content_of(normal(-3 * x)) == 3
    assert content_of(normal(-3 * x - 6 * u + 9)) == 3


def test_primes_of_rationals():
    assert prime_factors(fmpq(12)) == [(2, 2), (3, 1)]
    assert prime_factors(fmpq(1)) == []
    assert prime_factors(fmpq(9, 8)) == [(3, 2), (2, -3)]
    assert prime_factors(fmpq(2**160 - 1)) != []
    assert prime_factors(fmpq(1, 2**160 - 1)) != []
    for large in (fmpq(2**160), fmpq(1, 2**160)):
        with pytest.raises(TooLarge, match="^a number too large to factor$"):
            prime_factors(large)


def test_the_leading_term_has_the_highest_degree():
    poly = normal(x**2 + 3 * x * u * v + 5 * u + exp(x))
    assert leading_term(poly) == (next(iter(normal(x * u * v)))[0], 3)
    assert leading_term(normal(2 * x + 3 * u)) == (((A, 1),), 2)
    assert leading_term(normal(x**2 + u**3)) == (((B, 3),), 1)


@pytest.mark.parametrize(
    ("m", "by", "result"),
    [
        ({A: 2}, {A: 1}, {A: 1}),
        ({A: 2}, {A: 2}, {}),
        ({A: 1}, {A: 2}, None),
        ({A: 2, B: 1}, {A: 1}, {A: 1, B: 1}),
        ({A: 2}, {B: 1}, None),
        ({A: 2, B: 3}, {A: 2, B: 1}, {B: 2}),
        ({A: Fraction(3, 2)}, {A: 1}, None),
        ({A: 2}, {A: Fraction(1, 2)}, None),
        ({A: X}, {A: 1}, None),
        ({A: 2}, {A: X}, None),
        ({A: 2}, {}, {A: 2}),
        ({A: -1}, {A: -2}, {A: 1}),
        ({}, {A: -1}, {A: 1}),
        ({}, {A: 1}, None),
    ],
)
def test_a_quotient_of_monomials_has_no_new_negative_powers(m, by, result):
    assert quotient(monomial(m), monomial(by)) == (None if result is None else monomial(result))


def test_which_powers_force_a_sign():
    assert [forces_sign(e) for e in (1, -1, 3, Fraction(1, 2))] == [True] * 4
    assert [forces_sign(e) for e in (2, 0, -2, X)] == [False] * 4


def test_the_empty_monomial():
    assert Poly({ONE: fmpq(1)}) == number(Integer(1).p)
