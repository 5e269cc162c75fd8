r"""TeX: comments, the preamble, headings, macros and the formulas of the body.

A scanner, not a TeX engine: what a macro package would do to the text is not done. Comments and verbatim text are cut
out first, keeping the places of all other characters, so that a formula with a comment in it is read as TeX reads it.
A file that it includes from its own folder is read where it is included, and its formulas have the place of that command;
a note tells of the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from derive.documents.parts.builder import Builder
from derive.documents.parts.delimiters import TEX, scan
from derive.documents.parts.includes import INCLUDE, name_of
from derive.documents.parts.macros import closing_brace, collect
from derive.documents.parts.opening import opened
from derive.documents.parts.passage import Passage, join

_CUT = re.compile(
    r"\\begin\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted|comment|filecontents\*?)\}"
    r"|\\verb\*?(?P<mark>[^A-Za-z\s*])"
    r"|(?P<false>\\iffalse\b)"
    r"|\\.|(?P<comment>%[^\n]*)",
    re.DOTALL,
)
_LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
_HEADING = re.compile(r"\\(" + "|".join(_LEVELS) + r")\*?\s*(?:\[[^\]]*\])?\s*(?=\{)")
_DEPTH = 8  # files that include one another
_LONGEST = 500_000  # characters of all files that are included, each time counted
_DOCUMENT = re.compile(r"\\begin\{document\}")
_END = re.compile(r"\\end\{document\}|\\endinput\b")
_BREAK = re.compile(r"\n[ \t]*\n\s*|\\item\b|\\par\b|\\(?:begin|end)\{[A-Za-z*]+\}")
_THEOREM = re.compile(
    r"\\begin\{((?:theorem|thm|lemma|lem|proposition|prop|corollary|cor|exercise|problem|example|proof|remark|claim)\*?\})|"
    r"\\(end\{(?:theorem|thm|lemma|lem|proposition|prop|corollary|cor|exercise|problem|example|proof|remark|claim)\*?\})"
)


def read_tex(builder: Builder, passage: Passage, included: Mapping[str, str] = MappingProxyType({})) -> None:
    """The blocks of `passage`, a whole TeX file or a part of one, into `builder`; `included` are texts by their names."""
    code = _whole(builder, _without_comments(builder, passage), included, (), [_LONGEST])
    macros, notes, code = collect(code)
    builder.macros(macros)
    for note in notes:
        builder.note(note, passage.offset(0))
    code = opened(code, macros)
    start = _DOCUMENT.search(code.text)
    end = _END.search(code.text, start.end() if start else 0)
    body = code.cut(start.end() if start else 0, end.start() if end else len(code.text))
    _body(builder, body)


def _whole(builder: Builder, code: Passage, included: Mapping[str, str], within: tuple[str, ...], left: list[int]) -> Passage:
    """`code` with the text of the files in the place of the commands that include them."""
    pieces: list[Passage] = []
    at = 0
    for match in INCLUDE.finditer(code.text):
        name, place = name_of(match), code.offset(match.start())
        if name not in included or name in within or len(within) >= _DEPTH or len(included[name]) > left[0]:
            builder.note(f"{name}: an included file is not read", place)
            continue
        left[0] -= len(included[name]) + 1
        text = included[name].replace("\r\n", "\n")
        inner = Passage(text, tuple((step, place) for step in range(max(len(text), 1))), code.source)
        inner = _without_comments(builder, inner)
        start, end = _DOCUMENT.search(inner.text), _END.search(inner.text)
        inner = inner.cut(start.end() if start else 0, end.start() if end else len(inner.text))
        pieces += [code.cut(at, match.start()), _whole(builder, inner, included, (*within, name), left)]
        at = match.end()
    return join([*pieces, code.cut(at, len(code.text))]) if pieces else code


def _body(builder: Builder, body: Passage) -> None:
    builder.paragraph()
    at = 0
    for match in _HEADING.finditer(body.text):
        close = closing_brace(body.text, match.end())
        if close is None or match.start() < at:
            continue
        _text(builder, body.cut(at, match.start()))
        builder.heading(body.cut(match.end() + 1, close - 1), _LEVELS.index(match[1]) + 1, TEX)
        at = close
    _text(builder, body.cut(at, len(body.text)))


def _text(builder: Builder, text: Passage) -> None:
    """Paragraphs: a blank line, an item, and the ends of an environment that is no formula begin a new one."""
    at = 0
    for found in scan(text.text, TEX):
        _prose(builder, text.cut(at, found.start))
        if found.kind == "display" or found.kind == "inline":
            builder.formula(text.cut(*found.inner), found.kind, found.problem, text.cut(found.start, found.end))
        at = found.end
    _prose(builder, text.cut(at, len(text.text)))


def _prose(builder: Builder, prose: Passage) -> None:
    at = 0
    for match in _BREAK.finditer(prose.text):
        builder.prose(prose.cut(at, match.start()))
        builder.paragraph()
        at = match.end()
        if named := _THEOREM.match(match.group()):  # its name is a word of the text: hypotheses end where it does
            builder.prose(prose.cut(match.start() + named.start(named.lastindex or 0), match.start() + named.end()))
        if match.group() in ("\\begin{quote}", "\\end{quote}", "\\begin{quotation}", "\\end{quotation}"):
            builder.quote(match.group().startswith("\\begin"))
    builder.prose(prose.cut(at, len(prose.text)))


def _without_comments(builder: Builder, passage: Passage) -> Passage:
    """Without comments and verbatim text; a line that was only a comment goes with its end, so it parts nothing."""
    text = passage.text
    spans: list[tuple[int, int]] = []
    unclosed: set[str] = set()
    at = 0
    while match := _CUT.search(text, at):
        start, at = match.span()
        closer = _closer(match)
        if match["comment"]:
            builder.comment(passage.cut(start + 1, at))
            line = text.rfind("\n", 0, start) + 1
            if not text[line:start].strip() and at < len(text):
                start, at = max(line, spans[-1][1] if spans else 0), at + 1
        elif closer and closer not in unclosed:
            end = text.find(closer, at)
            if end < 0:
                unclosed.add(closer)
                continue
            if match["mark"] and "\n" in text[at:end]:
                continue  # \verb ends on its line
            at = end + len(closer)
        else:
            continue
        spans.append((start, at))
    return passage.without(spans) if spans else passage


def _closer(match: re.Match[str]) -> str:
    """What ends the verbatim text that `match` begins; empty if it begins none."""
    if match["name"]:
        return f"\\end{{{match['name']}}}"
    return match["mark"] or ("\\fi" if match["false"] else "")
