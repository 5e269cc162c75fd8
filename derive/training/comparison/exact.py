"""Quantities of a network at its current numbers, in balls: the symbolic side of the comparison.

The value of a quantity is computed from the definitions, term by term, in Arb's ball arithmetic (128 bits): no array
program, no generated code, no floating point. The ball contains the real number that the documents mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from derive.training.comparison.symbolic import Symbolic
from derive.training.settings.errors import TrainError

if TYPE_CHECKING:
    import numpy as np
    from flint import arb

    Array = np.ndarray[Any, np.dtype[Any]]

BITS = 128
SUMMANDS = 100_000_000


class Exact:
    """The quantities of `symbolic` where its primitives have the values `arrays`, by name.

    Args:
        arrays: real arrays with one axis for each index, numbers for scalars; or balls, in nested lists.
        sizes: the sizes of the context by name.
    """

    def __init__(self, symbolic: Symbolic, arrays: Mapping[str, Any], sizes: Mapping[str, int]) -> None:
        from derive.balls.frames import Run

        self._quantities = symbolic.quantities
        self._arrays = arrays
        self._program = symbolic.program
        self._run = Run(self._primitive, sizes, {}, SUMMANDS)

    def _primitive(self, name: str, positions: tuple[int, ...]) -> arb:
        from flint import arb

        if name not in self._arrays:
            raise TrainError(f"the symbolic form needs {name}, which has no value")
        value = self._arrays[name]
        for position in positions:
            value = value[position - 1]
        return value if isinstance(value, arb) else arb(float(value))

    def value(self, name: str, place: Sequence[int] = ()) -> arb:
        """The ball of the quantity `name` at `place`, counted from 0."""
        from flint import ctx

        from derive.balls.duals import ball
        from derive.balls.frames import Frame

        quantity = self._quantities[name]
        with ctx.workprec(BITS):
            at = dict(zip(quantity.letters, (p + 1 for p in place), strict=True))
            return ball(self._program.compile(quantity.term)(Frame(self._run, at)))
