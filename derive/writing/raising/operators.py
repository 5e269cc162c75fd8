"""Operators that are written by a word, found in the terms that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sympy import Dummy, Expr, Indexed, IndexedBase, Sum, Symbol, preorder_traversal

from derive.latex.vectors.operators import Operator, by_word
from derive.latex.vectors.shape import Lengths, Shape
from derive.terms.context import Range
from derive.terms.terms import peel, summation


def operator_of(term: Expr, row: Symbol, words: Sequence[str]) -> tuple[str, Expr] | None:
    """The word of an operator, and the entry at `row` of the column that it is taken of; None where `term` is none of these."""
    for word in words:
        operator = by_word()[word]
        for argument, span in _arguments(term, row):
            if _same(_entry(operator, argument, row, span), term):
                return word, argument
    return None


def _arguments(term: Expr, row: Symbol) -> Iterator[tuple[Expr, Range]]:
    """What the operator could be taken of: parts of the term with the index, and over what that could run."""
    spans = [Range(low, high) for node in term.atoms(Sum) for _, _, low, high in [peel(node)]] or [Range(row, row)]
    seen: set[Expr] = set()
    for part in preorder_traversal(term):
        if not isinstance(part, Expr) or isinstance(part, (Symbol, IndexedBase)) or part == term:
            continue
        if row in part.free_symbols and part not in seen and not _has_bound(part, term):
            seen.add(part)
            yield from ((part, span) for span in spans)


def _has_bound(part: Expr, term: Expr) -> bool:
    """Whether a part has an index that is summed over outside of it."""
    return any(isinstance(s, Dummy) and s not in term.free_symbols for s in part.free_symbols)


def _entry(operator: Operator, argument: Expr, row: Symbol, span: Range) -> Expr | None:
    def entries(at: Expr | None, _: Expr | None) -> Expr:
        return argument if at is None else argument.xreplace({row: at})

    def sums(of: Callable[[Expr], Expr]) -> Expr:
        index = Dummy("k", integer=True)
        return summation(of(index), index, span.low, span.high)

    shape = Shape(span)
    if operator.shape(shape, Lengths()) != shape:
        return None
    return operator.entry(entries, sums, (row, None), shape)


def _same(one: Expr | None, other: Expr) -> bool:
    """Whether two terms are the same but for the names of what is summed over."""
    return one is not None and _plain(one) == _plain(other)


def _plain(term: Expr) -> Expr:
    """With a bound index of the same name in each sum of one depth."""
    if isinstance(term, Sum):
        body, variable, low, high = peel(term)
        inner = _plain(body)
        depth = len(inner.atoms(Sum))
        fresh = Symbol(f"bound {depth}", integer=True)
        return Sum(inner.xreplace({variable: fresh}), (fresh, low, high))
    if not term.args or not term.has(Sum) or isinstance(term, Indexed):
        return term
    return term.func(*(_plain(part) if isinstance(part, Expr) else part for part in term.args))
