"""Where hypotheses come from, as a value: what decides reads it."""

from __future__ import annotations

from enum import Enum


class Origin(Enum):
    """Where a hypothesis comes from."""

    STATED = "stated"
    CASE = "case"  # one of the two cases, same index or different ones, in which a proof is split
    OBLIGATION = "obligation"  # a side would have no value otherwise
    UNNAMED = "unnamed"  # the place of a one-hot family that no formula names was given a name for a proof
