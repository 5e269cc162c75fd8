"""Refutation by numbers: a point at which rigorous ball arithmetic excludes what a claim says.

Numbers refute, they never prove: that a claim held at every point tried says only that no witness was found.
What is compared at a point, and how, is in :mod:`derive.balls.comparison`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derive.balls.comparison import PRECISIONS, Outcome, compare
from derive.balls.duals import TooLarge, Unsupported
from derive.balls.evaluation import Evaluator, Point, Reading
from derive.judge.points.domains import domain_of
from derive.judge.points.printing import decimals, printed_values
from derive.judge.points.sampling import NoPoint, points
from derive.judge.points.witness import Witness
from derive.terms import terms
from derive.terms.context import Claim, Context
from derive.terms.terms import Vector

BUDGET = 60
MAX_STEPS = 200_000


@dataclass(frozen=True)
class Agreement:
    """How a claim fared at generic points.

    `points` is the number of points at which both sides have a value and no failure was seen; at `undecided`
    more the balls stayed too wide; points at which a side has no value do not count. `failure` is the
    first certain disagreement. `unreachable` tells that no point obeys the hypotheses and the obligations, `certain` that
    they exclude each other at every size tried, `unsupported` what could not be evaluated.
    """

    points: int
    undecided: int
    failure: Witness | None
    unreachable: bool = False
    certain: bool = False
    unsupported: str = ""


def refute(claim: Claim, context: Context, budget: int = BUDGET) -> Witness | None:
    """The first point, smallest n first, at which `claim` certainly fails; None if `budget` points show none."""
    return agrees(claim, context, budget).failure


def agrees(claim: Claim, context: Context, count: int = BUDGET, precisions: tuple[int, ...] = PRECISIONS) -> Agreement:
    """Tries `claim` at up to `count` points of its constraint set and stops at the first certain failure.

    `precisions` are the bits with which the sides are compared, one after the other until it is decided. A count
    of at least 40 goes through all sizes from 1 to 5, a smaller one through the first three. Points that follow
    200,000 summands are not tried.
    """
    tested = undecided = steps = 0
    try:
        pairs = _pairs(claim)
        program = Evaluator(context, (claim.left, claim.right))
        main = str(context.size) if str(context.size) in domain_of(claim, context).near else ""
        for number, point in enumerate(points(claim, context, count=count)):
            if number >= count or steps > MAX_STEPS:
                break
            try:
                outcomes = [compare(claim, program, pair, point, precisions) for _, pair in pairs]
            except TooLarge:
                undecided += 1
                break
            for (outcome, readings), (place, _) in zip(outcomes, pairs, strict=True):
                if outcome is Outcome.FAILS and readings is not None:
                    return Agreement(tested, undecided, _witness(point, readings, place, main))
            steps += sum(reading.steps for _, reading in outcomes if reading is not None)
            kinds = {outcome for outcome, _ in outcomes}
            if Outcome.OPEN in kinds:
                undecided += 1
            elif Outcome.UNDEFINED not in kinds:
                tested += 1
    except NoPoint as none:
        return Agreement(0, 0, None, unreachable=True, certain=none.certain)
    except Unsupported as error:
        return Agreement(tested, undecided, None, unsupported=str(error))
    return Agreement(tested, undecided, None)


def _pairs(claim: Claim) -> list[tuple[int | None, tuple[Expr, Expr]]]:
    """The two sides, or the pairs of entries of two vectors with their places; entries left out match entries left out.

    Raises :class:`Unsupported` for vectors that do not match.
    """
    left, right = claim.left, claim.right
    if not isinstance(left, Vector) and not isinstance(right, Vector):
        return [(None, (left, right))]
    if not (isinstance(left, Vector) and isinstance(right, Vector) and len(left.entries) == len(right.entries)):
        raise Unsupported("vectors of different shapes")
    pairs = list(enumerate(zip(left.entries, right.entries, strict=True), start=1))
    if any((one == terms.dots()) != (other == terms.dots()) for _, (one, other) in pairs):
        raise Unsupported("dots that stand against an entry")
    return [(place, pair) for place, pair in pairs if pair[0] != terms.dots()]


def _witness(point: Point, reading: Reading, place: int | None, main: str) -> Witness:
    left, right = decimals(*reading.values)
    values: list[tuple[str, str | int]] = [("entry", place)] if place is not None else []
    values += printed_values(point, reading, main)
    return Witness(point.sizes.get(main), tuple(values), left, right, main or "n")
