"""The evaluator that settles what is true: values by hand, definitions, derivatives, domains, and what it does not know."""

from __future__ import annotations

import pytest
from sympy import Abs, And, Eq, Integer, KroneckerDelta, Ne, Rational, acot, atan, cos, exp, log, pi, sin, sqrt, tan, tanh

from derive.judge.points.witness import Witness
from derive.terms.context import Claim, Context, Definition, Fact, OneHot, Range
from derive.terms.terms import Call, Cases, Partial, family, index, scalar, size, summation
from tests.mutation.evaluator import MP, Undefined, Unknown, World
from tests.mutation.points import points
from tests.mutation.truth import Truth, confirms, truth_of

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
z, y, a, b, w = (family(name) for name in "zyabw")
x, t, c = (scalar(name) for name in "xtc")
PLAIN = Context()
EXACT = MP.mpf(10) ** -25
SOFT = PLAIN.define(Definition(a[i], exp(z[i]) / summation(exp(z[k]), k, 1, n)))
NUMBERS = {("z", (1,)): "0.5", ("z", (2,)): "-1.5", ("z", (3,)): "2", ("x", ()): "0.75", ("t", ()): "-2", ("y", (1,)): "3"}


def world(context=PLAIN, **indices):
    values = {key: MP.mpf(value) for key, value in NUMBERS.items()}
    return World(
        context,
        {"n": 3, "d": 2},
        {index(name): value for name, value in indices.items()},
        lambda name, positions: values[name, positions],
    )


def value(term, context=PLAIN, **indices):
    return world(context, **indices).value(term)


def same(first, second):
    return abs(first - second) < EXACT


E = [MP.exp(MP.mpf(number)) for number in ("0.5", "-1.5", "2")]
SHARES = [part / sum(E) for part in E]
X = MP.mpf("0.75")


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (summation(z[k], k, 1, n), MP.one),
        (summation(z[k], k, 2, n), MP.mpf("0.5")),
        (summation(z[k], k, 1, 0), MP.zero),
        (summation(k**2, k, 1, n), MP.mpf(14)),
        (summation(z[k], k, 1, n, [i]), MP.mpf("2.5")),
        (summation(summation(z[l], l, 1, k), k, 1, n), MP.mpf("0.5")),
        (z[i + 1], MP.mpf(2)),
        (z[n], MP.mpf(2)),
        (KroneckerDelta(i, 2), MP.one),
        (Cases((x, Eq(i, 1)), (t, True)), MP.mpf(-2)),
        (x**-2, 1 / X**2),
        (Cases((x, And(Ne(i, 1), Ne(i, 3))), (t, True)), X),
        (sqrt(x), MP.sqrt(X)),
        (t**3, MP.mpf(-8)),
        (t**n, MP.mpf(-8)),
        (Abs(t), MP.mpf(2)),
        (tanh(x), MP.tanh(X)),
        (pi * x, MP.pi * X),
        (acot(x), MP.atan(1 / X)),
        (atan(x), MP.atan(X)),
        (Rational(1, 3), MP.mpf(1) / 3),
        (n * x, 3 * X),
        (i * x, 2 * X),
        (x**x, X**X),
    ],
)
def test_values_by_hand(term, expected):
    assert same(value(term, i=2), expected)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (Partial(x**3, x), 3 * X**2),
        (Partial(exp(2 * x), x), 2 * MP.exp(2 * X)),
        (Partial(log(x), x), 1 / X),
        (Partial(sin(x) / x, x), MP.cos(X) / X - MP.sin(X) / X**2),
        (Partial(tan(x), x), 1 / MP.cos(X) ** 2),
        (Partial(Partial(x**4, x), x), 12 * X**2),
        (Partial(Partial(x**2 * t, x), t), 2 * X),
        (Partial(x**2 * t, c + 0), None),
        (Partial(summation(z[k] ** 2, k, 1, n), z[i]), MP.mpf(-3)),
        (Partial(z[j], z[i]), MP.zero),
        (Partial(z[i], z[i]), MP.one),
        (Partial(summation(exp(z[k]), k, 1, n) ** 2, z[i]), 2 * sum(E) * E[1]),
        (Partial(Abs(t), t), MP.mpf(-1)),
    ],
)
def test_derivatives_by_hand(term, expected):
    if expected is None:
        with pytest.raises(Unknown, match="depends on c"):
            value(term, i=2, j=1)
    else:
        assert abs(value(term, i=2, j=1) - expected) < MP.mpf(10) ** -20


def test_definitions_are_unfolded_and_differentiated_through():
    assert same(value(a[i], SOFT, i=2), SHARES[1])
    jacobian = value(Partial(a[i], z[j]), SOFT, i=2, j=3)
    assert abs(jacobian + SHARES[1] * SHARES[2]) < MP.mpf(10) ** -20
    loss = SOFT.define(Definition(c, summation(a[k] * y[1], k, 1, n)))
    assert abs(value(Partial(c, a[i]), loss, i=1) - 3) < MP.mpf(10) ** -20  # a is independent there
    assert abs(value(Partial(c, z[i]), loss, i=1)) < MP.mpf(10) ** -20


def test_special_members_come_before_general_ones_and_later_definitions_before_earlier():
    special = PLAIN.define(Definition(b[i], z[i]), Definition(b[1], x))
    assert same(value(b[1], special), X) and same(value(b[2], special), MP.mpf("-1.5"))
    tied = PLAIN.define(Definition(b[i], z[i] * KroneckerDelta(i, j)))
    assert value(b[1], tied, j=2) == 0


def test_functions_are_evaluated_at_their_arguments_and_differentiated():
    square = PLAIN.define(Definition(Call("f", [x]), x**2 * t))
    assert same(value(Call("f", [Integer(3)]), square), MP.mpf(-18))
    assert abs(value(Call("f", [t], [1]), square) - 8) < MP.mpf(10) ** -20
    unknown = Call("g", [x])
    assert abs(value(Partial(unknown, x)) - value(Call("g", [x], [1]))) < MP.mpf(10) ** -20


@pytest.mark.parametrize(
    "term",
    [
        1 / (x - Rational(3, 4)),
        log(t),
        sqrt(t),
        log(x - Rational(3, 4)),
        t**x,
        Partial(Abs(z[4]), z[4]),
        1 / summation(z[k], k, 1, 0),
    ],
)
def test_outside_a_domain_there_is_no_value(term):
    here = world()
    here.settle(("z", (4,)), MP.zero)
    with pytest.raises(Undefined):
        here.value(term)


@pytest.mark.parametrize("term", [Partial(x, exp(x)), z[x], Call("H", [z]), Partial(y[1], x)])
def test_what_it_does_not_know_it_says(term):
    with pytest.raises(Unknown):
        value(term)


def claim(left, right, relation="="):
    return Claim(left, relation, right)


HOT = PLAIN.assume(OneHot(y))
TOTAL = PLAIN.assume(Fact(summation(y[k], k, 1, n), "=", Integer(1)))
POSITIVE = PLAIN.assume(Fact(y[i], ">", Integer(0), (i,)))


@pytest.mark.parametrize(
    ("made", "context", "truth"),
    [
        (claim(cos(x) ** 2 + sin(x) ** 2, Integer(1)), PLAIN, Truth.TRUE),
        (claim(sqrt(x**2), x), PLAIN, Truth.FALSE),
        (claim(sqrt(x**2), x), PLAIN.assume(Fact(x, ">", Integer(0))), Truth.TRUE),
        (claim(summation(y[k] ** 2, k, 1, n), Integer(1)), HOT, Truth.TRUE),
        (claim(summation(y[k] ** 2, k, 1, n), Integer(1)), TOTAL, Truth.FALSE),
        (claim(summation(y[k], k, 1, n) * x, x), TOTAL, Truth.TRUE),
        (claim(y[n + 1], Integer(0), ">"), POSITIVE, Truth.FALSE),
        (claim(y[j], Integer(0), ">"), POSITIVE, Truth.TRUE),
        (claim(x**2, Integer(0), ">="), PLAIN, Truth.TRUE),
        (claim(x**2, Integer(0), ">"), PLAIN, Truth.FALSE),
        (claim(x, x, "<"), PLAIN, Truth.FALSE),
        (claim(x, x, "<="), PLAIN, Truth.TRUE),
        (claim(Call("f", [x]), Call("f", [x]), "<="), PLAIN, Truth.UNSETTLED),
        (claim(KroneckerDelta(i, j), Integer(0)), PLAIN, Truth.FALSE),
        (claim(KroneckerDelta(i, j), Integer(0)), PLAIN.assume(Fact(i, "!=", j)), Truth.TRUE),
        (claim(KroneckerDelta(i, j), Integer(1)), PLAIN.assume(Fact(i, "=", j)), Truth.TRUE),
        (claim(a[i], Integer(1), "<"), SOFT, Truth.FALSE),
        (claim(a[i], Integer(1), "<"), SOFT.assume(Fact(n, ">=", Integer(2))), Truth.TRUE),
        (claim(Partial(x, exp(x)), x), PLAIN, Truth.UNSETTLED),
        (claim(log(-1 - x**2), x), PLAIN, Truth.UNSETTLED),
        (claim(x, t), PLAIN.assume(Fact(x, "=", 2 * t), Fact(t, ">", Integer(1))), Truth.FALSE),
        (claim(x, 2 * t), PLAIN.assume(Fact(x, "=", 2 * t)), Truth.TRUE),
    ],
)
def test_truth(made, context, truth):
    assert truth_of(made, context, "test").truth is truth


def test_points_obey_their_hypotheses_and_vary():
    spans = PLAIN.with_range(j, Range(Integer(2), d))
    context, made = spans.assume(*TOTAL.assumptions), claim(z[i] * y[j], x)
    assert [w.values for w in points(made, context, "test")] == [w.values for w in points(made, context, "test")]
    found = list(points(made, context, "test"))
    assert {world.sizes["n"] for world in found} == {1, 2, 3, 5}
    assert all(2 <= world.indices[j] <= world.sizes["d"] for world in found)
    for each in found:
        assert same(each.value(summation(y[k], k, 1, n)), MP.one)


def test_a_witness_is_followed_to_its_point():
    false = claim(z[i] ** 2, z[i])
    assert confirms(Witness(2, (("i", 1), ("z_1", "3/2")), "2.25", "1.5"), false, PLAIN)
    assert confirms(Witness(2, (("i", 1), ("z_1", "1")), "1", "2"), false, PLAIN) is False
    assert confirms(Witness(2, (("i", 1),), "1", "2"), false, PLAIN) is None
