"""An array program for given lengths and given orders of axes in memory, and one that takes what is known as an argument.

None of it changes a number: lengths become literals, a stored array is read along its other axis, and a node that another
program computes already becomes an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from derive.code.arrays.program import (
    BATCH,
    Axis,
    Broadcast,
    Contract,
    Elementwise,
    Gather,
    Input,
    Length,
    Node,
    Output,
    Program,
    Put,
    Reduce,
    Ref,
    operands_of,
)
from derive.code.functions.build import Function


def named(function: Function, name: str) -> Function:
    """The same function under another name."""
    return replace(function, signature=replace(function.signature, name=name))


def with_lengths(program: Program, lengths: Mapping[str, int]) -> Program:
    """The program in which the lengths in `lengths` are numbers; the other lengths keep their names."""

    def size(name: str) -> str:
        return str(lengths[name]) if name in lengths else name

    def node(old: Node) -> Node:
        axes = tuple(Axis(axis.name, size(axis.size)) for axis in old.axes)
        if isinstance(old, Input):
            return replace(old, axes=axes, below=size(old.below) if old.below else "")
        if isinstance(old, Length):
            return replace(old, size=size(old.size), axes=axes)
        return replace(old, axes=axes)

    outputs = tuple(replace(o, axes=tuple(Axis(a.name, size(a.size)) for a in o.axes)) for o in program.outputs)
    return replace(program, nodes=tuple(map(node, program.nodes)), outputs=outputs)


def turned(program: Program, names: Iterable[str]) -> Program:
    """The program whose arguments and results in `names`, arrays of two axes, have these the other way round."""
    wanted = frozenset(names)
    flipped = {place for place, node in enumerate(program.nodes) if isinstance(node, Input) and node.name in wanted}

    def ref(old: Ref) -> Ref:
        return Ref(old.node, old.axes[::-1]) if old.node in flipped else old

    nodes = [
        replace(node, axes=node.axes[::-1])
        if isinstance(node, Input) and node.name in wanted
        else _with_operands(node, tuple(map(ref, operands_of(node))))
        for node in program.nodes
    ]
    outputs = []
    for output in program.outputs:
        there = ref(output.ref)
        if output.name in wanted:
            axes = output.axes[::-1]
            nodes.append(Broadcast(there, axes))
            outputs.append(Output(output.name, Ref(len(nodes) - 1, tuple(axis.name for axis in axes)), axes))
        else:
            outputs.append(replace(output, ref=there))
    return replace(program, nodes=tuple(nodes), outputs=tuple(outputs))


def reusing(program: Program, known: Program, name: str) -> Program:
    """The program in which what `known` gives is an argument `name`; unchanged if it does not compute that.

    Both must call their arguments by the same names. Arguments that are not needed any more are left out.
    """
    result = known.outputs[0].ref.node
    places: dict[int, int] = {}
    for place, node in enumerate(program.nodes):
        if all(r.node in places for r in operands_of(node)):
            there = _with_operands(node, tuple(Ref(places[r.node], r.axes) for r in operands_of(node)))
            if there in known.nodes:
                places[place] = known.nodes.index(there)
    found = next((place for place, there in places.items() if there == result), None)
    if found is None or isinstance(program.nodes[found], Input):
        return program
    nodes = list(program.nodes)
    nodes[found] = Input(name, nodes[found].axes)
    return _needed(replace(program, nodes=tuple(nodes)))


def without_batch(program: Program) -> Program:
    """The program for one example, without the axis of the batch; it must compute nothing along it."""

    def axes(old: tuple[Axis, ...]) -> tuple[Axis, ...]:
        return tuple(axis for axis in old if axis.size != BATCH)

    def ref(old: Ref) -> Ref:
        return Ref(old.node, tuple(name for name in old.axes if name != BATCH))

    nodes = tuple(replace(_with_operands(n, tuple(map(ref, operands_of(n)))), axes=axes(n.axes)) for n in program.nodes)
    return replace(program, nodes=nodes, outputs=tuple(Output(o.name, ref(o.ref), axes(o.axes)) for o in program.outputs))


def _needed(program: Program) -> Program:
    """The program without the nodes that no result needs."""
    kept = {output.ref.node for output in program.outputs}
    for place in range(len(program.nodes) - 1, -1, -1):
        if place in kept:
            kept.update(ref.node for ref in operands_of(program.nodes[place]))
    new = {old: position for position, old in enumerate(sorted(kept))}

    def ref(old: Ref) -> Ref:
        return Ref(new[old.node], old.axes)

    nodes = tuple(_with_operands(program.nodes[p], tuple(map(ref, operands_of(program.nodes[p])))) for p in sorted(kept))
    hints = tuple((new[place], name) for place, name in program.hints if place in new)
    return Program(nodes, tuple(replace(o, ref=ref(o.ref)) for o in program.outputs), hints)


def _with_operands(node: Node, refs: tuple[Ref, ...]) -> Node:
    """The node with other operands, in the order of :func:`operands_of`."""
    if isinstance(node, Elementwise | Contract):
        return replace(node, operands=refs)
    if isinstance(node, Reduce | Broadcast):
        return replace(node, operand=refs[0])
    if isinstance(node, Gather):
        return replace(node, operand=refs[0], index=refs[1] if isinstance(node.index, Ref) else node.index)
    if isinstance(node, Put):
        return replace(node, operand=refs[0], index=refs[1], value=refs[2])
    return node
