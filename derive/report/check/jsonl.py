"""JSON lines: one claim per line, as in the JSON form, with the path of its document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from derive.jobs.outcome import Report
from derive.report.check.json import claim, finding, unmet


def write(report: Report) -> str:
    """One line per claim, in the order of the documents and of the source; then structure findings, and the expectations that
    failed.

    A document that cannot be opened is a line with its error.
    """
    lines = (json.dumps(value, ensure_ascii=False) for value in _values(report))
    return "".join(line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n" for line in lines)


def _values(report: Report) -> Iterator[dict[str, Any]]:
    for document in report.documents:
        if document.error:
            yield {"path": document.path, "error": document.error}
        yield from ({"path": document.path, **claim(each)} for each in document.claims)
        yield from ({"path": document.path, "structure": finding(each)} for each in document.structure)
        yield from ({"path": document.path, "unmet": unmet(each)} for each in document.unmet)
