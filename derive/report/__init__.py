"""The outcome of a check in print: one file per format, each with ``write(report) -> str``."""

from __future__ import annotations

from importlib import import_module

from derive.jobs.outcome import Claim, Context, DocumentReport, Place, Report

FORMATS = ("terminal", "json", "jsonl", "sarif", "html", "markdown")

__all__ = ["FORMATS", "Claim", "Context", "DocumentReport", "Place", "Report", "write"]


def write(report: Report, form: str) -> str:
    """`report` in one of :data:`FORMATS`, ending with a line end; raises ValueError for any other."""
    if form not in FORMATS:
        raise ValueError(f"expected one of {', '.join(FORMATS)}, found {form!r}")
    text: str = import_module(f"derive.report.check.{form}").write(report)
    return text
