"""Fractions under a sum: the division by powers of one monomial, and the shapes to which it applies."""

from __future__ import annotations

import pytest
from flint import fmpq
from sympy import Integer, exp

from derive.normal.algebra.partial_fractions import STEPS, _division, _whole_part, in_one_monomial, reduced
from derive.normal.algebra.polynomial import Poly, TooLarge, exponent_poly, number
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context
from derive.terms.terms import family, index, scalar, size, summation

i, k, l = (index(name) for name in "ikl")
n = size("n")
x, u = scalar("x"), scalar("u")
z, p = family("z"), family("p")
ONE = Integer(1)
BARE = Context()


def total(body):
    return summation(body, k, ONE, n)


def equal(left, right):
    normal = Normaliser(BARE)
    return normal.is_zero(normal(left) - normal(right))


E, Q = exp(z[k]), p[k]


@pytest.mark.parametrize(
    ("term", "right", "wrong"),
    [
        (total(E / (1 + E)), n - total(1 / (1 + E)), n - total(1 / (1 - E))),
        (total(E**2 / (1 + E)), total(E) - n + total(1 / (1 + E)), total(E) - total(1 / (1 + E))),
        (total(1 / (E * (1 + E))), total(1 / E) - total(1 / (1 + E)), total(1 / E) + total(1 / (1 + E))),
        (total(E / (1 + E) ** 2), total(1 / (1 + E)) - total(1 / (1 + E) ** 2), total(1 / (1 + E))),
        (total(Q**2 / (1 + Q**2)), n - total(1 / (1 + Q**2)), n - total(1 / (1 + Q))),
        (total(Q**3 / (1 + Q**2)), total(Q) - total(Q / (1 + Q**2)), total(Q) - total(1 / (1 + Q**2))),
        (total(Q / (2 + 3 * Q)), (n - 2 * total(1 / (2 + 3 * Q))) / 3, (n - total(1 / (2 + 3 * Q))) / 3),
        (
            total(Q**2 / (1 + Q + Q**2)),
            n - total(1 / (1 + Q + Q**2)) - total(Q / (1 + Q + Q**2)),
            n - total(1 / (1 + Q + Q**2)),
        ),
        (total(x * E / (1 + E)), x * n - x * total(1 / (1 + E)), n - total(1 / (1 + E))),
        (total(E * z[k] / (1 + E)), total(z[k]) - total(z[k] / (1 + E)), total(z[k])),
        (total(exp(2 * z[k]) / (1 + exp(2 * z[k]))), n - total(1 / (1 + exp(2 * z[k]))), n - total(1 / (1 + E))),
        (total(E / ((1 + E) * (1 + Q)) * (1 + Q)), n - total(1 / (1 + E)), n),
        (total(1 / (1 + exp(-z[k]))), total(E / (1 + E)), total(1 / (1 + E))),
        (total(exp(z[k] + x) / (1 + exp(z[k] + x))), n - total(1 / (1 + exp(z[k] + x))), n - total(1 / (1 + E))),
        (total(E / ((1 + E) * (1 + Q))), total(1 / (1 + Q)) - total(1 / ((1 + E) * (1 + Q))), total(1 / (1 + Q))),
        (total(Q / ((1 + E) * (1 + Q))), total(1 / (1 + E)) - total(1 / ((1 + E) * (1 + Q))), total(1 / (1 + E))),
        (
            total(E / ((1 + E) * (1 + E + Q))),
            total(1 / (1 + E + Q)) - total(1 / ((1 + E) * (1 + E + Q))),
            total(1 / (1 + E + Q)),
        ),
        (
            total(Q / ((1 + Q) * (1 + E + Q))),
            total(1 / (1 + E + Q)) - total(1 / ((1 + Q) * (1 + E + Q))),
            total(1 / (1 + E + Q)),
        ),
        (total(E / ((1 + E) * (1 + Q * z[k]))), total(1 / (1 + Q * z[k])) - total(1 / ((1 + E) * (1 + Q * z[k]))), n),
        (total(Q / ((1 + Q) * (1 + E * z[k]))), total(1 / (1 + E * z[k])) - total(1 / ((1 + Q) * (1 + E * z[k]))), n),
        (total(E / (1 + E) + Q / (1 + Q)), 2 * n - total(1 / (1 + E)) - total(1 / (1 + Q)), n - total(1 / (1 + E))),
    ],
)
def test_fractions_under_a_sum_have_one_form(term, right, wrong):
    assert equal(term, right)
    assert not equal(term, wrong)


def test_what_does_not_depend_on_the_index_is_left_alone():
    normal = Normaliser(BARE)
    body = normal(exp(x) / (1 + exp(x)))
    assert reduced(body, k) == body
    assert reduced(normal(z[k] ** 2), k) == normal(z[k] ** 2)
    other = normal(E / (1 + E))
    assert reduced(other, l) == other
    assert reduced(other, k) == normal(1 - 1 / (1 + E))
    high = normal(exp(65 * z[k]) / (1 + E))
    assert reduced(high, k) == high
    assert reduced(normal(exp(64 * z[k]) / (1 + E)), k) != normal(exp(64 * z[k]) / (1 + E))


@pytest.mark.parametrize(("count", "ends"), [(STEPS - 1, True), (STEPS, False)])
def test_as_many_fractions_as_there_are_steps(count, ends):
    ((((atom, _),), _),) = Normaliser(BARE)(x)
    many = Poly({((atom, power),): fmpq(1) for power in range(1, count + 1)})
    if ends:
        assert reduced(many, k) == many
    else:
        with pytest.raises(TooLarge, match="^fractions that do not come to an end$"):
            reduced(many, k)


def shape(term):
    normal = Normaliser(BARE)
    found = in_one_monomial(normal(term))
    return found if found is None else ([int(c) if c.q == 1 else c for c in found.coefficients], found.degree, found.atom.kind)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (1 + E, ([1, 1], 1, "e")),
        (2 + 3 * Q, ([2, 3], 1, "member")),
        (1 + Q**2, ([1, 1], 1, "member")),
        (1 + Q + Q**2, ([1, 1, 1], 2, "member")),
        (1 + Q**2 + Q**6, ([1, 1, 0, 1], 3, "member")),
        (1 + x**3 - x, ([1, -1, 0, 1], 3, "scalar")),
        (1 + exp(z[k]) + exp(3 * z[k]), ([1, 1, 0, 1], 3, "e")),
        (1 + exp(-z[k]), ([1, 1], 1, "e")),
        (1 + exp(-z[k]) + 3 * exp(-2 * z[k]), ([1, 1, 3], 2, "e")),
        (1 + exp(-z[k]) + exp(-z[k] / 2 - z[l]), None),
        (1 + exp(x + u), ([1, 1], 1, "e")),
        (1 + exp(x + u) + exp(2 * x + 2 * u), ([1, 1, 1], 2, "e")),
        (1 + exp(x + u) + exp(2 * x + u), None),
        (1 + exp(z[k]) + exp(-z[k]), None),
        (E + Q, None),
        (1 + Q * x, None),
        (Q, None),
        (Q + Q**2, None),
        (1 + Q + x, None),
        (1 + Q**2 + Q**3, None),
        (ONE, None),
        (1 + exp(x) + exp(u), None),
        (1 + Q + Q**64, ([1, 1] + [0] * 62 + [1], 64, "member")),
        (1 + Q + Q**65, None),
    ],
)
def test_polynomials_in_one_monomial(term, found):
    assert shape(term) == found


@pytest.mark.parametrize("power", [-3, -1, 0, 1, 2, 5])
@pytest.mark.parametrize("coefficients", [(1, 1), (2, 3), (1, 0, 1), (1, -1, 2), (5, 1, 0, 1)])
def test_division_by_a_polynomial(power, coefficients):
    """t^power = s P + r with the exponents of r from 0 to deg P − 1."""
    divisor = tuple(fmpq(c) for c in coefficients)
    quotient, remainder = _division(power, divisor)
    degree = len(divisor) - 1
    assert all(0 <= d < degree for d in remainder)
    product = dict(remainder)
    for d, c in quotient.items():
        for e, b in enumerate(divisor):
            product[d + e] = product.get(d + e, fmpq(0)) + c * b
    assert {d: c for d, c in product.items() if c != 0} == {power: fmpq(1)}
    assert all(c != 0 for c in (*quotient.values(), *remainder.values()))


def test_the_whole_part_along_a_step():
    normal = Normaliser(BARE)
    step = normal(z[1])
    for exponent, whole, rest in (
        (normal(3 * z[1]), 3, 0),
        (normal(3 * z[1] + x), 3, normal(x)),
        (normal(z[1] / 2), 0, normal(z[1] / 2)),
        (normal(-z[1] / 2), -1, normal(z[1] / 2)),
        (normal(x), 0, normal(x)),
        (5, 0, 5),
    ):
        assert _whole_part(exponent, step) == (whole, rest)
    two = exponent_poly(2)
    assert _whole_part(5, two) == (2, 1)
    assert _whole_part(-1, two) == (-1, 1)
    assert number(2) == two
    assert isinstance(two, Poly)
