"""What a step relies on follows from what its left side relies on: factor by factor, and through derivatives."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational, log

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Obligation
from derive.terms.terms import Call, Partial, family, index, scalar, size, summation

x, y, b, c = scalar("x"), scalar("y"), scalar("b"), scalar("c")
n, i, j, k = size("n"), index("i"), index("j"), index("k")
p, q, w = family("p"), family("q"), family("w")
BARE = Context()


def demand(term, relation="!=", brought=False, binders=()):
    return Obligation(term, relation, binders, brought=brought)


@pytest.mark.parametrize(
    ("left", "right", "relation"),
    [
        ((x, 1 - x), x * (1 - x), "!="),
        ((x, x - y), x**2 * (x - y), "!="),
        ((p[i], 1 - p[i]), (1 - p[i]) * p[i], "!="),
        ((x + y, x - y), (x + y) * (x - y) ** 3, "!="),
    ],
)
def test_a_product_is_not_zero_where_no_factor_is(left, right, relation):
    given = tuple(demand(term) for term in left)
    claim = Claim(y, "=", y, (*given, demand(right, relation, True)))
    assert decide(claim, BARE).kind is Kind.PROVED
    other = Claim(claim.left, "=", claim.right, (*given[1:], demand(right, relation, True)))
    assert decide(other, BARE).kind is Kind.CONDITIONAL


def test_odds_are_positive_where_both_shares_are():
    odds = x / (1 - x)
    shares = (demand(x, ">"), demand(1 - x, ">"))
    step = Claim(log(x) - log(1 - x), "=", log(odds), (*shares, demand(odds, ">", True), demand(1 - x, "!=", True)))
    assert decide(step, BARE).kind is Kind.PROVED
    back = Claim(log(odds), "=", log(x) - log(1 - x), (demand(odds, ">"), *(demand(o.term, ">", True) for o in shares)))
    assert decide(back, BARE).kind is not Kind.REFUTED


def test_a_derivative_relies_on_what_its_quantity_relies_on():
    loss = BARE.define(Definition(scalar("L"), -summation(log(p[k]) * q[k], k, 1, n)))
    right = -Partial(log(p[j]) * q[j], p[j])
    step = Claim(Partial(scalar("L"), p[j]), "=", right, (demand(p[j], ">", True),))
    assert decide(step, loss).kind is Kind.PROVED
    squares = BARE.define(Definition(scalar("L"), summation(p[k] ** 2, k, 1, n)))
    step = Claim(Partial(scalar("L"), p[j]), "=", 2 * p[j] + log(p[j]) - log(p[j]), (demand(p[j], ">", True),))
    assert decide(step, squares).kind is Kind.CONDITIONAL


def test_the_product_rule_for_demands_sees_through_definitions():
    context = BARE.define(Definition(y, b + w[1] * x), Definition(scalar("L"), -c * log(y) - (1 - c) * log(1 - y)))
    step = Claim(Partial(scalar("L"), y), "=", (y - c) / (y * (1 - y)), (demand(y * (1 - y), "!=", True),))
    assert decide(step, context).kind is Kind.PROVED
    assert decide(Claim(step.left, "=", (c - y) / (y * (1 - y)), step.obligations), context).kind is Kind.REFUTED


def test_a_mean_over_samples_is_tried_where_its_logarithms_have_values():
    """At random points hardly one of several shares lies between 0 and 1."""
    loss = BARE.define(Definition(scalar("L"), -summation(q[k] * log(p[k]) + (1 - q[k]) * log(1 - p[k]), k, 1, n) / n))
    slope = (p[i] - q[i]) / (p[i] * (1 - p[i]))
    given = (demand(p[i], "!=", True), demand(1 - p[i], "!=", True))
    assert decide(Claim(Partial(scalar("L"), p[i]), "=", slope, given), loss).kind is Kind.REFUTED
    assert decide(Claim(Partial(scalar("L"), p[i]), "=", slope / n, given), loss).kind is Kind.PROVED


@pytest.mark.parametrize("factor", [1, 2])
def test_a_loss_of_a_linear_output_is_tried_where_it_has_a_value(factor):
    context = BARE.define(
        Definition(y, b + w[1] * x + w[2] * scalar("u")), Definition(Call("L", [c, y]), -c * log(y) - (1 - c) * log(1 - y))
    )
    loss = Call("L", [c, y])
    chain = Claim(Partial(loss, w[1]), "=", factor * Partial(loss, y) * Partial(y, w[1]))
    assert decide(chain, context).kind is (Kind.PROVED if factor == 1 else Kind.REFUTED)


@pytest.mark.parametrize(("power", "kind"), [(Rational(3, 4), Kind.PROVED), (Integer(2), Kind.PROVED), (Integer(-1), None)])
def test_a_positive_power_of_nothing_is_nothing(power, kind):
    a = scalar("a")
    context = BARE.define(Definition(a, power), Definition(Call("h", [x]), (x / c) ** a))
    verdict = decide(Claim(Call("h", [Integer(0)]), "=", Integer(0)), context)
    assert verdict.kind is kind if kind else verdict.kind not in (Kind.PROVED, Kind.CONDITIONAL)
    assert decide(Claim(Call("h", [Integer(0)]), "=", Integer(1)), context).kind is not Kind.PROVED


def test_what_holds_at_every_place_of_a_sum_holds_at_an_index_with_the_same_range_only():
    loss = BARE.define(Definition(scalar("L"), summation(log(1 - p[k]), k, 1, n)))
    step = Claim(Partial(scalar("L"), p[i]), "=", -1 / (1 - p[i]), (demand((1 - p[i]) ** 2, "!=", True),))
    assert decide(step, loss).kind is Kind.PROVED
    further = demand(1 - p[j + 1], "!=", True)
    assert decide(Claim(step.left, "=", step.right, (further,)), loss).kind is not Kind.PROVED
