"""A proof in print: terminal, LaTeX, Markdown, HTML, JSON or Coq."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive.report.formats import PROOF, writer

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport

FORMATS = tuple(PROOF)


def write(report: ProofReport, form: str = "terminal", lang: str = "en", color: bool = False) -> str:
    """`report` in one of :data:`FORMATS`, with the words in English (``en``) or Chinese (``zh``).

    LaTeX is always in English, for pdflatex alone sets no Chinese.

    Raises:
        ValueError: for another format or language.
    """
    module = writer(PROOF, form)
    if lang not in ("en", "zh"):
        raise ValueError(f"expected en or zh, found {lang!r}")
    text: str = module.write(report, lang, color) if form == "terminal" else module.write(report, lang)
    return text
