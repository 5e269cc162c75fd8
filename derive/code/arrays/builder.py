"""How array programs are made: values along the letters of whoever builds one, equal nodes shared."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from derive.code.arrays.program import (
    BATCH,
    Axis,
    Broadcast,
    Constant,
    Contract,
    Determinant,
    Elementwise,
    Gather,
    Identity,
    Input,
    Inverse,
    Length,
    Node,
    Output,
    Places,
    Program,
    Put,
    Reduce,
    Ref,
    ShapeError,
    Solve,
    moved,
    operands_of,
)

_NAMES = "ijklmnopqrstuvwxyzabcdefgh"


@dataclass(frozen=True)
class Value:
    """A node whose axes run along `letters`: whatever the builder's user calls its indices."""

    node: int
    letters: tuple[Hashable, ...]


@dataclass
class Builder:
    """Makes a program; equal nodes become one."""

    nodes: list[Node] = field(default_factory=list)
    hints: dict[int, str] = field(default_factory=dict)
    _places: dict[Node, int] = field(default_factory=dict)

    def input(
        self,
        name: str,
        letters: Sequence[Hashable],
        sizes: Sequence[str],
        kind: Literal["real", "index"] = "real",
        below: str = "",
        positive: bool = False,
    ) -> Value:
        names = self._named(letters)
        axes = tuple(Axis(names[letter], size) for letter, size in zip(letters, sizes, strict=True))
        return self._add(Input(name, axes, kind, below, positive), letters)

    def constant(self, value: Fraction | str) -> Value:
        return self._add(Constant(value), ())

    def length(self, size: str) -> Value:
        return self._add(Length(size), ())

    def elementwise(self, op: str, *operands: Value) -> Value:
        letters, sizes = self._joined(operands)
        names = self._named(letters)
        axes = tuple(Axis(names[letter], sizes[letter]) for letter in letters)
        return self._add(Elementwise(op, tuple(self._ref(o, names) for o in operands), axes), letters)

    def reduce(self, op: Literal["sum", "max", "argmax"], operand: Value, over: Hashable) -> Value:
        if over not in operand.letters:
            raise ShapeError(f"no axis {over} to reduce")
        letters = tuple(letter for letter in operand.letters if letter != over)
        names, axes = self._axes(letters, operand, (over,))
        return self._add(Reduce(op, self._ref(operand, names), axes), letters)

    def contract(self, operands: Sequence[Value], over: Iterable[Hashable]) -> Value:
        joined, sizes = self._joined(operands)
        summed = tuple(over)
        if any(letter not in joined for letter in summed):
            raise ShapeError(f"no axis among {summed} to contract")
        letters = tuple(letter for letter in joined if letter not in summed)
        names = self._named((*letters, *(letter for letter in joined if letter in summed)))
        axes = tuple(Axis(names[letter], sizes[letter]) for letter in letters)
        return self._add(Contract(tuple(self._ref(o, names) for o in operands), axes), letters)

    def gather(self, operand: Value, at: Hashable, index: Value | int) -> Value:
        if at not in operand.letters:
            raise ShapeError(f"no axis {at} to gather from")
        kept = tuple(letter for letter in operand.letters if letter != at)
        joined, sizes = self._joined([operand, *([index] if isinstance(index, Value) else [])])
        letters = tuple(letter for letter in joined if letter != at)
        if len(letters) != len(kept):
            raise ShapeError("an index array with an axis that the array does not have")
        names = self._named((*letters, at))
        axes = tuple(Axis(names[letter], sizes[letter]) for letter in letters)
        where = index if isinstance(index, int) else self._ref(index, names)
        return self._add(Gather(self._ref(operand, names), names[at], where, axes), letters)

    def put(self, operand: Value, at: Hashable, index: Value, value: Value) -> Value:
        names, axes = self._axes(operand.letters, operand)
        if at not in names or any(letter not in names for letter in (*index.letters, *value.letters)) or at in value.letters:
            raise ShapeError("what is put does not fit into the array")
        refs = (self._ref(part, names) for part in (operand, index, value))
        first, second, third = refs
        return self._add(Put(first, names[at], second, third, axes), operand.letters)

    def broadcast(self, operand: Value, letters: Sequence[Hashable], sizes: Sequence[str]) -> Value:
        """The operand along all of `letters`, in this order; itself where nothing changes."""
        if operand.letters == tuple(letters):
            return operand
        names = self._named(letters)
        axes = tuple(Axis(names[letter], size) for letter, size in zip(letters, sizes, strict=True))
        return self._add(Broadcast(self._ref(operand, names), axes), letters)

    def identity(self, first: Hashable, second: Hashable, size: str) -> Value:
        names = self._named((first, second))
        return self._add(Identity((Axis(names[first], size), Axis(names[second], size))), (first, second))

    def places(self, letter: Hashable, size: str) -> Value:
        names = self._named((letter,))
        return self._add(Places((Axis(names[letter], size),)), (letter,))

    def inverse(self, matrix: Value, row: Hashable, column: Hashable) -> Value:
        """The inverse: its axis `column` is that of its rows."""
        names, axes = self._axes(self._ending(matrix, row, column), matrix)
        letters = tuple(letter for letter in matrix.letters if letter not in (row, column))
        by_name = {axis.name: axis for axis in axes}
        turned = (*(by_name[names[letter]] for letter in letters), by_name[names[column]], by_name[names[row]])
        return self._add(Inverse(self._ref(matrix, names), names[row], names[column], turned), (*letters, column, row))

    def solve(self, matrix: Value, right: Value, row: Hashable, column: Hashable) -> Value:
        """x with ``Σ_column matrix[row, column] x[column] = right[row]``."""
        self._ending(matrix, row, column)
        if row not in right.letters or column in right.letters:
            raise ShapeError("a right side that does not fit its matrix")
        joined, sizes = self._joined([matrix, right])
        others = [letter for letter in joined if letter not in (row, column)]
        lead, behind = [one for one in others if one == BATCH], [one for one in others if one != BATCH]
        letters = (*lead, column, *behind)
        names = self._named((*letters, row))
        axes = tuple(Axis(names[letter], sizes[letter]) for letter in letters)
        return self._add(Solve(self._ref(matrix, names), self._ref(right, names), names[row], names[column], axes), letters)

    def determinant(self, matrix: Value, row: Hashable, column: Hashable, in_log: bool = False) -> Value:
        """The determinant, or its logarithm."""
        letters = self._ending(matrix, row, column)[:-2]
        names, axes = self._axes(letters, matrix, (row, column))
        return self._add(Determinant(self._ref(matrix, names), names[row], names[column], in_log, axes), letters)

    def _ending(self, matrix: Value, row: Hashable, column: Hashable) -> tuple[Hashable, ...]:
        """The letters of a square matrix, those of rows and columns last."""
        sizes = self.sizes_of(matrix)
        if row not in sizes or column not in sizes or row == column or sizes[row] != sizes[column]:
            raise ShapeError("a matrix that is not square")
        return (*(letter for letter in matrix.letters if letter not in (row, column)), row, column)

    def hint(self, value: Value, name: str) -> None:
        """The node would be called `name`; what was said first stays."""
        if not isinstance(self.nodes[value.node], Input | Constant | Length):
            self.hints.setdefault(value.node, name)

    def sizes_of(self, value: Value) -> dict[Hashable, str]:
        """The size of each of the value's letters."""
        axes = self.nodes[value.node].axes
        return {letter: axis.size for letter, axis in zip(value.letters, axes, strict=True)}

    def program(self, outputs: Sequence[tuple[str, Value]]) -> Program:
        """The program of these outputs, without the nodes that none of them needs (inputs stay)."""
        needed = {value.node for _, value in outputs}
        for place in range(len(self.nodes) - 1, -1, -1):
            if place in needed:
                needed.update(ref.node for ref in operands_of(self.nodes[place]))
        kept = [p for p in range(len(self.nodes)) if p in needed or isinstance(self.nodes[p], Input)]
        new = {old: position for position, old in enumerate(kept)}
        results = []
        for name, value in outputs:
            names, axes = self._axes(value.letters, value)
            results.append(Output(name, Ref(new[value.node], tuple(names[letter] for letter in value.letters)), axes))
        nodes = tuple(moved(self.nodes[p], new) for p in kept)
        return Program(nodes, tuple(results), tuple((new[p], name) for p, name in sorted(self.hints.items()) if p in new))

    # -- axes -----------------------------------------------------------------------------------------------------

    def _add(self, node: Node, letters: Sequence[Hashable]) -> Value:
        place = self._places.get(node)
        if place is None:
            place = self._places[node] = len(self.nodes)
            self.nodes.append(node)
        return Value(place, tuple(letters))

    def _joined(self, operands: Sequence[Value]) -> tuple[tuple[Hashable, ...], dict[Hashable, str]]:
        """All letters, the batch first, then in the order in which they are met; and their sizes."""
        sizes: dict[Hashable, str] = {}
        for operand in operands:
            for letter, size in self.sizes_of(operand).items():
                if sizes.setdefault(letter, size) != size:
                    raise ShapeError(f"{letter} runs over {sizes[letter]} and over {size}")
        return tuple(sorted(sizes, key=lambda letter: letter != BATCH)), sizes

    def _axes(
        self, letters: Sequence[Hashable], operand: Value, more: Sequence[Hashable] = ()
    ) -> tuple[dict[Hashable, str], tuple[Axis, ...]]:
        sizes = self.sizes_of(operand)
        names = self._named((*letters, *more))
        return names, tuple(Axis(names[letter], sizes[letter]) for letter in letters)

    def _named(self, letters: Sequence[Hashable]) -> dict[Hashable, str]:
        """Names by position, so that nodes that differ in the letters of their user only are equal."""
        if len(set(letters)) != len(letters):
            raise ShapeError(f"an axis occurs twice among {tuple(map(str, letters))}")
        others = [letter for letter in letters if letter != BATCH]
        names: dict[Hashable, str] = dict(zip(others, _NAMES, strict=False))
        if len(others) > len(_NAMES):
            raise ShapeError("too many axes")
        return {letter: BATCH if letter == BATCH else names[letter] for letter in letters}

    def _ref(self, value: Value, names: dict[Hashable, str]) -> Ref:
        return Ref(value.node, tuple(names[letter] for letter in value.letters))
