r"""Spellings of signs: changes, negative exponents, primes of elementary functions, words in cases."""

from __future__ import annotations

import pytest

from derive.latex.reading import read_formula
from tests.narrative.twins import assert_told_apart, last


def test_a_change_is_one_name():
    assert_told_apart(
        r"Let $\Delta w_j = \mu x_j (y - t)$.",
        r"\sum_j \Delta w_j = \mu (y - t) \sum_j x_j",
        r"\sum_j \Delta w_j = \mu (y + t) \sum_j x_j",
    )


@pytest.mark.parametrize("formula", [r"\Delta x y = 0", r"\Delta (x + y) = 0"])
def test_a_change_of_more_is_not_read(formula):
    assert read_formula(formula).unread


def test_what_is_called_delta_is_a_number():
    text = r"Let $\Delta = b^2 - 4 c$."
    assert last(text, r"\Delta + 4 c = b^2").verdict == "proved"
    assert last(text, r"\Delta - 4 c = b^2").verdict == "doubtful"


def test_a_negative_exponent_needs_no_braces():
    assert_told_apart("", r"(1 + x^2)^-2 = \frac{1}{(1 + x^2)^2}", r"(1 + x^2)^-2 = \frac{1}{1 + x^2}")


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\tanh'(x) = 1 - \tanh^2(x)", r"\tanh'(x) = 1 + \tanh^2(x)"),
        (r"\sin^{\prime}(t) = \cos(t)", r"\sin^{\prime}(t) = -\cos(t)"),
        (r"\frac{\mathrm{d} \tanh}{\mathrm{d} z} = 1 - \tanh^2(z)", r"\frac{\mathrm{d} \tanh}{\mathrm{d} z} = \tanh^2(z)"),
    ],
)
def test_an_elementary_function_has_a_prime(true, false):
    assert_told_apart("", true, false)


def test_a_prime_where_more_would_have_to_be_put_in_is_not_read():
    assert read_formula(r"\tanh'(w x) = 0").unread


RAMP = r"Let $r = \max(0, x)$."


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (RAMP, r"\frac{dr}{dx} = 1(x > 0)", r"\frac{dr}{dx} = 1(x < 0)"),
        ("", r"\sum_j 1\{i = j\} z_j = z_i", r"\sum_j 1\{i = j\} z_j = z_j"),
        ("", "1(x + 2) = x + 2", "1(x + 2) = x"),
        (
            RAMP,
            r"\frac{dr}{dx} = \begin{cases} 1 & if & x > 0 \\ 0 & if & x < 0 \end{cases}",
            r"\frac{dr}{dx} = \begin{cases} 0 & if & x > 0 \\ 1 & if & x < 0 \end{cases}",
        ),
        (
            RAMP,
            r"\frac{dr}{dx} = \begin{cases} 1 & \text{if x $>$ 0} \\ 0 & \text{otherwise}. \end{cases}",
            r"\frac{dr}{dx} = \begin{cases} 1 & \text{if x $<$ 0} \\ 0 & \text{otherwise}. \end{cases}",
        ),
        (
            RAMP,
            r"\frac{dr}{dx} = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \\ \text{undefined} & x = 0 \end{cases}",
            r"\frac{dr}{dx} = \begin{cases} 1 & x > 0 \\ 2 & x < 0 \\ \text{undefined} & x = 0 \end{cases}",
        ),
    ],
)
def test_conditions_are_written_in_many_ways(text, true, false):
    assert_told_apart(text, true, false)


CHAIN = r"$y_c = s(\mathbf{z})_c = \frac{e^{z_c}}{\sum_{d=1}^C e^{z_d}}$."


def test_a_chain_defines_the_entries_of_a_function():
    assert_told_apart(
        CHAIN,
        r"\frac{\partial [s(\mathbf{z})]_c}{\partial z_i} = y_c (\delta_{ci} - y_i)",
        r"\frac{\partial [s(\mathbf{z})]_c}{\partial z_i} = y_c (\delta_{ci} + y_i)",
    )


PAIR = r"Let $f(x, y) = x^2 y$."
SQUARES = (
    r"Let $\mathbf{A} \in \mathbb{R}^{m \times n}$, $\mathbf{w} \in \mathbb{R}^n$ and $\mathbf{b} \in \mathbb{R}^m$. "
    r"Let $g(\mathbf{w}) = \frac{1}{2} \|\mathbf{A} \mathbf{w} - \mathbf{b}\|^2$."
)


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (PAIR, r"\nabla f = [2 x y, x^2]", r"\nabla f = [x^2, 2 x y]"),
        (PAIR, r"\nabla f(x, y) = [2 x y, x^2]", r"\nabla f(y, x) = [2 x y, x^2]"),
        (
            SQUARES,
            r"\nabla g(\mathbf{w}) = \mathbf{A}^T (\mathbf{A} \mathbf{w} - \mathbf{b})",
            r"\nabla g(\mathbf{w}) = \mathbf{A}^T (\mathbf{A} \mathbf{w} + \mathbf{b})",
        ),
        (SQUARES, r"\nabla^2 g = \mathbf{A}^T \mathbf{A}", r"\nabla^2 g = 2 \mathbf{A}^T \mathbf{A}"),
    ],
)
def test_a_gradient_without_a_subscript_is_by_the_arguments(text, true, false):
    assert_told_apart(text, true, false)


def test_a_gradient_by_what_is_not_said_is_not_read():
    assert read_formula(r"\nabla q = 0").unread
    assert read_formula(r"\nabla p_\theta(x) = 0").unread
    assert last("", r"\nabla u(t) = u(t) \nabla \log u(t)").verdict == "unread"  # t may be a vector


def test_letters_joined_by_a_low_line_are_one_name():
    assert_told_apart(r"Let $lr\_0 = 2 m$.", r"lr\_0^2 = 4 m^2", r"lr\_0^2 = 2 m^2")


def test_braces_around_the_bracket_of_a_function_are_none():
    assert_told_apart(r"Let $f(z) = z^2$.", r"f{(z)} + f{\left(2 z\right)} = 5 z^2", r"f{(z)} + f{(2 z)} = 3 z^2")
    assert_told_apart("", r"\frac{(x + 1)}{(x + 1)^2} = \frac{1}{x + 1}", r"\frac{(x + 1)}{(x + 1)^2} = x + 1")


def test_a_set_that_is_listed_is_taken_as_given():
    assert last("", r"D = \{(x_1, y_1), (x_2, y_2), \dots\}").verdict == "definition"
    assert last("", r"D = \{1, 2\} + \{x_1, x_2\}").verdict == "unread"
    assert last("Hence", r"D = \{x_1, x_2\}").verdict == "unread"
