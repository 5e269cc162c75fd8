"""The laws of finite sums: each by a true equation, and by one that holds if a guard of the law is left out."""

from __future__ import annotations

import pytest
from sympy import Integer, exp

from derive.normal.normaliser import Normaliser
from derive.terms.context import Fact, Range
from tests.normal.symbols import (
    BARE,
    DELTA,
    FROM_ZERO,
    ONE,
    TWO,
    ZERO,
    A,
    V,
    d,
    equal,
    i,
    j,
    k,
    l,
    least,
    m,
    n,
    p,
    total,
    u,
    w,
    x,
    y,
    z,
)

PAIRS = [
    # written out
    ("three terms", BARE, total(z[k], high=3), z[1] + z[2] + z[3], z[1] + z[2]),
    ("from 0 to 2", BARE, total(z[k], low=0, high=2), z[0] + z[1] + z[2], z[1] + z[2] + z[3]),
    ("one term", BARE, total(z[k], low=5, high=5), z[5], z[4]),
    ("no term", BARE, total(z[k], low=3, high=2), ZERO, z[3]),
    ("from i to i + 1", BARE, total(z[k], low=i, high=i + 1), z[i] + z[i + 1], z[i]),
    ("less than no term", BARE, total(ONE, low=3, high=1), ZERO, -ONE),
    # limits moved to 1..n
    ("from 0", BARE, total(z[k], low=0), total(z[k]) + z[0], total(z[k])),
    ("from −1", BARE, total(z[k], low=-1), total(z[k]) + z[0] + z[-1], total(z[k]) + z[0]),
    ("from 2", BARE, total(z[k], low=2), total(z[k]) - z[1], total(z[k]) - z[2]),
    ("from 3 where n ≥ 2", least(2), total(z[k], low=3), total(z[k]) - z[1] - z[2], total(z[k]) - z[1]),
    ("to n − 1", BARE, total(z[k], high=n - 1), total(z[k]) - z[n], total(z[k]) - z[n - 1]),
    ("to n − 2 where n ≥ 2", least(2), total(z[k], high=n - 2), total(z[k]) - z[n] - z[n - 1], total(z[k]) - z[n]),
    ("to n + 1", BARE, total(z[k], high=n + 1), total(z[k]) + z[n + 1], total(z[k]) + z[n]),
    ("to n + 2", BARE, total(z[k], high=n + 2), total(z[k]) + z[n + 1] + z[n + 2], total(z[k]) + z[n + 1]),
    ("from 0 to n − 1", BARE, total(z[k], low=0, high=n - 1), total(z[k]) + z[0] - z[n], total(z[k])),
    ("from 2 to n + 1", BARE, total(z[k], low=2, high=n + 1), total(z[k]) - z[1] + z[n + 1], total(z[k])),
    ("to 2n is another range", BARE, total(z[k], high=2 * n), total(z[l], l, high=2 * n), 2 * total(z[k])),
    ("from i", BARE, total(z[k], low=i), total(z[l], l, low=i), total(z[k])),
    # the index shifted in the body
    ("k + 1 from 0", BARE, total(z[k + 1], low=0, high=n - 1), total(z[k]), total(z[k + 1])),
    ("k − 1 from 2", BARE, total(z[k - 1], low=2, high=n + 1), total(z[k]), total(z[k - 1])),
    (
        "a product of shifted members",
        BARE,
        total(z[k + 1] * p[k + 2], low=0, high=n - 1),
        total(z[k] * p[k + 1]),
        total(z[k] * p[k]),
    ),
    (
        "k as a number is not shifted",
        BARE,
        total(k * z[k + 1], low=0, high=n - 1),
        total(k * z[k + 1]) - n * z[n + 1],
        total(k * z[k]),
    ),
    ("a factor beside a shifted member", BARE, total(x * z[k + 1], low=0, high=n - 1), x * total(z[k]), x * total(z[k + 1])),
    ("2k is no shift", BARE, total(z[2 * k]), total(z[2 * l], l), total(z[k])),
    ("n − k is no shift", BARE, total(z[n - k]), total(z[n - l], l), total(z[k])),
    # a delta
    ("sifted", BARE, total(DELTA(i, k) * z[k]), z[i], total(z[k])),
    ("sifted from the other side", BARE, total(DELTA(k + 1, i + 1) * z[k]), z[i], z[i + 1]),
    ("out of range", BARE, total(DELTA(k, 0) * z[k]), ZERO, z[0]),
    ("out of range above", BARE, total(DELTA(k, n + 1) * z[k]), ZERO, z[n + 1]),
    ("perhaps in range", least(2), total(DELTA(k, 2) * z[k]), z[2], ZERO),
    ("two deltas", BARE, total(DELTA(i, k) * DELTA(j, k) * z[k]), DELTA(i, j) * z[i], z[i]),
    (
        "a delta of the index and its mirror",
        BARE,
        total(DELTA(k, n + 1 - k) * z[k]),
        total(DELTA(l, n + 1 - l) * z[l], l),
        total(z[k]),
    ),
    ("sifted from 0", BARE, total(DELTA(k, 1) * z[k], low=0), z[1], ZERO),
    (
        "a delta of 2k that starts at 0 or later",
        FROM_ZERO,
        total(DELTA(2 * k, 0) * z[k], low=i),
        total(DELTA(2 * l, 0) * z[l], l, low=i),
        ZERO,
    ),
    (
        "a delta of 2k in an inner sum",
        FROM_ZERO,
        total(total(DELTA(2 * l, 0) * w[k, l], l, low=i) ** 2),
        total(total(total(DELTA(2 * l, 0) * w[k, l] * DELTA(2 * m, 0) * w[k, m], m, low=i), l, low=i), k),
        ZERO,
    ),
    (
        "a delta that cannot be solved beside one that can",
        BARE,
        total(DELTA(k, n + 1 - k) * DELTA(i, k) * z[k]),
        DELTA(i, n + 1 - i) * z[i],
        z[i],
    ),
    ("a delta of 2k beside one of k", BARE, total(DELTA(2 * k, j) * DELTA(k, i) * z[k]), DELTA(2 * i, j) * z[i], z[i]),
    ("a delta without the index", BARE, total(DELTA(i, j) * z[k]), DELTA(i, j) * total(z[k]), total(z[k])),
    ("a delta beside a factor", BARE, total(x * DELTA(i, k) * z[k] * p[k]), x * z[i] * p[i], x * z[i] * p[k]),
    # taken out
    ("a factor", BARE, total(x * z[k] * u), x * u * total(z[k]), x * total(z[k])),
    ("a factor in an exponent", BARE, total(exp(z[k] + x) * u), u * exp(x) * total(exp(z[k])), u * total(exp(z[k] + u))),
    ("a denominator", BARE, total(z[k] / (1 + exp(x))), total(z[k]) / (1 + exp(x)), total(z[k])),
    ("a member with another index", BARE, total(z[i] * p[k]), z[i] * total(p[k]), total(z[k] * p[k])),
    # closed forms
    ("how many", BARE, total(ONE), n, n + 1),
    ("how many from 0", BARE, total(ONE, low=0), n + 1, n),
    ("how many from i", BARE, total(ONE, low=i), n - i + 1, n - i),
    ("how many up to i", BARE, total(ONE, high=i), i, n),
    ("how many to n − 1", BARE, total(ONE, high=n - 1), n - 1, n),
    ("k", BARE, total(k), n * (n + 1) / 2, n * n / 2),
    ("k²", BARE, total(k**2), n * (n + 1) * (2 * n + 1) / 6, n**3 / 3),
    ("k z_k is no power of k", BARE, total(k * z[k]), total(l * z[l], l), n * (n + 1) / 2),
    ("k³", BARE, total(k**3), n**2 * (n + 1) ** 2 / 4, n**4 / 4),
    ("k⁴", BARE, total(k**4), n * (n + 1) * (2 * n + 1) * (3 * n**2 + 3 * n - 1) / 30, n**5 / 5),
    ("k⁵", BARE, total(k**5), n**2 * (n + 1) ** 2 * (2 * n**2 + 2 * n - 1) / 12, n**6 / 6),
    ("k⁶", BARE, total(k**6), n * (n + 1) * (2 * n + 1) * (3 * n**4 + 6 * n**3 - 3 * n + 1) / 42, n**7 / 7),
    ("k up to i", BARE, total(k, high=i), i * (i + 1) / 2, n * (n + 1) / 2),
    ("k from 0", BARE, total(k, low=0), n * (n + 1) / 2, n * (n - 1) / 2),
    ("k from 2", BARE, total(k, low=2), n * (n + 1) / 2 - 1, n * (n + 1) / 2),
    ("k from i", BARE, total(k, low=i), total(l, l, low=i), n * (n + 1) / 2),
    ("one over k", BARE, total(1 / k), total(1 / l, l), n),
    ("Gauß for numbers", BARE, total(k, high=100), Integer(5050), Integer(5051)),
    ("n as a factor", BARE, total(n * k), n**2 * (n + 1) / 2, n * (n + 1) / 2),
    # several sums
    ("renamed", BARE, total(z[k]), total(z[l], l), total(p[k])),
    ("a square", BARE, total(z[k]) ** 2, total(total(z[k] * z[l], l), k), total(z[k] ** 2)),
    ("exchanged", BARE, total(total(w[i, j], j), i), total(total(w[i, j], i), j), total(total(w[i, i], j), i)),
    (
        "transposed",
        BARE,
        total(total(w[i, j] * z[i], j), i),
        total(total(w[j, i] * z[j], j), i),
        total(total(w[j, i] * z[i], j), i),
    ),
    (
        "over two ranges",
        BARE,
        total(total(w[i, j], j, high=d), i),
        total(total(w[i, j], i), j, high=d),
        total(total(w[i, j], j), i, high=d),
    ),
    ("a product of sums", BARE, total(total(z[k] * p[l], l), k), total(z[k]) * total(p[l], l), total(z[k] * p[k])),
    (
        "a sum inside a sum",
        BARE,
        total(total(w[k, l] * z[l], l) ** 2),
        total(total(total(w[k, l] * z[l] * w[k, m] * z[m], m), l), k),
        total(total(w[k, l] ** 2 * z[l] ** 2, l), k),
    ),
    (
        "exponentials apart",
        BARE,
        total(total(exp(z[k] + p[l]), l), k),
        total(exp(z[k])) * total(exp(p[l]), l),
        total(exp(z[k] + p[k])),
    ),
    (
        "exponentials apart that a factor joins",
        BARE,
        total(total(exp(z[k] + p[l]) * w[k, l], l), k),
        total(total(exp(z[i] + p[j]) * w[i, j], i), j),
        total(total(exp(z[k] + p[k]) * w[k, l], l), k),
    ),
    (
        "three groups",
        BARE,
        total(total(total(z[k] * p[l] * y[m], m), l), k),
        total(z[k]) * total(p[k]) * total(y[k]),
        total(z[k] * y[k]) * total(p[k]),
    ),
    ("a triangle", BARE, total(total(w[k, l], l, high=k), k), total(total(w[i, j], j, high=i), i), total(total(w[k, l], l), k)),
    (
        "the triangle's other half",
        BARE,
        total(total(w[k, l], l, low=k), k),
        total(total(w[i, j], j, low=i), i),
        total(total(w[k, l], l, high=k), k),
    ),
    ("a sum over nothing but a factor", BARE, total(total(z[k], l), k), n * total(z[k]), total(z[k])),
    ("an inner sum under a fraction line", BARE, total(1 / total(w[k, l], l)), total(1 / total(w[i, j], j), i), n),
    (
        "four sums in any order",
        BARE,
        total(total(total(total(w[i, j] * A[j, k, l], i), j), k), l),
        total(total(total(total(w[k, l] * A[l, j, i], l), j), i), k),
        total(total(total(total(w[i, j] * A[k, j, l], i), j), k), l),
    ),
    ("limits of their own", BARE, total(total(z[k], k, high=l), l), total(total(z[m], m, high=k), k), n * total(z[k])),
    # without a term
    ("without i", BARE, total(z[k], excluded=[i]), total(z[k]) - z[i], total(z[k]) - z[j]),
    (
        "without i and j",
        BARE.assume(Fact(i, "!=", j)),
        total(z[k], excluded=[i, j]),
        total(z[k]) - z[i] - z[j],
        total(z[k]) - z[i],
    ),
    (
        "without i or j",
        BARE,
        total(z[k], excluded=[i, j]),
        total(z[k]) - z[i] - z[j] + DELTA(i, j) * z[i],
        total(z[k]) - z[i] - z[j],
    ),
    (
        "a quotient without its pole",
        BARE,
        3 * total(1 / (z[i] - z[k]), excluded=[i]),
        total(3 / (z[i] - z[k]), excluded=[i]),
        total(1 / (z[i] - z[k]), excluded=[i]),
    ),
]


@pytest.mark.parametrize(("name", "context", "term", "right", "wrong"), PAIRS, ids=[row[0] for row in PAIRS])
def test_the_law_and_its_neighbour(name, context, term, right, wrong):
    assert equal(term, right, context)
    assert not equal(term, wrong, context)


FALSE = [
    (
        "up to an index that may be negative",
        BARE.with_range(i, Range(Integer(-3), n)),
        total(z[k], low=-3, high=i),
        total(z[k], high=i) + z[0] + z[-1] + z[-2] + z[-3],
    ),
    ("from 3 where n may be 1", BARE, total(z[k], low=3), total(z[k]) - z[1] - z[2]),
    ("to n − 2 where n may be 1", BARE, total(z[k], high=n - 2), total(z[k]) - z[n] - z[n - 1]),
    ("from 3 to n − 1 where n ≥ 2", least(2), total(z[k], low=3, high=n - 1), total(z[k]) - z[1] - z[2] - z[n]),
    ("how many from 3", BARE, total(ONE, low=3), n - 2),
    ("k to n − 2", BARE, total(k, high=n - 2), (n - 2) * (n - 1) / 2),
    ("2 in 1..n", BARE, total(DELTA(k, 2) * z[k]), z[2]),
    ("i in 1..d", BARE, total(DELTA(k, i) * z[k], high=d), z[i]),
    ("i in 2..n", BARE, total(DELTA(k, i) * z[k], low=2), z[i]),
    ("k² at n", BARE, total(DELTA(2 * k, i) * z[k]), z[i]),
    ("capture by the bound letter", BARE, total(z[k] * p[l], k), total(z[l] * p[l], l)),
    ("different ranges", BARE, total(z[k], high=d), total(z[k])),
    ("a factor that depends on k", BARE, total(z[k] * p[k]), z[k] * total(p[l], l)),
]


@pytest.mark.parametrize(("name", "context", "left", "right"), FALSE, ids=[row[0] for row in FALSE])
def test_what_does_not_hold_everywhere_is_not_equal(name, context, left, right):
    assert not equal(left, right, context)
    assert equal(left, left, context)


# -- what is known of a sum -----------------------------------------------------------------------------------------

ROWS = Fact(total(w[i, k]), "=", ONE, (i,))
TWO_ROWS = Fact(total(A[i, j, k]), "=", ONE, (i, j))
MIXED = Fact(total(w[i, k] * V[j, k]), "=", ONE, (i, j))
EDGE = Fact(total(A[i, 0, k]), "=", ONE, (i,))
FOUR = Fact(total(V[i, j, l, m, k]), "=", ONE, (i, j, l, m))
OTHER_SPAN = Fact(total(w[i, k], high=d), "=", TWO, (i,))


@pytest.mark.parametrize(
    ("context", "left", "right", "holds"),
    [
        (BARE.assume(ROWS), total(w[j, k]), ONE, True),
        (BARE.assume(ROWS), total(w[k, j]), ONE, False),
        (BARE.assume(ROWS), total(w[k, k]), ONE, False),
        (BARE.assume(ROWS), total(w[k + 1, k]), ONE, False),
        (BARE.assume(TWO_ROWS), total(A[l, k, k]), ONE, False),
        (BARE.assume(ROWS), total(w[3, k]), ONE, False),
        (least(3).assume(ROWS), total(w[3, k]), ONE, True),
        (BARE.assume(ROWS), total(w[n, k]), ONE, True),
        (BARE.assume(ROWS), total(w[n + 1, k]), ONE, False),
        (BARE.assume(ROWS), total(w[j, k], high=d), ONE, False),
        (BARE.assume(ROWS), total(w[j, k] ** 2), ONE, False),
        (BARE.assume(ROWS), total(w[j, k] * w[i, k]), ONE, False),
        (BARE.assume(ROWS), total(total(w[j, k], k), j), n, True),
        (BARE.with_range(j, Range(ONE, d)).assume(ROWS), total(w[j, k]), ONE, False),
        (BARE.with_range(i, Range(ONE, d)).assume(ROWS), total(w[j, k]), ONE, False),
        (BARE.with_range(i, Range(ONE, d)).with_range(j, Range(ONE, d)).assume(ROWS), total(w[j, k]), ONE, True),
        (BARE.assume(OTHER_SPAN, ROWS), total(w[j, k]), ONE, True),
        (BARE.assume(OTHER_SPAN, ROWS), total(w[j, k], high=d), ONE, False),
        (BARE.assume(EDGE), total(A[j, 0, k]), ONE, True),
        (BARE.assume(EDGE), total(A[0, j, k]), ONE, False),
        (BARE.assume(MIXED), total(w[l, k] * V[m, k]), ONE, True),
        (BARE.assume(MIXED), total(w[l, k] * w[m, k]), ONE, False),
        (BARE.assume(FOUR), total(V[m, l, j, i, k]), ONE, True),
        (BARE.assume(FOUR), total(V[m, l, j, k, i]), ONE, False),
        (BARE.assume(TWO_ROWS), total(A[l, m, k]), ONE, True),
        (BARE.assume(TWO_ROWS), total(A[l, l, k]), ONE, True),
        (BARE.assume(TWO_ROWS), total(A[l, k, m]), ONE, False),
        (BARE.assume(TWO_ROWS), total(A[l, n + 1, k]), ONE, False),
        (BARE.assume(Fact(total(w[i, k]), "=", z[i], (i,))), total(w[j, k]), z[j], True),
        (BARE.assume(Fact(total(w[i, k]), "=", z[i], (i,))), total(w[j, k]), z[i], False),
        (BARE.assume(Fact(total(exp(w[i, k])), "=", ONE, (i,))), total(exp(w[j, k])), ONE, True),
        (BARE.assume(Fact(total(p[k]), "=", x)), total(2 * p[k]), 2 * x, True),
        (BARE.assume(Fact(total(p[k]), "=", x)), total(p[k]), u, False),
    ],
)
def test_a_hypothesis_on_a_sum_is_used_in_its_range_and_nowhere_else(context, left, right, holds):
    normal = Normaliser(context)
    assert normal.is_zero(normal(left) - normal(right)) is holds
    used = [fact for fact in normal.knowledge.used if fact.relation == "="]
    assert used or not holds
