"""A proof as Markdown that `derive check` reads and proves again: what is known in the front matter, then the steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from derive.report.check.markdown import code, escape
from derive.report.proof.outline import WORDS, Block, Section, conditions_latex, context_of, sections, stated_latex
from derive.report.proof.prelude import front_matter
from derive.report.text.escape import one_line
from derive.writing.writer import claim_latex, latex

if TYPE_CHECKING:
    from derive.jobs.prove import ProofReport
    from derive.terms.context import Context


def write(report: ProofReport, lang: str = "en") -> str:
    """The proof as Markdown, ending with a line end."""
    words = WORDS[lang]
    laid_out = tuple(sections(report, lang))
    context = context_of(report)
    said = tuple(term for section in laid_out for block in section.blocks for row in block.rows
                 for term in (row.left, row.step.after) if term is not None)
    lines = ["---", f"title: {one_line(Path(report.path).stem).replace(':', ' ')}", *front_matter(context, said), "---", "",
             f"# {words['proof']}", ""]
    lines += [escape(note) + "\n" for note in report.notes]
    lines += _given(context, words)
    for section in laid_out:
        lines += _section(section, words)
    return "\n".join(lines).rstrip("\n") + "\n"


def _given(context: Context, words: dict[str, str]) -> Iterator[str]:
    if context.definitions:
        yield f"{words['definitions']}:\n"
        for definition in context.definitions:
            yield f"$$\n{claim_latex(definition.head, '=', definition.body, context)}\n$$\n"


def _section(section: Section, words: dict[str, str]) -> Iterator[str]:
    filled = section.filled
    stated = "" if filled is not None or section.derivation is None else f": ${stated_latex(section.derivation)}$"
    yield f"## {section.title}{stated}\n"
    for block in section.blocks:
        yield from _block(block, words)
    if filled is not None and not filled.done:
        yield f"{words['open']}: {code(filled.latex)}. {escape(filled.message)}\n"
    elif filled is not None and section.derivation is not None:
        used, relied = conditions_latex(section.derivation)
        for word, facts in ((words["uses"], used), (words["relies"], relied)):
            if facts:
                yield f"{word}: {', '.join(code(fact) for fact in facts)}.\n"


def _block(block: Block, words: dict[str, str]) -> Iterator[str]:
    if block.case is not None:
        yield f"### {words['if']} {escape(block.case.text.replace('!=', '≠'))}\n"
    elif block.together:
        yield f"### {words['together']}\n"
    rows = []
    for row in block.rows:
        left = "" if row.left is None else latex(row.left, block.context) + " "
        remark = f" && \\text{{{row.rule}}}" if row.rule else ""
        rows.append(f"{left}&= {row.step.latex}{remark}")
    yield "$$\n\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}\n$$\n"


