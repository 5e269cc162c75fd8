"""The orders in which the bound indices of a sum are looked at, to find the first by name: few of them, by refining colours.

Indices are told apart by where they stand: by their ranges and the members that they are places of, then by the colours of the
indices beside them, until nothing more is told apart; of those that are alike each is tried (individualisation). What is
found depends on no name of a bound index, so that equal sums get equal orders. The orders of a chain of matrices are one.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from fractions import Fraction
from itertools import islice

from sympy import Expr, Symbol

from derive.normal.algebra.polynomial import Atom, Monomial, Poly

Binder = tuple[Symbol, Expr, Expr]
Colours = dict[Symbol, int]
MOST = 720


def arrangements(body: Monomial, binders: tuple[Binder, ...], unordered: Container[str]) -> Iterator[tuple[Binder, ...]]:
    """Orders of the binders, at most :data:`MOST`; the places of families in `unordered` may be exchanged."""
    symbols = frozenset(symbol for symbol, _, _ in binders)
    ranges = {symbol: f"{_outer(low, symbols)}..{_outer(high, symbols)}" for symbol, low, high in binders}
    names = sorted(set(ranges.values()))
    first = _refined({symbol: names.index(text) for symbol, text in ranges.items()}, body, unordered)
    by_symbol = {binder[0]: binder for binder in binders}
    for colours in islice(_leaves(first, body, unordered), MOST):
        yield tuple(by_symbol[symbol] for symbol in sorted(colours, key=lambda each: colours[each]))


def _outer(end: Expr, symbols: frozenset[Symbol]) -> str:
    return "bound" if end.free_symbols & symbols else str(end)


def _leaves(colours: Colours, body: Monomial, unordered: Container[str]) -> Iterator[Colours]:
    """The colourings in which all indices differ, below one of them."""
    alike: dict[int, list[Symbol]] = {}
    for symbol, colour in colours.items():
        alike.setdefault(colour, []).append(symbol)
    several = [colour for colour in sorted(alike) if len(alike[colour]) > 1]
    if not several:
        yield colours
        return
    for symbol in alike[several[0]]:
        apart = {each: 2 * colour + (colour == several[0] and each != symbol) for each, colour in colours.items()}
        yield from _leaves(_refined(apart, body, unordered), body, unordered)


def _refined(colours: Colours, body: Monomial, unordered: Container[str]) -> Colours:
    """The coarsest finer colouring in which indices of one colour have neighbours of the same colours."""
    while True:
        seen: dict[Symbol, tuple[int, list[str]]] = {symbol: (colour, []) for symbol, colour in colours.items()}
        for atom, exponent in body:
            _mark(seen, colours, atom, exponent, unordered)
        signs = {symbol: (colour, sorted(marks)) for symbol, (colour, marks) in seen.items()}
        ranks = sorted({(colour, tuple(marks)) for colour, marks in signs.values()})
        finer = {symbol: ranks.index((colour, tuple(marks))) for symbol, (colour, marks) in signs.items()}
        if len(set(finer.values())) == len(set(colours.values())):
            return finer
        colours = finer


def _mark(
    seen: dict[Symbol, tuple[int, list[str]]],
    colours: Colours,
    atom: Atom,
    exponent: int | Fraction | Poly,
    unordered: Container[str],
) -> None:
    """Put down for each index of a factor how it stands in it: at which places of a member, beside indices of which colours."""
    power = "" if isinstance(exponent, Poly) else str(exponent)
    symbolic = exponent.free if isinstance(exponent, Poly) else frozenset()
    for symbol in (atom.free | symbolic) & seen.keys():
        if atom.kind != "member":
            seen[symbol][1].append(f"{atom.kind}^{power}")
            continue
        places = [_place(position, symbol, colours) for position in atom.data[1]]
        shown = sorted(places) if atom.data[0] in unordered else places
        seen[symbol][1].append(f"{atom.data[0]}[{','.join(shown)}]^{power}")


def _place(position: Expr, symbol: Symbol, colours: Colours) -> str:
    if position == symbol:
        return "here"
    if isinstance(position, Symbol) and position in colours:
        return f"colour {colours[position]}"
    return "bound" if position.free_symbols & colours.keys() else str(position)
