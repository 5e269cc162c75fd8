r"""LaTeX as MathML that is safe to put into a page: latex2mathml reads it, and what it made is written out anew here.

Only elements and attributes of MathML Core (https://www.w3.org/TR/mathml-core/) are written, and every text is escaped,
so that no ``\href``, ``\style`` or ``\text`` of a document reaches the page. What Core leaves out is put in other terms:
letters of another alphabet by their Unicode characters, the alignment of a cell by a class.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MARK = 0xF0000
"""The first of the characters that stand for a sign inside of a formula; the k-th is replaced by the k-th sign."""
_LONGEST = 8_000  # characters of a formula
_DEEPEST = 60  # groups inside of each other
_MARKS = re.compile("[\U000f0000-\U000ffffd]")
_DEFINES = re.compile(r"\\(?:[gex]?def|let|(?:re)?newcommand|providecommand|newenvironment|DeclareMathOperator)(?![A-Za-z])")
_DROPPED = re.compile(r"\\(?:label|nonumber|notag)(?![A-Za-z])(?:\s*\{[^{}]*\})?|(?<!\\)%[^\n]*")
_RESPELLED = (
    (re.compile(r"\\bm(?![A-Za-z])"), r"\\boldsymbol"),
    (re.compile(r"\\begin\{(align|alignat|flalign|eqnarray|gather|multline|split|dmath)\*?\}"), r"\\begin{\1*}"),
    (re.compile(r"\\end\{(align|alignat|flalign|eqnarray|gather|multline|split|dmath)\*?\}"), r"\\end{\1*}"),
    (re.compile(r"\{(?:flalign|eqnarray|dmath)\*\}"), "{align*}"),
    (re.compile(r"\{multline\*\}"), "{gather*}"),
    (re.compile(r"\{split\*\}"), "{split}"),
)
_ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts "
    "none mtable mtr mtd mstyle mpadded mphantom menclose".split()
)
_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel stretchy fence form separator symmetric minsize maxsize lspace rspace largeop "
    "movablelimits accent accentunder linethickness width height depth voffset rowspan columnspan notation".split()
)
_VALUE = re.compile(r"[-+.%\w ]{0,40}\Z", re.ASCII)
_ALPHABETS = {
    "bold": "BOLD",
    "italic": "ITALIC",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT",
    "fraktur": "FRAKTUR",
    "sans-serif": "SANS-SERIF",
    "monospace": "MONOSPACE",
}
_SIGNED = ("−", "+", "±", "∓")
_SPACE = '<mspace width="0.17em"></mspace>'


class CannotRender(ValueError):
    """A formula that cannot be put into MathML; its source is to be shown."""


def mathml(
    latex: str,
    display: bool = False,
    macros: Mapping[str, tuple[int, str]] | None = None,
    signs: Sequence[str] = (),
    claims: Sequence[str] = (),
) -> str:
    r"""A ``math`` element for `latex`.

    Args:
        macros: what ``\name`` stands for: how many arguments it takes, and a body in which ``#1`` is the first.
        signs: HTML for the characters :data:`MARK`, MARK + 1, … in `latex`, each of which stands at the end of a claim.
        claims: a class for the part of the formula in front of each of them.

    Raises:
        CannotRender: if it is not understood, or a mark went missing on the way.

    >>> mathml("a_1")
    '<math><mrow><msub><mi>a</mi><mn>1</mn></msub></mrow></math>'
    >>> mathml(r"\text{<b>}")
    '<math><mrow><mtext>&lt;b&gt;</mtext></mrow></math>'
    """
    if len(_MARKS.findall(latex)) != len(signs):
        raise CannotRender("a character of the formula is one that this program uses for itself")
    writer = _Writer(signs, claims)
    written = writer.element(_tree(_prepared(latex, macros or {}), display))
    if writer.placed != len(signs):
        raise CannotRender("a claim has no place in the formula")
    return written


def rendered(latex: str, display: bool = False, macros: Mapping[str, tuple[int, str]] | None = None) -> str:
    """`latex` as MathML, or as its own source where that is not possible."""
    from derive.report.text.escape import visible

    try:
        return visible(mathml(_MARKS.sub("\ufffd", latex), display, macros))
    except CannotRender:
        return f'<code class="tex">{escape(visible(latex))}</code>'


def _prepared(latex: str, macros: Mapping[str, tuple[int, str]]) -> str:
    latex = _DROPPED.sub("", latex)
    if "\\begin" not in latex:
        latex = re.sub(r"(?<!\\)&", " ", latex)
    for pattern, spelling in _RESPELLED:
        latex = pattern.sub(spelling, latex)
    latex = _expanded(latex, macros)
    if _DEFINES.search(latex) or len(latex) > _LONGEST:
        raise CannotRender("too long, or a definition in a formula")
    depth = 0
    for match in re.finditer(r"\\.|[{}]|\\(?:left|right|begin|end)\b", latex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth > _DEEPEST:
            raise CannotRender("nested too deeply")
    if len(re.findall(r"\\(?:left|begin)(?![A-Za-z])", latex)) > 4 * _DEEPEST:
        raise CannotRender("nested too deeply")
    return latex


def _expanded(latex: str, macros: Mapping[str, tuple[int, str]]) -> str:
    if not macros:
        return latex
    pattern = re.compile(r"\\(" + "|".join(sorted(map(re.escape, macros), key=len, reverse=True)) + r")(?![A-Za-z])")
    for _ in range(300):
        match = pattern.search(latex)
        if match is None:
            return latex
        arity, body = macros[match[1]]
        arguments, end = _arguments(latex, match.end(), arity)
        for number, argument in enumerate(arguments, 1):
            body = body.replace(f"#{number}", argument)
        latex = f"{latex[: match.start()]}{{{body}}}{latex[end:]}"
        if len(latex) > _LONGEST:
            break
    raise CannotRender("macros that come to no end")


def _arguments(latex: str, at: int, arity: int) -> tuple[list[str], int]:
    arguments = []
    for _ in range(arity):
        while latex[at : at + 1].isspace():
            at += 1
        if latex[at : at + 1] != "{":
            step = re.compile(r"\\[A-Za-z]+|\\?.", re.DOTALL).match(latex, at)
            if step is None:
                raise CannotRender("a macro without its argument")
            arguments.append(step.group())
            at = step.end()
            continue
        depth, end = 0, at
        for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(latex, at):
            depth += {"{": 1, "}": -1}.get(match.group(), 0)
            end = match.end()
            if depth == 0:
                break
        arguments.append(latex[at + 1 : end - 1])
        at = end
    return arguments, at


@lru_cache(maxsize=2_000)
def _tree(latex: str, display: bool) -> Element:
    from latex2mathml import exceptions
    from latex2mathml.converter import Converter

    # The library has no common class for its errors, and lets those of its lists and iterators through.
    own = [each for each in vars(exceptions).values() if isinstance(each, type) and issubclass(each, Exception)]
    fails: tuple[type[Exception], ...] = (*own, LookupError, ValueError, TypeError, AttributeError, StopIteration, RuntimeError)
    try:
        tree: Element = Converter(display="block" if display else "inline").convert_to_element(latex)
        return tree
    except fails as error:
        raise CannotRender(str(error) or type(error).__name__) from error


class _Writer:
    """Writes one formula; `placed` counts the signs that have found their place."""

    def __init__(self, signs: Sequence[str], claims: Sequence[str]) -> None:
        self._signs = signs
        self._claims = claims
        self.placed = 0

    def element(self, element: Element) -> str:
        tag = element.tag
        if tag not in _ELEMENTS:
            raise CannotRender(f"an element {tag}")
        text = unescape(element.text or "")
        if len(element) == 0 and tag in ("mi", "mo", "mn", "mtext"):
            return self._token(tag, text, element.attrib)
        attributes = self._attributes(element.attrib)
        if tag == "math":
            attributes = ' display="block"' if element.attrib.get("display") == "block" else ""
        if tag == "mtable":
            attributes = _columns(element) + attributes
        if tag == "mtd" and element.attrib.get("columnalign") in ("left", "right"):
            attributes = f' class="{element.attrib["columnalign"]}"'
        return f"<{tag}{attributes}>{self._children(element)}</{tag}>"

    def _children(self, element: Element) -> str:
        """The children; in a row, what ends at a sign becomes a row of its own."""
        is_row = element.tag in ("mrow", "mtd", "mstyle", "math", "mpadded")
        pieces: list[str] = []
        begin = 0
        children = list(_merged(element)) if is_row else list(element)
        for position, child in enumerate(children):
            text = unescape(child.text or "")
            mark = _mark(text)
            if mark is None:
                piece = self.element(child)
                if text in _SIGNED and (not pieces or _opens(children[position - 1])):
                    piece = piece.replace("<mo", '<mo form="prefix"', 1)
                if is_row and _is_named(child):
                    piece = _spaced(piece, children, position)
                pieces.append(piece)
                continue
            if not is_row or mark >= len(self._signs):
                raise CannotRender("the end of a claim inside of something else")
            claim = self._claims[mark] if mark < len(self._claims) else ""
            if claim and pieces[begin:]:
                pieces[begin:] = [f'<mrow class="{claim}">{"".join(pieces[begin:])}</mrow>']
            pieces.append(f'<mtext class="sign">{self._signs[mark]}</mtext>')
            self.placed += 1
            begin = len(pieces)
        return "".join(pieces)

    def _token(self, tag: str, text: str, attributes: Mapping[str, str]) -> str:
        if any(ord(character) >= MARK for character in text):
            raise CannotRender("the end of a claim inside of a token")
        alphabet = _ALPHABETS.get(attributes.get("mathvariant", ""))
        if alphabet:
            text = "".join(_letter(character, alphabet) for character in text)
        more = self._attributes(attributes)
        if tag == "mo" and text.isalpha() and len(text) > 1:
            if "movablelimits" not in attributes:
                return f"<mi>{escape(text)}</mi>"
            more += ' lspace="0.17em" rspace="0.17em"'
        if "fence" in attributes:
            more += ' lspace="0em" rspace="0em"'
        if tag == "mi" and attributes.get("mathvariant") == "normal":
            more += ' mathvariant="normal"'
        return f"<{tag}{more}>{escape(text)}</{tag}>"

    @staticmethod
    def _attributes(attributes: Mapping[str, str]) -> str:
        kept = ((name, value) for name, value in sorted(attributes.items()) if name in _ATTRIBUTES and _VALUE.match(value))
        return "".join(f' {name}="{escape(value)}"' for name, value in kept if name != "display")


def _opens(before: Element) -> bool:
    """Whether a sign behind it is one of a number, not of a difference."""
    return before.tag == "mo" and unescape(before.text or "") not in (")", "]", "}", "|", "!", "′")


def _mark(text: str) -> int | None:
    return ord(text) - MARK if len(text) == 1 and ord(text) >= MARK else None


def _merged(element: Element) -> Iterator[Element]:
    r"""The children, with the upright letters of ``\mathrm{loss}`` as one name.

    The library writes a lone upright letter as a reference.
    """
    from xml.etree.ElementTree import Element as New

    name: Element | None = None
    for child in element:
        text = child.text or ""
        letter = unescape(text)
        upright = child.attrib.get("mathvariant") == "normal" or text.startswith("&#")
        if child.tag == "mi" and upright and len(letter) == 1 and letter.isascii() and letter.isalpha():
            if name is None:
                name = New("mi", {"mathvariant": "normal"})
                name.text = ""
            name.text = (name.text or "") + letter
            continue
        if name is not None:
            yield name
            name = None
        yield child
    if name is not None:
        yield name


def _is_named(child: Element) -> bool:
    """Whether it is a name of several letters, such as ``ln``, with an index or not."""
    base = child[0] if child.tag in ("msub", "msup", "msubsup") and len(child) else child
    return (
        base.tag in ("mi", "mo")
        and len(text := unescape(base.text or "")) > 1
        and text.isalpha()
        and ("movablelimits" not in base.attrib)
    )


def _spaced(piece: str, children: Sequence[Element], position: int) -> str:
    """With a thin space where TeX puts one beside an operator's name: not beside a sign or a bracket."""
    before = children[position - 1].tag if position else "mo"
    behind = children[position + 1] if position + 1 < len(children) else None
    first = behind is not None and behind.tag == "mrow" and len(behind) and behind[0].tag == "mo"
    tight = behind is None or behind.tag == "mo" or first or (len(behind) > 0 and behind[0].tag == "mo")
    return f"{'' if before == 'mo' else _SPACE}{piece}{'' if tight else _SPACE}"


def _letter(character: str, alphabet: str) -> str:
    """The character of Unicode's mathematical alphabet; the character itself where there is none."""
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "")
    try:
        return unicodedata.lookup(f"MATHEMATICAL {alphabet} {name}")
    except KeyError:
        return character


def _columns(table: Element) -> str:
    """A class for a table whose cells stand close together: the columns of an alignment."""
    return ' class="aligned"' if table.attrib.get("columnspacing", "").startswith("0em") else ""
