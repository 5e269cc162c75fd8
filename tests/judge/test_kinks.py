"""The derivative of an absolute value is claimed away from its kink, and says so."""

from __future__ import annotations

import pytest
from sympy import Abs, Eq, Integer, KroneckerDelta, log

from derive.judge.decide import decide
from derive.judge.obligations import obligations_of
from derive.judge.relying import kinks
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, Obligation
from derive.terms.terms import Call, Cases, Partial, family, index, scalar, size, summation

x, u, t = scalar("x"), scalar("u"), scalar("t")
z, i, k, n = family("z"), index("i"), index("k"), size("n")
ZERO, ONE = Integer(0), Integer(1)
BARE = Context()
RELU = Definition(Call("r", [t]), (t + Abs(t)) / 2)
SLOPE = Call("r", [x], [1])
OFF = Obligation(x, "!=")


def found(left, right=x, context=BARE):
    return list(kinks(Claim(left, "=", right), context))


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        (Partial(Abs(x), x), x / Abs(x), Kind.PROVED),
        (Partial(Abs(x), x), -x / Abs(x), Kind.REFUTED),
        (Partial(x * Abs(x), x), 2 * Abs(x), Kind.PROVED),
        (Partial(x * Abs(x), x), Abs(x), Kind.REFUTED),
        (Partial(Partial(x * Abs(x), x), x), 2 * x / Abs(x), Kind.PROVED),
        (Partial(Partial(x * Abs(x), x), x), ZERO, Kind.REFUTED),
        (Partial(Abs(x) ** 2, x), 2 * x, Kind.PROVED),
        (Partial(Abs(x) ** 2, x), 2 * Abs(x), Kind.CONDITIONAL),
        (SLOPE**2, SLOPE, Kind.PROVED),
        (SLOPE**2, ONE, Kind.CONDITIONAL),
        (SLOPE, x, Kind.REFUTED),
    ],
)
def test_derivatives_beside_a_kink(left, right, kind):
    assert decide(Claim(left, "=", right), BARE.define(RELU)).kind is kind


@pytest.mark.parametrize(("value", "kind"), [(ONE, Kind.PROVED), (x, Kind.REFUTED)])
def test_relu_has_the_slope_1_where_its_argument_is_positive(value, kind):
    verdict = decide(Claim(SLOPE, "=", value), BARE.define(RELU).assume(Fact(x, ">", ZERO)))
    assert verdict.kind is kind


def test_the_kink_is_an_obligation_wherever_a_derivative_is_taken():
    assert found(Partial(Abs(x), x)) == found(x, Partial(Abs(x), x)) == [OFF]
    assert found(SLOPE, context=BARE.define(RELU)) == [OFF]
    assert [o.term for o in found(Partial(summation(Abs(z[k]), k, ONE, n), z[i]))][0].base == z
    assert found(Abs(x)) == found(1 / Abs(x)) == found(Partial(1 / x, x)) == found(Partial(log(x), x)) == []
    assert found(Call("r", [x]), context=BARE.define(RELU)) == []


def test_what_has_no_derivative_has_no_kinks():
    assert found(Partial(x, x + u)) == []
    assert found(Partial(x, x + u), Partial(Abs(x), x)) == [OFF]


def test_an_obligation_that_is_met_is_not_open():
    claim = Claim(Partial(Abs(x), x), "=", ONE)
    assert [(o.what, o.stated) for o in obligations_of(claim, BARE)] == [(OFF, False)]
    assert [(o.what, o.stated) for o in obligations_of(claim, BARE.assume(Fact(x, ">", ZERO)))] == [(OFF, True)]


def test_nothing_is_relied_on_in_some_cases_only():
    cases = Cases((Abs(x), Eq(i, k)), (ZERO, True))
    assert found(Partial(cases, x)) == []
    assert found(Partial(KroneckerDelta(i, k) * Abs(x), x)) == [OFF]
