"""How fast generated code computes a loss and its gradient, against other ways to compute them; all figures from one run.

Run: ``python -m tests.benchmarks.bench_code``; with ``--write`` the table goes into docs/numbers.md, where there is one for
processors with vectors of 512 bits and one for those with 256. All competitors are
interleaved in one process on one core, in random order; a figure is the median of the rounds, as a ratio to the generated C
called on prepared arrays. SciPy, PyTorch and JAX take part if they are installed; the yardstick (kernels written by hand) if
``--yardstick`` names its folder.

The yardstick's best is the best of its kernels, those with ``-ffast-math`` among them (linked so that they leave the
process's floating-point mode as it is). It returns the mean of the loss; generated code returns the loss of each example.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import random
import shutil
import statistics
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from derive.code.c.build import compiler, vector_bytes
from derive.code.c.call import Compiled
from derive.code.c.machine import machine as c_machine
from derive.code.functions.build import Function
from derive.jobs.compile import compile as compile_document
from tests.tables import publish

STOCK = ("textbook NumPy", "SciPy", "PyTorch", "JAX value_and_grad")
CASES = ((1, 10), (32, 10), (128, 10), (1024, 10), (8192, 128), (1, 1000), (32, 1000), (256, 1000), (64, 32000), (8, 128000))
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference" / "perf"
NAMES = (
    "sce_lib",
    "sce_poly",
    "sce_poly10",
    "sce_lib10",
    "sce_poly128",
    "sce_omp",
    "sce_flat",
    "sce_flat10",
    "nop",
    "sce_mask",
    "sce_int",
    "sce_t16",
    "sce_t16c10",
)
Work = Callable[[], Any]


def module(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(str(path))
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def generated(folder: Path) -> tuple[ModuleType, Function]:
    """The NumPy module of the document, and the function that gives the loss and the gradient."""
    made = compile_document("softmax-cross-entropy", ["loss_and_gradient"])
    path = folder / "generated.py"
    path.write_text(made.source, encoding="utf-8")
    return module(path, "generated"), made["loss_and_gradient"]


def yardstick(source: Path, folder: Path) -> dict[str, ModuleType]:
    """The hand-written kernels, IEEE and fast; without ``-ffast-math`` at the link, which would flush denormals for all.

    They are written for AVX-512; there are none on another processor.
    """
    if not (source / "cext.c").exists() or shutil.which("gcc") is None or vector_bytes() < 64:
        return {}
    base = ["gcc", "-O3", "-march=native", "-fPIC", "-fopenmp", f"-I{sysconfig.get_paths()['include']}"]
    found = {}
    for name, flags in (("csafe", ["-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros"]), ("cfast", ["-ffast-math"])):
        made, library = folder / f"{name}.o", folder / f"{name}{sysconfig.get_config_var('EXT_SUFFIX')}"
        subprocess.run(
            [*base, *flags, f"-DMODN={name}", "-c", str(source / "cext.c"), "-o", str(made)], check=True, capture_output=True
        )
        subprocess.run(
            ["gcc", "-shared", "-fopenmp", str(made), "-o", str(library), "-lmvec", "-lm"], check=True, capture_output=True
        )
        found[name] = module(library, name)
    return found


def takes_part(name: str, classes: int, dtype: type) -> bool:
    """Whether a kernel is made for this many classes and this type."""
    if name in ("nop", "sce_omp") or name in ("sce_mask", "sce_int", "sce_t16", "sce_t16c10") and dtype is np.float64:
        return False
    for ending in ("10", "128"):
        if name.endswith(ending) and classes != int(ending):
            return False
    return not (name in ("sce_mask", "sce_t16") and classes > 16 or name == "sce_flat" and classes > 128)


def competitors(
    batch: int, classes: int, dtype: type, numpy_module: ModuleType, function: Function, kernels: dict[str, ModuleType]
) -> dict[str, Work]:
    """What is timed, by name; each computes the loss and the gradient of the same numbers."""
    rng = np.random.default_rng(0)
    x = (rng.standard_normal((batch, classes)) * 3).astype(dtype)
    y = rng.integers(0, classes, batch)
    rows, one_hot = np.arange(batch), np.zeros((batch, classes), dtype)
    one_hot[rows, y] = 1
    kernel = Compiled(function)
    prepared, _ = kernel.prepare(x, y)
    work: dict[str, Work] = {
        "generated C": prepared,
        "generated C, new arrays": lambda: kernel(x, y),
        "generated NumPy": lambda: numpy_module.loss_and_gradient(x, y),
    }

    def textbook() -> object:
        e = np.exp(x - x.max(1, keepdims=True))
        p = e / e.sum(1, keepdims=True)
        return -(one_hot * np.log(p)).sum() / batch, (p - one_hot) / batch

    work["textbook NumPy"] = textbook
    work.update(_scipy(x, y, rows))
    work.update(_torch(x, y))
    work.update(_jax(x, y))
    gradient = np.empty_like(x)
    for kind, made in kernels.items():
        for name in NAMES:
            if not takes_part(name, classes, dtype):
                continue
            place = NAMES.index(name)
            work[f"yardstick {kind} {name}"] = lambda made=made, place=place: made.call(place, x, y, gradient)  # type: ignore[misc]
    return work


def _scipy(x: Any, y: Any, rows: Any) -> dict[str, Work]:
    try:
        from scipy.special import log_softmax, softmax
    except ImportError:
        return {}

    def work() -> object:
        loss, q = -log_softmax(x, axis=1)[rows, y].mean(), softmax(x, axis=1)
        q[rows, y] -= 1
        q /= len(x)
        return loss, q

    return {"SciPy": work}


def _torch(x: Any, y: Any) -> dict[str, Work]:
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)
    logits, labels = torch.from_numpy(x.copy()).requires_grad_(True), torch.from_numpy(y)

    def work() -> object:
        loss = torch.nn.functional.cross_entropy(logits, labels)
        return loss, torch.autograd.grad(loss, logits)

    return {"PyTorch": work}


def _jax(x: Any, y: Any) -> dict[str, Work]:
    try:
        import jax
    except ImportError:
        return {}
    jax.config.update("jax_enable_x64", True)
    logits, labels = jax.numpy.asarray(x), jax.numpy.asarray(y)

    def loss(z: Any, t: Any) -> Any:
        return -jax.numpy.mean(jax.numpy.take_along_axis(jax.nn.log_softmax(z, axis=-1), t[:, None], axis=1))

    both = jax.jit(jax.value_and_grad(loss))
    return {"JAX value_and_grad": lambda: jax.block_until_ready(both(logits, labels))}


def medians(work: dict[str, Work], rounds: int, share: float, clock: Callable[[], float]) -> dict[str, float]:
    """The median time of each in seconds; in a round each runs for about `share` seconds, in random order."""
    shuffled, counts = random.Random(1), {}
    for name, one in work.items():
        one()
        start = clock()
        one()
        counts[name] = max(2, min(2000, int(share / max(clock() - start, 1e-7))))
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        order = list(work)
        shuffled.shuffle(order)
        for name in order:
            one = work[name]
            one()
            start = clock()
            for _ in range(counts[name]):
                one()
            times[name].append((clock() - start) / counts[name])
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--share", type=float, default=0.006, metavar="SECONDS", help="the time of one competitor in one round")
    parser.add_argument("--case", action="append", metavar="BATCHxCLASSES", help="only this case; may be repeated")
    parser.add_argument("--yardstick", type=Path, default=SHARED, metavar="FOLDER")
    parser.add_argument("--all", action="store_true", help="list the time of all, every kernel among them")
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    parser.add_argument("--cpu", action="store_true", help="processor time, for a machine that does other work meanwhile")
    options = parser.parse_args()
    clock = time.process_time if options.cpu else time.perf_counter
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        numpy_module, function = generated(Path(folder))
        kernels = yardstick(options.yardstick, Path(folder))
        found: dict[tuple[int, int, str], dict[str, float]] = {}
        for batch, classes in CASES:
            if options.case and f"{batch}x{classes}" not in options.case:
                continue
            for dtype in (np.float32, np.float64):
                work = competitors(batch, classes, dtype, numpy_module, function, kernels)
                times = found[batch, classes, dtype.__name__] = medians(work, options.rounds, options.share, clock)
                if options.all:
                    _report(f"{batch}x{classes} {dtype.__name__}", times)
    text = table(found, f"{options.rounds} rounds, {'processor' if options.cpu else 'wall'} time")
    print(text)
    if options.write:
        publish("numbers.md", f"speed-{8 * vector_bytes()}", text)


def table(found: dict[tuple[int, int, str], dict[str, float]], how: str) -> str:
    """The ratios as a table: the generated code against the yardstick, and how many times slower each other way is."""
    head = (
        "batch × classes",
        "type",
        "generated C",
        "÷ yardstick",
        "new arrays ÷",
        "best stock ÷",
        *(f"{name} ÷" for name in STOCK),
        "generated NumPy ÷",
        "textbook ÷ generated NumPy",
    )
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * 2 + "---:|" * (len(head) - 2)]
    for (batch, classes, dtype), times in found.items():
        base = times["generated C"]
        hand = [t for name, t in times.items() if name.startswith("yardstick")]
        stock = {name: times[name] for name in STOCK if name in times}
        cells = [
            f"{batch} × {classes}",
            dtype,
            f"{base * 1e6:.2f} µs",
            _ratio(base, min(hand) if hand else None),
            _ratio(times["generated C, new arrays"], base),
            f"{_ratio(min(stock.values()), base)}",
            *(_ratio(stock.get(name), base) for name in STOCK),
            _ratio(times["generated NumPy"], base),
            _ratio(times["textbook NumPy"], times["generated NumPy"]),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", f"{how}. {machine()}."])


def _ratio(first: float | None, second: float | None) -> str:
    return "–" if first is None or second is None else f"{first / second:.2f}"


def machine() -> str:
    """What the figures depend on: the processor, the width of the vectors, and the versions of what takes part."""
    said = subprocess.run([compiler(), "--version"], capture_output=True, text=True, check=False).stdout.splitlines()
    packages = [f"{name} {version(name)}" for name in ("numpy", "scipy", "torch", "jax") if find_spec(name) is not None]
    return f"{platform.machine()}, {c_machine()}; {said[0] if said else ''}; Python {platform.python_version()}; " + (
        ", ".join(packages)
    )


def _report(title: str, found: dict[str, float]) -> None:
    base = found["generated C"]
    print(f"{title}: generated C {base * 1e6:.2f} us")
    for name, t in sorted(found.items(), key=lambda item: item[1]):
        print(f"    {name:32s} {t * 1e6:12.2f} us  x{t / base:.2f}")


if __name__ == "__main__":
    main()
