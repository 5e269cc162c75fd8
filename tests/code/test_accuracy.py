"""The digits that each target keeps, on the input sets of the benchmark, against 50 digits."""

import numpy as np
import pytest

from tests.benchmarks import accuracy

ROWS = 12
MADE = {}


def found(target):
    if not MADE:
        MADE["functions"] = accuracy.functions()
    if target not in MADE:
        MADE[target] = accuracy.of_target(target, MADE["functions"])
    if MADE[target] is None:
        pytest.skip(f"the target {target} cannot run here")
    return MADE[target]


def within(function, dtype):
    """The sets on which a bound fails."""
    failed = set()
    for name, (logits, labels) in accuracy.input_sets(dtype, ROWS, seed=1):
        largest, bad = accuracy.errors(function, logits, labels, dtype)
        if bad or name in accuracy.BOUNDED and max(largest["loss"], largest["label"]) > accuracy.BOUND:
            failed.add(name)
    return failed


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("target", accuracy.TARGETS)
def test_the_digits_are_kept_for_labels_as_places(target, dtype):
    assert within(found(target)["loss_and_gradient"], dtype) == set()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("target", accuracy.TARGETS)
def test_the_digits_are_kept_for_labels_as_distributions(target, dtype):
    assert within(accuracy.dense(found(target)), dtype) == set()


@pytest.mark.parametrize("target", accuracy.TARGETS)
def test_the_other_entries_keep_theirs_where_gaps_are_large(target):
    sets = dict(accuracy.input_sets(np.float32, ROWS, seed=2))
    largest, _ = accuracy.errors(found(target)["loss_and_gradient"], *sets["very confident"], np.float32)
    assert largest["others"] <= accuracy.BOUND
    shifted, _ = accuracy.errors(with_the_largest_subtracted, *sets["very confident"], np.float32)
    assert shifted["others"] > 2 * accuracy.BOUND


def textbook(logits, labels):
    chances = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    rows = np.arange(len(labels))
    loss = -np.log(chances[rows, labels])
    chances[rows, labels] -= 1
    return loss, chances


def with_the_largest_subtracted(logits, labels):
    """What libraries do: stable, and yet without the digits of a confident prediction."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    chances = accuracy.one_hot(labels, logits)
    likelihoods = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -(chances * likelihoods).sum(axis=-1), np.exp(likelihoods) - chances


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_other_ways_do_not_keep_them(dtype):
    assert {"confident", "±1e3"} <= within(textbook, dtype)
    assert {"confident", "one -inf"} <= within(with_the_largest_subtracted, dtype)


@pytest.mark.parametrize("target", accuracy.TARGETS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_soft_labels_and_a_logit_of_minus_infinity(target, dtype):
    functions = found(target)
    logits = np.array([[0, -np.inf, 3], [-np.inf, -np.inf, -5], [2, 1, -np.inf]], dtype)
    labels = np.array([[0.25, 0, 0.75], [0, 0, 1], [0.5, 0.25, 0.25]], dtype)
    with np.errstate(all="ignore"):
        loss, gradient = functions["L"](logits, labels), functions["dL_dz"](logits, labels)
    first = np.log1p(np.exp(-3.0)) + 0.25 * 3
    np.testing.assert_allclose(loss, [first, 0, np.inf], rtol=1e-6)
    assert np.isfinite(gradient).all() and gradient[1].tolist() == [0, 0, 0] and gradient[2, 2] == dtype(-0.25)
