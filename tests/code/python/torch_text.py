"""What the tests of the PyTorch text share: the modules that are made of documents, and arguments for their functions."""

from pathlib import Path

import numpy as np
import pytest

from derive.code.loading import load
from derive.code.python.numpy import target as numpy_target
from derive.code.python.tensors.module import fused_of
from derive.jobs.compile import compile as compiled

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

ROOT = Path(__file__).resolve().parents[3]
NAMES = ["softmax-cross-entropy", "sigmoid-cross-entropy", "linear-layer", "weight-update", "entropy", "mean-squared-error"]
MADE = {}


def made(name):
    if name not in MADE:
        MADE[name] = compiled(ROOT / "proofs" / f"{name}.md", target="torch")
    return MADE[name]


def module(name):
    return load(made(name).source, f"generated_{name.replace(chr(45), chr(95))}")


def twin(name):
    return load(numpy_target.write(made(name).functions, "twin", "twin"))


def arguments(program, seed):
    """Numbers between 0 and 1 for axes of random lengths."""
    rng = np.random.default_rng(seed)
    sizes = {axis.size: int(rng.integers(1, 6)) for node in program.inputs for axis in node.axes}
    shapes = {node.name: [sizes[axis.size] for axis in node.axes] for node in program.inputs}
    return {
        node.name: rng.integers(0, sizes[node.below], shapes[node.name])
        if node.kind == "index"
        else np.array(rng.uniform(0.1, 0.9, shapes[node.name]))
        for node in program.inputs
    }


def tensors(arrays):
    return {name: torch.from_numpy(np.asarray(array)) for name, array in arrays.items()}


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def differentiable(functions):
    return next(function for function in functions if function.signature.kind == "fused")


def gradients_of(function):
    """The names of the arguments that there is a gradient by."""
    found = fused_of(function, set())
    return [slope.argument.name for slope in found.slopes]
