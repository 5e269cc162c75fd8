"""Comments that say how findings are taken, and what each speaks of.

::

    <!-- derive: ignore the sign is an exercise -->
    <!-- derive: expect refuted a common mistake -->
    <!-- derive: off a draft -->  …  <!-- derive: on -->

``ignore`` stands before a paragraph and speaks of its formulas, or inside of one and speaks of the next formula there.
``expect`` speaks of the next formula only, since one true expectation must not hide another fault. ``off`` speaks of
everything up to ``on``. A reason is required (``expect`` says it by its verdict); without one a comment has no effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.documents.parts.document import Block, Declaration, Directive, Formula, Heading, Prose
from derive.documents.parts.passage import Passage, Source

VERDICTS = ("proved", "conditional", "refuted", "tested", "definition", "assumption", "doubtful", "unread")
_WORD = re.compile(r"\s*(ignore|expect|off|on)\b[\s:]*", re.IGNORECASE)
_VERDICT = re.compile(r"(\S*?)(?:[:,.]?\s+|[:,.]?\Z)")


@dataclass(frozen=True)
class Said:
    """A directive as it was written: its first word, what follows, and the offsets of both in the file."""

    word: str
    rest: str
    start: int
    end: int


def said(comment: Passage) -> Said | None:
    """The directive that a comment is, without its ``derive:``; None if it is none."""
    match = _WORD.match(comment.text)
    if match is None:
        return None
    written = comment.strip()
    rest = " ".join(comment.text[match.end() :].split())
    return Said(match[1].lower(), rest, written.offset(0), written.offset(len(written.text)))


def placed(directives: Sequence[Said], blocks: Sequence[tuple[int, Block]], source: Source) -> tuple[Directive, ...]:
    """The directives of a document with what each of them speaks of; `blocks` come with their offsets, in order."""
    ordered = sorted(directives, key=lambda each: each.start)
    found: list[Directive] = []
    waiting: Directive | None = None  # the region that is open
    for each in ordered:
        directive = _directive(each, blocks, source)
        if each.word == "on":
            if waiting is None:
                found.append(replace(directive, problem="expected 'off' before, found none"))
            else:
                found.append(replace(waiting, last=directive.first))
                waiting = None
        elif each.word == "off" and not directive.problem:
            if waiting is not None:
                found.append(replace(directive, problem=f"expected 'on' before: line {waiting.line} turned findings off"))
            else:
                waiting = directive
        else:
            found.append(directive)
    if waiting is not None:
        found.append(replace(waiting, problem="expected 'on' further down, found none"))
    return tuple(found)


def _directive(each: Said, blocks: Sequence[tuple[int, Block]], source: Source) -> Directive:
    here, end = source.position(each.start), source.position(each.end)
    verdict, reason, problem = "", each.rest, ""
    if each.word == "expect":
        match = _VERDICT.match(each.rest)
        verdict = match[1].lower() if match else ""
        reason = each.rest[match.end() :] if match else ""
        if verdict not in VERDICTS:
            problem = f"expected one of {', '.join(VERDICTS)}, found {verdict or 'nothing'}"
    elif each.word != "on" and not re.search(r"\w", each.rest):
        problem = f"expected a reason, as in 'derive: {each.word} this is an exercise'"
    first, last = (here, here) if each.word == "off" else _reach(each, blocks)
    if each.word == "off":
        last = source.position(len(source.text))
    if each.word == "on":
        first = last = here
    return Directive(each.word, reason, first, last, *here, *end, verdict=verdict, problem=problem)


def _reach(each: Said, blocks: Sequence[tuple[int, Block]]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the formulas begin that ``ignore`` or ``expect`` speaks of, and where they end."""
    before: Formula | Prose | Heading | None = None
    behind: list[Formula | Prose | Heading] = []
    for offset, block in blocks:
        if isinstance(block, Declaration):
            continue
        if offset < each.start:
            before = block
        else:
            behind.append(block)
    paragraph = behind[0].paragraph if behind else 0
    inside = before is not None and (before.paragraph == paragraph or _end(before) > each.start)
    if before is not None and inside:
        paragraph = before.paragraph
    formulas = [block for block in behind if isinstance(block, Formula) and block.paragraph == paragraph]
    if inside or each.word == "expect":
        formulas = formulas[:1]
    if not formulas:
        return (0, 0), (0, 0)
    last = formulas[-1]
    return formulas[0].position(0), last.position(len(last.latex))


def _end(block: Formula | Prose | Heading) -> int:
    """Where the text of a block ends in the file; a heading holds no comment."""
    return 0 if isinstance(block, Heading) else block.passage.offset(len(block.passage.text.rstrip()))
