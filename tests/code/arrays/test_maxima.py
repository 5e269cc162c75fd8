"""Beside the place of a maximum there is the maximum, and who reads the array at that place gets it; others read on."""

import numpy as np

from derive.code.arrays.builder import Builder
from derive.code.arrays.maxima import with_maxima
from derive.code.arrays.program import BATCH, Gather, Reduce
from derive.code.functions.interpret import evaluate

VALUES = {"x": np.array([[1.0, 3.0, 3.0], [-np.inf, -2.0, -7.0]]), "w": np.array([[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]])}


def program():
    build = Builder()
    x, w = (build.input(name, (BATCH, "i"), (BATCH, "n")) for name in ("x", "w"))
    place = build.reduce("argmax", x, "i")
    return build.program([("own", build.gather(x, "i", place)), ("other", build.gather(w, "i", place)), ("place", place)])


def kinds(made):
    return [node.op for node in made.nodes if isinstance(node, Reduce)], sum(isinstance(node, Gather) for node in made.nodes)


def test_the_array_is_not_read_at_the_place_of_its_own_maximum():
    assert kinds(program()) == (["argmax"], 2)
    made = with_maxima(program())
    assert kinds(made) == (["max", "argmax"], 1)
    before, after = evaluate(program(), VALUES), evaluate(made, VALUES)
    for name in before:
        np.testing.assert_array_equal(after[name], before[name])
    np.testing.assert_array_equal(after["other"], [6.0, 9.0])


def test_a_place_along_one_of_several_axes_stays_as_it_is():
    build = Builder()
    x = build.input("x", ("i", "j"), ("m", "n"))
    place = build.reduce("argmax", x, "j")
    made = build.program([("own", build.gather(x, "j", place))])
    assert with_maxima(made) == made
