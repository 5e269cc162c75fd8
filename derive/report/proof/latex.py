"""A proof as a complete LaTeX file that pdflatex sets with amsmath alone.

The rule of a step is the tag of its row, for amsmath moves a tag to a line of its own where the row is too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from derive.report.proof.outline import WORDS, Block, Section, case_latex, conditions_latex, context_of, sections, stated_latex
from derive.report.text.escape import one_line
from derive.writing.writer import claim_latex, latex

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport
    from derive.terms.context import Context

_HEAD = r"""\documentclass[a4paper,11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath}
\allowdisplaybreaks
\begin{document}
"""
_SPECIAL = re.compile(r"([#$%&_{}])|(\\)|(~)|(\^)|([^\x20-\x7e])")


def write(report: ProofReport, lang: str = "en") -> str:
    """The proof as LaTeX; the words are English in every language, for pdflatex alone sets no Chinese."""
    words = WORDS["en"]
    context = context_of(report)
    parts = [_HEAD, f"\\section*{{{words['proof']}: {escape(Path(report.path).stem)}}}\n"]
    parts += [f"{escape(note)}\n\n" for note in report.notes]
    parts += _given(context, words)
    for section in sections(report, "en"):
        parts += _section(section, words)
    return "".join(parts) + "\\end{document}\n"


def escape(text: str) -> str:
    r"""`text` so that LaTeX sets it literally.

    >>> escape("50% of a_b\\c")
    '50\\% of a\\_b\\textbackslash{}c'
    """
    def escaped(match: re.Match[str]) -> str:
        special, backslash, tilde, caret, _ = match.groups()
        if special:
            return "\\" + str(special)
        if backslash:
            return r"\textbackslash{}"
        return r"\textasciitilde{}" if tilde else r"\textasciicircum{}" if caret else "?"

    return _SPECIAL.sub(escaped, one_line(text))


def _given(context: Context, words: dict[str, str]) -> Iterator[str]:
    if context.definitions:
        yield f"\\paragraph{{{words['definitions']}.}}\n"
        rows = [claim_latex(d.head, "=", d.body, context).replace(" = ", " &= ", 1) for d in context.definitions]
        yield "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"


def _section(section: Section, words: dict[str, str]) -> Iterator[str]:
    filled = section.filled
    stated = "" if filled is not None or section.derivation is None else f": ${stated_latex(section.derivation)}$"
    yield f"\\subsection*{{\\raggedright {section.title}{stated}}}\n"
    for block in section.blocks:
        yield from _block(block, words)
    if filled is not None and not filled.done:
        yield f"{words['open']}: \\texttt{{{escape(filled.latex)}}}. {escape(filled.message)}\n\n"
    elif filled is not None and section.derivation is not None:
        used, relied = conditions_latex(section.derivation)
        for word, facts in ((words["uses"], used), (words["relies"], relied)):
            if facts:
                yield f"{word}: {', '.join(f'${fact}$' for fact in facts)}.\n\n"


def _block(block: Block, words: dict[str, str]) -> Iterator[str]:
    if block.case is not None:
        yield f"{words['if']} ${case_latex(block.case)}$:\n"
    elif block.together:
        yield f"{words['together']}:\n"
    rows = []
    for row in block.rows:
        left = "" if row.left is None else latex(row.left, block.context) + " "
        why = [escape(row.rule)] if row.rule else []
        why += [f"${reason}$" for reason in row.reasons]
        remark = f" \\tag*{{\\footnotesize {', '.join(why)}}}" if why else ""
        rows.append(f"{left}&= {row.step.latex}{remark}")
    yield "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"
