"""Code from documents in vector notation: forward and backward agree with PyTorch's autograd in double precision."""

import numpy as np
import pytest

from derive.code.loading import load
from derive.documents import Loaded
from derive.jobs.compile import compile_document
from derive.jobs.limits import Limits

SPACES = r"Let $W \in \mathbb R^{m \times d}$, $x \in \mathbb R^d$, $b \in \mathbb R^m$, $t \in \mathbb R^m$. "
DOCUMENTS = {
    "least squares": (
        r"Let $X \in \mathbb R^{n \times d}$, $w \in \mathbb R^d$, $y \in \mathbb R^n$ and $L = \|Xw - y\|^2$."
        "\n\n"
        r"$$\nabla_w L = 2 X^\top (Xw - y)$$",
        {"dL_dw": "w"},
        lambda v: ((v["X"] @ v["w"] - v["y"]) ** 2).sum(),
    ),
    "ridge": (
        r"Let $X \in \mathbb R^{n \times d}$, $w \in \mathbb R^d$, $y \in \mathbb R^n$ and "
        r"$L = \|Xw - y\|^2 + \lambda \|w\|^2$."
        "\n\n"
        r"$$\nabla_w L = 2 X^\top (Xw - y) + 2 \lambda w$$",
        {"dL_dw": "w"},
        lambda v: ((v["X"] @ v["w"] - v["y"]) ** 2).sum() + v["lambda_"] * (v["w"] ** 2).sum(),
    ),
    "layer": (
        SPACES + r"Let $u = W x + b$, $h = \tanh(u)$ and $L = \frac12 \|h - t\|^2$."
        "\n\n"
        r"$$\frac{\partial L}{\partial W} = ?$$"
        "\n\n"
        r"$$\frac{\partial L}{\partial x} = ?$$",
        {"dL_dW": "W", "dL_dx": "x"},
        lambda v: 0.5 * (((v["W"] @ v["x"] + v["b"]).tanh() - v["t"]) ** 2).sum(),
    ),
    "softmax regression": (
        r"Let $W \in \mathbb R^{n \times d}$, $x \in \mathbb R^d$, $y \in \mathbb R^n$ with $\sum_k y_k = 1$. Let $z = W x$, "
        r"$a = \mathrm{softmax}(z)$ and $L = -\sum_k y_k \log a_k$. Then"
        "\n\n"
        r"$$\frac{\partial L}{\partial W} = (a - y) x^\top$$",
        {"dL_dW": "W"},
        lambda v: -(v["y"] * (v["W"] @ v["x"]).log_softmax(0)).sum(),
    ),
}
LENGTHS = {"X": (5, 3), "w": (3,), "y": (4,), "W": (4, 3), "x": (3,), "b": (4,), "t": (4,), "lambda_": ()}


def values(name, arguments):
    """Numbers for the arguments; the rows of X are as many as the entries of y."""
    random = np.random.default_rng(7)
    lengths = LENGTHS | ({"y": (5,)} if "X" in arguments else {})
    found = {each: random.standard_normal(lengths[each]) for each in arguments}
    if name == "softmax regression":
        found["y"] = np.abs(found["y"]) / np.abs(found["y"]).sum()
    return found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_forward_and_backward_agree_with_autograd(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    text, gradients, loss = DOCUMENTS[name]
    generated = made(text)
    module = load(generated.source, "vector_notation")
    for function, by in gradients.items():
        arguments = [a.name for a in generated[function].program.inputs]
        numbers = values(name, arguments)
        tensors = {a: torch.tensor(number, dtype=torch.float64, requires_grad=a == by) for a, number in numbers.items()}
        expected = loss(tensors)
        expected.backward()
        each = () if "X" in numbers else ("x", "t", "y")  # what there is one of for each example of a batch
        batched = [number[None] if argument in each else number for argument, number in numbers.items()]
        ours = np.squeeze(getattr(module, function)(*batched))
        np.testing.assert_allclose(ours, tensors[by].grad.numpy(), rtol=1e-12, atol=1e-13)


def made(text):
    """What a document gives, with time for each function, whatever else runs."""
    return compile_document(Loaded("notes.md", ".md", text), limits=Limits(seconds=300))


def test_a_wrong_gradient_is_no_function_and_that_is_said():
    text = DOCUMENTS["least squares"][0].replace("2 X^", "3 X^")
    generated = made(text)
    assert [function.name for function in generated.functions] == ["L"]
    assert any(note.startswith("dL_dw: ") for note in generated.notes)
