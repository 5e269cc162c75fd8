"""The state of one evaluation: where primitives get their values, which quantities carry an ε, what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from sympy import Symbol

from derive.balls.duals import TooLarge, Unsupported, Value

Positions: TypeAlias = tuple[int, ...]
Lookup: TypeAlias = Callable[[str, Positions], Value]
Accessor: TypeAlias = Callable[[Positions], Value]

MAX_STEPS = 100_000


class Perturbation(NamedTuple):
    """An ε of `level` added to the quantity `name` at `positions`; a name of None reserves the level only."""

    name: str | None
    positions: Positions
    level: int


Stack: TypeAlias = tuple[Perturbation, ...]


class Run:
    """One evaluation at one point and one precision.

    `lookup` gives the values of primitives. `stack` holds the perturbations in force, the outermost
    derivative first, and `memo` the quantities already evaluated under them. `sizes_read` and `functions`
    record which sizes and which unknown functions (name and number of arguments) mattered.
    """

    __slots__ = ("_limit", "_memos", "base", "functions", "lookup", "memo", "sizes", "sizes_read", "stack", "steps")

    def __init__(self, lookup: Lookup, sizes: Mapping[str, int], indices: Mapping[Symbol, int], limit: int = MAX_STEPS) -> None:
        self.lookup = lookup
        self.sizes = sizes
        self.base: dict[Symbol, int] = dict(indices)
        self.stack: Stack = ()
        self.memo: dict[tuple[str, Positions], Value] = {}
        self._memos: dict[Stack, dict[tuple[str, Positions], Value]] = {(): self.memo}
        self.sizes_read: set[str] = set()
        self.functions: set[tuple[str, int]] = set()
        self.steps = 0
        self._limit = limit

    def under(self, stack: Stack) -> Stack:
        """Makes `stack` the perturbations in force and returns those that were."""
        before = self.stack
        self.stack = stack
        memo = self._memos.get(stack)
        if memo is None:
            memo = self._memos[stack] = {}
        self.memo = memo
        return before

    def next_level(self) -> int:
        return self.stack[-1].level + 1 if self.stack else 1

    def step(self, count: int) -> None:
        """Counts `count` summands; raises :class:`TooLarge` beyond the limit."""
        self.steps += count
        if self.steps > self._limit:
            raise TooLarge(f"more than {self._limit} summands")


class Frame:
    """The names in scope: indices with their integers, and the parameters of the function being evaluated."""

    __slots__ = ("env", "families", "run", "scalars")

    def __init__(
        self,
        run: Run,
        env: dict[Symbol, int],
        scalars: dict[Symbol, Value] | None = None,
        families: dict[str, Accessor] | None = None,
    ) -> None:
        self.run = run
        self.env = env
        self.scalars = scalars if scalars is not None else {}
        self.families = families if families is not None else {}

    def integer(self, symbol: Symbol) -> int:
        """The integer that an index or a size stands for."""
        value = self.env.get(symbol)
        if value is None:
            value = self.run.sizes.get(symbol.name)
            self.run.sizes_read.add(symbol.name)
        if value is None:
            raise Unsupported(f"{symbol} has no value")
        return value
