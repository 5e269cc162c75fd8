"""The outcome of a check in print: one file per format, each with ``write(report) -> str``."""

from __future__ import annotations

from derive.jobs.outcome import Claim, Context, DocumentReport, Place, Report
from derive.report.formats import CHECK, writer

FORMATS = tuple(CHECK)

__all__ = ["FORMATS", "Claim", "Context", "DocumentReport", "Place", "Report", "write"]


def write(report: Report, form: str) -> str:
    """`report` in one of :data:`FORMATS`, ending with a line end; raises ValueError for any other."""
    text: str = writer(CHECK, form).write(report)
    return text
