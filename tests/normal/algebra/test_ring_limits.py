"""What has no normal form, and how large one may become."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from sympy import Integer, KroneckerDelta, Max, Mul, Pow, Rational, log

from derive.normal.algebra.polynomial import LIMIT, Poly, TooLarge, number
from derive.normal.algebra.ring import OutOfDomain, ZeroDivision
from derive.normal.forms import OutsideFragment
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context
from derive.terms.terms import index, scalar

i, j = (index(name) for name in "ij")
x, u, v = (scalar(name) for name in ("x", "u", "v"))
ZERO = Integer(0)
BARE = Context()
DELTA = KroneckerDelta(i, j)


def equal(left, right, context=BARE):
    normal = Normaliser(context)
    return normal.is_zero(normal(left) - normal(right))


def power(base, exponent):
    return Pow(base, exponent, evaluate=False)


@pytest.mark.parametrize(
    ("term", "problem", "message"),
    [
        (power(Mul(ZERO, x, evaluate=False), -1), ZeroDivision, "a denominator is 0"),
        (power(x - x, -1), ZeroDivision, "a denominator is 0"),
        (power(Mul(ZERO, x, evaluate=False), x), ZeroDivision, "0 to a power that need not be positive"),
        (power(Mul(ZERO, x, evaluate=False), Rational(-1, 2)), ZeroDivision, "0 to a power that need not be positive"),
        (1 / DELTA, ZeroDivision, "a Kronecker delta in a denominator"),
        (log(Integer(0), evaluate=False), OutOfDomain, "the logarithm of 0"),
        (log(Integer(-2), evaluate=False), OutOfDomain, "the logarithm of -2"),
        (power(Integer(-2), Rational(1, 3)), OutOfDomain, "the root of -2"),
        (power(Integer(-2), x), OutOfDomain, "the root of -2"),
        ((x + 1) ** 65, TooLarge, "a power higher than 64 of a sum"),
        (power(Integer(3), 10**6), TooLarge, "a number with too many digits"),
        (power(Rational(1, 3), 10**6), TooLarge, "a number with too many digits"),
        (Max(x, 1), OutsideFragment, "Max has no normal form"),
    ],
)
def test_what_has_no_normal_form_is_refused(term, problem, message):
    normal = Normaliser(BARE)
    with pytest.raises(problem, match=f"^{message}"):
        normal(term)


def test_the_ends_of_what_is_refused():
    normal = Normaliser(BARE)
    ring = normal.ring
    assert equal((x + 1) ** 64, ((x + 1) ** 32) ** 2)
    assert len(normal(x**1000)) == 1
    assert ring.power(normal(x), 50_000) == ring.of(ring.intern.atom("scalar", x), 50_000)
    with pytest.raises(TooLarge, match="^a number with too many digits$"):
        ring.power(normal(x), 50_001)
    assert ring.power(number(2), 100) == number(2**100)
    assert ring.power(number(0), Fraction(1, 2)) == number(0)
    assert ring.power(number(0), 2) == number(0)
    assert ring.power(normal(x), 0) == number(1)
    assert ring.power(normal(x + 1), 0) == number(1)
    assert ring.power(number(0), 0) == number(1)
    assert ring.power(normal(x + u), -2) == ring.inverse(normal((x + u) ** 2)) or equal((x + u) ** -2, 1 / (x + u) ** 2)
    delta = ring.intern.atom("delta", i, j)
    for exponent in (-1, Fraction(1, 2), normal(x)):
        with pytest.raises(ZeroDivision, match="^a Kronecker delta in a denominator$"):
            ring.of(delta, exponent)
    assert ring.of(delta, 3) == ring.of(delta)
    many = Poly({((ring.intern.atom("scalar", scalar(f"x_{c}")), 1),): fmpq(1) for c in range(200)})
    with pytest.raises(TooLarge, match="^a product with more than 20000 terms$"):
        ring.product(many, many)
    assert len(ring.product(many, number(3))) == 200


def test_a_product_has_at_most_as_many_terms_as_the_limit():
    normal = Normaliser(BARE)
    ((((atom, _),), _),) = normal(x)
    many = Poly({((atom, power),): fmpq(1) for power in range(1, LIMIT + 1)})
    assert len(normal.ring.product(many, normal(3 * u))) == LIMIT
    with pytest.raises(TooLarge, match="^a product with more than 20000 terms$"):
        normal.ring.product(Poly(dict(list(many)[: LIMIT // 2 + 1])), normal(u + v))


def test_a_number_has_at_most_so_many_digits():
    ring = Normaliser(BARE).ring
    assert ring.power(number(256), 10_000).constant() == fmpq(256) ** 10_000
    with pytest.raises(TooLarge, match="^a number with too many digits$"):
        ring.power(number(512), 9_091)
