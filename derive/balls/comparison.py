"""What ball arithmetic says of a relation at one point, and of a relation between numbers without variables.

An enclosure of a closed number decides a strict inequality, an inequality between exact numbers or an equation up to a
rounding for good: it is the one place where numbers prove. An equation without rounding is true only between rationals.
"""

from __future__ import annotations

from enum import Enum

from flint import ctx, fmpq
from sympy import Expr

from derive.balls.duals import TooLarge, Undecided, Undefined, Unsupported
from derive.balls.evaluation import Evaluator, Number, Point, Reading, read
from derive.terms.context import Claim, Context
from derive.terms.relations import LESS

PRECISIONS = (64, 128, 256, 1024)


class Outcome(Enum):
    """What a point says of a relation: it certainly holds or fails there, is open, or has no meaning."""

    HOLDS = "holds"
    AGREES = "agrees"
    FAILS = "fails"
    OPEN = "open"
    UNDEFINED = "undefined"


def closed_comparison(claim: Claim, context: Context) -> bool | None:
    """Decides a relation between numbers without variables; None if it has variables or is not decided.

    ``=`` with rounding to d decimals holds iff ``|left - right| <= 10**-d / 2``. A plain ``=`` is True only between
    exact rationals; it is False where the balls do not meet.
    """
    try:
        pair = (claim.left, claim.right)
        outcome, _ = compare(claim, Evaluator(context, pair), pair, Point())
    except (Unsupported, TooLarge):
        return None
    return {Outcome.HOLDS: True, Outcome.FAILS: False}.get(outcome)


def compare(
    claim: Claim, program: Evaluator, pair: tuple[Expr, Expr], point: Point, precisions: tuple[int, ...] = PRECISIONS
) -> tuple[Outcome, Reading | None]:
    """What `point` says of one pair of sides, with more bits until it is decided; equal balls are tried at the most."""
    outcome, reading = Outcome.OPEN, None
    for precision in precisions:
        if outcome is Outcome.AGREES and precision != precisions[-1]:
            continue
        try:
            reading = read(program, pair, point, precision)
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
        distance: Number = difference.__abs__()  # `abs` forgets which of the two types it is
        excess = distance - fmpq(1, 2 * 10**claim.rounding)
        return _certain(excess <= 0, excess > 0)
    if claim.relation == "=":
        if type(difference) is fmpq:
            return _certain(difference == 0, difference != 0)
        return Outcome.FAILS if difference > 0 or difference < 0 else Outcome.AGREES
    if claim.relation == "!=":
        return _certain(difference > 0 or difference < 0, difference == 0)
    if claim.relation in LESS:
        difference = -difference
    if claim.relation in (">", "<"):
        return _certain(difference > 0, difference <= 0)
    return _certain(difference >= 0, difference < 0)


def _certain(holds: bool, fails: bool) -> Outcome:
    return Outcome.HOLDS if holds else Outcome.FAILS if fails else Outcome.OPEN
