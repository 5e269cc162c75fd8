r"""A function that is defined by its entries: by its bare name, and at another argument."""

from __future__ import annotations

import pytest

from derive.jobs.check import check
from tests.narrative.twins import assert_told_apart, last

SOFTMAX = r"Let $\sigma(\mathbf{z})_i = \frac{e^{z_i}}{\sum_{j=1}^K e^{z_j}}$."


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            r"\frac{\partial \sigma_i}{\partial z_j} = \sigma_i (\delta_{ij} - \sigma_j)",
            r"\frac{\partial \sigma_i}{\partial z_j} = \sigma_i (\delta_{ij} + \sigma_j)",
        ),
        (
            r"\frac{\partial \sigma(\mathbf{a})_i}{\partial a_j} = \sigma(\mathbf{a})_i (\delta_{ij} - \sigma(\mathbf{a})_j)",
            r"\frac{\partial \sigma(\mathbf{a})_i}{\partial a_j} = \sigma(\mathbf{a})_i (\delta_{ij} + \sigma(\mathbf{a})_j)",
        ),
        (
            r"\frac{\partial \sigma(\mathbf{a})_i}{\partial a_j} = \sigma_i (\delta_{ij} - \sigma_j)",
            r"\frac{\partial \sigma(\mathbf{a})_i}{\partial a_j} = \sigma_j (\delta_{ij} - \sigma_j)",
        ),
    ],
)
def test_it_is_the_same_function(true, false):
    assert_told_apart(SOFTMAX, true, false)


def test_a_meaning_of_the_bare_name_stands():
    text = SOFTMAX + r" Let $\sigma_i = \sqrt{v_i}$."
    assert last(text, r"\sigma_i^2 = v_i").verdict == "proved"
    assert last(text, r"\sigma_i^2 = v_i + 1").verdict == "refuted"


def test_where_nothing_says_at_which_argument_it_is_no_error():
    false = r"\frac{\partial}{\partial a_j} \frac{e^{a_i}}{\sum_{k=1}^K e^{a_k}} = \sigma_i (\delta_{ij} - \sigma_j)"
    assert last(SOFTMAX, false).verdict == "doubtful"


def test_what_is_made_of_the_first_argument_is_no_rule_for_another():
    text = r"Let $S = \sum_{j=1}^K e^{z_j}$. Let $\sigma(\mathbf{z})_i = \frac{e^{z_i}}{S}$."
    assert last(text, r"\sum_{i=1}^K \sigma(\mathbf{z})_i = 1").verdict == "proved"
    assert last(text, r"\sum_{i=1}^K \sigma(\mathbf{a})_i = 1").verdict not in ("proved", "conditional", "refuted")


def test_a_function_takes_square_brackets():
    text = "Let $f(x) = x^2$ and $g(x) = 2x + 1$."
    assert_told_apart(text, r"{f[g(x)]}' = 8x + 4", r"{f[g(x)]}' = 6x^2 + 2x")
    assert_told_apart(text, "f [3x] = 9x^2", "f [3x] = 3x^3")


def test_a_sum_in_square_brackets_may_be_a_factor():
    for value in ("x^2 + 2x + 1", "x^3 + x^2"):
        assert check(f"Let $f(x) = x^2$. Then\n\n$$f [x + 1] = {value}$$").claims[-1].verdict == "unread"


NUMBERS = r"""The input of the unit is $s = w_1 x_1 + w_2 x_2 + b$ and its output is $o = \frac{1}{1 + e^{-s}}$.

$$s = 0.25 * 0.15 + 0.2 * 0.1 + 0.35 = 0.4075$$

$$o = \frac{1}{1 + e^{-s}} = \frac{1}{1 + e^{-0.4075}} = 0.600488$$
"""


def test_numbers_put_in_for_names_without_values_are_no_error():
    verdicts = [claim.verdict for claim in check(NUMBERS).claims]
    assert "refuted" not in verdicts
    assert verdicts[-1] == "proved"
    false = NUMBERS.replace("0.4075$$", "0.4175$$")
    assert "refuted" in [claim.verdict for claim in check(false).claims]


def test_numbers_put_in_for_names_with_values_are_judged():
    text = "Let $G = v_1 + v_2$. With $v_1 = 0.5$ and $v_2 = 0.25$ we get"
    assert check(f"{text} $G = 0.5 + 0.25$.").claims[-1].verdict == "proved"
    assert check(f"{text} $G = 0.5 + 0.35$.").claims[-1].verdict == "refuted"


@pytest.mark.parametrize("marks", ["1）|2）", "（1）|（2）", "1) |2) ", "一、|二、"])
def test_a_numbered_part_gives_a_letter_a_new_meaning(marks):
    first, second = marks.split("|")
    text = f"{first}**One**\n\n$$g(z) = z^2$$\n\n{second}**Another**\n\n$$g(z) = z^3$$\n\n$$g'(z) = 3z^2$$\n"
    assert [claim.verdict for claim in check(text).claims] == ["definition", "definition", "proved"]


def test_a_gradient_at_a_point_that_is_not_named_is_no_error():
    text = "Let $f(x, y) = x^2 y$."
    assert last(text, r"\nabla f(x, y) = [4, 1]").verdict == "doubtful"
    assert last("Let $f(x, y) = 2 x + 3 y$.", r"\nabla f(x, y) = [2, 3]").verdict == "proved"
    assert last("Let $f(x, y) = 2 x + 3 y$.", r"\nabla f(x, y) = [3, 2]").verdict == "refuted"


SQUARE = r"Let $\phi(z_h) = e^{-z_h^2}$."


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (SQUARE, r"\frac{d \phi(z_h)}{dz_h} = -2 z_h \phi(z_h)", r"\frac{d \phi(z_h)}{dz_h} = 2 z_h \phi(z_h)"),
        (SQUARE, r"\phi(0) = 1", r"\phi(0) = 0"),
        (
            r"Let $s(x) = \frac{1}{1 + e^{-x}}$ and $p_i = \frac{e^{x_i}}{\sum_j e^{x_j}}$.",
            "s'(x) = s(x) (1 - s(x))",
            "s'(x) = s(x) (1 + s(x))",
        ),
    ],
)
def test_a_function_is_written_at_a_member(text, true, false):
    assert_told_apart(text, true, false)


@pytest.mark.parametrize("formula", [r"c(z_i) = (z_i - y_i)^2", r"c(z_i) = \frac{e^{z_i}}{\sum_j e^{z_j}}"])
def test_what_needs_more_than_the_member_is_no_function_of_it(formula):
    claims = check(f"$${formula}$$\n\nHence $${formula.replace('_i', '_k')}$$\n").claims
    assert [(claim.verdict, claim.reason) for claim in claims] == [
        ("definition", "introduces-function"),
        ("unread", "unexplained-function"),
    ]
