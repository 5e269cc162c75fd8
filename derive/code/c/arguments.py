"""What is given to C: arrays of the types that it takes, converted where no value changes its meaning, refused otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from derive.code.arrays.program import Input, ShapeError

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

# The kinds of NumPy types that can be given: a rounded label or a truth value is no place, a complex number is not real.
KINDS = {"index": "iu", "real": "fiub"}
EXPECTED = {"index": "integers", "real": "real numbers"}
# The flags C_CONTIGUOUS and ALIGNED of NumPy arrays.
READY = 0x0001 | 0x0100


def types(inputs: Sequence[Input], arrays: Sequence[Array]) -> tuple[Any, Any]:
    """The type that is computed in, and that of the results: float32 and float16 for float16, float32 twice for float32
    (alone or with float16), float64 twice for all else.

    Raises:
        ShapeError: if there are too few or too many arguments.
        ValueError: if an array has a type that the argument cannot have.
    """
    import numpy as np

    if len(inputs) != len(arrays):
        raise ShapeError(f"expected {len(inputs)} arguments, found {len(arrays)}")
    for node, array in zip(inputs, arrays, strict=True):
        check(node.name, node.kind, array)
    short, half = np.dtype("float32"), np.dtype("float16")
    found = {array.dtype.newbyteorder("=") for node, array in zip(inputs, arrays, strict=True) if node.kind == "real"}
    if found and found <= {short, half}:
        return short, half if found == {half} else short
    return np.dtype("float64"), np.dtype("float64")


def check(name: str, kind: str, array: Array) -> None:
    """Nothing, if the argument `name` can have the type of the array.

    Raises:
        ValueError: if not.
    """
    if array.dtype.kind not in KINDS[kind]:
        raise ValueError(f"{name}: expected {EXPECTED[kind]}, found {array.dtype}")


def ready(array: Array, dtype: Any) -> Array:
    """The array itself if C can read it, else a copy of this type, in C order and at an address for its type.

    An unsigned label that is no int64 becomes a negative one, which is a place no more than it was.
    """
    import numpy as np

    if array.dtype == dtype and array.flags.num & READY == READY:
        return array
    return np.array(array, dtype, order="C")


def as_arrays(inputs: Sequence[Input], arrays: Sequence[object]) -> tuple[Array, ...]:
    """Lists and numbers as arrays; an empty list has places if they are expected."""
    import numpy as np

    made = [np.asarray(array) for array in arrays]
    for place, (node, array) in enumerate(zip(inputs, arrays, strict=False)):
        if node.kind == "index" and not hasattr(array, "dtype") and made[place].size == 0:
            made[place] = made[place].astype(np.int64)
    return tuple(made)
