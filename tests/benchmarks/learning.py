"""How fast generated code computes losses of layers with their gradients, against the obvious PyTorch code; one run.

Run: ``python -m tests.benchmarks.learning [--write]``. The documents are those of ``tests/code/learning_documents.py``. All are
interleaved in one process on one core, in random order; a figure is the time of PyTorch with autograd divided by that of the
generated code, of the medians of the rounds: above 1 the generated code is faster. The last column divides in the same way the
numbers in all tensors that are made on the way, as PyTorch's dispatcher counts them.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from typing import Any

from derive.code.arrays.program import BATCH
from derive.code.c.machine import machine
from derive.code.functions.build import Function
from derive.code.loading import load
from derive.code.targets import TARGETS
from derive.documents import Loaded
from derive.jobs.compile import compile_document
from derive.jobs.limits import Limits
from derive.terms.heads import name_of
from tests.benchmarks.tensors import medians
from tests.code.learning_documents import DOCUMENTS
from tests.tables import publish

Values = Mapping[str, Any]
SIZES = ((64, 16), (256, 256))
"""The number of examples, and the length of every axis."""

WITHOUT_EXAMPLES = ("hinge loss", "ridge")
"""What is a sum over the rows of its data already."""

ONE_EXAMPLE = ("batch norm",)


def _half(x: Any) -> Any:
    return 0.5 * (x**2).sum(-1)


def _perceptron(act: Callable[[Any], Any]) -> Callable[[Values], Any]:
    return lambda v: _half(act(v["x"] @ v["W"].T + v["b"]) @ v["V"].T + v["c"] - v["t"]).mean()


def obvious() -> dict[str, Callable[[Values], Any]]:
    """The losses as people write them, of a batch of examples along the first axis; for each or their mean."""
    import torch
    from torch.nn import functional as F

    def one_query(v: Values) -> Any:
        logits = torch.cat([(v["q"] * v["p"]).sum(-1, keepdim=True), v["q"] @ v["K"].T], -1) / v["tau"]
        return F.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long), reduction="none")

    def attention(v: Values) -> Any:
        weights = (v["q"] @ v["K"].T / v["q"].shape[-1] ** 0.5).softmax(-1)
        return _half(weights @ v["V"] - v["t"]).mean()

    def head(v: Values) -> Any:
        weights = (v["Q"] @ v["K"].T / v["Q"].shape[-1] ** 0.5).softmax(-1)
        return _half((weights @ v["V"] - v["T"]).flatten())

    def batch_norm(v: Values) -> Any:
        rows = F.batch_norm(v["X"], None, None, v["g"][0], v["b"][0], True, 0.0, float(v["epsilon"]))
        return _half((rows - v["T"]).flatten())

    def likelihood(v: Values) -> Any:
        return torch.distributions.MultivariateNormal(v["mu"], v["S"], validate_args=False).log_prob(v["x"]).mean()

    return {
        "linear layer": lambda v: _half(v["x"] @ v["W"].T + v["b"] - v["t"]).mean(),
        "perceptron with tanh": _perceptron(torch.tanh),
        "perceptron with sigmoid": _perceptron(torch.sigmoid),
        "perceptron with ReLU": _perceptron(torch.relu),
        "attention for one query": attention,
        "attention head": head,
        "layer norm": lambda v: _half(
            v["g"] * F.layer_norm(v["x"], v["x"].shape[-1:], eps=float(v["epsilon"])) + v["b"] - v["t"]
        ),
        "batch norm": batch_norm,
        "InfoNCE": lambda v: F.cross_entropy(v["U"] @ v["V"].T / v["tau"], torch.arange(len(v["U"]))),
        "InfoNCE for one query": one_query,
        "triplet loss": lambda v: torch.relu(2 * _half(v["x"] - v["y"]) - 2 * _half(v["x"] - v["z"]) + v["alpha"]),
        "hinge loss": lambda v: torch.relu(1 - v["y"] * (v["X"] @ v["w"])).sum() + v["lambda_"] * _half(v["w"]),
        "ridge": lambda v: 2 * _half(v["X"] @ v["w"] - v["y"]) + v["lambda_"] * 2 * _half(v["w"]),
        "Gaussian log-likelihood": likelihood,
    }


def arguments(name: str, function: Function, batch: int, length: int) -> dict[str, Any]:
    """Arguments by name, a batch of those of which a function takes one for each example."""
    import torch

    random = torch.Generator().manual_seed(0)
    examples = [] if name in WITHOUT_EXAMPLES else [1 if name in ONE_EXAMPLE else batch]
    found: dict[str, Any] = {}
    for node in function.arguments:
        own = [length for axis in node.axes if axis.size != BATCH]
        lead = examples if len(own) < len(node.axes) else []
        found[node.name] = torch.rand(*lead, *own, generator=random) / length**0.5 if own else torch.tensor(0.5)
    for one in DOCUMENTS[name].definite:
        found[one] = found[one] @ found[one].T + torch.eye(length)
    return found


def made(work: Callable[[], Any]) -> int:
    """The numbers in all tensors that are made, views of others left out."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
    from torch.utils._pytree import tree_leaves

    class Counting(TorchDispatchMode):
        total = 0

        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            given = {x.untyped_storage().data_ptr() for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)}
            result = func(*args, **(kwargs or {}))
            for x in tree_leaves(result):
                if isinstance(x, torch.Tensor) and x.untyped_storage().data_ptr() not in given:
                    self.total += x.numel()
            return result

    with Counting() as counting:
        work()
    return counting.total


def row(name: str, function: Function, batch: int, length: int, rounds: int) -> str:
    """One line of the table."""
    import numpy as np
    import torch

    given = arguments(name, function, batch, length)
    modules = {target: load(TARGETS[target].written([function], name, "notes.md")) for target in ("torch", "numpy")}
    loss = obvious()[name]
    by = [function.spelling[name_of(one.meaning.variable)] for one in function.signature.results[1:]]  # type: ignore[union-attr]
    leaves = {key: value.clone().requires_grad_(key in by) for key, value in given.items()}
    arrays = [value.numpy() for value in given.values()]

    def autograd() -> Any:
        value = loss(leaves)
        return value, torch.autograd.grad(value.sum(), [leaves[one] for one in by])

    works = {
        "autograd": autograd,
        "torch": lambda: modules["torch"].loss_and_gradient(*given.values()),
        "numpy": lambda: modules["numpy"].loss_and_gradient(*arrays),
    }
    expected, found = autograd()[1], works["torch"]()[1:]
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours.reshape(theirs.shape), theirs, rtol=2e-3, atol=2e-4)
    np.testing.assert_allclose(works["numpy"]()[1], found[0].numpy(), rtol=2e-3, atol=2e-4)
    times = medians(works, rounds)
    ratios = [f"{times['autograd'] / times[who]:.2f}" for who in ("torch", "numpy")]
    share = made(works["autograd"]) / made(works["torch"])
    lead = f"{batch} of " if any(axis.size == BATCH for node in function.arguments for axis in node.axes) else ""
    lead = "" if name in (*WITHOUT_EXAMPLES, *ONE_EXAMPLE) else lead
    return f"| {name} | {lead}{length} | {times['autograd']:.0f} µs | {ratios[0]} | {ratios[1]} | {share:.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these documents")
    parser.add_argument("--rounds", type=int, default=101)
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is loaded
    import torch

    torch.set_num_threads(1)
    lines = [
        f"PyTorch {torch.__version__}, one thread, float32, {options.rounds} rounds: loss and gradients, time of PyTorch with "
        "autograd / time of the generated code",
        "",
        "| document | lengths | autograd | generated PyTorch | generated NumPy | numbers made, autograd / generated |",
        "|---|---|---:|---:|---:|---:|",
    ]
    print("\n".join(lines))
    for name in options.names or DOCUMENTS:
        document = Loaded("notes.md", ".md", DOCUMENTS[name].text)
        function = compile_document(document, ["loss_and_gradient"], limits=Limits(seconds=600))["loss_and_gradient"]
        for batch, length in SIZES:
            lines.append(row(name, function, batch, length, options.rounds))
            print(lines[-1], flush=True)
    if options.write:
        publish("numbers.md", "learning", "\n".join([*lines, "", f"{machine()}."]))


if __name__ == "__main__":
    main()
