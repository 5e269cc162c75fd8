r"""Hypotheses on whole matrices: ``A^\top = A``, ``Q^\top Q = I``, ``\|u\| = 1``, and the words that say the same.

Each holds for all entries. The indices that stand for them are fresh, so that nothing that is said later of a letter's
range changes what was assumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
from derive.terms.relations import RelationKey

Sides = tuple[Expr, RelationKey, Expr]
Law = Callable[[str, Expr, Expr, Range], Sides]


def _member(name: str, *places: Expr) -> Expr:
    return terms.family(name)[places]


def _summed(span: Range, of: Callable[[Expr], Expr]) -> Expr:
    k = terms.bound("k")
    return Sum(of(k), (k, span.low, span.high))


def _product(name: str, i: Expr, j: Expr, span: Range) -> Expr:
    return _summed(span, lambda k: _member(name, i, k) * _member(name, k, j))


def _gram(name: str, span: Range, i: Expr, j: Expr) -> Expr:
    return _summed(span, lambda k: _member(name, k, i) * _member(name, k, j))


def _determinant(name: str, span: Range) -> Expr:
    return determinant(lambda row, column: _member(name, row, column), span.low, span.high)


LAWS: Mapping[str, Law] = MappingProxyType(
    {
        "symmetric": lambda name, i, j, _: (_member(name, i, j), "=", _member(name, j, i)),
        "antisymmetric": lambda name, i, j, _: (_member(name, i, j), "=", -_member(name, j, i)),
        "orthogonal": lambda name, i, j, span: (_gram(name, span, i, j), "=", KroneckerDelta(i, j)),
        "idempotent": lambda name, i, j, span: (_product(name, i, j, span), "=", _member(name, i, j)),
        "involution": lambda name, i, j, span: (_product(name, i, j, span), "=", KroneckerDelta(i, j)),
        "diagonal": lambda name, i, j, _: (_member(name, i, j), "=", KroneckerDelta(i, j) * _member(name, i, i)),
    }
)
"""What a word says of the entries of a square matrix: two sides that are equal at all i and j."""


WHOLE: Mapping[str, Callable[[str, Range, Symbol], Sides]] = MappingProxyType(
    {
        "invertible": lambda name, span, _: (_determinant(name, span), "!=", Integer(0)),
        "positive determinant": lambda name, span, _: (_determinant(name, span), ">", Integer(0)),
        "determinant one": lambda name, span, _: (_determinant(name, span), "=", Integer(1)),
        "positive diagonal": lambda name, _, i: (_member(name, i, i), ">", Integer(0)),
        "nonnegative diagonal": lambda name, _, i: (_member(name, i, i), ">=", Integer(0)),
        "nonnegative determinant": lambda name, span, _: (_determinant(name, span), ">=", Integer(0)),
    }
)
"""What else a word says of a square matrix, by its determinant or by its diagonal at i."""
_WRITTEN = MappingProxyType(
    {
        "invertible": "\\det N \\ne 0",
        "positive determinant": "\\det N > 0",
        "nonnegative determinant": "\\det N \\ge 0",
        "determinant one": "\\det N = 1",
        "positive diagonal": "N_{ii} > 0",
        "nonnegative diagonal": "N_{ii} \\ge 0",
    }
)


@dataclass(frozen=True)
class Meaning:
    """What a word says of a square matrix: the laws that it puts in force, those that custom adds to them (`usual`), and
    whether that is all that it says (`whole`).

    The witnesses of *positive definite* are made as products with their own transposes, so that they are definite.
    """

    laws: tuple[str, ...]
    usual: tuple[str, ...] = ()
    whole: bool = True


_DEFINITE = ("positive determinant", "positive diagonal")
_SEMIDEFINITE = ("nonnegative determinant", "nonnegative diagonal")
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {law: Meaning((law,)) for law in LAWS}
    | {
        "invertible": Meaning(("invertible",)),
        "definite": Meaning(_DEFINITE, ("symmetric",)),
        "symmetric-definite": Meaning(("symmetric", *_DEFINITE)),
        "semidefinite": Meaning(_SEMIDEFINITE, ("symmetric",)),
        "symmetric-semidefinite": Meaning(("symmetric", *_SEMIDEFINITE)),
        "rotation": Meaning(("orthogonal", "determinant one")),
        "permutation": Meaning(("orthogonal",), whole=False),
        "projection": Meaning(("idempotent",), ("symmetric",)),
        "symmetric-projection": Meaning(("symmetric", "idempotent")),
    }
)
COLUMNS, UNIT, COLUMN_RANK, ROW_RANK = "orthonormal-columns", "unit", "column-rank", "row-rank"
ORTHONORMAL = "orthonormal"
WORDS = (*MEANINGS, COLUMNS, UNIT, COLUMN_RANK, ROW_RANK, ORTHONORMAL)
"""All words that say something of whole matrices."""


@dataclass(frozen=True)
class Taught:
    """The hypotheses that a word makes, those that it usually means besides, the ranges of their indices, and whether that is
    all that it says."""

    facts: tuple[Fact, ...]
    usual: tuple[Fact, ...] = ()
    ranges: Mapping[Symbol, Range] = field(default_factory=dict)
    whole: bool = True


def law_of(word: str, name: str, table: SymbolTable) -> Taught | None:
    """What a word says of a name; None where that is no square matrix, or for words on columns and vectors no such thing."""
    spans = [table.span_at(name, place) for place in range(table.arity_of(name) or 0)]
    read = [span for span in spans if span is not None]
    if len(read) != len(spans):
        return None
    if word == UNIT and len(read) == 1:
        return Taught((Fact(_summed(read[0], lambda k: _member(name, k) ** 2), "=", Integer(1), (), f"\\|{name}\\| = 1"),))
    if len(read) != 2:
        return None
    if word == COLUMNS:
        i, j = terms.bound("i"), terms.bound("j")
        fact = Fact(_gram(name, read[0], i, j), "=", KroneckerDelta(i, j), (i, j), f"{name}^\\top {name} = I")
        return Taught((fact,), ranges={i: read[1], j: read[1]})
    if word in (COLUMN_RANK, ROW_RANK):
        return Taught((_full_rank(name, read[0], read[1], word == COLUMN_RANK),))
    if word not in MEANINGS or read[0] != read[1]:
        return None
    meaning, (span, _) = MEANINGS[word], read
    ranges: dict[Symbol, Range] = {}
    facts, usual = (tuple(_fact(law, name, span, ranges) for law in laws) for laws in (meaning.laws, meaning.usual))
    return Taught(facts, usual, ranges, meaning.whole)


def law_of_vectors(word: str, names: Sequence[str], table: SymbolTable) -> Taught | None:
    """What *orthogonal* or *orthonormal* says of several vectors; None where that is not said, or not of such."""
    spans = {table.span_at(name, 0) for name in names if table.arity_of(name) == 1}
    vectors = len(names) > 1 and len(spans) == 1 and all(table.arity_of(name) == 1 for name in names)
    span = spans.pop() if vectors else None
    if word not in (ORTHONORMAL, "orthogonal") or span is None:
        return None
    facts = []
    for at, one in enumerate(names):
        for other in names[at if word == ORTHONORMAL else at + 1 :]:
            left = _summed(span, lambda k, a=one, b=other: _member(a, k) * _member(b, k))  # type: ignore[misc]
            facts.append(Fact(left, "=", Integer(int(one == other)), (), f"{one}^\\top {other} = {int(one == other)}"))
    return Taught(tuple(facts))


def _full_rank(name: str, rows: Range, columns: Range, tall: bool) -> Fact:
    """``X^T X`` is invertible, or for the rows ``X X^T``."""
    if tall:
        whole = determinant(lambda i, j: _gram(name, rows, i, j), columns.low, columns.high)
        return Fact(whole, "!=", Integer(0), (), f"\\det({name}^\\top {name}) \\ne 0")

    def entry(i: Expr, j: Expr) -> Expr:
        return _summed(columns, lambda k: _member(name, i, k) * _member(name, j, k))

    return Fact(determinant(entry, rows.low, rows.high), "!=", Integer(0), (), f"\\det({name} {name}^\\top) \\ne 0")


def _fact(law: str, name: str, span: Range, ranges: dict[Symbol, Range]) -> Fact:
    """A law of a name, its indices put into `ranges`."""
    i, j = terms.bound("i"), terms.bound("j")
    left, relation, right = LAWS[law](name, i, j, span) if law in LAWS else WHOLE[law](name, span, i)
    own = tuple(index for index in (i, j) if left.has(index))
    ranges |= dict.fromkeys(own, span)
    written = _WRITTEN[law].replace("N", name) if law in _WRITTEN else f"{name} \\text{{ {law}}}"
    return Fact(left, relation, right, own, written)


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
