"""One HTML file that needs nothing else: no script, style or font from anywhere."""

from __future__ import annotations

from html import escape

from derive.report.escape import visible
from derive.report.model import VERDICTS, Claim, DocumentReport, Report

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem;overflow-wrap:anywhere}
article{border-left:4px solid #999;margin:.6rem 0;padding:.3rem .8rem;background:#f7f7f7}
article[hidden]{display:none}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0;font:13px/1.5 ui-monospace,monospace}
a{color:inherit}p,ul{margin:.2rem 0}
table{border-collapse:collapse;font:13px ui-monospace,monospace}td{padding:0 .8rem 0 0}
.proved{border-color:#2a7d3f}.conditional{border-color:#b57b00}.refuted{border-color:#c22323}.tested{border-color:#1b7f9c}
.unread{border-color:#8a3fa8}.definition,.assumption{border-color:#3a5fb0}
label{margin-right:1rem}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}article{background:#232323}}
"""
_SCRIPT = """
for (const box of document.querySelectorAll("input[data-verdict]"))
  box.addEventListener("change", () => {
    for (const claim of document.querySelectorAll("article." + box.dataset.verdict)) claim.hidden = !box.checked;
  });
"""


def write(report: Report) -> str:
    """The report as one page, with a filter by verdict and an anchor for each claim."""
    counts = report.counts()
    filters = "".join(
        f'<label><input type="checkbox" checked data-verdict="{verdict}"> {verdict} {counts[verdict]}</label>'
        for verdict in VERDICTS
        if counts[verdict]
    )
    disagreements = "".join(f"<p><strong>engines disagree:</strong> {_text(line)}</p>" for line in report.disagreements)
    documents = "".join(_document(document, number) for number, document in enumerate(report.documents, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>derive: report</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>derive: report</h1>\n<p>{filters or 'no claims'}</p>\n{disagreements}{documents}"
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def _document(document: DocumentReport, number: int) -> str:
    claims = "".join(_claim(claim, f"d{number}-{claim.line}-{claim.column}") for claim in document.claims)
    notes = "".join(f"<p>{_text(note)}</p>" for note in (*document.notes, *document.context.inferred))
    return f'<section><h2 id="d{number}">{_text(document.path)}</h2>\n{notes}{claims}</section>\n'


def _claim(claim: Claim, anchor: str) -> str:
    verdict = claim.verdict if claim.verdict in VERDICTS else "unread"
    parts = [
        f'<article class="{verdict}" id="{anchor}"><p><a href="#{anchor}">{claim.line}:{claim.column}</a> '
        f"<strong>{verdict}</strong>{_certified(claim)}</p><pre><code>{_text(claim.latex)}</code></pre>"
    ]
    if claim.message:
        parts.append(f"<p>{_text(claim.message)}</p>")
    for title, conditions in (("condition", claim.conditions), ("relies on", claim.obligations)):
        for condition in conditions:
            stated = "" if condition.stated else " (not stated)"
            parts.append(f"<p>{title}: <code>{_text(condition.text)}</code>{stated}</p>")
    if claim.witness is not None:
        rows = [(claim.witness.main, str(claim.witness.size))] if claim.witness.size is not None else []
        rows += [(name, str(value)) for name, value in claim.witness.values]
        rows += [("left side", claim.witness.left), ("right side", claim.witness.right)]
        cells = "".join(f"<tr><td>{_text(name)}</td><td>{_text(value)}</td></tr>" for name, value in rows)
        parts.append(f"<table>{cells}</table>")
    if claim.mended:
        parts.append(f"<p>did you mean</p><pre><code>{_text(claim.mended)}</code></pre>")
    return "".join(parts) + "</article>\n"


def _certified(claim: Claim) -> str:
    if claim.certified is None:
        return ""
    reason = f" ({_text(claim.certificate)})" if isinstance(claim.certificate, str) else ""
    return ", certified" if claim.certified else f", not certified{reason}"


def _text(text: str) -> str:
    return escape(visible(text))
