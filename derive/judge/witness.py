"""Refutation by numbers: a point at which rigorous ball arithmetic excludes what a claim says.

Numbers refute, they never prove: that a claim held at every point tried says only that no witness was found.
The one exception is a relation between closed numbers, which :func:`closed_comparison` decides where it can.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flint import ctx, fmpq
from sympy import Expr

from derive.algebra import terms
from derive.algebra.balls import Number, Point, Program, Reading, read
from derive.algebra.context import Claim, Context
from derive.algebra.duals import TooLarge, Undecided, Undefined, Unsupported
from derive.algebra.terms import Vector
from derive.judge.domains import domain_of
from derive.judge.printing import decimals, printed_values
from derive.judge.sampling import NoPoint, points
from derive.judge.verdict import Witness

PRECISIONS = (64, 128, 256, 1024)
BUDGET = 60
MAX_STEPS = 200_000


class Outcome(Enum):
    """What a point says of a relation: it certainly holds or fails there, is open, or has no meaning."""

    HOLDS = "holds"
    AGREES = "agrees"
    FAILS = "fails"
    OPEN = "open"
    UNDEFINED = "undefined"


@dataclass(frozen=True)
class Agreement:
    """How a claim fared at generic points.

    `points` is the number of points at which both sides have a value and no failure was seen; at `undecided`
    more the balls stayed too wide; points at which a side has no value do not count. `failure` is the
    first certain disagreement. `unreachable` tells that no point obeys the hypotheses, `unsupported` what could not be
    evaluated.
    """

    points: int
    undecided: int
    failure: Witness | None
    unreachable: bool = False
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
        program = Program(context, (claim.left, claim.right))
        main = str(context.size) if str(context.size) in domain_of(claim, context).near else ""
        for number, point in enumerate(points(claim, context, count=count)):
            if number >= count or steps > MAX_STEPS:
                break
            try:
                outcomes = [_compare(claim, program, pair, point, precisions) for pair in pairs]
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
    except NoPoint:
        return Agreement(0, 0, None, unreachable=True)
    except Unsupported as error:
        return Agreement(tested, undecided, None, unsupported=str(error))
    return Agreement(tested, undecided, None)


def closed_comparison(claim: Claim, context: Context) -> bool | None:
    """Decides a relation between numbers without variables; None if it has variables or is not decided.

    ``=`` with rounding to d decimals holds iff ``|left - right| <= 10**-d / 2``. A plain ``=`` is True only between
    exact rationals; it is False where the balls do not meet.
    """
    try:
        program = Program(context, (claim.left, claim.right))
        outcomes = {_compare(claim, program, pair, Point())[0] for pair in _pairs(claim)}
    except (Unsupported, TooLarge):
        return None
    if Outcome.FAILS in outcomes:
        return False
    return True if outcomes == {Outcome.HOLDS} else None


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


def _compare(claim: Claim, program: Program, pair: tuple[int | None, tuple[Expr, Expr]],
             point: Point, precisions: tuple[int, ...] = PRECISIONS) -> tuple[Outcome, Reading | None]:
    """What `point` says of one pair of sides, with more bits until it is decided; equal balls are tried at the most."""
    outcome, reading = Outcome.OPEN, None
    for precision in precisions:
        if outcome is Outcome.AGREES and precision != precisions[-1]:
            continue
        try:
            reading = read(program, pair[1], point, precision)
        except Undefined:
            return Outcome.UNDEFINED, None
        except TooLarge:
            raise
        except Undecided:
            outcome = Outcome.OPEN
            continue
        with ctx.workprec(precision):
            outcome = _outcome(claim, *reading.values)
        if outcome in (Outcome.HOLDS, Outcome.FAILS):
            break
    return outcome, reading


def _outcome(claim: Claim, left: Number, right: Number) -> Outcome:
    difference = left - right
    if claim.relation == "=" and claim.rounding is not None:
        excess = abs(difference) - fmpq(1, 2 * 10**claim.rounding)
        return _certain(excess <= 0, excess > 0)
    if claim.relation == "=":
        if type(difference) is fmpq:
            return _certain(difference == 0, difference != 0)
        return Outcome.FAILS if difference > 0 or difference < 0 else Outcome.AGREES
    if claim.relation == "!=":
        return _certain(difference > 0 or difference < 0, type(difference) is fmpq and difference == 0)
    if claim.relation in ("<", "<="):
        difference = -difference
    if claim.relation in (">", "<"):
        return _certain(difference > 0, difference <= 0)
    return _certain(difference >= 0, difference < 0)


def _certain(holds: bool, fails: bool) -> Outcome:
    return Outcome.HOLDS if holds else Outcome.FAILS if fails else Outcome.OPEN


def _witness(point: Point, reading: Reading, place: int | None, main: str) -> Witness:
    left, right = decimals(*reading.values)
    values: list[tuple[str, str | int]] = [("entry", place)] if place is not None else []
    values += printed_values(point, reading, main)
    return Witness(point.sizes.get(main), tuple(values), left, right, main or "n")
