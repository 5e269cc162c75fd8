"""What is known of indices and signs: certain where it is, and nothing where a value in the ranges speaks against it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sympy import Integer, Symbol

from derive.normal.normaliser import Normaliser
from derive.terms.context import Context, Fact, Range
from derive.terms.terms import index, size

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
ZERO, ONE, TWO = Integer(0), Integer(1), Integer(2)
BARE = Context()
AT_LEAST_3 = Fact(n, ">=", Integer(3))
RANGES = (
    BARE.with_range(j, Range(ZERO, n))
    .with_range(k, Range(TWO, n - 1))
    .with_range(l, Range(i, n))
    .with_range(m, Range(Integer(-2), Integer(5)))
)


def knowing(*facts, context=RANGES):
    return Normaliser(context.assume(*facts)).knowledge


@pytest.mark.parametrize(
    ("expression", "certain"),
    [
        (ZERO, True),
        (ONE, True),
        (-ONE, False),
        (i, True),
        (i - 1, True),
        (i - 2, False),
        (-i, False),
        (n - i, True),
        (n - i - 1, False),
        (n - i + 1, True),
        (j, True),
        (j - 1, False),
        (n - j, True),
        (n - j - 1, False),
        (k, True),
        (k - 2, True),
        (k - 3, False),
        (n - k, True),
        (n - k - 1, True),
        (n - k - 2, False),
        (l - i, False),
        (l - i - 1, False),
        (l - 1, True),
        (n - l, True),
        (l - 2, False),
        (i - l, False),
        (m + 2, True),
        (m + 1, False),
        (5 - m, True),
        (4 - m, False),
        (2 * m + 4, True),
        (2 * m + 3, False),
        (10 - 2 * m, True),
        (n, True),
        (n - 1, True),
        (n - 2, False),
        (-n, False),
        (1 - n, False),
        (2 * n - 2, True),
        (2 * n - 3, False),
        (n + d - 2, True),
        (n - d, False),
        (n + d - 3, False),
        (i + j - 1, True),
        (i + j - 2, False),
        (i * j, False),
        (n * i, False),
        (i + Symbol("r", real=True), False),
        (n**2, False),
        (Symbol("r", real=True) - 1, False),
        (-i - j + 2 * n, True),
        (-i - j + 2 * n - 1, False),
    ],
)
def test_an_index_expression_is_at_least_zero(expression, certain):
    known = knowing()
    assert known.at_least_zero(expression) is certain
    assert known.used == {}


def test_the_least_size_is_used_where_it_is_needed():
    known = knowing(AT_LEAST_3)
    assert known.at_least_zero(n - 1) is True
    assert known.at_least_zero(2 * n - 6) is True
    assert list(known.used) == [AT_LEAST_3]
    assert known.at_least_zero(n - 4) is False
    assert known.at_least_zero(3 - n) is False
    assert known.at_least_zero(d - 2) is False
    strict = knowing(Fact(n, ">", TWO))
    assert strict.at_least_zero(n - 3) is True
    assert strict.at_least_zero(n - 4) is False
    weak = knowing(Fact(n, ">=", ZERO))
    assert weak.at_least_zero(n - 1) is True
    assert weak.used == {}
    above = knowing(Fact(TWO, "<", n))
    assert above.at_least_zero(n - 3) is True
    assert above.at_least_zero(n - 4) is False


def test_least_values_are_remembered_from_two_on():
    two = Fact(n, ">=", TWO)
    known = knowing(two)
    assert known.at_least_zero(n - 2) is True
    assert list(known.used) == [two]


def test_ranges_are_followed_for_four_steps():
    chain = [index(f"r_{step}") for step in range(5)]
    context = BARE
    for below, above in pairwise(chain):
        context = context.with_range(above, Range(below, n))
    known = knowing(context=context)
    assert [known.at_least_zero(symbol - 1) for symbol in chain] == [True] * 4 + [False]
    assert known.at_least_zero(n - chain[4]) is True


def test_ranges_that_depend_on_each_other_come_to_an_end():
    turning = BARE.with_range(i, Range(j, n)).with_range(j, Range(i, n))
    assert knowing(context=turning).at_least_zero(i - 1) is False
    assert knowing(context=turning).at_least_zero(n - i) is True


@pytest.mark.parametrize(
    ("target", "low", "high", "answer"),
    [
        (i, ONE, n, True),
        (i, ZERO, n, True),
        (i, ONE, n + 1, True),
        (i, TWO, n, None),
        (i, ONE, n - 1, None),
        (i, ONE, d, None),
        (k, TWO, n - 1, True),
        (k, ONE, n, True),
        (k, Integer(3), n, None),
        (j, ONE, n, None),
        (j, ZERO, n, True),
        (ONE, ONE, n, True),
        (ZERO, ONE, n, False),
        (TWO, ONE, n, None),
        (-ONE, ZERO, n, False),
        (n, ONE, n, True),
        (n + 1, ONE, n, False),
        (n + 1, ONE, n + 1, True),
        (n, ONE, n - 1, False),
        (n - 1, ONE, n, None),
        (i + 1, ONE, n, None),
        (i + 1, TWO, n + 1, True),
        (i - 1, ZERO, n, True),
        (i - 1, ONE, n, None),
        (i + n, ONE, n, False),
        (i, l, n, None),
        (l, i, n, True),
        (m, Integer(-2), Integer(5), True),
        (m, Integer(6), Integer(9), False),
        (m, Integer(5), Integer(9), None),
        (m, Integer(-9), Integer(-3), False),
        (m, Integer(-9), Integer(-2), None),
        (d, ONE, n, None),
        (d, ONE, d, True),
    ],
)
def test_an_index_expression_within_a_range(target, low, high, answer):
    assert knowing().within(target, low, high) is answer


def test_a_range_that_may_be_empty_contains_its_own_index():
    """Where i ∈ 2..n there is an n ≥ 2: what is said of i is said of values that it has."""
    own = knowing(context=BARE.with_range(i, Range(TWO, d)).with_range(j, Range(n, d)))
    assert own.within(i, TWO, d) is True
    assert own.within(j, n, d) is True
    assert own.within(j, n, n) is None
    assert own.within(j, d, d) is None


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        (i, i, True),
        (i, j, None),
        (i, i + 1, False),
        (i + 1, i, False),
        (ONE, TWO, False),
        (ONE, ONE, True),
        (i, ONE, None),
        (i, ZERO, False),
        (ZERO, i, False),
        (i, n + 1, False),
        (n + 1, i, False),
        (i, n, None),
        (k, ONE, False),
        (k, n, False),
        (k, TWO, None),
        (k, n - 1, None),
        (j, ZERO, None),
        (m, Integer(6), False),
        (m, Integer(-3), False),
        (m, Integer(5), None),
        (m, Integer(-2), None),
        (i + 1, j + 1, None),
    ],
)
def test_two_index_expressions_coincide(a, b, answer):
    known = knowing()
    assert known.coincide(a, b) is answer
    assert known.used == {}


def test_a_stated_difference_is_used():
    apart = Fact(i, "!=", j)
    known = knowing(apart)
    assert (known.coincide(i, l), list(known.used)) == (None, [])
    assert (known.coincide(j, i), list(known.used)) == (False, [apart])
    assert known.coincide(i, i) is True
