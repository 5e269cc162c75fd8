"""Obligations: what is met is not listed, what an assumption meets is listed as stated, what fails everywhere refutes."""

from __future__ import annotations

import pytest
from sympy import Integer, Max, exp, log

from derive.judge.obligations import obligations_of, undefined_side
from derive.judge.points.witness import Witness
from derive.judge.verdict import Condition, Kind, Verdict
from derive.terms.context import Claim, Context, Fact, Obligation, Range
from derive.terms.reasons import Why, because
from derive.terms.terms import bound, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

k, i, n, d = index("k"), index("i"), size("n"), size("d")
x, u, v, p = scalar("x"), scalar("u"), scalar("v"), family("p")
ZERO, ONE = Integer(0), Integer(1)
BARE = Context()
POSITIVE = BARE.assume(Fact(x, ">", ZERO))
inner = bound("k")


def claim(*obligations):
    return Claim(x, "=", x, obligations)


def listed(context, *obligations):
    found = obligations_of(claim(*obligations), context)
    return [c.what for c in found if not c.stated], [c.what for c in found if c.stated]


FAILING = [
    (BARE, Obligation(x - x, "!="), True),
    (BARE, Obligation(x - x, ">"), True),
    (BARE, Obligation(x - x, ">="), False),
    (BARE, Obligation((x + 1) ** 2 - x**2 - 2 * x - 1, "!="), True),
    (BARE, Obligation(Integer(-1), ">"), True),
    (BARE, Obligation(Integer(-1), "!="), False),
    (BARE, Obligation(Integer(-1), ">="), False),
    (BARE, Obligation(ONE / 2, ">"), False),
    (BARE, Obligation(x, ">"), False),
    (BARE, Obligation(-x, ">"), False),
    (BARE.assume(Fact(x, "=", u)), Obligation(x - u, "!="), True),
    (BARE.assume(Fact(x, "=", v)), Obligation(x - u, "!="), False),
]


@pytest.mark.parametrize(("context", "obligation", "fails"), FAILING)
def test_what_fails_everywhere_refutes(context, obligation, fails):
    verdict = Verdict(
        Kind.REFUTED,
        because(Why.UNDEFINED_SIDE, demand=str(obligation.term)),
        obligations=(Condition(what=obligation, stated=False),),
        witness=Witness(None, (), "undefined", "undefined"),
    )
    expected = verdict if fails else None
    assert undefined_side(claim(obligation), context) == expected
    assert undefined_side(claim(Obligation(Max(x, 1), "!="), Obligation(x, "!="), obligation), context) == expected


def test_it_is_shown_as_it_was_written():
    found = undefined_side(claim(Obligation(x - x, "!=", latex="x - x")), BARE)
    assert rendered(found.reason) == "a side is not defined: x - x fails"


def test_what_is_met_by_nothing_but_algebra_is_not_listed():
    for met in (
        Obligation(exp(x), "!="),
        Obligation(-exp(x), "!="),
        Obligation(exp(x), ">"),
        Obligation(u**2, ">="),
        Obligation(1 + u**2, "!="),
        Obligation(summation(exp(p[k]), k, ONE, n), ">"),
    ):
        assert listed(BARE, met) == ([], [])
    for not_met in (
        Obligation(x, "!="),
        Obligation(-exp(x), ">"),
        Obligation(u**2, ">"),
        Obligation(u, ">="),
        Obligation(u**2, "!="),
        Obligation(Max(x, 1), "!="),
        Obligation(log(x), ">"),
    ):
        assert listed(BARE, not_met) == ([not_met], [])


def test_what_an_assumption_meets_is_listed_as_stated():
    assert listed(POSITIVE, Obligation(x, ">"), Obligation(u, "!=")) == ([Obligation(u, "!=")], [Obligation(x, ">")])
    assert listed(POSITIVE, Obligation(exp(u), ">"), Obligation(x, "!=")) == ([], [Obligation(x, "!=")])
    assert listed(POSITIVE, Obligation(x, ">"), Obligation(exp(u), ">")) == ([], [Obligation(x, ">")])
    assert listed(POSITIVE, Obligation(x, ">"), Obligation(x, ">")) == ([], [Obligation(x, ">")])
    assert obligations_of(claim(Obligation(u, "!="), Obligation(x, ">")), POSITIVE) == (
        Condition(what=Obligation(u, "!="), stated=False),
        Condition(what=Obligation(x, ">"), stated=True),
    )


def test_what_follows_from_the_others_is_left_out():
    a, b, both = Obligation(u, ">"), Obligation(v, ">"), Obligation(u * v, ">")
    assert listed(BARE, a, b, both) == ([a, b], [])
    assert listed(BARE, both, a, b) == ([a, b], [])
    assert listed(BARE, a, both) == ([a, both], [])
    twice = Obligation(2 * u + 0 * v, ">")
    assert listed(BARE, a, twice) == ([a], [])
    assert listed(BARE, twice, a) == ([a], [])
    nonzero, weak = Obligation(u, "!="), Obligation(u, ">=")
    assert listed(BARE, nonzero, a) == ([a], [])
    assert listed(BARE, a, weak, nonzero) == ([a], [])
    assert listed(BARE, weak, nonzero) == ([weak, nonzero], [])


def test_what_holds_for_all_of_a_range_is_met_within_it():
    known = BARE.with_range(i, Range(ONE, d)).assume(Fact(p[i], ">", ZERO, (i,)))
    in_range, beyond = (Obligation(p[inner], ">", ((inner, ONE, high),)) for high in (d, n))
    assert listed(known, in_range) == ([], [in_range])
    assert listed(known, beyond) == ([beyond], [])
    shifted = Obligation(p[inner], ">", ((inner, ZERO, d),))
    assert listed(known, shifted) == ([shifted], [])


def test_a_logarithm_of_what_is_assumed_to_be_0_is_not_judged():
    context = BARE.assume(Fact(x, "=", u))
    assert undefined_side(claim(Obligation(x - u, ">")), context).kind is Kind.UNREAD
    assert undefined_side(claim(Obligation(x - x, ">")), context).kind is Kind.REFUTED
    assert undefined_side(claim(Obligation(x - u, "!=")), context).kind is Kind.REFUTED


@pytest.mark.parametrize(
    ("power", "relation", "met"),
    [(2, ">=", True), (2, ">", True), (2, "!=", True), (3, "!=", True), (3, ">", False), (3, ">=", False)],
)
def test_a_power_of_what_is_not_0_is_not_0_and_an_even_one_is_positive(power, relation, met):
    apart = BARE.assume(Fact(x + u * v, "!=", ZERO))
    wanted = Obligation((x + u * v) ** power * exp(p[i]), relation)
    assert listed(apart, wanted)[0] == ([] if met else [wanted])
