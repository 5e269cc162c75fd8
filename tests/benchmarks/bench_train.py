"""How fast an epoch of training is, and how good the result: generated C and NumPy against JAX, PyTorch and NumPy by hand.

Run: ``python -m tests.benchmarks.bench_train [--rounds 15] [--write]``. All train on the handwritten digits in batches of 32,
from the same weights, with the examples in the same order, on one core of one process. In a round each competitor does the
same epochs, in random order, the first untimed, so that none begins with cold caches; a figure is the median of the rounds.
What is reached after all rounds is the accuracy on the test part.

What each does in a step: the batch is gathered, loss and gradient by all weights and biases, and a step of gradient descent.
Generated code returns the loss of every batch and the size of every gradient as well. JAX runs a whole epoch as one
``jax.jit`` of a ``lax.scan`` over the batches, with the weights donated, and is timed until its result is there.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.code.c.build import vector_bytes
from derive.code.c.epoch.call import Compiled
from derive.code.c.machine import machine
from derive.training.data.dataset import Dataset
from derive.training.data.loading import load
from derive.training.settings.settings import Schedule
from derive.training.steps.generate import generate, planned_epoch
from derive.training.steps.network import Layer, forward, gradients, initial, stepped
from tests.tables import publish

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
BATCH, RATE = 32, 0.5
MODELS = {"softmax": (64, 10), "mlp": (64, 32, 10)}
Weights = list[np.ndarray[Any, np.dtype[Any]]]


@dataclass
class Competitor:
    """`epochs` does as many epochs as there are orders; `outputs` gives the outputs of the last layer for some inputs."""

    epochs: Callable[[Sequence[Any]], object]
    outputs: Callable[[Any], Any]


@dataclass(frozen=True)
class Task:
    """What all competitors are given: w and b of each layer in turn, w as the documents have it, one row for each output."""

    data: Dataset
    inputs: Any
    weights: Weights
    sizes: tuple[int, ...]
    activation: str
    dtype: str


def generated_c(task: Task, width: int | None = None) -> Competitor:
    made = Compiled(planned_epoch(task.sizes, task.activation, width or vector_bytes(), task.dtype), BATCH)
    for layer in range(1, len(task.sizes)):
        made[f"w_{layer}"], made[f"b_{layer}"] = task.weights[2 * layer - 2 : 2 * layer]
    numbers = {"rate": RATE, "output_rate": RATE, "kappa": 0.0, "lambda": 0.0, "t": 0.0}
    batches = -(-len(task.inputs) // BATCH)

    def epochs(orders: Sequence[Any]) -> None:
        for order in orders:
            made.steps(0, batches, order, task.inputs, task.data.labels, numbers)

    return Competitor(epochs, lambda x: made.outputs(x, numbers))


def generated_numpy(task: Task) -> Competitor:
    code = generate(task.activation, "numpy")
    pairs = zip(task.weights[::2], task.weights[1::2], strict=True)
    layers = [Layer(w.copy(), b.copy()) for w, b in pairs]
    schedule = Schedule(RATE, RATE)

    def epochs(orders: Sequence[Any]) -> None:
        for order in orders:
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                slopes = gradients(layers, forward(layers, task.inputs[rows], code), task.data.labels[rows], code)
                layers[:] = stepped(layers, slopes, schedule, 0, code)

    return Competitor(epochs, lambda x: forward(layers, x, code).z[-1])


def textbook(task: Task) -> Competitor:
    weights = [a.T.copy() if a.ndim == 2 else a.copy() for a in task.weights]
    one_hot = np.eye(task.sizes[-1], dtype=task.dtype)[task.data.labels]
    curve, slope = (
        (np.tanh, lambda h: 1 - h**2) if task.activation == "tanh" else (lambda z: 1 / (1 + np.exp(-z)), lambda h: h * (1 - h))
    )

    def outputs(x: Any) -> Any:
        return (x if len(weights) == 2 else curve(x @ weights[0] + weights[1])) @ weights[-2] + weights[-1]

    def epochs(orders: Sequence[Any]) -> None:
        for order in orders:
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                x, y = task.inputs[rows], one_hot[rows]
                h = x if len(weights) == 2 else curve(x @ weights[0] + weights[1])
                g = (_softmax(h @ weights[-2] + weights[-1]) - y) / len(rows)
                back = g @ weights[-2].T * slope(h) if len(weights) > 2 else None
                weights[-2] -= RATE * (h.T @ g)
                weights[-1] -= RATE * g.sum(axis=0)
                if back is not None:
                    weights[0] -= RATE * (x.T @ back)
                    weights[1] -= RATE * back.sum(axis=0)

    return Competitor(epochs, outputs)


def _softmax(z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def pytorch(task: Task) -> Competitor:
    import torch

    torch.set_num_threads(1)
    kind = getattr(torch, task.dtype)
    modules: list[torch.nn.Module] = []
    for inputs, outputs in zip(task.sizes, task.sizes[1:], strict=False):
        curve = torch.nn.Tanh if task.activation == "tanh" else torch.nn.Sigmoid
        modules += [*([curve()] if modules else []), torch.nn.Linear(inputs, outputs, dtype=kind)]
    net = torch.nn.Sequential(*modules)
    with torch.no_grad():
        for parameter, array in zip(net.parameters(), task.weights, strict=True):
            parameter.copy_(torch.from_numpy(array))
    optimiser = torch.optim.SGD(net.parameters(), lr=RATE)
    x, labels = torch.from_numpy(task.inputs.copy()), torch.from_numpy(task.data.labels.copy())

    def epochs(orders: Sequence[Any]) -> None:
        for order in orders:
            for rows in torch.from_numpy(order).split(BATCH):
                optimiser.zero_grad()
                torch.nn.functional.cross_entropy(net(x[rows]), labels[rows]).backward()
                optimiser.step()

    def result(inputs: Any) -> Any:
        with torch.no_grad():
            return net(torch.from_numpy(inputs.astype(task.dtype))).numpy()

    return Competitor(epochs, result)


def jax_scan(task: Task) -> Competitor:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    curve = jnp.tanh if task.activation == "tanh" else jax.nn.sigmoid
    state = [[jnp.asarray(a.T if a.ndim == 2 else a) for a in task.weights]]
    inputs, labels = jnp.asarray(task.inputs), jnp.asarray(task.data.labels.astype(np.int32))
    whole = len(task.inputs) // BATCH * BATCH

    def outputs(weights: Any, x: Any) -> Any:
        for w, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
            x = curve(x @ w + b)
        return x @ weights[-2] + weights[-1]

    def loss(weights: Any, x: Any, y: Any) -> Any:
        logarithms = jax.nn.log_softmax(outputs(weights, x))
        return -jnp.mean(jnp.take_along_axis(logarithms, y[:, None], axis=1))

    def step(weights: Any, batch: Any) -> tuple[Any, None]:
        slopes = jax.grad(loss)(weights, *batch)
        return [w - RATE * slope for w, slope in zip(weights, slopes, strict=True)], None

    def one_epoch(weights: Any, order: Any) -> Any:
        x, y = inputs[order], labels[order]
        batches = x[:whole].reshape(-1, BATCH, x.shape[1]), y[:whole].reshape(-1, BATCH)
        weights, _ = jax.lax.scan(step, weights, batches)
        return step(weights, (x[whole:], y[whole:]))[0] if whole < len(x) else weights

    compiled = jax.jit(one_epoch, donate_argnums=0)

    def epochs(orders: Sequence[Any]) -> None:
        for order in orders:
            state[0] = jax.block_until_ready(compiled(state[0], order))

    return Competitor(epochs, lambda x: np.asarray(outputs(state[0], jnp.asarray(x, task.dtype))))


COMPETITORS = {
    "generated C": generated_c,
    "generated NumPy": generated_numpy,
    "JAX, jit of scan": jax_scan,
    "PyTorch, eager": pytorch,
    "textbook NumPy": textbook,
}


@dataclass(frozen=True)
class Row:
    """The median time of an epoch in seconds, and the accuracy on the test part after the last round."""

    seconds: float
    accuracy: float


def measured(model: str, activation: str, dtype: str, rounds: int, epochs: int, clock: Callable[[], float]) -> dict[str, Row]:
    """All competitors, interleaved; in a round one epoch of each untimed and `epochs` epochs timed."""
    data, sizes = load("digits"), MODELS[model]
    weights = [a.astype(dtype) for layer in initial(sizes, 0) for a in (layer.w, layer.b)]
    task = Task(data, data.inputs.astype(dtype), weights, sizes, activation, dtype)
    made = {name: competitor(task) for name, competitor in COMPETITORS.items()}
    shuffled, orders = random.Random(1), np.random.default_rng(1)
    times: dict[str, list[float]] = {name: [] for name in made}
    for turn in range(rounds + 1):
        first, *these = [orders.permutation(len(task.inputs)) for _ in range(epochs + 1)]
        names = list(made)
        shuffled.shuffle(names)
        for name in names:
            made[name].epochs([first])
            start = clock()
            made[name].epochs(these)
            if turn:  # the first round compiles
                times[name].append((clock() - start) / epochs)
    test = data.test_inputs.astype(dtype)
    right = {name: float(np.mean(np.argmax(one.outputs(test), axis=1) == data.test_labels)) for name, one in made.items()}
    return {name: Row(statistics.median(found), right[name]) for name, found in times.items()}


def table(results: dict[tuple[str, str, str], dict[str, Row]], rounds: int, epochs: int, time_of: str) -> str:
    """All results as Markdown, with ratios to generated C."""
    lines = [
        f"Epochs per second of {time_of} time on one core, batch {BATCH}, medians of {rounds} interleaved rounds of "
        f"{epochs} epochs; how many times as fast generated C is; accuracy on the test part after "
        f"{(rounds + 1) * (epochs + 1)} epochs.",
        "",
        "| model | numbers | " + " | ".join(COMPETITORS) + " |",
        "|---" * (2 + len(COMPETITORS)) + "|",
    ]
    for (model, activation, dtype), rows in results.items():
        name = " → ".join(map(str, MODELS[model])) + (f", {activation}" if model == "mlp" else "")
        base = rows["generated C"].seconds
        cells = [
            f"{1 / row.seconds:,.0f}"
            + ("" if name == "generated C" else f" (×{row.seconds / base:.1f})")
            + f", {row.accuracy:.1%}"
            for name, row in rows.items()
        ]
        lines.append(f"| {model}, {name} | {dtype} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", f"{machine()}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--epochs", type=int, default=4, help="timed epochs of each competitor in a round")
    parser.add_argument("--cpu", action="store_true", help="processor time, for a machine that does other work meanwhile")
    parser.add_argument("--write", action="store_true", help="write the table into docs/numbers.md")
    options = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):  # the libraries read them when they are loaded
        os.environ.update(ONE_THREAD)
        os.execv(sys.executable, [sys.executable, "-m", "tests.benchmarks.bench_train", *sys.argv[1:]])
    clock = time.process_time if options.cpu else time.perf_counter
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cases = [
        (model, activation, dtype)
        for model, activation in (("softmax", "tanh"), ("mlp", "tanh"), ("mlp", "sigmoid"))
        for dtype in ("float32", "float64")
    ]
    for model, activation, dtype in cases:  # generating forks, which a process with JAX's threads should not
        planned_epoch(MODELS[model], activation, vector_bytes(), dtype)
        generate(activation, "numpy")
    results = {}
    for case in cases:
        results[case] = measured(*case, options.rounds, options.epochs, clock)
        print(*case, "done", file=sys.stderr)
    text = table(results, options.rounds, options.epochs, "processor" if options.cpu else "wall")
    print(text)
    if options.write:
        publish("numbers.md", "trainer", text)


if __name__ == "__main__":
    main()
