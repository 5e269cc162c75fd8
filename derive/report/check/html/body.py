"""The text of a document as HTML, whatever its format, with its formulas in their places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import escape

from derive.documents import Document, Formula, Heading, Loaded, Prose, read
from derive.report.check.html.markdown import markdown

# What is left of TeX in a paragraph; the formulas are out already.
_TEX = (
    (re.compile(r"\\(?:label|index|vspace\*?|hspace\*?|thispagestyle|pagestyle|bibliographystyle|bibliography)\{[^{}]*\}"), ""),
    (re.compile(r"\\(?:text(?:bf|it|tt|rm|sf|sc|sl)|emph|underline|mbox|caption|title|author|date)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:eq)?ref\{([^{}]*)\}"), r"(\1)"),
    (re.compile(r"\\cite[a-z]*\*?(?:\[[^\]]*\])*\{([^{}]*)\}"), r"[\1]"),
    (re.compile(r"\\(?:noindent|(?:med|big|small)skip|maketitle|newpage|clearpage|centering|q?quad)\b\s*|\\[,;:!]"), " "),
    (re.compile(r"\\\\(?:\[[^\]]*\])?|~"), " "),
    (re.compile(r"\\([%&$#_{}])"), r"\1"),
    (re.compile(r"``"), "“"),
    (re.compile(r"''"), "”"),
    (re.compile(r"---"), "—"),
    (re.compile(r"--"), "–"),
)


def body(loaded: Loaded, document: Document, shown: Sequence[str]) -> str:
    """The document with ``shown[k]`` in the place of its k-th formula."""
    if loaded.suffix == ".ipynb":
        return "".join(_cells(document, shown))
    if loaded.suffix in (".tex", ".html", ".htm"):
        return "".join(_paragraphs(document, shown, loaded.suffix == ".tex"))
    if loaded.suffix == ".txt":
        return _as_written(document, shown)
    return markdown(document.source.text, document.formulas, shown)


def _cells(document: Document, shown: Sequence[str]) -> Iterator[str]:
    """The cells of a notebook: Markdown as such, everything else as code."""
    notebook = json.loads(document.source.text, strict=False)
    cells = notebook.get("cells")
    if cells is None:
        cells = [cell for sheet in notebook.get("worksheets", ()) for cell in sheet.get("cells", ())]
    for index, cell in enumerate(cells):
        source = cell.get("source", cell.get("input", ""))
        text = source if isinstance(source, str) else "".join(str(piece) for piece in source)
        if cell.get("cell_type") not in ("markdown", "heading"):
            if text.strip():
                yield f'<pre class="cell"><code>{escape(text)}</code></pre>\n'
            continue
        inside = read("cell.md", text)
        those = [written for formula, written in zip(document.formulas, shown, strict=True) if formula.cell == index]
        if len(those) == len(inside.formulas):
            yield markdown(inside.source.text, inside.formulas, those)
        else:
            yield f'<pre class="cell"><code>{escape(text)}</code></pre>\n<p>{" ".join(those)}</p>\n'


def _as_written(document: Document, shown: Sequence[str]) -> str:
    """The text line by line, as it stands in the file."""
    text = document.source.text
    pieces = []
    at = 0
    for formula, written in zip(document.formulas, shown, strict=True):
        whole = formula.marked or formula.passage
        start, end = whole.offset(0), whole.offset(len(whole.text))
        if start >= at:
            pieces += [escape(text[at:start]), written]
            at = end
    return f'<div class="written">{"".join(pieces)}{escape(text[at:])}</div>\n'


def _paragraphs(document: Document, shown: Sequence[str], tex: bool) -> Iterator[str]:
    """Headings and paragraphs from the blocks of the document, for the formats whose marks we do not draw."""
    written = iter(shown)
    paragraph = 0
    parts: list[str] = []
    opening = ""
    for block in document.blocks:
        if not isinstance(block, Formula | Prose | Heading):
            continue
        if block.paragraph != paragraph or isinstance(block, Heading):
            yield _closed(opening, parts)
            paragraph, parts, opening = block.paragraph, [], ""
        if isinstance(block, Heading):
            level = min(6, block.level + 2)
            yield f"<h{level}>{escape(_prose(block.text, tex))}</h{level}>\n"
            continue
        opening = opening or _opening(document, block, tex)
        if isinstance(block, Prose):
            parts.append(escape(_prose(block.text, tex)))
        else:
            if parts and parts[-1].endswith("</span>"):
                parts.append(" ")
            parts.append(next(written))
    yield _closed(opening, parts)


def _opening(document: Document, block: Formula | Prose, tex: bool) -> str:
    before = document.source.text[: block.passage.offset(0)][-200:].rstrip().rstrip("$([\\").rstrip()
    if tex and re.search(r"\\item(?:\[[^\]]*\])?\Z", before):
        return '<p class="item">'
    return '<p class="quoted">' if block.quoted else "<p>"


def _closed(opening: str, parts: Sequence[str]) -> str:
    return f"{opening}{''.join(parts)}</p>\n" if "".join(parts).strip() else ""


def _prose(text: str, tex: bool) -> str:
    for pattern, plain in _TEX if tex else ():
        text = pattern.sub(plain, text)
    return text
