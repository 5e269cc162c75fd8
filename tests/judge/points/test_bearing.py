"""Which hypotheses bear on a claim: those that share a quantity with it, directly or not, members told apart."""

import pytest
from sympy import Integer, Sum

from derive.judge.decide import decide
from derive.judge.points.bearing import bearing
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, OneHot, Range
from derive.terms.terms import bound, family, index, scalar, size

X, Y, Z, K, I = family("x"), family("y"), family("z"), bound("k"), index("i")
ZERO = Integer(0)
FIRST = Claim(X[1], ">", ZERO)


def above(left, right=ZERO, forall=()):
    return Fact(left, ">", right, forall)


def kept(claim, *assumptions, definitions=()):
    context = Context().with_range(K, Range(Integer(1), size("n"))).define(*definitions).assume(*assumptions)
    return bearing(claim, context).assumptions


OTHER = above(X[2])


@pytest.mark.parametrize(
    "hypothesis",
    [
        above(X[1]),
        above(X[1], X[2]),
        above(X[K], ZERO, (K,)),
        above(X[I]),
        Fact(Sum(X[K], (K, 1, size("n"))), "=", Integer(1)),
        above(X[I + 1]),
    ],
)
def test_what_speaks_of_the_member_or_of_all_bears_on_it(hypothesis):
    assert hypothesis in kept(FIRST, OTHER, hypothesis)


def test_what_speaks_of_another_member_does_not():
    assert kept(FIRST, OTHER, above(X[3], X[2]), above(Y[1])) == ()


def test_hypotheses_lead_to_others():
    chain = (above(X[1], X[2]), above(X[2], X[3]), above(X[3], Y[1]), above(Y[1]))
    assert kept(FIRST, *chain, above(Y[2]), above(X[4])) == chain
    assert kept(FIRST, *chain[1:]) == ()
    every = above(X[K], Y[1], (K,))
    assert kept(FIRST, OTHER, every, above(Y[1])) == (OTHER, every, above(Y[1]))


def test_a_claim_about_all_members_meets_what_is_said_of_each():
    assert kept(Claim(X[I], ">", ZERO), OTHER, above(Y[1])) == (OTHER,)
    assert kept(Claim(Sum(X[K], (K, 1, size("n"))), ">", ZERO), OTHER) == (OTHER,)


@pytest.mark.parametrize("head", [X[I], Z[I]])
def test_members_that_definitions_give_or_speak_of_are_not_told_apart(head):
    definition = Definition(head, X[I] + 1 if head == Z[I] else Z[1] + Z[I])
    assert kept(FIRST, OTHER, definitions=(definition,)) == (OTHER,)
    assert kept(FIRST, OTHER, definitions=(Definition(Z[I], Y[I]),)) == ()


def test_a_one_hot_family_is_so_at_each_place():
    hot = OneHot(X)
    assert hot in kept(FIRST, hot) and hot not in kept(Claim(Y[1], ">", ZERO), hot)


def test_the_verdict_rests_on_what_leads_to_the_member():
    through = Context().assume(Fact(X[1], "=", X[2]), Fact(X[2], "=", scalar("b")))
    assert decide(Claim(X[1], "=", scalar("b")), through).kind is Kind.PROVED
    apart = Context().assume(Fact(X[1], "=", X[3]), Fact(X[2], "=", scalar("b")))
    assert decide(Claim(X[1], "=", scalar("b")), apart).kind is not Kind.PROVED
