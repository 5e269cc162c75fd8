"""Determinants in normal form.

That of a product is the product of those of its factors, that of a transpose the same, that of an inverse one over it. Where
an assumption says that the product of two square families is I, the product of their determinants is 1. A product of a column
and a row that is added to a matrix is taken out by the determinant lemma, ``det(B + u v^T) = det B (1 + v^T B^{-1} u)``, where
B is a multiple of I or known to be invertible.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import Expr, Symbol

from derive.normal.algebra.knowledge import DETERMINANT, Rule, Square
from derive.normal.algebra.matrices import as_poly
from derive.normal.algebra.polynomial import UNIT, Atom, Monomial, Poly, exponent_of, number
from derive.normal.algebra.ring import Ring
from derive.normal.matrices.arrays import (
    alone,
    apart,
    entry_of,
    factors_of,
    free_of,
    inverse_entry,
    key_of,
    places_of,
    square_of,
)
from derive.normal.matrices.exponentials import determinant_of_exponential
from derive.normal.series.sums import substitute, sum_over
from derive.terms import terms
from derive.terms.context import Range


def _is_powered(ring: Ring, scale: Poly) -> bool:
    """Whether a power of a number with a symbol above is taken: of a product of names and of what is positive for certain.

    The exponent counts rows, so that it is a whole number: ``(c u)^n = c^n u^n`` whatever the signs of c and u.
    """
    plain = ("scalar", "member")
    return all(
        c > 0 and all(ring.knowledge.is_positive(atom) or atom.kind in plain and isinstance(e, int) and e > 0 for atom, e in m)
        for m, c in scale
    )


def _powered(ring: Ring, scale: Poly, count: Expr) -> Poly:
    """The number of :func:`_is_powered` to the power `count`, factor by factor."""
    ((m, c),) = scale
    result = UNIT if c == 1 else ring.power(number(c), exponent_of(ring.index_value(count)))
    for atom, e in m:
        if isinstance(e, int):
            result = ring.product(result, ring.of(atom, exponent_of(ring.index_value(count * e))))
        else:
            result = ring.product(result, ring.power(ring.of(atom, e), exponent_of(ring.index_value(count))))
    return result


def _learn_sign(ring: Ring, square: Square, determinant: Poly) -> None:
    """The determinant of ``λ I + X^T X`` is positive where λ is: the matrix is positive definite."""
    identity = [(m, c) for m, c in square.entry if any(atom.kind == "delta" for atom, _ in m)]
    others = [(m, c) for m, c in square.entry if (m, c) not in identity]
    definite = any(_is_multiple_of_identity(ring, m, square) and c > 0 for m, c in identity)
    if definite and len(identity) == 1 and all(c > 0 and _is_gram(ring, m, square) for m, c in others):
        for ((atom, _),) in determinant.terms:
            ring.knowledge.positive.setdefault(atom, None)


def _is_multiple_of_identity(ring: Ring, m: Monomial, square: Square) -> bool:
    numbers, arrays = apart(m, square)
    lone = len(arrays) == 1 and arrays[0][1] == 1 and set(arrays[0][0].data) == {*square.places}
    return lone and ring.knowledge.monomial_sign(numbers) == "+"


def _is_gram(ring: Ring, m: Monomial, square: Square) -> bool:
    """Whether a matrix is ``c Σ_k u_k u_k^T`` with c ≥ 0: its entries are products of two alike, but for row and column."""
    numbers, arrays = apart(m, square)
    if ring.knowledge.monomial_sign(numbers) is None:
        return False
    body = arrays[0][0].data[1] if len(arrays) == 1 and arrays[0][0].kind == "sum" and arrays[0][1] == 1 else arrays
    members = [atom for atom, exponent in body if exponent == 1]
    if len(members) != len(body) or len(members) != 2 or any(atom.kind != "member" for atom in members):
        return False
    row, column = square.places
    one, other = (atom.data[1] for atom in members)
    turned = tuple(p.xreplace({row: column, column: row}) for p in one)
    return members[0].data[0] == members[1].data[0] and turned == other and (row in one) != (column in one)


def determinant_of(ring: Ring, square: Square) -> Poly:
    """The determinant: of a product that of its factors, of an inverse one over it, else by the determinant lemma."""
    if square.entry == ring.delta(*square.places):
        return UNIT
    updated = _updated(ring, square)
    if updated is not None:
        return updated
    factors = factors_of(square, ring)
    if factors is None or not _is_powered(ring, factors[0]):
        same = [square] if (swapped := _swapped(ring, square)) is None else [square, swapped]
        same += [Square(entry_of(ring, each, *each.places[::-1]), each.span, each.places) for each in same]
        found = ring.member(f"{DETERMINANT}{min(map(key_of, same))}", ())
        _learn_sign(ring, square, found)
        return found
    result = UNIT if factors[0] == UNIT else _powered(ring, factors[0], square.span.high - square.span.low + 1)
    for step in factors[1]:
        known = ring.squares.get(step.name)
        if known is not None:
            result = ring.product(result, ring.inverse(determinant_of(ring, known)))
        else:
            result = ring.product(result, _of_family(ring, step.name, square))
    return result


def _of_family(ring: Ring, name: str, square: Square) -> Poly:
    """The determinant of a square family; with that of a family that it makes I with, by an assumption, it makes 1."""
    powered = determinant_of_exponential(ring, name)
    if powered is not None:
        return powered
    found = ring.member(f"{DETERMINANT}{key_of(alone(ring, name, square))}", ())
    for rule in ring.knowledge.words:
        names = [letter.name for letter in rule.letters]
        if name not in names or rule.assumption is None or not _makes_identity(ring, rule, square):
            continue
        others = [ring.member(f"{DETERMINANT}{key_of(alone(ring, each, square))}", ()) for each in names]
        relation = (ring.product(*others) - UNIT, rule.assumption)
        if relation[0] and relation not in ring.knowledge.vanishing:
            ring.knowledge.vanishing.append(relation)
    return found


def _makes_identity(ring: Ring, rule: Rule, square: Square) -> bool:
    """Whether a rule says that the product of two families of the size of `square` is I."""
    spans = [span for _, span in rule.bound] + [ring.knowledge.range_of(symbol) for symbol in rule.wild]
    whole = len(rule.letters) == 2 and len(rule.wild) == 2 and all(len(letter.positions) == 2 for letter in rule.letters)
    return whole and all(span == square.span for span in spans) and rule.value == ring.delta(*rule.wild)


def _updated(ring: Ring, square: Square) -> Poly | None:
    """``det(B + u v^T)``, by the determinant lemma; None where there is no such product, or B may have no inverse."""
    products = [(m, c, parts) for m, c in square.entry if (parts := _outer(m, square)) is not None]
    if len(products) != 1 or len(square.entry) == 1:
        return None
    ((m, c, (down, across)),) = products
    rest = Square(square.entry - Poly({m: c}), square.span, square.places)
    first, second = (terms.bound(letter) for letter in "kl")
    ring.knowledge.ranges[first] = ring.knowledge.ranges[second] = square.span
    row, column = square.places
    left, right = substitute(ring, down, {row: first}), substitute(ring, across, {column: second})
    product = ring.product(left, right).scaled(c)
    if rest.entry == ring.delta(*square.places):
        return UNIT + sum_over(ring, substitute(ring, product, {second: first}), first, square.span.low, square.span.high)
    whole = determinant_of(ring, rest)
    if not ring.knowledge.is_nonzero(whole):
        return None
    inner = ring.product(product, inverse_entry(ring, rest, second, first))
    for index in (first, second):
        inner = sum_over(ring, inner, index, square.span.low, square.span.high)
    return ring.product(whole, UNIT + inner)


def _swapped(ring: Ring, square: Square) -> Square | None:
    """``I + V U``, which has the determinant of ``I + U V``; None for any other matrix, and where both are of one size."""
    rest = square.entry - ring.delta(*square.places)
    if len(rest) != 1 or len(square.entry) != 2:
        return None
    ((m, c),) = rest
    numbers, arrays = apart(m, square)
    if len(arrays) != 1 or arrays[0][1] != 1 or arrays[0][0].kind != "sum" or len(arrays[0][0].data[0]) != 1:
        return None
    ((inner, low, high),), body = arrays[0][0].data
    span, (row, column) = Range(low, high), square.places
    if span == square.span or any(not symbol.is_positive for symbol in low.free_symbols | high.free_symbols):
        return None
    down = tuple((atom, e) for atom, e in body if row in free_of(atom, e))
    across = tuple((atom, e) for atom, e in body if column in free_of(atom, e))
    if len(down) + len(across) != len(body) or set(down) & set(across) or any(inner not in free_of(*each) for each in body):
        return None
    first, last = places_of(span)
    left = substitute(ring, as_poly(down), {inner: last})
    right = substitute(ring, as_poly(across), {inner: first, column: row})
    product = ring.product(ring.product(as_poly(numbers).scaled(c), left), right)
    ring.knowledge.ranges[row] = square.span

    def entry(_: Symbol, __: Symbol) -> Poly:
        return ring.delta(first, last) + sum_over(ring, product, row, square.span.low, square.span.high)

    return square_of(ring, span, entry)


def _outer(m: Monomial, square: Square) -> tuple[Poly, Poly] | None:
    """The factors of a monomial that have the row, with those that have no place, and those that have the column."""
    row, column = square.places
    down: list[tuple[Atom, int | Fraction | Poly]] = []
    across: list[tuple[Atom, int | Fraction | Poly]] = []
    for atom, exponent in m:
        free = free_of(atom, exponent)
        if {row, column} <= free:
            return None
        (across if column in free else down).append((atom, exponent))
    tall = any(row in free_of(atom, exponent) for atom, exponent in down)
    return (as_poly(tuple(down)), as_poly(tuple(across))) if tall and across else None
