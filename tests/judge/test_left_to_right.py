"""A step is read from left to right: what only its right side relies on is a condition of the step."""

from __future__ import annotations

import pytest
from sympy import Integer

import derive
from derive.judge.demands import brought
from derive.normal.clearing import cleared
from derive.normal.normaliser import Normaliser
from derive.terms.context import Claim, Context, Fact, Obligation
from derive.terms.terms import scalar

x, y = scalar("x"), scalar("y")

# what is said before, the step, its verdict, the conditions that it is shown with
STEPS = [
    ("", r"\ln x^2 = 2 \ln x", "conditional", {"x > 0"}),
    ("", r"2 \ln x = \ln x^2", "proved", set()),
    ("Let $x > 0$.", r"\ln x^2 = 2 \ln x", "proved", set()),
    ("", r"1 = \frac{x}{x}", "conditional", {"x != 0"}),
    ("", r"\frac{x}{x} = 1", "proved", set()),
    (r"Let $x \ne 0$.", r"1 = \frac{x}{x}", "proved", set()),
    (r"Let $x \ne 0$.", r"1 = \frac{y}{y}", "conditional", {"y != 0"}),
    (r"Assume $x y \ne 0$.", r"1 = \frac{x}{x}", "proved", set()),
    (r"Assume $x y \ne 0$.", r"1 = \frac{x - y}{x - y}", "conditional", {"x - y != 0"}),
    (r"Let $x \ne y$.", r"1 = \frac{y - x}{y - x}", "proved", set()),
    ("", r"\ln (x y) = \ln x + \ln y", "conditional", {"x > 0", "y > 0"}),
    ("", r"\ln x + \ln y = \ln (x y)", "proved", set()),
    ("Hence", r"x = \frac{x^2}{x} + 1", "refuted", set()),
    ("Let $y_k \\ne 0$ for all $k$.", r"\sum_k x_k = \sum_k \frac{x_k y_k}{y_k}", "proved", set()),
    ("", r"\sum_k x_k = \sum_k \frac{x_k y_k}{y_k}", "conditional", {"y_k != 0"}),
    ("Let $a_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}$.", r"z_i = \ln a_i + \ln \sum_k e^{z_k}", "proved", set()),
    ("Let $L = -\\sum_k y_k \\ln a_k$.", r"\frac{\partial L}{\partial a_i} = -\frac{y_i}{a_i}", "proved", set()),
    ("", r"\sum_{k \ne i} \frac{1}{n - 1} = 1", "conditional", {"n >= 2"}),
    ("Hence", r"\sum_{k \ne i} \frac{2}{n - 1} = 1", "refuted", set()),
]


@pytest.mark.parametrize(("said", "step", "verdict", "conditions"), STEPS)
def test_what_only_the_right_side_needs_is_a_condition(said, step, verdict, conditions):
    claim = derive.check(f"{said}\n\n$${step}$$\n").claims[-1]
    assert claim.verdict == verdict, claim.message
    if verdict != "refuted":
        assert {c.text for c in claim.conditions if not c.stated} == conditions
    if verdict == "conditional":
        assert claim.witness is not None


def test_in_a_chain_the_first_side_counts():
    first, second = derive.check("$$2 \\ln x = \\ln x^2 = 2 \\ln x$$").claims
    assert (first.verdict, second.verdict) == ("proved", "proved")
    first, second = derive.check("$$\\ln x^2 = 2 \\ln x = \\ln x^2$$").claims
    assert (first.verdict, second.verdict) == ("conditional", "proved")


def test_what_is_brought_follows_from_the_left_side_or_not():
    needed = Obligation(x, ">", brought=True)
    assert brought(Claim(x, "=", x, (needed,)), Context()) == (needed,)
    assert brought(Claim(x, "=", x, (Obligation(x, ">"),)), Context()) == ()
    assert brought(Claim(x, "=", x, (Obligation(x - 1, ">"), needed)), Context().assume(Fact(x, ">", Integer(0)))) == ()


@pytest.mark.parametrize(
    ("fact", "term", "nonzero"),
    [
        (Fact(x, "!=", Integer(0)), 2 * x, True),
        (Fact(x, "!=", Integer(0)), x + 1, False),
        (Fact(x * y, "!=", Integer(0)), x**2 * y, True),
        (Fact(x * y, "!=", Integer(0)), x + y, False),
        (Fact(x, "!=", y), 3 * y - 3 * x, True),
        (Fact(x, "!=", y), y + x, False),
    ],
)
def test_products_of_what_is_not_zero_are_not(fact, term, nonzero):
    normaliser = Normaliser(Context().assume(fact))
    assert normaliser.knowledge.is_nonzero(cleared(normaliser.ring, normaliser(term))) is nonzero


def test_where_a_power_or_a_product_is_not_zero_no_base_and_no_factor_is():
    assert verdict_of(r"\frac{x + 1}{(x + 1)^2} = \frac{1}{x + 1}") == "proved"
    assert verdict_of(r"\frac{x}{x^2 y^3} = \frac{1}{x y^3}") == "proved"
    assert verdict_of(r"\frac{x}{x^2 y^3} = \frac{z}{x y^3 z}") == "conditional"


def verdict_of(formula):
    return derive.check(f"$${formula}$$\n").claims[-1].verdict
