"""A proof as one HTML file that needs nothing else, with rendered formulas; the rules beside the steps."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from derive.report.proof.outline import WORDS, Block, Section, case_latex, conditions_latex, sections, stated_latex
from derive.report.text.escape import one_line
from derive.report.web.mathml import rendered
from derive.report.web.page import fragment as embedded
from derive.report.web.page import page

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport


def write(report: ProofReport, lang: str = "en") -> str:
    """The proof as one page."""
    title = one_line(f"{WORDS[lang]['proof']}: {Path(report.path).stem}")
    return page(title, f"<header><h1>{escape(title)}</h1></header>\n<main>\n{_body(report, lang)}</main>", lang)


def fragment(report: ProofReport, lang: str = "en") -> str:
    """The proof as a part of a page, such as a notebook."""
    return embedded(_body(report, lang))


def _body(report: ProofReport, lang: str) -> str:
    notes = "".join(f"<p>{_shown(note)}</p>\n" for note in report.notes)
    return notes + "".join("".join(_section(section, WORDS[lang])) for section in sections(report, lang))


def _shown(value: str) -> str:
    return escape(one_line(value))


def _section(section: Section, words: dict[str, str]) -> Iterator[str]:
    filled, derivation = section.filled, section.derivation
    stated = "" if filled is not None or derivation is None else f": {rendered(stated_latex(derivation))}"
    yield f"<section><h2>{_shown(section.title)}{stated}</h2>\n"
    if filled is not None:
        yield f'<div class="scroll">{rendered(filled.latex, True)}</div>\n'
    for block in section.blocks:
        yield from _block(block, words)
    if filled is not None and not filled.done:
        yield f'<p class="open">{words["open"]}: {_shown(filled.message)}</p>'
    elif filled is not None and derivation is not None and derivation.result is not None:
        yield f'<div class="result"><p>{words["result"]}</p>'
        yield f'<div class="scroll">{rendered(stated_latex(derivation), True)}</div>'
        used, relied = conditions_latex(derivation)
        for word, facts in ((words["uses"], used), (words["relies"], relied)):
            if facts:
                yield f'<p><span class="aside">{word}:</span> {", ".join(rendered(fact) for fact in facts)}</p>'
        yield "</div>"
    yield "</section>\n"


def _block(block: Block, words: dict[str, str]) -> Iterator[str]:
    if block.case is not None:
        yield f"<p>{words['if']} {rendered(case_latex(block.case))}:</p>"
    elif block.together:
        yield f"<p>{words['together']}:</p>"
    yield '<table class="proof">'
    for row in block.rows:
        left = "" if row.left is None else rendered(row.left.latex, True)
        why = "".join(f" {rendered(reason)}" for reason in row.reasons)
        yield (
            f'<tr><td class="left">{left}</td><td>{rendered(f"= {row.step.latex}", True)}</td>'
            f'<td class="rule">{_shown(row.rule)}{why}</td></tr>\n'
        )
    yield "</table>\n"
