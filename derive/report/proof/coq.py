"""A proof as a file for Coq: one theorem for each step, and the goal put together from them by transitivity.

The file needs nothing but Coq and Coquelicot. Coq has read it before it is written: what Coq does not accept is left out
and named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derive.certify.certificate import Progress, standalone, verify
from derive.certify.chain import chained
from derive.certify.issue import NoProof, OutsideFragment, certificate_of, unstated
from derive.certify.issued import Certificate
from derive.prover.derivation import Derivation, Step, obligations_of
from derive.terms.context import Claim, Obligation
from derive.writing.writer import claim_latex

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport


def write(report: ProofReport, lang: str = "en") -> str:
    """The certificates of the proof that Coq accepts, as one file."""
    return certified(report)[0]


def certified(report: ProofReport, progress: Progress | None = None) -> tuple[str, tuple[str, ...]]:
    """The file, and what is not in it, each with the reason.

    Raises:
        NoCoq: where Coq is not installed.
    """
    missing: list[str] = []
    found: list[Certificate] = []
    for number, goal in enumerate(report.goals, 1):
        if goal.derivation is None or not goal.done:
            missing.append(f"line {goal.line}: {goal.message or 'not derived'}")
            continue
        for certificate in _certificates(f"goal_{number}", goal.derivation):
            if isinstance(certificate, str):
                missing.append(f"line {goal.line}: {certificate}")
            else:
                found.append(certificate)
    outcomes = verify(found, max(len(found), 1), progress)  # the goals rest on the theorems of their steps
    missing += [f"{c.name}: {outcomes[c.name].reason}" for c in found if not outcomes[c.name].accepted]
    return standalone([c for c in found if outcomes[c.name].accepted]), tuple(missing)


def _certificates(name: str, derivation: Derivation) -> Iterator[Certificate | str]:
    """Certificates of all steps of a derivation, and of the whole; a reason where there is none."""
    for number, lemma in enumerate(derivation.lemmas, 1):
        yield from _certificates(f"{name}_lemma_{number}", lemma)
    for number, case in enumerate(derivation.cases, 1):
        yield from _certificates(f"{name}_case_{number}", case)
    steps = (*derivation.steps, *derivation.closing)
    for number, step in enumerate(steps, 1):
        yield _issued(f"{name}_step_{number}", _claim_of(step, derivation), derivation, step)
    if derivation.result is None:
        return
    relied: tuple[Obligation, ...] = tuple(obligations_of(derivation.result, derivation.context))
    latex = claim_latex(derivation.goal, "=", derivation.result, derivation.context)
    whole = Claim(derivation.goal, "=", derivation.result, relied, latex=latex)
    if not steps:
        yield _issued(name, whole, derivation, None)
        return
    conditions = tuple(dict.fromkeys(c for step in steps for c in unstated(step.verdict)))
    try:
        parts = [
            (f"{name}_step_{number}", _claim_of(step, derivation), unstated(step.verdict))
            for number, step in enumerate(steps, 1)
        ]
        yield chained(name, whole, derivation.context, conditions, [] if derivation.cases else parts, latex)
    except (NoProof, OutsideFragment) as problem:
        yield f"{name}: {problem}"


def _claim_of(step: Step, derivation: Derivation) -> Claim:
    relied = (*obligations_of(step.before, derivation.context), *obligations_of(step.after, derivation.context))
    latex = claim_latex(step.before, "=", step.after, derivation.context)
    return Claim(step.before, "=", step.after, tuple(dict.fromkeys(relied)), latex=latex)


def _issued(name: str, claim: Claim, derivation: Derivation, step: Step | None) -> Certificate | str:
    conditions = unstated(step.verdict) if step is not None else ()
    try:
        return certificate_of(name, claim, derivation.context, conditions, claim.latex)
    except (NoProof, OutsideFragment) as problem:
        return f"{name}: {problem}"
