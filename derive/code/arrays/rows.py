"""An axis of an array without examples, taken for that of examples: what is computed row by row is laid out as such.

Two axes are one where a node reads an array along them. The axis of the rows is the first of an argument with several; it
must be the first of every argument and result that has it, no node may have it twice, and nothing is chosen along it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from derive.code.arrays.program import (
    BATCH,
    Axis,
    Constant,
    Gather,
    Input,
    Length,
    Node,
    Output,
    Program,
    Put,
    Ref,
    operands_of,
    referring,
)

Place = tuple[int, str]


@dataclass(frozen=True)
class ByRows:
    """A program whose examples are the rows of arrays, and the name of the size that says how many they are."""

    program: Program
    size: str


def by_rows(program: Program) -> ByRows | None:
    """The program in which the rows of its arrays are examples; None where it has examples, or rows that are more than that."""
    axes = [axis for node in program.nodes for axis in node.axes]
    wide = next((place for place, node in enumerate(program.nodes) if isinstance(node, Input) and len(node.axes) > 1), None)
    if wide is None or any(axis.size == BATCH for axis in axes):
        return None
    classes = _Classes()
    for place, node in enumerate(program.nodes):
        for ref in operands_of(node):
            for axis, name in zip(program.nodes[ref.node].axes, ref.axes, strict=True):
                classes.join((ref.node, axis.name), (place, name))
    first = program.nodes[wide].axes[0]
    row = classes.of((wide, first.name))
    own = [[axis.name for axis in node.axes if classes.of((p, axis.name)) == row] for p, node in enumerate(program.nodes)]
    if not _fits(program, own, classes, row):
        return None
    nodes = tuple(_renamed(node, set(_names(place, node, classes, row))) for place, node in enumerate(program.nodes))
    outputs = tuple(_output(output, own[output.ref.node], program.nodes[output.ref.node]) for output in program.outputs)
    return ByRows(Program(nodes, outputs, program.hints), first.size)


@dataclass
class _Classes:
    """Axes of nodes that are one."""

    parents: dict[Place, Place] = field(default_factory=dict)

    def of(self, place: Place) -> Place:
        while place in self.parents:
            above = self.parents[place]
            if above in self.parents:
                self.parents[place] = self.parents[above]
            place = above
        return place

    def join(self, first: Place, second: Place) -> None:
        first, second = self.of(first), self.of(second)
        if first != second:
            self.parents[first] = second


def _fits(program: Program, own: Sequence[Sequence[str]], classes: _Classes, row: Place) -> bool:
    """Whether the rows can be examples; `own` are the axes of each node along which the rows run."""
    for place, node in enumerate(program.nodes):
        if len(own[place]) > 1 or isinstance(node, Constant | Length) and own[place]:
            return False
        if isinstance(node, Gather | Put) and classes.of((place, node.axis)) == row:
            return False
        if isinstance(node, Input) and own[place] and node.axes[0].name != own[place][0]:
            return False
    for output in program.outputs:
        found = own[output.ref.node]
        names = [axis.name for axis in output.axes]
        if found and output.ref.axes[[axis.name for axis in program.nodes[output.ref.node].axes].index(found[0])] != names[0]:
            return False
    return True


def _names(place: int, node: Node, classes: _Classes, row: Place) -> Iterator[str]:
    """The names that the axis of the rows has at a node, summed ones among them."""
    names = dict.fromkeys([*(axis.name for axis in node.axes), *(name for ref in operands_of(node) for name in ref.axes)])
    return (name for name in names if classes.of((place, name)) == row)


def _renamed(node: Node, rows: set[str]) -> Node:
    """The node whose axes of rows are those of examples."""

    axes = tuple(Axis(BATCH, BATCH) if axis.name in rows else axis for axis in node.axes)
    turned = referring(node, lambda old: Ref(old.node, tuple(BATCH if name in rows else name for name in old.axes)))
    return replace(turned, axes=axes)


def _output(output: Output, own: Sequence[str], node: Node) -> Output:
    names = {ref for axis, ref in zip(node.axes, output.ref.axes, strict=True) if axis.name in own}
    axes = tuple(Axis(BATCH, BATCH) if axis.name in names else axis for axis in output.axes)
    return Output(output.name, Ref(output.ref.node, tuple(BATCH if n in names else n for n in output.ref.axes)), axes)
