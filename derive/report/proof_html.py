"""A proof as one HTML file that needs nothing else; terms in plain characters, LaTeX on hovering."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from derive.latex.writer import text
from derive.report.escape import one_line
from derive.report.proof_outline import WORDS, Block, Section, sections, stated_text

if TYPE_CHECKING:
    from derive.prove import ProofReport

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;margin:.4rem 0}td{padding:.1rem .6rem .1rem 0;vertical-align:top}
code{font:13px/1.6 ui-monospace,monospace}.rule{color:#3a5fb0}.result{color:#2a7d3f}.open{color:#c22323}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.rule{color:#8fb0ff}.result{color:#7fd095}}
"""


def write(report: ProofReport, lang: str = "en") -> str:
    """The proof as one page."""
    words = WORDS[lang]
    body = "".join("".join(_section(section, words)) for section in sections(report, lang))
    notes = "".join(f"<p>{_shown(note)}</p>" for note in report.notes)
    title = _shown(f"{words['proof']}: {Path(report.path).stem}")
    return (f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{title}</title>'
            f"<style>{_STYLE}</style></head>\n<body><h1>{title}</h1>\n{notes}{body}</body></html>\n")


def _shown(value: str) -> str:
    return escape(one_line(value))


def _section(section: Section, words: dict[str, str]) -> Iterator[str]:
    filled = section.filled
    heading = f"{words['lemma']} {section.number}"
    if filled is not None:
        heading = f"{words['goal']} ({words['line']} {filled.line})"
    yield f"<section><h2>{_shown(heading)}</h2>\n"
    if filled is not None:
        yield f"<p><code>{_shown(filled.latex)}</code></p>\n"
    for block in section.blocks:
        yield from _block(block, words)
    derivation = section.derivation
    if filled is not None and not filled.done:
        yield f'<p class="open">{words["open"]}: {_shown(filled.message)}</p>'
    elif derivation is not None and derivation.result is not None:
        yield f'<p class="result">{words["result"]}: <code>{_shown(stated_text(derivation))}</code></p>'
    yield "</section>\n"


def _block(block: Block, words: dict[str, str]) -> Iterator[str]:
    if block.case is not None:
        yield f"<p>{words['if']} <code>{_shown(block.case.text)}</code>:</p>"
    elif block.together:
        yield f"<p>{words['together']}:</p>"
    yield "<table>"
    for row in block.rows:
        left = "" if row.left is None else _shown(text(row.left, block.context))
        title = _shown(row.step.latex)
        yield (f'<tr><td><code>{left}</code></td><td><code title="{title}">= {_shown(row.step.text)}</code>'
               f'</td><td class="rule">{_shown(row.rule)}</td></tr>\n')
    yield "</table>"
