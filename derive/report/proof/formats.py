"""A proof in print: terminal, LaTeX, Markdown, HTML, JSON or Coq."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport

FORMATS = ("terminal", "latex", "markdown", "html", "json", "coq")


def write(report: ProofReport, form: str = "terminal", lang: str = "en", color: bool = False) -> str:
    """`report` in one of :data:`FORMATS`, with the words in English (``en``) or Chinese (``zh``).

    LaTeX is always in English, for pdflatex alone sets no Chinese.

    Raises:
        ValueError: for another format or language.
    """
    if form not in FORMATS:
        raise ValueError(f"expected one of {', '.join(FORMATS)}, found {form!r}")
    if lang not in ("en", "zh"):
        raise ValueError(f"expected en or zh, found {lang!r}")
    module = import_module(f"derive.report.proof.{form}")
    text: str = module.write(report, lang, color) if form == "terminal" else module.write(report, lang)
    return text
