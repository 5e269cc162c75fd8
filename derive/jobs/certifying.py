"""What an independent proof checker says of the certificates in reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.certify.issued import Issued
from derive.jobs import outcome as model

Progress = Callable[[int, int, str], None]


def certified(reports: Sequence[model.DocumentReport], progress: Progress | None = None) -> list[model.DocumentReport]:
    """The reports with what Coq says of the certificates in them; all of them are checked together."""
    from derive.certify.certificate import verify

    issued = [claim.certificate for report in reports for claim in report.claims if isinstance(claim.certificate, Issued)]
    outcomes = verify([certificate for each in issued for certificate in each.certificates], progress=progress)

    def checked(claim: model.Claim) -> model.Claim:
        if not isinstance(claim.certificate, Issued):
            return claim
        outcome = claim.certificate.outcome(outcomes)
        if outcome is None:
            return replace(claim, certificate=None)
        return replace(claim, certified=outcome.accepted, certificate=outcome.reason or None)

    return [replace(report, claims=tuple(checked(claim) for claim in report.claims)) for report in reports]
