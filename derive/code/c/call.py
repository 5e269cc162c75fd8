"""A function of the C target as one to call with NumPy arrays; without a compiler it computes with NumPy."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, NoReturn

from derive.code.arrays.program import BATCH, Input, ShapeError
from derive.code.c.arguments import READY, as_arrays, ready, types
from derive.code.c.build import CompilerMissing, load, require
from derive.code.c.library.functions import REALS, Real
from derive.code.c.target import symbol, write
from derive.code.functions.build import Function
from derive.code.functions.interpret import evaluate

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

NO_PLACE, NO_MEMORY = 1, 2
LARGEST = 2**31 - 1
MOST_LAYOUTS = 64
LARGE, PAGE = 1 << 16, 4096


@dataclass(frozen=True)
class _Layout:
    """How to call with arrays of certain types and shapes: `wanted` is the type of each and whether it has it already."""

    interface: Any
    call: Callable[..., int]
    packed: Callable[[Any], int]
    buffer: Callable[[Any], Any]
    batch: int
    wanted: tuple[tuple[Any, bool], ...]
    dtype: Any
    returned: Any
    shapes: tuple[tuple[int, ...], ...]
    large: bool


@dataclass
class Compiled:
    """A function that is built for each set of sizes when it is first called with them.

    The arguments come in the order in which the file declares them, the results as one array or a tuple of arrays.
    float32 arguments give float32 results, float16 ones are computed in float32 and give float16 results; all else, integers
    among it, is computed in float64.
    """

    function: Function
    _inputs: tuple[Input, ...] = field(init=False)
    _built: dict[tuple[tuple[str, int], ...], tuple[Any, Any]] = field(default_factory=dict)
    _layouts: dict[object, _Layout] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._inputs = self.function.arguments

    def __call__(self, *arrays: Array) -> Array | tuple[Array, ...]:
        """The results for these arguments.

        Raises:
            ShapeError: if the arguments do not fit together.
            ValueError: if labels are no integers, or other arguments no real numbers.
            IndexError: if a label is not one of the places.
            CompilerMissing: if there is nothing to build the function with.
        """
        layout, given, results = self._placed(arrays)
        status = layout.call(layout.batch, *map(layout.buffer, given), *map(layout.buffer, results))
        if status:
            self._fail(status)
        if layout.returned != layout.dtype:
            results = tuple([result.astype(layout.returned) for result in results])
        return results[0] if len(results) == 1 else results

    def prepare(self, *arrays: Array) -> tuple[Callable[[], None], tuple[Array, ...]]:
        """What computes the results once more from the same arrays, and the arrays that it writes them to.

        Arrays of another type or order than C reads are copied again each time.

        Raises: as a call.
        """
        import numpy as np

        layout, given, results = self._placed(arrays)
        copied = [(copy, array) for copy, array in zip(given, arrays, strict=True) if copy is not array]
        shown = results
        if layout.returned != layout.dtype:
            shown = tuple([np.empty(result.shape, layout.returned) for result in results])
        batch = layout.interface.new("int64_t *", layout.batch)
        buffers = [layout.buffer(array) for array in (*given, *results)]
        pointers = layout.interface.new("void *[]", [batch, *buffers])
        packed = layout.packed

        def run(keep: object = (given, results, batch, buffers)) -> None:
            for copy, array in copied:
                copy[...] = array
            status = packed(pointers)
            if status:
                self._fail(status)
            for other, result in zip(shown, results, strict=True):
                if other is not result:
                    other[...] = result

        return run, shown

    def _fail(self, status: int) -> NoReturn:
        if status == NO_PLACE:
            raise IndexError(f"{self.function.name}: a label is not one of the places")
        if status == NO_MEMORY:
            raise MemoryError(self.function.name)
        raise RuntimeError(f"{self.function.name}: an unknown status {status}")

    def _placed(self, arrays: tuple[Array, ...]) -> tuple[_Layout, list[Array], tuple[Array, ...]]:
        """How to call with such arrays, the arrays as they are given to C, and new ones for the results."""
        import numpy as np

        try:
            key = tuple([(array.dtype, array.shape) for array in arrays])
        except AttributeError:
            return self._placed(as_arrays(self._inputs, arrays))
        layout = self._layouts.get(key)
        if layout is None:
            if not all(isinstance(array, np.ndarray | np.generic) for array in arrays):  # such as other libraries have
                return self._placed(as_arrays(self._inputs, arrays))
            if len(self._layouts) >= MOST_LAYOUTS:
                self._layouts.clear()
            layout = self._layouts[key] = self._layout(arrays)
        given = [
            array if fits and array.flags.num & READY == READY else ready(array, dtype)
            for array, (dtype, fits) in zip(arrays, layout.wanted, strict=True)
        ]
        make = _aligned if layout.large else np.empty
        return layout, given, tuple([make(shape, layout.dtype) for shape in layout.shapes])

    def _layout(self, arrays: tuple[Array, ...]) -> _Layout:
        import numpy as np

        dtype, returned = types(self._inputs, arrays)
        real = next(real for real in REALS if real.dtype == dtype.name)
        sizes = lengths(self._inputs, list(arrays))
        interface, library = self._library(sizes)
        kinds = [np.dtype("int64" if node.kind == "index" else real.dtype) for node in self._inputs]
        name, shape = (
            symbol(self.function, real),
            [tuple(_length(axis.size, sizes) for axis in output.axes) for output in self.function.program.outputs],
        )
        return _Layout(
            interface,
            getattr(library, name),
            getattr(library, f"{name}_packed"),
            partial(interface.from_buffer, interface.typeof("char[]")),
            sizes.get(BATCH, 1),
            tuple((kind, array.dtype == kind) for kind, array in zip(kinds, arrays, strict=True)),
            dtype,
            returned,
            tuple(shape),
            max(map(prod, shape), default=0) >= LARGE,
        )

    def _library(self, sizes: dict[str, int]) -> tuple[Any, Any]:
        key = tuple(sorted((name, length) for name, length in sizes.items() if name != BATCH))
        if key not in self._built:
            source = write([self.function], self.function.name, "a call", dict(key))
            declarations = [self._declaration(real) for real in REALS]
            source += "".join(f"\n{self._packed(real)}\n" for real in REALS)
            declarations += [f"int {symbol(self.function, real)}_packed(void *const *given);" for real in REALS]
            self._built[key] = load(source, declarations)
        return self._built[key]

    def _declaration(self, real: Real) -> str:
        """The declaration with untyped pointers: what they point to was checked."""
        count = len(self._inputs) + len(self.function.program.outputs)
        return f"int {symbol(self.function, real)}(int64_t, {', '.join(['void *'] * count)});"

    def _packed(self, real: Real) -> str:
        """The same function with a single argument, for a call of little more than its own work."""
        count = len(self._inputs) + len(self.function.program.outputs)
        arguments = ", ".join(["*(const int64_t *)given[0]", *(f"given[{place}]" for place in range(1, count + 1))])
        name = symbol(self.function, real)
        return f"int {name}_packed(void *const *given)\n{{\n    return {name}({arguments});\n}}"


def compiled(function: Function) -> Callable[..., Any]:
    """The function in C; with a warning, computed by NumPy if there is no compiler here."""
    try:
        require()
    except CompilerMissing as error:
        warnings.warn(str(error), RuntimeWarning, stacklevel=2)
        return lambda *arrays: _with_numpy(function, arrays)
    return Compiled(function)


def lengths(inputs: tuple[Input, ...], arrays: list[Array]) -> dict[str, int]:
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


def _aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """A new array that begins in the middle of a page, so that no vector of it lies across two lines of the cache.

    The allocator lets large arrays begin at the start of a page. Processors compare the addresses of loads with those of
    stores that are under way by their place in a page; half a page apart, they do not take one for the other.
    """
    import numpy as np

    count = prod(shape) * dtype.itemsize
    memory = np.empty(count + PAGE, np.uint8)
    start = (PAGE // 2 - memory.ctypes.data) % PAGE
    aligned: Array = memory[start : start + count].view(dtype).reshape(shape)
    return aligned


def _length(size: str, sizes: dict[str, int]) -> int:
    return int(size) if size.isdigit() else sizes[size]


def _with_numpy(function: Function, given: tuple[Array, ...]) -> Any:
    import numpy as np

    arrays = as_arrays(function.arguments, given)
    dtype, returned = types(function.arguments, arrays)
    sizes = lengths(function.arguments, list(arrays))
    found = {}
    for node, array in zip(function.arguments, arrays, strict=True):
        if node.kind == "index" and ((array < 0) | (array >= _length(node.below, sizes))).any():
            raise IndexError(f"{function.name}: a label is not one of the places")
        found[node.name] = ready(array, np.dtype(np.int64) if node.kind == "index" else dtype)
    results = tuple(result.astype(returned) for result in evaluate(function.program, found).values())
    return results[0] if len(results) == 1 else results
