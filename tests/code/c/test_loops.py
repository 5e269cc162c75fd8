"""The loops of the C target: which numbers are kept where, and that every length and every size of a divisor is right."""

import numpy as np
import pytest

from derive.code.c.call import Compiled
from derive.code.c.loops.along_classes import CHUNK
from derive.code.c.target import write
from derive.code.functions.interpret import evaluate
from derive.jobs.compile import compile as compile_document
from tests.benchmarks.bench_losses import NAMES as LOSSES
from tests.tools.compilers import needs_compiler

pytestmark = needs_compiler


def results(function, arrays):
    found = Compiled(function)(*(arrays[node.name] for node in function.arguments))
    return dict(zip([o.name for o in function.program.outputs], found if isinstance(found, tuple) else (found,), strict=True))


@pytest.mark.parametrize("classes", [1, 3, 24, 63, 64, 65, 130, 2 * CHUNK + 77])
def test_the_first_place_of_the_maximum_is_found_wherever_it_is(classes):
    function = compile_document(LOSSES["smoothing"], ["loss_and_gradient"])["loss_and_gradient"]
    places = sorted({0, classes // 3, classes // 2, classes - 1})
    z = np.random.default_rng(classes).standard_normal((len(places), classes))
    for row, place in enumerate(places):
        z[row, [place, (place + row % 2) % classes]] = 9
    given = {"z": z, "labels": np.zeros(len(places), np.int64), "epsilon": np.asarray(0.1)}
    assert "_at" in write([function], "T", "s", {"n": 1000})
    expected = evaluate(function.program, given)
    for name, value in results(function, given).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-12, atol=1e-15, err_msg=name)


@pytest.mark.parametrize("name", ["smoothing", "distillation", "focal", "BCE"])
def test_numbers_that_all_examples_share_do_not_keep_short_rows_from_lanes(name):
    function = compile_document(LOSSES[name], ["loss_and_gradient"])["loss_and_gradient"]
    assert "columns_f32(" in write([function], "T", "s", {"n": 10})
    rng = np.random.default_rng(1)
    for classes, batch in ((3, 5), (10, 37), (24, 16), (40, 5), (2 * CHUNK + 77, 2)):
        given = {}
        for node in function.arguments:
            if node.kind == "index":
                given[node.name] = rng.integers(0, classes, batch)
            elif node.name == "y":
                given[node.name] = rng.dirichlet(np.ones(classes), batch)
            else:
                given[node.name] = rng.standard_normal((batch, classes)) * 3 if node.axes else np.asarray(0.75)
        expected = evaluate(function.program, given)
        for output, value in results(function, given).items():
            np.testing.assert_allclose(value, expected[output], rtol=1e-11, atol=1e-15, err_msg=f"{output} {classes}")


def test_what_one_loop_makes_and_reads_needs_no_memory():
    text = compile_document(LOSSES["BCE"], ["loss_and_gradient"], target="c", sizes={"n": 1000}).source
    assert text.count("for (int32_t j = 0;") == 1 and "[SIZE_n]" not in text


@pytest.mark.parametrize("divisor", [1.0, 0.0, np.inf, np.nan, 1e-320, 1e308])
@pytest.mark.parametrize("classes", [10, 1000])
def test_a_divisor_of_any_size_divides(divisor, classes):
    text = "---\nderive:\n  families: z_k\n  scalars: s\n---\n" + r"$$a_i = z_i / s, \qquad t = \sum_{k=1}^{n} z_k / s$$"
    rng = np.random.default_rng(0)
    for function in compile_document(text).functions:
        z, given = rng.standard_normal((3, classes)) * 1e-300, {}
        for node in function.arguments:
            given[node.name] = z if node.axes else np.asarray(divisor)
        with np.errstate(all="ignore"):
            expected = evaluate(function.program, given)
        for output, value in results(function, given).items():
            scale = np.abs(z / divisor).sum() if np.isfinite(divisor) and divisor else 0
            np.testing.assert_allclose(value, expected[output], rtol=1e-14, atol=1e-14 * scale, err_msg=output)
