"""Scores that are all -infinity, in every target: the logarithm of their sum is -infinity, and their shares are no numbers."""

import numpy as np
import pytest

from derive.code import targets
from derive.code.c.build import CompilerMissing, require
from derive.code.c.call import Compiled
from derive.code.loading import load
from derive.jobs.compile import compile as compiled

TEXT = r"""---
derive:
  indices: i, k in 1..n
  families: z_i
---
$$S = \ln \sum_{k=1}^{n} e^{z_k}$$

$$\frac{\partial S}{\partial z_i} = ?$$

$$T = 2 \ln \sum_{k=1}^{n} e^{z_k/2}$$

$$a_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}$$
"""
MADE = {}


def functions():
    if not MADE:
        MADE["all"] = compiled(TEXT).functions
    return MADE["all"]


@pytest.fixture(params=["numpy", "torch", "jax", "c"])
def call(request):
    """Calls a function of the document by its name."""
    if request.param == "c":
        try:
            require()
        except CompilerMissing as reason:
            pytest.skip(str(reason))
        return lambda name, z: Compiled(next(f for f in functions() if f.name == name))(z)
    if request.param != "numpy":
        pytest.importorskip(request.param, reason=f"{request.param} is not installed")
    if request.param not in MADE:
        MADE[request.param] = load(targets.TARGETS[request.param].written(functions(), "T", "s"))
    given = {"numpy": np.asarray, "torch": lambda z: __import__("torch").as_tensor(z), "jax": lambda z: z}[request.param]
    return lambda name, z: getattr(MADE[request.param], name)(given(z))


def naive(z):
    """The logarithm of a sum as it is found in many programs."""
    top = z.max(-1, keepdims=True)
    return (np.log(np.exp(z - top).sum(-1, keepdims=True)) + top)[..., 0]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("length", [1, 3, 40, 3000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_logarithm_of_a_sum_of_nothing_is_minus_infinity(call, length, dtype):
    z = np.full((3, length), -np.inf, dtype)
    z[1, 0] = 2
    for name in ("S", "T"):
        np.testing.assert_allclose(np.asarray(call(name, z)), [-np.inf, 2, -np.inf], rtol=1e-6)
    loss, gradient = call("loss_and_gradient", z)
    np.testing.assert_allclose(np.asarray(loss), [-np.inf, 2, -np.inf], rtol=1e-6)
    assert np.isnan(np.asarray(gradient)[[0, 2]]).all() and np.asarray(gradient)[1].sum() == 1
    assert np.isnan(naive(z)[[0, 2]]).all()


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["a", "dS_dz"])
def test_shares_of_nothing_are_no_numbers(call, name):
    z = np.array([[-np.inf, -np.inf], [-np.inf, 0.5]])
    found = np.asarray(call(name, z))
    assert np.isnan(found[0]).all() and found[1].tolist() == [0, 1]
