"""Values of derivatives: the variable gets an ε, and the coefficient of ε is read off."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Indexed, Symbol

from derive.balls import duals
from derive.balls.duals import ONE, ZERO, Dual, Unsupported, Value
from derive.balls.frames import Accessor, Frame, Perturbation, Positions
from derive.balls.functions import Evaluating
from derive.balls.integers import compile_integer
from derive.terms.terms import Partial


class Derivatives:
    """The derivatives that are written in the terms of an evaluator."""

    def __init__(self, program: Evaluating) -> None:
        self._program = program

    def compile(self, term: Partial) -> Callable[[Frame], Value]:
        """A closure for `term`. Raises :class:`Unsupported` for what has no derivative, or none in that variable."""
        program = self._program
        body, variable = program.compile(term.expr), term.variable
        if (
            isinstance(term.expr, Symbol)
            and term.expr.is_integer
            and not term.expr.is_positive
            and not program.defines((term.expr.name, 0))
        ):
            raise Unsupported(f"{term.expr} is an index, it has no derivative")
        if isinstance(variable, Indexed):
            name = str(variable.base.label)
            positions = tuple(compile_integer(position) for position in variable.indices)
        elif isinstance(variable, Symbol) and not variable.is_integer:
            name, positions = variable.name, ()
        else:
            raise Unsupported(f"a derivative with respect to {variable}")

        def derivative(frame: Frame) -> Value:
            run, inner = frame.run, frame
            level = run.next_level()
            place = tuple([position(frame) for position in positions])
            seed = Perturbation(None, (), level)
            if positions and name in frame.families:
                inner = Frame(
                    run, frame.env, frame.scalars, {**frame.families, name: _shifted(frame.families[name], place, level)}
                )
            elif isinstance(variable, Symbol) and variable in frame.scalars:
                moved = frame.scalars[variable] + Dual(level, ZERO, ONE)
                inner = Frame(run, frame.env, {**frame.scalars, variable: moved}, frame.families)
            else:
                seed = Perturbation(name, place, level)
            before = run.under((*run.stack, seed))
            try:
                value = body(inner)
            finally:
                run.under(before)
            return duals.tangent(value, level)

        return derivative


def _shifted(access: Accessor, place: Positions, level: int) -> Accessor:
    """`access` with an ε of `level` added to the member at `place`."""

    def member(positions: Positions) -> Value:
        value = access(positions)
        return value + Dual(level, ZERO, ONE) if positions == place else value

    return member
