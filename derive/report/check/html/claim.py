"""A claim on a page: the sign that marks it in the text, and what the sign opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from derive.jobs.outcome import VERDICTS, Claim, Understood
from derive.report.web.mathml import rendered

SIGNS = {
    "proved": "✓",
    "conditional": "!",
    "refuted": "✗",
    "doubtful": "‽",
    "tested": "≈",
    "definition": "≔",
    "assumption": "⊢",
    "unread": "?",
    "silenced": "∅",
}
"""The sign of each verdict; no two verdicts differ by their colour alone."""
STRUCTURE = "⚠"
SHOWN = (*VERDICTS, "silenced")
WORST = ("refuted", "doubtful", "conditional", "tested", "unread", "silenced", "proved", "assumption", "definition")


@dataclass(frozen=True)
class Placed:
    """A claim that is shown, with the name of its place on the page."""

    claim: Claim
    anchor: str

    @property
    def verdict(self) -> str:
        """The verdict under which it is shown: what is silenced is apart from the others."""
        if self.claim.silenced is not None:
            return "silenced"
        return self.claim.verdict if self.claim.verdict in VERDICTS else "unread"

    @property
    def place(self) -> str:
        """Where it stands in the source."""
        cell = "" if self.claim.cell is None else f"cell {self.claim.cell + 1}, "
        return f"{cell}line {self.claim.line}"


def sign(placed: Placed) -> str:
    """The button that opens what is known of the claim."""
    verdict = placed.verdict
    return (
        f'<button type="button" class="mark {verdict}" id="{placed.anchor}" popovertarget="{placed.anchor}-why" '
        f'aria-label="{verdict}, {escape(placed.place)}">{SIGNS[verdict]}</button>'
    )


def details(placed: Placed, macros: Mapping[str, tuple[int, str]]) -> str:
    """What is known of the claim: a box that its sign opens, and that is printed behind the document."""
    verdict = placed.verdict
    body = "".join(facts(placed.claim, macros))
    return (
        f'<div class="why {verdict}" id="{placed.anchor}-why" popover role="dialog" '
        f'aria-label="{verdict}, {escape(placed.place)}">'
        f'<p class="title"><b class="verdict {verdict}"><span aria-hidden="true">{SIGNS[verdict]}</span> {verdict}</b>'
        f'{certified(placed.claim)} <a href="#{placed.anchor}">{escape(placed.place)}</a></p>'
        f'<div class="scroll">{rendered(placed.claim.latex, True, macros)}</div>{body}</div>\n'
    )


def facts(claim: Claim, macros: Mapping[str, tuple[int, str]] | None = None) -> Iterator[str]:
    """Message, conditions, witness, mended claim and rules."""
    if claim.silenced is not None:
        yield f'<p class="message">{escape(claim.verdict)}, {escape(str(claim.silenced))}</p>'
    if claim.message:
        yield f'<p class="message">{escape(claim.message)}</p>'
    conditions = [("condition", c) for c in claim.conditions] + [("relies on", c) for c in claim.obligations]
    for title, condition in conditions:
        stated = "" if condition.stated else ' <span class="aside">(not stated)</span>'
        shown = rendered(condition.latex, False, macros) if condition.latex else escape(condition.text)
        yield f'<p class="fact"><span class="aside">{title}</span> {shown}{stated}</p>'
    if claim.witness is not None:
        yield _witness(claim)
    if claim.mended:
        yield f'<p class="fact aside">did you mean</p><div class="scroll mended">{rendered(claim.mended, True, macros)}</div>'
    if claim.reading is not None:
        yield _reading(claim.reading, macros)
    if claim.rules:
        yield f'<p class="fact"><span class="aside">by</span> {escape(", ".join(claim.rules))}</p>'


def _reading(reading: Understood, macros: Mapping[str, tuple[int, str]] | None) -> str:
    """What was understood of the claim, to be opened."""
    rows = [
        f'<p class="fact"><span class="aside">read as</span> {rendered(reading.relation, False, macros)}</p>',
        f'<p class="fact"><span class="aside">role</span> {escape(reading.role)} ({escape(reading.because)})</p>',
    ]
    rows += [f'<p class="fact">{escape(each.name)}: {escape(each.meaning)}{_from(each.line)}</p>' for each in reading.names]
    rows += [
        f'<p class="fact"><span class="aside">in force</span> {escape(each.text)}{_from(each.line)}</p>'
        for each in reading.in_force
    ]
    rows += [
        f'<p class="fact"><span class="aside">said, not in force</span> {escape(each.text)}{_from(each.line)}</p>'
        for each in reading.said
    ]
    return f'<details class="reading"><summary>What was understood</summary>{"".join(rows)}</details>'


def _from(line: int | None) -> str:
    return f' <span class="aside">(line {line})</span>' if line is not None else ""


def certified(claim: Claim) -> str:
    """What an independent checker said; empty where it was not asked."""
    if claim.certified is None:
        return ""
    reason = f" ({escape(claim.certificate)})" if isinstance(claim.certificate, str) else ""
    return ", certified" if claim.certified else f", not certified{reason}"


def _witness(claim: Claim) -> str:
    witness = claim.witness
    if witness is None:
        return ""
    rows = [(rendered(witness.main), str(witness.size))] if witness.size is not None else []
    rows += [(rendered(name), str(value)) for name, value in witness.values]
    cells = "".join(f"<tr><td>{name}</td><td>= {escape(value)}</td></tr>" for name, value in rows)
    sides = (
        f'<tr class="side"><td>left side</td><td>= {escape(witness.left)}</td></tr>'
        f'<tr class="side"><td>right side</td><td>= {escape(witness.right)}</td></tr>'
    )
    return f'<table class="witness">{cells}{sides}</table>'
