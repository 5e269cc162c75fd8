"""Where a shape begins with ``...``, any number of leading axes will do; where it begins with ``batch``, there is one."""

import re

import numpy as np
import pytest

from derive.code import targets
from derive.code.arrays.program import BATCH
from derive.code.functions.build import Function
from derive.code.loading import load
from tests.code import library

SHORT = ("linear-layer", "softmax-cross-entropy")
NAMES = [pytest.param(path.stem, marks=() if path.stem in SHORT else pytest.mark.slow) for path in library.PROOFS]
TARGETS = ("numpy", "torch", "jax")
LEADS = ((), (0,), (2, 3))
SIZES = {"n": 5, "d": 3}
MADE = {}


def made(name, target):
    """The functions of a document, and the module of a target."""
    if target != "numpy":
        pytest.importorskip(target, reason=f"{target} is not installed")
    functions = library.made(name).functions
    if (name, target) not in MADE:
        MADE[name, target] = load(targets.TARGETS[target].written(functions, name, f"{name}.md"))
    return functions, MADE[name, target]


def arguments(function: Function, lead):
    rng = np.random.default_rng(len(lead))
    found = {}
    for node in function.arguments:
        own = [SIZES[axis.size] for axis in node.axes if axis.size != BATCH]
        shape = (*lead, *own) if any(axis.size == BATCH for axis in node.axes) else tuple(own)
        found[node.name] = rng.integers(0, SIZES[node.below], shape) if node.kind == "index" else rng.uniform(0.1, 0.9, shape)
    return found


def called(module, target, name, arrays):
    """The results as NumPy arrays, in double precision."""
    if target == "numpy":
        found = getattr(module, name)(**{k: np.copy(v) for k, v in arrays.items()})
    elif target == "torch":
        torch = pytest.importorskip("torch", reason="needs torch")
        found = getattr(module, name)(**{k: torch.as_tensor(v) for k, v in arrays.items()})
    else:
        jax = pytest.importorskip("jax", reason="needs jax")
        with jax.enable_x64(True):
            found = getattr(module, name)(**{k: jax.numpy.asarray(v) for k, v in arrays.items()})
    return [np.asarray(part) for part in (found if isinstance(found, tuple) else (found,))]


def row_by_row(function, module, target, arrays, lead):
    """The results of each example alone, as a batch of one, put together."""
    batched = {node.name for node in function.arguments if any(axis.size == BATCH for axis in node.axes)}
    rows = []
    for place in np.ndindex(*lead):
        one = {name: value[place][None] if name in batched else value for name, value in arrays.items()}
        rows.append(called(module, target, function.name, one))
    results = []
    for place, output in enumerate(function.program.outputs):
        if any(axis.size == BATCH for axis in output.axes):
            parts = [row[place][0] for row in rows]
            results.append(np.array(parts).reshape((*lead, *np.shape(parts[0]))))
        else:
            results.append(rows[0][place])
    return results


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_any_leading_axes_where_the_documentation_says_so(name, target):
    functions, module = made(name, target)
    checked = 0
    for function in functions:
        if "shape (..." not in getattr(module, function.name).__doc__:
            continue
        for lead in LEADS:
            arrays = arguments(function, lead)
            found = called(module, target, function.name, arrays)
            if 0 in lead:
                assert all(part.shape[:1] == lead for part in found)
                continue
            expected = row_by_row(function, module, target, arrays, lead)
            for one, other in zip(found, expected, strict=True):
                assert one.shape == other.shape, (function.name, lead)
                np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14, err_msg=f"{function.name} {lead}")
            checked += 1
    assert checked


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_a_shape_begins_with_a_batch_everywhere_or_nowhere(name, target):
    functions, module = made(name, target)
    for function in functions:
        leads = set(re.findall(r"shape \((\.\.\.|batch)", getattr(module, function.name).__doc__))
        assert len(leads) <= 1


def test_where_there_is_one_axis_of_examples_two_are_refused():
    """The twin: a mean over the batch has no meaning for two axes, and what is documented as one fails with two."""
    functions, module = made("linear-layer", "numpy")
    fused = next(function for function in functions if function.name == "loss_and_gradient")
    assert "shape (batch, d)" in module.loss_and_gradient.__doc__ and "shape (..." not in module.loss_and_gradient.__doc__
    module.loss_and_gradient(**arguments(fused, (4,)))
    with pytest.raises((IndexError, ValueError)):
        module.loss_and_gradient(**arguments(fused, (2, 3)))
