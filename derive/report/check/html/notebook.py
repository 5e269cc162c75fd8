"""What a notebook shows of a report: a table of the claims with their verdicts, as HTML or as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from derive.jobs.outcome import Claim, DocumentReport
from derive.report.check.html.claim import SIGNS, STRUCTURE, Placed, certified, facts
from derive.report.text.escape import one_line
from derive.report.web.mathml import rendered
from derive.report.web.page import fragment

if TYPE_CHECKING:
    from derive.judge.verdict import Verdict

_SPECIAL = re.compile(r"([#$%&_{}])|[\\~^]")


def table(documents: Sequence[DocumentReport]) -> str:
    """Verdict, place, formula and what is known, for each claim of `documents`."""
    parts = []
    for document in documents:
        rows = "".join(_row(claim) for claim in document.claims if not claim.is_expression)
        title = f"<p><b>{escape(document.path)}</b></p>" if len(documents) > 1 else ""
        notes = "".join(f'<p class="aside">{escape(note)}</p>' for note in (*document.notes, *document.context.inferred))
        title += f"<p><b>{escape(document.error)}</b></p>" if document.error else ""
        title += "".join(
            f"<p>line {each.line}: <b>{escape(each.message)}</b> {escape(each.reason)}</p>" for each in document.unmet
        )
        title += "".join(
            f"<p>line {each.line}: <b>{STRUCTURE} {escape(each.kind)}</b> {escape(each.message)}</p>"
            for each in document.structure
            if each.silenced is None
        )
        parts.append(f'{title}<table class="verdicts">{rows}</table>{notes}' if rows else f"{title}<p>no claims</p>{notes}")
    return fragment("\n".join(parts))


def judged(latex: str, verdict: Verdict) -> str:
    """One claim with its verdict."""
    claim = Claim(
        "",
        1,
        1,
        1,
        1,
        latex,
        "",
        verdict.kind.value,
        verdict.conditions,
        verdict.obligations,
        verdict.witness,
        verdict.mended.latex or None if verdict.mended is not None else None,
        rules=verdict.rules,
        message=verdict.message,
        reason=verdict.reason.why.value if verdict.reason is not None else "",
    )
    return fragment(f'<table class="verdicts">{_row(claim, place=False)}</table>')


def latex(documents: Sequence[DocumentReport]) -> str:
    """The claims and their verdicts as one formula."""
    rows = []
    for document in documents:
        for claim in document.claims:
            if not claim.is_expression:
                formula = claim.latex if "\\begin" in claim.latex else re.sub(r"(?<!\\)&", " ", claim.latex)
                parts = (claim.verdict, str(claim.silenced or ""), claim.message)
                why = ": ".join(part for part in parts if part)
                rows.append(rf"{formula} & \text{{{_literal(why)}}}")
    return rf"$\displaystyle\begin{{array}}{{ll}} {(chr(92) * 2 + ' ').join(rows)} \end{{array}}$" if rows else "no claims"


def _row(claim: Claim, place: bool = True) -> str:
    placed = Placed(claim, "")
    verdict = placed.verdict
    where = f'<td class="aside">{escape(placed.place)}</td>' if place else ""
    return (
        f'<tr><td class="verdict {verdict}">{SIGNS[verdict]} {verdict}{certified(claim)}</td>{where}'
        f'<td><div class="formula">{rendered(claim.latex)}</div></td><td>{"".join(facts(claim))}</td></tr>'
    )


def _literal(text: str) -> str:
    """`text` so that LaTeX sets it as it is; what it cannot set in text is left out."""
    return _SPECIAL.sub(lambda match: f"\\{match[1]}" if match[1] else " ", one_line(text))
