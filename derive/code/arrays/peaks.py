r"""The largest entry of an array and the sum of the others, by which sums that leave out one entry are computed.

Let c be the place of the largest x_c, and y an array that rises with x along the same axis. Then y_c is the largest y:

.. math:: y_c = \max_k y_k, \qquad \sum_{k \ne c} y_k = \text{the sum of all but the largest entry}

Where y has no negative entry, a sum without another place t follows from it, and no two numbers of one size are subtracted:

.. math:: \sum_{k \ne t} y_k = \sum_{k \ne c} y_k + (y_c - y_t)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from derive.code.arrays.exponentials import is_positive
from derive.code.arrays.program import (
    BATCH,
    Axis,
    Constant,
    Elementwise,
    Gather,
    Node,
    Program,
    Put,
    Reduce,
    Ref,
    moved,
    operands_of,
)


def without_places(program: Program) -> Program:
    """The program in which no place of a maximum is computed that only serves to read what is there."""
    peaks = _Peaks(program)
    return peaks.rewritten() if peaks.found else program


def with_one_sum(program: Program) -> Program:
    """The program in which, of the sums of an array without one place each, only that without the largest runs over it."""
    peaks = _Peaks(program, places=True)
    return peaks.rewritten() if peaks.found else program


@dataclass
class _Peaks:
    """The places to do without, by node, unless `places` says that they are wanted all the same."""

    program: Program
    places: bool = False
    found: set[int] = field(default_factory=set)
    entries: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.users: dict[int, list[int]] = {place: [] for place in range(len(self.program.nodes))}
        for place, node in enumerate(self.program.nodes):
            for ref in operands_of(node):
                self.users[ref.node].append(place)
        self.results = {output.ref.node for output in self.program.outputs}
        self.found = {place for place, node in enumerate(self.program.nodes) if self._is_spare(place, node)}

    def _is_spare(self, place: int, node: Node) -> bool:
        """Whether the node is the place of a maximum and all that read it ask for what is there."""
        return (
            isinstance(node, Reduce)
            and node.op == "argmax"
            and place not in self.results
            and all(axis.size == BATCH for axis in node.axes)
            and all(self._asks_for_value(self.program.nodes[user], user, place, node) for user in self.users[place])
        )

    def _asks_for_value(self, user: Node, at: int, place: int, peak: Reduce) -> bool:
        along = set(peak.operand.axes) - {axis.name for axis in peak.axes}
        if not isinstance(user, Gather | Put) or along != {user.axis}:
            return False
        if isinstance(user, Gather):
            return (
                user.operand.node != place and user.operand.axes == peak.operand.axes and (self._rises(user.operand.node, peak))
            )
        return (
            user.operand.node != place
            and user.value.node != place
            and (self._summed(at, user) and self._rises(user.operand.node, peak) and self._is_exponential(user.operand.node))
        )

    def _summed(self, at: int, put: Put) -> bool:
        """Whether the array with a 0 at one place is read by sums along its axis only."""
        value = self.program.nodes[put.value.node]
        names = {axis.name for axis in put.axes}
        return (
            isinstance(value, Constant)
            and value.value == 0
            and at not in self.results
            and put.operand.axes == tuple(axis.name for axis in put.axes)
            and all(
                isinstance(user, Reduce)
                and user.op == "sum"
                and names - {a.name for a in user.axes} == {put.axis}
                and user.operand.axes == put.operand.axes
                for user in (self.program.nodes[u] for u in self.users[at])
            )
        )

    def _is_exponential(self, place: int) -> bool:
        node = self.program.nodes[place]
        return isinstance(node, Elementwise) and node.op == "exp"

    def _rises(self, place: int, peak: Reduce) -> bool:
        """Whether the array rises, entry by entry, with the one whose maximum is sought."""
        if place == peak.operand.node:
            return True
        node = self.program.nodes[place]
        if not isinstance(node, Elementwise) or tuple(a.name for a in node.axes) != peak.operand.axes:
            return False
        along = set(peak.operand.axes) - {axis.name for axis in peak.axes}
        rising = [ref for ref in node.operands if along & set(ref.axes)]
        if len(rising) != 1 or rising[0].axes != peak.operand.axes or not self._rises(rising[0].node, peak):
            return False
        others = [ref for ref in node.operands if ref != rising[0]]
        scaled = node.op == "mul" or node.op == "div" and rising[0] == node.operands[0]
        return (
            node.op in ("exp", "add")
            or node.op == "sub"
            and rising[0] == node.operands[0]
            or (scaled and all(is_positive(self.program, ref.node) for ref in others))
        )

    # -- the new program ----------------------------------------------------------------------------------------------

    def rewritten(self) -> Program:
        nodes: list[Node] = []
        places: dict[int, int] = {}
        known: dict[Node, int] = {}

        def added(node: Node) -> int:
            if node not in known:
                known[node] = len(nodes)
                nodes.append(node)
            return known[node]

        largest = {put.operand.node for put in self._puts(self.found)}
        for place, node in enumerate(self.program.nodes):
            if place in self.found and not self.places or isinstance(node, Put) and self._is_left_out(place, node, largest):
                continue
            if isinstance(node, Gather) and isinstance(node.index, Ref) and node.index.node in self.found and not self.places:
                new: Node = Reduce("max", node.operand, node.axes)
            elif isinstance(node, Reduce) and self._put_of(node) in largest and self._is_changed(node):
                places[place] = self._sum(node, places, added)
                continue
            else:
                new = node
            places[place] = added(moved(new, places))
        outputs = tuple(replace(o, ref=Ref(places[o.ref.node], o.ref.axes)) for o in self.program.outputs)
        hints = {places[place]: name for place, name in self.program.hints if place in places}
        hints.update({place: "entry" for place in self.entries if place not in hints})
        return Program(tuple(nodes), outputs, tuple(sorted(hints.items())))

    def _puts(self, indices: set[int]) -> list[Put]:
        return [node for node in self.program.nodes if isinstance(node, Put) and node.index.node in indices]

    def _is_left_out(self, place: int, put: Put, largest: set[int]) -> bool:
        """Whether the node only serves a sum without one place that is taken from the sum without the largest entry."""
        return put.operand.node in largest and self._summed(place, put) and not (self.places and put.index.node in self.found)

    def _is_changed(self, node: Reduce) -> bool:
        """Whether the sum without one place is written otherwise."""
        put = self.program.nodes[node.operand.node]
        return not self.places or not isinstance(put, Put) or put.index.node not in self.found

    def _put_of(self, node: Reduce) -> int | None:
        put = self.program.nodes[node.operand.node]
        return put.operand.node if isinstance(put, Put) and self._summed(node.operand.node, put) else None

    def _sum(self, node: Reduce, places: dict[int, int], added: Callable[[Node], int]) -> int:
        """The sum without one place; `added` gives a node its place in the new program."""
        put = self.program.nodes[node.operand.node]
        if not isinstance(put, Put):
            raise TypeError("a sum without one place was expected")
        operand = Ref(places[put.operand.node], put.operand.axes)
        if self.places:
            top = next(p for p in self._puts(self.found) if p.operand == put.operand)
            left_out = added(moved(top, places))
            others = added(Reduce("sum", Ref(left_out, put.operand.axes), node.axes))
            at_top = Ref(places[top.index.node], top.index.axes)
            return self._without(put, others, added(Gather(operand, put.axis, at_top, node.axes)), node.axes, places, added)
        others = added(Reduce("others", operand, node.axes))
        if put.index.node in self.found:
            return others
        return self._without(put, others, added(Reduce("max", operand, node.axes)), node.axes, places, added)

    def _without(
        self, put: Put, others: int, peak: int, axes: tuple[Axis, ...], places: dict[int, int], added: Callable[[Node], int]
    ) -> int:
        """The sum without one place from that of the others and the largest."""
        operand = Ref(places[put.operand.node], put.operand.axes)
        names = tuple(axis.name for axis in axes)
        index = Ref(places[put.index.node], put.index.axes)
        entry = added(Gather(operand, put.axis, index, axes))
        gap = added(Elementwise("sub", (Ref(peak, names), Ref(entry, names)), axes))
        self.entries.append(entry)
        return added(Elementwise("add", (Ref(gap, names), Ref(others, names)), axes))
