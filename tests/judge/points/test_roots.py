"""Where a polynomial is 0, and so where a step loses a value: numbers that random trial does not meet."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq
from sympy import Integer, log

from derive.judge.decide import decide
from derive.judge.points.roots import rational_roots
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Fact, Obligation
from derive.terms.reasons import Why
from derive.terms.terms import family, scalar

x, y, u = scalar("x"), scalar("y"), scalar("u")
p = family("p")
BARE = Context()


def at(function):
    return lambda number: fmpq(*function(number).as_integer_ratio())


def brought(term, relation="!="):
    return Obligation(term, relation, brought=True)


@pytest.mark.parametrize(
    ("function", "roots"),
    [
        (lambda x: x**2 - 4, (-2, 2)),
        (lambda x: 4 * x**2 - 9, (Fraction(-3, 2), Fraction(3, 2))),
        (lambda x: x**3 - x, (-1, 0, 1)),
        (lambda x: x**2 - 2, ()),
        (lambda x: x**2 + 1, ()),
        (lambda x: x * 0, ()),
        (lambda x: (x - 3) ** 4, (3,)),
        (lambda x: (3 * x - 7) * (x**2 + 1), (Fraction(7, 3),)),
    ],
)
def test_the_rational_roots_of_a_polynomial_come_from_its_values(function, roots):
    assert rational_roots(at(function)) == tuple(map(Fraction, roots))


def test_without_an_exact_value_there_are_no_roots():
    assert rational_roots(lambda number: None if number == 0 else fmpq(0)) == ()


@pytest.mark.parametrize("term", [x**2 - 4, x**2 - 3 * x + 2, x**3 - x, x**2 - y**2, 4 * x**2 - 9, p[2], p[1] * p[2] - 6])
def test_a_step_that_divides_by_what_can_be_0_is_conditional(term):
    verdict = decide(Claim(u, "=", u * term / term, (brought(term),)), BARE)
    assert verdict.kind is Kind.CONDITIONAL and verdict.witness is not None and verdict.witness.right == "undefined"
    shown = dict(verdict.witness.values)
    names = {**{s: s.name for s in (x, y)}, **{p[k]: f"p_{k}" for k in (1, 2)}}
    assert term.subs({each: shown[name] for each, name in names.items() if name in shown}) == 0


@pytest.mark.parametrize("term", [x**2 + x + 1, x**2 - x + y**2 + 1])
def test_a_condition_that_fails_nowhere_is_none(term):
    """It is not known to hold everywhere either: no point speaks of another claim's names."""
    assert decide(Claim(u, "=", u * term / term, (brought(term),)), BARE).kind in (Kind.TESTED, Kind.PROVED)


def test_where_the_right_side_has_a_value_nowhere_the_step_is_refuted():
    negative = BARE.assume(Fact(x, "<", Integer(0)))
    given = (Obligation(x**2, ">"), brought(x, ">"))
    verdict = decide(Claim(log(x**2), "=", 2 * log(x), given), negative)
    assert verdict.kind is Kind.REFUTED and verdict.reason.why is Why.RIGHT_SIDE_UNDEFINED
    assert verdict.witness.right == "undefined" and verdict.witness.left != "undefined"
    positive = BARE.assume(Fact(x, ">", Integer(0)))
    assert decide(Claim(log(x**2), "=", 2 * log(x), given), positive).kind is Kind.PROVED
    assert decide(Claim(log(x**2), "=", 2 * log(x), given), BARE).kind is Kind.CONDITIONAL
    both = BARE.assume(Fact(x, "<", Integer(0)), Fact(y, "<", Integer(0)))
    step = Claim(log(x * y), "=", log(x) + log(y), (Obligation(x * y, ">"), brought(x, ">"), brought(y, ">")))
    assert decide(step, both).kind is Kind.REFUTED
    assert decide(step, BARE).kind in (Kind.CONDITIONAL, Kind.TESTED)
