"""Functions for other targets, called by the names of their arguments with NumPy's arrays and giving NumPy's arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.distribution import install
from derive.training.settings.errors import TrainError

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


def _torch(function: Function) -> Function:
    import numpy as np

    try:
        import torch
    except ImportError as error:
        raise TrainError(f"--target torch: expected the package torch, found none ({install('torch')})") from error

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
        raise TrainError(f"--target jax: expected the package jax, found none ({install('jax')})") from error
    jax.config.update("jax_enable_x64", True)
    compiled = jax.jit(function)

    def call(**arguments: Any) -> Any:
        result = compiled(**{name: jax.numpy.asarray(value) for name, value in arguments.items()})
        return tuple(np.array(part) for part in result) if isinstance(result, tuple) else np.array(result)

    return call
