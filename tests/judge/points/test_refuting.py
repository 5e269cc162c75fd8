"""Refutation by balls: false claims have witnesses, true ones have none."""

import time

import pytest
from sympy import E as EULER
from sympy import Integer, KroneckerDelta, Max, Rational, Symbol, cos, exp, log, pi, sin, sqrt

from derive.balls.comparison import closed_comparison
from derive.judge.points.refuting import agrees, refute
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot
from derive.terms.terms import Call, Partial, Vector, dots, family, index, scalar, size, summation

i, j, k, n = index("i"), index("j"), index("k"), size("n")
z, a, y = family("z"), family("a"), family("y")
x, u, L, S = scalar("x"), scalar("u"), scalar("L"), scalar("S")
BARE = Context()
SOFTMAX = BARE.define(
    Definition(S, summation(exp(z[k]), k, 1, n)),
    Definition(a[i], exp(z[i]) / S),
    Definition(L, -summation(y[k] * log(a[k]), k, 1, n)),
)
TOTAL = Fact(summation(y[k], k, 1, n), "=", Integer(1))
SQUARES = summation(y[k] ** 2, k, 1, n)

TRUE = [
    (Claim(Partial(a[j], z[i]), "=", a[i] * (KroneckerDelta(i, j) - a[j])), SOFTMAX),
    (Claim(Partial(a[j], z[i]), "=", -a[i] * a[j]), SOFTMAX.assume(Fact(i, "!=", j))),
    (Claim(Partial(a[j], z[i]), "=", a[i] * (1 - a[j])), SOFTMAX.assume(Fact(i, "=", j))),
    (Claim(Partial(L, z[i]), "=", a[i] - y[i]), SOFTMAX.assume(TOTAL)),
    (Claim(Partial(L, a[i]), "=", -y[i] / a[i]), SOFTMAX),
    (Claim(Partial(Partial(L, z[i]), z[j]), "=", a[i] * (KroneckerDelta(i, j) - a[j])), SOFTMAX.assume(TOTAL)),
    (Claim(SQUARES, "=", Integer(1)), BARE.assume(OneHot(y))),
    (Claim(log(x**2), "=", 2 * log(x), (Obligation(x, ">"),)), BARE),
    (Claim(summation(a[k], k, 1, n), "=", Integer(1)), SOFTMAX),
    (Claim(a[i], ">", Integer(0)), SOFTMAX),
    (Claim(a[i], "<=", Integer(1)), SOFTMAX),
    (Claim(a[i], "<", Integer(1)), SOFTMAX.assume(Fact(n, ">=", Integer(2)))),
    (Claim(x**2 + 1, "!=", Integer(0)), BARE),
    (Claim(Partial(Call("f", [x**2]), x), "=", 2 * x * Call("f", [x**2], [1])), BARE),
    (Claim(Max(x, u) + Max(-x, -u), "=", Max(x - u, u - x)), BARE),
    (Claim(Vector([x, dots(), exp(x) * exp(u)]), "=", Vector([x, dots(), exp(x + u)])), BARE),
    (Claim(summation(Integer(1), k, i, n), "=", n - i + 1), BARE),
]
FALSE = [
    (Claim(Partial(a[j], z[i]), "=", -a[i] * a[j]), SOFTMAX, 1),
    (Claim(Partial(a[j], z[i]), "=", a[i] * a[j]), SOFTMAX.assume(Fact(i, "!=", j)), 2),
    (Claim(Partial(a[j], z[i]), "=", a[i] * (1 + a[j])), SOFTMAX.assume(Fact(i, "=", j)), 1),
    (Claim(Partial(L, z[i]), "=", a[i] - y[i]), SOFTMAX, 1),
    (Claim(Partial(L, z[i]), "=", y[i] - a[i]), SOFTMAX.assume(TOTAL), 2),
    (Claim(Partial(L, a[i]), "=", y[i] / a[i]), SOFTMAX, 1),
    (Claim(SQUARES, "=", Integer(1)), BARE.assume(TOTAL), 2),
    (Claim(log(x**2), "=", log(x)), BARE, None),
    (Claim(a[i], "<", Integer(1)), SOFTMAX, 1),
    (Claim(a[i], ">", a[j]), SOFTMAX, 1),
    (Claim(x**2, "!=", Integer(1)), BARE, None),
    (Claim(Partial(Call("f", [x**2]), x), "=", Call("f", [x**2], [1])), BARE, None),
    (Claim(Vector([x, u]), "=", Vector([x, x])), BARE, None),
    (Claim(summation(Integer(1), k, i, n), "=", n - i), BARE, 1),
    (Claim(cos(x) + Rational(1, 10**40), "=", cos(x)), BARE, None),
]


@pytest.mark.parametrize(("claim", "context"), TRUE, ids=[str(c.left) + c.relation for c, _ in TRUE])
def test_true_claims_have_no_witness(claim, context):
    found = agrees(claim, context)
    assert found.failure is None and not found.unsupported and not found.unreachable
    assert found.points >= 15


@pytest.mark.parametrize(("claim", "context", "smallest"), FALSE, ids=[str(c.left) + c.relation for c, _, _ in FALSE])
def test_false_claims_have_a_smallest_witness(claim, context, smallest):
    witness = refute(claim, context)
    assert witness is not None
    assert witness.size == smallest
    assert witness.left != witness.right or claim.relation in ("!=", "<", ">")


def test_a_witness_in_print():
    witness = refute(Claim(SQUARES, "=", Integer(1)), BARE.assume(TOTAL))
    assert witness == type(witness)(2, (("y_1", "-2"), ("y_2", "3")), "13", "1")
    vector = refute(Claim(Vector([x, u]), "=", Vector([x, x])), BARE)
    assert vector.values[0] == ("entry", 2)
    tiny = refute(Claim(exp(x) + Rational(1, 10**40), "=", exp(x)), BARE)
    assert tiny.left != tiny.right and tiny.left[:20] == tiny.right[:20]
    unknown = refute(Claim(Call("f", [x]), "=", x), BARE)
    assert unknown.values[-1][1].startswith("f(x) = ")
    other = refute(Claim(Symbol("w", real=True) * y[i], "=", y[j]), BARE)
    assert [name for name, _ in other.values][:2] == ["i", "j"]


def test_only_the_sizes_that_matter_are_shown():
    d = size("d")
    witness = refute(Claim(summation(z[k], k, 1, d), "=", x), BARE)
    assert witness.size is None
    assert dict(witness.values)["d"] == 1


def test_where_a_side_is_undefined_nothing_is_said():
    found = agrees(Claim(log(-(x**2) - 1), "=", Integer(7)), BARE)
    assert (found.points, found.undecided, found.failure) == (0, 0, None)


def test_no_point_and_no_evaluation_are_told_apart():
    contradiction = BARE.assume(Fact(x, ">", Integer(0)), Fact(x, "<", Integer(0)))
    assert agrees(Claim(x, "=", u), contradiction).unreachable
    assert agrees(Claim(Partial(x, exp(x)), "=", u), BARE).unsupported
    assert agrees(Claim(Vector([x]), "=", Vector([x, u])), BARE).unsupported
    assert refute(Claim(Vector([x]), "=", Vector([x, u])), BARE) is None


@pytest.mark.parametrize(
    ("left", "relation", "right", "rounding", "answer"),
    [
        (pi, "=", Rational(314, 100), 2, True),
        (pi, "=", Rational(315, 100), 2, False),
        (Rational(1, 3), "=", Rational(333, 1000), 3, True),
        (Rational(1, 3), "=", Rational(334, 1000), 3, False),
        (Rational(5, 1000), "=", Integer(0), 2, True),
        (exp(1), "=", EULER, None, None),
        (sqrt(2) * sqrt(3), "=", sqrt(6), None, None),
        (exp(2) + 1, "=", exp(2) + 1 + Rational(1, 10**50), None, False),
        (Rational(2, 4), "=", Rational(1, 2), None, True),
        (pi, "<", Rational(22, 7), None, True),
        (pi, ">", Rational(22, 7), None, False),
        (Integer(2), "<=", Integer(2), None, True),
        (Integer(2), "<", Integer(2), None, False),
        (sin(1) ** 2 + cos(1) ** 2, "<=", Integer(1), None, None),
        (Integer(2), "!=", Integer(3), None, True),
        (Integer(2), "!=", Integer(2), None, False),
        (x, "=", x, None, None),
        (summation(k, k, 1, 4), "=", Integer(10), None, True),
        (summation(k, k, 1, n), "=", Integer(10), None, None),
    ],
)
def test_closed_comparison(left, relation, right, rounding, answer):
    assert closed_comparison(Claim(left, relation, right, rounding=rounding), BARE) is answer


def test_closed_comparison_unfolds_definitions():
    context = BARE.define(Definition(x, Integer(3)), Definition(u, x**2))
    assert closed_comparison(Claim(u, "=", Integer(9)), context) is True
    assert closed_comparison(Claim(u, "=", Integer(8)), context) is False


def test_rounding_holds_for_refutations_too():
    assert refute(Claim(pi, "=", Rational(314, 100), rounding=2), BARE) is None
    assert refute(Claim(pi, "=", Rational(314, 100)), BARE) is not None


def test_time_per_claim(capsys):
    start = time.perf_counter()
    tested = [agrees(claim, context).points for claim, context in TRUE]
    elapsed = (time.perf_counter() - start) * 1e3
    with capsys.disabled():
        print(f"\n{elapsed / sum(tested):.3f} ms per point, {elapsed / len(TRUE):.1f} ms per true claim")
    assert elapsed / sum(tested) < 20
