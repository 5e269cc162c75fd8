"""A Markdown text as HTML: markdown-it-py writes it, with the formulas in their places and no HTML of the author's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from derive.documents import Formula

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_PLACE = re.compile("\ue000(\\d+)\ue001")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>\Z", re.IGNORECASE)
_BELOW = 2
"""Two levels of headings are the page's own."""


def markdown(text: str, formulas: Sequence[Formula], shown: Sequence[str]) -> str:
    """`text` as HTML, with ``shown[k]`` in the place of ``formulas[k]``, which were found in this text.

    Tags are shown, comments are left out, pictures are named and not loaded.
    """
    text = text.replace("\ue000", "\ufffd").replace("\ue001", "\ufffd")
    pieces: list[str] = []
    sources: list[str] = []
    at = 0
    for number, formula in enumerate(formulas):
        whole = formula.marked or formula.passage
        start, end = whole.offset(0), whole.offset(len(whole.text))
        sources.append(text[start:end])
        if start >= at:
            pieces += [text[at:start], f"\ue000{number}\ue001"]
            at = end
    parser = _parser(_Places(shown, sources))
    tokens = parser.parse("".join((*pieces, text[at:])))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1:]) + _BELOW)}"
    return _Places(shown, sources).as_source(str(parser.renderer.render(tokens, parser.options, {})))


class _Places:
    """What the marks in a text stand for."""

    def __init__(self, shown: Sequence[str], sources: Sequence[str]) -> None:
        self.shown = shown
        self.sources = sources

    def as_formulas(self, text: str) -> str:
        """`text` escaped, with formulas for the marks."""
        parts = _PLACE.split(text)
        return "".join(self.shown[int(part)] if odd % 2 else escape(part) for odd, part in enumerate(parts))

    def as_source(self, written: str) -> str:
        """What is left of the marks, in a link's title or in code, as the author wrote it."""
        return _PLACE.sub(lambda match: escape(self.sources[int(match[1])]), written)

    def raw(self, text: str) -> str:
        """A mark where only text is expected."""
        return _PLACE.sub(lambda match: self.sources[int(match[1])], text)


def _parser(places: _Places) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(front_matter_plugin)
    normalize = parser.normalizeLink
    parser.normalizeLink = lambda url: normalize(places.raw(url))  # type: ignore[method-assign]

    def text(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        return places.as_formulas(tokens[index].content)

    def fence(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        if token.info.strip() == "math":
            return f"<p>{places.as_formulas(token.content)}</p>\n"
        return f"<pre><code>{escape(token.content)}</code></pre>\n"

    def html_block(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        rest = _COMMENT.sub("", tokens[index].content).strip()
        return f'<p class="raw">{places.as_formulas(rest)}</p>\n' if rest else ""

    def html_inline(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        tag = tokens[index].content
        return "<br>" if _BREAK.match(tag) else places.as_formulas(_COMMENT.sub("", tag))

    def image(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        token = tokens[index]
        return f'<span class="picture">{escape(places.raw(token.content) or str(token.attrs.get("src", "")))}</span>'

    def front_matter(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        return f'<pre class="front"><code>{escape(tokens[index].content)}</code></pre>\n'

    rules: Mapping[str, Any] = {
        "text": text,
        "fence": fence,
        "html_block": html_block,
        "html_inline": html_inline,
        "image": image,
        "front_matter": front_matter,
    }
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser
