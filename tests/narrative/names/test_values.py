"""A letter that is a function by custom, and a number in this document."""

import pytest

from tests.narrative.twins import last

HEAD = "---\nderive:\n  families: x_i, b_i\n---\n\n$$g = \\exp(-\\sum_k x_k b_k)$$\n\n"


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\frac{\partial g}{\partial x_i} = g (0 - b_i)", "proved"),
        (r"\frac{\partial g}{\partial x_i} = g (1 - b_i)", "refuted"),
        (r"\frac{\partial g}{\partial x_i} = -g b_i", "proved"),
    ],
)
def test_a_defined_number_is_a_factor(formula, verdict):
    assert last(HEAD, formula).verdict == verdict


def test_what_is_called_somewhere_stays_a_function():
    text = "$$f = x^2$$\n\n$$f'(x) = 2 x$$\n\n"
    assert last(text, r"f(x) (x + 1) = x^3 + x^2").verdict != "refuted"
