r"""One power for several whose exponents differ by whole numbers.

.. math:: x^{y + 1} = x \cdot x^y, \qquad x^{y - 1} = x^y / x

Each step is the operation ``raised`` or ``lowered`` of x, the power that is known and the new exponent; where the product
or the quotient would not keep the digits, it computes the power by itself.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from derive.code.arrays.program import Constant, Elementwise, Node, Program, Ref

MOST = 2


def with_one_power(program: Program) -> Program:
    """The program in which a power follows from one before it whose exponent is 1 more or less, over two steps at most."""
    nodes: list[Node] = []
    known: dict[tuple[object, ...], dict[Fraction, tuple[int, int]]] = {}
    for node in program.nodes:
        nodes.append(node)
        if not isinstance(node, Elementwise) or node.op != "power":
            continue
        root, offset = _exponent(program, node.operands[1])
        if root is None:
            continue
        powers = known.setdefault((node.operands[0], root, node.axes), {})
        near = [(powers[offset - step], step) for step in (1, -1) if offset - step in powers]
        (source, steps), step = min(near, key=lambda found: found[0][1], default=((-1, MOST), 0))
        if steps < MOST:
            names = tuple(axis.name for axis in node.axes)
            base, exponent = node.operands
            nodes[-1] = Elementwise("raised" if step > 0 else "lowered", (base, Ref(source, names), exponent), node.axes)
        powers.setdefault(offset, (len(nodes) - 1, steps + 1 if steps < MOST else 0))
    return replace(program, nodes=tuple(nodes))


def _exponent(program: Program, ref: Ref) -> tuple[Ref | None, Fraction]:
    """The exponent as something and a number that is added to it."""
    node, total = program.nodes[ref.node], Fraction(0)
    while isinstance(node, Elementwise) and node.op in ("add", "sub"):
        numbers = [program.nodes[each.node] for each in node.operands]
        sign = 1 if node.op == "add" else -1
        if isinstance(number := numbers[1], Constant) and isinstance(number.value, Fraction | int):
            total, ref = total + sign * number.value, _through(ref, program.nodes[ref.node], node.operands[0])
        elif node.op == "add" and isinstance(number := numbers[0], Constant) and isinstance(number.value, Fraction | int):
            total, ref = total + number.value, _through(ref, program.nodes[ref.node], node.operands[1])
        else:
            break
        node = program.nodes[ref.node]
    return (None if isinstance(node, Constant) else ref), total


def _through(outer: Ref, node: Node, inner: Ref) -> Ref:
    """The operand `inner` of a node, as one of who reads the node by `outer`."""
    names = {axis.name: name for axis, name in zip(node.axes, outer.axes, strict=True)}
    return Ref(inner.node, tuple(names[name] for name in inner.axes))
