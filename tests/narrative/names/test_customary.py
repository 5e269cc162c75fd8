"""A lone e is the number where every other one is the base of an exponential; where it stands for itself it is a quantity."""

from __future__ import annotations

import pytest

from derive.jobs.check import check


def verdict(document):
    return check(document, "notes.md").claims[-1].verdict


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.7311", "proved"), ("0.2689", "refuted")],
)
def test_words_about_the_base_change_nothing(value, expected):
    document = (
        r"Powers of $e$ make it positive; the rate is $\alpha = 1*e-4$."
        + "\n\n"
        + rf"$$\frac{{1}}{{1 + e^{{-1}}}} + 0 \cdot e^{{x}} = {value}$$"
    )
    document = document.replace("e^{-1}", "e^{-1.0}")
    assert verdict(document) == expected


def test_an_error_called_e_is_no_number():
    document = "The error is $e$, and its square is $e^2$.\n\n$$e^{x} = \\exp(x)$$"
    assert verdict(document) in ("doubtful", "unread")
