"""The table of fallacies: a false claim, the verdict that it gets, why it is false, and beside it a true twin.

Columns of ``fallacies.tsv``: topic; what is given (parts between `` ; ``: a declaration, a formula, or a sentence
with formulas); the claim; its verdict; what its message, conditions or obligations must name; why it is a fallacy, in
plain words; the verdict that would be right where the present one falls short; then the twin: what is given (``=`` for
the same), the claim, its verdict, and the right one where that falls short.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from derive.jobs.check import check
from derive.jobs.outcome import Claim

TABLE = Path(__file__).with_name("fallacies.tsv")


@dataclass(frozen=True)
class Statement:
    """A claim after what is given, its verdict, and the right verdict where that is another."""

    given: str
    latex: str
    verdict: str
    ideal: str

    def judged(self) -> Claim:
        """The claim as `check` reports it."""
        return check(document(self.given, self.latex)).claims[-1]


@dataclass(frozen=True)
class Fallacy:
    """One row: a false claim and its true twin."""

    topic: str
    claim: Statement
    detail: str
    reason: str
    twin: Statement


@lru_cache(maxsize=1)
def fallacies() -> tuple[Fallacy, ...]:
    """The rows of the table.

    Raises:
        ValueError: for a row that does not have eleven columns.
    """
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        topic, given, claim, verdict, detail, reason, ideal, twin_given, twin, twin_verdict, twin_ideal = line.split("\t")
        found.append(
            Fallacy(
                topic,
                Statement(given, claim, verdict, ideal),
                detail,
                reason,
                Statement(given if twin_given == "=" else twin_given, twin, twin_verdict, twin_ideal),
            )
        )
    return tuple(found)


def document(given: str, claim: str) -> str:
    """A document that comes to `claim` from what is given; a last sentence that ends with *then* or a comma leads to it.

    >>> document("b = 2 x ; If $x = 1$, then", "b = 2")
    '$$b = 2 x$$\\n\\nIf $x = 1$, then $$b = 2$$\\n'
    """
    parts = [part.strip() for part in given.split(" ; ") if part.strip()]
    shown = [part if "$" in part or part.startswith("<!--") or part.endswith(",") else f"$${part}$$" for part in parts]
    if parts and parts[-1].endswith(("then", ",")):
        return "\n\n".join(shown) + f" $${claim}$$\n"
    return "\n\n".join([*shown, f"Hence we find $${claim}$$\n"])


def told(claim: Claim) -> str:
    """All that a report says of a claim: conditions, obligations, message."""
    return " ".join([*(c.text for c in (*claim.conditions, *claim.obligations)), claim.message])
