"""Markdown: one table per document, for a comment or a page on a code host."""

from __future__ import annotations

import re

from derive.jobs.outcome import Claim, DocumentReport, Finding, Report, Unmet
from derive.report.text.escape import one_line

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&])")


def write(report: Report) -> str:
    """A heading and a table for each document, and the counts."""
    parts = [_document(document) for document in report.documents]
    parts.extend(f"**Engines disagree (a bug):** {escape(line)}\n" for line in report.disagreements)
    return "\n".join([*parts, f"{report.tally()}.\n"])


def _document(document: DocumentReport) -> str:
    lines = [f"## {escape(document.path)}", ""]
    if document.error:
        lines.append(f"**{escape(document.error)}**")
    lines.extend(f"**Line {unmet.line}:** {_unmet(unmet)}\n" for unmet in document.unmet)
    claims = [claim for claim in document.claims if not claim.is_expression]
    if claims:
        lines += ["| place | verdict | claim | remark |", "|---|---|---|---|"]
        lines += [
            f"| {claim.line}:{claim.column} | {claim.verdict} | {code(claim.latex)} | {_remark(claim)} |" for claim in claims
        ]
    if document.structure:
        lines += ["", "| place | structure | in | remark |", "|---|---|---|---|"]
        lines += [
            f"| {each.line}:{each.column} | {each.kind} | {code(each.latex)} | {_fault(each)} |" for each in document.structure
        ]
    lines.extend(f"\nNote: {escape(note)}" for note in document.notes)
    return "\n".join(lines) + "\n"


def _unmet(unmet: Unmet) -> str:
    return escape(unmet.message + (f" ({unmet.reason})" if unmet.reason else ""))


def _fault(finding: Finding) -> str:
    return escape("; ".join(part for part in (str(finding.silenced or ""), finding.message) if part))


def _remark(claim: Claim) -> str:
    parts = [escape(str(claim.silenced))] if claim.silenced is not None else []
    parts += [escape(claim.message)] if claim.message else []
    if claim.witness is not None:
        values = ", ".join(f"{name} = {value}" for name, value in claim.witness.values)
        size = f"{claim.witness.main} = {claim.witness.size}, " if claim.witness.size is not None else ""
        parts.append(f"at {code(size + values)}: {code(claim.witness.left)} against {code(claim.witness.right)}")
    if claim.mended:
        parts.append(f"did you mean {code(claim.mended)}?")
    if claim.certified is not None:
        reason = f": {escape(claim.certificate)}" if isinstance(claim.certificate, str) else ""
        parts.append("certified" if claim.certified else f"not certified{reason}")
    return "; ".join(parts)


def escape(text: str) -> str:
    """`text` as Markdown that shows it literally, on one line."""
    return _SPECIAL.sub(r"\\\1", one_line(text))


def code(text: str) -> str:
    """`text` as a code span that is safe inside of a table's cell.

    A pipe is the one character that a table takes out of a code span, so it is escaped there.
    """
    line = one_line(text).replace("|", "\\|") or " "
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"
