r"""What words say a quantity depends on: *$L$ is a differentiable function of $u_1, \ldots, u_n$*, *through $z = W x$ only*.

Each line of ``words/depends.tsv`` is a phrase, as those of ``words/shapes.tsv`` are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from derive.documents import Document, Formula
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import heads
from derive.latex.vectors.bold import base_name
from derive.narrative.names.described import listed, matched, paragraphs, phrases_of
from derive.terms.context import Through

PHRASES = "depends.tsv"


def dependences(document: Document, cut_of: Callable[[Formula], Cut]) -> tuple[tuple[str, str], ...]:
    """Pairs of a quantity and the name through which it depends on all else."""
    found: list[tuple[str, str]] = []
    for pieces in paragraphs(document, cut_of):
        for start in range(len(pieces)):
            for phrase in _phrases():
                slots = matched(phrase, pieces, start)
                if slots is not None and (inner := _first(slots["L"].tokens)):
                    found += ((name, inner) for name in listed(slots["N"].tokens))
                    break
    return tuple(dict.fromkeys(found))


def through(pairs: Sequence[tuple[str, str]], table: SymbolTable) -> tuple[Through, ...]:
    """The dependences, with the ranges of the places of each name; one of which they are not known is left out."""
    found = []
    for name, inner in pairs:
        arity = table.arity_of(inner) or 0
        spans = [table.span_at(inner, place) for place in range(arity)]
        known = [span for span in spans if span is not None]
        if len(known) == len(spans) and (arity or not table.is_family(inner)):
            found.append(Through(name, inner, tuple(known)))
    return tuple(found)


@cache
def _phrases() -> tuple[tuple[tuple[str, bool], ...], ...]:
    return phrases_of(PHRASES)


def _first(row: Sequence[Token]) -> str:
    """The name with which a formula begins."""
    return base_name(heads(row, frozenset())[0][0])[0] if 0 in heads(row, frozenset()) else ""
