r"""reStructuredText: the role ``:math:`a = b` `` in a paragraph and the directive ``.. math::`` with its lines.

A scanner of lines, not the whole format: what is indented under another directive is read as text, except code and
comments, which are left out. Headings are lines that are underlined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.documents.parts.builder import Builder
from derive.documents.parts.delimiters import RESTRUCTURED
from derive.documents.parts.passage import Passage, join

_DIRECTIVE = re.compile(r"(\s*)\.\.\s+([A-Za-z][\w-]*)::[ \t]*")
_COMMENT = re.compile(r"(\s*)\.\.(?:\s+(?![\w-]+::|\[|\|)|\s*$)")
_OPTION = re.compile(r"\s*:[\w-]+:(?:\s|$)")
_UNDERLINE = re.compile(r"\s*([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\(?(?:\d+|#|[A-Za-z])[.)])\s")
_CODE = frozenset(
    {
        "code",
        "code-block",
        "sourcecode",
        "literalinclude",
        "raw",
        "highlight",
        "image",
        "parsed-literal",
        "plot",
        "testcode",
        "doctest",
    }
)
_MARKS = "=-~^\"'`#*+.:_"


def read_restructured(builder: Builder, passage: Passage) -> None:
    """The blocks of `passage`, a whole text, into `builder`."""
    lines = _lines(passage)
    pending: list[Passage] = []
    at = 0

    def flush() -> None:
        nonlocal pending
        if pending:
            builder.paragraph()
            builder.text(join(pending), RESTRUCTURED)
            pending = []

    while at < len(lines):
        line = lines[at]
        if directive := _DIRECTIVE.match(line.text):
            flush()
            body, after = _indented(lines, at + 1, len(directive[1]))
            if directive[2] == "math":
                _formulas(builder, line.cut(directive.end(), len(line.text)), body)
                at = after
            else:
                at = after if directive[2] in _CODE else at + 1
        elif comment := _COMMENT.match(line.text):
            flush()
            at = _indented(lines, at + 1, len(comment[1]))[1]
        elif (
            at + 1 < len(lines)
            and line.text.strip()
            and not pending
            and _UNDERLINE.match(lines[at + 1].text)
            and not _UNDERLINE.match(line.text)
        ):
            builder.heading(line, _MARKS.index(lines[at + 1].text.strip()[0]) + 1, RESTRUCTURED)
            at += 2
        elif not line.text.strip() or _UNDERLINE.match(line.text):
            flush()
            at += 1
        else:
            if _ITEM.match(line.text):
                flush()
            pending.append(line)
            at += 1
            if line.text.rstrip().endswith("::"):  # a literal block follows
                depth = len(line.text) - len(line.text.lstrip())
                flush()
                at = _indented(lines, at, depth)[1]
    flush()


def _formulas(builder: Builder, first: Passage, body: Sequence[Passage]) -> None:
    """The formulas of a directive: blank lines part them."""
    kept = [line for line in body if not _OPTION.match(line.text)]
    block: list[Passage] = [first] if first.text.strip() else []
    for line in [*kept, None]:
        if line is not None and line.text.strip():
            block.append(line)
        elif block and (line is None or len(block) > 0):
            builder.formula(join(block).strip(), "display")
            block = []


def _indented(lines: Sequence[Passage], at: int, depth: int) -> tuple[list[Passage], int]:
    """The lines from `at` on that stand deeper than `depth`, with blank ones between, and the position behind them."""
    end = at
    for position in range(at, len(lines)):
        text = lines[position].text
        if text.strip():
            if len(text) - len(text.lstrip()) <= depth:
                break
            end = position + 1
    return list(lines[at:end]), end


def _lines(passage: Passage) -> list[Passage]:
    found = []
    at = 0
    for text in passage.text.split("\n"):
        found.append(passage.cut(at, at + len(text) + 1))
        at += len(text) + 1
    return found
