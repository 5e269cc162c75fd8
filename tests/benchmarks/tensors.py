"""How fast the PyTorch target computes losses, against what PyTorch has for them; all figures from one run.

Run: ``python -m tests.benchmarks.tensors``. Both are interleaved in one process on one core, in random order; a figure is the
time of PyTorch's own divided by that of the generated code, of the medians of the rounds: above 1 the generated code is faster.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from derive.code.c.machine import machine
from derive.code.loading import load
from derive.jobs.compile import compile as compile_document
from tests.tables import publish

HEAD = (
    "---\nderive:\n  indices: k in 1..n\n  families: z_k, y_k, v_k\n  scalars: \\epsilon, \\tau\n  assume: {}\n---\n"
    "# A loss\n\n"
)
SHARES = r"Let $a_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}$ and" + "\n\n"
DOCUMENTS = {
    "cross-entropy": HEAD.format(r"\sum_{k=1}^{n} y_k = 1")
    + SHARES
    + r"$$L = -\sum_{k=1}^{n} y_k \ln a_k$$"
    + "\n\n"
    + r"$$\frac{\partial L}{\partial z_i} = a_i - y_i$$"
    + "\n",
    "smoothing": HEAD.format(r"\sum_{k=1}^{n} y_k = 1")
    + SHARES
    + r"$$L = -\sum_{k=1}^{n} \left( (1-\epsilon) y_k + \frac{\epsilon}{n} \right) \ln a_k$$"
    + "\n\n"
    + r"$$\frac{\partial L}{\partial z_i} = a_i - (1-\epsilon) y_i - \frac{\epsilon}{n}$$"
    + "\n",
    "BCE": HEAD.format(r"\tau > 0")
    + r"Let $\sigma(x) = \frac{1}{1+e^{-x}}$ and"
    + "\n\n"
    + r"$$L = -\frac{1}{n} \sum_{k=1}^{n} \left( y_k \ln \sigma(z_k) + (1-y_k) \ln(1-\sigma(z_k)) \right)$$"
    + "\n\n"
    + r"$$\frac{\partial L}{\partial z_i} = \frac{1}{n} (\sigma(z_i) - y_i)$$"
    + "\n",
    "distillation": HEAD.format(r"\tau > 0") + r"Let $p_i = \frac{e^{z_i/\tau}}{\sum_{k=1}^{n} e^{z_k/\tau}}$, "
    r"$q_i = \frac{e^{v_i/\tau}}{\sum_{k=1}^{n} e^{v_k/\tau}}$ and"
    + "\n\n"
    + r"$$L = \tau^2 \sum_{k=1}^{n} q_k \ln \frac{q_k}{p_k}$$"
    + "\n\n"
    + r"$$\frac{\partial L}{\partial z_i} = \tau (p_i - q_i)$$"
    + "\n",
}
SHAPES = ((128, 10), (512, 1000), (4096, 10), (256, 1000))
SMOOTHING, TEMPERATURE = 0.1, 2.0
Loss = Callable[[Any], Any]


def stock(name: str, labels: Any, other: Any) -> Loss:
    """What PyTorch has for the loss of each example."""
    from torch.nn import functional as F

    def distillation(z: Any) -> Any:
        logarithms = F.log_softmax(z / TEMPERATURE, dim=-1)
        divergence = F.kl_div(logarithms, F.softmax(other / TEMPERATURE, dim=-1), reduction="none")
        return TEMPERATURE**2 * divergence.sum(dim=-1)

    return {
        "cross-entropy": lambda z: F.cross_entropy(z, labels, reduction="none"),
        "smoothing": lambda z: F.cross_entropy(z, labels, reduction="none", label_smoothing=SMOOTHING),
        "BCE": lambda z: F.binary_cross_entropy_with_logits(z, other.sigmoid(), reduction="none").mean(dim=-1),
        "distillation": distillation,
    }[name]


def generated(name: str, labels: Any, other: Any) -> Loss:
    """The loss of the generated module."""
    import torch

    loss = load(compile_document(DOCUMENTS[name], ["loss_and_gradient"], target="torch").source).loss
    smoothing, temperature = torch.tensor(SMOOTHING), torch.tensor(TEMPERATURE)
    return {
        "cross-entropy": lambda z: loss(z, labels),
        "smoothing": lambda z: loss(z, smoothing, labels),
        "BCE": lambda z: loss(z, other.sigmoid()),
        "distillation": lambda z: loss(z, other, temperature),
    }[name]


def forward(loss: Loss, z: Any) -> Any:
    return loss(z)


def backward(loss: Loss, z: Any) -> Any:
    import torch

    return torch.autograd.grad(loss(z).sum(), z)


def medians(works: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median processor time of each, in µs, interleaved in random order; other processes count for nothing."""
    times: dict[str, list[float]] = {name: [] for name in works}
    order = random.Random(0)
    for work in works.values():
        work()
    gc.disable()
    for _ in range(rounds):
        for name in order.sample(list(works), len(works)):
            start = time.thread_time()
            works[name]()
            times[name].append(time.thread_time() - start)
    gc.enable()
    return {name: statistics.median(found) * 1e6 for name, found in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these losses")
    parser.add_argument("--seconds", type=float, default=0.6, help="about how long a figure may take")
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    given = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    makers = {"stock": stock, "generated": generated}
    lines = [
        f"PyTorch {torch.__version__}, one thread, float32: time of PyTorch's own / time of the generated loss (in µs)",
        "",
        "| loss | shape | forward | forward and backward |",
        "|---|---|---|---|",
    ]
    print("\n".join(lines))
    for name in given.names or DOCUMENTS:
        for batch, classes in SHAPES:
            random_numbers = torch.Generator().manual_seed(0)
            z = torch.randn(batch, classes, generator=random_numbers) * 3
            other = torch.randn(batch, classes, generator=random_numbers)
            labels = torch.randint(0, classes, (batch,), generator=random_numbers)
            losses = {kind: make(name, labels, other) for kind, make in makers.items()}
            torch.testing.assert_close(losses["generated"](z), losses["stock"](z), rtol=1e-4, atol=1e-5)
            leaf = z.clone().requires_grad_(True)
            cells = []
            for work in (forward, backward):
                arguments = z if work is forward else leaf
                works = {kind: partial(work, loss, arguments) for kind, loss in losses.items()}
                start = time.perf_counter()
                medians(works, 2)
                each = (time.perf_counter() - start) / 3
                found = medians(works, max(15, min(2000, int(given.seconds / each))))
                cells.append(f"{found['stock'] / found['generated']:.2f} ({found['stock']:.0f} / {found['generated']:.0f})")
            lines.append(f"| {name} | {batch} × {classes} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    if given.write:
        publish("numbers.md", "tensors", "\n".join([*lines, "", f"{machine()}."]))


if __name__ == "__main__":
    main()
