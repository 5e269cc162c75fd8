"""The formats of reports: a row each, with what writes a check in it and what writes a proof. Light, for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Format:
    """A format by its `name`; `check` and `proof` are the modules with its ``write``, empty where there is none."""

    name: str
    check: str = ""
    proof: str = ""


ROWS = (
    Format("terminal", "derive.report.check.terminal", "derive.report.proof.terminal"),
    Format("json", "derive.report.check.json", "derive.report.proof.json"),
    Format("jsonl", "derive.report.check.jsonl"),
    Format("sarif", "derive.report.check.sarif"),
    Format("latex", "", "derive.report.proof.latex"),
    Format("html", "derive.report.check.html", "derive.report.proof.html"),
    Format("markdown", "derive.report.check.markdown", "derive.report.proof.markdown"),
    Format("coq", "", "derive.report.proof.coq"),
)
CHECK = {row.name: row.check for row in ROWS if row.check}
PROOF = {row.name: row.proof for row in ROWS if row.proof}


def writer(table: dict[str, str], form: str) -> Any:
    """The module of :data:`CHECK` or :data:`PROOF` that writes in the format `form`.

    Raises:
        ValueError: for any other name.
    """
    if form not in table:
        raise ValueError(f"expected one of {', '.join(table)}, found {form!r}")
    return import_module(table[form])
