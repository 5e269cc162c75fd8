r"""Names that a document calls vectors or matrices: what is proved of numbers is not proved of them.

``A \in \mathbb{R}^{n \times n}``, *let $A$ be a matrix* and ``K^\top`` say that a name without indices (or ``x_i`` in
``x_i \in \mathbb{R}^d``) is no number. A claim that reads it as one is left unread, unless both its sides are sums of
such names with factors that are numbers: those have the same laws.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sympy import Add, Expr, Indexed, Mul, Sum, Symbol

from derive.documents import Document, Formula, Prose
from derive.terms.context import Claim, Context
from derive.terms.heads import name_of
from derive.terms.terms import peel

_NAME = r"(?:\\[a-zA-Z]+|[A-Za-z])(?:\s*_\s*(?:\{\s*[A-Za-z0-9]\s*\}|[A-Za-z0-9]))?"
_LIST = rf"{_NAME}(?:\s*,\s*{_NAME}){{0,9}}"
_SET = r"(?:\\mathbb\s*(?:\{\s*[RC]\s*\}|[RC])|\\R(?![a-zA-Z])|[ℝℂ])(?:\s*_\s*(?:\{[^{}]*\}|[+>]))?"
_MEMBER = re.compile(rf"(?<![\\A-Za-z_])({_LIST})\s*(?:\\in(?![a-zA-Z])|∈)\s*{_SET}\s*\^\s*(?!\{{?\s*(?:[+*]|>|\\g|1\s*\}}))")
_TRANSPOSED = re.compile(rf"(?<![\\A-Za-z_])({_NAME})\s*\^\s*\{{?\s*(?:\\top|\\intercal)(?![a-zA-Z])")
_TRANSPOSED_T = re.compile(r"(?<![\\A-Za-z_^{])([A-Za-z])\s*\^\s*(?:T(?![a-zA-Z])|\{\s*T\s*\})")
_SHOWN = rf"\$\s*({_LIST})\s*\$"
_SHOWNS = rf"{_SHOWN}(?:\s*(?:,|and|or|,\s*and)\s*{_SHOWN})?(?:\s*(?:,|and|or|,\s*and)\s*{_SHOWN})?"
_NOUN = r"(?:matri(?:x|ces)|vectors?|tensors?)(?![a-z-])"
_BETWEEN = r"(?:(?!(?:of|in|from|by|with|times|per|for|to|on|whose|where|than)\b)(?:[\w-]+|\$[^$]{1,30}\$)\s+){0,5}?"
_CALLED = re.compile(rf"{_SHOWNS}\s*(?:,|\()?\s*{_BETWEEN}{_NOUN}", re.IGNORECASE)
_APPOSED = re.compile(rf"{_NOUN}\s+{_SHOWNS}", re.IGNORECASE)
_CAPITAL = re.compile("[A-Z]")
_PASSES = 4

Spaces = frozenset[tuple[str, int]]
"""Names with the number of indices with which each is a vector or a matrix."""


def vectors_in(document: Document) -> Spaces:
    """The names that the words and formulas of a document call vectors or matrices."""
    found: set[tuple[str, int]] = set()
    for formula in document.formulas:
        for match in _MEMBER.finditer(formula.latex):
            found |= {_known(name) for name in re.findall(_NAME, match.group(1))}
        for pattern in (_TRANSPOSED, _TRANSPOSED_T):
            found |= {_known(match.group(1)) for match in pattern.finditer(formula.latex)}
    for text in _texts(document):
        for pattern in (_CALLED, _APPOSED):
            for match in pattern.finditer(text):
                names = [name for group in match.groups() if group for name in re.findall(_NAME, group)]
                found |= {_known(name) for name in names if not re.search(r"_\W*[A-Za-z]", name)}
    return frozenset(found)


def _known(name: str) -> tuple[str, int]:
    """
    >>> _known("W"), _known("x_{i}")
    (('W', 0), ('x', 1))
    """
    return name.split("_")[0].strip(), int("_" in name)


def _texts(document: Document) -> Iterable[str]:
    groups: dict[int, str] = {}
    for block in document.blocks:
        if isinstance(block, (Formula, Prose)):
            shown = block.text if isinstance(block, Prose) else f"${block.latex}$" if block.kind == "inline" else " ; "
            groups[block.paragraph] = groups.get(block.paragraph, "") + shown
    return groups.values()


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
        more = {(name_of(d.head), len(d.head.indices) if isinstance(d.head, Indexed) else 0)
                for d in context.definitions if isinstance(d.head, (Symbol, Indexed)) and _named(d.body, spaces)}
        if more <= spaces:
            break
        spaces |= more
    return spaces


def _is_vector(node: Expr, spaces: Spaces) -> bool:
    if isinstance(node, Indexed):
        return (name_of(node), len(node.indices)) in spaces
    return isinstance(node, Symbol) and not node.is_integer and (name_of(node), 0) in spaces


def _named(term: Expr, spaces: Spaces) -> set[str]:
    bases = {node.base.label for node in term.atoms(Indexed)}
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
    if isinstance(term, Mul) and any(_CAPITAL.fullmatch(str(symbol)) for part, degree in zip(term.args, degrees, strict=True)
                                     if degree == 0 for symbol in part.free_symbols):
        return None  # beside a vector a capital is a matrix as likely as a number
    known = [degree for degree in degrees if degree is not None]
    return sum(known) if len(known) == len(degrees) and sum(known) <= 1 else None
