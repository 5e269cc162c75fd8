"""A proof on the terminal: terms in plain characters, the rule of each step at the right."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from derive.report.proof.outline import WORDS, Block, Section, sections, stated_text
from derive.report.text.escape import one_line

if TYPE_CHECKING:
    from rich.text import Text

    from derive.jobs.prove import ProofReport

_WIDE = 92


def write(report: ProofReport, lang: str = "en", color: bool = False) -> str:
    """The proof as text; with `color`, styled by ANSI codes. Lines are never broken."""
    from rich.console import Console

    stream = StringIO()
    console = Console(
        file=stream,
        width=120,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for note in report.notes:
        console.print(one_line(f"{report.path}: {note}"), soft_wrap=True, style="dim")
    for section in sections(report, lang):
        for line in _section(section, report, lang):
            console.print(line, soft_wrap=True)
    return stream.getvalue()


def _section(section: Section, report: ProofReport, lang: str) -> Iterator[Text | str]:
    from rich.text import Text

    words = WORDS[lang]
    filled = section.filled
    if filled is None:
        stated = "" if section.derivation is None else f": {one_line(stated_text(section.derivation))}"
        yield Text(section.title + stated, style="bold")
    else:
        yield Text(one_line(f"{report.path}:{filled.line}: {filled.latex}"), style="bold")
    for block in section.blocks:
        yield from _block(block, words)
    if filled is not None and not filled.done:
        yield Text(f"  {words['open']}: {one_line(filled.message)}", style="bold red")
    elif filled is not None and section.derivation is not None and section.derivation.result is not None:
        yield Text(f"  {words['result']}: {one_line(stated_text(section.derivation))}", style="green")
        yield from _conditions(section, words)
    yield ""


def _conditions(section: Section, words: dict[str, str]) -> Iterator[Text]:
    from rich.text import Text

    from derive.terms.context import Obligation
    from derive.writing.wording import in_print

    if section.derivation is None or section.filled is None:
        return
    shown = [in_print(c, section.derivation.context) for c in section.derivation.conditions]
    for condition in dict.fromkeys(
        (words["relies"] if isinstance(c.what, Obligation) else words["uses"], c.text) for c in shown
    ):
        yield Text(f"  {condition[0]}: {one_line(condition[1])}", style="dim")


def _block(block: Block, words: dict[str, str]) -> Iterator[Text]:
    from rich.text import Text

    if block.case is not None:
        yield Text(f"  {words['if']} {one_line(block.case.text)}:")
    elif block.together:
        yield Text(f"  {words['together']}:")
    indent = "    "
    for row in block.rows:
        if row.left is not None:
            yield Text(indent + one_line(row.left.text))
        body = indent + "  = " + one_line(row.step.text)
        line = Text(body)
        line.append(" " * max(2, _WIDE - len(body)))
        line.append(f"({row.rule})" if row.rule else "", style="cyan")
        yield line
