r"""Displays that begin with a relation and go on with the display before them: ``$$A$$`` and then ``$$= B$$``.

Only white space may stand between them; then they are one formula of two rows, in which each row keeps its place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.documents import Formula
from derive.documents.parts.document import Block
from derive.documents.parts.passage import Passage, join
from derive.latex.tokens.cut import Cut

_FRAMES = ("begin", "amp", "gap")


def continued(blocks: Sequence[Block], cut_of: Callable[[Formula], Cut]) -> tuple[Block, ...]:
    """The blocks, each display that goes on put together with the one before it."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if isinstance(block, Formula) and isinstance(before, Formula) and _goes_on(before, block, cut_of):
            found[-1] = _together(before, block)
        else:
            found.append(block)
    return tuple(found)


def _goes_on(before: Formula, after: Formula, cut_of: Callable[[Formula], Cut]) -> bool:
    if (
        not before.kind == after.kind == "display"
        or before.problem
        or after.problem
        or (before.cell, before.quoted) != (after.cell, after.quoted)
    ):
        return False
    first = next((token for token in cut_of(after).tokens if token.kind not in _FRAMES), None)
    return first is not None and first.kind == "relation" and first.text != "in"


def _together(before: Formula, after: Formula) -> Formula:
    end = before.passage.offset(len(before.latex))
    row = Passage(" \\\\ ", tuple((step, end) for step in range(4)), before.passage.source)
    return replace(before, passage=join([before.passage, row, after.passage]), marked=None)
