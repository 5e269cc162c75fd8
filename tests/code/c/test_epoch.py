"""Products of matrices and whole epochs in C compute what the array programs say, for every length."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest

from derive.code.arrays.program import BATCH, Elementwise, ShapeError
from derive.code.c.build import load
from derive.code.c.epoch import product as c_product
from derive.code.c.epoch.call import Compiled
from derive.code.c.epoch.plan import Array, Call, Epoch, Plan, planned
from derive.code.c.epoch.shapes import reusing, turned, with_lengths, without_batch
from derive.code.c.library.functions import REALS, helpers
from derive.code.c.target import sizes_of
from derive.code.functions.build import Function
from derive.code.functions.interpret import evaluate
from derive.jobs.compile import compile as compile_document
from tests.tools.compilers import needs_compiler

LENGTHS = [1, 2, 3, 5, 8, 9, 10, 16, 17, 31, 33, 63, 70, 131]


@pytest.fixture(scope="module")
def linear():
    return {f.name: f for f in compile_document("training/linear", ["z", "dS_dw", "dS_db", "dS_dx"]).functions}


@pytest.fixture(scope="module")
def curve():
    return {f.name: f for f in compile_document("training/sigmoid", ["h", "dS_dz"]).functions}


@pytest.fixture(scope="module")
def step():
    return {f.name: f for f in compile_document("training/step", ["u", "v"]).functions}


def arguments(function, lengths, batch, seed=0):
    rng = np.random.default_rng(seed)
    sizes = {**lengths, BATCH: batch}
    return {
        node.name: rng.standard_normal([sizes.get(axis.size, 0) or int(axis.size) for axis in node.axes])
        for node in function.program.inputs
    }


# -- programs for given lengths and orders ----------------------------------------------------------------------------


def test_lengths_become_numbers(linear):
    program = with_lengths(linear["dS_dw"].program, {"n": 3, "d": 4})
    assert sizes_of(replace(linear["dS_dw"], program=program)) == ()
    arrays = arguments(linear["dS_dw"], {"n": 3, "d": 4}, 5)
    np.testing.assert_array_equal(evaluate(program, arrays)["dS_dw"], evaluate(linear["dS_dw"].program, arrays)["dS_dw"])


@pytest.mark.parametrize("name", ["z", "dS_dw", "dS_dx"])
def test_a_turned_program_takes_and_gives_the_same_numbers(linear, name):
    function = linear[name]
    arrays = arguments(function, {"n": 3, "d": 4}, 5)
    expected = evaluate(function.program, arrays)[name]
    names = [*arrays, *([name] if name == "dS_dw" else [])]
    names = [one for one in names if one == name or arrays[one].ndim == 2]
    program = turned(function.program, names)
    found = evaluate(program, {n: a.T if n in names else a for n, a in arrays.items()})[name]
    np.testing.assert_allclose(found.T if name in names else found, expected, rtol=1e-14)


def test_what_is_known_becomes_an_argument(curve):
    slope, value = curve["dS_dz"].program, curve["h"].program
    program = reusing(slope, value, "h")
    assert {node.name for node in program.inputs} >= {"h", "g"}
    arrays = arguments(curve["dS_dz"], {"n": 3}, 4)
    known = {**arrays, "h": evaluate(value, {"z": arrays["z"]})["h"]}
    np.testing.assert_array_equal(evaluate(program, known)["dS_dz"], evaluate(slope, arrays)["dS_dz"])
    # Another curve's value is not what the slope is made from.
    place = next(p for p, node in enumerate(value.nodes) if isinstance(node, Elementwise))
    other = replace(value, nodes=tuple(replace(n, op="sin") if p == place else n for p, n in enumerate(value.nodes)))
    assert reusing(slope, other, "h") == slope


def test_one_example_alone(step):
    program = without_batch(step["v"].program)
    assert all(BATCH not in [axis.size for axis in node.axes] for node in program.nodes)
    arrays = {"b": np.arange(3.0), "F": np.ones(3), "eta": np.array(0.5), "kappa": np.array(0.0), "t": np.array(2.0)}
    assert evaluate(program, arrays)["v"].tolist() == [-0.5, 0.5, 1.5]


# -- products ---------------------------------------------------------------------------------------------------------


def test_what_is_a_product_and_what_is_none(linear, curve, step):
    for function in linear.values():
        assert c_product.product(with_lengths(function.program, {"n": 3, "d": 4})) is not None
    for function in (*curve.values(), *step.values()):
        assert c_product.product(with_lengths(function.program, {"n": 3, "d": 4})) is None


def test_a_factor_that_is_read_across_its_rows_is_named(linear):
    program = with_lengths(linear["z"].program, {"n": 3, "d": 4})
    assert c_product.product(program).strided == "w"
    assert c_product.product(turned(program, ["w"])).strided == ""


def in_c(function, lengths, batch, arrays, dtype, vector_bytes):
    """The result of a product in C, written by the writer of products."""
    real = next(real for real in REALS if real.dtype == dtype)
    program = with_lengths(function.program, lengths)
    strided = c_product.product(program).strided
    names = [strided] if strided else []
    function = replace(function, program=turned(program, names))
    text = c_product.write(function, c_product.product(function.program), real, vector_bytes)
    pointers = [f"const {real.name} *a{k}" for k in range(len(function.arguments))]
    head = f"int run(int64_t batch, {', '.join(pointers)}, {real.name} *out)"
    passed = ", ".join(["batch", *(f"a{k}" for k in range(len(pointers))), "out"])
    source = f"#include <stdint.h>\n{text}\n{head} {{ return {function.name}_{real.suffix}({passed}); }}\n"
    interface, library = load(source, [f"{head};"])
    output = function.program.outputs[0]
    shape = [batch if axis.size == BATCH else int(axis.size) for axis in output.axes]

    def room(shape):
        return np.full(int(np.prod(shape)) + c_product.SLACK // 4, 7.0, dtype)

    given = []
    for node in function.arguments:
        array = arrays[node.name].T if node.name in names else arrays[node.name]
        given.append(room(array.shape))
        given[-1][: array.size] = array.ravel()
    result = room(shape)
    assert library.run(batch, *(interface.from_buffer(f"{real.name}[]", a) for a in (*given, result))) == 0
    return result[: int(np.prod(shape))].reshape(shape)


@pytest.mark.slow
@needs_compiler
@pytest.mark.parametrize("vector_bytes", [16, 32, 64])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_products_are_those_of_the_program(linear, dtype, vector_bytes):
    rng = np.random.default_rng(vector_bytes)
    for name, function in linear.items():
        for n in rng.choice(LENGTHS, 4, replace=False):
            lengths, batch = {"n": int(n), "d": int(rng.choice(LENGTHS))}, int(rng.integers(1, 20))
            arrays = arguments(function, lengths, batch, int(n))
            expected = evaluate(function.program, arrays)[name]
            found = in_c(function, lengths, batch, arrays, dtype, vector_bytes)
            np.testing.assert_allclose(
                found,
                expected,
                rtol=1e-5 if dtype == "float32" else 1e-13,
                atol=1e-4 if dtype == "float32" else 1e-13,
                err_msg=f"{name} {lengths} {batch}",
            )


@needs_compiler
def test_a_planted_sign_error_in_a_product_differs(linear):
    function, nodes = linear["z"], linear["z"].program.nodes
    flipped = tuple(replace(node, op="sub") if isinstance(node, Elementwise) and node.op == "add" else node for node in nodes)
    wrong = replace(function, program=replace(function.program, nodes=flipped))
    arrays = arguments(function, {"n": 10, "d": 3}, 4)
    expected = evaluate(function.program, arrays)["z"]
    assert not np.allclose(in_c(wrong, {"n": 10, "d": 3}, 4, arrays, "float64", 64), expected)


# -- tanh -------------------------------------------------------------------------------------------------------------


@needs_compiler
@pytest.mark.parametrize("real", REALS, ids=lambda real: real.dtype)
def test_tanh_is_accurate_everywhere(real):
    head = f"void run(int64_t n, const {real.name} *x, {real.name} *y)"
    loop = f"for (int64_t i = 0; i < n; ++i) y[i] = tanh_{real.suffix}(x[i]);"
    source = f"#include <math.h>\n#include <stdint.h>\n{helpers(real, {'tanh'})}\n{head} {{ {loop} }}\n"
    interface, library = load(source, [f"{head};"])
    rng = np.random.default_rng(1)
    tiny = np.finfo(real.dtype).smallest_subnormal
    x = np.concatenate(
        [
            rng.uniform(-1, 1, 1500),
            rng.uniform(-25, 25, 500),
            rng.uniform(-1, 1, 300) * 2.0 ** -rng.uniform(0, 100, 300),
            [0, -0.0, 1e9, -1e9, np.inf, -np.inf, tiny, -tiny, 0.17328679513998632, 0.5198603854199589],
        ]
    )
    x = x.astype(real.dtype)
    y = np.empty_like(x)
    kind = f"{real.name}[]"
    library.run(len(x), interface.from_buffer(kind, x), interface.from_buffer(kind, y))
    worst = 0.0
    with mpmath.workdps(40):
        for one, found in zip(x.tolist(), y, strict=True):
            exact = mpmath.tanh(one)
            unit = max(float(np.spacing(np.abs(np.dtype(real.dtype).type(float(exact))))), float(tiny))
            worst = max(worst, float(abs(mpmath.mpf(float(found)) - exact)) / unit)
    assert worst < 3 and np.signbit(y[-9]) and not np.signbit(y[-10])
    x[:2] = np.nan, 1
    library.run(2, interface.from_buffer(kind, x), interface.from_buffer(kind, y))
    assert np.isnan(y[0]) and y[1] == pytest.approx(np.tanh(1), rel=1e-6)


# -- epochs -----------------------------------------------------------------------------------------------------------


def squares(linear, step, features=3):
    """A linear layer whose outputs are drawn to 0, by a loss that a document of its own defines."""
    text = r"""---
derive:
  indices: k in 1..n
  families: z_k
---
$$L = \frac{1}{2} \sum_{k=1}^{n} z_k^2$$

$$\frac{\partial L}{\partial z_k} = ?$$
"""
    loss = compile_document_text(text)
    arrays = (
        Array("x", (BATCH, str(features))),
        Array("label", (BATCH,), index=True),
        Array("loss_of", (BATCH,)),
        Array("z", (BATCH, "2")),
        Array("g", (BATCH, "2")),
        Array("w", ("2", str(features))),
        Array("b", ("2",)),
        Array("G", ("2", str(features)), like="w"),
        Array("F", ("2",)),
        Array("u", ("2", str(features)), like="w"),
        Array("v", ("2",)),
    )
    numbers = {"eta": "eta", "kappa": "kappa", "t": "t"}
    return Epoch(
        arrays,
        ("eta", "kappa", "t", "lambda"),
        "x",
        "label",
        "z",
        "loss_of",
        ("G",),
        (Call(linear["z"], {"w": "w", "b": "b", "x": "x"}, {"z": "z"}),),
        (
            Call(loss, {"z": "z"}, {"loss": "loss_of", "gradient": "g"}),
            Call(linear["dS_dw"], {"g": "g", "x": "x"}, {"dS_dw": "G"}),
            Call(linear["dS_db"], {"g": "g"}, {"dS_db": "F"}),
        ),
        (
            Call(step["u"], {**numbers, "w": "w", "G": "G", "lambda_": "lambda"}, {"u": "u"}),
            Call(step["v"], {**numbers, "b": "b", "F": "F"}, {"v": "v"}),
        ),
        {"u": "w", "v": "b"},
    )


def compile_document_text(text) -> Function:
    return compile_document(text, ["loss_and_gradient"])["loss_and_gradient"]


NUMBERS = {"eta": 0.1, "kappa": 0.5, "t": 1.0, "lambda": 0.01}


def by_hand(w, b, x, order, size, first, last):
    """The same steps in NumPy."""
    losses, norms, rate = [], [], 0.1 / 1.5
    for number in range(first, last):
        rows = x[order[number * size : (number + 1) * size]]
        z = rows @ w.T + b
        gradient = z.T @ rows / len(rows)
        losses.append(np.mean(np.sum(z**2, axis=1) / 2))
        norms.append(np.sqrt(np.mean(gradient**2)))
        w, b = w - rate * (gradient + 0.01 * w), b - rate * z.mean(axis=0)
    return w, b, losses, norms


@pytest.fixture(scope="module")
def regression(linear, step):
    return squares(linear, step)


@needs_compiler
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_epoch_is_its_steps(regression, dtype):
    rng = np.random.default_rng(0)
    x, order, labels = rng.standard_normal((11, 3)).astype(dtype), rng.permutation(11), np.zeros(11, int)
    w, b = rng.standard_normal((2, 3)), rng.standard_normal(2)
    made = Compiled(planned(regression, dtype, 64), 4)
    made["w"], made["b"] = w, b
    for first, last in ((0, 1), (1, 3)):
        done = made.steps(first, last, order, x, labels, NUMBERS)
        w, b, losses, norms = by_hand(w, b, x, order, 4, first, last)
        tolerance = 1e-5 if dtype == "float32" else 1e-13
        np.testing.assert_allclose(done.losses, losses, rtol=tolerance)
        np.testing.assert_allclose(done.norms[:, 0], norms, rtol=tolerance)
        np.testing.assert_allclose(made["w"], w, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(made["b"], b, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(made.outputs(x, NUMBERS), x @ w.T + b, rtol=1e-4)
    assert made["z"].shape == (4, 2)


@needs_compiler
def test_stretches_of_any_length_give_the_same_bits(regression):
    rng = np.random.default_rng(1)
    x, order, labels = rng.standard_normal((50, 3)), rng.permutation(50), np.zeros(50, int)
    results = []
    for stops in ([13], [1, 2, 3, 13], [6, 7, 13]):
        made = Compiled(planned(regression, "float64", 64), 4)
        made["w"], made["b"] = np.ones((2, 3)), np.ones(2)
        for first, last in zip([0, *stops], stops, strict=False):
            made.steps(first, last, order, x, labels, NUMBERS)
        results.append((made["w"].tobytes(), made["b"].tobytes()))
    assert len(set(results)) == 1


@needs_compiler
def test_it_ends_before_a_loss_that_is_not_finite(regression):
    x = np.ones((8, 3))
    x[5] = np.nan
    made = Compiled(planned(regression, "float64", 64), 2)
    made["w"] = np.ones((2, 3))
    done = made.steps(0, 4, np.arange(8), x, np.zeros(8, int), NUMBERS)
    assert done.steps == 2 and len(done.losses) == 3 and np.isnan(done.losses[2]) and len(done.norms) == 2
    assert np.isfinite(made["w"]).all()


@needs_compiler
def test_what_does_not_fit_is_refused(regression):
    made = Compiled(planned(regression, "float64", 64), 2)
    x, labels = np.ones((8, 3)), np.zeros(8, int)
    with pytest.raises(IndexError, match="names one that there is not"):
        made.steps(0, 1, np.array([0, 8]), x, labels, NUMBERS)
    with pytest.raises(IndexError, match="names one that there is not"):
        made.steps(0, 1, np.array([-1, 0]), x, labels, NUMBERS)
    order = np.arange(8)
    for arguments_ in (
        (0, 5, order, x, labels),
        (0, 1, order, x[:, :2], labels),
        (0, 1, order, x, labels[:3]),
        (2, 1, order, x, labels),
    ):
        with pytest.raises(ShapeError):
            made.steps(*arguments_, NUMBERS)


def test_a_plan_can_be_written_and_read(regression):
    plan = planned(regression, "float64", 32)
    assert Plan.from_json(plan.to_json()) == plan and plan.dtype == "float64" and "w" in plan.turned
    assert "float" not in plan.source.replace("floating", "")


def test_names_that_the_loops_use_are_refused(regression):
    with pytest.raises(ValueError, match="cannot be called rows"):
        planned(replace(regression, arrays=(*regression.arrays, Array("rows", ("2",)))), "float64", 64)
