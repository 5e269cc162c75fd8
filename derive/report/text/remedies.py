"""One way to mend each finding, in the words of the kind of document that it stands in."""

from __future__ import annotations

from derive.jobs.outcome import Claim

_GENERAL = {
    "refuted": "help: correct the marked side, or state before it under which condition it holds",
    "doubtful": "help: say in the text what is uncertain here, or correct the marked side",
    "tested": "help: write the steps that lead from one side to the other",
    "unread": "help: write what is marked in another way, or declare the names in it",
}
_EXPECTED = "help: write there {expected}"
_CONDITION = "help: state before the formula that {text}"
_GIVEN = "help: state it, as in: --given '{latex}'"


def remedy(claim: Claim, by_option: bool) -> str:
    """One line that says how a finding can be mended; empty for what is no finding.

    A claim that was given on the command line (`by_option`) is mended there.
    """
    if claim.mended:
        return f"did you mean: {claim.mended}"
    if not claim.is_finding:
        return ""
    if claim.verdict == "conditional":
        return _stating(claim, by_option)
    if claim.at is not None and claim.at.expected:
        return _EXPECTED.format(expected=claim.at.expected)
    return _GENERAL[claim.verdict]


def _stating(claim: Claim, by_option: bool) -> str:
    missing = next((condition for condition in claim.conditions if not condition.stated), None)
    if missing is None:
        return ""
    return (_GIVEN if by_option else _CONDITION).format(latex=missing.latex, text=missing.text)
