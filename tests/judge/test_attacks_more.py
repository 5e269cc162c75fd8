"""Attacks of a second round that fail: false claims that stay unproved, and the true twin of each, which is proved."""

from __future__ import annotations

import pytest
from sympy import Abs, And, Eq, Integer, KroneckerDelta, Ne, Rational, acos, asin, cos, exp, log, pi, sin, sqrt

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.terms import Call, Cases, Partial, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
z, y, w, a, p = (family(name) for name in ("z", "y", "w", "a", "p"))
x, t, u, c = (scalar(name) for name in ("x", "t", "u", "c"))
ONE, ZERO = Integer(1), Integer(0)
PLAIN = Context()


def total(body, variable=k, low=ONE, high=n, excluded=()):
    return summation(body, variable, low, high, excluded)


def delta(first, second):
    return KroneckerDelta(first, second)


def f(*arguments, orders=None):
    return Call("f", arguments, orders)


PARTS = total(exp(z[k]))
POSITIVE = PLAIN.assume(Fact(p[i], ">", ZERO, (i,)))
TWO_WAYS = PLAIN.define(Definition(w[i, j], Cases((z[i], Eq(i, j)), (y[j], True))))
FIRST_ONE = PLAIN.define(Definition(a[i], Cases((ONE, Eq(i, 1)), (z[i], True))))
DIAGONAL = PLAIN.define(Definition(w[i, j], z[i] * z[j]), Definition(w[i, i], x))
CUBIC = PLAIN.define(Definition(f(x, t), x**2 * t))
FRACTION = PLAIN.define(Definition(a[i], exp(z[i]) / PARTS))
NEGATIVE = PLAIN.assume(Fact(x, "<", ZERO))
HOT = PLAIN.assume(OneHot(y))
HOT_AT_J = PLAIN.assume(OneHot(y, j))
SHARES = PLAIN.define(Definition(a[i], exp(z[i]) / total(exp(z[k]), k, Integer(2), d)))
TWO = SHARES.assume(Fact(d, ">=", Integer(2)))
OTHERS = PLAIN.define(Definition(w[i, j], exp(z[j]) / total(exp(z[k]), excluded=[i])))
BEFORE = PLAIN.define(Definition(w[i, j], exp(z[j]) / total(exp(z[k]), k, ONE, i - 1)))

ATTACKS = [
    ("overlapping cases", PLAIN, Cases((x, Eq(i, 1)), (t, Eq(i, j)), (ZERO, True)), "=",
     x * delta(i, 1) + t * delta(i, j), x * delta(i, 1) + t * delta(i, j) * (1 - delta(i, 1))),
    ("inverted cases", PLAIN, Cases((x, Ne(i, j)), (t, True)), "=",
     x * delta(i, j) + t * (1 - delta(i, j)), t * delta(i, j) + x * (1 - delta(i, j))),
    ("two cases in a sum", PLAIN, total(Cases((z[k], Eq(k, i)), (y[k], Eq(k, j)), (ZERO, True))), "=",
     z[i] + y[j], z[i] + y[j] * (1 - delta(i, j))),
    ("two exclusions that may be one", PLAIN, total(Cases((z[k], And(Ne(k, i), Ne(k, j))), (ZERO, True))), "=",
     total(z[k]) - z[i] - z[j], total(z[k]) - z[i] - z[j] + z[i] * delta(i, j)),
    ("a derivative of cases", PLAIN, Partial(Cases((z[i]**2, Eq(i, j)), (z[i], True)), z[l]), "=",
     2 * z[i] * delta(i, l), delta(i, l) * (1 + delta(i, j) * (2 * z[i] - 1))),
    ("a derivative of a sum of cases", PLAIN, Partial(total(Cases((z[k]**2, Ne(k, i)), (z[k], True))), z[j]), "=",
     2 * z[j], delta(i, j) + 2 * z[j] * (1 - delta(i, j))),
    ("columns of defined cases", TWO_WAYS, total(w[k, i]), "=", z[i] + total(y[k]) - y[i], z[i] + (n - 1) * y[i]),
    ("a first member by cases", FIRST_ONE, total(a[k]), "=", total(z[k]), 1 + total(z[k], k, Integer(2))),
    ("a diagonal of its own", DIAGONAL, total(w[i, k]), "=", z[i] * total(z[k]), z[i] * total(z[k]) - z[i]**2 + x),
    ("slopes in two arguments", PLAIN, Partial(f(x, x), x), "=",
     2 * f(x, x, orders=[1, 0]), f(x, x, orders=[1, 0]) + f(x, x, orders=[0, 1])),
    ("the slope in the wrong argument", CUBIC, f(t, x, orders=[1, 0]), "=", 2 * t * t, 2 * t * x),
    ("a member beyond the sum", FRACTION, total(a[k + 1]), "=", 1 - a[1], 1 - a[1] + a[n + 1]),
    ("a member before the first", FRACTION, a[i - 1], "=", a[i] * exp(z[i]), exp(z[i - 1]) / PARTS),
    ("a triangle counted twice", PLAIN, total(total(ONE, l, k + 1)), "=", n * (n + 1) / 2, n * (n - 1) / 2),
    ("a part of a fraction", PLAIN, Partial(log(PARTS), exp(z[i])), "=", exp(z[i]) / PARTS, 1 / PARTS),
    ("a part that is a square", PLAIN, Partial(total(z[k]**2), z[i]**2), "=", 2 * z[i], ONE),
    ("a derivative by a part and by a member", PLAIN, Partial(Partial(log(PARTS), PARTS), z[i]), "=",
     ZERO, -exp(z[i]) / PARTS**2),
    ("arc functions", PLAIN, acos(x), "=", pi / 2 + asin(x), pi / 2 - asin(x)),
    ("the root of a square of a cosine", PLAIN, sqrt(1 - sin(x)**2), "=", cos(x), Abs(cos(x))),
    ("a power that a root makes", PLAIN, sqrt(x**2 * t), "=", x * sqrt(t), Abs(x) * sqrt(t)),
    ("the root of a power of a difference", PLAIN, sqrt((x + t)**-2), "=", 1 / (x + t), 1 / Abs(x + t)),
    ("the logarithm of a square", NEGATIVE, log(x**2), "=", 2 * log(x), 2 * log(-x)),
    ("a power of itself", PLAIN, Partial(x**x, x), "=", x * x**(x - 1), x**x * (log(x) + 1)),
    ("a logarithm to a base", PLAIN, Partial(log(t, x), x), "=", 1 / (x * log(x)), -log(t) / (x * log(x)**2)),
    ("one-hot within a shifted sum", HOT, total(y[k] * y[k + 1], k, ONE, n - 1), "=", ONE, ZERO),
    ("one-hot at another index", HOT_AT_J, total(y[k] * z[k]), "=", z[1], z[j]),
]

ORDERED = [
    ("a sum and two of its terms", POSITIVE, (total(p[k]), ">=", p[i] + p[j]), (total(p[k]), ">=", p[i])),
    ("positive beyond the end", POSITIVE, (p[n + 1], ">", ZERO), (p[n], ">", ZERO)),
    ("positive before the start", POSITIVE, (total(p[k], k, ZERO), ">", ZERO), (total(p[k]), ">", ZERO)),
    ("a sum that may be empty", POSITIVE, (total(p[k], k, ONE, i - 1), ">", ZERO), (total(p[k], k, ONE, i), ">", ZERO)),
    ("a share beyond the end", PLAIN, (exp(z[n + 1]) / PARTS, "<=", ONE), (exp(z[i]) / PARTS, "<=", ONE)),
    ("a share over another range", PLAIN.with_range(j, Range(ONE, d)), (exp(z[j]) / PARTS, "<=", ONE),
     (exp(z[i]) / PARTS, "<=", ONE)),
    ("two indices", PLAIN, (i + j, "<", 2 * n), (i + j, "<=", 2 * n)),
    ("indices that may be one", PLAIN, (i, "!=", j), (delta(i, j), "!=", Integer(2))),
    ("a square that may vanish", PLAIN, (x**2 - 1, "!=", ZERO), (x**2 + 1, "!=", ZERO)),
    ("pi", PLAIN, (pi, ">", Rational(22, 7)), (pi, "<", Rational(22, 7))),
]


EMPTY = [
    ("shares of a sum that may be empty", SHARES, total(a[k], k, Integer(2), d), ONE, TWO, total(a[k], k, Integer(2), d), ONE),
    ("beside a sum of another size", SHARES, total(a[k], k, Integer(2), d) + total(y[k]), 1 + total(y[k]),
     TWO, total(a[k], k, Integer(2), d) + total(y[k]), 1 + total(y[k])),
    ("shares of all others", OTHERS, total(w[i, k], excluded=[i]), ONE, OTHERS, total(w[i, k]), 1 + w[i, i]),
    ("shares of those before", BEFORE, total(w[i, k], k, ONE, i - 1), ONE,
     BEFORE, total(w[i, k], k, ONE, i - 1), total(exp(z[k]), k, ONE, i - 1) / total(exp(z[k]), k, ONE, i - 1)),
    ("in a larger sum", BEFORE, total(total(w[l, k], k, ONE, l - 1), l), n, BEFORE, total(w[2, k], k, ONE, ONE), ONE),
    ("an equation that empty sums meet", SHARES.assume(Fact(total(a[k], k, Integer(2), d), "=", ZERO)), x, Integer(5),
     SHARES.assume(Fact(total(y[k], k, Integer(2), d), "=", ZERO)), x + total(y[k], k, Integer(2), d), x),
    ("a factor that cancels", PLAIN, t * total(z[k] / t, k, Integer(2), d) + ONE, total(z[k], k, Integer(2), d),
     PLAIN, total(z[k] / t, k, Integer(2), d), total(z[k], k, Integer(2), d) / t),
]


@pytest.mark.parametrize(("name", "context", "left", "false", "twin_context", "twin", "true"), EMPTY, ids=[r[0] for r in EMPTY])
def test_nothing_cancels_that_only_an_empty_sum_passes_by(name, context, left, false, twin_context, twin, true):
    assert kind(context, left, "=", false) is not Kind.PROVED
    assert kind(twin_context, twin, "=", true) is Kind.PROVED


def test_a_mended_claim_keeps_no_obligation_of_what_was_replaced():
    false = x * (x + t) / sqrt(t)
    claim = Claim(x * (x + t) / Abs(t), "=", false, (Obligation(t, ">"),))
    offered = decide(claim, PLAIN).mended
    assert offered is None or Obligation(t, ">") not in offered.obligations or offered.right.has(sqrt(t))
    needed = Obligation(t * x, ">"), Obligation(t, ">"), Obligation(x, ">")
    offered = decide(Claim(log(t * x), "=", log(t) - log(x), needed), PLAIN).mended
    assert offered is not None and offered.right == log(t) + log(x) and offered.obligations == needed


def kind(context, left, relation, right):
    return decide(Claim(left, relation, right), context).kind


@pytest.mark.parametrize(("name", "context", "left", "relation", "false", "true"), ATTACKS, ids=[row[0] for row in ATTACKS])
def test_the_false_right_side_is_not_proved_and_the_true_one_is(name, context, left, relation, false, true):
    assert kind(context, left, relation, false) is not Kind.PROVED
    assert kind(context, left, relation, true) is Kind.PROVED


@pytest.mark.parametrize(("name", "context", "false", "true"), ORDERED, ids=[row[0] for row in ORDERED])
def test_the_false_order_is_not_proved_and_the_true_one_is(name, context, false, true):
    assert kind(context, *false) is not Kind.PROVED
    assert kind(context, *true) is Kind.PROVED
