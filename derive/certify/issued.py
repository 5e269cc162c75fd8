"""Certificates on their way to Coq, and what came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Certificate:
    """One statement with its proof and the proof that its premises can hold, as Coq's text; `name` is a module's."""

    name: str
    specification: str
    proof: str


@dataclass(frozen=True)
class Outcome:
    """Whether Coq accepted a certificate; `reason` says why not."""

    accepted: bool
    reason: str = ""


@dataclass(frozen=True)
class Issued:
    """Certificates that are to be checked, or the reason why there is none; neither where there is nothing to confirm."""

    certificates: tuple[Certificate, ...] = ()
    reason: str = ""

    def outcome(self, outcomes: Mapping[str, Outcome]) -> Outcome | None:
        """What Coq said of all of them together."""
        if self.reason:
            return Outcome(False, self.reason)
        if not self.certificates:
            return None
        return next((o for c in self.certificates if not (o := outcomes[c.name]).accepted), Outcome(True))
