"""Array programs: nodes with named axes, shared, in an order in which each can be computed.

An axis has a name, which is local to its node, and the name of its size. The examples of a batch run along the axis
``batch``. A :class:`Ref` says which node an operand is and along which of the user's axes each of its axes runs, so that
``a_i - a_j`` refers twice to one node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

BATCH = "batch"


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


@dataclass(frozen=True)
class Inverse:
    """The inverse of the square matrix that the operand is along `row` and `column`, for each entry of its other axes.

    It has the same axes, and ``Σ_column A[row, column] B[column, row'] = 1`` where the rows are the same, 0 elsewhere.
    """

    operand: Ref
    row: str
    column: str
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Solve:
    """What the matrix has to be multiplied by: ``Σ_column matrix[row, column] x[column] = right[row]``."""

    matrix: Ref
    right: Ref
    row: str
    column: str
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Determinant:
    """The determinant of the square matrix that the operand is along `row` and `column`; its logarithm if it is `in_log`."""

    operand: Ref
    row: str
    column: str
    in_log: bool
    axes: tuple[Axis, ...]


OfMatrix: TypeAlias = Inverse | Solve | Determinant
Node: TypeAlias = (
    Input | Constant | Length | Elementwise | Reduce | Contract | Gather | Put | Broadcast | Identity | Places | OfMatrix
)


def operands_of(node: Node) -> tuple[Ref, ...]:
    """What the node refers to, in order."""
    if isinstance(node, Elementwise | Contract):
        return node.operands
    if isinstance(node, Reduce | Broadcast | Inverse | Determinant):
        return (node.operand,)
    if isinstance(node, Solve):
        return node.matrix, node.right
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


def moved(node: Node, new: dict[int, int]) -> Node:
    """The node with its references renumbered."""
    return referring(node, lambda old: Ref(new[old.node], old.axes))


def referring(node: Node, ref: Callable[[Ref], Ref]) -> Node:
    """The node with `ref` of each of its references."""
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
    if isinstance(node, Inverse | Determinant):
        return replace(node, operand=ref(node.operand))
    if isinstance(node, Solve):
        return replace(node, matrix=ref(node.matrix), right=ref(node.right))
    return node
