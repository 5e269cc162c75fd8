"""Sine and cosine of sums and multiples of angles."""

from __future__ import annotations

import pytest
from sympy import Integer, cos, cot, pi, sin, tan

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.normal.normaliser import Normaliser
from derive.terms.context import Claim, Context, Definition
from derive.terms.terms import family, index, scalar, size, summation

x, u, v = scalar("x"), scalar("u"), scalar("v")
z, k, n = family("z"), index("k"), size("n")
BARE = Context()

TRUE = {
    "double sine": (sin(2 * x), 2 * sin(x) * cos(x)),
    "double cosine": (cos(2 * x), 1 - 2 * sin(x) ** 2),
    "threefold": (sin(3 * x), 3 * sin(x) - 4 * sin(x) ** 3),
    "sum": (sin(u + v), sin(u) * cos(v) + cos(u) * sin(v)),
    "difference": (cos(u - v), cos(u) * cos(v) + sin(u) * sin(v)),
    "difference and multiple": (sin(u - 2 * v), sin(u) * (1 - 2 * sin(v) ** 2) - 2 * cos(u) * sin(v) * cos(v)),
    "number": (sin(x + 1), sin(x) * cos(1) + cos(x) * sin(1)),
    "half": (sin(3 * x / 2), 3 * sin(x / 2) - 4 * sin(x / 2) ** 3),
    "quarter of a turn": (sin((x + 1) * 2 + pi / 2), cos(2 * x + 2)),
    "tangent": (tan(u + v) * cos(u + v), sin(u) * cos(v) + cos(u) * sin(v)),
    "cotangent": (cot(2 * x) * sin(2 * x), cos(x) ** 2 - sin(x) ** 2),
    "members": (sin(z[1] + z[2]), sin(z[1]) * cos(z[2]) + cos(z[1]) * sin(z[2])),
    "written out": (summation(sin(k * x), k, Integer(0), Integer(2)), sin(x) + 2 * sin(x) * cos(x)),
    "under a sum": (summation(sin(2 * z[k]), k, Integer(1), n), 2 * summation(sin(z[k]) * cos(z[k]), k, Integer(1), n)),
}
FALSE = {
    "double sine": (sin(2 * x), sin(x) * cos(x)),
    "double cosine": (cos(2 * x), 1 - sin(x) ** 2),
    "threefold": (sin(3 * x), 3 * sin(x) - 4 * sin(x) ** 2),
    "sum": (sin(u + v), sin(u) * cos(v) - cos(u) * sin(v)),
    "difference": (cos(u - v), cos(u) * cos(v) - sin(u) * sin(v)),
    "difference and multiple": (sin(u - 2 * v), sin(u) * (1 - 2 * sin(v) ** 2) + 2 * cos(u) * sin(v) * cos(v)),
    "number": (sin(x + 1), sin(x) + sin(1)),
    "half": (sin(3 * x / 2), 3 * sin(x) - 4 * sin(x) ** 3),
    "quarter of a turn": (sin((x + 1) * 2 + pi / 2), -cos(2 * x + 2)),
    "tangent": (tan(u + v), tan(u) + tan(v)),
    "cotangent": (cot(2 * x) * sin(2 * x), cos(x) ** 2 + sin(x) ** 2),
    "members": (sin(z[1] + z[2]), sin(z[1]) * cos(z[2]) + cos(z[1]) * sin(z[3])),
    "written out": (summation(sin(k * x), k, Integer(0), Integer(2)), sin(x) + sin(x) * cos(x)),
    "under a sum": (summation(sin(2 * z[k]), k, Integer(1), n), summation(sin(z[k]) * cos(z[k]), k, Integer(1), n)),
}


@pytest.mark.parametrize("name", TRUE)
def test_the_addition_theorems_prove(name):
    left, right = TRUE[name]
    assert decide(Claim(left, "=", right), BARE).kind is Kind.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_resembles_them_is_refuted(name):
    left, right = FALSE[name]
    assert decide(Claim(left, "=", right), BARE).kind is Kind.REFUTED


@pytest.mark.parametrize("term", [sin(u + v), cos(2 * x)])
def test_angles_stay_together_at_first(term):
    plain, apart = Normaliser(BARE), Normaliser(BARE, expanded=2)
    assert len(plain(term)) == 1
    assert plain.knowledge.could_expand
    assert len(apart(term)) == 2


@pytest.mark.parametrize("term", [sin(7 * x), sin(4 * u + 3 * v), sin(x), cos(x / 2)])
def test_many_angles_stay_together_and_one_is_no_sum(term):
    for expanded in (0, 2):
        normal = Normaliser(BARE, expanded=expanded)
        assert len(normal(term)) == 1
        assert not normal.knowledge.could_expand


@pytest.mark.parametrize(
    ("turn", "sine", "cosine"),
    [
        (pi / 2, cos(x), -sin(x)),
        (-pi / 2, -cos(x), sin(x)),
        (pi, -sin(x), -cos(x)),
        (3 * pi / 2, -cos(x), sin(x)),
        (2 * pi, sin(x), cos(x)),
    ],
)
def test_quarters_of_a_turn_are_known(turn, sine, cosine):
    """As they come out of a definition; SymPy itself takes off those that it sees."""
    normal = Normaliser(BARE, expanded=2)
    u = scalar("u")
    context = Context().define(Definition(u, x + turn))
    for one, result in ((sin, sine), (cos, cosine)):
        assert normal(one(x + turn, evaluate=False)) == normal(result) != normal(-result)
        assert decide(Claim(one(u), "=", result), context).kind is Kind.PROVED
        assert decide(Claim(one(u), "=", -result), context).kind is Kind.REFUTED


def test_a_third_of_a_turn_is_none_of_them_and_six_angles_are_not_too_many():
    normal = Normaliser(BARE, expanded=2)
    assert len(normal(sin(x + pi / 3, evaluate=False))) == 2
    assert len(normal(sin(6 * x))) > 1


def test_sine_and_cosine_of_nothing():
    normal = Normaliser(BARE)
    assert normal(sin(x - x * 2 + x, evaluate=False)) == normal(Integer(0))
    assert normal(cos(x - x * 2 + x, evaluate=False)) == normal(Integer(1))
    vanishing = (x + 1) ** 2 - x**2 - 2 * x - 1
    assert normal(sin(vanishing)) == normal(Integer(0))
    assert normal(cos(vanishing)) == normal(Integer(1))
