"""SARIF 2.1.0 (OASIS), for code hosts and editors: findings on claims and on the structure of formulas.

Columns count Unicode code points. A fingerprint does not depend on the line, so that a result is known again when text
is added above it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from derive import __version__
from derive.jobs.outcome import Claim, DocumentReport, Finding, Place, Report, Silenced, Unmet
from derive.report.check.json import witness_value
from derive.report.text.escape import one_line
from derive.report.text.fingerprint import fingerprints, relative_path, structure_fingerprints

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "SRCROOT"


@dataclass(frozen=True)
class _Rule:
    verdict: str
    name: str
    level: str
    short: str
    full: str
    help: str


_RULES = (
    _Rule(
        "refuted",
        "FalseClaim",
        "error",
        "The two sides differ.",
        "There are numbers, allowed by the context, at which the claim fails. They were found in ball arithmetic: the "
        "ball of the difference excludes 0. The message and the properties of the result show them.",
        "Correct the side that is marked, or state the condition under which the claim holds.",
    ),
    _Rule(
        "doubtful",
        "UncertainReading",
        "warning",
        "As it was read it does not hold, but the reading is uncertain.",
        "There are numbers at which the claim fails as it was read. The reading rests on something that the document does "
        "not settle; the message names it.",
        "Say in the text what is uncertain, or correct the side that is marked.",
    ),
    _Rule(
        "conditional",
        "UnstatedCondition",
        "warning",
        "The claim holds only under a condition that is not stated.",
        "The claim is proved under the condition in the message, which its context does not state, and it fails without it.",
        "State the condition before the claim.",
    ),
    _Rule(
        "tested",
        "NoProof",
        "warning",
        "Neither a proof nor a counterexample was found.",
        "The claim held at the points that were tried. Numbers refute, they never prove.",
        "Write the steps that lead from one side to the other.",
    ),
    _Rule(
        "unread",
        "NotUnderstood",
        "note",
        "The formula was not understood.",
        "The region is the first thing that was not understood; nothing was guessed, and nothing was judged.",
        "Write what is marked in another way, or declare the names in it.",
    ),
    _Rule(
        "structure",
        "FaultyStructure",
        "warning",
        "A fault shows in the formula, whatever it means.",
        "An index, a bracket, an operator or a differential stands where it cannot be meant; the message says which.",
        "Look at what is marked: it is most often a slip of the pen.",
    ),
    _Rule(
        "unmet",
        "UnmetExpectation",
        "error",
        "A comment expects another verdict.",
        "A comment of the document names the verdict that it expects of the formula behind it, and no claim there has it.",
        "Look at the formula, and correct it or the comment.",
    ),
    _Rule(
        "unopened",
        "UnopenedDocument",
        "error",
        "The document cannot be opened.",
        "The file or the folder cannot be opened, or is no text in an encoding that is certain; nothing in it was judged.",
        "Make it readable, or save it as UTF-8.",
    ),
)


def write(report: Report) -> str:
    """The report as one SARIF run."""
    run = {
        "tool": {
            "driver": {
                "name": "derive",
                "version": __version__,
                "rules": [
                    {
                        "id": rule.verdict,
                        "name": rule.name,
                        "shortDescription": {"text": rule.short},
                        "fullDescription": {"text": rule.full},
                        "help": {"text": rule.help},
                        "defaultConfiguration": {"level": rule.level},
                    }
                    for rule in _RULES
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [result for document in report.documents for result in _results(document)],
    }
    value = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


_INDEX = {rule.verdict: number for number, rule in enumerate(_RULES)}
_LEVEL = {rule.verdict: rule.level for rule in _RULES}


def _results(document: DocumentReport) -> Iterator[dict[str, Any]]:
    if document.error:
        yield _fault("unopened", one_line(document.error), _artifact(document.path), {"startLine": 1})
    for claim, mark in zip(document.claims, fingerprints(document), strict=True):
        if claim.is_finding or claim.silenced is not None:
            yield _result(document.path, claim, mark)
    for finding, mark in zip(document.structure, structure_fingerprints(document), strict=True):
        fault = _fault("structure", f"{finding.kind}: {one_line(finding.message)}", _artifact(document.path), _region(finding))
        fault["partialFingerprints"] = {"deriveStructure/v1": mark}
        fault["properties"] = {"kind": finding.kind, "latex": finding.latex}
        fault["suppressions"] = _suppressions(finding.silenced)
        yield fault
    for unmet in document.unmet:
        text = one_line(unmet.message + (f" ({unmet.reason})" if unmet.reason else ""))
        yield _fault("unmet", text, _artifact(document.path), _region(unmet))


def _fault(rule: str, text: str, artifact: dict[str, Any], region: dict[str, int]) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": _INDEX[rule],
        "kind": "fail",
        "level": _LEVEL[rule],
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "suppressions": [],
    }


def _result(path: str, claim: Claim, fingerprint: str) -> dict[str, Any]:
    result = _fault(claim.verdict, _message(claim), _artifact(path), _region(claim.at or claim))
    result["locations"][0]["physicalLocation"]["contextRegion"] = _region(claim)
    result["partialFingerprints"] = {"deriveClaim/v1": fingerprint}
    result["properties"] = {"latex": claim.latex}
    result["suppressions"] = _suppressions(claim.silenced)
    if claim.witness is not None:
        result["properties"]["witness"] = witness_value(claim.witness)
    if claim.mended:
        result["properties"]["mended"] = claim.mended
    return result


def _suppressions(silenced: Silenced | None) -> list[dict[str, str]]:
    if silenced is None:
        return []
    kind = "external" if silenced.line is None else "inSource"
    return [{"kind": kind, "justification": one_line(str(silenced))}]


def _region(place: Claim | Finding | Place | Unmet) -> dict[str, int]:
    region = {"startLine": place.line, "startColumn": place.column}
    if (place.end_line, place.end_column) > (place.line, place.column):
        region |= {"endLine": place.end_line, "endColumn": place.end_column}
    return region


def _message(claim: Claim) -> str:
    parts = [f"{claim.verdict}: {one_line(claim.latex)}"]
    if claim.message:
        parts.append(one_line(claim.message))
    if claim.witness is not None:
        size = [(claim.witness.main, claim.witness.size)] if claim.witness.size is not None else []
        values = ", ".join(f"{name} = {value}" for name, value in (*size, *claim.witness.values))
        parts.append(one_line(f"At {values}: left {claim.witness.left}, right {claim.witness.right}"))
    if claim.mended:
        parts.append(f"Did you mean: {one_line(claim.mended)}")
    return "\n".join(parts)


def _artifact(path: str) -> dict[str, Any]:
    """A path below the folder of the run as a relative address, with the name of that folder."""
    relative = relative_path(path)
    if PurePath(relative).is_absolute():
        return {"uri": PurePath(relative).as_uri()}
    return {"uri": quote(relative), "uriBaseId": _BASE}
