"""What is written reads back as the same term; and two terms that are not the same are told apart."""

from __future__ import annotations

import pytest
from sympy import Eq, Integer, KroneckerDelta, Ne, Sum, sqrt

from derive.terms.terms import Call, Cases, Partial, bound, family, index, scalar, size
from tests.hostile.reread import differs, numbered, run, table

i, j, n, x, t, loss = index("i"), index("j"), size("n"), scalar("x"), scalar("t"), scalar("Loss")
a, w, plus = family("a"), family("w"), family("W^+")


def total(body, variable):
    return Sum(body, (variable, 1, n))


@pytest.mark.slow
def test_random_claims_read_back():
    assert run(400, 1) == []


@pytest.mark.parametrize(
    "term",
    [
        3 * a[j + 1] * plus[2, i] ** 2,
        n * plus[i, j] ** 3,
        x * plus[i, j] ** x,
        Call("f", [x], [1]) * plus[i, j] ** 2,
        Partial(Partial(loss, x), t),
        Partial(Partial(loss, t), x),
        Partial(Partial(loss, a[i]), a[j]),
        Partial(Partial(Partial(loss, x), t), t),
        sqrt(abs(t)) * abs(t),
    ],
)
def test_terms_that_were_read_as_something_else(term):
    assert differs(term, "=", Integer(1), table()) == ""


K, M = bound("k"), bound("m")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (total(a[K], K), total(a[M], M), True),
        (total(a[K] * w[i, K], K), total(a[M] * w[K, M], M), False),
        (total(total(w[K, M], K), M), total(total(w[M, K], M), K), True),
        (total(total(w[K, M], K), M), total(total(w[M, K], K), M), False),
        (Partial(Partial(loss, x), t), Partial(Partial(loss, t), x), False),
        (a[i] - a[j], a[j] - a[i], False),
        (Cases((x, Eq(i, j)), (t, True)), Cases((x, Eq(i, j)), (t, Ne(i, j))), True),
        (Cases((x, Eq(i, j)), (t, True)), Cases((t, Eq(i, j)), (x, True)), False),
        (KroneckerDelta(i, j), KroneckerDelta(j, i), True),
        (3 * (x + t) / n, (3 * x + 3 * t) / n, True),
        (3 * (x + t) / n, (3 * x + t) / n, False),
        (2 * x, 3 * x, False),
        (x**2, x**3, False),
    ],
)
def test_the_comparison_tells_terms_apart(left, right, same):
    assert (numbered(left) == numbered(right)) is same
