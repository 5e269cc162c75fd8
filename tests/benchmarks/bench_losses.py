"""How fast generated C computes six losses with their gradients, and products with derivatives, against PyTorch and JAX.

Run: ``python -m tests.benchmarks.bench_losses [--write]``. All are interleaved in one process on one core, in random order; a
figure is the median of the rounds, as a ratio to the generated C called on prepared arrays. PyTorch is eager, with
``torch.autograd`` or ``torch.func``; JAX is compiled by ``jax.jit``. The last column is the share of the bandwidth: the time
of a copy of the large argument, or of the difference of the two, over that of the generated C. Nothing that reads the same
arrays and writes the same result can be faster than that.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from derive.code.arrays.program import BATCH
from derive.code.c.call import Compiled
from derive.jobs.compile import compile as compile_document
from tests.benchmarks.bench_code import Work, machine, medians
from tests.benchmarks.tensors import DOCUMENTS, HEAD, SHARES
from tests.tables import publish

PROOFS = Path(__file__).resolve().parents[2] / "proofs"
SHAPES = ((128, 10), (4096, 10), (256, 1000))
SCALARS = {"epsilon": 0.1, "tau": 2.0, "gamma": 2.0}
FOCAL = (
    HEAD.format(r"\sum_{k=1}^{n} y_k = 1").replace(r"\tau", r"\tau, \gamma")
    + SHARES
    + r"$$L = -\sum_{k=1}^{n} y_k (1 - a_k)^{\gamma} \ln a_k$$"
    + "\n\n"
    + r"$$\frac{\partial L}{\partial z_i} = ?$$"
    + "\n"
)
ERROR = (
    HEAD.format(r"\tau > 0")
    + r"$$L = \frac{1}{n} \sum_{k=1}^{n} (z_k - y_k)^2$$"
    + "\n\n"
    + r"$$\frac{\partial L}{\partial z_i} = \frac{2}{n} (z_i - y_i)$$"
    + "\n"
)
CONTRAST = (
    "---\nderive:\n  indices: i in 1..m, j in 1..m, k in 1..m\n  families: z_{ij}\n  scalars: \\tau\n"
    "  assume: \\tau > 0\n---\n# A loss\n\n"
    r"$$q_{ij} = \frac{e^{z_{ij}/\tau}}{\sum_{k=1}^{m} e^{z_{ik}/\tau}}$$"
    "\n\n"
    r"$$L = -\frac{1}{m} \sum_{i=1}^{m} \ln q_{ii}$$"
    "\n\n"
    r"$$\frac{\partial L}{\partial z_{ij}} = \frac{1}{m \tau} (q_{ij} - \delta_{ij})$$"
    "\n"
)


@dataclass(frozen=True)
class Library:
    """What PyTorch and JAX call alike, and what they do not."""

    exp: Any
    log_softmax: Any
    softplus: Any
    taken: Callable[[Any, Any], Any]
    diagonal: Callable[[Any], Any]


def losses(library: Library) -> dict[str, Callable[[Any, dict[str, Any]], Any]]:
    """The loss of each example as people write it, of z and the other arguments by name."""
    soft, taken = library.log_softmax, library.taken

    def smoothing(z: Any, more: dict[str, Any]) -> Any:
        logarithms, epsilon = soft(z), more["epsilon"]
        return -(1 - epsilon) * taken(logarithms, more["labels"]) - epsilon * logarithms.mean(-1)

    def focal(z: Any, more: dict[str, Any]) -> Any:
        logarithm = taken(soft(z), more["labels"])
        return -((1 - library.exp(logarithm)) ** more["gamma"]) * logarithm

    def distillation(z: Any, more: dict[str, Any]) -> Any:
        tau, q = more["tau"], soft(more["v"] / more["tau"])
        return tau**2 * (library.exp(q) * (q - soft(z / tau))).sum(-1)

    return {
        "cross-entropy": lambda z, more: -taken(soft(z), more["labels"]),
        "smoothing": smoothing,
        "BCE": lambda z, more: (library.softplus(z) - more["y"] * z).mean(-1),
        "focal": focal,
        "distillation": distillation,
        "mean squared error": lambda z, more: ((z - more["y"]) ** 2).mean(-1),
        "InfoNCE": lambda z, more: -library.diagonal(soft(z / more["tau"])).mean(-1),
    }


NAMES = {**DOCUMENTS, "focal": FOCAL, "mean squared error": ERROR, "InfoNCE": CONTRAST}
PRODUCTS = {
    "softmax, JVP": ("softmax", "da_dz_jvp"),
    "softmax, VJP": ("softmax", "da_dz_vjp"),
    "cross-entropy, HVP": ("softmax-cross-entropy", "d2L_dz2_hvp"),
}


def arguments(function: Any, batch: int, classes: int, dtype: type) -> dict[str, Any]:
    """Arguments by name; a matrix for each example is square, and there are fewer of them where it is large."""
    rng = np.random.default_rng(0)
    found: dict[str, Any] = {}
    for node in function.arguments:
        own = sum(axis.size != BATCH for axis in node.axes)
        side = min(classes, 256) if own == 2 else classes
        lead = [batch if own < 2 or classes < 64 else max(1, batch // 64)] if len(node.axes) > own else []
        if node.kind == "index":
            found[node.name] = rng.integers(0, classes, batch)
        elif not node.axes:
            found[node.name] = np.asarray(SCALARS[node.name], dtype)
        else:
            values = rng.standard_normal((*lead, *[side] * own)) * 3
            shares = np.exp(values) / np.exp(values).sum(-1, keepdims=True)
            found[node.name] = (shares if node.name == "y" else values).astype(dtype)
    return found


def competitors(name: str, given: dict[str, Any], function: Any) -> dict[str, Work]:
    """What is timed, by name; each computes the same from the same numbers."""
    prepared, results = Compiled(function).prepare(*given.values())
    product = PRODUCTS.get(name)
    work: dict[str, Work] = {"generated C": prepared, "pass": _pass(given, results)}
    work.update(_torch(name, given, product is not None))
    work.update(_jax(name, given, product is not None))
    return work


def _pass(given: dict[str, Any], results: tuple[Any, ...]) -> Work:
    """What reads the large arguments and writes the large result, once: a copy, or a difference."""
    target = np.empty_like(max(results, key=lambda array: array.nbytes))
    large = [array.copy() for array in given.values() if array.shape == target.shape]
    if len(large) > 1:
        return lambda: np.subtract(large[0], large[1], out=target)
    return lambda: np.copyto(target, large[0])


def _torch(name: str, given: dict[str, Any], is_product: bool) -> dict[str, Work]:
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    arrays = {key: torch.from_numpy(np.array(value)) for key, value in given.items()}
    library = Library(
        torch.exp,
        lambda z: torch.log_softmax(z, -1),
        torch.nn.functional.softplus,
        lambda x, labels: x.gather(-1, labels[..., None])[..., 0],
        lambda x: x.diagonal(dim1=-2, dim2=-1),
    )
    z = arrays["z"]
    if not is_product:
        loss, leaf = losses(library)[name], z.clone().requires_grad_(True)

        def work() -> object:
            value = loss(leaf, arrays)
            return value, torch.autograd.grad(value.sum(), leaf)

        return {"PyTorch": work}
    v = arrays["v"]
    if name.endswith("JVP"):
        return {"PyTorch": lambda: torch.func.jvp(lambda x: torch.softmax(x, -1), (z,), (v,))[1]}
    if name.endswith("VJP"):
        return {"PyTorch": lambda: torch.func.vjp(lambda x: torch.softmax(x, -1), z)[1](v)}
    slope = torch.func.grad(lambda x: torch.logsumexp(x, -1).sum())
    return {"PyTorch": lambda: torch.func.jvp(slope, (z,), (v,))[1]}


def _jax(name: str, given: dict[str, Any], is_product: bool) -> dict[str, Work]:
    try:
        import jax
    except ImportError:
        return {}
    jax.config.update("jax_enable_x64", True)
    arrays = {key: jax.numpy.asarray(value) for key, value in given.items()}
    library = Library(
        jax.numpy.exp,
        jax.nn.log_softmax,
        jax.nn.softplus,
        lambda x, labels: jax.numpy.take_along_axis(x, labels[..., None], -1)[..., 0],
        lambda x: jax.numpy.diagonal(x, axis1=-2, axis2=-1),
    )
    z = arrays.pop("z")
    if not is_product:
        loss = losses(library)[name]

        def both(z: Any, more: Any) -> Any:
            value, back = jax.vjp(lambda x: loss(x, more), z)
            return value, back(jax.numpy.ones_like(value))

        compiled = jax.jit(both)
        return {"JAX": lambda: jax.block_until_ready(compiled(z, arrays))}
    v = arrays["v"]
    if name.endswith("JVP"):
        made = jax.jit(lambda z, v: jax.jvp(lambda x: jax.nn.softmax(x), (z,), (v,))[1])
    elif name.endswith("VJP"):
        made = jax.jit(lambda z, v: jax.vjp(lambda x: jax.nn.softmax(x), z)[1](v)[0])
    else:
        slope = jax.grad(lambda x: jax.nn.logsumexp(x, axis=-1).sum())
        made = jax.jit(lambda z, v: jax.jvp(slope, (z,), (v,))[1])
    return {"JAX": lambda: jax.block_until_ready(made(z, v))}


def table(names: list[str], rounds: int, share: float) -> str:
    """The ratios as a table."""
    lines = ["| what | arguments | type | generated C | PyTorch ÷ | JAX ÷ | bandwidth |", "|---|---|---|---:|---:|---:|---:|"]
    for name in names or [*NAMES, *PRODUCTS]:
        if name in PRODUCTS:
            document, wanted = PRODUCTS[name]
            function = compile_document(PROOFS / f"{document}.md", [wanted])[wanted]
        else:
            function = compile_document(NAMES[name], ["loss_and_gradient"])["loss_and_gradient"]
        for batch, classes in SHAPES:
            for dtype in (np.float32, np.float64):
                given = arguments(function, batch, classes, dtype)
                times = medians(competitors(name, given, function), rounds, share, time.process_time)
                base, shape = times["generated C"], " × ".join(map(str, given["z"].shape))
                ratios = [f"{times[who] / base:.2f}" if who in times else "–" for who in ("PyTorch", "JAX")]
                row = [name, shape, dtype.__name__, f"{base * 1e6:.1f} µs", *ratios, f"{times['pass'] / base:.0%}"]
                lines.append(f"| {' | '.join(row)} |")
                print(lines[-1], flush=True)
    return "\n".join([*lines, "", f"{rounds} rounds, processor time. {machine()}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--share", type=float, default=0.004, metavar="SECONDS", help="the time of one competitor in one round")
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    text = table(options.names, options.rounds, options.share)
    if options.write:
        publish("numbers.md", "losses", text)


if __name__ == "__main__":
    main()
