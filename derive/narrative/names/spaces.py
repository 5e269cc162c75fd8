r"""Names that a document calls vectors or matrices: what is proved of numbers is not proved of them.

``A \in \mathbb{R}^{n \times n}``, *let $A$ be a matrix* and ``K^\top`` say that a name without indices (or ``x_i`` in
``x_i \in \mathbb{R}^d``) is no number. A claim that reads it as one is left unread, unless both its sides are sums of
such names with factors that are numbers: those have the same laws.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Add, Expr, Indexed, IndexedBase, Mul, Sum, Symbol

from derive.documents import Document, Formula, Heading, Prose
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.terms.context import Claim, Context
from derive.terms.heads import name_of
from derive.terms.terms import peel

_MOST = 10
_FIRST = 0xE000
_FORMULA = "[\ue000-\uf8fe]"
"""In the words, a character for private use stands for each inline formula of a paragraph."""
_OTHER = "\uf8ff"
_SHOWN = f"({_FORMULA})"
_SHOWNS = rf"{_SHOWN}(?:\s*(?:,|and|or|,\s*and)\s*{_SHOWN})?(?:\s*(?:,|and|or|,\s*and)\s*{_SHOWN})?"
_NOUN = r"(?:matri(?:x|ces)|vectors?|tensors?)(?![a-z-])"
_BETWEEN = r"(?:(?!(?:of|in|from|by|with|times|per|for|to|on|whose|where|than)\b)(?:[\w-]+|[\ue000-\uf8ff])\s+){0,5}?"
_CALLED = re.compile(rf"{_SHOWNS}\s*(?:,|\()?\s*{_BETWEEN}{_NOUN}", re.IGNORECASE)
_APPOSED = re.compile(rf"{_NOUN}\s+{_SHOWNS}", re.IGNORECASE)
_MATRIX = re.compile(r"matri|tensor", re.IGNORECASE)
_CAPITAL = re.compile("[A-Z]")
_PASSES = 4

Spaces = frozenset[tuple[str, int]]
"""Names with the number of indices with which each is a vector or a matrix."""


@dataclass(frozen=True)
class Called:
    """The names that are vectors or matrices: `anywhere` in the document, and `within` the section with a number, from 0 for
    what stands before the first heading. Sections in it belong to a section; `above` has those that a section stands in.
    """

    anywhere: Spaces = frozenset()
    within: Mapping[int, Spaces] = field(default_factory=dict)
    above: tuple[tuple[int, ...], ...] = ()

    def without(self, names: frozenset[str]) -> Called:
        """The same but for names that are numbers whatever is said."""
        gone = frozenset((name, 0) for name in names)
        return Called(self.anywhere - gone, {at: spaces - gone for at, spaces in self.within.items()}, self.above)

    def at(self, section: int) -> Spaces:
        """The names that are none of numbers in a section."""
        found = self.anywhere | self.within.get(0, frozenset()) | self.within.get(section, frozenset())
        for each in self.above[section] if 0 <= section < len(self.above) else ():
            found |= self.within.get(each, frozenset())
        return found


def vectors_in(document: Document, cut_of: Callable[[Formula], Cut]) -> Called:
    """The names that the words and formulas of a document call vectors or matrices; `cut_of` has a formula's tokens.

    What is called a vector in passing may be a number in another section; a matrix is none anywhere.
    """
    found: set[tuple[str, int]] = set()
    for formula in document.formulas:
        found |= _in_formula(cut_of(formula).tokens)
    sections, above = _sections(document)
    within: dict[int, Spaces] = {}
    for paragraph, text, shown in _texts(document, cut_of):
        for pattern in (_CALLED, _APPOSED):
            for match in pattern.finditer(text):
                marks = [ord(mark) - _FIRST for mark in match.groups() if mark]
                names = [name for at in marks if at < len(shown) for name in shown[at]]
                called = {(name, int(bool(index))) for name, index in names if not index.isalpha()}
                if _MATRIX.search(match.group()) is not None:
                    found |= called
                else:
                    section = sections.get(paragraph, 0)
                    within[section] = within.get(section, frozenset()) | called
    return Called(frozenset(found), within, above)


def _sections(document: Document) -> tuple[dict[int, int], tuple[tuple[int, ...], ...]]:
    """The number of the section of each paragraph, and of each section those that it stands in."""
    of: dict[int, int] = {}
    above: list[tuple[int, ...]] = [()]
    opened: list[tuple[int, int]] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            opened = [(level, number) for level, number in opened if level < block.level]
            above.append(tuple(number for _, number in opened))
            opened.append((block.level, len(above) - 1))
        if isinstance(block, (Heading, Formula, Prose)):
            of[block.paragraph] = len(above) - 1
    return of, tuple(above)


def _in_formula(row: Sequence[Token]) -> set[tuple[str, int]]:
    r"""The names in ``A, B \in \mathbb{R}^{n}``, ``A^\top`` and ``A^T``."""
    found: set[tuple[str, int]] = set()
    taken = 0
    for at, token in enumerate(row):
        if at < taken or not _begins(row, at):
            continue
        names, end = _listed(row, at)
        several = names and end < len(row) and row[end].text == "in" and is_space(row, end + 1)
        if several:
            found |= {(name, int(bool(index))) for name, index in names}
            taken = end
            continue
        names, end = _listed(row, at, 1)
        if not names or kind(row, end) != "sup":
            continue
        ((name, index),) = names
        above = group(row, end + 1)[0]
        mark = above[0] if above else token
        plain = (
            token.kind == "letter"
            and not index
            and kind(row, at - 1) not in ("sup", "lbrace")
            and len(above) == 1
            and not (kind(row, end + 2) == "letter" and row[end + 2].start == mark.end)
        )
        if mark.text in ("\\top", "\\intercal") or (mark.text == "T" and mark.kind == "letter" and plain):
            found.add((name, int(bool(index))))
    return found


def _begins(row: Sequence[Token], at: int) -> bool:
    """Whether a name can begin here: it is no part of a longer one, and nobody's index."""
    before = row[at - 1] if at else None
    return row[at].kind in ("letter", "command") and not (
        before is not None and before.end == row[at].start and before.kind in ("letter", "command", "sub")
    )


def _listed(row: Sequence[Token], at: int, most: int = _MOST) -> tuple[list[tuple[str, str]], int]:
    """The names from `at` on with commas between them, each with its index, and the position after the last."""
    names: list[tuple[str, str]] = []
    end = at
    while len(names) < most and kind(row, at) in ("letter", "command"):
        name, index, end = row[at].text, "", at + 1
        if kind(row, end) == "sub":
            inside, after = group(row, end + 1)
            if len(inside) == 1 and inside[0].kind in ("letter", "number") and len(inside[0].text) == 1:
                index, end = inside[0].text, after
        names.append((name, index))
        if kind(row, end) != "comma" or row[end].text != ",":
            break
        at = end + 1
    return names, end


def is_space(row: Sequence[Token], at: int) -> bool:
    r"""Whether ``\mathbb{R}^{..}`` stands here, and no half-line or line."""
    if kind(row, at) != "stop" and row[at].text == "\\mathbb":
        inside, at = group(row, at + 1)
        known = len(inside) == 1 and inside[0].text in ("R", "C")
    else:
        known, at = kind(row, at) != "stop" and row[at].text in ("\\R", "ℝ", "ℂ"), at + 1
    if known and kind(row, at) == "sub":
        at = group(row, at + 1)[1]
    if not known or kind(row, at) != "sup":
        return False
    above = [token.text for token in group(row, at + 1)[0]]
    return bool(above) and above != ["1"] and above[0] not in ("+", "*", "\\star", ">", ">=")


def _texts(document: Document, cut_of: Callable[[Formula], Cut]) -> Iterable[tuple[int, str, list[list[tuple[str, str]]]]]:
    """The words of each paragraph, and the names in each of its inline formulas that is a list of names."""
    texts: dict[int, str] = {}
    shown: dict[int, list[list[tuple[str, str]]]] = {}
    for block in document.blocks:
        if isinstance(block, Prose):
            texts[block.paragraph] = texts.get(block.paragraph, "") + block.text
        elif isinstance(block, Formula):
            row, lists = cut_of(block).tokens, shown.setdefault(block.paragraph, [])
            names, end = _listed(row, 0)
            mark = " ; " if block.kind != "inline" else _OTHER
            if block.kind == "inline" and names and end == len(row) and len(lists) < ord(_OTHER) - _FIRST:
                mark = chr(_FIRST + len(lists))
                lists.append(names)
            texts[block.paragraph] = texts.get(block.paragraph, "") + mark
    return [(paragraph, text, shown.get(paragraph, [])) for paragraph, text in texts.items()]


def read_as_number(claim: Claim, context: Context, spaces: Spaces) -> str:
    """The vector or matrix that the claim reads as a number, where that matters; "" if there is none."""
    spaces = _defined(context, spaces)
    sides = [side for side in (claim.left, claim.right) if side != 0]
    names = sorted({name for side in (*sides, *(o.term for o in claim.obligations)) for name in _named(side, spaces)})
    if not names:
        return ""
    linear = claim.relation == "=" and all(_degree(side, spaces) == 1 for side in sides)
    return "" if linear and not any(_named(o.term, spaces) for o in claim.obligations) else names[0]


def _defined(context: Context, spaces: Spaces) -> Spaces:
    """With the names that definitions make of vectors."""
    for _ in range(_PASSES):
        more = {
            (name_of(d.head), len(d.head.indices) if isinstance(d.head, Indexed) else 0)
            for d in context.definitions
            if isinstance(d.head, (Symbol, Indexed)) and _named(d.body, spaces)
        }
        if more <= spaces:
            break
        spaces |= more
    return spaces


def _is_vector(node: Expr, spaces: Spaces) -> bool:
    if isinstance(node, Indexed):
        return (name_of(node), len(node.indices)) in spaces
    return isinstance(node, Symbol) and not node.is_integer and (name_of(node), 0) in spaces


def _named(term: Expr, spaces: Spaces) -> set[str]:
    bases = {node.label for node in term.atoms(IndexedBase)}
    return {name_of(node) for node in term.atoms(Symbol, Indexed) if node not in bases and _is_vector(node, spaces)}


def _degree(term: Expr, spaces: Spaces) -> int | None:
    """How many vectors are multiplied in each summand: 0 or 1; None for all else."""
    if not _named(term, spaces):
        return 0
    if _is_vector(term, spaces):
        return 1
    if isinstance(term, Sum):
        return _degree(peel(term)[0], spaces)
    degrees = [_degree(part, spaces) for part in term.args] if isinstance(term, (Add, Mul)) else [None]
    if isinstance(term, Add):
        return degrees[0] if len(set(degrees)) == 1 else None
    if isinstance(term, Mul) and any(
        _CAPITAL.fullmatch(str(symbol))
        for part, degree in zip(term.args, degrees, strict=True)
        if degree == 0
        for symbol in part.free_symbols
    ):
        return None  # beside a vector a capital is a matrix as likely as a number
    known = [degree for degree in degrees if degree is not None]
    return sum(known) if len(known) == len(degrees) and sum(known) <= 1 else None
