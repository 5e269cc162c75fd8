"""Tokens: relations have one spelling, spacing falls away, places stay those of the text."""

import pytest

from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import tokens
from derive.latex.tokens.plain import plain_tokens


def texts(formula: str) -> list[str]:
    return [token.text for token in tokens(formula)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"a \leqslant b", ["a", "<=", "b"]),
        ("a ≤ b", ["a", "<=", "b"]),
        (r"a \not= b", ["a", "!=", "b"]),
        (r"a \stackrel{def}{=} b", ["a", ":=", "b"]),
        (r"\dfrac12 \, x", ["\\frac", "12", "x"]),
        (r"\left( x \right) \tag{3}", ["(", "x", ")"]),
        ("x % y\n + z", ["x", "+", "z"]),
        (r"\operatorname{arccot} x", ["\\arccot", "x"]),
        (r"\textrm{log} x", ["\\log", "x"]),
    ],
)
def test_spelling(formula, expected):
    assert texts(formula) == expected


def test_places_are_those_of_the_text():
    formula = r"\left( \mathrm{net}_k \right)"
    assert [formula[token.start : token.end] for token in tokens(formula)] == [r"\left(", r"\mathrm{net}", "_", "k", r"\right)"]


def test_mathematics_inside_words_keeps_its_place():
    formula = r"0, \text{if $i \ne j$}"
    token = next(token for token in tokens(formula) if token.text == "!=")
    assert formula[token.start : token.end] == r"\ne"


@pytest.mark.parametrize("formula", ["\x00", "é", r"\text{a", r"\not x", "x" * 20_001])
def test_what_is_no_mathematics_is_refused(formula):
    with pytest.raises(Unread):
        tokens(formula)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("w41o1", ["w", "_", "41", "o", "_", "1"]),
        ("64X7", ["64", "\\times", "7"]),
        ("exp(1)", ["\\exp", "(", "1", ")"]),
        ("2x", ["2", "x"]),
        ("loss", ["loss"]),
    ],
)
def test_plain_text(formula, expected):
    assert [token.text for token in plain_tokens(formula, frozenset())] == expected
