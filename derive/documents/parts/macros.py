r"""Simple macro definitions: ``\newcommand{\R}{\mathbb{R}}``, ``\def\R{…}``, ``\DeclareMathOperator{\tr}{tr}``."""

from __future__ import annotations

import re

from derive.documents.parts.document import Macro
from derive.documents.parts.passage import Passage

_DEFINITION = re.compile(
    r"\\(?:(?P<new>(?:re)?newcommand|providecommand)\*?\s*(?:\{\s*\\(?P<braced>[A-Za-z]+)\s*\}|\\(?P<naked>[A-Za-z]+))"
    r"\s*(?:\[(?P<arity>\d)\])?\s*(?P<optional>\[[^\]]*\])?"
    r"|(?:[gex]?def)\s*\\(?P<def>[A-Za-z]+)(?P<parameters>[^{}\n]*)"
    r"|DeclareMathOperator(?P<star>\*?)\s*\{?\s*\\(?P<operator>[A-Za-z]+)\s*\}?)\s*(?=\{)"
)

_LONGEST = 3_000  # characters of a group in braces; keeps the search linear


def collect(passage: Passage) -> tuple[tuple[Macro, ...], tuple[str, ...], Passage]:
    """The macros that `passage` defines, notes on those that are not simple, and the passage without them."""
    if "\\" not in passage.text:
        return (), (), passage
    macros: list[Macro] = []
    notes: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _DEFINITION.finditer(passage.text):
        end = closing_brace(passage.text, match.end())
        if end is None or (spans and match.start() < spans[-1][1]):
            continue
        spans.append((match.start(), end))
        body = passage.text[match.end() + 1 : end - 1]
        name = match["braced"] or match["naked"] or match["def"] or match["operator"]
        arity = int(match["arity"] or 0)
        if match["operator"]:
            body = f"\\operatorname{match['star']}{{{body}}}"
        if match["def"]:
            parameters = match["parameters"].strip()
            arity = len(parameters) // 2
            simple = parameters == "".join(f"#{number}" for number in range(1, arity + 1))
        else:
            simple = not match["optional"]
        if simple:
            macros.append(Macro(name, arity, body, passage.position(match.start())[0]))
        else:
            notes.append(f"\\{name}: a macro with optional or delimited arguments is not read")
    return tuple(macros), tuple(notes), passage.without(spans) if spans else passage


def closing_brace(text: str, opening: int) -> int | None:
    """One behind the brace that closes the one at `opening`, or None; ``\\{`` and ``\\}`` do not count.

    It is looked for in the same paragraph: a brace that was forgotten must not swallow the formulas further down.

    >>> closing_brace("{a{b}}c", 0), closing_brace("{a\\n\\n}", 0)
    (6, None)
    """
    depth = 0
    for match in re.compile(r"\\.|[{}]|\n[ \t]*\n", re.DOTALL).finditer(text, opening, opening + _LONGEST):
        if match.group().startswith("\n"):
            return None
        if match.group() == "{":
            depth += 1
        elif match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return None
