"""What a verdict that is no proof offers: conditions, a mended claim, and why two vectors were not judged."""

from __future__ import annotations

from sympy import Abs, Integer, log, sqrt

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Fact, Obligation
from derive.terms.terms import Vector, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

i, k = index("i"), index("k")
n = size("n")
z = family("z")
x, t = scalar("x"), scalar("t")
ONE, ZERO = Integer(1), Integer(0)
PLAIN = Context()


def test_a_condition_is_reported_only_with_a_counterexample_without_it():
    split = summation(z[k], k, ONE, i) + summation(z[k], k, i + 1, n)
    assert decide(Claim(split, "=", summation(z[k], k, ONE, n)), PLAIN).kind is not Kind.CONDITIONAL
    assert decide(Claim(sqrt(z[i] ** 2), "=", z[i]), PLAIN).conditions[0].what == Fact(z[i], ">=", ZERO, (i,))


def test_a_mended_claim_keeps_no_obligation_of_what_was_replaced():
    false = x * (x + t) / sqrt(t)
    claim = Claim(x * (x + t) / Abs(t), "=", false, (Obligation(t, ">"),))
    offered = decide(claim, PLAIN).mended
    assert offered is None or Obligation(t, ">") not in offered.obligations or offered.right.has(sqrt(t))
    needed = Obligation(t * x, ">"), Obligation(t, ">"), Obligation(x, ">")
    offered = decide(Claim(log(t * x), "=", log(t) - log(x), needed), PLAIN).mended
    assert offered is not None and offered.right == log(t) + log(x) and offered.obligations == needed


def test_vectors_of_which_one_entry_may_differ_are_not_judged():
    different = decide(Claim(Vector([x, t]), "!=", Vector([x + 1, t])), PLAIN)
    assert (different.kind, rendered(different.reason)) == (
        Kind.UNREAD,
        "vectors differ where one of their entries does: which one that is was not judged",
    )
    assert decide(Claim(Vector([x, t]), "!=", Vector([x + 1, t + 1])), PLAIN).kind is Kind.PROVED
