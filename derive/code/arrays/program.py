"""Array programs: nodes with named axes, shared, in an order in which each can be computed.

An axis has a name, which is local to its node, and the name of its size. The examples of a batch run along the axis
``batch``. A :class:`Ref` says which node an operand is and along which of the user's axes each of its axes runs, so that
``a_i - a_j`` refers twice to one node.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

BATCH = "batch"
_NAMES = "ijklmnopqrstuvwxyzabcdefgh"


@dataclass(frozen=True)
class Axis:
    """A name, local to the node, and the name of the size (``n``, ``batch``, or a number such as ``3``)."""

    name: str
    size: str


@dataclass(frozen=True)
class Ref:
    """The node at place `node` of the program; `axes` names, for each axis of that node, the user's axis."""

    node: int
    axes: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """An argument: real numbers, which may be known to be `positive`, or indices (counted from 0) below the size `below`."""

    name: str
    axes: tuple[Axis, ...]
    kind: Literal["real", "index"] = "real"
    below: str = ""
    positive: bool = False


@dataclass(frozen=True)
class Constant:
    """A number, exact; or ``pi`` or ``e``."""

    value: Fraction | str
    axes: tuple[Axis, ...] = ()


@dataclass(frozen=True)
class Length:
    """The length of the axes whose size is called `size`, as a number."""

    size: str
    axes: tuple[Axis, ...] = ()


@dataclass(frozen=True)
class Elementwise:
    """``op`` applied entry by entry; operands are repeated along the axes that they do not have."""

    op: str
    operands: tuple[Ref, ...]
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Reduce:
    """Along the one axis that `axes` does not have: the sum, the maximum, the place of the first maximum, or the others.

    The others are the sum of all entries but the largest one, of an array without negative entries.
    """

    op: Literal["sum", "max", "argmax", "others"]
    operand: Ref
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Contract:
    """The sum, over all axes that are not in `axes`, of the product of the operands."""

    operands: tuple[Ref, ...]
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Gather:
    """The operand at `index` (counted from 0) of its axis `axis`, for each entry of the other axes."""

    operand: Ref
    axis: str
    index: Ref | int
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Put:
    """The operand, with `value` in the place of what it has at `index` of `axis`."""

    operand: Ref
    axis: str
    index: Ref
    value: Ref
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Broadcast:
    """The operand repeated along the axes that it does not have, in the order of `axes`."""

    operand: Ref
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Identity:
    """1 where the two axes coincide and 0 elsewhere: a square matrix, made only where one was asked for."""

    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Places:
    """The indices 0, 1, … along its one axis: the entry at `Places` of another axis of that length is on the diagonal."""

    axes: tuple[Axis, ...]


Node: TypeAlias = Input | Constant | Length | Elementwise | Reduce | Contract | Gather | Put | Broadcast | Identity | Places


def operands_of(node: Node) -> tuple[Ref, ...]:
    """What the node refers to, in order."""
    if isinstance(node, Elementwise | Contract):
        return node.operands
    if isinstance(node, Reduce | Broadcast):
        return (node.operand,)
    if isinstance(node, Gather):
        return (node.operand, node.index) if isinstance(node.index, Ref) else (node.operand,)
    if isinstance(node, Put):
        return (node.operand, node.index, node.value)
    return ()


@dataclass(frozen=True)
class Output:
    """A result: a node, the names of whose axes are as they are to be returned."""

    name: str
    ref: Ref
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Program:
    """Nodes in an order in which each comes after its operands; `hints` are names for some of them."""

    nodes: tuple[Node, ...]
    outputs: tuple[Output, ...]
    hints: tuple[tuple[int, str], ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The arguments, in the order in which they were declared."""
        return tuple(node for node in self.nodes if isinstance(node, Input))

    def with_inputs_first(self, inputs: Sequence[Input]) -> Program:
        """The same program, its inputs in the order of `inputs` before all other nodes."""
        others = [place for place, node in enumerate(self.nodes) if not isinstance(node, Input)]
        new = {old: place for place, old in enumerate([*(self.nodes.index(node) for node in inputs), *others])}
        outputs = tuple(Output(o.name, Ref(new[o.ref.node], o.ref.axes), o.axes) for o in self.outputs)
        nodes = tuple(moved(self.nodes[old], new) for old in new)
        return Program(nodes, outputs, tuple(sorted((new[place], name) for place, name in self.hints)))

    def with_outputs(self, outputs: Sequence[Output]) -> Program:
        """The same program with these of its outputs, without the nodes that none of them needs (inputs stay)."""
        needed = {output.ref.node for output in outputs}
        for place in range(len(self.nodes) - 1, -1, -1):
            if place in needed:
                needed.update(ref.node for ref in operands_of(self.nodes[place]))
        kept = [place for place, node in enumerate(self.nodes) if place in needed or isinstance(node, Input)]
        new = {old: place for place, old in enumerate(kept)}
        nodes = tuple(moved(self.nodes[place], new) for place in kept)
        results = tuple(Output(o.name, Ref(new[o.ref.node], o.ref.axes), o.axes) for o in outputs)
        return Program(nodes, results, tuple((new[place], name) for place, name in self.hints if place in new))

    def uses(self) -> dict[int, int]:
        """How many times each node is referred to, by nodes and as an output."""
        count = dict.fromkeys(range(len(self.nodes)), 0)
        for ref in (*(r for node in self.nodes for r in operands_of(node)), *(o.ref for o in self.outputs)):
            count[ref.node] += 1
        return count


class ShapeError(ValueError):
    """Axes that do not fit: two lengths for one axis, or an axis that is not there."""


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


def moved(node: Node, new: dict[int, int]) -> Node:
    """The node with its references renumbered."""

    def ref(old: Ref) -> Ref:
        return Ref(new[old.node], old.axes)

    if isinstance(node, Elementwise):
        return Elementwise(node.op, tuple(map(ref, node.operands)), node.axes)
    if isinstance(node, Contract):
        return Contract(tuple(map(ref, node.operands)), node.axes)
    if isinstance(node, Reduce):
        return Reduce(node.op, ref(node.operand), node.axes)
    if isinstance(node, Broadcast):
        return Broadcast(ref(node.operand), node.axes)
    if isinstance(node, Gather):
        return Gather(ref(node.operand), node.axis, node.index if isinstance(node.index, int) else ref(node.index), node.axes)
    if isinstance(node, Put):
        return Put(ref(node.operand), node.axis, ref(node.index), ref(node.value), node.axes)
    return node
