"""What the judge says of a claim. That one is proved cannot be said without a proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from derive.judge.kernel import Proof
from derive.judge.points.witness import Witness
from derive.terms.context import Assumption, Claim, Obligation
from derive.terms.reasons import Reason, Why


class Kind(Enum):
    """The eight verdicts."""

    PROVED = "proved"
    CONDITIONAL = "conditional"
    REFUTED = "refuted"
    TESTED = "tested"
    DEFINITION = "definition"
    ASSUMPTION = "assumption"
    DOUBTFUL = "doubtful"
    UNREAD = "unread"


@dataclass(frozen=True)
class Condition:
    """A hypothesis or a domain fact on which a verdict rests; `stated` tells whether the context says it.

    `line` is where the document says one that is not in force, 0 where it says it nowhere.
    The judge says `what` it is; whoever shows it to people fills in `latex` and `text`.
    """

    latex: str = ""
    text: str = ""
    stated: bool = False
    what: Assumption | Obligation | None = None
    line: int = 0


class Cause(Enum):
    """Why a reading is uncertain."""

    ROLE = "role"
    NAME = "name"
    NARROWED = "narrowed"
    NOT_READ = "not-read"
    CHOICE = "choice"
    BUILT_IN = "built-in"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Doubt:
    """Something that the document does not settle, and on which a reading rests.

    ROLE: whether this is put forward as a claim. NAME: nothing says what `name` is. NARROWED: line `line` restricts `name` in a
    way that was not read. NOT_READ: the definition of `name` in that line was not read. CHOICE: `name` was read as `taken`.
    BUILT_IN: `name` has the meaning that is customary. ELSEWHERE: the meaning of `name` comes from line `line`, another part.
    """

    cause: Cause
    name: str = ""
    line: int = 0
    taken: Why | None = None


@dataclass(frozen=True)
class Verdict:
    """A kind, and what has to come with it (DESIGN: verdicts).

    PROVED comes with a `proof` of the claim, and all its conditions are stated. CONDITIONAL comes with a proof under
    the conditions that are not stated, of which there is at least one. DOUBTFUL comes with the `doubts` for
    which it is not REFUTED. The judge gives a `reason`; whoever shows the verdict to people makes the `message` of it.

    Raises:
        TypeError: if PROVED or CONDITIONAL comes without a proof.
        ValueError: if the conditions are not those of the kind, or not among the proof's assumptions; or a kind other than
            DOUBTFUL comes with doubts, or that one with none.
    """

    kind: Kind
    reason: Reason | None = None
    conditions: tuple[Condition, ...] = ()
    obligations: tuple[Condition, ...] = ()
    witness: Witness | None = None
    mended: Claim | None = None
    rules: tuple[str, ...] = ()
    proof: Proof | None = None
    doubts: tuple[Doubt, ...] = ()
    message: str = ""

    def __post_init__(self) -> None:
        if bool(self.doubts) is not (self.kind is Kind.DOUBTFUL):
            raise ValueError(f"{self.kind.value} does not go with the doubts {self.doubts}")
        if self.kind not in (Kind.PROVED, Kind.CONDITIONAL):
            return
        if not isinstance(self.proof, Proof):
            raise TypeError(f"{self.kind.value} was expected to come with a Proof, found {self.proof!r}")
        unstated = [condition.what for condition in self.conditions if not condition.stated]
        if bool(unstated) is (self.kind is Kind.PROVED):
            raise ValueError(f"{self.kind.value} does not go with the conditions {unstated}")
        if any(what not in (*self.proof.assumptions, *self.proof.claim.obligations) for what in unstated):
            raise ValueError(f"the proof does not assume {unstated}")

    def saying(self, message: str) -> Verdict:
        """The same verdict with `message`."""
        return replace(self, message=message)
