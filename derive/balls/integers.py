"""Terms in index positions and conditions on indices, compiled to closures that give an ``int`` or a ``bool``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from sympy import Add, Basic, Expr, Integer, Max, Min, Mul, Pow, Symbol
from sympy.core.relational import Equality, GreaterThan, LessThan, StrictGreaterThan, StrictLessThan, Unequality

from derive.balls.duals import Unsupported
from derive.balls.frames import Frame

IntegerClosure: TypeAlias = Callable[[Frame], int]
Condition: TypeAlias = Callable[[Frame], bool]

COMPARISONS: dict[type, Callable[[int, int], bool]] = {
    Equality: lambda a, b: a == b,
    Unequality: lambda a, b: a != b,
    StrictLessThan: lambda a, b: a < b,
    LessThan: lambda a, b: a <= b,
    StrictGreaterThan: lambda a, b: a > b,
    GreaterThan: lambda a, b: a >= b,
}


def is_integer_term(term: Basic) -> bool:
    """Whether `term` is built from integers, indices and sizes by +, ·, natural powers, max and min."""
    if isinstance(term, Integer):
        return True
    if isinstance(term, Symbol):
        return bool(term.is_integer)
    if isinstance(term, Pow):
        exponent = term.args[1]
        return is_integer_term(term.args[0]) and isinstance(exponent, Integer) and int(exponent) >= 0
    return isinstance(term, (Add, Mul, Max, Min)) and all(is_integer_term(argument) for argument in term.args)


def compile_integer(term: Expr) -> IntegerClosure:
    """A closure for an integer term. Raises :class:`Unsupported` for any other."""
    if isinstance(term, Integer):
        constant = int(term)
        return lambda frame: constant
    if isinstance(term, Symbol) and term.is_integer:
        symbol = term

        def read(frame: Frame) -> int:
            value = frame.env.get(symbol)
            return frame.integer(symbol) if value is None else value

        return read
    if isinstance(term, Pow) and isinstance(term.args[1], Integer) and 0 <= int(term.args[1]) <= 64:
        base, exponent = compile_integer(term.args[0]), int(term.args[1])
        return lambda frame: base(frame) ** exponent
    if isinstance(term, (Add, Mul, Max, Min)):
        parts = tuple(compile_integer(argument) for argument in term.args)
        if isinstance(term, Add):
            return lambda frame: sum(part(frame) for part in parts)
        if isinstance(term, Mul):
            return lambda frame: _product(part(frame) for part in parts)
        choose = max if isinstance(term, Max) else min
        return lambda frame: choose(part(frame) for part in parts)
    raise Unsupported(f"{term} as an index")


def _product(factors: Iterable[int]) -> int:
    result = 1
    for factor in factors:
        result *= factor
    return result
