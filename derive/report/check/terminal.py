"""The terminal: a block for each finding, as a compiler prints an error, and one line for the rest.

Place, verdict and formula; the line of the source with a caret below what was not understood or the side that differs;
what was found there; one way to mend it. Colour only where the caller says so; the same words stand there without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from derive.jobs.outcome import FAILING, Claim, DocumentReport, Finding, Held, Report, Understood
from derive.report.text.escape import one_line
from derive.report.text.remedies import remedy
from derive.report.text.source_line import clipped, underlined

if TYPE_CHECKING:
    from derive.judge.points.witness import Witness
    from derive.judge.verdict import Condition

_MARKS = {
    "proved": ("✓", "green"),
    "conditional": ("!", "yellow"),
    "refuted": ("✗", "bold red"),
    "doubtful": ("‽", "yellow"),
    "tested": ("~", "cyan"),
    "definition": (":", "blue"),
    "assumption": (":", "blue"),
    "unread": ("?", "magenta"),
}
_INDENT = "    "
Detail = Literal["quiet", "findings", "everything"]


def write(report: Report, color: bool = False, width: int = 100, detail: Detail = "findings", explain: bool = False) -> str:
    """The report as text; with `color`, styled by ANSI codes.

    Args:
        report: what was found.
        color: whether to style it.
        width: the columns of the terminal; formulas are cut to it, nothing else is.
        detail: ``findings`` shows what somebody should look at, ``everything`` also what is proved, defined, assumed or
            states nothing, ``quiet`` the summary alone, and that only where something is refuted.
        explain: whether what was understood stands below each claim, also below one that is no finding.
    """
    stream = StringIO()
    width = max(width, 40)
    console = Console(
        file=stream,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        force_jupyter=False,
    )
    for line in _lines(report, width, detail, explain):
        console.print(line, soft_wrap=True)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())


def _lines(report: Report, width: int, detail: Detail, explain: bool) -> Iterator[Text | Table]:
    for document in report.documents if detail != "quiet" else ():
        yield from _document(document, width, detail, explain)
    for disagreement in report.disagreements:
        yield Text(f"the engines disagree (a bug, please report it): {one_line(disagreement)}")
    failing = report.disagreements or report.unmet or report.unopened or any(report.counts()[verdict] for verdict in FAILING)
    if detail != "quiet" or failing:
        yield _summary(report)


def _document(document: DocumentReport, width: int, detail: Detail, explain: bool) -> Iterator[Text | Table]:
    everything = detail == "everything"
    for claim in document.claims:
        if everything or claim.is_finding or (explain and claim.reading is not None):
            yield from _claim(document.path, claim, width, document.by_option)
            if explain and claim.reading is not None:
                yield from _reading(claim.reading)
    for finding in document.structure:
        if everything or finding.silenced is None:
            yield from _finding(document.path, finding, width)
    path = one_line(document.path)
    if document.error:
        yield Text(f"{path}: ").append(f"✗ {one_line(document.error)}", style="bold red")
    for unmet in document.unmet:
        head = Text(f"{path}:{unmet.line}:{unmet.column}: ")
        yield head.append(f"✗ {one_line(unmet.message)}", style="bold red")
        if unmet.reason:
            yield Text(_INDENT + one_line(unmet.reason))
    for note in document.notes:
        yield Text(f"{path}: {one_line(note)}", style="dim")
    for inferred in document.context.inferred if everything else ():
        yield Text(f"{path}: inferred: {one_line(inferred)}", style="dim")


def _claim(path: str, claim: Claim, width: int, by_option: bool) -> Iterator[Text | Table]:
    quiet = claim.is_expression or claim.silenced is not None
    mark, style = ("·", "dim") if quiet else _MARKS.get(claim.verdict, ("?", ""))
    line, column = (claim.line, claim.column) if claim.at is None else (claim.at.line, claim.at.column)
    head = Text(f"{one_line(path)}:{line}:{column}: ")
    head.append(f"{mark} {'states nothing' if claim.is_expression else claim.verdict}", style=style)
    certified = "" if claim.certified is None else "  [certified]" if claim.certified else "  [not certified]"
    head.append(f"  {clipped(one_line(claim.latex), max(width - head.cell_len - 2 - len(certified), 20))}")
    head.append(certified, style="dim")
    yield head
    if claim.silenced is not None:
        yield Text(_INDENT + one_line(str(claim.silenced)), style="dim")
    if claim.certified is False and isinstance(claim.certificate, str):
        yield Text(f"{_INDENT}not certified: {one_line(claim.certificate)}", style="dim")
    if claim.is_finding:
        yield from _caret(claim, width)
    if claim.message and not claim.is_expression:
        yield Text(_INDENT + one_line(claim.message))
    yield from _listed("condition", tuple(each for each in claim.conditions if not _is_told(claim, each)))
    yield from _listed("relies on", claim.obligations)
    if claim.witness is not None:
        yield _witness(claim.witness)
    if mend := remedy(claim, by_option):
        yield Text(_INDENT + one_line(mend), style="green")


def _reading(reading: Understood) -> Iterator[Text]:
    """What was understood of a claim."""
    yield Text(f"{_INDENT}read as: {one_line(reading.relation)}", style="dim")
    yield Text(f"{_INDENT}role: {reading.role} ({one_line(reading.because)})", style="dim")
    for name in reading.names:
        yield Text(f"{_INDENT}  {one_line(name.name)}: {one_line(name.meaning)}{_from(name.line)}", style="dim")
    yield from (_held("in force", held) for held in reading.in_force)
    yield from (_held("said, not in force", held) for held in reading.said)


def _held(title: str, held: Held) -> Text:
    return Text(f"{_INDENT}{title}: {one_line(held.text)}{_from(held.line)}", style="dim")


def _from(line: int | None) -> str:
    return f" (line {line})" if line is not None else ""


def _finding(path: str, finding: Finding, width: int) -> Iterator[Text]:
    """A structure finding, with its place underlined."""
    head = Text(f"{one_line(path)}:{finding.line}:{finding.column}: ")
    head.append(f"{'·' if finding.silenced else '⚠'} {finding.kind}", style="dim" if finding.silenced else "yellow")
    yield head
    if finding.silenced is not None:
        yield Text(_INDENT + one_line(str(finding.silenced)), style="dim")
        return
    yield from _underlined(finding.source_line, (finding.line, finding.column, finding.end_line, finding.end_column), width)
    yield Text(_INDENT + one_line(finding.message))


def _is_told(claim: Claim, condition: Condition) -> bool:
    """Whether the message names the condition: what a proof uses, and what it needs beyond the context."""
    return bool(claim.message) and (claim.verdict == "proved" or (claim.verdict == "conditional" and not condition.stated))


def _listed(title: str, conditions: tuple[Condition, ...]) -> Iterator[Text]:
    for condition in conditions:
        known = "uses" if title == "condition" else title
        line = f"{known}: {one_line(condition.text)}" if condition.stated else f"{title}: {one_line(condition.text)}"
        yield Text(_INDENT + line + ("" if condition.stated else " (not stated)"))


def _caret(claim: Claim, width: int) -> Iterator[Text]:
    """The line of the source around the place on which the verdict rests, with that place underlined."""
    at = claim.at
    if at is None:
        place, text = (claim.line, claim.column, claim.end_line, claim.end_column), claim.source_line
    else:
        place, text = (at.line, at.column, at.end_line, at.end_column), at.source
    yield from _underlined(text, place, width)


def _underlined(text: str, place: tuple[int, int, int, int], width: int) -> Iterator[Text]:
    line, column, end_line, end_column = place
    number = str(line)
    found = underlined(
        text, column, end_column if end_line == line else len(text) + 1, max(width - len(_INDENT) - len(number) - 3, 20)
    )
    if found is None:
        return
    yield Text(f"{_INDENT}{number} | {found[0]}")
    yield Text(f"{_INDENT}{' ' * len(number)} | {found[1]}", style="red")


def _witness(witness: Witness) -> Table:
    table = Table.grid(padding=(0, 2))
    rows = [(witness.main, str(witness.size))] if witness.size is not None else []
    rows += [(name, str(value)) for name, value in witness.values]
    rows += [("left side", witness.left), ("right side", witness.right)]
    for name, value in rows:
        table.add_row(Text(_INDENT + one_line(name)), Text("="), Text(one_line(value), overflow="fold"))
    return table


def _summary(report: Report) -> Text:
    documents = len(report.documents)
    where = f"{documents} {'document' if documents == 1 else 'documents'}"
    return Text(f"{report.tally()} in {where}, {report.seconds:.1f} s", style="bold")
