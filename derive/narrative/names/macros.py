r"""A document's own macros in its formulas: ``\pd{L}{z_i}`` becomes ``\frac{\partial L}{\partial z_i}``.

Every character that a macro's body brings in has the place of the macro's name in the file, and an argument keeps its
own places. The expansion is bounded: a formula with a macro that uses itself, or that grows beyond the bounds, is left
with its macros and is unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from derive.documents import Formula, Macro
from derive.documents.passage import Passage, join

LONGEST = 20_000
BUDGET, STEP = 300_000, 100
"""What all the steps of one formula may cost: each copies the places of the whole formula, and something more."""
ENDLESS = "the document's macros in this formula do not come to an end"
_NAME = re.compile(r"\\([A-Za-z]+)")
_ARGUMENT = re.compile(r"\s*(?:\{|\\[A-Za-z]+|\\.|[^\s{}\\])")
_PLACE = re.compile(r"#([1-9])")


def expanded(formula: Formula, macros: tuple[Macro, ...]) -> Formula:
    """The formula with the macros expanded, or with a problem where they do not come to an end."""
    known = {macro.name: macro for macro in macros}
    used = [name for name in _NAME.findall(formula.latex) if name in known]
    if not used:
        return formula
    if _uses_itself(used, known):
        return replace(formula, problem=ENDLESS)
    passage, at, copied = formula.passage, 0, 0
    while copied < BUDGET:
        found = next((m for m in _NAME.finditer(passage.text, at) if m.group(1) in known), None)
        if found is None:
            return replace(formula, passage=passage)
        step = _step(passage, found, known)
        if step is None:
            at = found.end()
            continue
        passage, at, copied = step, found.start(), copied + len(step.runs) + STEP
        if len(passage.text) > LONGEST:
            break
    return replace(formula, problem=ENDLESS)


def _uses_itself(names: list[str], known: Mapping[str, Macro]) -> bool:
    """Whether the body of one of the macros leads back to it: TeX would expand it for ever, too."""
    open_: list[str] = []
    done: set[str] = set()

    def leads_back(name: str) -> bool:
        if name in open_:
            return True
        if name in done or name not in known:
            return False
        open_.append(name)
        found = any(map(leads_back, _NAME.findall(known[name].body)))
        open_.pop()
        done.add(name)
        return found

    return any(map(leads_back, names))


def _step(passage: Passage, found: re.Match[str], known: Mapping[str, Macro]) -> Passage | None:
    """The passage with one macro expanded; None where its arguments are missing."""
    macro = known[found.group(1)]
    arguments, end = [], found.end()
    for _ in range(macro.arity):
        span = _argument(passage.text, end)
        if span is None:
            return None
        inner, end = span
        arguments.append(passage.cut(*inner))
    place = passage.offset(found.start())
    pieces = [passage.cut(0, found.start())]
    last = 0
    for hole in _PLACE.finditer(macro.body):
        pieces.append(_at(passage, macro.body[last:hole.start()], place))
        if int(hole.group(1)) <= len(arguments):
            pieces.append(arguments[int(hole.group(1)) - 1])
        last = hole.end()
    pieces.append(_at(passage, macro.body[last:] + _separator(macro.body, passage.text, end), place))
    pieces.append(passage.cut(end, len(passage.text)))
    return join(pieces)


def _separator(body: str, text: str, end: int) -> str:
    """A blank where a body that ends in a command would run into a letter."""
    return " " if re.search(r"\\[A-Za-z]+$", body) and text[end:end + 1].isalpha() else ""


def _at(passage: Passage, text: str, place: int) -> Passage:
    """`text` with all its characters at one place of the file."""
    return Passage(text, tuple((at, place) for at in range(len(text))) or ((0, place),), passage.source)


def _argument(text: str, at: int) -> tuple[tuple[int, int], int] | None:
    """Span of the argument at `at` without its braces, and where it ends."""
    found = _ARGUMENT.match(text, at)
    if found is None:
        return None
    if not found.group().endswith("{") or found.group().endswith("\\{"):
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        return (start, found.end()), found.end()
    depth = 0
    for mark in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, found.end() - 1):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if depth == 0:
            return (found.end(), mark.start()), mark.end()
    return None
