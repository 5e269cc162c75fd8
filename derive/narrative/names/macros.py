r"""A document's own macros in its formulas: ``\pd{L}{z_i}`` becomes ``\frac{\partial L}{\partial z_i}``.

A formula with a macro that uses itself, or that grows beyond the bounds, is left with its macros and is unread.
"""

from __future__ import annotations

from dataclasses import replace

from derive.documents import Formula, Macro
from derive.documents.parts.passage import Passage
from derive.latex.tokens.macros import Definition, Endless
from derive.latex.tokens.macros import expanded as pieces

ENDLESS = "the document's macros in this formula do not come to an end"


def in_force(macros: tuple[Macro, ...], line: int) -> tuple[Macro, ...]:
    """Of each name the last macro that is defined before or in the line, else the first one behind it."""
    found: dict[str, Macro] = {}
    for macro in macros:
        before = found.get(macro.name)
        if before is None or macro.line <= line:
            found[macro.name] = macro
    return tuple(found.values())


def expanded(formula: Formula, macros: tuple[Macro, ...]) -> Formula:
    """The formula with the macros expanded, or with a problem where they do not come to an end."""
    known = {macro.name: Definition(macro.arity, macro.body) for macro in in_force(macros, formula.line)}
    if not known:
        return formula
    try:
        found = pieces(formula.latex, known)
    except Endless:
        return replace(formula, problem=ENDLESS)
    if all(piece.whole for piece in found):
        return formula
    runs: list[tuple[int, int]] = []
    at = 0
    for piece in found:
        offset = formula.passage.offset(piece.place)
        runs += [(at + step, offset + step * piece.whole) for step in range(len(piece.text))]
        at += len(piece.text)
    text = "".join(piece.text for piece in found)
    return replace(formula, passage=Passage(text, tuple(runs) or ((0, formula.passage.offset(0)),), formula.passage.source))
