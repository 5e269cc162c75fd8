"""The errors of losses and their gradients, in units in the last place, against 50 digits.

    python -m tests.benchmarks.accuracy [--quick] [--write]

The input sets are those on which implementations differ: confident predictions, huge logits, near ties, -inf, one class,
denormals. Every target is measured, with labels as places and with labels as a distribution, beside SciPy and PyTorch, where
these are installed. An entry is bad if it is not finite where the true value is. With a failed bound (8 ULP for loss and label
gradient on the first two sets, or anything bad) the exit status is 1. With --write the table goes into docs/numbers.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import mpmath
import numpy as np

from derive.code import targets
from derive.code.loading import load
from derive.jobs.compile import compile as compile_document
from tests.tables import publish

BOUND = 8.0
BOUNDED = ("normal", "confident")
ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("numpy", "c", "torch", "jax")
OWN = {"numpy": "NumPy", "c": "C", "torch": "PyTorch", "jax": "JAX"}
FUNCTIONS = ("loss_and_gradient", "L", "dL_dz")


def functions():
    """The array programs of the loss with its gradient, and of the loss and the gradient for labels that are a distribution."""
    made = compile_document(ROOT / "proofs" / "softmax-cross-entropy.md", FUNCTIONS)
    return {function.name: function for function in made.functions}


def of_target(target, made):
    """The generated functions of a target, from NumPy arrays to NumPy arrays; None where the target cannot run."""
    if target == "c":
        from derive.code.c.build import CompilerMissing, require
        from derive.code.c.call import Compiled

        try:
            require()
        except CompilerMissing:
            return None
        return {name: Compiled(function) for name, function in made.items()}
    try:
        module = load(targets.TARGETS[target].written(list(made.values()), "accuracy", "the library"))
    except ImportError:
        return None
    called = {"numpy": lambda call: call, "torch": with_torch, "jax": with_jax}[target]
    return {name: called(getattr(module, name)) for name in made}


def with_torch(call):
    import torch

    def called(*arrays):
        found = call(*(torch.from_numpy(np.array(array)) for array in arrays))
        return tuple(part.numpy() for part in found) if isinstance(found, tuple) else found.numpy()

    return called


def with_jax(call):
    import jax

    def called(*arrays):
        with jax.enable_x64(any(array.dtype == np.float64 for array in arrays)):
            found = call(*(jax.numpy.asarray(array) for array in arrays))
        return tuple(map(np.asarray, found)) if isinstance(found, tuple) else np.asarray(found)

    return called


def one_hot(labels, logits):
    """The labels as distributions."""
    return np.eye(logits.shape[1], dtype=logits.dtype)[labels]


def dense(found):
    """The loss and the gradient for labels as distributions, from labels as places."""

    def called(logits, labels):
        chances = one_hot(labels, logits)
        return found["L"](logits, chances), found["dL_dz"](logits, chances)

    return called


def exact(logits, label):
    """Loss and gradient with 50 digits, as mpmath numbers."""
    with mpmath.workdps(50):
        values = [mpmath.mpf(float(v)) for v in logits]
        top = max(values)
        terms = [mpmath.mpf(0) if v == mpmath.ninf else mpmath.exp(v - top) for v in values]
        total = mpmath.fsum(terms)
        others = mpmath.fsum(t for k, t in enumerate(terms) if k != label)
        first = values.index(top) if values[label] != top else label
        rest = mpmath.fsum(t for k, t in enumerate(terms) if k != first)
        loss = mpmath.inf if values[label] == mpmath.ninf else mpmath.log1p(rest) + (top - values[label])
        gradient = [t / total for t in terms]
        gradient[label] = -others / total
        return loss, gradient


def ulp(value, true, dtype):
    """The error in units in the last place of `dtype`; nan where only one of the two is finite."""
    value = float(value)
    if np.isnan(value):
        return np.nan
    if mpmath.isinf(true):
        return 0.0 if np.isinf(value) and value > 0 else np.nan
    if np.isinf(value):
        return np.nan
    info = np.finfo(dtype)
    with mpmath.workdps(50):
        size = abs(true)
        unit = mpmath.mpf(2) ** (int(mpmath.floor(mpmath.log(size, 2))) - info.nmant) if size else mpmath.mpf(0)
        least = mpmath.mpf(2) ** (info.minexp - info.nmant)
        return float(abs(mpmath.mpf(value) - true) / max(unit, least))


def input_sets(dtype, rows, seed=0):
    """The sets by name: logits and labels."""
    rng = np.random.default_rng(seed)
    n, single, least = 10, dtype is np.float32, float(np.finfo(dtype).smallest_subnormal)

    def labelled(logits):
        return logits.astype(dtype), rng.integers(logits.shape[1], size=len(logits))

    def confident(low, high):
        logits, labels = rng.standard_normal((rows, n)), rng.integers(n, size=rows)
        logits[np.arange(rows), labels] = rng.uniform(low, high, rows)
        return logits.astype(dtype), labels

    def with_entry(value, at_label):
        logits, labels = rng.standard_normal((rows, n)), rng.integers(n, size=rows)
        logits[np.arange(rows), labels if at_label else (labels + 1) % n] = value
        return logits.astype(dtype), labels

    yield "normal", labelled(rng.standard_normal((rows, n)))
    yield "confident", confident(8, 30)
    yield "very confident", confident(20, 80 if single else 300)
    yield "±1e3", labelled(rng.uniform(-1e3, 1e3, (rows, n)))
    yield "±1e4", labelled(rng.uniform(-1e4, 1e4, (rows, n)))
    yield "near ties", labelled(1e3 + 1e-3 * rng.standard_normal((rows, n)))
    yield "offset 1e4", labelled(1e4 + rng.standard_normal((rows, n)))
    yield "one -inf", with_entry(-np.inf, at_label=False)
    yield "label -inf", with_entry(-np.inf, at_label=True)
    yield "n = 1", labelled(100 * rng.standard_normal((rows, 1)))
    yield "denormal logits", labelled(rng.integers(-1000, 1000, (rows, n)) * least)
    yield "denormal chances", with_entry(95 if single else 720, at_label=False)


def scipy_reference(logits, labels):
    from scipy.special import log_softmax, softmax

    rows = np.arange(len(logits))
    gradient = softmax(logits, axis=-1)
    gradient[rows, labels] -= 1
    return -log_softmax(logits, axis=-1)[rows, labels], gradient


def torch_reference(logits, labels):
    import torch

    leaf = torch.from_numpy(logits.copy()).requires_grad_(True)
    loss = torch.nn.functional.cross_entropy(leaf, torch.from_numpy(labels), reduction="none")
    (gradient,) = torch.autograd.grad(loss.sum(), leaf)
    return loss.detach().numpy(), gradient.numpy()


def competitors():
    """Whatever can run, by name: the targets with labels as places and as distributions, then the references."""
    made = functions()
    running = {target: found for target in TARGETS if (found := of_target(target, made)) is not None}
    columns = {f"{OWN[target]}, places": found["loss_and_gradient"] for target, found in running.items()}
    columns |= {f"{OWN[target]}, distribution": dense(found) for target, found in running.items()}
    own = tuple(columns)
    for name, function in (("SciPy", scipy_reference), ("torch.nn", torch_reference)):
        try:
            function(np.zeros((1, 2)), np.zeros(1, dtype=np.int64))
        except ImportError:
            continue
        columns[name] = function
    return columns, own


def truth(logits, labels):
    """The exact loss and gradient of each row."""
    return [exact(row, label) for row, label in zip(logits, labels, strict=True)]


def errors(function, logits, labels, dtype, known=None):
    """The largest errors of loss, label gradient and the other entries, and how many entries are bad."""
    with np.errstate(all="ignore"):
        loss, gradient = function(logits, labels)
    found = {"loss": [], "label": [], "others": []}
    for row, (label, (true_loss, true_gradient)) in enumerate(zip(labels, known or truth(logits, labels), strict=True)):
        found["loss"].append(ulp(loss[row], true_loss, dtype))
        for k, true in enumerate(true_gradient):
            found["label" if k == label else "others"].append(ulp(gradient[row, k], true, dtype))
    bad = sum(int(np.isnan(v).sum()) for v in found.values())
    return {key: max((e for e in v if not np.isnan(e)), default=0.0) for key, v in found.items()}, bad


def cell(largest, bad):
    """The three errors in ULP, and how many entries are bad."""
    numbers = " / ".join(
        f"{largest[key]:.1f}" if largest[key] < 1000 else f"{largest[key]:.0e}" for key in ("loss", "label", "others")
    )
    return f"{numbers}; {bad} bad" if bad else numbers


def table(rows):
    """The table as Markdown, and on how many sets a bound failed."""
    failed, lines = 0, []
    columns, own = competitors()
    lines += [
        f"The largest errors of {rows} inputs of 10 classes, in ULP: loss / gradient at the label / gradient elsewhere.",
        "Labels are places (integers) or a distribution (one-hot rows). JAX's compiler replaces denormal results by 0.",
        "",
    ]
    for dtype in (np.float64, np.float32):
        lines += [f"| {dtype.__name__} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
        for name, (logits, labels) in input_sets(dtype, rows):
            known = truth(logits, labels)
            cells = []
            for who, function in columns.items():
                largest, bad = errors(function, logits, labels, dtype, known)
                cells.append(cell(largest, bad))
                over = name in BOUNDED and max(largest["loss"], largest["label"]) > BOUND
                failed += who in own and (bool(bad) or over)
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines).strip(), failed


def main(arguments=None):
    """Print the table; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10 inputs of each set in place of 60")
    parser.add_argument("--write", action="store_true", help="put the table into docs/numbers.md")
    options = parser.parse_args(arguments)
    text, failed = table(10 if options.quick else 60)
    print(text)
    print(f"\nout of bounds on {failed} sets" if failed else "\nwithin the bounds", file=sys.stderr)
    if options.write:
        publish("numbers.md", "accuracy", text)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
