"""Numbers of every type and labels of every kind, in every array library: converted or refused, never wrapped."""

from pathlib import Path

import numpy as np
import pytest

from derive.code import targets
from derive.code.loading import load
from derive.jobs.compile import compile as compiled

ROOT = Path(__file__).resolve().parents[3]
TARGETS = ("numpy", "torch", "jax")
MADE = {}


@pytest.fixture(params=TARGETS)
def target(request):
    if request.param != "numpy":
        pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    return request.param


def module(name, target):
    if name not in MADE:
        MADE[name] = compiled(ROOT / "proofs" / f"{name}.md").functions
    if (name, target) not in MADE:
        MADE[name, target] = load(targets.TARGETS[target].written(MADE[name], name, name))
    return MADE[name, target]


def array(target, values, dtype):
    if target == "torch":
        torch = pytest.importorskip("torch", reason="needs torch")
        return torch.as_tensor(np.asarray(values)).to(getattr(torch, dtype))
    return (np if target == "numpy" else pytest.importorskip("jax", reason="needs jax").numpy).asarray(values, dtype=dtype)


def numbers(result):
    return np.asarray(result.float() if hasattr(result, "float") else result, dtype=np.float64)


@pytest.mark.parametrize("dtype", ["uint8", "int32"])
def test_integers_are_converted_and_not_wrapped(target, dtype):
    given = [array(target, [value], dtype) for value in (0, 100)]
    loss, gradient = module("mean-squared-error", target).loss_and_gradient(*given)
    exact = module("mean-squared-error", "numpy").loss_and_gradient(np.array([0.0]), np.array([100.0]))
    np.testing.assert_allclose(numbers(loss), exact[0], rtol=1e-6)
    np.testing.assert_allclose(numbers(gradient), exact[1], rtol=1e-6)
    assert np.subtract(np.uint8(0), np.array([100], np.uint8)) ** 2 != 10000


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_short_types_are_computed_in_single_precision(target, dtype):
    if target == "numpy" and dtype == "bfloat16":
        pytest.skip("NumPy has no bfloat16")
    logits = array(target, np.full((1, 300), 11.0), dtype)
    found = module("softmax", target).a(logits)
    assert dtype in str(found.dtype)
    np.testing.assert_allclose(numbers(found), 1 / 300, rtol=5e-3)
    assert float(np.float16(1) / np.exp(np.full(300, 11, np.float16)).sum(dtype=np.float16)) == 0


@pytest.mark.parametrize(
    ("labels", "dtype", "error"),
    [
        ([0, -1], "int64", IndexError),
        ([0, 3], "int64", IndexError),
        ([-1, 300], "int32", IndexError),
        ([0.0, 1.0], "float32", ValueError),
        ([0, 1, 2], "int64", ValueError),
        ([[0, 1]], "int64", ValueError),
        ([True, False], "bool", ValueError),
    ],
)
def test_what_is_no_label_is_refused(target, labels, dtype, error):
    call = module("softmax-cross-entropy", target).loss_and_gradient
    logits = array(target, np.zeros((2, 3)), "float32")
    assert np.isfinite(numbers(call(logits, array(target, [0, 2], "uint8"))[0])).all()
    with pytest.raises(error):
        call(logits, array(target, labels, dtype))


def test_shapes_that_would_be_repeated_by_accident_are_refused(target):
    call = module("sigmoid-cross-entropy", target).loss_and_gradient
    one, other = array(target, np.ones(5), "float32"), array(target, np.ones((5, 1)), "float32")
    assert call(one, one)[0].shape == (5,)
    with pytest.raises(ValueError):
        call(one, other)
    assert (np.ones(5) - np.ones((5, 1))).shape == (5, 5)


def test_no_example_gives_no_loss_and_an_empty_gradient(target):
    loss, gradient = module("softmax-cross-entropy", target).loss_and_gradient(
        array(target, np.zeros((0, 3)), "float32"), array(target, np.zeros(0), "int64")
    )
    assert tuple(loss.shape) == (0,) and tuple(gradient.shape) == (0, 3)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_mean_over_no_example_is_no_number(target):
    call = module("linear-layer", target).loss_and_gradient
    given = [array(target, value, "float32") for value in (np.ones((3, 2)), np.ones(3), np.ones((0, 2)))]
    loss, *gradients = call(*given, array(target, np.zeros(0), "int64"))
    assert np.isnan(numbers(loss)) and tuple(gradients[2].shape) == (0, 2)


def test_the_order_in_memory_does_not_matter(target):
    call = module("softmax-cross-entropy", target).loss_and_gradient
    logits = np.random.default_rng(0).standard_normal((6, 8)).astype(np.float32)
    whole, labels = array(target, logits, "float32"), array(target, [0, 1, 2], "int64")
    found, expected = (
        call(whole[::2, ::2] if target != "torch" else whole.T.contiguous().T[::2, ::2], labels),
        call(array(target, logits[::2, ::2].copy(), "float32"), labels),
    )
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(numbers(one), numbers(other), rtol=1e-6)


def test_complex_numbers_are_refused(target):
    with pytest.raises(TypeError):
        module("softmax", target).a(array(target, np.ones(3), "complex64"))
