"""Functions for other targets, called by the names of their arguments with NumPy's arrays and giving NumPy's arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from derive.train.errors import TrainError

if TYPE_CHECKING:
    from derive.code.build import Function as ArrayFunction

Function = Callable[..., Any]


def with_numpy(function: Function, target: str) -> Function:
    """`function`, generated for `target`, taking and giving NumPy's arrays in float64.

    Raises:
        TrainError: if the library of the target is not installed.
    """
    if target == "torch":
        return _torch(function)
    if target == "jax":
        return _jax(function)
    return function


def with_c(function: ArrayFunction) -> Function:
    """A function of an array program in C, called by the names of its arguments; an array without a batch is a batch of one.

    Raises:
        TrainError: if there is no compiler.
    """
    from derive.code.c_build import CompilerMissing, compiler
    from derive.code.c_call import compiled
    from derive.code.numpy import ordered_inputs
    from derive.code.program import BATCH

    try:
        compiler()
    except CompilerMissing as error:
        raise TrainError(f"--target c: {error}") from error
    inputs = ordered_inputs(function)
    run = compiled(function)
    batched = [node for node in inputs if any(axis.size == BATCH for axis in node.axes)]

    def call(**arguments: Any) -> Any:
        import numpy as np

        alone = bool(batched) and all(np.ndim(arguments[node.name]) < len(node.axes) for node in batched)
        given = [arguments[node.name][None] if alone and node in batched else np.asarray(arguments[node.name])
                 for node in inputs]
        result = run(*given)
        if not alone:
            return result
        return tuple(part[0] for part in result) if isinstance(result, tuple) else result[0]

    return call


def _torch(function: Function) -> Function:
    import numpy as np

    try:
        import torch
    except ImportError as error:
        raise TrainError("--target torch: expected the package torch, found none (pip install torch)") from error

    def argument(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return torch.tensor(value, dtype=torch.float64)
        return torch.from_numpy(value if value.flags.writeable else value.copy())

    def call(**arguments: Any) -> Any:
        result = function(**{name: argument(value) for name, value in arguments.items()})
        return tuple(part.numpy() for part in result) if isinstance(result, tuple) else result.numpy()

    return call


def _jax(function: Function) -> Function:
    import numpy as np

    try:
        import jax
    except ImportError as error:
        raise TrainError("--target jax: expected the package jax, found none (pip install jax)") from error
    jax.config.update("jax_enable_x64", True)

    def call(**arguments: Any) -> Any:
        result = function(**{name: jax.numpy.asarray(value) for name, value in arguments.items()})
        return tuple(np.array(part) for part in result) if isinstance(result, tuple) else np.array(result)

    return call
