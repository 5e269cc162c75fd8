r"""Cases of a real quantity: what is 0 below a number and something else above it."""

from __future__ import annotations

import pytest

from tests.narrative.twins import assert_told_apart, last

RAMP = r"Let $f(x) = \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}$."
LEAKY = r"Let $g(u) = \begin{cases} u, & \text{if u >= 0} \\ 0.1 u, & \text{if u < 0} \end{cases}$."
HUBER = r"""
$$h(r) = \begin{cases} \frac{1}{2} r^2 & \text{if } |r| \le c \\ c |r| - \frac{1}{2} c^2 & \text{otherwise} \end{cases}$$
"""
HARD = r"Let $s(x) = \begin{cases} 0 & x < -2 \\ \frac{x + 2}{4} & -2 < x < 2 \\ 1 & x > 2 \end{cases}$."


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (RAMP, "2 f(x) = x + |x|", "2 f(x) = x - |x|"),
        (
            RAMP,
            r"\frac{d}{dx} f(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}",
            r"\frac{d}{dx} f(x) = \begin{cases} 0 & x > 0 \\ 1 & x < 0 \end{cases}",
        ),
        (RAMP, r"f(-3) = 0", r"f(-3) = 3"),
        (
            LEAKY,
            r"g'(u) = \begin{cases} 1 & u > 0 \\ 0.1 & u < 0 \end{cases}",
            r"g'(u) = \begin{cases} 1 & u > 0 \\ 0 & u < 0 \end{cases}",
        ),
        (
            HARD,
            r"s'(x) = \begin{cases} 0 & x < -2 \\ \frac{1}{4} & -2 < x < 2 \\ 0 & x > 2 \end{cases}",
            r"s'(x) = \begin{cases} 0 & x < -2 \\ \frac{1}{2} & -2 < x < 2 \\ 0 & x > 2 \end{cases}",
        ),
        (RAMP, r"\frac{d}{dx} f(x) = \mathbb{1}[x > 0]", r"\frac{d}{dx} f(x) = \mathbb{1}[x < 0]"),
    ],
)
def test_each_case_counts(text, true, false):
    assert_told_apart(text, true, false)


def test_a_claim_by_cases_is_rescued_by_no_sign():
    """It speaks of both signs: that it holds for one of them is no condition of it."""
    false = r"\max(0, x) = \begin{cases} x & x > 0 \\ -x & x \le 0 \end{cases}"
    assert last("", false).verdict == "refuted"
    assert last("", r"\max(0, x) = |x|").verdict == "conditional"


def test_a_slope_by_cases_asks_for_no_corner():
    asked = last(RAMP, r"\frac{d}{dx} f(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}").obligations
    assert asked
    assert last(RAMP, r"f(x) = \max(0, x)").obligations == ()


@pytest.mark.parametrize(
    "formula",
    [
        r"q(x) = \begin{cases} 0 & x < -1 \\ 1 & x > 1 \end{cases}",  # between -1 and 1 nothing is said
        r"q(x) = \begin{cases} 0 & x < 1 \\ 1 & x < 2 \end{cases}",
        r"q_i = \begin{cases} 0 & i < j \\ 1 & i \ge j \end{cases}",  # indices may be equal
    ],
)
def test_what_leaves_something_out_is_not_read(formula):
    assert last("", formula).verdict == "unread"


def test_the_ends_of_cases_count_in_a_slope_as_corners():
    slope = r"h'(r) = \begin{cases} r & \text{if } |r| \le c \\ %s c \frac{r}{|r|} & \text{otherwise} \end{cases}"
    assert last(HUBER, slope % "").verdict == "proved"
    assert last(HUBER, slope % "-").verdict == "refuted"
    assert last(RAMP, r"f'(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}").verdict == "proved"


@pytest.mark.parametrize("end", ["\\le 0", "= 0", "\\ge 0"])
def test_nothing_is_defined_by_cases_that_say_what_it_is_where_they_jump(end):
    """1 for x > 0 and 0 elsewhere: f(x) + f(-x) is 1 but at 0."""
    rows = {"\\le 0": ("> 0", "\\le 0"), "= 0": ("> 0", "< 0"), "\\ge 0": ("\\ge 0", "< 0")}[end]
    point = r"\\ 5 & x = 0" if end == "= 0" else ""
    text = rf"Let $f(x) = \begin{{cases}} 1 & x {rows[0]} \\ 0 & x {rows[1]} {point} \end{{cases}}$."
    assert last(text, "f(x) + f(-x) = 1").verdict == "unread"
    assert last(text, "f(0) = 3").verdict == "unread"


def test_a_jump_that_the_cases_leave_out_is_no_value():
    text = r"Let $f(x) = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}$."
    assert last(text, "f(x) + f(-x) = 1").verdict == "proved"
    assert last(text, "f(2) = 1").verdict == "proved"
    assert last(text, "f(-2) = 1").verdict == "refuted"
    assert last(text, "f(0) = 0").verdict == "unread"


def test_an_indicator_has_a_value_where_it_jumps():
    assert last("", r"1 = \mathbb{1}[x > 0] + \mathbb{1}[x < 0]").verdict == "conditional"
    assert last("", r"\mathbb{1}[x > 0] + \mathbb{1}[x < 0] = 1").verdict not in ("proved", "conditional")
    assert last("", r"\mathbb{1}[x > 0] + \mathbb{1}[x < 0] = 2").verdict == "refuted"


def test_what_joins_has_a_value_where_it_does():
    text = r"Let $f(x) = \begin{cases} x & x > 0 \\ a (e^x - 1) & x \le 0 \end{cases}$."
    slope = r"\begin{cases} 1 & x > 0 \\ f(x) %s a & x \le 0 \end{cases}"
    assert_told_apart(text, f"f'(x) = {slope % '+'}", f"f'(x) = {slope % '-'}")
    assert_told_apart(text, "f(0) = 0", "f(0) = 1")
    assert_told_apart(text, "f(2) = 2", "f(-2) = -2")
