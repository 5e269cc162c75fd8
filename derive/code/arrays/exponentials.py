"""Which nodes of a program are exponentials of arguments, and sums of these: large or small all together."""

from __future__ import annotations

from derive.code.arrays.program import Constant, Elementwise, Gather, Input, Length, Program, Put, Reduce, operands_of


def is_sum(program: Program, place: int) -> bool:
    """Whether the node is made of exponentials of arguments by adding, choosing and turning the sign only."""
    node = program.nodes[place]
    if isinstance(node, Elementwise) and node.op == "exp":
        return isinstance(program.nodes[node.operands[0].node], Input)
    if isinstance(node, Put):
        filled = program.nodes[node.value.node]
        return isinstance(filled, Constant) and filled.value == 0 and is_sum(program, node.operand.node)
    if isinstance(node, Gather):
        return is_sum(program, node.operand.node)
    if isinstance(node, Reduce):
        return node.op == "sum" and is_sum(program, node.operand.node)
    return isinstance(node, Elementwise) and node.op in ("add", "neg") and all(is_sum(program, o.node) for o in node.operands)


def is_scale_free(program: Program) -> bool:
    """Whether sums of exponentials are only divided by each other, so that it does not matter how small all of them are.

    Beside a factor that is small as well, a sum that is not shifted may vanish where the shifted one would not.
    """
    for place, node in enumerate(program.nodes):
        sums = [is_sum(program, ref.node) for ref in operands_of(node)]
        is_quotient = isinstance(node, Elementwise) and node.op == "div" and all(sums)
        if any(sums) and not is_quotient and not is_sum(program, place):
            return False
    return True


def is_positive(program: Program, place: int) -> bool:
    """Whether no entry of the node is 0 or negative: lengths, what is assumed to be positive, and what is made of such."""
    node = program.nodes[place]
    if isinstance(node, Elementwise):
        return node.op in ("add", "mul", "div", "sqrt", "square", "max", "power") and all(
            is_positive(program, ref.node) for ref in node.operands
        )
    return (
        isinstance(node, Length)
        or isinstance(node, Input)
        and node.positive
        or (isinstance(node, Constant) and (isinstance(node.value, str) or node.value > 0))
    )
