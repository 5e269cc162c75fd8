"""Certificates of claims: from a claim with its verdict to Coq's text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from derive.certify.certificate import RESCALINGS, module, proof_lines, specification
from derive.certify.example import example_point, write_example
from derive.certify.issued import Certificate, Issued
from derive.certify.script.begun import follows, script_for
from derive.certify.script.forms.errors import NoProof, Rescaled
from derive.certify.statement.stating import Stated, state
from derive.certify.statement.writer import OutsideFragment
from derive.judge.verdict import Kind, Verdict
from derive.terms.context import Assumption, Claim, Context, Obligation
from derive.terms.terms import Vector, dots

SETTLED = (Kind.PROVED, Kind.CONDITIONAL, Kind.REFUTED)


def issue_all(name: str, claims: Sequence[Claim], context: Context, verdict: Verdict, comment: str = "") -> Issued:
    """Certificates for all claims that a verdict is about; vectors are taken entry by entry."""
    if verdict.kind not in SETTLED:
        return Issued()
    if any(claim.given for claim in claims):
        return Issued(reason="outside of what can be certified: an implication")
    entries = [entry for claim in claims for entry in _entries(claim)]
    names = [name if len(entries) == 1 else f"{name}_{number}" for number in range(1, len(entries) + 1)]
    try:
        return Issued(tuple(issue(each, claim, context, verdict, comment) for each, claim in zip(names, entries, strict=True)))
    except OutsideFragment as problem:
        return Issued(reason=f"outside of what can be certified: {problem}")
    except NoProof as problem:
        return Issued(reason=f"no proof for Coq: {problem}")


def _entries(claim: Claim) -> Iterator[Claim]:
    """The claim, or one claim for each pair of entries of two vectors."""
    if not (isinstance(claim.left, Vector) and isinstance(claim.right, Vector)):
        yield claim
        return
    for left, right in zip(claim.left.entries, claim.right.entries, strict=True):
        if left != dots():
            yield replace(claim, left=left, right=right)


__all__ = ["Issued", "NoProof", "OutsideFragment", "certificate_of", "issue", "issue_all", "unstated"]


def unstated(verdict: Verdict) -> tuple[Assumption | Obligation, ...]:
    """What a verdict rests on and the context does not state."""
    return tuple(c.what for c in (*verdict.conditions, *verdict.obligations) if not c.stated and c.what is not None)


def issue(name: str, claim: Claim, context: Context, verdict: Verdict, comment: str = "") -> Certificate:
    """The certificate of a claim that was proved, perhaps under a condition, or of the negation of one that was refuted.

    Raises:
        OutsideFragment: if the claim cannot be stated for Coq.
        NoProof: if no proof script was found.
    """
    if verdict.kind is Kind.REFUTED:
        from derive.certify.refutation import refuting

        return refuting(name, claim, context, comment)
    if verdict.kind not in SETTLED:
        raise OutsideFragment(f"a claim that is {verdict.kind.value}")
    return certificate_of(name, claim, context, unstated(verdict), comment)


def certificate_of(
    name: str, claim: Claim, context: Context, conditions: Iterable[Assumption | Obligation] = (), comment: str = ""
) -> Certificate:
    """The certificate of a claim under conditions that the context does not state."""
    given = tuple(conditions)
    stated = scaled(claim, context, given)
    point = example_point(claim, context, given)
    script = script_for(stated)
    write_example(stated, point, script)
    proofs = [("statement", proof_lines(stated)), ("example", script.lines)]
    return Certificate(name, specification(name, stated, comment), module(name, proofs))


def scaled(claim: Claim, context: Context, conditions: tuple[Assumption | Obligation, ...]) -> Stated:
    """The statement; what decides its domain facts may meet exponents with denominators, and then begins again."""
    scale = 1
    for _ in range(RESCALINGS):
        try:
            return state(claim, context, follows(scale), conditions)
        except Rescaled:
            scale *= 2 if scale < 8 else 3
    raise NoProof("exponents with too many denominators")
