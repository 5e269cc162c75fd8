"""Matrices that are read on their diagonal: the loss of matching pairs and its gradient, against exact numbers."""

from decimal import Decimal, getcontext

import numpy as np
import pytest

from derive.code.c.build import CompilerMissing, require
from derive.code.c.call import Compiled
from derive.code.functions.interpret import evaluate
from derive.code.loading import load
from derive.jobs.compile import compile as compiled

TEXT = r"""---
derive:
  indices: i in 1..m, j in 1..m, k in 1..m
  families: s_{ij}
  sizes: m
---
$$q_{ij} = \frac{e^{s_{ij}}}{\sum_{k=1}^{m} e^{s_{ik}}}$$

$$L = -\frac{1}{m} \sum_{i=1}^{m} \ln q_{ii}$$

$$\frac{\partial L}{\partial s_{ij}} = \frac{1}{m} (q_{ij} - \delta_{ij})$$
"""
SCORES = np.array([[41.5, 0.25, -3.0], [1.0, 60.0, 2.5], [-800.0, 0.0, 2.0]])


def exact(scores):
    """The loss and its gradient by the sums without the matching pair, in 50 digits."""
    getcontext().prec = 50
    size, loss, gradient = len(scores), Decimal(0), np.zeros(scores.shape)
    for i, row in enumerate(scores):
        powers = [Decimal(float(x)).exp() for x in row]
        others = sum(p for j, p in enumerate(powers) if j != i)
        loss += (1 + others / powers[i]).ln() / size
        for j, power in enumerate(powers):
            gradient[i, j] = float((power if j != i else -others) / sum(powers) / size)
    return float(loss), gradient


def naive(scores):
    chances = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return -np.log(np.diagonal(chances)).mean(), (chances - np.eye(len(scores))) / len(scores)


def test_the_program_keeps_the_digits_of_confident_pairs():
    made = compiled(TEXT)
    assert made.notes == ()
    found = evaluate(made["loss_and_gradient"].program, {"s": SCORES})
    loss, gradient = exact(SCORES)
    assert np.allclose(found["loss"], loss, rtol=1e-14, atol=0)
    assert np.allclose(found["gradient"], gradient, rtol=1e-14, atol=1e-300)
    assert naive(SCORES)[1][1, 1] == 0 != gradient[1, 1]


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
def test_the_written_module_computes_the_same(target):
    library = pytest.importorskip({"jax": "jax.numpy"}.get(target, target), reason=f"needs {target}")
    module = load(compiled(TEXT, target=target).source, "diagonal")
    given = library.asarray(SCORES) if target != "jax" else library.asarray(SCORES, dtype="float32")
    loss, gradient = module.loss_and_gradient(given)
    expected = exact(SCORES)
    rtol = 1e-5 if target == "jax" else 1e-14
    assert np.allclose(np.asarray(loss), expected[0], rtol=rtol, atol=0)
    assert np.allclose(np.asarray(gradient), expected[1], rtol=rtol, atol=1e-37)


@pytest.mark.slow
def test_the_c_file_computes_the_same():
    try:
        require()
    except CompilerMissing as reason:
        pytest.skip(str(reason))
    loss, gradient = Compiled(compiled(TEXT)["loss_and_gradient"])(SCORES)
    expected = exact(SCORES)
    assert np.allclose(loss, expected[0], rtol=1e-14, atol=0)
    assert np.allclose(gradient, expected[1], rtol=1e-14, atol=1e-300)
