r"""The quantities that equations of a document say to be something, however spelled there: ``\mathbf A^{(k)}(\mathbf Z)``.

A derivative of one of these follows from what it is: an equation for it is no definition, even where that was not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Indexed, Integer, Symbol

from derive.documents import Formula
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.parts import group, heads, kind
from derive.latex.tokens.vocabulary import ACCENTS
from derive.latex.vectors.bold import inner_name
from derive.terms.context import Definition
from derive.terms.heads import name_of
from derive.terms.terms import Call, Partial


@dataclass(frozen=True)
class Equated:
    """The lines of the equations for a letter; those for a matrix in capital letters apart."""

    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    matrices: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @staticmethod
    def of(formulas: Iterable[tuple[Formula, Cut]], names: frozenset[str]) -> Equated:
        """What `formulas` say."""
        lines: dict[str, tuple[int, ...]] = {}
        matrices: dict[str, tuple[int, ...]] = {}
        for formula, row in formulas:
            letter, bold = _head(row, names)
            if not letter:
                continue
            lines[letter] = (*lines.get(letter, ()), formula.line)
            if bold and letter.isupper():
                matrices[letter.lower()] = (*matrices.get(letter.lower(), ()), formula.line)
        return Equated(lines, matrices)

    def line_of(self, new: Definition, line: int) -> int:
        """The line before that of `new` which says what the quantity is of which that gives the derivative; 0 if none does, or
        if it is only given by other derivatives of the same quantity."""
        head = new.head
        if not isinstance(head, Partial) or not isinstance(head.expr, Symbol | Indexed | Call) or _by_others(head, new.body):
            return 0
        letter = _letter(head)
        found = self.lines.get(letter, ())
        if isinstance(head.expr, Indexed) and len(head.expr.indices) > 1:
            found += self.matrices.get(letter, ())
        return next((at for at in found if at < line), 0)


def _by_others(head: Partial, body: Expr) -> bool:
    """Whether a derivative is put together of others of the same quantity, or is another name for something."""
    parts = body.atoms(Partial)
    rest = body.xreplace({part: Integer(0) for part in parts})
    own = bool(parts) and all(_letter(part) == _letter(head) for part in parts)
    return isinstance(body, Symbol | Indexed) or own and not rest.atoms(Symbol, Indexed, Call)


def _letter(slope: Partial) -> str:
    """The letter of the quantity of which something is the derivative, "" where that has no name."""
    named = isinstance(slope.expr, Symbol | Indexed | Call)
    return inner_name(name_of(slope.expr).partition("(")[0].partition("^{")[0].partition("_{")[0])[0] if named else ""


def _head(row: Cut, names: frozenset[str]) -> tuple[str, bool]:
    """The letter that an equation is for, with scripts and arguments or without, and whether it stands bold; or ""."""
    tokens = row.tokens
    shown = heads(tokens, names)
    if 0 in shown:
        name, at = shown[0]
    elif kind(tokens, 0) == "command" and tokens[0].text in ACCENTS and kind(tokens, 1) == "lbrace" and 2 in shown:
        name, (_, at) = f"{tokens[0].text}{{{shown[2][0]}}}", group(tokens, 1)  # \mathbf{\Sigma(Z)}
    else:
        return "", False
    while kind(tokens, at) in ("sub", "sup"):
        _, at = group(tokens, at + 1)
    if kind(tokens, at) == "open":
        depth = 0
        while at < len(tokens):
            depth += (kind(tokens, at) == "open") - (kind(tokens, at) == "close")
            at += 1
            if depth == 0:
                break
    while kind(tokens, at) in ("sub", "sup"):
        _, at = group(tokens, at + 1)
    while kind(tokens, at) in ("amp", "row"):
        at += 1
    equated = kind(tokens, at) == "relation" and tokens[at].text in ("=", ":=")
    return inner_name(name) if equated else ("", False)
