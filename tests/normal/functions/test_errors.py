"""The error function and the linear unit made of it, each with a false twin."""

import pytest

from tests.narrative.twins import assert_told_apart, last

DECLARED = "Let $u, v \\in \\mathbb R^n$.\n\n"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            "",
            r"\frac{d}{ds} \operatorname{erf}(s) = \frac{2}{\sqrt{\pi}} e^{-s^2}",
            r"\frac{d}{ds} \operatorname{erf}(s) = \frac{1}{\sqrt{\pi}} e^{-s^2}",
        ),
        (
            "",
            r"\operatorname{erf}(s - t) = -\operatorname{erf}(t - s)",
            r"\operatorname{erf}(s - t) = \operatorname{erf}(t - s)",
        ),
        ("", r"\operatorname{erf}(0) = 0", r"\operatorname{erf}(0) = 1"),
        (
            "",
            r"2 \operatorname{gelu}(s) = s \left(1 + \operatorname{erf}\left(\frac{s}{\sqrt 2}\right)\right)",
            r"2 \operatorname{gelu}(s) = s (1 + \operatorname{erf}(s))",
        ),
        (
            "",
            r"\frac{d}{ds} \operatorname{GELU}(s) = "
            r"\frac12 (1 + \operatorname{erf}(s / \sqrt 2)) + \frac{s}{\sqrt{2 \pi}} e^{-s^2 / 2}",
            r"\frac{d}{ds} \operatorname{GELU}(s) = "
            r"\frac12 (1 + \operatorname{erf}(s / \sqrt 2)) - \frac{s}{\sqrt{2 \pi}} e^{-s^2 / 2}",
        ),
    ],
)
def test_the_error_function(text, true, false):
    assert_told_apart(text, true, false)


def test_its_values_are_balls():
    assert last("", r"\operatorname{erf}(1) \approx 0.8427").verdict != "refuted"
    assert last("", r"\operatorname{erf}(1) = 0.8437").verdict == "refuted"
