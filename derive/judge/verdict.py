"""What the judge says of a claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from derive.algebra.context import Assumption, Claim, Obligation


class Kind(Enum):
    """The seven verdicts."""

    PROVED = "proved"
    CONDITIONAL = "conditional"
    REFUTED = "refuted"
    TESTED = "tested"
    DEFINITION = "definition"
    ASSUMPTION = "assumption"
    UNREAD = "unread"


@dataclass(frozen=True)
class Condition:
    """A hypothesis or a domain fact on which a verdict rests; `stated` tells whether the context says it.

    The judge says `what` it is; whoever shows it to people fills in `latex` and `text`.
    """

    latex: str = ""
    text: str = ""
    stated: bool = False
    what: Assumption | Obligation | None = None


@dataclass(frozen=True)
class Witness:
    """Concrete sizes, indices and numbers at which the two sides differ, with the value of each side.

    `size` is the value of the main size, whose name is `main`; `values` maps names (``i``, ``z_1``, ``w_{1,2}``) to
    integers or to exact numbers in print.
    """

    size: int | None
    values: tuple[tuple[str, str | int], ...]
    left: str
    right: str
    main: str = "n"


@dataclass(frozen=True)
class Verdict:
    """A kind, and what has to come with it (DESIGN: verdicts)."""

    kind: Kind
    message: str = ""
    conditions: tuple[Condition, ...] = ()
    obligations: tuple[Condition, ...] = ()
    witness: Witness | None = None
    mended: Claim | None = None
    rules: tuple[str, ...] = ()

    def saying(self, message: str) -> Verdict:
        """The same verdict with `message`."""
        return replace(self, message=message)
