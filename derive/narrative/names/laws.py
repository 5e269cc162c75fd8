r"""Hypotheses on whole matrices: ``A^\top = A``, ``Q^\top Q = I``, ``\|u\| = 1``, and the words that say the same.

Each holds for all entries. The indices that stand for them are fresh, so that nothing that is said later of a letter's
range changes what was assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sympy import Expr, Integer, KroneckerDelta, Sum, Symbol

from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.parts import heads, kind
from derive.latex.vectors.bold import base_name
from derive.narrative.names.shaped import spaces_in
from derive.terms import terms
from derive.terms.arrays import determinant
from derive.terms.context import Fact, Range

Law = Callable[[str, Expr, Expr, Range], tuple[Expr, Expr]]


def _member(name: str, *places: Expr) -> Expr:
    return terms.family(name)[places]


def _summed(span: Range, of: Callable[[Expr], Expr]) -> Expr:
    k = terms.bound("k")
    return Sum(of(k), (k, span.low, span.high))


LAWS: Mapping[str, Law] = MappingProxyType(
    {
        "symmetric": lambda name, i, j, _: (_member(name, i, j), _member(name, j, i)),
        "antisymmetric": lambda name, i, j, _: (_member(name, i, j), -_member(name, j, i)),
        "orthogonal": lambda name, i, j, span: (
            _summed(span, lambda k: _member(name, k, i) * _member(name, k, j)),
            KroneckerDelta(i, j),
        ),
        "idempotent": lambda name, i, j, span: (
            _summed(span, lambda k: _member(name, i, k) * _member(name, k, j)),
            _member(name, i, j),
        ),
    }
)
"""What a word says of the entries of a square matrix: two sides that are equal at all i and j."""


INVERTIBLE, COLUMNS, UNIT = "invertible", "orthonormal-columns", "unit"
WORDS = (*LAWS, INVERTIBLE, COLUMNS, UNIT)
"""All words that say something of whole matrices."""


def law_of(word: str, name: str, table: SymbolTable) -> tuple[Fact, dict[Symbol, Range]] | None:
    """The hypothesis that a word makes of a name, with the ranges of its indices; None where that is no square matrix, or
    for words on columns and vectors no such thing.
    """
    spans = [table.span_at(name, place) for place in range(table.arity_of(name) or 0)]
    if word == UNIT and len(spans) == 1 and spans[0] is not None:
        return Fact(_summed(spans[0], lambda k: _member(name, k) ** 2), "=", Integer(1), (), f"\\|{name}\\| = 1"), {}
    if word == COLUMNS and len(spans) == 2 and spans[0] is not None and spans[1] is not None:
        i, j = terms.bound("i"), terms.bound("j")
        left, right = LAWS["orthogonal"](name, i, j, spans[0])
        return Fact(left, "=", right, (i, j), f"{name}^\\top {name} = I"), {i: spans[1], j: spans[1]}
    if word not in LAWS and word != INVERTIBLE or len(spans) != 2:
        return None
    if table.arity_of(name) != 2 or spans[0] is None or spans[0] != spans[1]:
        return None
    if word == INVERTIBLE:
        whole = determinant(lambda row, column: _member(name, row, column), spans[0].low, spans[0].high)
        return Fact(whole, "!=", Integer(0), (), f"\\det {name} \\ne 0"), {}
    i, j = terms.bound("i"), terms.bound("j")
    left, right = LAWS[word](name, i, j, spans[0])
    return Fact(left, "=", right, (i, j), f"{name} \\text{{ {word}}}"), {i: spans[0], j: spans[0]}


def names_told(one: Cut, table: SymbolTable) -> tuple[str, ...]:
    r"""The names that a formula lists, ``P, R`` or ``P, R \in \mathbb R^{n \times n}``; none for anything else."""
    row = one.tokens
    spaces = spaces_in(row, table.names)
    shown, names, at = heads(row, frozenset()), [], 0
    while at in shown:
        name, at = shown[at]
        names.append(base_name(name)[0])
        if kind(row, at) == "comma":
            at += 1
    whole = at == len(row) or len(spaces) == len(names) and kind(row, at) == "relation"
    return tuple(names) if whole else ()
