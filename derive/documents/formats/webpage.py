r"""Web pages: ``\(…\)``, ``\[…\]`` and ``$$…$$`` as MathJax reads them, and TeX kept in script or annotation elements.

``$…$`` counts only where the page's own MathJax configuration turns it on. Code, scripts and styles hold no formulas.
MathML is read through its TeX annotation, which KaTeX and others leave in the page; without one it is reported.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from derive.documents.parts.builder import Builder
from derive.documents.parts.delimiters import HTML, HTML_WITH_DOLLARS
from derive.documents.parts.passage import Passage, Source, join

_SKIPPED = frozenset(("script", "style", "pre", "code", "textarea", "head", "svg", "template", "noscript", "kbd"))
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite data del dfn em font i img ins label mark nobr q s small span strike strong "
    "sub sup time tt u var wbr math semantics annotation".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_RAISED = {"sup": "^", "sub": "_"}  # inside of a formula they mean what they show
_HEADING = re.compile(r"h[1-6]\Z")
_REFERENCE = re.compile(r"&#?\w+;|&|[^&]+")
_INLINE_DOLLARS = re.compile(r"inlineMath['\"]?\s*:[^;]{0,80}?\[\s*['\"]\$['\"]")


def read_webpage(builder: Builder, source: Source) -> None:
    """The formulas and the prose of a page into `builder`.

    A ``<`` that no ``>`` follows begins no tag. The standard library's parser looks to the end for each of them.
    """
    text = source.text
    end = text.find("<", text.rfind(">") + 1)
    end = len(text) if end < 0 else end
    page = _Page(builder, source)
    page.feed(text[:end])
    page.close()
    page.untagged(end)
    page.flush()


class _Page(HTMLParser):
    def __init__(self, builder: Builder, source: Source) -> None:
        super().__init__(convert_charrefs=False)
        self._builder = builder
        self._source = source
        self._dialect = HTML_WITH_DOLLARS if _INLINE_DOLLARS.search(source.text) else HTML
        self._starts = [0, *(match.end() for match in re.finditer("\n", source.text))]
        self._pieces: list[Passage] = []
        self._skipping: list[str] = []
        self._formula: str | None = None  # the kind of the script or annotation we are in
        self._mathml: int | None = None  # where the MathML element began, while it has no annotation

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._skipping:
            self._inside_skipped(tag, attributes)
            return
        kind = attributes.get("type", "")
        if tag == "script" and kind.startswith("math/tex"):
            self._formula = "display" if "mode=display" in kind else "inline"
            self._break_formula()
            self._skipping.append(tag)
        elif tag in _SKIPPED or (attributes.get("aria-hidden") == "true" and tag not in _VOID):
            self._skipping.append(tag)
        elif tag == "math":
            self._mathml = self._here()
            self._formula = "display" if attributes.get("display") == "block" else "inline"
            self._break_formula()
            self._skipping.append(tag)
        elif tag in _RAISED:
            self._pieces.append(self._passage(_RAISED[tag] + "{", self._here()))
        elif tag == "br":
            self._pieces.append(self._passage("\n", self._here()))
        elif tag not in _INLINE:
            self.flush()
            if tag in ("blockquote", "tr"):
                self._builder.quote(True)

    def _inside_skipped(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "annotation" and self._mathml is not None and "tex" in attributes.get("encoding", ""):
            self._mathml = None
            self._skipping.append(tag)
        elif tag == self._skipping[-1] and tag not in _VOID:
            self._skipping.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            if tag == self._skipping[-1]:
                self._skipping.pop()
                if tag == "annotation" or (tag == "script" and self._formula):
                    self._finish_formula()
                elif tag == "math":
                    self._finish_mathml()
            elif tag in ("body", "html"):
                self._skipping.clear()
        elif tag in _RAISED:
            self._pieces.append(self._passage("}", self._here()))
        elif _HEADING.match(tag):
            self.flush(level=int(tag[1]))
        elif tag not in _INLINE:
            self.flush()
            if tag in ("blockquote", "tr"):
                self._builder.quote(False)

    def handle_data(self, data: str) -> None:
        if self._reads_text():
            self._pieces.append(self._passage(data, self._here()))

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};", self._here())

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};", self._here())

    def handle_comment(self, data: str) -> None:
        if not self._skipping:
            start = self._source.text.find(data, self._here())
            self._builder.comment(self._passage(data, start))

    def untagged(self, start: int) -> None:
        """The page from `start` to its end, which has no tags."""
        for match in _REFERENCE.finditer(self._source.text, start):
            if match.group().startswith("&") and len(match.group()) > 1:
                self._reference(match.group(), match.start())
            elif self._reads_text():
                self._pieces.append(self._passage(match.group(), match.start()))

    def _reference(self, text: str, here: int) -> None:
        if self._reads_text():
            character = unescape(text)
            # Every character of an entity stands where the entity begins.
            runs = tuple((at, here) for at in range(len(character)))
            self._pieces.append(Passage(character, runs or ((0, here),), self._source))

    def _reads_text(self) -> bool:
        return not self._skipping or (self._formula is not None and self._skipping[-1] in ("script", "annotation"))

    def _break_formula(self) -> None:
        """Gives away the text before a formula that is an element."""
        self._give()

    def _finish_formula(self) -> None:
        if self._pieces and self._formula is not None:
            kind = self._formula
            self._builder.formula(join(self._pieces), "display" if kind == "display" else "inline")
        self._pieces = []
        if not self._skipping:
            self._formula = None

    def _finish_mathml(self) -> None:
        if self._mathml is not None:
            passage = self._source.lines().cut(self._mathml, self._mathml + len("<math"))
            self._builder.formula(passage, "inline", "MathML without a TeX annotation is not read")
        self._mathml = None
        self._formula = None
        self._pieces = []

    def flush(self, level: int = 0) -> None:
        """The text so far is a paragraph, or a heading of `level`."""
        if level and self._pieces:
            self._builder.heading(join(self._pieces), level, self._dialect)
            self._pieces = []
        self._give()
        self._builder.paragraph()

    def _give(self) -> None:
        if self._pieces and not self._skipping:
            self._builder.text(join(self._pieces), self._dialect)
            self._pieces = []

    def _passage(self, text: str, start: int) -> Passage:
        return Passage(text, ((0, start),), self._source)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column
