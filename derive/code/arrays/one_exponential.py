r"""One exponential for the two that keep 1 + e^x in range.

A quotient by 1 + e^x is written with e^{-|x|} and with e^{min(x, 0)} or e^{-max(x, 0)}. Each of the two is the first or 1:

.. math:: e^{\min(x, 0)} = \begin{cases} 1 & x \ge 0 \\ e^{-|x|} & x < 0 \end{cases}, \qquad
          e^{-\max(x, 0)} = \begin{cases} 1 & -x \ge 0 \\ e^{-|x|} & -x < 0 \end{cases}

The same exponent gives the same digits, and a choice costs less than an exponential. It is the operation ``below``.
"""

from __future__ import annotations

from dataclasses import replace

from derive.code.arrays.program import Constant, Elementwise, Node, Program, Ref, moved


def with_one_exponential(program: Program) -> Program:
    """The program in which e^{min(x, 0)} and e^{-max(x, 0)} are chosen from 1 and e^{-|x|}, where that is computed too."""
    known = {x for node in program.nodes if (x := _size(program, node)) is not None}
    nodes: list[Node] = []
    places: dict[int, int] = {}
    found: dict[Node, int] = {}

    def added(node: Node) -> int:
        if node not in found:
            found[node] = len(nodes)
            nodes.append(node)
        return found[node]

    for place, node in enumerate(program.nodes):
        new = moved(node, places)
        bent = _bent(program, node)
        if bent is not None and bent[0] in known and isinstance(node, Elementwise):
            x, turned = Ref(places[bent[0].node], bent[0].axes), bent[1]
            names = tuple(axis.name for axis in node.axes)

            def own(op: str, *operands: Ref, like: Elementwise = node, names: tuple[str, ...] = names) -> Ref:
                return Ref(added(Elementwise(op, operands, like.axes)), names)

            small = own("exp", own("neg", own("abs", x)))
            new = Elementwise("below", (own("neg", x) if turned else x, small), node.axes)
        places[place] = added(new)
    outputs = tuple(replace(output, ref=Ref(places[output.ref.node], output.ref.axes)) for output in program.outputs)
    return Program(tuple(nodes), outputs, tuple((places[place], name) for place, name in program.hints))


def _size(program: Program, node: Node) -> Ref | None:
    """The x of e^{-|x|}."""
    opposite = _operand(program, node, "exp")
    size = _operand(program, opposite, "neg")
    inner = _operand(program, size, "abs")
    return size.operands[0] if inner is not None and isinstance(size, Elementwise) else None


def _bent(program: Program, node: Node) -> tuple[Ref, bool] | None:
    """The x of e^{min(x, 0)}, or that of e^{-max(x, 0)} and True."""
    exponent = _operand(program, node, "exp")
    for op, turned in (("min", False), ("max", True)):
        end = _operand(program, exponent, "neg") if turned else exponent
        if isinstance(end, Elementwise) and end.op == op and _is_zero(program.nodes[end.operands[1].node]):
            return end.operands[0], turned
    return None


def _operand(program: Program, node: Node | None, op: str) -> Node | None:
    """The first operand of the operation `op` that has the same axes as its user."""
    if not isinstance(node, Elementwise) or node.op != op:
        return None
    ref = node.operands[0]
    return program.nodes[ref.node] if ref.axes == tuple(axis.name for axis in node.axes) else None


def _is_zero(node: Node) -> bool:
    return isinstance(node, Constant) and node.value == 0
