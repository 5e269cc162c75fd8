"""Rigorous evaluation of a term at a point, in Arb ball arithmetic.

A *point* gives concrete sizes, indices and exact numbers for everything that has no definition. The value
is an exact rational where only rational operations were met, and else a ball that contains the real
number meant: two balls that do not meet prove two terms different at that point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from flint import arb, ctx, fmpq
from sympy import Expr, Symbol

from derive.balls.closures import Evaluator
from derive.balls.duals import Undecided, Undefined, Unsupported, Value, ball
from derive.balls.frames import Frame, Positions, Run
from derive.balls.generic import generic
from derive.terms.context import Context

__all__ = ["Number", "Point", "Evaluator", "Reading", "Undecided", "Undefined", "Unsupported", "evaluate", "read"]

Number: TypeAlias = fmpq | arb


@dataclass(frozen=True)
class Point:
    """Sizes by name, free indices, and exact values of the scalars and members that have no definition.

    A derivative ``∂E/∂a_i`` of a quantity E without definition is the member ``(i,)`` of ``"∂E/∂a"``.
    `fill` gives the value of whatever is not listed, by its name and positions (none for a scalar).
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    indices: Mapping[Symbol, int] = field(default_factory=dict)
    scalars: Mapping[str, Fraction] = field(default_factory=dict)
    members: Mapping[tuple[str, Positions], Fraction] = field(default_factory=dict)
    fill: Callable[[str, Positions], Fraction] | None = None

    def value(self, name: str, positions: Positions) -> Fraction:
        """The value of a primitive. Raises :class:`Unsupported` if the point has none."""
        known = self.members.get((name, positions)) if positions else self.scalars.get(name)
        if known is None and self.fill is not None:
            known = self.fill(name, positions)
        if known is None:
            raise Unsupported(f"{name} has no value")
        return known


@dataclass(frozen=True)
class Reading:
    """The values of some terms at a point, and what was read for them, in order of name.

    `used` are primitives, `sizes` names of sizes, `functions` the formulas that stood in for unknown functions;
    `steps` is the number of summands added up.
    """

    values: tuple[Number, ...]
    used: tuple[tuple[str, Positions, Fraction], ...]
    sizes: tuple[str, ...]
    functions: tuple[tuple[str, str], ...]
    steps: int


def read(program: Evaluator, sides: Sequence[Expr], point: Point, precision: int = 64) -> Reading:
    """The values of `sides` at `point`, with `precision` bits; exact where only rational operations occur.

    Raises :class:`Undefined`, :class:`Undecided` (worth another try with more precision) or :class:`Unsupported`.
    """
    used: dict[tuple[str, Positions], Fraction] = {}

    def lookup(name: str, positions: Positions) -> Value:
        value = used[name, positions] = point.value(name, positions)
        return fmpq(value.numerator, value.denominator)

    run = Run(lookup, point.sizes, point.indices)
    with ctx.workprec(precision):
        try:
            values = tuple(program.compile(side)(Frame(run, dict(run.base))) for side in sides)
        except RecursionError as error:
            raise Unsupported("the term, or a recursion in the definitions, is too deep") from error
    for value in values:
        if type(value) is arb and not value.is_finite():
            raise Undecided("the value is too large for this precision")
    formulas = tuple((name, generic(name, arity).formula(name)) for name, arity in sorted(run.functions))
    return Reading(values, tuple((*key, used[key]) for key in sorted(used)), tuple(sorted(run.sizes_read)), formulas, run.steps)


@lru_cache(maxsize=64)
def _program(context: Context, term: Expr) -> Evaluator:
    return Evaluator(context, (term,))


def evaluate(term: Expr, point: Point, context: Context, precision: int = 64) -> arb:
    """The ball of `term` at `point`; never one that is not finite.

    Raises :class:`Undefined` if the term certainly has no value there, :class:`Undecided` if a denominator's or a
    logarithm's ball straddles 0 at this precision, :class:`Unsupported` for heads outside the vocabulary.
    """
    value = read(_program(context, term), (term,), point, precision).values[0]
    with ctx.workprec(precision):
        return ball(value)
