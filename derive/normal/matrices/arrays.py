"""Inverses in normal form.

The inverse of the matrix T is a family of its own, named by the normal form of T, so that two matrices with equal entries
have one inverse. What it carries: T M = I and M T = I, as rules on products of its members with those of the longest word in
T (both hold, for T is square); M is symmetric where T is. The inverse of a product of square matrices is the product of their
inverses, that of an inverse the matrix itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from sympy import Dummy, Expr, Symbol

from derive.normal.algebra.knowledge import INVERSE, Exchange, Letter, Rule, Square
from derive.normal.algebra.matrices import as_poly
from derive.normal.algebra.polynomial import Atom, Monomial, Poly
from derive.normal.algebra.ring import Ring
from derive.normal.series.sums import substitute, sum_over
from derive.terms import terms
from derive.terms.context import Range

Spans = tuple[tuple[Symbol, Expr, Expr], ...]


class NoMatrix(ValueError):
    """A matrix whose entries or whose size depend on a further index, or an entry that may lie outside of it."""


def places_of(span: Range) -> tuple[Symbol, Symbol]:
    """The row and the column at which the entries of all matrices of one size are kept."""
    return tuple(Symbol(f"{each} of {span.low}..{span.high}", integer=True) for each in ("row", "column"))  # type: ignore[return-value]


def square_of(ring: Ring, span: Range, entry: Callable[[Symbol, Symbol], Poly]) -> Square:
    """The matrix with the entries `entry`.

    Raises:
        NoMatrix: if they depend on another index.
    """
    if any(not symbol.is_positive for symbol in span.low.free_symbols | span.high.free_symbols):
        raise NoMatrix("a matrix whose size depends on an index")
    row, column = places_of(span)
    ring.knowledge.ranges[row] = ring.knowledge.ranges[column] = span
    found = Square(entry(row, column), span, (row, column))
    if any(symbol.is_integer and not symbol.is_positive for symbol in found.entry.free - {row, column}):
        raise NoMatrix("a matrix whose entries depend on a further index")
    return found


def entry_of(ring: Ring, square: Square, row: Expr, column: Expr) -> Poly:
    """The entry of a matrix at a place."""
    return substitute(ring, square.entry, dict(zip(square.places, (row, column), strict=True)))


def key_of(square: Square) -> str:
    return f"({square.entry.key}) over {square.span.low}..{square.span.high}"


@dataclass(frozen=True)
class Step:
    """A member in a product of matrices: its family, and whether it stands transposed there."""

    name: str
    turned: bool


def inverse_entry(ring: Ring, square: Square, row: Expr, column: Expr) -> Poly:
    """The entry of the inverse at a place of the range."""
    if not all(ring.knowledge.within(place, square.span.low, square.span.high) for place in (row, column)):
        raise NoMatrix("an entry that may lie outside of the matrix")
    factors = factors_of(square, ring)
    if factors is None:
        return ring.member(_family(ring, square), (row, column))
    scale, steps = factors
    place, result, bound = row, ring.inverse(scale), list[Symbol]()
    for count, step in enumerate(reversed(steps)):
        last = count == len(steps) - 1
        after: Expr = column if last else terms.bound("k")
        if not last and isinstance(after, Symbol):
            ring.knowledge.ranges[after] = square.span
            bound.append(after)
        result = ring.product(result, _of_step(ring, square, step, place, after))
        place = after
    for index in bound:
        result = sum_over(ring, result, index, square.span.low, square.span.high)
    return result


def _of_step(ring: Ring, square: Square, step: Step, row: Expr, column: Expr) -> Poly:
    """The entry of the inverse of one factor."""
    if step.turned:
        row, column = column, row
    known = ring.squares.get(step.name)
    if known is not None:
        return entry_of(ring, known, row, column)
    if (opposite := ring.opposites.get(step.name)) is not None:
        return opposite(row, column)
    return ring.member(_family(ring, alone(ring, step.name, square)), (row, column))


def factors_of(square: Square, ring: Ring) -> tuple[Poly, tuple[Step, ...]] | None:
    """The number and the factors of a matrix that is a product of square ones; None for any other. I has no factors."""
    if len(square.entry) != 1:
        return None
    ((m, c),) = square.entry
    numbers, arrays = apart(m, square)
    if len(arrays) == 1 and arrays[0][1] == 1 and arrays[0][0].kind == "sum":
        spans: Spans = arrays[0][0].data[0]
        body: Monomial = arrays[0][0].data[1]
    else:
        spans, body = (), arrays
    if any((low, high) != (square.span.low, square.span.high) for _, low, high in spans):
        return None
    steps = _path(body, square)
    whole = steps is not None and len(steps) == len(spans) + 1
    return (as_poly(numbers).scaled(c), steps) if whole and steps is not None else None


def apart(m: Monomial, square: Square) -> tuple[Monomial, Monomial]:
    """The factors of a monomial that are numbers for the whole matrix, and the others."""
    numbers = tuple((atom, e) for atom, e in m if not (free_of(atom, e) & {*square.places}))
    return numbers, tuple(each for each in m if each not in numbers)


def free_of(atom: Atom, exponent: int | Fraction | Poly) -> frozenset[Symbol]:
    return atom.free | exponent.free if isinstance(exponent, Poly) else atom.free


def _path(body: Monomial, square: Square) -> tuple[Step, ...] | None:
    """The members of a product from the row to the column, each met once."""
    left = [atom for atom, exponent in body for _ in range(exponent if isinstance(exponent, int) and 0 < exponent < 3 else 1)]
    if any(a.kind != "member" or len(a.data[1]) != 2 for a in left) or any(not isinstance(e, int) or e < 1 for _, e in body):
        return None
    here: Expr = square.places[0]
    steps: list[Step] = []
    while left:
        found = next((atom for atom in left if here in atom.data[1]), None)
        if found is None or found.data[1][0] == found.data[1][1]:
            return None
        left.remove(found)
        turned = found.data[1][0] != here
        here = found.data[1][0 if turned else 1]
        steps.append(Step(found.data[0], turned))
    return tuple(steps) if here == square.places[1] else None


def _family(ring: Ring, square: Square) -> str:
    """The name of the family of the entries of the inverse; at first its rules are learnt."""
    name = f"{INVERSE}{key_of(square)}"
    if name in ring.squares:
        return name
    ring.squares[name] = square
    if entry_of(ring, square, *square.places[::-1]) == square.entry:
        ring.knowledge.exchanged[name] = Exchange(1, square.span, None)
    for before in (False, True):
        rule = _rule(ring, square, name, before)
        if rule is not None:
            ring.knowledge.words.append(rule)
    return name


def _letters(m: Monomial, square: Square) -> tuple[tuple[Letter, ...], tuple[tuple[Symbol, Expr, Expr], ...]] | None:
    """The members of a word and the indices that are summed in it; None for what is no word."""
    if len(m) != 1 or m[0][1] != 1:
        return None
    atom: Atom = m[0][0]
    if atom.kind not in ("member", "sum"):
        return None
    spans: Spans = atom.data[0] if atom.kind == "sum" else ()
    body: Monomial = atom.data[1] if atom.kind == "sum" else m
    if any(one.kind != "member" or not isinstance(e, int) or not 0 < e < 3 for one, e in body):
        return None
    letters = tuple(Letter(*one.data) for one, e in body for _ in range(e if isinstance(e, int) else 0))
    free = {*square.places} | {symbol for symbol, _, _ in spans}
    if any(not isinstance(p, Symbol) or p not in free for letter in letters for p in letter.positions):
        return None
    return letters, spans


def _rule(ring: Ring, square: Square, name: str, before: bool) -> Rule | None:
    """M T = I (`before`) or T M = I for the longest word of T: that word times M is δ less the rest times M, by its number."""
    words = [(len(found[0]), m, c, found) for m, c in square.entry.ordered if (found := _letters(m, square)) is not None]
    if not words:
        return None
    _, m, c, (letters, spans) = max(words, key=lambda each: each[0])
    low, high = square.span.low, square.span.high
    row, column, inner = (Dummy(letter, integer=True) for letter in ("row", "column", "inner"))
    for symbol in (row, column, inner):
        ring.knowledge.ranges[symbol] = square.span
    at = dict(zip(square.places, (inner, column) if before else (row, inner), strict=True))
    rest = substitute(ring, Poly({other: d for other, d in square.entry if other != m}), at)
    member = ring.member(name, (row, inner) if before else (inner, column))
    others = sum_over(ring, ring.product(rest, member), inner, low, high)
    value = (ring.delta(row, column) - others).scaled(1 / c)
    word = tuple(Letter(each.name, tuple(p.xreplace(at) for p in each.positions)) for each in letters)
    last = Letter(name, (row, inner) if before else (inner, column))
    bound = (*((symbol, Range(a, b)) for symbol, a, b in spans), (inner, square.span))
    return Rule((*word, last), bound, (row, column), value, None)


def alone(ring: Ring, name: str, square: Square) -> Square:
    """The matrix that one family is, of the size of another."""
    return Square(ring.member(name, square.places), square.span, square.places)
