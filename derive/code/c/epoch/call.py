"""A planned epoch (:class:`~derive.code.c.epoch.plan.Plan`) built in C, with its arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.code.arrays.program import BATCH, ShapeError
from derive.code.c.arguments import check, ready
from derive.code.c.build import load
from derive.code.c.epoch.plan import NO_EXAMPLE, STATUS, Plan
from derive.code.c.epoch.product import SLACK

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[Any]]


KINDS = {"l": "int64_t[]", "q": "int64_t[]", "d": "double[]", "f": "float[]"}
PROBLEMS = {
    STATUS: "a label is not one of the places, or there is not enough memory",
    NO_EXAMPLE: "the order of the examples names one that there is not",
}


@dataclass(frozen=True)
class Done:
    """What was seen in each step that was done: the mean loss (the last one may not be finite), the size of each slope.

    `steps` is the number of steps behind which the parameters were replaced.
    """

    steps: int
    losses: Numbers
    norms: Numbers


@dataclass
class Compiled:
    """The planned epoch for batches of at most `size` rows.

    Raises:
        CompilerMissing: if C cannot be built or called here.
    """

    plan: Plan
    size: int
    _stored: dict[str, Numbers] = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        self._interface, self._library = load(self.plan.source, self.plan.declarations)
        self._stored = {}
        for array in self.plan.arrays:
            shape = [self.size if size == BATCH else int(size) for size in array.sizes]
            shape = shape[::-1] if array.name in self.plan.turned else shape
            kind = np.dtype(np.int64 if array.index else self.plan.dtype)
            length = int(np.prod(shape))
            room = np.zeros(length + SLACK // kind.itemsize, kind)
            self._stored[array.name] = room[:length].reshape(shape)
        pointers = [self._interface.cast("void *", array.ctypes.data) for array in self._stored.values()]
        self._arrays = self._interface.new("void *[]", pointers)

    def __getitem__(self, name: str) -> Numbers:
        """The array `name` as it is now, with its axes in their order; of a batch, all rows that there is room for."""
        stored = self._stored[name]
        return (stored.T if name in self.plan.turned else stored).copy()

    def __setitem__(self, name: str, value: Numbers) -> None:
        stored = self._stored[name]
        stored[...] = value.T if name in self.plan.turned else value

    def steps(
        self, first: int, last: int, order: Numbers, inputs: Numbers, labels: Numbers, numbers: Mapping[str, float]
    ) -> Done:
        """Do the steps from `first` to before `last` of an epoch in which the examples come in this `order`.

        It ends before the update of the first step whose loss is not finite.

        Raises:
            ShapeError: if the arrays do not fit.
            ValueError: if labels or places are no integers, or inputs no real numbers.
            IndexError: if the order names an example that there is not, or a label is not one of the places.
        """
        import numpy as np

        check("labels", "index", labels)
        check("order", "index", order)
        place = np.dtype(np.int64)
        inputs, labels, order = self._checked(inputs), ready(labels, place), ready(order, place)
        if labels.shape != (len(inputs),) or order.ndim != 1 or not 0 <= first <= last <= -(-len(order) // self.size):
            raise ShapeError(f"steps {first} to {last} of {len(order)} examples, {len(inputs)} inputs and {len(labels)} labels")
        losses, norms = np.empty(last - first), np.empty((last - first, len(self.plan.slopes)))
        done = self._library.steps(
            first,
            last,
            self.size,
            len(order),
            len(inputs),
            self._pointer(order),
            self._pointer(inputs),
            self._pointer(labels),
            self._numbers(numbers),
            self._arrays,
            self._pointer(losses),
            self._pointer(norms),
        )
        if done < 0:
            raise IndexError(PROBLEMS[done])
        return Done(done, losses[: done + 1], norms[:done])

    def outputs(self, inputs: Numbers, numbers: Mapping[str, float]) -> Numbers:
        """The outputs for `inputs`, any number of rows."""
        import numpy as np

        inputs = self._checked(inputs)
        results = np.empty((len(inputs), *self._stored[self.plan.outputs].shape[1:]), self.plan.dtype)
        if (
            self._library.outputs(
                self.size, len(inputs), self._pointer(inputs), self._numbers(numbers), self._arrays, self._pointer(results)
            )
            < 0
        ):
            raise MemoryError("the outputs")
        return results

    def _checked(self, inputs: Numbers) -> Numbers:
        import numpy as np

        check("inputs", "real", inputs)
        inputs = ready(inputs, np.dtype(self.plan.dtype))
        if inputs.shape[1:] != self._stored[self.plan.inputs].shape[1:]:
            raise ShapeError(f"expected inputs of shape {self._stored[self.plan.inputs].shape[1:]}, found {inputs.shape[1:]}")
        return inputs

    def _numbers(self, numbers: Mapping[str, float]) -> Any:
        import numpy as np

        return self._interface.new(KINDS[np.dtype(self.plan.dtype).char], [numbers[name] for name in self.plan.numbers])

    def _pointer(self, array: Numbers) -> Any:
        return self._interface.from_buffer(KINDS[array.dtype.char], array)
