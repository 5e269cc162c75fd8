"""An array program computed node by node with NumPy: what the text that a target writes has to agree with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from derive.code.arrays.program import (
    Broadcast,
    Constant,
    Contract,
    Elementwise,
    Gather,
    Identity,
    Input,
    Length,
    Node,
    OfMatrix,
    Places,
    Program,
    Put,
    Reduce,
    Ref,
    ShapeError,
)
from derive.code.functions.matrices import of_matrix
from derive.terms.elementary import BY_OP, head_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


def evaluate(program: Program, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The outputs by name, for arguments by name whose axes are those of the program's inputs.

    Raises:
        ShapeError: if two arguments give one size different lengths, or one is missing.
    """
    import numpy as np

    sizes: dict[str, int] = {}
    for given in program.inputs:
        if given.name not in arrays:
            raise ShapeError(f"{given.name} is missing")
        shape = np.shape(arrays[given.name])
        if len(shape) != len(given.axes):
            raise ShapeError(f"{given.name}: expected {len(given.axes)} axes, found {len(shape)}")
        for axis, length in zip(given.axes, shape, strict=True):
            if sizes.setdefault(axis.size, length) != length or axis.size.isdigit() and int(axis.size) != length:
                raise ShapeError(f"{given.name}: {axis.size} is {sizes[axis.size]} and {length}")
    run = _Run(sizes)
    values: list[Array] = []
    for node in program.nodes:
        values.append(np.asarray(arrays[node.name]) if isinstance(node, Input) else run.value(node, values))
    return {output.name: values[output.ref.node] for output in program.outputs}


class _Run:
    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes

    def length(self, size: str) -> int:
        return int(size) if size.isdigit() else self.sizes[size]

    def value(self, node: Node, values: list[Array]) -> Array:
        import numpy as np

        if isinstance(node, Constant):
            return np.asarray({"pi": math.pi, "e": math.e}[node.value] if isinstance(node.value, str) else float(node.value))
        if isinstance(node, Length):
            return np.asarray(float(self.length(node.size)))
        if isinstance(node, Identity):
            return np.eye(self.length(node.axes[0].size))
        if isinstance(node, Places):
            return np.arange(self.length(node.axes[0].size))
        if isinstance(node, OfMatrix):
            return of_matrix(node, lambda ref, names: aligned(values[ref.node], ref, names))
        names = tuple(axis.name for axis in node.axes)
        if isinstance(node, Elementwise):
            return np.asarray(operation(node.op)(*(aligned(values[o.node], o, names) for o in node.operands)))
        if isinstance(node, Broadcast):
            shape = tuple(self.length(axis.size) for axis in node.axes)
            return np.broadcast_to(aligned(values[node.operand.node], node.operand, names), shape)
        if isinstance(node, Reduce):
            place = next(p for p, name in enumerate(node.operand.axes) if name not in names)
            return np.asarray(getattr(np, node.op)(values[node.operand.node], axis=place))
        if isinstance(node, Contract):
            return contracted(node, values, names)
        if isinstance(node, Gather):
            operand = aligned(values[node.operand.node], node.operand, (*names, node.axis))
            if isinstance(node.index, int):
                return np.asarray(operand[..., node.index])
            index = np.broadcast_to(aligned(values[node.index.node], node.index, names), operand.shape[:-1])
            return np.take_along_axis(operand, index[..., None], axis=-1)[..., 0]
        if isinstance(node, Put):
            others = tuple(name for name in names if name != node.axis)
            result = np.array(aligned(values[node.operand.node], node.operand, (*others, node.axis)))
            index, fill = (
                np.broadcast_to(aligned(values[r.node], r, others), result.shape[:-1]) for r in (node.index, node.value)
            )
            np.put_along_axis(result, index[..., None], fill[..., None], axis=-1)
            return np.moveaxis(result, -1, names.index(node.axis))
        raise TypeError(f"an operation was expected, found {type(node).__name__}")


def aligned(array: Array, ref: Ref, names: tuple[str, ...]) -> Array:
    """The operand with its axes in the order of `names`, and an axis of length 1 for each name that it does not have."""
    import numpy as np

    present = [name for name in names if name in ref.axes]
    ordered = np.transpose(array, [ref.axes.index(name) for name in present])
    return ordered[tuple(slice(None) if name in ref.axes else None for name in names)]


def contracted(node: Contract, values: list[Array], names: tuple[str, ...]) -> Array:
    import numpy as np

    letters = {
        name: chr(ord("a") + p)
        for p, name in enumerate(dict.fromkeys((*names, *(name for o in node.operands for name in o.axes))))
    }
    sides = ",".join("".join(letters[name] for name in o.axes) for o in node.operands)
    result = "".join(letters[name] for name in names)
    return np.asarray(np.einsum(f"{sides}->{result}", *(values[o.node] for o in node.operands)))


@cache
def operation(op: str) -> Callable[..., Any]:
    """What an elementwise operation does: an elementary function is what SymPy makes of its class.

    Raises:
        KeyError: for a name that no operation has.
    """
    row = BY_OP.get(op)
    if row is None or not row.head:
        return _arithmetic()[op]
    import numpy as np
    import sympy

    if row.math and not hasattr(np, row.called("numpy")):
        return np.vectorize(getattr(math, row.math), otypes=[float])
    argument = sympy.Symbol("x", real=True)
    function: Callable[..., Any] = sympy.lambdify([argument], head_of(row)(argument), modules="numpy")
    return function


def _arithmetic() -> dict[str, Callable[..., Any]]:
    """The operations that no function of SymPy's is."""
    import numpy as np

    def shift(peak: Array) -> Array:
        """A whole number that keeps e^(peak - shift), and a billion times that, finite, and is 0 if 0 does; never far below 1.

        A number less a whole one of the same sign, at most twice as large, has no more digits than it, so that nothing is
        rounded away; only below e^-66 (in double precision e^-687) times the largest do exponentials lose a few units. Where
        all are -infinity it is finite, so that no difference is NaN.
        """
        highest = math.log(np.finfo(peak.dtype).max)
        least = np.finfo(peak.dtype).min
        whole: Array = np.trunc(np.maximum(peak, least) - np.minimum(np.abs(peak), max(highest - 22, highest / 2)))
        return whole

    return {
        "add": np.add,
        "sub": np.subtract,
        "mul": np.multiply,
        "div": np.divide,
        "neg": np.negative,
        "log1p": np.log1p,
        "max": np.maximum,
        "min": np.minimum,
        "sqrt": np.sqrt,
        "step": lambda x: np.heaviside(x, 0),
        "square": np.square,
        "power": np.power,
        "raised": lambda x, known, y: np.where(np.abs(known) > 0, known * x, x**y),
        "lowered": lambda x, known, y: np.where((np.abs(known) > 0) & (x != 0), known / x, x**y),
        "shift": shift,
        "finite": lambda x: np.maximum(x, np.finfo(x.dtype).min),
        "below": lambda x, y: np.where(x >= 0, 1, y),
        "support": lambda weight, value: np.where(weight == 0, 0, value),
    }
