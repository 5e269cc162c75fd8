"""SARIF 2.1.0 (OASIS), for code hosts and editors: what is refuted, conditional, tested or unread.

Formulas that state nothing are listed as informational. Columns count Unicode code points.
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from derive import __version__
from derive.report.escape import one_line
from derive.report.model import Claim, Report

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = (
    ("refuted", "error", "The two sides differ: there are numbers at which the claim fails."),
    ("conditional", "warning", "The claim holds only under a condition that its context does not state."),
    ("tested", "warning", "No proof and no counterexample were found; the claim held at the points tried."),
    ("unread", "note", "The formula was not understood."),
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
                        "id": name,
                        "shortDescription": {"text": text},
                        "defaultConfiguration": {"level": level},
                    }
                    for name, level, text in _RULES
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(document.path, claim)
            for document in report.documents
            for claim in document.claims
            if claim.verdict in _INDEX
        ],
    }
    value = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


_INDEX = {name: number for number, (name, _, _) in enumerate(_RULES)}
_LEVEL = {name: level for name, level, _ in _RULES}


def _result(path: str, claim: Claim) -> dict[str, Any]:
    region = {"startLine": claim.line, "startColumn": claim.column}
    if (claim.end_line, claim.end_column) > (claim.line, claim.column):
        region |= {"endLine": claim.end_line, "endColumn": claim.end_column}
    return {
        "ruleId": claim.verdict,
        "ruleIndex": _INDEX[claim.verdict],
        "kind": "informational" if claim.is_expression else "fail",
        "level": "none" if claim.is_expression else _LEVEL[claim.verdict],
        "message": {"text": _message(claim)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}],
    }


def _message(claim: Claim) -> str:
    parts = [f"{claim.verdict}: {one_line(claim.latex)}"]
    if claim.message:
        parts.append(one_line(claim.message))
    if claim.mended:
        parts.append(f"Did you mean: {one_line(claim.mended)}")
    return "\n".join(parts)


def _uri(path: str) -> str:
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())
