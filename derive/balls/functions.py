"""Values of functions: by their definition's body, or by a generic stand-in where there is no definition.

The derivative of order m in an argument gives that parameter m nested ε, evaluates the body and reads off
the coefficient of their product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sympy import Expr, IndexedBase, Symbol

from derive.balls import duals
from derive.balls.duals import ONE, ZERO, Dual, Unsupported, Value
from derive.balls.frames import Accessor, Frame, Perturbation, Positions, Run
from derive.balls.generic import generic
from derive.balls.integers import compile_integer
from derive.terms.context import Context
from derive.terms.terms import Call


class Evaluating(Protocol):
    """What functions and derivatives need of the evaluator that they are part of."""

    context: Context

    def defines(self, key: tuple[str, int]) -> bool: ...

    def compile(self, term: Expr) -> Callable[[Frame], Value]: ...

    def accessor(self, frame: Frame, name: str) -> Accessor: ...

    def members(self, run: Run, key: tuple[str, int]) -> list[Positions]: ...


@dataclass(frozen=True)
class Function:
    """A definition's head and body; `fixed` counts the arguments that are numbers and match themselves only."""

    parameters: tuple[Expr, ...]
    body: Expr

    @property
    def fixed(self) -> int:
        return sum(1 for parameter in self.parameters if parameter.is_number)

    def fits(self, arguments: tuple[Expr, ...]) -> bool:
        return len(arguments) == len(self.parameters) and all(
            (parameter == argument)
            if parameter.is_number
            else isinstance(parameter, IndexedBase) == isinstance(argument, IndexedBase)
            for parameter, argument in zip(self.parameters, arguments, strict=True)
        )


class Functions:
    """The functions of a program's context."""

    def __init__(self, program: Evaluating) -> None:
        self._program = program

    def compile(self, call: Call) -> Callable[[Frame], Value]:
        """A closure for `call`. Raises :class:`Unsupported` if the function's heads cannot be matched."""
        candidates = [
            _function(each.head, each.body)
            for each in reversed(self._program.context.known.get((Call, call.name)))
            if isinstance(each.head, Call)
        ]
        fitting = sorted((each for each in candidates if each.fits(call.arguments)), key=lambda each: -each.fixed)
        if candidates and not fitting:
            raise Unsupported(f"{call.name} with these arguments")
        return self._body(call, fitting[0]) if fitting else self._stand_in(call)

    def _body(self, call: Call, function: Function) -> Callable[[Frame], Value]:
        program = self._program
        scalars, indices, families = [], [], []
        for parameter, argument, order in zip(function.parameters, call.arguments, call.orders, strict=True):
            if parameter.is_number or isinstance(parameter, IndexedBase) or parameter.is_integer:
                if order:
                    raise Unsupported(f"a derivative of {call.name} in that argument")
                if isinstance(parameter, IndexedBase) and isinstance(argument, IndexedBase):
                    families.append((str(parameter.label), str(argument.label)))
                elif isinstance(parameter, Symbol):
                    indices.append((parameter, compile_integer(argument)))
            elif isinstance(parameter, Symbol):
                scalars.append((parameter, program.compile(argument), order))

        def value(frame: Frame) -> Value:
            run = frame.run
            env = {**run.base, **{parameter: argument(frame) for parameter, argument in indices}}
            passed = {parameter: program.accessor(frame, name) for parameter, name in families}
            given: dict[Symbol, Value] = {}
            levels: list[int] = []
            level, stack = run.next_level(), run.stack
            for parameter, argument, order in scalars:
                number = argument(frame)
                for _ in range(order):
                    number = number + Dual(level, ZERO, ONE)
                    stack = (*stack, Perturbation(None, (), level))
                    levels.append(level)
                    level += 1
                given[parameter] = number
            before = run.under(stack)
            try:
                result = program.compile(function.body)(Frame(run, env, given, passed))
            finally:
                run.under(before)
            for each in reversed(levels):
                result = duals.tangent(result, each)
            return result

        return value

    def _stand_in(self, call: Call) -> Callable[[Frame], Value]:
        """An unknown function; a family as argument stands for all of its members."""
        program = self._program
        arguments: list[tuple[str | Callable[[Frame], Value], int]] = []
        for argument, order in zip(call.arguments, call.orders, strict=True):
            if isinstance(argument, IndexedBase):
                if order:
                    raise Unsupported(f"a derivative of {call.name} in a family")
                arguments.append((str(argument.label), 0))
            else:
                arguments.append((program.compile(argument), order))

        def value(frame: Frame) -> Value:
            numbers: list[Value] = []
            orders: list[int] = []
            for argument, order in arguments:
                if isinstance(argument, str):
                    access: Accessor = program.accessor(frame, argument)
                    numbers.extend(access(place) for place in program.members(frame.run, (argument, 1)))
                else:
                    numbers.append(argument(frame))
                orders.extend([order] * (len(numbers) - len(orders)))
            frame.run.functions.add((call.name, len(numbers)))
            return generic(call.name, len(numbers)).value(numbers, orders)

        return value


def _function(head: Call, body: Expr) -> Function:
    for parameter in head.arguments:
        if not (isinstance(parameter, (Symbol, IndexedBase)) or parameter.is_number):
            raise Unsupported(f"{head.name} is defined at {parameter}")
    return Function(head.arguments, body)
