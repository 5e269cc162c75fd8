"""Markdown: markdown-it finds the blocks, our own scanner the formulas in them.

markdown-it-py gives the lines of a block but no columns, and the text it hands out has lost block quote marks, list
indentation and the backslashes of escaped pipes. So each block's text is laid beside its lines in the file again
(:func:`_beside`), and the formulas are found there. Two rules of CommonMark are changed, because they tear formulas
apart: a display formula may contain lines that look like a list, a heading or a quotation, and a line of ``=`` signs
underlines a heading only if no formula is open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from derive.documents.parts.builder import Builder
from derive.documents.parts.delimiters import MARKDOWN, Found, scan
from derive.documents.parts.passage import Passage, join

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_OPTION = re.compile(r"\s*(?::[a-z-]+:[^\n]*)?(?:\n|$)")
_RAW_TAG = re.compile(r"\s*<(?:script|style|pre|textarea|code)\b", re.IGNORECASE)
_DISPLAY_OPENER = re.compile(r"\$\$|\\\[|\\begin\{")
_LONGEST = 400  # lines of one display formula
_CONTAINERS = ("list_item_open", "list_item_close", "blockquote_open", "blockquote_close", "th_open", "td_open")


def read_markdown(builder: Builder, passage: Passage) -> None:
    """The blocks of `passage`, which is a whole Markdown text, into `builder`."""
    lines = _lines(passage)
    tokens = _parser().parse(passage.text)
    end = -1  # where the block before ended, if what follows without a blank line continues it
    row = (-1, 0)  # the line of the table that was read last, and how far
    for index, token in enumerate(tokens):
        if token.type in _CONTAINERS:
            end = -1
        if token.type in ("blockquote_open", "blockquote_close", "tr_open", "tr_close"):
            builder.quote(token.type.endswith("open"))
        if token.map is None or token.type not in ("inline", "maths", "fence", "html_block", "front_matter"):
            continue
        span = lines[token.map[0] : token.map[1]]
        if not span:
            continue
        if token.map[0] != end:
            builder.paragraph()
        end = token.map[1]
        if token.type == "front_matter":
            builder.declaration(_between(span))
        elif token.type == "fence":
            end = -1
            if token.info.split()[:1] in (["math"], ["{math}"]):
                _fence(builder, token, span)
        elif token.type == "html_block":
            _html(builder, join(span))
        elif tokens[index - 1].type in ("td_open", "th_open"):
            start = row[1] if row[0] == token.map[0] else 0
            cell, start = _cell(token.content, span[0], start)
            row = (token.map[0], start)
            builder.text(cell, MARKDOWN)
        else:
            level = _heading_level(tokens, index)
            text = _beside(token.content, span)
            if level:
                builder.heading(text, level, MARKDOWN)
                end = -1
            else:
                builder.text(text, MARKDOWN)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["lheading", "reference"])
    parser.use(front_matter_plugin)
    parser.block.ruler.after("code", "maths", _maths_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    parser.disable(["inline", "text_join"], ignoreInvalid=True)
    return parser


def _maths_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block rule: the lines from one with an open display formula to the one that closes it."""
    if state.is_code_block(start):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not _DISPLAY_OPENER.search(first):
        return False
    opened = _open_display(first)
    if opened is None:
        return False
    closer = opened.problem.removeprefix("unclosed formula: expected ")
    for line in range(start + 1, min(end, start + _LONGEST)):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
        if text and state.sCount[line] < state.blkIndent:
            return False
        if closer not in text:
            continue
        content = state.getLines(start, line + 1, state.blkIndent, False)
        if any(found.start == opened.start and found.problem for found in scan(content, MARKDOWN)):
            return False
        if not silent:
            state.line = line + 1
            token = state.push("maths", "", 0)
            token.map = [start, state.line]
            token.content = content
        return True
    return False


def _open_display(line: str) -> Found | None:
    for found in scan(line + "\n=", MARKDOWN):
        if found.problem and found.kind == "display":
            return found
    return None


def _heading_level(tokens: Sequence[Token], index: int) -> int:
    """The level of the heading whose text is ``tokens[index]``, 0 if it is none; headings may be underlined."""
    token, before = tokens[index], tokens[index - 1]
    if before.type == "heading_open":
        return int(before.tag[1:])
    if before.type != "paragraph_open" or token.map is None:
        return 0
    text, _, underline = token.content.rstrip().rpartition("\n")
    if text and underline and not underline.strip("=") and "$" not in text and "\\" not in text:
        return 1
    rule = tokens[index + 2] if index + 2 < len(tokens) else None
    underlined = rule is not None and rule.type == "hr" and rule.markup.startswith("-")
    if underlined and rule is not None and rule.map is not None and rule.map[0] == token.map[1]:
        return 2 if "\n" not in token.content else 0
    return 0


def _fence(builder: Builder, token: Token, span: Sequence[Passage]) -> None:
    closed = len(span) > 1 and span[-1].text.strip(" \t>\n").startswith(token.markup)
    body = span[1:-1] if closed else span[1:]
    content = token.content.removesuffix("\n")
    while body and _OPTION.match(content):  # :label: of a directive
        first, _, content = content.partition("\n")
        body = body[1:]
    problem = "" if closed else f"unclosed formula: expected {token.markup}"
    if body and (content.strip() or problem):
        builder.formula(_beside(content, body), "display", problem)


def _html(builder: Builder, text: Passage) -> None:
    if _RAW_TAG.match(text.text):
        return
    builder.text(text.without(_tags(text.text)), MARKDOWN)


def _tags(text: str) -> list[tuple[int, int]]:
    """Where the tags stand that are not inside a formula or a comment."""
    spans: list[tuple[int, int]] = []
    at = 0
    for found in (*scan(text, MARKDOWN), None):
        until = found.start if found else len(text)
        spans.extend(match.span() for match in _TAG.finditer(text, at, until))
        at = found.end if found else until
    return spans


def _between(span: Sequence[Passage]) -> Passage:
    """The lines between the first and the last, which are marks; empty if there is none."""
    inner = span[1:-1]
    return join(inner) if inner else span[0].cut(0, 0)


def _lines(passage: Passage) -> list[Passage]:
    """The lines of `passage`, each with its end."""
    lines = []
    at = 0
    for text in passage.text.split("\n"):
        lines.append(passage.cut(at, at + len(text) + 1))
        at += len(text) + 1
    return lines


def _beside(content: str, span: Sequence[Passage]) -> Passage:
    """`content`, one line of it for each line of `span`, with the places that it has there.

    A line of a block is the end of its line in the file; a heading or a table's cell is inside of it.
    """
    pieces = []
    for text, line in zip(content.split("\n"), span, strict=False):
        raw = line.text.rstrip()
        wanted = text.rstrip()
        if not raw.endswith(wanted):
            wanted = wanted.strip()
        at = len(raw) - len(wanted) if raw.endswith(wanted) else raw.find(wanted)
        if at < 0:
            pieces.append(line)
        else:
            pieces.append(line.cut(at, len(line.text) if raw.endswith(wanted) else at + len(wanted)))
    if not pieces:
        return span[0].cut(0, 0)
    last = pieces[-1]
    pieces[-1] = last.cut(0, len(last.text.rstrip("\n")))
    return join(pieces)


def _cell(content: str, line: Passage, start: int) -> tuple[Passage, int]:
    """The cell `content` of a table's row, at or behind ``line.text[start]``, and where it ends."""
    for text in (content, content.replace("|", "\\|")):
        at = line.text.find(text, start)
        if at >= 0:
            found = line.cut(at, at + len(text))
            escapes = [] if text == content else [match.span() for match in re.finditer(r"\\(?=\|)", text)]
            return found.without(escapes), at + len(text)
    return line.cut(start, len(line.text)), len(line.text)
