"""What of an array program is kept in C variables, and when it is computed: before the loop over the examples, for each
example, or after the loop.

A number is always kept. An array is kept if it is a result, if it is a sum, or if it is expensive and read more than once;
every other array is written out where it is read. A sum over the batch is added up while the loop runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from derive.code.arrays.maxima import with_maxima
from derive.code.arrays.one_exponential import with_one_exponential
from derive.code.arrays.peaks import without_places
from derive.code.arrays.powers import with_one_power
from derive.code.arrays.program import (
    BATCH,
    Axis,
    Broadcast,
    Contract,
    Elementwise,
    Input,
    Node,
    OfMatrix,
    Program,
    Reduce,
    operands_of,
)
from derive.code.arrays.ranges import Bounds, bounds
from derive.code.c.library.functions import NAMES
from derive.code.names import identifier
from derive.code.stable.stabiliser import CannotLower
from derive.terms.elementary import BY_OP

COSTLY = frozenset({"power", "raised", "lowered", *(op for op, row in BY_OP.items() if row.is_costly)})
KEYWORDS = frozenset(row.c for row in BY_OP.values() if row.c) | frozenset(
    "auto break case char const continue default do double else enum extern float for goto if inline int long register "
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof "
    "int32_t int64_t uint32_t uint64_t size_t malloc free pow main "
    "errno ordinary NULL INFINITY NAN row batch j first last left lane at start low high given wrong linux "
    "unix i386 I total i u wide "
    "k i0 i1 i2 i3 i4 k0 k1 k2 k3 k4".split()
)
ENDINGS = (
    "",
    "_row",
    "_inverse",
    "_row_inverse",
    "_value",
    "_at",
    "_end",
    "_part",
    "_value_part",
    "_common",
    "_common_part",
    "_j",
    "_part_j",
    "_value_j",
    "_value_part_j",
    "_lanes",
    "_lanes_part",
    "_top",
    "_top_part",
    "_x",
    "_all",
    "_given",
)


class Phase(IntEnum):
    """When a node is computed."""

    BEFORE = 0
    ROW = 1
    AFTER = 2


def own_axes(node: Node) -> tuple[Axis, ...]:
    """The axes beside the batch."""
    return tuple(axis for axis in node.axes if axis.size != BATCH)


def summed_axes(program: Program, node: Reduce | Contract) -> tuple[Axis, ...]:
    """The axes that a sum or a maximum runs along, by the names that its operands have there."""
    kept = {axis.name for axis in node.axes}
    found: dict[str, Axis] = {}
    for ref in operands_of(node):
        for name, axis in zip(ref.axes, program.nodes[ref.node].axes, strict=True):
            if name not in kept:
                found.setdefault(name, Axis(name, axis.size))
    return tuple(found.values())


@dataclass(frozen=True)
class Plan:
    """The phase of every node, the names of those that are kept, and which are added up over the batch.

    `bounds` says between which numbers the entries of each node lie.
    """

    program: Program
    phases: tuple[Phase, ...]
    names: Mapping[int, str]
    over_batch: frozenset[int]
    arguments: Mapping[str, str]
    outputs: tuple[str, ...]
    bounds: tuple[Bounds, ...]


def plan(program: Program) -> Plan:
    """The plan of a program.

    Raises:
        CannotLower: if an example needs what is known only after all of them, or a function has no name in C.
    """
    for node in program.nodes:
        if isinstance(node, OfMatrix):
            raise CannotLower("there is no C code for inverses and determinants of matrices")
        row = BY_OP.get(node.op) if isinstance(node, Elementwise) else None
        if row is not None and not row.c and row.op not in NAMES:
            raise CannotLower(f"there is no C code for {row.key}")
    program = with_maxima(with_one_power(with_one_exponential(without_places(program))))
    phases: list[Phase] = []
    over: set[int] = set()
    for node in program.nodes:
        phase = _phase(program, node, phases)
        if phase is Phase.AFTER and any(BATCH in ref.axes for ref in operands_of(node)):
            over.add(len(phases))
        phases.append(phase)
    taken = set(KEYWORDS)
    arguments = {node.name: _named(node.name, taken) for node in program.inputs}
    outputs = tuple(_named(output.name, taken) for output in program.outputs)
    hints = dict(program.hints)
    names: dict[int, str] = {}
    kept = _kept(program, over)
    for place in range(len(program.nodes)):
        if place in kept:
            names[place] = _named(hints.get(place, f"v{place}"), taken)
    return Plan(program, tuple(phases), names, frozenset(over), arguments, outputs, bounds(program))


def _named(name: str, taken: set[str]) -> str:
    """An identifier such that neither it nor a name made from it is taken."""
    plain = name if name.isascii() and name.isidentifier() else identifier(name)
    number, result = 2, plain
    while any(result + ending in taken for ending in ENDINGS):
        result, number = f"{plain}_{number}", number + 1
    taken.update(result + ending for ending in ENDINGS)
    return result


def _phase(program: Program, node: Node, phases: Sequence[Phase]) -> Phase:
    operands = [phases[ref.node] for ref in operands_of(node)]
    if any(axis.size == BATCH for axis in node.axes):
        if Phase.AFTER in operands:
            raise CannotLower("an example needs what all of them together give")
        return Phase.ROW
    if any(BATCH in ref.axes for ref in operands_of(node)):
        if not isinstance(node, Contract) and not (isinstance(node, Reduce) and node.op == "sum"):
            raise CannotLower(f"a {type(node).__name__} along the examples")
        return Phase.AFTER
    return max(operands, default=Phase.BEFORE)


def _kept(program: Program, over: set[int]) -> set[int]:
    """The nodes that are computed once and kept."""
    reads: dict[int, int] = dict.fromkeys(range(len(program.nodes)), 0)
    repeated: set[int] = set()
    results = {output.ref.node for output in program.outputs}
    kept: set[int] = set()
    for place in range(len(program.nodes) - 1, -1, -1):
        node = program.nodes[place]
        if _is_kept(node, place, reads, repeated, results, over):
            kept.add(place)
        loops = len(own_axes(node)) + (len(summed_axes(program, node)) if isinstance(node, Reduce | Contract) else 0)
        for ref in operands_of(node):
            reads[ref.node] += 1 if place in kept else max(1, reads[place])
            if loops > len(own_axes(program.nodes[ref.node])) or place in repeated and place not in kept:
                repeated.add(ref.node)
    return kept


def _is_kept(node: Node, place: int, reads: Mapping[int, int], repeated: set[int], results: set[int], over: set[int]) -> bool:
    if isinstance(node, Reduce | Contract) or place in over:
        return True
    if not isinstance(node, Elementwise | Broadcast):
        return False if isinstance(node, Input) else not own_axes(node) and bool(operands_of(node))
    if not own_axes(node):
        return True
    return isinstance(node, Elementwise) and node.op in COSTLY and (reads[place] > 1 or place in repeated)
