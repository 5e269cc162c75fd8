"""The roles of relations, and what a relation is taken for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from derive.terms.context import Definition
from derive.terms.reasons import Reason


class Role(Enum):
    """What a relation does in a document."""

    CLAIM = "claim"
    DEFINITION = "definition"
    RESTATED = "restated"
    UPDATE = "update"
    CONDITION = "condition"
    SETTING = "setting"
    HYPOTHESIS = "hypothesis"
    EQUATION = "equation"
    HEADER = "header"
    UNCLEAR = "unclear"


TAKEN_UP = (Role.CONDITION, Role.SETTING, Role.HYPOTHESIS, Role.EQUATION)
"""The roles of what the text takes up: an assumption in reports."""


@dataclass(frozen=True)
class Reading:
    """The role of a relation, the definition it makes if it makes one, and what to say of it; `entries` are the definitions
    that an equation of two lists makes, `recurrent` is the recurrence that it is.
    """

    role: Role
    definition: Definition | None = None
    reason: Reason | None = None
    recurrent: Definition | None = None
    entries: tuple[Definition, ...] = ()
