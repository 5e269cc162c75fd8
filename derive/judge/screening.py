"""Candidates that numbers exclude, so that no proof of them is looked for.

A suggestion (a mended side, a condition, a value for which a claim would hold) is one of dozens of candidates, and nearly
all of them are false. A few points at low precision tell most of these apart; what they leave is proved or given up as
ever, for numbers refute and never prove.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import islice

from sympy import Expr, Symbol

from derive.balls.comparison import Outcome, compare
from derive.balls.duals import TooLarge, Unsupported
from derive.balls.evaluation import Evaluator, Point
from derive.judge.points.domains import domain_of, holds_of_integers, is_of_integers
from derive.judge.points.sampling import NoPoint, points
from derive.terms.context import Assumption, Claim, Context, Fact
from derive.terms.terms import Vector

COUNT, POINTS, BITS = 12, 4, 64
MAX_STEPS = 2_000
"""Where the points need more summands than this, a proof is tried at once."""


class Screen:
    """Points at which a claim has to hold, and what it compares evaluated there: shared by all its candidates."""

    def __init__(self, claim: Claim, context: Context) -> None:
        self._claim, self._context, self._steps = claim, context, 0
        self._program = Evaluator(context, (claim.left, claim.right))

    def excludes_side(self, candidate: Claim) -> bool:
        """Whether the two sides of a candidate, of which the right one is another, differ at a point of the claim."""
        return any(self._fails(candidate, point) for point in self._points[:POINTS])

    def excludes_under(self, assumptions: Sequence[Assumption]) -> bool:
        """Whether the claim fails at a point at which these assumptions hold too."""
        of_indices = [a for a in assumptions if isinstance(a, Fact) and is_of_integers(a)]
        if len(of_indices) == len(assumptions):
            return any(
                all(holds_of_integers(fact, dict(p.sizes), dict(p.indices), self._context) for fact in of_indices)
                for p in self._failing
            )
        return any(
            self._fails(self._claim, point) for point in _first(self._claim, self._context.assume(*assumptions), POINTS, POINTS)
        )

    def excludes_value(self, symbol: Symbol, value: Expr) -> bool:
        """Whether the claim fails where a scalar that no hypothesis binds has this value."""
        domain = domain_of(self._claim, self._context)
        if domain.facts or domain.one_hots:
            return self.excludes_under((Fact(symbol, "=", value),))
        changed = {symbol.name: value}
        return any(self._fails(self._claim, _with_scalars(point, changed)) for point in self._points[:POINTS])

    @cached_property
    def _points(self) -> tuple[Point, ...]:
        return _first(self._claim, self._context, None, COUNT)

    @cached_property
    def _failing(self) -> tuple[Point, ...]:
        return tuple(point for point in self._points if self._fails(self._claim, point))

    def _fails(self, claim: Claim, point: Point) -> bool:
        if self._steps > MAX_STEPS or isinstance(claim.left, Vector) or isinstance(claim.right, Vector):
            return False
        try:
            outcome, reading = compare(claim, self._program, (claim.left, claim.right), point, (BITS,))
            self._steps += reading.steps if reading is not None else 0
            return outcome is Outcome.FAILS
        except (TooLarge, Unsupported):
            return False


def _first(claim: Claim, context: Context, count: int | None, most: int) -> tuple[Point, ...]:
    found: list[Point] = []
    try:
        for point in islice(points(claim, context, count=count), most):
            found.append(point)
    except (NoPoint, Unsupported):
        pass
    return tuple(found)


def _with_scalars(point: Point, values: Mapping[str, Expr]) -> Point:
    return replace(point, scalars={**point.scalars, **{name: Fraction(int(value)) for name, value in values.items()}})
