"""Of the two exponentials that keep 1 + e^x in range one is computed, and the digits stay; other exponentials stay too."""

from fractions import Fraction

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.one_exponential import with_one_exponential
from derive.code.arrays.program import BATCH, Elementwise
from derive.code.functions.interpret import evaluate

VALUES = np.array([[0.0, -0.0, 1.5, -1.5, 40.0], [-745.0, -710.0, 800.0, -800.0, 5e-324], [np.inf, -np.inf, np.nan, 1e-9, -30]])


def program(exponent, size=True):
    """e^{-|x|} (unless `size` is False) beside e^{exponent}."""
    build = Builder()
    x = build.input("x", (BATCH, "i"), (BATCH, "n"))
    small = [("small", build.elementwise("exp", build.elementwise("neg", build.elementwise("abs", x))))] if size else []
    return build.program([("bent", build.elementwise("exp", exponent(build, x))), *small])


def constant(build, value):
    return build.constant(Fraction(value))


def lower(build, x):
    return build.elementwise("min", x, constant(build, 0))


def opposite_of_larger(build, x):
    return build.elementwise("neg", build.elementwise("max", x, constant(build, 0)))


def exponentials(made):
    """How many exponentials are computed for the outputs."""
    needed, waiting = set(), [output.ref.node for output in made.outputs]
    while waiting:
        place = waiting.pop()
        if place not in needed:
            needed.add(place)
            waiting += [ref.node for ref in getattr(made.nodes[place], "operands", ())]
    return sum(isinstance(made.nodes[p], Elementwise) and made.nodes[p].op == "exp" for p in needed)


@pytest.mark.parametrize("exponent", [lower, opposite_of_larger])
def test_one_is_chosen_from_the_other_digit_for_digit(exponent):
    before = program(exponent)
    after = with_one_exponential(before)
    assert (exponentials(before), exponentials(after)) == (2, 1)
    values = {"x": VALUES}
    with np.errstate(all="ignore"):
        for name, expected in evaluate(before, values).items():
            np.testing.assert_array_equal(evaluate(after, values)[name], expected)


@pytest.mark.parametrize(
    "exponent",
    [
        lambda build, x: build.elementwise("max", x, constant(build, 0)),
        lambda build, x: build.elementwise("neg", lower(build, x)),
        lambda build, x: build.elementwise("min", x, constant(build, 1)),
        lambda build, x: lower(build, build.elementwise("square", x)),
        lambda build, x: build.elementwise("neg", x),
    ],
)
def test_other_exponentials_are_computed(exponent):
    made = program(exponent)
    assert exponentials(with_one_exponential(made)) == exponentials(made) == 2


def test_without_the_other_nothing_is_chosen():
    made = program(lower, size=False)
    assert exponentials(with_one_exponential(made)) == 1
    assert not any(isinstance(node, Elementwise) and node.op == "below" for node in with_one_exponential(made).nodes)
