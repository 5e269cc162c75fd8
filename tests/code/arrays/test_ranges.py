"""Between which numbers the entries of nodes lie: never a narrower range than what is computed."""

from fractions import Fraction

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.program import BATCH
from derive.code.arrays.ranges import bounds
from derive.code.functions.interpret import evaluate

VALUES = np.array([0.0, -0.0, 1.5, -1.5, 40.0, -745.0, 800.0, np.inf, -np.inf, 1e-300])


def neg(build, x):
    return build.elementwise("neg", x)


def share(build, x):
    return build.elementwise("exp", neg(build, build.elementwise("abs", x)))


def number(build, value):
    return build.constant(Fraction(value))


CASES = {
    "an argument": (lambda b, x: x, (-np.inf, np.inf)),
    "a constant": (lambda b, x: number(b, 3), (3, 3)),
    "e^-|x|": (share, (0, 1)),
    "1 + e^-|x|": (lambda b, x: b.elementwise("add", share(b, x), number(b, 1)), (1, 2)),
    "e^min(x, 0)": (lambda b, x: b.elementwise("exp", b.elementwise("min", x, number(b, 0))), (0, 1)),
    "e^-max(x, 0)": (lambda b, x: b.elementwise("exp", neg(b, b.elementwise("max", x, number(b, 0)))), (0, 1)),
    "1 or e^-|x|": (lambda b, x: b.elementwise("below", x, share(b, x)), (0, 1)),
    "e^x": (lambda b, x: b.elementwise("exp", x), (-np.inf, np.inf)),
    "e^min(x, 1)": (lambda b, x: b.elementwise("exp", b.elementwise("min", x, number(b, 1))), (-np.inf, np.inf)),
    "e^|x|": (lambda b, x: b.elementwise("exp", b.elementwise("abs", x)), (-np.inf, np.inf)),
    "2 - e^-|x|": (lambda b, x: b.elementwise("sub", number(b, 2), share(b, x)), (-np.inf, np.inf)),
}


@pytest.mark.parametrize("case", CASES)
def test_bounds(case):
    made, expected = CASES[case]
    build = Builder()
    program = build.program([("y", made(build, build.input("x", (BATCH,), (BATCH,))))])
    low, high = bounds(program)[program.outputs[0].ref.node]
    assert (low, high) == expected
    with np.errstate(all="ignore"):
        found = evaluate(program, {"x": VALUES})["y"]
    assert (found >= low).all() and (found <= high).all()
