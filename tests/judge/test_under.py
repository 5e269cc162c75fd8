"""A claim under what it is given, and under what it holds fixed."""

from __future__ import annotations

from dataclasses import replace

from sympy import Integer

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Fact, HeldFixed
from derive.terms.terms import scalar

x, y = scalar("x"), scalar("y")
BARE = Context()
TWO = (Fact(x, "=", Integer(2)),)


def test_what_follows_is_judged_under_what_it_follows_from():
    true, false = (Claim(x**2, "=", Integer(value), given=TWO) for value in (4, 5))
    assert decide(true, BARE).kind is Kind.PROVED
    assert decide(false, BARE).kind is Kind.REFUTED
    assert decide(replace(true, given=()), BARE).kind is not Kind.PROVED


def test_what_is_held_fixed_is_a_condition_of_the_proof():
    held = (HeldFixed(y),)
    true, false = (Claim(x + x, "=", value, held=held) for value in (2 * x, 3 * x))
    verdict = decide(true, BARE)
    assert verdict.kind is Kind.CONDITIONAL
    assert [each.what for each in verdict.conditions] == list(held)
    assert verdict.proof.assumptions[:1] == verdict.proof.used[:1] == held
    assert decide(replace(true, held=()), BARE).kind is Kind.PROVED
    assert decide(false, BARE).kind is Kind.REFUTED
