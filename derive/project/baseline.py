"""Findings that are known: a file lists them, and they do not fail; new ones do.

JSON: ``{"version": 1, "findings": [{"fingerprint": ..., "verdict": ..., "path": ..., "latex": ...}]}``. A finding is known by
its fingerprint and its verdict, one of structure by its kind: a formula that was unread and is now refuted is new. The path
and the formula are for people.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from derive.jobs.outcome import Claim, DocumentReport, Finding, Report, Silenced
from derive.report.text.fingerprint import fingerprints, relative_path, structure_fingerprints

VERSION = 1


class BaselineError(Exception):
    """A file of known findings that cannot be used; the message says which and why."""


def without_known(report: Report, path: Path) -> Report:
    """The report, where the findings that the file lists are silenced.

    Raises:
        BaselineError: if the file cannot be read, or is none.
    """
    known = _read(path)

    def taken(claim: Claim, mark: str) -> Claim:
        is_known = claim.is_finding and (mark, claim.verdict) in known
        return replace(claim, silenced=Silenced("baseline", path.name)) if is_known else claim

    def told(finding: Finding, mark: str) -> Finding:
        is_known = finding.silenced is None and (mark, finding.kind) in known
        return replace(finding, silenced=Silenced("baseline", path.name)) if is_known else finding

    documents = tuple(
        replace(
            document,
            claims=tuple(taken(claim, mark) for claim, mark in _marked(document, path)),
            structure=tuple(told(each, mark) for each, mark in _structure(document, path)),
        )
        for document in report.documents
    )
    return replace(report, documents=documents)


def baseline(report: Report, path: Path) -> str:
    """The text of a file at `path` that lists the findings of `report`; those that a comment silences are not in it."""
    findings = [
        {"fingerprint": mark, "verdict": claim.verdict, "path": relative_path(document.path, path.parent), "latex": claim.latex}
        for document in report.documents
        for claim, mark in _marked(document, path)
        if claim.is_finding
    ]
    findings += [
        {"fingerprint": mark, "verdict": each.kind, "path": relative_path(document.path, path.parent), "latex": each.latex}
        for document in report.documents
        for each, mark in _structure(document, path)
        if each.silenced is None
    ]
    return json.dumps({"version": VERSION, "findings": findings}, ensure_ascii=False, indent=1) + "\n"


def _marked(document: DocumentReport, path: Path) -> Iterator[tuple[Claim, str]]:
    """The claims with their fingerprints, which name documents from the folder of the file on."""
    return zip(document.claims, fingerprints(document, path.parent), strict=True)


def _structure(document: DocumentReport, path: Path) -> Iterator[tuple[Finding, str]]:
    return zip(document.structure, structure_fingerprints(document, path.parent), strict=True)


def _read(path: Path) -> frozenset[tuple[str, str]]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BaselineError(f"{path}: cannot be opened: {error.strerror or error}; --write-baseline writes it") from error
    except ValueError as error:
        raise BaselineError(f"{path}: no valid JSON: {error}") from error
    try:
        if values["version"] != VERSION:
            raise BaselineError(f"{path}: expected version {VERSION}, found {values['version']!r}: write it anew")
        return frozenset((str(each["fingerprint"]), str(each["verdict"])) for each in values["findings"])
    except (KeyError, TypeError) as error:
        raise BaselineError(f"{path}: no list of known findings: --write-baseline writes one") from error
