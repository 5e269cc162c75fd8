"""The rows of an equation of two columns, each a claim of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from derive.latex.reading import ReadRelation
from derive.terms.context import Claim
from derive.terms.terms import Vector, dots

_MATRIX = re.compile(r"\\begin\{([bpvBV]?matrix)\}(.*)\\end\{\1\}", re.DOTALL)


def matrix_rows(text: str, relation: ReadRelation) -> list[tuple[int, int, str, Claim]]:
    """Span of the left entry, LaTeX and claim of each row that is written out on both sides."""
    if len(relation.claims) != 1:
        return []
    claim, = relation.claims
    if not (isinstance(claim.left, Vector) and isinstance(claim.right, Vector)):
        return []
    left, right = _entries(text, *relation.left_span), _entries(text, *relation.right_span)
    if not len(left) == len(right) == len(claim.left.entries) == len(claim.right.entries):
        return []
    result = []
    entries = zip(claim.left.entries, claim.right.entries, strict=True)
    for (start, end), (other, other_end), (a, b) in zip(left, right, entries, strict=True):
        if dots() not in (a, b):
            latex = f"{text[start:end]} {relation.relation} {text[other:other_end]}"
            result.append((start, end, latex, replace(claim, left=a, right=b, latex=latex)))
    return result


def _entries(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the entries of a one-column matrix without nested environments."""
    found = _MATRIX.search(text, start, end)
    if found is None or "\\begin" in found.group(2):
        return []
    spans, at = [], found.start(2)
    for part in re.split(r"(\\\\)", found.group(2)):
        if part != "\\\\" and part.strip():
            lead = len(part) - len(part.lstrip())
            spans.append((at + lead, at + len(part.rstrip())))
        at += len(part)
    return spans
