"""Code from the library of learning: gradients agree with PyTorch's autograd in double precision."""

from pathlib import Path

import numpy as np
import pytest

from derive.code.loading import load
from derive.documents import Loaded
from derive.jobs.compile import compile_document
from derive.jobs.limits import Limits

HOME = Path(__file__).resolve().parents[3] / "proofs" / "learning"
LENGTHS = {"X": (5, 3), "w": (3,), "W": (4, 3), "x": (3,), "b": (4,), "t": (4,), "lambda_": (), "mu": (3,), "v": (3,)}
CASES = {
    "variational-autoencoder": (
        {"dD_dmu": "mu", "dD_dv": "v"},
        {},
        lambda v: 0.5 * (v["v"].exp() + v["mu"] ** 2 - 1 - v["v"]).sum(),
    ),
    "logistic-regression": (
        {"dL_dw": "w"},
        {"y": (5,)},
        lambda v: -(v["y"] * (v["X"] @ v["w"]).sigmoid().log() + (1 - v["y"]) * (1 - (v["X"] @ v["w"]).sigmoid()).log()).sum(),
    ),
    "least-squares": (
        {"dL_dw": "w"},
        {"y": (5,)},
        lambda v: ((v["X"] @ v["w"] - v["y"]) ** 2).sum(),
    ),
    "backpropagation": (
        {"dL_dW": "W", "dL_dx": "x"},
        {},
        lambda v: 0.5 * (((v["W"] @ v["x"] + v["b"]).tanh() - v["t"]) ** 2).sum(),
    ),
}
EACH = {"backpropagation": ("x", "t"), "variational-autoencoder": ("mu", "v")}
"""What there is one of for each example of a batch."""


@pytest.mark.parametrize(
    "name", [name if name == "variational-autoencoder" else pytest.param(name, marks=pytest.mark.slow) for name in CASES]
)
def test_gradients_agree_with_autograd(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    gradients, lengths, loss = CASES[name]
    text = (HOME / f"{name}.md").read_text(encoding="utf-8")
    generated = compile_document(Loaded("notes.md", ".md", text), limits=Limits(seconds=300))
    module = load(generated.source, "learning")
    random = np.random.default_rng(11)
    values = {each: random.uniform(0.2, 0.8, size) for each, size in (LENGTHS | lengths).items()}
    for function, by in gradients.items():
        arguments = [argument.name for argument in generated[function].program.inputs]
        tensors = {a: torch.tensor(number, dtype=torch.float64, requires_grad=a == by) for a, number in values.items()}
        loss(tensors).backward()
        given = [values[a][None] if a in EACH.get(name, ()) else values[a] for a in arguments]
        ours = np.squeeze(getattr(module, function)(*given))
        np.testing.assert_allclose(ours, tensors[by].grad.numpy(), rtol=1e-12, atol=1e-13)
