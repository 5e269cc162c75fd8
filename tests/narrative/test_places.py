"""An index runs over the entries of the family that it stands at, whatever the same letter runs over elsewhere."""

from __future__ import annotations

import pytest

import derive

BEFORE = "The outputs are $y_c = e^{z_c} / \\sum_{d=1}^C e^{z_d}$.\n\n$$S = \\sum_{i=1}^n w_i$$\n\n"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"-t_i + t_i y_i + \sum_{j \neq i}^C t_j y_i = -t_i + y_i \sum_{j=1}^C t_j", "proved"),
        (r"-t_i + t_i y_i + \sum_{j \neq i}^C t_j y_i = -t_i - y_i \sum_{j=1}^C t_j", "refuted"),
        (r"\sum_{j=1}^C \frac{\partial y_j}{\partial z_i} = 0", "proved"),
        (r"\sum_{j=1}^C \frac{\partial y_j}{\partial z_i} = y_i", "refuted"),
        (r"\frac{\partial S}{\partial w_i} = 1", "proved"),
        (r"\frac{\partial S}{\partial w_i} = w_i", "refuted"),
    ],
)
def test_a_letter_of_two_ranges(claim, verdict):
    assert derive.check(f"{BEFORE}$${claim}$$\n").claims[-1].verdict == verdict
