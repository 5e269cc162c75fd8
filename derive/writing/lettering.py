"""Which letter each bound index is printed with.

A bound index is a `Dummy`, so that no substitution captures it; on paper it is a letter, and a letter can
be captured. A bound index keeps its own name unless that name already means something else in the formula
or in an enclosing sum; then it takes the first free letter of a fixed list.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from sympy import Basic, Dummy, Sum, Symbol

from derive.terms.arrays import OfMatrix
from derive.terms.binding import Binding

_LETTERS = ("k", "m", "l", "r", "s", "t", "p", "q", "u", "v", "j", "i", "h", "g", "\\iota", "\\kappa", "\\mu", "\\nu")


def free_symbols(formulas: Iterable[Basic]) -> tuple[Symbol, ...]:
    """The symbols that are free in `formulas`, names of families and functions among them, each once, as met."""
    found: dict[Symbol, None] = {}

    def visit(node: Basic, bound: frozenset[Symbol]) -> None:
        if isinstance(node, Sum):
            for variable, *limits in reversed(node.limits):
                for limit in limits:
                    visit(limit, bound)
                bound = bound | {variable}
            visit(node.function, bound)
        elif isinstance(node, Symbol):
            if node not in bound:
                found.setdefault(node)
        else:
            bound = bound | set(node.places) if isinstance(node, (OfMatrix, Binding)) else bound
            for argument in node.args:
                visit(argument, bound)

    for formula in formulas:
        visit(formula, frozenset())
    return tuple(found)


def letter(wanted: str, taken: Iterable[str]) -> str:
    """`wanted` if it is not taken, else the first letter of the list that is not.

    >>> letter("k", ()), letter("k", ("k",)), letter("j", ("k", "j"))
    ('k', 'm', 'm')
    """
    used = frozenset(taken)
    return next(candidate for candidate in _candidates(wanted) if candidate not in used)


def free_names(formulas: Iterable[Basic]) -> dict[Symbol, str]:
    """A name for every free symbol; a bound index that stands free, outside its sum, gets a letter of its own."""
    symbols = free_symbols(formulas)
    names = {symbol: symbol.name for symbol in symbols if not isinstance(symbol, Dummy)}
    for symbol in symbols:
        if isinstance(symbol, Dummy):
            names[symbol] = letter(symbol.name, names.values())
    return names


def _candidates(wanted: str) -> Iterator[str]:
    yield wanted
    yield from _LETTERS
    yield from (f"k_{number}" for number in count(1))
