"""A function of the C target as one to call with NumPy arrays; without a compiler it computes with NumPy."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.code.build import Function
from derive.code.c import declaration, symbol, write
from derive.code.c_build import CompilerMissing, load, require
from derive.code.c_exp import REALS, Real
from derive.code.interpret import evaluate
from derive.code.numpy import ordered_inputs
from derive.code.program import BATCH, Input, ShapeError

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

NO_PLACE, NO_MEMORY = 1, 2
LARGEST = 2**31 - 1


@dataclass
class Compiled:
    """A function that is built for each set of sizes when it is first called with them.

    The arguments come in the order in which the file declares them, the results as one array or a tuple of arrays.
    float32 arguments give float32 results; all else is computed in float64.
    """

    function: Function
    _inputs: list[Input] = field(init=False)
    _built: dict[tuple[tuple[str, int], ...], tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._inputs = ordered_inputs(self.function)

    def __call__(self, *arrays: Array) -> Array | tuple[Array, ...]:
        """The results for these arguments.

        Raises:
            ShapeError: if the arguments do not fit together.
            IndexError: if a label is not one of the places.
            CompilerMissing: if there is nothing to build the function with.
        """
        run, results = self.prepare(*arrays)
        run()
        return results[0] if len(results) == 1 else results

    def prepare(self, *arrays: Array) -> tuple[Callable[[], None], tuple[Array, ...]]:
        """What computes the results once more from the same arrays, and the arrays that it writes them to.

        Raises: as a call.
        """
        import numpy as np

        inputs = self._inputs
        real = _real(inputs, arrays)
        given = [np.ascontiguousarray(a, np.int64 if node.kind == "index" else real.dtype).reshape(np.shape(a))
                 for node, a in zip(inputs, arrays, strict=True)]
        sizes = lengths(inputs, given)
        interface, library = self._library(sizes)
        results = tuple(np.empty([_length(axis.size, sizes) for axis in output.axes], real.dtype)
                        for output in self.function.program.outputs)
        pointers = [interface.cast(f"{'int64_t' if a.dtype == np.int64 else real.name} *", a.ctypes.data)
                    for a in (*given, *results)]
        call, batch = getattr(library, symbol(self.function, real)), sizes.get(BATCH, 1)

        def run(keep: object = (given, results)) -> None:
            status = call(batch, *pointers)
            if status == NO_PLACE:
                raise IndexError(f"{self.function.name}: a label is not one of the places")
            if status == NO_MEMORY:
                raise MemoryError(self.function.name)

        return run, results

    def _library(self, sizes: dict[str, int]) -> tuple[Any, Any]:
        key = tuple(sorted((name, length) for name, length in sizes.items() if name != BATCH))
        if key not in self._built:
            source = write([self.function], self.function.name, "a call", dict(key))
            self._built[key] = load(source, [declaration(self.function, real) for real in REALS])
        return self._built[key]


def compiled(function: Function) -> Callable[..., Any]:
    """The function in C; with a warning, computed by NumPy if there is no compiler here."""
    try:
        require()
    except CompilerMissing as error:
        warnings.warn(str(error), RuntimeWarning, stacklevel=2)
        return lambda *arrays: _with_numpy(function, arrays)
    return Compiled(function)


def lengths(inputs: list[Input], arrays: list[Array]) -> dict[str, int]:
    """The length of every axis by the name of its size.

    Raises:
        ShapeError: if two arguments disagree, or one has too many axes or an empty one.
    """
    sizes: dict[str, int] = {}
    for node, array in zip(inputs, arrays, strict=True):
        if array.ndim != len(node.axes):
            raise ShapeError(f"{node.name}: expected {len(node.axes)} axes, found {array.ndim}")
        for axis, length in zip(node.axes, array.shape, strict=True):
            wanted = int(axis.size) if axis.size.isdigit() else sizes.setdefault(axis.size, length)
            if length != wanted:
                raise ShapeError(f"{node.name}: expected {axis.size} = {wanted}, found {length}")
            if axis.size != BATCH and not 0 < length <= LARGEST:
                raise ShapeError(f"{node.name}: expected a length from 1 to {LARGEST}, found {length}")
    return sizes


def _length(size: str, sizes: dict[str, int]) -> int:
    return int(size) if size.isdigit() else sizes[size]


def _real(inputs: list[Input], arrays: tuple[Array, ...]) -> Real:
    import numpy as np

    if len(inputs) != len(arrays):
        raise ShapeError(f"expected {len(inputs)} arguments, found {len(arrays)}")
    kinds = {np.asarray(a).dtype for node, a in zip(inputs, arrays, strict=True) if node.kind == "real"}
    return REALS[0] if kinds == {np.dtype("float32")} else REALS[1]


def _with_numpy(function: Function, arrays: tuple[Array, ...]) -> Any:
    import numpy as np

    inputs = ordered_inputs(function)
    _real(inputs, arrays)
    given = {node.name: np.asarray(a) for node, a in zip(inputs, arrays, strict=True)}
    results = tuple(evaluate(function.program, given).values())
    return results[0] if len(results) == 1 else results
