"""A claim is tested only where it was evaluated, and hypotheses that exclude each other prove nothing."""

from __future__ import annotations

import pytest
from sympy import Integer, Rational, cos, sqrt, zeta

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact
from derive.terms.reasons import Why
from derive.terms.terms import Call, Partial, Vector, family, index, scalar

i = index("i")
x, y, eta, f = scalar("x"), scalar("y"), scalar("eta"), scalar("f")
b, s = family("b"), family("s")
BARE = Context()
TRUE, FALSE = Claim((x + 1) ** 2, "=", x**2 + 2 * x + 1), Claim((x + 1) ** 2, "=", x**2 + 1)


def verdict(claim, context):
    found = decide(claim, context)
    return found.kind, None if found.reason is None else found.reason.why


# -- hypotheses that exclude each other ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "context",
    [
        BARE.define(Definition(eta, Rational(1, 20))).assume(Fact(eta, "=", Rational(1, 5))),
        BARE.assume(Fact(eta, "=", Integer(1)), Fact(eta, "=", Integer(2))),
        BARE.assume(Fact(eta, ">", Integer(1)), Fact(eta, "<", Integer(0))),
        BARE.define(Definition(s[i], b[i])).assume(Fact(s[i], "=", b[i] + 1, (i,))),
    ],
    ids=["another value", "two values", "two bounds", "of a family"],
)
def test_a_contradiction_elsewhere_says_nothing_of_a_claim(context):
    assert verdict(TRUE, context) == (Kind.PROVED, None)
    assert verdict(FALSE, context)[0] is Kind.REFUTED
    assert verdict(Claim(x, "=", Integer(0)), context.define(Definition(x, Integer(10))))[0] is Kind.REFUTED


@pytest.mark.parametrize("right", [eta + 1, eta**2, cos(eta)])
def test_nothing_is_judged_of_a_quantity_whose_hypotheses_exclude_each_other(right):
    context = BARE.define(Definition(eta, Rational(1, 20))).assume(Fact(eta, "=", Rational(1, 5)))
    assert verdict(Claim(x * eta, "=", right), context) == (Kind.UNREAD, Why.EXCLUDED)
    apart = BARE.define(Definition(eta, Rational(1, 20))).assume(Fact(y, "=", Rational(1, 5)))
    assert verdict(Claim(x * eta, "=", right), apart)[0] is Kind.REFUTED


# -- hypotheses and definitions without a normal form -------------------------------------------------------------


@pytest.mark.parametrize(
    "context",
    [
        BARE.assume(Fact(Vector([eta, y]), "=", Vector([Integer(1), Integer(2)]))),
        BARE.assume(Fact(Vector([eta]), ">", Integer(0))),
        BARE.define(Definition(eta, sqrt(y)), Definition(y, 2 * eta)).assume(Fact(eta, ">", Integer(0))),
        BARE.define(Definition(eta, Call("g", [eta]))).assume(Fact(eta, "!=", Integer(0))),
    ],
    ids=["two lists", "list and number", "in a circle", "from itself"],
)
def test_a_hypothesis_without_a_normal_form_takes_no_other_claim_with_it(context):
    assert verdict(TRUE, context) == (Kind.PROVED, None)
    assert verdict(FALSE, context)[0] is Kind.REFUTED


def test_what_is_defined_in_a_circle_is_not_judged():
    circle = BARE.define(Definition(eta, sqrt(y)), Definition(y, eta**2)).assume(Fact(eta, ">", Integer(0)))
    for claim in (Claim(eta, "=", y), Claim(eta, ">", Integer(0)), Claim(y + 1, "=", eta)):
        assert verdict(claim, circle)[0] is Kind.UNREAD


# -- what cannot be evaluated ------------------------------------------------------------------------------------


def test_a_claim_that_was_evaluated_nowhere_is_not_tested():
    assert verdict(Claim(zeta(x), "=", y), BARE) == (Kind.UNREAD, Why.NOT_EVALUATED)
    assert verdict(Claim(x, "=", y), BARE)[0] is Kind.REFUTED


def test_an_index_has_no_derivative():
    context = BARE.define(Definition(Partial(index("f"), s[1]), b[1]))
    assert verdict(Claim(Partial(index("f"), s[1]), "=", b[1]), context)[0] is Kind.UNREAD
    assert verdict(Claim(Partial(index("f"), s[1]), "=", Integer(0)), context)[0] is Kind.UNREAD
    known = BARE.define(Definition(Partial(f, s[1]), b[1]))
    assert verdict(Claim(Partial(f, s[1]), "=", b[1]), known) == (Kind.PROVED, None)
    assert verdict(Claim(Partial(f, s[1]), "=", 2 * b[1]), known)[0] is Kind.REFUTED
