"""How fast the same C is with wide and with narrow vectors: cross-entropy with its gradient, and the trainer with sigmoids.

Run: ``python -m tests.benchmarks.bench_widths [--write]``. What is built for each width is interleaved in one process on one
core, in random order; a figure is the median of the rounds, as a ratio to the widest that the processor has.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from derive.code.c import build
from derive.code.c.call import Compiled
from derive.code.c.machine import machine
from derive.jobs.compile import compile as compile_document
from derive.training.data.loading import load
from derive.training.steps.network import initial
from tests.benchmarks.bench_code import Work, medians
from tests.benchmarks.bench_train import MODELS, Task, generated_c
from tests.tables import publish

NATIVE = "-march=native"
# A name, the bytes of a vector, and what stands for -march=native; the second is for processors that have wider ones.
WIDTHS = (
    ("512 bits", 64, (NATIVE, build.WIDE)),
    ("256 bits of 512", 32, (NATIVE, "-DVECTOR_BYTES=32")),
    ("AVX2", 32, ("-march=haswell",)),
    ("SSE2", 16, ("-march=x86-64",)),
)
SHAPES = ((1, 10), (32, 10), (128, 10), (256, 1000), (64, 32000))


def widths() -> list[tuple[str, int, tuple[str, ...]]]:
    """Those that this processor has."""
    widest = build.vector_bytes()
    return [row for row in WIDTHS if row[1] <= widest and (widest == 64 or row[0] != "256 bits of 512")]


@contextmanager
def built_for(architecture: Sequence[str]) -> Iterator[None]:
    """What is built meanwhile is built for this."""
    flags = tuple(flag for one in build.FLAGS for flag in (architecture if one == NATIVE else (one,)))
    with patch.object(build, "native_flags", lambda: flags):
        yield


def cross_entropy(batch: int, classes: int, dtype: type) -> dict[str, Work]:
    """The loss and its gradient, for each width."""
    rng = np.random.default_rng(0)
    z, labels = (rng.standard_normal((batch, classes)) * 3).astype(dtype), rng.integers(0, classes, batch)
    function = compile_document("softmax-cross-entropy", ["loss_and_gradient"])["loss_and_gradient"]
    found: dict[str, Work] = {}
    for name, _, architecture in widths():
        with built_for(architecture):
            found[name] = Compiled(function).prepare(z, labels)[0]
    return found


def trainer(dtype: str) -> dict[str, Work]:
    """An epoch of the perceptron with sigmoids, for each width."""
    data, sizes = load("digits"), MODELS["mlp"]
    weights = [array.astype(dtype) for layer in initial(sizes, 0) for array in (layer.w, layer.b)]
    order = np.random.default_rng(1).permutation(len(data.inputs))
    found: dict[str, Work] = {}
    for name, width, architecture in widths():
        with built_for(architecture):
            made = generated_c(Task(data, data.inputs.astype(dtype), weights, sizes, "sigmoid", dtype), width)
            made.epochs([order])
        found[name] = lambda made=made: made.epochs([order])  # type: ignore[misc]
    return found


def table(rounds: int) -> str:
    """The times and ratios as a table."""
    names = [name for name, _, _ in widths()]
    lines = [
        "| what | type | " + " | ".join([names[0], *(f"{name} ÷" for name in names[1:])]) + " |",
        "|---|---|" + "---:|" * len(names),
    ]
    cases: list[tuple[str, Any, Any]] = [
        *(
            (f"cross-entropy, {batch} × {classes}", dtype.__name__, cross_entropy(batch, classes, dtype))
            for batch, classes in SHAPES
            for dtype in (np.float32, np.float64)
        ),
        *(("an epoch of 64 → 32 → 10, sigmoid", dtype, trainer(dtype)) for dtype in ("float32", "float64")),
    ]
    for what, dtype, work in cases:
        times = medians(work, rounds, 0.01, time.process_time)
        base = times[names[0]]
        ratios = [f"{times[name] / base:.2f}" for name in names[1:]]
        lines.append(f"| {what} | {dtype} | {base * 1e6:.1f} µs | {' | '.join(ratios)} |")
        print(lines[-1], flush=True)
    return "\n".join([*lines, "", f"{rounds} rounds, processor time. {machine()}."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    text = table(options.rounds)
    if options.write:
        publish("numbers.md", "widths", text)


if __name__ == "__main__":
    main()
