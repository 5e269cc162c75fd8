"""JSON lines: one claim per line, as in the JSON form, with the path of its document."""

from __future__ import annotations

import json

from derive.jobs.outcome import Report
from derive.report.check.json import claim


def write(report: Report) -> str:
    """One line per claim, in the order of the documents and of the source."""
    lines = (
        json.dumps({"path": document.path, **claim(each)}, ensure_ascii=False)
        for document in report.documents
        for each in document.claims
    )
    return "".join(line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029") + "\n" for line in lines)
