"""The errors of losses and their gradients, in units in the last place, against 50 digits.

    python -m tests.benchmarks.accuracy [--quick]

The input sets are those on which implementations differ: confident predictions, huge logits, near ties, -inf, one class,
denormals. SciPy and PyTorch are shown where they are installed. `bad` counts entries that are not finite where the true value
is. With a failed bound (8 ULP for loss and label gradient on the first two sets, or anything bad) the exit status is 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

import mpmath
import numpy as np

from derive.code.loading import load
from derive.compile import compile as compile_document

BOUND = 8.0
BOUNDED = ("normal", "confident")
ROOT = Path(__file__).resolve().parents[2]


def ours():
    """The generated function."""
    made = compile_document(ROOT / "proofs" / "softmax-cross-entropy.md", ["loss_and_gradient"])
    return load(made.source).loss_and_gradient


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
    n, single = 10, dtype is np.float32

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
    yield "confident", confident(8, 14 if single else 30)
    yield "very confident", confident(20, 60 if single else 300)
    yield "±1e3", labelled(rng.uniform(-1e3, 1e3, (rows, n)))
    yield "±1e4", labelled(rng.uniform(-1e4, 1e4, (rows, n)))
    yield "near ties", labelled(1e3 + 1e-3 * rng.standard_normal((rows, n)))
    yield "offset 1e4", labelled(1e4 + rng.standard_normal((rows, n)))
    yield "one -inf", with_entry(-np.inf, at_label=False)
    yield "label -inf", with_entry(-np.inf, at_label=True)
    yield "n = 1", labelled(100 * rng.standard_normal((rows, 1)))
    yield "denormal", labelled(rng.integers(-1000, 1000, (rows, n)) * float(np.finfo(dtype).smallest_subnormal))
    yield "tiny chance", with_entry(95 if single else 720, at_label=False)


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
    """Whatever is installed, by name."""
    found = {"derive": ours()}
    for name, function in (("scipy", scipy_reference), ("torch", torch_reference)):
        try:
            function(np.zeros((1, 2)), np.zeros(1, dtype=np.int64))
        except ImportError:
            continue
        found[name] = function
    return found


def errors(function, logits, labels, dtype):
    """The largest errors of loss, label gradient and the other entries, and how many entries are bad."""
    with np.errstate(all="ignore"):
        loss, gradient = function(logits, labels)
    found = {"loss": [], "label": [], "others": []}
    for row, label in enumerate(labels):
        true_loss, true_gradient = exact(logits[row], label)
        found["loss"].append(ulp(loss[row], true_loss, dtype))
        for k, true in enumerate(true_gradient):
            found["label" if k == label else "others"].append(ulp(gradient[row, k], true, dtype))
    bad = sum(int(np.isnan(v).sum()) for v in found.values())
    return {key: max((e for e in v if not np.isnan(e)), default=0.0) for key, v in found.items()}, bad


def main(rows=60):
    """Print the table; the exit status."""
    failed = 0
    functions = competitors()
    for dtype in (np.float64, np.float32):
        print(f"{dtype.__name__:<16}" + "".join(f"{name:>14}{'':>28}" for name in functions))
        print(f"{'':<16}" + "".join(f"{'loss':>12}{'label':>12}{'others':>12}{'bad':>6}" for _ in functions))
        for name, (logits, labels) in input_sets(dtype, rows):
            line = f"{name:<16}"
            for who, function in functions.items():
                largest, bad = errors(function, logits, labels, dtype)
                line += "".join(f"{largest[key]:>12.3g}" for key in ("loss", "label", "others")) + f"{bad:>6}"
                if who == "derive":
                    over = name in BOUNDED and max(largest["loss"], largest["label"]) > BOUND
                    failed += bool(bad) or over
            print(line)
        print()
    print("derive is within its bounds" if not failed else f"derive is out of its bounds on {failed} sets")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(10 if "--quick" in sys.argv else 60))
