"""Array programs: equal nodes are one, axes that do not fit are refused, the interpreter computes what the nodes say."""

from fractions import Fraction

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.program import BATCH, ShapeError
from derive.code.functions.interpret import evaluate
from derive.code.python.numpy.moderate import with_inverses


def test_nodes_that_differ_in_letters_only_are_one():
    build = Builder()
    first = build.elementwise("exp", build.input("z", (BATCH, "i"), (BATCH, "n")))
    second = build.elementwise("exp", build.input("z", (BATCH, "k"), (BATCH, "n")))
    assert first.node == second.node and first.letters != second.letters


def test_nodes_of_different_sizes_are_not():
    build = Builder()
    assert build.input("z", ("i",), ("n",)).node != build.input("z", ("i",), ("d",)).node


def test_one_letter_cannot_have_two_sizes():
    build = Builder()
    with pytest.raises(ShapeError, match="runs over n and over d"):
        build.elementwise("add", build.input("z", ("i",), ("n",)), build.input("x", ("i",), ("d",)))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda build, z: build.reduce("sum", z, "j"),
        lambda build, z: build.contract([z], ["j"]),
        lambda build, z: build.gather(z, "j", 0),
        lambda build, z: build.put(z, "i", build.constant(Fraction(0)), z),
        lambda build, z: build.elementwise("add", build.identity("i", "i", "n"), z),
    ],
)
def test_an_axis_that_is_not_there_is_refused(wrong):
    build = Builder()
    with pytest.raises(ShapeError):
        wrong(build, build.input("z", ("i",), ("n",)))


def test_what_no_output_needs_is_left_out_but_arguments_stay():
    build = Builder()
    z, y = build.input("z", ("i",), ("n",)), build.input("y", ("i",), ("n",))
    build.elementwise("exp", z)
    program = build.program([("total", build.reduce("sum", z, "i"))])
    assert len(program.nodes) == 3 and [node.name for node in program.inputs] == ["z", "y"] and y.node == 1


def test_the_interpreter_agrees_with_numpy():
    build = Builder()
    w, x = build.input("w", ("k", "j"), ("n", "d")), build.input("x", (BATCH, "j"), (BATCH, "d"))
    labels = build.input("labels", (BATCH,), (BATCH,), "index", "n")
    z = build.contract([w, x], ["j"])
    put = build.put(z, "k", labels, build.constant(Fraction(0)))
    program = build.program([("at", build.gather(z, "k", labels)), ("rest", build.reduce("sum", put, "k"))])
    rng = np.random.default_rng(0)
    arrays = {"w": rng.standard_normal((3, 2)), "x": rng.standard_normal((4, 2)), "labels": np.array([0, 2, 1, 1])}
    found, whole = evaluate(program, arrays), arrays["x"] @ arrays["w"].T
    at = whole[np.arange(4), arrays["labels"]]
    assert np.allclose(found["at"], at) and np.allclose(found["rest"], whole.sum(-1) - at)


def divided(by):
    """exp(z) over a number for each row, with inverses, and the operations of the program."""
    build = Builder()
    e = build.elementwise("exp", build.input("z", (BATCH, "i"), (BATCH, "n")))
    scale = build.input("scale", (BATCH,), (BATCH,))
    program = build.program([("share", build.elementwise("div", e, by(build, e, scale)))])
    return program, with_inverses(program)


def test_a_quotient_by_sums_of_exponentials_becomes_a_product():
    program, found = divided(
        lambda build, e, scale: build.elementwise("add", build.reduce("sum", e, "i"), build.gather(e, "i", 0))
    )
    assert found.nodes[-1].op == "mul" and len(found.nodes) == len(program.nodes) + 2
    arrays = {"z": np.random.default_rng(0).standard_normal((4, 3)), "scale": np.ones(4)}
    np.testing.assert_allclose(evaluate(found, arrays)["share"], evaluate(program, arrays)["share"], rtol=1e-15)


@pytest.mark.parametrize(
    "by",
    [
        lambda build, e, scale: scale,
        lambda build, e, scale: build.elementwise("mul", scale, build.reduce("sum", e, "i")),
        lambda build, e, scale: build.elementwise("sub", build.reduce("sum", e, "i"), build.gather(e, "i", 0)),
        lambda build, e, scale: build.reduce("sum", build.elementwise("exp", build.elementwise("add", e, scale)), "i"),
        lambda build, e, scale: e,
    ],
)
def test_by_anything_else_it_stays(by):
    """The inverse of 1e-310 is infinite, while 1e-310 over itself is 1."""
    program, found = divided(by)
    assert found == program


def test_arguments_of_two_lengths_for_one_size_are_refused():
    build = Builder()
    z, y = build.input("z", ("i",), ("n",)), build.input("y", ("i",), ("n",))
    program = build.program([("sum", build.elementwise("add", z, y))])
    with pytest.raises(ShapeError, match="n is 2 and 3"):
        evaluate(program, {"z": np.zeros(2), "y": np.zeros(3)})
    with pytest.raises(ShapeError, match="y is missing"):
        evaluate(program, {"z": np.zeros(2)})
