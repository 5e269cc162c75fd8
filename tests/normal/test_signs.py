"""Signs: each false inequality would be proved without one guard of the sign finder; its twin is proved."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational, exp, log, sqrt

from derive.judge.kernel import Open, Proof, holds, prove
from derive.normal.normaliser import Normaliser
from derive.normal.signs import certain_sign
from derive.terms.context import Claim, Context, Fact, Range
from derive.terms.terms import Call, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
z, p, w = family("z"), family("p"), family("w")
x, u = scalar("x"), scalar("u")
ZERO, ONE = Integer(0), Integer(1)
BARE = Context()
FROM_ZERO = BARE.with_range(j, Range(ZERO, n))
FROM_BELOW = BARE.with_range(j, Range(Integer(-1), n))
NONNEGATIVE = BARE.assume(Fact(p[k], ">=", ZERO, (k,)))
POSITIVE = BARE.assume(Fact(p[k], ">", ZERO, (k,)))
TO_D = BARE.with_range(l, Range(ONE, d)).assume(Fact(p[l], ">", ZERO, (l,)))
X_POSITIVE = BARE.assume(Fact(x, ">", ZERO))
X_NONNEGATIVE = BARE.assume(Fact(x, ">=", ZERO))


def total(body, variable=k, high=n, low=ONE):
    return summation(body, variable, low, high)


def proved(left, relation, right, context=BARE):
    found = prove(Claim(left, relation, right), context)
    assert isinstance(found, Proof | Open)
    return isinstance(found, Proof)


PAIRS = [
    # an index as a number
    ("an index is at least 1", BARE, (i, ">=", ONE), (i, ">", ONE)),
    ("an index is positive", BARE, (i, ">", ZERO), (i - 1, ">", ZERO)),
    ("from 0 on", FROM_ZERO, (j, ">=", ZERO), (j, ">", ZERO)),
    ("from 1 below on", FROM_BELOW, (j + 1, ">=", ZERO), (j, ">=", ZERO)),
    ("half an index", BARE, (i, ">=", ONE), (i / 2, ">=", ONE)),
    ("half an index is not a whole one", BARE, (i, "<=", n), (i, "<=", n / 2)),
    ("a product of indices", FROM_ZERO, (j + i, ">", ZERO), (i * j, ">=", ONE)),
    ("one over an index", BARE, (1 / n, ">", ZERO), (1 / i, ">=", ONE)),
    ("the square of an index", BARE, (n**2, ">", ZERO), (n**2, "<=", n)),
    ("the upper end", BARE, (i, "<=", n), (i, "<", Integer(2))),
    ("a member is no index", POSITIVE, (p[i], ">", ZERO), (p[i], ">=", ONE)),
    ("a scalar is no index", X_POSITIVE, (x, ">", ZERO), (x, ">=", ONE)),
    ("twice an index", BARE, (2 * i, ">=", Integer(2)), (2 * i, ">=", Integer(3))),
    ("a difference of indices", BARE, (n - i, ">=", ZERO), (n - i, ">", ZERO)),
    # denominators
    ("over a positive denominator", POSITIVE, (p[i] / (1 + exp(x)), ">", ZERO), (p[i] / (1 - exp(x)), ">", ZERO)),
    ("over a positive member", POSITIVE, (1 / p[i], ">", ZERO), (1 / z[i], ">", ZERO)),
    ("over a positive scalar", X_POSITIVE, (1 / x + 1, ">", ONE), (1 / u + 1, ">", ONE)),
    ("less by a positive quotient", X_POSITIVE, (exp(x) / (x + exp(x)), "<", ONE), (exp(x) / (u + exp(x)), "<", ONE)),
    ("less by a quotient of a member", POSITIVE, ((p[i] - 1) / p[i], "<", ONE), ((z[i] - 1) / z[i], "<", ONE)),
    ("a square in the denominator", BARE, (1 / u**2, ">", ZERO), (1 / u**3, ">", ZERO)),
    ("a square and a cube", X_POSITIVE, (1 / u**2 + 1 / x**3, ">", ZERO), (1 / u**3 + 1 / x**2, ">", ZERO)),
    ("1/u − 1/u", BARE, ((u + 1) / u - 1 / u, ">", ZERO), ((u + 1) / u, ">", ZERO)),
    ("a quotient of unknown sign", BARE, ((u**2 + 1) / (u**2 + 2), "<", ONE), ((u + 1) / (u + 2), "<", ONE)),
    ("an unknown denominator twice", BARE, ((1 + u) ** 2 / (1 + u) ** 2, ">", ZERO), ((2 + u) / (1 + u), ">", ZERO)),
    ("under a logarithm", X_POSITIVE, (1 / log(1 + x) ** 2, ">", ZERO), (1 / log(x), ">", ZERO)),
    ("over a function", BARE, (1 / Call("f", [x]) ** 2, ">", ZERO), (1 / Call("f", [x]), ">", ZERO)),
    ("over a positive sum", POSITIVE, (total(p[k]) - p[i], ">=", ZERO), (total(p[k]) - p[i], ">", ZERO)),
    # sums taken apart
    ("a sum exceeds a term", POSITIVE, (p[i] / total(p[k]), "<=", ONE), (p[i] / total(p[k]), "<", ONE)),
    ("a sum of terms of unknown sign", NONNEGATIVE, (total(p[k]), ">=", p[i]), (total(z[k]), ">=", z[i])),
    (
        "a rest that may be 0",
        POSITIVE.assume(Fact(n, ">=", Integer(2))),
        (total(p[k]), ">", p[i]),
        (total(p[k]), ">", p[i] + p[j]),
    ),
    (
        "a rest that may be 0 though there is one",
        NONNEGATIVE.assume(Fact(n, ">=", Integer(2))),
        (total(p[k]), ">=", p[i]),
        (total(p[k]), ">", p[i]),
    ),
    (
        "one positive term",
        NONNEGATIVE.assume(Fact(p[i], ">", ZERO)),
        (total(p[k]), ">", p[i] / 2),
        (total(p[k]), ">", p[j] / 2),
    ),
    ("a size as the index", POSITIVE, (total(p[k]), ">=", p[n]), (total(p[k]), ">=", p[n + 1])),
    ("an index outside the range", POSITIVE.with_range(j, Range(ONE, d)), (total(p[k]), ">=", p[i]), (total(p[k]), ">=", p[j])),
    ("positive in a part of the range", TO_D, (total(p[k], high=d), ">=", p[l]), (total(p[k]), ">=", p[1])),
    (
        "a longer sum beside it",
        TO_D,
        (total(p[k], high=d) + total(exp(z[k])), ">", ZERO),
        (total(p[k], high=n) + total(p[l], l, d), ">=", p[l]),
    ),
    ("the square of a sum", POSITIVE, (total(p[k]) ** 2, ">=", p[i] ** 2), (total(p[k]) ** 2, ">=", 2 * p[i] ** 2)),
    ("twice a sum", POSITIVE, (2 * total(p[k]), ">=", 2 * p[i]), (total(p[k]), ">=", 2 * p[i])),
    ("the root of a sum", POSITIVE, (total(p[k]) + sqrt(total(p[k])), ">=", p[i]), (sqrt(total(p[k])), ">=", p[i])),
    (
        "a double sum",
        POSITIVE,
        (total(total(p[k] * p[l] * w[k, l] ** 2, l), k), ">=", ZERO),
        (total(total(p[k] * w[k, l], l), k), ">=", ZERO),
    ),
    (
        "two sums",
        POSITIVE.assume(Fact(w[k, l], ">", ZERO, (k, l))),
        (total(p[k]) + total(w[i, k]), ">=", p[i]),
        (total(p[k]) + total(z[k]), ">=", p[i] + z[i]),
    ),
]


@pytest.mark.parametrize(("name", "context", "true", "false"), PAIRS, ids=[row[0] for row in PAIRS])
def test_the_inequality_is_proved_and_the_stronger_one_is_not(name, context, true, false):
    assert proved(*true, context)
    assert not proved(*false, context)


A = family("a")


def test_a_sum_is_found_behind_what_does_not_help():
    beside = total(A[k]) ** 2
    assert proved(total(p[k]) + beside, ">=", p[i], POSITIVE)
    assert not proved(total(p[k]) + total(A[k]), ">=", p[i], POSITIVE)
    outside = POSITIVE.with_range(j, Range(ONE, d))
    assert proved(total(p[k]) + z[j] ** 2, ">=", p[l], outside)
    assert not proved(total(p[k]) + z[j] ** 2, ">=", p[j], outside)


def test_a_stronger_sign_is_looked_for_behind_a_weaker_one():
    two = POSITIVE.assume(Fact(n, ">=", Integer(2)))
    stated = Fact(total(p[k]) - p[i], ">=", ZERO)
    assert sign(total(p[k]) - p[i], two.assume(stated)) == "+"
    assert sign(total(p[k]) - p[i], POSITIVE.assume(stated)) == "0+"


def test_a_denominator_that_is_not_negative_is_cleared():
    left = 1 / x - exp(u) / (x * (1 + exp(u)))
    assert proved(left, ">=", ZERO, X_NONNEGATIVE)
    assert not proved(left, ">=", ZERO)


def test_only_stated_hypotheses_are_named():
    found = prove(Claim(total(p[k]), ">=", p[i]), POSITIVE)
    assert (found.used, found.rules) == (POSITIVE.assumptions, ("sign",))


def sign(term, context=BARE):
    normaliser = Normaliser(context)
    return certain_sign(normaliser, normaliser(term))


@pytest.mark.parametrize(
    ("term", "context", "expected"),
    [
        (ZERO, BARE, "0+"),
        (ONE, BARE, "+"),
        (-ONE, BARE, None),
        (Rational(1, 2), BARE, "+"),
        (i, BARE, "+"),
        (i - 1, BARE, "0+"),
        (i - 2, BARE, None),
        (n - 1, BARE, "0+"),
        (j, FROM_ZERO, "0+"),
        (j, FROM_BELOW, None),
        (i / 2 - 1, BARE, None),
        (n - i + Rational(1, 2), BARE, None),
        (x**2, BARE, "0+"),
        (x**2 + 1, BARE, "+"),
        (x, X_NONNEGATIVE, "0+"),
        (1 / x, X_NONNEGATIVE, "+"),
        (x**2 / u**2 - 2 * x / u + 1 + 2 * x / u, BARE, "+"),
        ((u**3 + u) / u, BARE, "+"),
        (1 / u + u, BARE, None),
        (1 / u**3 + u**3, BARE, None),
        (exp(x) - exp(x) / (1 + u**2), BARE, "0+"),
        (exp(x) - exp(x) / (1 + exp(u)), BARE, "+"),
        (total(p[k]) - p[i], POSITIVE, "0+"),
        (total(p[k]) - p[i], POSITIVE.assume(Fact(n, ">=", Integer(2))), "+"),
        (total(p[k]) - p[i], NONNEGATIVE.assume(Fact(n, ">=", Integer(2))), "0+"),
        (total(z[k]) - z[i], BARE, None),
    ],
)
def test_the_sign(term, context, expected):
    assert sign(term, context) == expected


def test_whether_a_relation_with_zero_is_certain():
    normaliser = Normaliser(X_POSITIVE)
    plus, minus, zero, square, unknown = (normaliser(t) for t in (x, -x, x - x, u**2, u))
    table = {"=": (zero,), "<": (minus,), ">": (plus,), "<=": (minus, zero), ">=": (plus, zero, square), "!=": (plus, minus)}
    for relation, certain in table.items():
        for form in (plus, minus, zero, square, unknown):
            assert holds(normaliser, form, relation) is any(form is each for each in certain), (relation, form)
    with pytest.raises(ValueError, match="^a relation was expected, found '=='$"):
        holds(normaliser, zero, "==")
