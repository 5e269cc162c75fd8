r"""The loops of a C function, before they are written: what each computes, what it must wait for, which run as one.

Loops along one axis of the same length run as one where each reads of the others only what they have just written at the
same place. Sums that leave out one place each share their common part:

.. math:: \sum_{k \ne c} x_k = R + [t \ne c]\, x_t, \qquad R = \sum_{k \notin \{c, t\}} x_k

so that nothing is subtracted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from derive.code.arrays.program import Constant, Contract, Node, Put, Reduce, operands_of
from derive.code.c.values.expressions import Expressions, Text, phase_of
from derive.code.c.values.plan import Phase, Plan, own_axes, summed_axes

Kind = Literal["number", "fill", "sum", "max", "place", "rest", "others", "nest", "total"]
INDEX = "j"


@dataclass(frozen=True)
class Sink:
    """One thing to compute: the kept node at `place`, or the output at `output`.

    `members` are sums without one place, or the sum of all but the largest entry and the largest.

    `size` is the length of its loop if it has one loop; `needs` are the kept nodes that it reads, `beside` those of them
    that it reads only at the loop's own index. A place of a maximum is looked for where the array is as large as `peak`.
    """

    kind: Kind
    place: int
    output: int | None = None
    size: str = ""
    members: tuple[int, ...] = ()
    needs: frozenset[int] = frozenset()
    beside: frozenset[int] = frozenset()
    peak: int = -1

    @property
    def gives(self) -> frozenset[int]:
        """The kept nodes that are known afterwards."""
        return frozenset(self.members) if self.members else frozenset({self.place}) if self.output is None else frozenset()


def without_one(plan: Plan, place: int) -> Put | None:
    """The array with a zero at one place, if the node is its sum along its only axis."""
    node = plan.program.nodes[place]
    if not isinstance(node, Reduce) or node.op != "sum" or own_axes(node) or len(summed_axes(plan.program, node)) != 1:
        return None
    put = plan.program.nodes[node.operand.node]
    if not isinstance(put, Put) or put.operand.node not in plan.names or len(own_axes(put)) != 1:
        return None
    value, index = (plan.program.nodes[ref.node] for ref in (put.value, put.index))
    return put if isinstance(value, Constant) and value.value == 0 and not own_axes(index) else None


def largest_of(plan: Plan) -> dict[int, int]:
    """For each sum of all but the largest entry the node that is the largest, if there is one."""
    nodes = {place: plan.program.nodes[place] for place in plan.names}
    most = {node.operand: place for place, node in nodes.items() if isinstance(node, Reduce) and node.op == "max"}
    return {
        place: most[node.operand]
        for place, node in nodes.items()
        if isinstance(node, Reduce)
        and node.op == "others"
        and node.operand in most
        and place not in plan.over_batch
        and not own_axes(node)
        and len(summed_axes(plan.program, node)) == 1
    }


def put_afterwards(plan: Plan, node: Node) -> bool:
    """Whether a place of a result may be written after its loop."""
    return (
        isinstance(node, Put)
        and len(own_axes(node)) == 1
        and not own_axes(plan.program.nodes[node.index.node])
        and (not own_axes(plan.program.nodes[node.value.node]))
    )


def sinks(plan: Plan, texts: Expressions, phase: Phase) -> list[Sink]:
    """All that is computed in one phase, in the program's order."""
    found: list[Sink] = []
    grouped: dict[int, list[int]] = {}
    for place in plan.names:
        put = without_one(plan, place)
        if put is not None and phase_of(plan, place) is phase:
            grouped.setdefault(put.operand.node, []).append(place)
    pairs = largest_of(plan)
    for place in plan.names:
        if phase_of(plan, place) is not phase or place in pairs.values():
            continue
        put = without_one(plan, place)
        members = grouped.get(put.operand.node, []) if put is not None else []
        if put is not None and len(members) > 1:
            if members[0] == place:
                found.append(_of_rest(plan, put, tuple(members)))
            continue
        one = _of_node(plan, place)
        if place in pairs:
            one = replace(one, members=(place, pairs[place]))
        found.append(_waiting(plan, texts, one))
    for number, output in enumerate(plan.program.outputs):
        if phase_of(plan, output.ref.node) is phase:
            axes = own_axes(plan.program.nodes[output.ref.node])
            kind: Kind = "number" if not axes else "fill" if len(axes) == 1 else "nest"
            found.append(_waiting(plan, texts, Sink(kind, output.ref.node, number, axes[0].size if len(axes) == 1 else "")))
        elif output.ref.node in plan.over_batch and phase is Phase.AFTER:
            axes = own_axes(plan.program.nodes[output.ref.node])
            found.append(Sink("number" if not axes else "nest", output.ref.node, number))
    return found


def _of_node(plan: Plan, place: int) -> Sink:
    node = plan.program.nodes[place]
    axes = own_axes(node)
    if place in plan.over_batch:
        return Sink("total", place)
    if isinstance(node, Reduce | Contract):
        over = summed_axes(plan.program, node)
        if axes or len(over) != 1:
            return Sink("nest", place)
        op = "sum" if isinstance(node, Contract) else node.op
        if op == "argmax":
            return Sink("place", place, peak=plan.program.nodes.index(Reduce("max", operands_of(node)[0], node.axes)))
        return Sink(op, place, None, over[0].size)
    if not axes:
        return Sink("number", place)
    return Sink("fill" if len(axes) == 1 else "nest", place, None, axes[0].size if len(axes) == 1 else "")


def _of_rest(plan: Plan, put: Put, members: tuple[int, ...]) -> Sink:
    operand = put.operand.node
    needs = {operand}
    for member in members:
        own = without_one(plan, member)
        if own is not None and own.index.node in plan.names:
            needs.add(own.index.node)
    size = own_axes(plan.program.nodes[operand])[0].size
    return Sink("rest", members[0], None, size, members, frozenset(needs), frozenset({operand}))


def _waiting(plan: Plan, texts: Expressions, sink: Sink) -> Sink:
    """The sink with what it reads."""
    texts.read.clear()
    env = {axis.name: INDEX if sink.size else f"i{p}" for p, axis in enumerate(own_axes(plan.program.nodes[sink.place]))}
    defined(plan, texts, sink, env)
    read = set(texts.read)
    if sink.peak >= 0:
        read.add((sink.peak, ""))
    texts.read.clear()
    whole = {place for place, index in read if index != INDEX or not sink.size}
    every = frozenset(place for place, _ in read)
    return replace(sink, needs=every, beside=every - whole)


def defined(plan: Plan, texts: Expressions, sink: Sink, env: dict[str, str]) -> str:
    """The text of :func:`expression`."""
    return expression(plan, texts, sink, env).text


def expression(plan: Plan, texts: Expressions, sink: Sink, env: dict[str, str]) -> Text:
    """The expression that the sink's loops compute, summed axes at `j` if there is one loop and at ``k0``, … else."""
    is_single = bool(sink.size) or sink.kind == "place"
    node = plan.program.nodes[sink.place]
    if sink.output is not None and sink.place in plan.names:
        return texts.at(sink.place, env)
    if isinstance(node, Reduce | Contract):
        over = summed_axes(plan.program, node)
        inner = {axis.name: INDEX if is_single else f"k{p}" for p, axis in enumerate(over)}
        if isinstance(node, Reduce):
            return texts.value(node.operand, {**env, **inner})
        return texts.product(node, {**env, **inner})
    if sink.kind == "fill" and sink.output is not None and isinstance(node, Put) and put_afterwards(plan, node):
        texts.value(node.index, {})
        texts.value(node.value, {})
        return texts.value(node.operand, env)
    if sink.place not in plan.names:
        return texts.at(sink.place, env)
    return texts.written(node, env)


def groups(
    found: Sequence[Sink], known: frozenset[int], joins: Callable[[Sink], bool] = lambda sink: False
) -> Iterator[tuple[Sink, ...]]:
    """The sinks in an order in which each finds what it needs; those that run as one loop together.

    Of loops that write results those run with others for which `joins` holds, as for all of these; they come last.
    """
    done, left = set(known), list(found)
    while left:
        numbers = [s for s in left if s.kind in ("number", "place") and s.output is None and s.needs <= done]
        ready = numbers[:1] or [s for s in left if s.needs <= done][:1]
        if not ready:
            raise RuntimeError("the nodes of a program wait for each other")
        group = ready
        if group[0].size and (group[0].output is None or joins(group[0])):
            group = _together(group[0], left, done, joins)
        yield tuple(group)
        left = [s for s in left if s not in group]
        for sink in group:
            done |= sink.gives


def _together(first: Sink, left: Sequence[Sink], done: set[int], joins: Callable[[Sink], bool]) -> list[Sink]:
    """The loops of the same length that can run with `first`."""
    group, made = [first], {first.place} if first.kind == "fill" and first.output is None else set()
    for sink in left:
        if sink is first or sink.size != first.size:
            continue
        if (sink.output is not None or first.output is not None) and not (joins(sink) and all(map(joins, group))):
            continue
        if sink.needs - sink.beside <= done and sink.beside <= done | made:
            group.append(sink)
            if sink.kind == "fill" and sink.output is None:
                made.add(sink.place)
    return sorted(group, key=lambda sink: sink.output is not None)


def passing(order: Sequence[Sequence[Sink]]) -> frozenset[int]:
    """The arrays of which each entry is read in the loop that makes it, and nowhere else: they need no memory."""
    made = {sink.place: group for group in order for sink in group if sink.kind == "fill" and sink.output is None}
    read = {place for group in order for sink in group for place in sink.needs if made.get(place) is not group}
    whole = {place for group in order for sink in group if sink.kind == "rest" for place in sink.needs}
    return frozenset(made) - read - whole
