"""One HTML file that needs nothing else: the documents themselves, each claim marked where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from derive.jobs.outcome import DocumentReport, Report
from derive.report.check.html.body import body
from derive.report.check.html.claim import SHOWN, SIGNS, STRUCTURE, Placed, details, sign
from derive.report.check.html.formula import shown
from derive.report.web.mathml import rendered
from derive.report.web.page import page


def write(report: Report) -> str:
    """The report as one page: counts that filter by verdict, a table of contents, and the documents."""
    placed = [_placed(document, number) for number, document in enumerate(report.documents, 1)]
    counts = Counter(claim.verdict for claims in placed for claim in claims)
    filters = "".join(
        f'<button type="button" class="filter {verdict}" data-verdict="{verdict}" aria-pressed="true">'
        f'<span aria-hidden="true">{SIGNS[verdict]}</span> {verdict} <b>{counts[verdict]}</b></button>'
        for verdict in SHOWN
        if counts[verdict]
    )
    if report.structure():
        filters += (
            f'<button type="button" class="filter structure" data-verdict="structure" aria-pressed="true">'
            f'<span aria-hidden="true">{STRUCTURE}</span> structure <b>{len(report.structure())}</b></button>'
        )
    disagreements = "".join(f'<p class="alarm"><b>engines disagree:</b> {escape(line)}</p>' for line in report.disagreements)
    unopened = "".join(
        f'<p class="alarm unopened"><b>{escape(document.path)}</b>: {escape(document.error)}</p>\n'
        for document in report.unopened
    )
    documents = "".join(
        _document(document, number, claims)
        for number, (document, claims) in enumerate(zip(report.documents, placed, strict=True), 1)
        if not document.error
    )
    content = (
        f'<header><h1>derive: report</h1><div class="filters" role="group" aria-label="show verdicts">'
        f"{filters or 'no claims'}</div></header>\n{unopened}{disagreements}{_contents(report.documents, placed)}"
        f"<main>\n{documents}</main>"
    )
    return page("derive: report", content, script=True)


def _placed(document: DocumentReport, number: int) -> tuple[Placed, ...]:
    """The claims that are shown; what states nothing is none of them."""
    seen: Counter[str] = Counter()
    found = []
    for claim in document.claims:
        if not claim.is_expression:
            anchor = f"d{number}-{claim.line}-{claim.column}"
            seen[anchor] += 1
            found.append(Placed(claim, anchor if seen[anchor] == 1 else f"{anchor}-{seen[anchor]}"))
    return tuple(found)


def _contents(documents: Sequence[DocumentReport], placed: Sequence[Sequence[Placed]]) -> str:
    """The documents by name with their counts, and what is refuted in them."""
    items = []
    for number, (document, claims) in enumerate(zip(documents, placed, strict=True), 1):
        if document.error:
            continue
        counts = Counter(claim.verdict for claim in claims)
        tally = " ".join(
            f'<span class="count {verdict}" title="{verdict}">{SIGNS[verdict]} {counts[verdict]}</span>'
            for verdict in SHOWN
            if counts[verdict]
        )
        refuted = "".join(
            f'<li class="refuted"><a href="#{claim.anchor}">{SIGNS["refuted"]} {escape(claim.place)}</a> '
            f'<span class="scroll">{rendered(claim.claim.latex)}</span></li>'
            for claim in claims
            if claim.verdict == "refuted"
        )
        found = f"<ol>{refuted}</ol>" if refuted else ""
        faults = sum(each.silenced is None for each in document.structure)
        tally += f' <span class="count structure" title="structure">{STRUCTURE} {faults}</span>' if faults else ""
        items.append(f'<li><a href="#d{number}">{escape(document.path)}</a> {tally}{found}</li>')
    return f'<nav aria-label="documents"><ul>{"".join(items)}</ul></nav>\n' if items else ""


def _document(document: DocumentReport, number: int, claims: Sequence[Placed]) -> str:
    macros: Mapping[str, tuple[int, str]] = {}
    text = ""
    left = list(claims)
    if document.loaded is not None:
        source = document.loaded.document()
        macros = {macro.name: (macro.arity, macro.body) for macro in source.macros}
        formulas = []
        for formula in source.formulas:
            start, end = formula.position(0), formula.position(len(formula.latex))
            end = max(end, (start[0], start[1] + 1))
            inside = [placed for placed in left if start <= (placed.claim.line, placed.claim.column) < end]
            left = [placed for placed in left if placed not in inside]
            formulas.append(shown(formula, inside, macros))
        text = f'<div class="document">\n{body(document.loaded, source, formulas)}</div>\n'
    unmet = "".join(
        f'<p class="alarm">line {each.line}: <b>{escape(each.message)}</b> {escape(each.reason)}</p>\n'
        for each in document.unmet
    )
    return (
        f'<section class="report" aria-labelledby="d{number}"><h2 id="d{number}">{escape(document.path)}</h2>\n'
        f"{unmet}{_structure(document, macros)}{''.join(_unplaced(left, macros))}{text}{_notes(document)}"
        f'<div class="details">{"".join(details(placed, macros) for placed in claims)}</div></section>\n'
    )


def _structure(document: DocumentReport, macros: Mapping[str, tuple[int, str]]) -> str:
    """The structure findings, each with its formula."""
    items = []
    for each in document.structure:
        silenced = f' <span class="aside">{escape(str(each.silenced))}</span>' if each.silenced is not None else ""
        cell = "" if each.cell is None else f"cell {each.cell + 1}, "
        items.append(
            f'<li class="{"silenced" if silenced else "structure"}"><span aria-hidden="true">{STRUCTURE}</span> '
            f'<b>{escape(each.kind)}</b> {cell}line {each.line} <span class="scroll">'
            f'{rendered(each.latex, False, macros)}</span> <span class="aside">{escape(each.message)}</span>'
            f"{silenced}</li>"
        )
    return f'<ul class="unplaced faults">{"".join(items)}</ul>\n' if items else ""


def _unplaced(claims: Sequence[Placed], macros: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """What stands at no formula of the text: a file that could not be read, or the text itself is not at hand."""
    if claims:
        yield '<ul class="unplaced">'
        for placed in claims:
            message = f' <span class="aside">{escape(placed.claim.message)}</span>' if placed.claim.message else ""
            formula = rendered(placed.claim.latex, False, macros) if placed.claim.latex else ""
            yield (
                f'<li class="{placed.verdict}">{sign(placed)} <b>{placed.verdict}</b> {escape(placed.place)} '
                f'<span class="scroll">{formula}</span>{message}</li>'
            )
        yield "</ul>\n"


def _notes(document: DocumentReport) -> str:
    notes = [f"<li>{escape(note)}</li>" for note in (*document.notes, *document.context.inferred)]
    return (
        f'<details class="notes"><summary>What was inferred or left out</summary><ul>{"".join(notes)}</ul></details>\n'
        if (notes)
        else ""
    )
