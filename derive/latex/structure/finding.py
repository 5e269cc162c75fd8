"""What a structure finding is: its kind, its place in a formula, and its cause as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from derive.terms.reasons import Reason


class FaultKind(Enum):
    """The kinds of structure findings."""

    UNUSED_INDEX = "unused index"
    BOUND_TWICE = "index bound twice"
    LIMIT_OF_ITSELF = "limit with its own index"
    DOWNWARDS = "sum that runs downwards"
    FREE_INDEX = "index free on one side"
    OUTSIDE_ITS_SUM = "index outside its sum"
    SAME_STEP = "recurrence at the same step"
    BRACKETS = "unmatched bracket"
    DOUBLED_OPERATOR = "doubled operator"
    DANGLING_OPERATOR = "dangling operator"
    LONE_DIFFERENTIAL = "differential without integral"
    MISSING_TRANSPOSE = "missing transpose"


@dataclass(frozen=True)
class Fault:
    """A fault between the offsets `start` and `end` of a formula's text; `reason` says what is wrong there."""

    kind: FaultKind
    start: int
    end: int
    reason: Reason
