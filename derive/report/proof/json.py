"""A proof as JSON: each goal with its lemmas, steps and cases, in LaTeX and in plain text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from derive.prover.derivation import Derivation, Step
from derive.report.proof.outline import case_latex, conditions_latex, reasons_of

if TYPE_CHECKING:
    from derive.jobs.prove import Filled, ProofReport

VERSION = 1


def write(report: ProofReport, lang: str = "en") -> str:
    """The proof as one JSON object; the same document gives the same text, apart from the time."""
    value = {
        "version": VERSION,
        "path": report.path,
        "lang": lang,
        "goals": [_goal(filled, lang) for filled in report.goals],
        "notes": list(report.notes),
        "summary": {"goals": len(report.goals), "derived": sum(goal.done for goal in report.goals), "seconds": report.seconds},
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _goal(filled: Filled, lang: str) -> dict[str, Any]:
    return {
        "latex": filled.latex,
        "line": filled.line,
        "derived": filled.done,
        "message": filled.message,
        **({} if filled.reason is None else {"reason": filled.reason.why.value}),
        "derivation": None if filled.shown is None else _derivation(filled.shown, lang),
    }


def _derivation(derivation: Derivation, lang: str) -> dict[str, Any]:
    used, relied = conditions_latex(derivation)
    result, last = derivation.result, derivation.last
    return {
        "goal": {"latex": derivation.printed.latex, "text": derivation.printed.text},
        "result": None if result is None or last is None else {"latex": last.latex, "text": last.text},
        "case": None if derivation.case is None else {"latex": case_latex(derivation.case), "text": derivation.case.text},
        "conditions": used,
        "obligations": relied,
        "lemmas": [_derivation(lemma, lang) for lemma in derivation.lemmas],
        "steps": [_step(step, lang) for step in derivation.steps],
        "cases": [_derivation(case, lang) for case in derivation.cases],
        "closing": [_step(step, lang) for step in derivation.closing],
    }


def _step(step: Step, lang: str) -> dict[str, Any]:
    return {
        "latex": step.latex,
        "text": step.text,
        "rules": [rule.called(lang) for rule in step.rules],
        "laws": [rule.law for rule in step.rules if rule.law],
        "reasons": list(reasons_of(step)),
        "verdict": step.verdict.kind.value,
    }
