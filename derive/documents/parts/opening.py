r"""Macros that open or close a formula: ``\be`` for ``\begin{equation}``, ``\eqn{x = 1}`` for a whole one.

They are expanded before the formulas are looked for; what a macro brings in has the place of its name. Other macros are
left to the formulas that they stand in. Environments that a document defines around a formula are macros of this kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from derive.documents.parts.delimiters import FORMULAS
from derive.documents.parts.document import Macro
from derive.documents.parts.macros import closing_brace
from derive.documents.parts.passage import Passage, join

_OPENS = re.compile(r"\\(?:begin|end)\s*\{(?:" + "|".join(FORMULAS) + r")\*?\}|\$\$|\\[\[\]]")
_ENVIRONMENT = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([A-Za-z]+\*?)\}\s*(?=\{)")
_PARAMETER = re.compile(r"#([1-9])")
_MOST = 2_000  # uses of such macros in one document
_LONGEST = 2_000  # characters of a body
_DEPTH = 4  # macros that stand in one another


def opened(text: Passage, macros: Iterable[Macro]) -> Passage:
    """`text` with the macros expanded that open or close a formula."""
    known = {rf"\{macro.name}": macro for macro in macros if _OPENS.search(macro.body) and len(macro.body) < _LONGEST}
    text, environments = _environments(text)
    known |= environments
    for _ in range(_DEPTH if known else 0):
        expanded = _once(text, known)
        if expanded is None:
            break
        text = expanded
    return text


def _environments(text: Passage) -> tuple[Passage, dict[str, Macro]]:
    """The environments that the document defines around a formula, and the text without their definitions."""
    found: dict[str, Macro] = {}
    spans: list[tuple[int, int]] = []
    for match in _ENVIRONMENT.finditer(text.text):
        middle = closing_brace(text.text, match.end())
        second = text.text.find("{", middle) if middle is not None else -1
        end = closing_brace(text.text, second) if middle is not None and second >= 0 else None
        if middle is None or end is None or text.text[middle:second].strip() or not _OPENS.search(text.text[match.end() : end]):
            continue
        line = text.position(match.start())[0]
        found[rf"\begin{{{match[1]}}}"] = Macro(match[1], 0, text.text[match.end() + 1 : middle - 1], line)
        found[rf"\end{{{match[1]}}}"] = Macro(match[1], 0, text.text[second + 1 : end - 1], line)
        spans.append((match.start(), end))
    return (text.without(spans) if spans else text), found


def _once(text: Passage, known: dict[str, Macro]) -> Passage | None:
    """`text` with each macro expanded once; None if there is none in it."""
    names = "|".join(re.escape(name) + ("" if name.endswith("}") else r"(?![A-Za-z])") for name in known)
    pieces: list[Passage] = []
    at = uses = 0
    for match in re.compile(names).finditer(text.text):
        macro = known[match.group()]
        arguments, end = _arguments(text, match.end(), macro.arity)
        if match.start() < at or len(arguments) < macro.arity or uses >= _MOST:
            continue
        pieces += [text.cut(at, match.start()), *_body(text, match.start(), macro.body, arguments)]
        at, uses = end, uses + 1
    return join([*pieces, text.cut(at, len(text.text))]) if uses else None


def _arguments(text: Passage, at: int, arity: int) -> tuple[list[Passage], int]:
    found: list[Passage] = []
    for _ in range(arity):
        opening = at + len(text.text[at : at + 80]) - len(text.text[at : at + 80].lstrip())
        end = closing_brace(text.text, opening) if text.text.startswith("{", opening) else None
        if end is None:
            break
        found.append(text.cut(opening + 1, end - 1))
        at = end
    return found, at


def _body(text: Passage, place: int, body: str, arguments: Sequence[Passage]) -> list[Passage]:
    """The pieces of a macro's body; all that it brings in itself stands at `place`."""
    offset = text.offset(place)
    pieces: list[Passage] = []
    at = 0
    for match in [*_PARAMETER.finditer(body), None]:
        written = body[at : match.start() if match else len(body)]
        if written:
            pieces.append(Passage(written, tuple((step, offset) for step in range(len(written))), text.source))
        if match is not None:
            at = match.end()
            if int(match[1]) <= len(arguments):
                pieces.append(arguments[int(match[1]) - 1])
    return pieces
