"""A proof as Markdown that `derive check` reads and proves again: what is known in the front matter, then the steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from derive.jobs.languages import Given
from derive.report.check.markdown import code, escape
from derive.report.proof.outline import WORDS, Row, context_of, given_latex, sections
from derive.report.proof.prelude import front_matter
from derive.report.proof.source import Style
from derive.report.text.escape import one_line

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport
    from derive.terms.context import Context, Fact


def write(report: ProofReport, lang: str = "en") -> str:
    """The proof as Markdown, ending with a line end."""
    words = WORDS[lang]
    laid_out = tuple(sections(report, lang))
    context = context_of(report)
    vectors = any(goal.raised is not None for goal in report.goals)
    letters = any(goal.raised is None for goal in report.goals) or len(report.given.heads) < len(context.definitions)
    said = tuple(
        term
        for section in laid_out
        for block in section.blocks
        for row in block.rows
        for term in (row.step.before, row.step.after)
    )
    lines = [
        "---",
        f"title: {one_line(Path(report.path).stem).replace(':', ' ')}",
        *front_matter(context, said, report.given if vectors else Given(), letters),
        "---",
        "",
        f"# {words['proof']}",
        "",
    ]
    lines += [escape(note) + "\n" for note in report.notes]
    if vectors and report.given.spaces:
        lines.append(f"{words['let']} {', '.join(f'${space}$' for space in report.given.spaces)}.\n")
    lines += _given(context, words, report.given if vectors else Given())
    style = _Markdown(words)
    for section in laid_out:
        lines += style.section(section)
    return "\n".join(lines).rstrip("\n") + "\n"


def _given(context: Context, words: dict[str, str], given: Given) -> Iterator[str]:
    if context.definitions:
        yield f"{words['definitions']}:\n"
        for latex in given_latex(context, given):
            yield f"$$\n{latex}\n$$\n"


class _Markdown(Style):
    def heading(self, title: str) -> str:
        return f"## {title}\n"

    def case(self, case: Fact) -> str:
        return f"### {self.words['if']} {escape(case.text.replace('!=', '≠'))}\n"

    def together(self) -> str:
        return f"### {self.words['together']}\n"

    def remark(self, row: Row) -> str:
        return f" && \\text{{{row.rule}}}" if row.rule else ""

    def aligned(self, rows: str) -> str:
        return f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$\n"

    def escape(self, text: str) -> str:
        return escape(text)

    def literal(self, latex: str) -> str:
        return code(latex)

    def condition(self, latex: str) -> str:
        return code(latex)

    def paragraph(self, text: str) -> str:
        return f"{text}\n"
