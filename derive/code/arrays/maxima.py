"""The largest entry beside its place: what is there is the maximum, and the place is where the array is as large."""

from __future__ import annotations

from dataclasses import replace

from derive.code.arrays.program import BATCH, Gather, Node, Program, Reduce, Ref, moved


def with_maxima(program: Program) -> Program:
    """The program in which each place of a maximum along one axis has the maximum before it, and nobody reads it there."""
    nodes: list[Node] = []
    places: dict[int, int] = {}
    known: dict[Node, int] = {}

    def added(node: Node) -> int:
        if node not in known:
            known[node] = len(nodes)
            nodes.append(node)
        return known[node]

    for place, node in enumerate(program.nodes):
        new = moved(node, places)
        peak = _peak_of(program, node)
        if peak is not None:
            new = moved(Reduce("max", peak.operand, peak.axes), places)
        elif _is_place(node) and isinstance(new, Reduce):
            added(Reduce("max", new.operand, new.axes))
        places[place] = added(new)
    outputs = tuple(replace(output, ref=Ref(places[output.ref.node], output.ref.axes)) for output in program.outputs)
    hints = {places[place]: name for place, name in reversed(program.hints)}
    return Program(tuple(nodes), outputs, tuple(sorted(hints.items())))


def _is_place(node: Node) -> bool:
    """Whether the node is the place of the largest entry of an array of each example."""
    return (
        isinstance(node, Reduce)
        and node.op == "argmax"
        and all(axis.size == BATCH for axis in node.axes)
        and len(node.operand.axes) == len(node.axes) + 1
    )


def _peak_of(program: Program, node: Node) -> Reduce | None:
    """The place of the largest entry, if the node is what the array has there."""
    if not isinstance(node, Gather) or not isinstance(node.index, Ref):
        return None
    peak = program.nodes[node.index.node]
    if not isinstance(peak, Reduce) or not _is_place(peak):
        return None
    names = tuple(axis.name for axis in peak.axes)
    along = set(peak.operand.axes) - set(names)
    same = node.operand == peak.operand and along == {node.axis} and node.index.axes == names and node.axes == peak.axes
    return peak if same else None
