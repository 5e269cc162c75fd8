"""Determinants in normal form.

That of a product is the product of those of its factors, that of a transpose the same, that of an inverse one over it. Where
an assumption says that the product of two square families is I, the product of their determinants is 1. A product of a column
and a row that is added to a matrix is taken out by the determinant lemma, ``det(B + u v^T) = det B (1 + v^T B^{-1} u)``, where
B is a multiple of I or known to be invertible.
"""

from __future__ import annotations

from fractions import Fraction

from derive.normal.algebra.knowledge import DETERMINANT, Rule, Square
from derive.normal.algebra.matrices import as_poly
from derive.normal.algebra.polynomial import UNIT, Atom, Monomial, Poly, exponent_of
from derive.normal.algebra.ring import Ring
from derive.normal.arrays import alone, apart, entry_of, factors_of, free_of, inverse_entry, key_of
from derive.normal.sums import substitute, sum_over
from derive.terms import terms


def _is_positive(ring: Ring, scale: Poly) -> bool:
    """Whether a number, a single product, is positive for certain: of any other no power with a symbol is taken."""
    return all(c > 0 and all(ring.knowledge.is_positive(atom) for atom, _ in m) for m, c in scale)


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
    if factors is None or not _is_positive(ring, factors[0]):
        turned = Square(entry_of(ring, square, *square.places[::-1]), square.span, square.places)
        found = ring.member(f"{DETERMINANT}{min(key_of(square), key_of(turned))}", ())
        _learn_sign(ring, square, found)
        return found
    count = ring.index_value(square.span.high - square.span.low + 1)
    result = UNIT if factors[0] == UNIT else ring.power(factors[0], exponent_of(count))
    for step in factors[1]:
        known = ring.squares.get(step.name)
        if known is not None:
            result = ring.product(result, ring.inverse(determinant_of(ring, known)))
        else:
            result = ring.product(result, _of_family(ring, step.name, square))
    return result


def _of_family(ring: Ring, name: str, square: Square) -> Poly:
    """The determinant of a square family; with that of a family that it makes I with, by an assumption, it makes 1."""
    found = ring.member(f"{DETERMINANT}{key_of(alone(ring, name, square))}", ())
    for rule in ring.knowledge.words:
        names = [letter.name for letter in rule.letters]
        if name not in names or rule.assumption is None or not _makes_identity(ring, rule, square):
            continue
        others = [ring.member(f"{DETERMINANT}{key_of(alone(ring, each, square))}", ()) for each in names]
        relation = (ring.product(*others) - UNIT, rule.assumption)
        if relation not in ring.knowledge.vanishing:
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
