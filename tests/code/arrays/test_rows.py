"""Rows of arrays are taken for examples where each is computed by itself, and not where they are more than that."""

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.program import BATCH
from derive.code.arrays.rows import by_rows
from derive.code.functions.interpret import evaluate


def scores(build):
    return build.input("x", ("i", "j"), ("m", "n"))


def row_sums(build):
    return [("y", build.reduce("sum", scores(build), "j"))]


def weighted(build):
    x, w = scores(build), build.input("w", ("j",), ("n",))
    return [("y", build.elementwise("mul", x, w)), ("total", build.contract([x, w], ["i", "j"]))]


def diagonal(build):
    x = build.input("x", ("i", "j"), ("n", "n"))
    return [("y", build.gather(x, "j", build.places("i", "n")))]


def beside_rows(build):
    x, b = scores(build), build.input("b", ("i",), ("m",))
    return [("y", build.elementwise("add", x, b))]


def with_its_transpose(build):
    x = build.input("x", ("i", "j"), ("n", "n"))
    turned = build.input("x", ("j", "i"), ("n", "n"))
    return [("y", build.elementwise("add", x, turned))]


def turned_result(build):
    x = scores(build)
    return [("y", build.broadcast(x, ("j", "i"), ("n", "m")))]


def turned_argument(build):
    return [("y", build.elementwise("add", scores(build), build.input("t", ("j", "i"), ("n", "m"))))]


def chosen_row(build):
    return [("y", build.gather(scores(build), "i", 0))]


def examples(build):
    return [("y", build.input("x", (BATCH, "i"), (BATCH, "n")))]


def vectors(build):
    return [("y", build.elementwise("neg", build.input("x", ("i",), ("n",))))]


def made(case):
    build = Builder()
    return build.program(case(build))


@pytest.mark.parametrize("case", [row_sums, weighted, diagonal, beside_rows])
def test_rows_are_examples(case):
    before = made(case)
    found = by_rows(before)
    assert found is not None and found.size == before.inputs[0].axes[0].size
    assert found.program.inputs[0].axes[0].size == BATCH
    rng = np.random.default_rng(0)
    sizes = {"m": 4, "n": 3}
    values = {node.name: rng.standard_normal([sizes[axis.size] for axis in node.axes]) for node in before.inputs}
    after = evaluate(found.program, values)
    for name, expected in evaluate(before, values).items():
        np.testing.assert_allclose(after[name], expected, rtol=1e-14)


@pytest.mark.parametrize("case", [with_its_transpose, turned_result, turned_argument, chosen_row, examples, vectors])
def test_rows_stay_rows(case):
    assert by_rows(made(case)) is None
