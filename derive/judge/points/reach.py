"""Where the members of a family are: an index of one range must not read a member outside the family's own.

A document that sums ``z_l`` over l = 1..C has z_1 to z_C, whatever else i runs over where ``z_i`` is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import sympy
from sympy import Dummy, Expr, Indexed, Integer, Sum, Symbol

from derive.terms.context import Context, Fact, Range
from derive.terms.terms import Call, Partial, peel

Place = tuple[str, int, int]
"""A family's name, the number of its positions, and one of these."""
_HEADS = (Symbol, Indexed, Call, Partial)


def within_reach(sides: Iterable[Expr], known: Iterable[str], context: Context) -> tuple[Fact, ...]:
    """That the free indices and the numbers below the families in `sides` are places that those families have.

    `known` are the names in the sides and all that their definitions mention. A family has the places that it is summed
    over, and those for which it is defined.
    """
    sides = tuple(sides)
    spans: dict[Place, dict[Range, None]] = {}
    for place, span in _all_spans(sides, known, context):
        spans.setdefault(place, {})[span] = None
    found: dict[Fact, None] = {}
    for side in sides:
        for place, position in _places(side):
            for span in spans.get(place, ()):
                if position.is_Integer:
                    if span.low.is_Integer and position >= span.low and not span.high.is_Integer:
                        found[Fact(position, "<=", span.high)] = None
                elif not isinstance(position, Dummy) and not position.is_positive and span != context.range_of(position):
                    found[Fact(position, "<=", span.high)] = None
                    found[Fact(position, ">=", span.low)] = None
    return tuple(found)


def _all_spans(sides: Iterable[Expr], known: Iterable[str], context: Context) -> Iterator[tuple[Place, Range]]:
    for side in sides:
        yield from _summed(side)
    for name in sorted(known):
        for kind in _HEADS:
            for definition in context.known.get((kind, name)):
                yield from _summed(definition.body)
                for part in (definition.head, definition.body):
                    for place, position in _places(part):
                        if (
                            isinstance(position, Symbol)
                            and not isinstance(position, Dummy)
                            and not position.is_positive
                            and position in definition.head.free_symbols
                        ):
                            span = context.range_of(position)
                            if _of_sizes(span):
                                yield place, span


@lru_cache(maxsize=4096)
def _places(term: Expr) -> tuple[tuple[Place, Expr], ...]:
    """The positions of all members in a term that are one symbol or one integer."""
    found: dict[tuple[Place, Expr], None] = {}
    for node in sympy.preorder_traversal(term):
        if isinstance(node, Indexed):
            for number, position in enumerate(node.indices):
                if isinstance(position, (Symbol, Integer)):
                    found[(str(node.base.label), len(node.indices), number), position] = None
    return tuple(found)


@lru_cache(maxsize=4096)
def _summed(term: Expr) -> tuple[tuple[Place, Range], ...]:
    """The places of families that a term sums over, where the limits are sizes and numbers."""
    found: dict[tuple[Place, Range], None] = {}
    for total in term.atoms(Sum):
        body, variable, low, high = peel(total)
        span = Range(low, high)
        if _of_sizes(span):
            found.update(dict.fromkeys((place, span) for place, position in _places(body) if position == variable))
        if isinstance(body, Sum):
            found.update(dict.fromkeys(_summed(body)))
    return tuple(found)


def _of_sizes(span: Range) -> bool:
    return all(symbol.is_positive for symbol in span.low.free_symbols | span.high.free_symbols)
