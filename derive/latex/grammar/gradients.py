"""By which names a gradient without a subscript is taken."""

from __future__ import annotations

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Apply, Call, Log, Name, Node, Subscripted


def takes_scalar(parser: Cursor, operand: Node) -> bool:
    """Whether the function in an operand is declared or defined at a number."""
    inner = operand.argument if isinstance(operand, (Apply, Log)) else operand
    name = inner.name if isinstance(inner, Call) else inner
    return isinstance(name, Name) and parser.table.takes_scalar(name.text)


def varied(parser: Cursor, operand: Node | None) -> tuple[Node, ...]:
    """The names that a function is applied to, or that its only definition applies it to; none where there is more to it.

    A member, as in ``\\nabla J(w_t)``, is a place at which the slope is taken, if nothing stands around the function.
    """
    if isinstance(operand, (Apply, Log)):
        return (
            ()
            if operand.power is not None
            else tuple(each for each in varied(parser, operand.argument) if isinstance(each, Name))
        )
    if isinstance(operand, Call):
        if operand.order or "·" in operand.name.text:
            return ()  # of the parameters and the arguments of p_θ(x) it may be some
        alone = len(operand.arguments) == 1 and isinstance(operand.arguments[0], Subscripted) and not parser.vectors
        plain = alone or all(isinstance(each, Name) for each in operand.arguments)
        return operand.arguments if plain and len(set(operand.arguments)) == len(operand.arguments) else ()
    if not isinstance(operand, Name):
        return ()
    known = {arguments for name, arguments in parser.table.defined if name == operand.text and arguments}
    return tuple(Name(operand.start, operand.end, each) for each in known.pop()) if len(known) == 1 else ()
