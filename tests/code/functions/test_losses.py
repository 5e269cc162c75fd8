"""The gradients of losses as people write them, against automatic differentiation of the same loss."""

from pathlib import Path

import numpy as np
import pytest

from derive.code.functions.interpret import evaluate
from derive.jobs.compile import compile as compiled

torch = pytest.importorskip("torch", reason="needs torch")

LOSSES = Path(__file__).resolve().parents[3].parent / "shared" / "reference" / "losses"
FOCAL = r"""---
derive:
  indices: k in 1..n
  families: z_k, y_k
  scalars: \gamma
  assume: \sum_{k=1}^{n} y_k = 1
  assume: \gamma > 0
---
Let $a_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}$ and

$$L = -\sum_{k=1}^{n} y_k (1 - a_k)^{\gamma} \ln a_k$$

$$\frac{\partial L}{\partial z_i} = ?$$
"""


def divergence(z, v, tau):
    first, second = torch.log_softmax(z / tau, -1), torch.log_softmax(v / tau, -1)
    return (tau**2 * second.exp() * (second - first)).sum()


def focal(z, y, gamma):
    chances = torch.log_softmax(z, -1)
    return -(y * (1 - chances.exp()) ** gamma * chances).sum()


AUTOGRAD = {
    "bce": lambda z, y: torch.nn.functional.binary_cross_entropy_with_logits(z, y, reduction="none").mean(-1).sum(),
    "focal": focal,
    "infonce": lambda s, tau: -torch.log_softmax(s / tau, -1).diagonal(dim1=-2, dim2=-1).mean(-1).sum(),
    "kd": divergence,
    "mse": lambda z, y: ((z - y) ** 2).mean(-1).sum(),
    "smooth": lambda z, y, epsilon: -(((1 - epsilon) * y + epsilon / z.shape[-1]) * torch.log_softmax(z, -1)).sum(),
}
NUMBERS = {"gamma": 1.5, "tau": 0.7, "epsilon": 0.1}


def gradient(name, function, arrays):
    values = {key: torch.from_numpy(np.array(array)).requires_grad_(key in "zs") for key, array in arrays.items()}
    loss = AUTOGRAD[name](**values)
    (found,) = torch.autograd.grad(loss, values["s" if "s" in values else "z"])
    return found.numpy()


@pytest.mark.parametrize("name", AUTOGRAD)
def test_gradients_are_those_of_automatic_differentiation(name):
    if not LOSSES.is_dir():
        pytest.skip(f"{LOSSES} is missing")
    made = compiled(LOSSES / f"{name}.md")
    by = "s" if name == "infonce" else "z"
    (function,) = (f for f in made.functions if f.name == f"dL_d{by}")
    rng = np.random.default_rng(0)
    arrays = {
        node.name: rng.normal(size=(4, 4)[: len(node.axes)] if name == "infonce" else (3, 5)[: len(node.axes)])
        for node in function.arguments
    }
    arrays |= {key: np.array(number) for key, number in NUMBERS.items() if key in arrays}
    if "y" in arrays:
        arrays["y"] = np.exp(arrays["y"]) / np.exp(arrays["y"]).sum(-1, keepdims=True)
    found = evaluate(function.program, arrays)[f"dL_d{by}"]
    expected = gradient(name, function, arrays)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    assert not np.allclose(-found, expected, rtol=1e-6)


SCORES = np.array([[800.0, 0.0, -3.0], [40.0, 0.0, 1.0], [-800.0, 0.0, 1.0], [0.0, 1000.0, 0.0]])


@pytest.mark.parametrize("gamma", [0.5, 0.9, 2.0])
def test_the_gradient_of_a_focal_loss_is_finite_where_a_chance_is_0_or_1(gamma):
    made = compiled(FOCAL, ["dL_dz", "loss_and_gradient"])
    sure = {"z": SCORES, "gamma": np.array(gamma)}
    dense = evaluate(made["dL_dz"].program, sure | {"y": np.eye(3)[[0, 0, 0, 0]]})["dL_dz"]
    places = evaluate(made["loss_and_gradient"].program, sure | {"labels": np.zeros(4, int)})["gradient"]
    rest = np.exp(-40.0) + np.exp(-39.0)
    for found in (dense, places):
        assert np.isfinite(found).all() and found[0].tolist() == [0, 0, 0]
        assert found[1, 0] == pytest.approx(-(1 + gamma) * rest ** (1 + gamma), rel=1e-12)
        assert found[2].tolist() == pytest.approx([-1, 1 / (1 + np.e), np.e / (1 + np.e)])
        assert found[3].tolist() == [-1, 1, 0]
    if gamma < 1:
        z = torch.from_numpy(SCORES).requires_grad_(True)
        (plain,) = torch.autograd.grad(focal(z, torch.eye(3, dtype=z.dtype)[[0, 0, 0, 0]], gamma), z)
        assert not torch.isfinite(plain).all()


def test_without_a_bound_for_the_exponent_nothing_is_taken_for_its_limit():
    from derive.code.arrays.program import Elementwise

    free = FOCAL.replace("  assume: \\gamma > 0\n", "")
    ops = [
        [n.op for n in compiled(text, ["dL_dz"])["dL_dz"].program.nodes if isinstance(n, Elementwise)].count("support")
        for text in (FOCAL, free)
    ]
    assert ops[0] > ops[1]


def test_what_is_not_proved_is_said_in_the_module_and_on_standard_error(tmp_path):
    from click.testing import CliRunner

    from derive.cli import application

    for text, count in ((FOCAL.replace("  assume: \\gamma > 0\n", ""), 1), (FOCAL, 0)):
        path = tmp_path / "focal.md"
        path.write_text(text, encoding="utf-8")
        for target in ("numpy", "c"):
            run = CliRunner().invoke(application, ["code", str(path), "dL_dz", "--target", target])
            assert run.exit_code == 0
            assert run.stdout.count(r"$$\gamma - 1 > -1$$") == run.stderr.count(r"\gamma - 1 > -1") == count
