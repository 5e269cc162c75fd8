"""JSON: the stable form, described in docs/reports.md; new keys may be added, none is taken away."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from derive.jobs.outcome import Claim, DocumentReport, Finding, Place, Report, Understood, Unmet

if TYPE_CHECKING:
    from derive.judge.points.witness import Witness
    from derive.judge.verdict import Condition

VERSION = 1


def write(report: Report) -> str:
    """The report as one JSON object; apart from the times, the same report gives the same text."""
    value = {
        "version": VERSION,
        "documents": [document(entry) for entry in report.documents],
        "summary": {
            **report.counts(),
            "taken_as_given": report.taken(),
            "structure": len(report.structure()),
            "silenced": report.silenced(),
            "unmet": len(report.unmet),
            "unopened": len(report.unopened),
            "seconds": round(report.seconds, 3),
        },
    }
    if report.disagreements:
        value["disagreements"] = list(report.disagreements)
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def document(entry: DocumentReport) -> dict[str, Any]:
    """One document as JSON values."""
    value: dict[str, Any] = {
        "path": entry.path,
        **({"error": entry.error} if entry.error else {}),
        "context": {key: list(lines) for key, lines in asdict(entry.context).items()},
        "claims": [claim(each) for each in entry.claims],
        "structure": [finding(each) for each in entry.structure],
    }
    if entry.notes:
        value["notes"] = list(entry.notes)
    if entry.unmet:
        value["unmet"] = [unmet(each) for each in entry.unmet]
    return value


def finding(each: Finding) -> dict[str, Any]:
    """A structure finding as JSON values."""
    value: dict[str, Any] = {
        "kind": each.kind,
        "line": each.line,
        "column": each.column,
        "end_line": each.end_line,
        "end_column": each.end_column,
        "message": each.message,
        "reason": each.reason,
        "silenced": None if each.silenced is None else asdict(each.silenced),
    }
    return value if each.cell is None else {**value, "cell": each.cell}


def unmet(each: Unmet) -> dict[str, Any]:
    """An expectation that failed as JSON values."""
    return {
        "line": each.line,
        "column": each.column,
        "end_line": each.end_line,
        "end_column": each.end_column,
        "expected": each.expected,
        "found": list(each.found),
        "reason": each.reason,
    }


def claim(each: Claim) -> dict[str, Any]:
    """One claim as JSON values."""
    value: dict[str, Any] = {
        "id": each.id,
        "line": each.line,
        "column": each.column,
        "end_line": each.end_line,
        "end_column": each.end_column,
        "latex": each.latex,
        "relation": each.relation,
        "verdict": each.verdict,
        "at": _place(each.at),
        "conditions": [_condition(condition) for condition in each.conditions],
        "obligations": [_condition(obligation) for obligation in each.obligations],
        "witness": witness_value(each.witness),
        "mended": each.mended,
        "certified": each.certified,
        "certificate": each.certificate if isinstance(each.certificate, str) else None,
        "rules": list(each.rules),
        "message": each.message,
        "doubts": [
            {"cause": d.cause.value, "name": d.name, "line": d.line or None, "taken": "" if d.taken is None else d.taken.value}
            for d in each.doubts
        ],
        **({"reason": each.reason} if each.reason else {}),
        "reading": None if each.reading is None else _reading(each.reading),
        "silenced": None if each.silenced is None else asdict(each.silenced),
        "milliseconds": round(each.milliseconds, 1),
    }
    if each.cell is not None:
        value["cell"] = each.cell
    return value


def _reading(each: Understood) -> dict[str, Any]:
    """What was understood as JSON values."""
    return {
        "role": each.role,
        "because": each.because,
        "relation": each.relation,
        "names": [{"name": name.name, "meaning": name.meaning, "line": name.line} for name in each.names],
        "in_force": [{"latex": held.latex, "text": held.text, "line": held.line} for held in each.in_force],
        "said": [{"latex": held.latex, "text": held.text, "line": held.line} for held in each.said],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "expected": place.expected,
    }


def _condition(condition: Condition) -> dict[str, Any]:
    value = {"latex": condition.latex, "text": condition.text, "stated": condition.stated}
    return {**value, "line": condition.line} if condition.line else value


def witness_value(witness: Witness | None) -> dict[str, Any] | None:
    """A witness as JSON values."""
    if witness is None:
        return None
    values = dict(witness.values) if witness.main == "n" else {witness.main: witness.size, **dict(witness.values)}
    return {"n": witness.size, "values": values, "lhs": witness.left, "rhs": witness.right}
