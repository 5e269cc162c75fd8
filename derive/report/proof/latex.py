"""A proof as a complete LaTeX file that pdflatex sets with amsmath alone.

The rule of a step is the tag of its row, for amsmath moves a tag to a line of its own where the row is too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from derive.jobs.languages import Given
from derive.report.proof.outline import WORDS, Row, case_latex, context_of, given_latex, sections
from derive.report.proof.source import Style
from derive.report.text.escape import one_line

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport
    from derive.terms.context import Context, Fact

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
    vectors = any(goal.raised is not None for goal in report.goals)
    parts += _given(context, words, report.given if vectors else Given())
    style = _Latex(words)
    for section in sections(report, "en"):
        parts += style.section(section)
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


def _given(context: Context, words: dict[str, str], given: Given) -> Iterator[str]:
    if context.definitions:
        yield f"\\paragraph{{{words['definitions']}.}}\n"
        rows = [latex.replace(" = ", " &= ", 1) for latex in given_latex(context, given)]
        yield "\\begin{align*}\n" + " \\\\\n".join(rows) + "\n\\end{align*}\n"


class _Latex(Style):
    def heading(self, title: str) -> str:
        return f"\\subsection*{{\\raggedright {title}}}\n"

    def case(self, case: Fact) -> str:
        return f"{self.words['if']} ${case_latex(case)}$:\n"

    def together(self) -> str:
        return f"{self.words['together']}:\n"

    def remark(self, row: Row) -> str:
        why = [*([escape(row.rule)] if row.rule else []), *(self.condition(reason) for reason in row.reasons)]
        return f" \\tag*{{\\footnotesize {', '.join(why)}}}" if why else ""

    def aligned(self, rows: str) -> str:
        return f"\\begin{{align*}}\n{rows}\n\\end{{align*}}\n"

    def escape(self, text: str) -> str:
        return escape(text)

    def literal(self, latex: str) -> str:
        return f"\\texttt{{{escape(latex)}}}"

    def condition(self, latex: str) -> str:
        return f"${latex}$"

    def paragraph(self, text: str) -> str:
        return f"{text}\n\n"
