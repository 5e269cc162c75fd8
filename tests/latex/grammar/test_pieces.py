"""Spellings of posts: dots with terms beside them, an indicator by a bare one, cases as a factor, max by its letters."""

import pytest

from derive.jobs.check import check

SUM = r"Let $a = w_0 + w_1 x_1 + w_2 x_2 + \cdots + w_N x_N + b$."
CASES = r"\begin{cases} 1 & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}"


def last(text):
    return check(text, "notes.md").claims[-1].verdict


@pytest.mark.parametrize(
    ("said", "right", "wrong"),
    [
        (SUM, r"\frac{\partial a}{\partial b} = 1", r"\frac{\partial a}{\partial b} = b"),
        (SUM, r"a - b = w_0 + \sum_{k=1}^N w_k x_k", r"a - b = w_0 + \sum_{k=1}^N w_k x_k + 1"),
        ("", r"1_{i=j} q_i = \delta_{ij} q_j", r"1_{i=j} q_i = \delta_{ij} (q_j + 1)"),
        ("", rf"\sum_j q_j {CASES} = q_i", rf"\sum_j q_j {CASES} = 2 q_i"),
        ("", r"2 {\hat{v}}_i = {\hat v}_i + {\hat v}_i", r"2 {\hat{v}}_i = {\hat v}_i"),
        ("", r"max(0, z) = \max(0, z)", r"max(0, z) = \min(0, z)"),
        ("", r"\mathrm{max}(0, z) + \operatorname{min}(0, z) = z", r"\mathrm{max}(0, z) + \operatorname{min}(0, z) = z + 1"),
        (r"Let $f_c(x) = c + x$.", r"\frac{d f_c(x)}{dx} = 1", r"\frac{d f_c(x)}{dx} = c"),
    ],
)
def test_pieces(said, right, wrong):
    assert last(f"{said}\n\n$${right}$$") == "proved"
    assert last(f"{said}\n\n$${wrong}$$") in ("refuted", "doubtful")


def test_dots_that_show_no_sum_stay_unread():
    assert last(r"$$y_1 + \cdots + (p_i - y_i) + \cdots + y_n = 1$$") == "unread"
    assert last(r"$$w_1 x_1 + \cdots + w_n y_n = 1$$") == "unread"
