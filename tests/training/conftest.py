"""The functions of a network written by hand, so that what calls them is tested without generated code."""

from dataclasses import replace

import numpy as np
import pytest

from derive.training.data.dataset import Table, dataset
from derive.training.steps.network import Code


def loss_and_gradient(z, labels):
    rows = np.arange(len(z))
    shifted = z - z.max(axis=-1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=-1)
    a = e / total[:, None]
    a[rows, labels] -= 1
    return np.log(total) - shifted[rows, labels], a


SIGMOID = {"h": lambda z: 1 / (1 + np.exp(-z)), "dS_dz": lambda z, g: g * np.exp(-z) / (1 + np.exp(-z)) ** 2}
TANH = {"h": np.tanh, "dS_dz": lambda z, g: g * (1 - np.tanh(z) ** 2)}
CODE = Code(
    linear={
        "z": lambda w, b, x: x @ w.T + b,
        "dS_dw": lambda g, x: g.T @ x / len(x),
        "dS_db": lambda g: g.mean(axis=0),
        "dS_dx": lambda w, g: g @ w,
    },
    activation={**TANH, "h": lambda z: np.tanh(z)},
    loss={"loss_and_gradient": loss_and_gradient},
    step={
        "u": lambda w, G, eta, lambda_, kappa, t: w - eta / (1 + kappa * t) * (G + lambda_ * w),
        "v": lambda b, F, eta, kappa, t: b - eta / (1 + kappa * t) * F,
    },
)


def planted(code, part, name, change):
    """`code` with one function's results changed."""
    module = dict(getattr(code, part))
    right = module[name]
    module[name] = lambda **arguments: change(right(**arguments))
    return replace(code, **{part: module})


@pytest.fixture
def code():
    return CODE


@pytest.fixture
def sigmoid_code():
    return replace(CODE, activation=SIGMOID)


@pytest.fixture
def plant():
    return planted


@pytest.fixture
def blobs():
    """Three clouds of points in the plane, in turn."""
    generator = np.random.default_rng(5)
    labels = np.arange(60) % 3
    centres = np.array([[2.0, 0.0], [-1.0, 2.0], [-1.0, -2.0]])
    return dataset("blobs", Table(centres[labels] + generator.standard_normal((60, 2)) / 2, labels.astype(float), "blobs"))


@pytest.fixture
def blobs_file(blobs, tmp_path):
    path = tmp_path / "blobs.csv"
    rows = np.column_stack(
        [np.concatenate([blobs.inputs, blobs.test_inputs]), np.concatenate([blobs.labels, blobs.test_labels])]
    )
    path.write_text("\n".join(",".join(repr(float(v)) for v in row) for row in rows) + "\n")
    return path
