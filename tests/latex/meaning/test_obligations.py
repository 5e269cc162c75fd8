"""What a formula relies on, and what has no value at all."""

import pytest
from sympy import Ne

from derive.latex.reading import read_formula
from derive.terms.terms import Cases, family, index, size
from derive.writing.messages.rendering import rendered

I, N, P = index("i"), size("n"), family("p")


def one(formula: str):
    found = read_formula(formula)
    assert not found.unread
    return found.claims[0]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{x}{x} = 1", [("!=", r"x \ne 0")]),
        (r"\ln x = y", [(">", "x > 0")]),
        (r"\sqrt{x} = y", [(">=", r"x \ge 0")]),
        (r"\log_a x = y", [(">", "x > 0"), (">", "a > 0"), ("!=", r"a \ne 1")]),
        (r"\tan x = y", [("!=", r"\cos x \ne 0")]),
        (r"\arcsin x = y", [(">=", r"1 - x^2 \ge 0")]),
        (r"x^{-2} = y", [("!=", r"x \ne 0")]),
        (r"x^\mu = y", [(">", "x > 0")]),
        ("x^2 = y", []),
        ("x^k = y", []),
        (r"\frac{x}{2} = y", []),
        (r"e^x = y", []),
        (r"0 \cdot \ln x = 0", [(">", "x > 0")]),
    ],
)
def test_obligations(formula, expected):
    assert [(o.relation, o.latex) for o in one(formula).obligations] == expected


def test_an_obligation_carries_its_binders():
    obligation = one(r"\sum_{i=1}^n \ln p_i = 0").obligations[0]
    ((symbol, low, high),) = obligation.binders
    assert (obligation.term, low, high) == (P[symbol], 1, N)


def test_an_obligation_of_a_restricted_sum_spares_what_is_left_out():
    obligation = one(r"\sum_{j \ne i} \frac{1}{x_i - x_j} = 0").obligations[0]
    symbol = obligation.binders[0][0]
    x = family("x")
    assert obligation.term == Cases((x[I] - x[symbol], Ne(symbol, I)), (1, True))


@pytest.mark.parametrize(
    ("formula", "message", "place"),
    [
        (r"\frac{1}{0} = x", "division by zero", "0"),
        (r"\frac{1}{x - x} = y", "division by zero", "x - x"),
        (r"\ln 0 = x", "logarithm of a number", "0"),
        (r"x = \sqrt{-1}", "root of a negative number", "-1"),
        (r"x = (-8)^{1/3}", "a power of a number", "(-8)"),
        (r"\tan(\pi/2) = x", "cosine is 0", r"(\pi/2)"),
    ],
)
def test_what_has_no_value(formula, message, place):
    part = read_formula(formula).unread[0]
    assert message in rendered(part.reason)
    assert formula[part.start : part.end] == place


@pytest.mark.parametrize(
    "formula",
    [
        "9^{9^{9^9}} = x",
        r"\exp(1000000000000 \ln 2) = x",
        r"(2\sqrt{3})^{1000000000} = x",
        r"2^{x} 2^{10000000000 - x} = y",
        "((((2^{100})^{100})^{100})^{100}) = x",
        r"10^{3000} \cdot 10^{3000} = x",
    ],
)
def test_huge_numbers_are_never_built(formula):
    assert "too large" in rendered(read_formula(formula).unread[0].reason)


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{1}{1 + \exp \exp \exp (3)} = 0",
        r"e^{e^{e^{e^x}}} = e^{e^{e^{e^3}}}",
        r"x = 2^{e^{2^{e^5}}}",
        r"\ln \exp \exp \exp \exp (2) = x",
        r"\exp(\exp(1) - \exp(40)) = x",
        r"\frac{1}{1 + " + r"\exp " * 30 + "(3)} = 0",
    ],
)
def test_towers_of_exponentials_are_never_built(formula):
    assert "too large" in rendered(read_formula(formula).unread[0].reason)


@pytest.mark.parametrize(
    ("formula", "obligations"),
    [
        (r"\frac{1}{1 + \exp \exp (3)} = 0", 0),
        (r"\frac{1}{1 + \exp \exp \exp (1)} = 0", 0),
        (r"x = \exp \exp \exp \exp(-3)", 0),
        (r"\frac{1}{1 + \exp \exp \exp \exp x} = 0", 1),
        (r"\exp(\exp(40) - \exp(40)) = 1", 0),
    ],
)
def test_twins_of_towers(formula, obligations):
    assert len(one(formula).obligations) == obligations
