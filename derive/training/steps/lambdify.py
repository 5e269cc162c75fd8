"""The reference target: every function written out for the sizes at hand by SymPy's ``lambdify``, one example at a time.

Nothing of the array programs is used, so it is slow: good for a small model and few epochs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from derive.code.arrays.program import Input
    from derive.code.functions.build import Function
    from derive.training.steps.sources import Source

    Array = np.ndarray[Any, np.dtype[Any]]

Sizes = tuple[tuple[str, int], ...]
Place = tuple[str, int]


def short(function: Function, document: Source) -> Function:
    """The function with its derivatives as they were proved; carried out anew they would be double sums with deltas."""
    slopes = {form.head: form.value for _, _, form in document.slopes}
    bodies = {d.head: d.body.xreplace(slopes) for d in document.context.definitions if d.body.has(*slopes)} if slopes else {}
    results = tuple(replace(wanted, meaning=bodies.get(wanted.term, wanted.term)) for wanted in function.signature.results)
    return replace(function, signature=replace(function.signature, results=results))


@dataclass
class Lambdified:
    """A function called by the names of its arguments; written out anew for each set of sizes and each label."""

    function: Function
    _made: dict[tuple[Sizes, int], tuple[tuple[Place, ...], Callable[..., Any]]] = field(default_factory=dict)

    def __call__(self, **arguments: Any) -> Any:
        """The results as arrays; for the examples of a batch one after the other, or their mean."""
        import numpy as np

        from derive.code.arrays.program import BATCH

        inputs = self.function.program.inputs
        arrays = {node.name: np.asarray(arguments[node.name]) for node in inputs}
        own = {node.name: [axis for axis in node.axes if axis.size != BATCH] for node in inputs}
        rows = [node.name for node in inputs if arrays[node.name].ndim > len(own[node.name])]
        sizes = tuple(
            sorted(
                {
                    axis.size: length
                    for name, axes in own.items()
                    for axis, length in zip(axes, arrays[name].shape[arrays[name].ndim - len(axes) :], strict=True)
                }.items()
            )
        )
        shapes = self._shapes(dict(sizes))
        examples = len(arrays[rows[0]]) if rows else 1
        results: list[list[Array]] = [[] for _ in shapes]
        flat = {name: array.ravel().tolist() for name, array in arrays.items() if name not in rows}
        for row in range(examples):
            here = {name: array[row] if name in rows else array for name, array in arrays.items()}
            flat |= {name: here[name].ravel().tolist() for name in rows}
            for result, shape, numbers in zip(results, shapes, self._example(here, flat, sizes, inputs), strict=True):
                result.append(np.array(numbers, dtype=float).reshape(shape))
        whole = [
            np.mean(result, axis=0) if self.function.signature.mean else np.array(result) if rows else result[0]
            for result in results
        ]
        return whole[0] if len(whole) == 1 else tuple(whole)

    def _shapes(self, sizes: Mapping[str, int]) -> list[tuple[int, ...]]:
        from derive.code.stable.stabiliser import size_name

        signature = self.function.signature
        return [
            tuple(sizes[size_name(signature.context.range_of(letter))] for letter in wanted.letters)
            for wanted in signature.results
        ]

    def _example(
        self, arrays: Mapping[str, Array], flat: Mapping[str, list[float]], sizes: Sizes, inputs: tuple[Input, ...]
    ) -> Any:
        label = next((int(arrays[node.name]) for node in inputs if node.kind == "index"), 0)
        if (sizes, label) not in self._made:
            self._made[sizes, label] = self._written(arrays, sizes, label)
        places, compute = self._made[sizes, label]
        return compute(*[flat[name][place] for name, place in places])

    def _written(self, arrays: Mapping[str, Array], sizes: Sizes, label: int) -> tuple[tuple[Place, ...], Callable[..., Any]]:
        """The function for these sizes and this label, and where its arguments are in the flat arrays."""
        import numpy as np

        from derive.code.functions.lambdified import lambdified, spell

        names, compute = lambdified(self.function, dict(sizes), label)
        spelled = {known: name for known, name in self.function.spelling.items() if name in arrays}
        where = {
            spell(known, tuple(p + 1 for p in place)): (name, number)
            for known, name in spelled.items()
            for number, place in enumerate(np.ndindex(arrays[name].shape))
        }
        return tuple(where[name] for name in names), compute
