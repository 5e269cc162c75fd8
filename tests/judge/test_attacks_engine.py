"""False claims that the judge once proved, or proved and then contradicted: each stays unproved, its twin is proved."""

from __future__ import annotations

import pytest
from sympy import Abs, Integer, KroneckerDelta, exp, log, sqrt

from derive.algebra.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.algebra.terms import Call, Partial, bound, family, index, scalar, size, summation
from derive.judge.decide import decide
from derive.judge.verdict import Kind

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
z, a, h, w, p, A, P = (family(name) for name in ("z", "a", "h", "w", "p", "A", "P"))
x, t, c, L = (scalar(name) for name in ("x", "t", "c", "L"))
ONE, ZERO = Integer(1), Integer(0)
PLAIN = Context()


def total(body, variable=k, low=1, high=n, excluded=()):
    return summation(body, variable, Integer(low) if isinstance(low, int) else low,
                     Integer(high) if isinstance(high, int) else high, excluded)


def verdict(left, relation, right, context=PLAIN, obligations=()):
    return decide(Claim(left, relation, right, tuple(obligations)), context)


POSITIVE = PLAIN.assume(Fact(x, ">", ZERO))
FROM_TWO = PLAIN.with_range(i, Range(Integer(2), n)).assume(Fact(z[i], ">", ZERO, (i,)))
TO_D = PLAIN.with_range(i, Range(ONE, d)).assume(Fact(z[i], ">", ZERO, (i,)))
DIAGONAL = PLAIN.assume(Fact(w[i, i], ">", ZERO, (i,)))
ROWS_TO_ONE = PLAIN.assume(Fact(total(P[i, k]), "=", ONE, (i,)))
RECURRENCE = PLAIN.define(Definition(h[i], t * h[i - 1] + z[i]), Definition(h[0], ZERO))
TWO_LIMITS = PLAIN.define(Definition(a[i], total(KroneckerDelta(k, 1), k, i)))
TIED = PLAIN.assume(Fact(total(A[i, j, k]), "=", ONE, (j,)), Fact(i, "=", j))
FIRST = PLAIN.define(Definition(z[1], t**2))
SPECIAL = PLAIN.define(Definition(a[i], z[i]), Definition(a[1], ZERO))
CLASH = PLAIN.define(Definition(scalar("z"), total(z[k] ** 2)), Definition(L, scalar("z") + total(z[k])))
CAPTURED = PLAIN.define(Definition(Call("f", [x]), c * x), Definition(c, x))
HOT = PLAIN.assume(OneHot(z))
inner = bound("k")
DIAGONAL_LOG = (Obligation(w[inner, inner], ">", ((inner, ONE, n),)),)

ATTACKS = [
    ("symbolic power under a root", PLAIN, (sqrt(x**n), "=", x ** (n / 2)), POSITIVE, (sqrt(x**n), "=", x ** (n / 2)), ()),
    ("root of a symbolic power", PLAIN, ((x**n) ** (1 / n), "=", x), POSITIVE, ((x**n) ** (1 / n), "=", x), ()),
    ("logarithm of a symbolic power", PLAIN, (exp(log(x**n) / 2), "=", x ** (n / 2)),
     POSITIVE, (exp(log(x**n) / 2), "=", x ** (n / 2)), ()),
    ("positive from the second on", FROM_TWO, (z[1], ">", ZERO), FROM_TWO, (z[i], ">", ZERO), ()),
    ("positive up to d", TO_D, (Abs(z[j]), "=", z[j]), TO_D, (Abs(z[i]), "=", z[i]), ()),
    ("positive on the diagonal", DIAGONAL, (w[1, 2], ">", ZERO), DIAGONAL, (w[i, i], ">", ZERO), ()),
    ("obligation on the diagonal", PLAIN, (Abs(w[i, j]), "=", w[i, j]), DIAGONAL, (Abs(w[i, i]), "=", w[i, i]), DIAGONAL_LOG),
    ("a hypothesis outside its range", ROWS_TO_ONE.with_range(j, Range(ONE, d)), (total(P[j, k]), "=", ONE),
     ROWS_TO_ONE, (total(P[j, k]), "=", ONE), ()),
    ("members of a recurrence", RECURRENCE, (Partial(h[2], h[1]), "=", ZERO), RECURRENCE, (h[1], "=", z[1]), ()),
    ("two instances of one sum", TWO_LIMITS, (a[1] - a[2], "=", ZERO), TWO_LIMITS, (a[1] - a[2], "=", ONE), ()),
    ("an index that a hypothesis binds", TIED, (total(A[l, l, k]), "=", ONE), TIED, (total(A[i, l, k]), "=", ONE), ()),
    ("a family of which one member is defined", FIRST, (Partial(total(z[k]), t), "=", ZERO),
     FIRST, (Partial(z[1], t), "=", 2 * t), ()),
    ("a special member", SPECIAL, (a[j], "=", z[j]), SPECIAL, (total(a[k], k, 2), "=", total(z[k], k, 2)), ()),
    ("a scalar and a family of one name", CLASH, (Partial(L, z[i]), "=", ONE),
     CLASH, (Partial(L, z[i]), "=", 1 + 2 * z[i]), ()),
    ("a sum of one term far out", PLAIN, (total(k, k, n**2, n**2), "=", ONE), PLAIN, (total(k, k, 3, 3), "=", Integer(3)), ()),
    ("a parameter that a definition mentions", CAPTURED, (Call("f", [t], [1]), "=", 2 * t),
     CAPTURED, (Call("f", [t], [1]), "=", x), ()),
    ("one-hot outside its range", HOT, (z[n + 1], "=", ZERO), HOT, (total(z[k]), "=", ONE), ()),
    ("a power of a delta", PLAIN, (x ** KroneckerDelta(i, j), "=", x),
     PLAIN, (x ** KroneckerDelta(i, j), "=", 1 + KroneckerDelta(i, j) * (x - 1)), ()),
    ("an index and its range", PLAIN, (i, "<", n), PLAIN, (i, "<=", n), ()),
]


@pytest.mark.parametrize(("name", "context", "false", "twin_context", "twin", "obligations"), ATTACKS,
                         ids=[row[0] for row in ATTACKS])
def test_the_attack_fails_and_its_twin_is_proved(name, context, false, twin_context, twin, obligations):
    assert verdict(*false, context, obligations).kind is not Kind.PROVED
    assert verdict(*twin, twin_context).kind is Kind.PROVED


def test_a_recurrence_is_not_judged_by_members_that_it_ties():
    assert verdict(Partial(h[2], h[1]), "=", t, RECURRENCE).kind in (Kind.UNREAD, Kind.TESTED)


def test_a_condition_is_reported_only_with_a_counterexample_without_it():
    split = total(z[k], k, 1, i) + total(z[k], k, i + 1)
    assert verdict(split, "=", total(z[k])).kind is not Kind.CONDITIONAL
    assert verdict(sqrt(z[i] ** 2), "=", z[i]).conditions[0].what == Fact(z[i], ">=", ZERO, (i,))
