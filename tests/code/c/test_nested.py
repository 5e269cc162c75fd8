"""Loops over several axes in C: what they find, in one pass over many entries at once, is what the program says."""

import numpy as np
import pytest

from derive.code.c.call import Compiled
from derive.code.c.library.functions import DOUBLE
from derive.code.c.loops.nested import place_of_largest
from derive.code.functions.interpret import evaluate
from derive.jobs.compile import compile as compiled
from tests.benchmarks.bench_losses import CONTRAST

# The same along the columns, which are no rows of the arrays.
COLUMNS = CONTRAST.replace("z_{ik}", "z_{kj}")
MADE = {}


def made(text=CONTRAST):
    """The function that gives the loss and the gradient, for each target."""
    if text not in MADE:
        MADE[text] = compiled(text, ["loss_and_gradient"], target="c")
    return MADE[text]


@pytest.mark.parametrize("text", [CONTRAST, COLUMNS], ids=["rows", "columns"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("m", [1, 3, 37])
def test_a_matrix_of_scores_has_the_largest_of_each_row(dtype, m, text):
    function = made(text)["loss_and_gradient"]
    z = np.random.default_rng(m).integers(-3, 4, (m, m)).astype(dtype) * 40
    z[0, -1] = -np.inf if m > 1 else 0
    arrays = {node.name: z if node.axes else np.asarray(1.5, dtype) for node in function.arguments}
    expected = evaluate(function.program, {name: array.astype(np.float64) for name, array in arrays.items()})
    loss, gradient = Compiled(function)(*arrays.values())
    close = 1e-5 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(loss, expected["loss"], rtol=close)
    np.testing.assert_allclose(gradient, expected["gradient"], rtol=close, atol=close)
    if m > 1:
        assert not np.allclose(gradient.T, expected["gradient"], rtol=close, atol=close)


def test_each_result_is_written_once():
    text = made(COLUMNS).source
    assert text.count("loss[0] = ") == 2 == text.count("gradient[i0 * SIZE_m + i1] = ")


def test_rows_are_gone_through_once_without_memory_of_their_own():
    text = made().source
    assert text.count("loss[0] = ") == 2 == text.count("for (int64_t row = 0; row < batch; ++row)")
    assert "i0" not in text and "malloc" not in text


@pytest.mark.parametrize(("rows", "by_rows"), [(10, True), (2048, True), (3000, False)])
def test_totals_of_many_rows_are_taken_in_pieces(rows, by_rows):
    text = compiled(CONTRAST, ["loss_and_gradient"], target="c", sizes={"m": rows}).source
    assert ("batch = SIZE_m;" in text) is by_rows
    assert ("laid out for SIZE_m up to 2048" in text) is by_rows


def test_the_largest_along_two_axes_is_found_by_one_search():
    one = place_of_largest("x[k0]", [("k0", "SIZE_n")], ["for (k0)"], DOUBLE)
    two = place_of_largest("x[k0 + k1]", [("k0", "SIZE_n"), ("k1", "SIZE_m")], ["for (k0)", "for (k1)"], DOUBLE)
    assert sum("simd" in line for line in one) == 2 and not any("simd" in line for line in two)
