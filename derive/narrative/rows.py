"""The rows of an equation of two columns, each a claim of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.latex.reading import ReadRelation
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.terms.context import Claim
from derive.terms.terms import Vector, dots

_COLUMNS = ("matrix", "bmatrix", "pmatrix", "vmatrix", "Bmatrix", "Vmatrix")


def matrix_rows(formula: Cut, relation: ReadRelation) -> list[tuple[int, int, str, Claim]]:
    """Span of the left entry, LaTeX and claim of each row that is written out on both sides."""
    if len(relation.claims) != 1:
        return []
    (claim,) = relation.claims
    if not (isinstance(claim.left, Vector) and isinstance(claim.right, Vector)):
        return []
    left, right = (_entries(formula.between(*span)) for span in (relation.left_span, relation.right_span))
    if not len(left) == len(right) == len(claim.left.entries) == len(claim.right.entries):
        return []
    result = []
    entries = zip(claim.left.entries, claim.right.entries, strict=True)
    for (start, end), (other, other_end), (a, b) in zip(left, right, entries, strict=True):
        if dots() not in (a, b):
            latex = f"{formula.text[start:end]} {relation.relation} {formula.text[other:other_end]}"
            result.append((start, end, latex, replace(claim, left=a, right=b, latex=latex)))
    return result


def _entries(row: Sequence[Token]) -> list[tuple[int, int]]:
    """The spans of the entries of a one-column matrix without nested environments."""
    begins = [at for at, token in enumerate(row) if token.kind == "begin"]
    ends = [at for at, token in enumerate(row) if token.kind == "end"]
    if len(begins) != 1 or len(ends) != 1 or row[begins[0]].text not in _COLUMNS:
        return []
    spans: list[tuple[int, int]] = []
    begun = False
    for token in row[begins[0] + 1 : ends[0]]:
        if token.kind == "row":
            begun = False
        elif begun:
            spans[-1] = spans[-1][0], token.end
        else:
            spans.append((token.start, token.end))
            begun = True
    return spans
