"""What the comments of a document take away from its findings, and what they expect in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from derive.documents import Directive
from derive.jobs.outcome import FINDINGS, Claim, Finding, Silenced, Unmet

_T = TypeVar("_T", Claim, Finding)
_WORDS = ("expect", "ignore", "off")  # of several comments that speak of a claim, the first of these gives the reason


@dataclass(frozen=True)
class Heard:
    """The claims and structure findings as the comments leave them, the expectations that fail, and notes on comments without
    effect."""

    claims: tuple[Claim, ...]
    unmet: tuple[Unmet, ...]
    notes: tuple[str, ...]
    structure: tuple[Finding, ...] = ()


def heard(claims: Sequence[Claim], directives: Sequence[Directive], structure: Sequence[Finding] = ()) -> Heard:
    """What `directives` make of `claims` and of `structure`.

    ``ignore`` and ``off`` take every finding away that they cover; ``expect`` only those of the verdict that it names, so
    that it hides no other fault, and it fails where there is none; it takes no structure finding away.
    """
    ordered = sorted(directives, key=lambda each: _WORDS.index(each.word) if each.word in _WORDS else len(_WORDS))
    unmet = tuple(
        _unmet(each, claims)
        for each in directives
        if each.word == "expect" and not each.problem and not any(_meets(each, claim) for claim in claims)
    )
    notes = []
    for each in directives:
        problem = each.problem
        idle = not any(_silences(each, claim) for claim in claims) and not any(_silences(each, found) for found in structure)
        if not problem and each.word != "expect" and idle:
            problem = "it covers no finding, and can be removed"
        if problem:
            notes.append(f"line {each.line}: {each.word}: {problem}")
    return Heard(
        tuple(_taken(claim, ordered) for claim in claims),
        unmet,
        tuple(notes),
        tuple(_taken(found, ordered) for found in structure),
    )


def _taken(claim: _T, ordered: Sequence[Directive]) -> _T:
    by = next((each for each in ordered if _silences(each, claim)), None)
    return claim if by is None else replace(claim, silenced=Silenced(by.word, by.reason, by.line))


def _silences(directive: Directive, claim: Claim | Finding) -> bool:
    if isinstance(claim, Finding):
        return directive.word != "expect" and directive.covers(claim.line, claim.column)
    if claim.is_expression or claim.verdict not in FINDINGS:
        return False
    return _meets(directive, claim) if directive.word == "expect" else directive.covers(claim.line, claim.column)


def _meets(directive: Directive, claim: Claim) -> bool:
    covered = directive.covers(claim.line, claim.column) and not claim.is_expression
    return covered and claim.verdict == directive.verdict


def _unmet(directive: Directive, claims: Sequence[Claim]) -> Unmet:
    covered = [claim.verdict for claim in claims if directive.covers(claim.line, claim.column) and not claim.is_expression]
    return Unmet(
        directive.line,
        directive.column,
        directive.end_line,
        directive.end_column,
        directive.verdict,
        tuple(dict.fromkeys(covered)),
        directive.reason,
    )
