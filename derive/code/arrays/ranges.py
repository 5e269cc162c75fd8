"""Between which numbers the entries of a node lie, as far as it can be seen from how it is made; a NaN may be among them."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from derive.code.arrays.program import Constant, Elementwise, Program

Bounds = tuple[float, float]
UNKNOWN: Bounds = (-inf, inf)
SHARE: Bounds = (0, 1)


def bounds(program: Program) -> tuple[Bounds, ...]:
    """For each node the smallest and the largest number that an entry can be."""
    found: list[Bounds] = []
    for node in program.nodes:
        if isinstance(node, Constant) and not isinstance(node.value, str):
            found.append((float(node.value), float(node.value)))
        elif isinstance(node, Elementwise):
            found.append(_made(node.op, [found[ref.node] for ref in node.operands]))
        else:
            found.append(UNKNOWN)
    return tuple(found)


def _made(op: str, of: Sequence[Bounds]) -> Bounds:
    (low, high), (low_2, high_2) = of[0], of[-1]
    if op == "add":
        return low + low_2, high + high_2
    if op == "neg":
        return -high, -low
    if op == "abs":
        return max(low, -high, 0), max(-low, high)
    if op in ("min", "max"):
        chosen = min if op == "min" else max
        return chosen(low, low_2), chosen(high, high_2)
    if op == "exp" and high <= 0:
        return SHARE
    if op == "below":
        return min(1, low_2), max(1, high_2)
    return UNKNOWN
