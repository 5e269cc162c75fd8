"""The largest member of a family is a number that is made of its members, of which nothing else is known."""

from __future__ import annotations

import pytest

from derive.jobs.check import check


def last(document):
    return check(document).claims[-1]


@pytest.mark.parametrize(
    "claim",
    [
        r"c = \max_i z_i",
        r"c = \min_{k} z_k",
        r"b = \max_{i=1}^n x_i",
        r"g = w - max({{z}_i})",
        r"h = max(x, 0)",
    ],
)
def test_it_stands_in_definitions(claim):
    assert last(f"Let ${claim}$.").verdict == "definition"


@pytest.mark.parametrize(
    "claim",
    [
        r"\max_i z_i = 3",  # it says nothing of what a maximum is
        r"\max_i y_i = \max_i z_i + b",  # true, and of any function it would be false
        r"\max_i y_i = \max_i z_i - b",
        r"\frac{\partial}{\partial z_j} \max_i z_i = 0",
        r"\max_i z_i = z_1",
        r"\max_i (2 z_i) = 2 \max_i z_i",
        r"max(z) = 2",
    ],
)
def test_nothing_is_said_of_its_value(claim):
    assert last(f"Let $y_i = z_i + b$. Now ${claim}$.").verdict == "unread"


def test_the_larger_of_two_numbers_is_one():
    assert last("Let $x > 0$. Then $max(x, 0) = x$.").verdict == "proved"
    assert last("Let $x > 0$. Then $max(x, 0) = 0$.").verdict == "refuted"
