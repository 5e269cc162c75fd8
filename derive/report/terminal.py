"""The terminal: a block for each claim that needs attention, a line for the others, and a summary.

Colour only where the caller says so; the same words stand there without it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from derive.report.escape import one_line, visible
from derive.report.model import Claim, DocumentReport, Report

if TYPE_CHECKING:
    from derive.judge.verdict import Condition, Witness

_MARKS = {
    "proved": ("✓", "green"),
    "conditional": ("!", "yellow"),
    "refuted": ("✗", "bold red"),
    "tested": ("~", "cyan"),
    "definition": (":", "blue"),
    "assumption": (":", "blue"),
    "unread": ("?", "magenta"),
}
_INDENT = "    "


def write(report: Report, color: bool = False, width: int = 100) -> str:
    """The report as text; with `color`, styled by ANSI codes. Lines are never broken, whatever `width` is."""
    stream = StringIO()
    console = Console(
        file=stream,
        width=max(width, 40),
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        force_jupyter=False,
    )
    for document in report.documents:
        for line in _document(document):
            console.print(line, soft_wrap=True)
    for disagreement in report.disagreements:
        console.print(Text(f"the engines disagree (a bug, please report it): {one_line(disagreement)}"), soft_wrap=True)
    console.print(_summary(report), soft_wrap=True)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def _document(document: DocumentReport) -> Iterator[Text | Table]:
    expressions = 0
    for claim in document.claims:
        if claim.is_expression:
            expressions += 1
        else:
            yield from _claim(document.path, claim)
    path = one_line(document.path)
    if expressions:
        what = "formula states nothing" if expressions == 1 else "formulas state nothing"
        yield Text(f"{path}: {expressions} {what} (listed with --format json)", style="dim")
    for note in document.notes:
        yield Text(f"{path}: {one_line(note)}", style="dim")
    for inferred in document.context.inferred:
        yield Text(f"{path}: inferred: {one_line(inferred)}", style="dim")


def _claim(path: str, claim: Claim) -> Iterator[Text | Table]:
    mark, style = _MARKS.get(claim.verdict, ("?", ""))
    head = Text(f"{one_line(path)}:{claim.line}:{claim.column}: ")
    head.append(f"{mark} {claim.verdict}", style=style)
    head.append(f"  {one_line(claim.latex)}")
    if claim.certified is not None:
        head.append("  [certified]" if claim.certified else "  [not certified]", style="dim")
    yield head
    if claim.certified is False and isinstance(claim.certificate, str):
        yield Text(f"{_INDENT}not certified: {one_line(claim.certificate)}", style="dim")
    if claim.verdict in ("unread", "refuted"):
        yield from _caret(claim)
    if claim.message:
        yield Text(_INDENT + one_line(claim.message))
    # What the message says already is not said again.
    yield from _listed("condition", tuple(each for each in claim.conditions if each.text not in claim.message))
    yield from _listed("relies on", claim.obligations)
    if claim.witness is not None:
        yield _witness(claim.witness)
    if claim.mended:
        yield Text(f"{_INDENT}did you mean: {one_line(claim.mended)}", style="green")


def _listed(title: str, conditions: tuple[Condition, ...]) -> Iterator[Text]:
    for condition in conditions:
        known = "uses" if title == "condition" else title
        line = f"{known}: {one_line(condition.text)}" if condition.stated else f"{title}: {one_line(condition.text)}"
        yield Text(_INDENT + line + ("" if condition.stated else " (not stated)"))


def _caret(claim: Claim) -> Iterator[Text]:
    """The line of the source, as far as it is near, with the claim underlined."""
    line = claim.source_line.expandtabs(1)
    if not line.strip() or claim.column > len(line) + 1:
        return
    first = max(0, claim.column - 1 - 40)
    last = claim.column + 79
    end = claim.end_column if claim.end_line == claim.line else len(line) + 1
    number = str(claim.line)
    shown = visible(line[first:last])
    skipped = _columns(visible(line[first : claim.column - 1]))
    length = max(1, _columns(visible(line[claim.column - 1 : min(max(end - 1, claim.column), last)])))
    yield Text(f"{_INDENT}{number} | {shown}")
    yield Text(f"{_INDENT}{' ' * len(number)} | {' ' * skipped}{'^' * length}", style="red")


def _columns(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    combining = sum(unicodedata.combining(character) != 0 for character in text)
    return len(text) + wide - combining


def _witness(witness: Witness) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = [(witness.main, str(witness.size))] if witness.size is not None else []
    rows += [(name, str(value)) for name, value in witness.values]
    rows += [("left side", witness.left), ("right side", witness.right)]
    for name, value in rows:
        table.add_row(Text(_INDENT + one_line(name)), Text("="), Text(one_line(value), overflow="fold"))
    return table


def _summary(report: Report) -> Text:
    expressions = sum(claim.is_expression for claim in report.claims)
    numbers = report.counts()
    numbers["unread"] -= expressions
    counts = [f"{number} {verdict}" for verdict, number in numbers.items() if number]
    if expressions:
        counts.append(f"{expressions} that {'states' if expressions == 1 else 'state'} nothing")
    documents = len(report.documents)
    where = f"{documents} {'document' if documents == 1 else 'documents'}"
    return Text(f"{', '.join(counts) or 'no claims'} in {where}, {report.seconds:.1f} s", style="bold")
