"""Matrix exponentials in normal form.

The exponential of ``c M``, c a number, is a family of its own, named by c and by the normal form of M, and so is a power of M
times it where M is one family: ``M^p e^{cM}``. What they carry: the product of two of one M is the one of the sum of their
numbers, ``e^{sM} e^{tM} = e^{(s + t)M}``, M stands on either side of them, and ``e^0`` is I. Of the exponentials of two
matrices that are no multiples of one another nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import fmpq
from sympy import Dummy, Expr

from derive.normal.algebra.knowledge import EXPONENTIAL, Exchange, Letter, Rule, Square
from derive.normal.algebra.matrices import as_poly
from derive.normal.algebra.polynomial import UNIT, ZERO, Monomial, Poly
from derive.normal.algebra.ring import Ring
from derive.normal.matrices.arrays import NoMatrix, apart, entry_of, key_of
from derive.normal.series.sums import sum_over

MOST = 60
"""The most exponentials that rules are learnt of."""
POWERS, DEPTH = 3, 2
"""Below which power of its matrix an exponential is kept as one family, and how far products of products are known."""


@dataclass(frozen=True)
class Exponential:
    """``base^power e^{number base}``."""

    base: Square
    number: Poly
    power: int = 0

    @property
    def name(self) -> str:
        times = f" times power {self.power}" if self.power else ""
        return f"{EXPONENTIAL}[{self.number.key}] of {key_of(self.base)}{times}"


def exponential_entry(ring: Ring, square: Square, row: Expr, column: Expr) -> Poly:
    """The entry of the exponential at a place of the range."""
    if not all(ring.knowledge.within(place, square.span.low, square.span.high) for place in (row, column)):
        raise NoMatrix("an entry that may lie outside of the matrix")
    number, base = _scaled(ring, square)
    turned = Square(entry_of(ring, base, *base.places[::-1]), base.span, base.places)
    if key_of(turned) < key_of(base):
        return _entry(ring, Exponential(turned, number), column, row)
    return _entry(ring, Exponential(base, number), row, column)


def determinant_of_exponential(ring: Ring, name: str) -> Poly | None:
    """``det e^{cM} = e^{c tr M}``; None for any other family."""
    known = ring.exponentials.get(name)
    if not isinstance(known, Exponential) or known.power:
        return None
    index, span = Dummy("k", integer=True), known.base.span
    ring.knowledge.ranges[index] = span
    trace = sum_over(ring, entry_of(ring, known.base, index, index), index, span.low, span.high)
    return ring.exp(ring.product(known.number, trace))


def _scaled(ring: Ring, square: Square) -> tuple[Poly, Square]:
    """A number and a matrix of which the product is the matrix: the number is common to all of its terms."""
    parts: dict[Monomial, Poly] = {}
    for m, c in square.entry.ordered:
        numbers, arrays = apart(m, square)
        parts[arrays] = parts.get(arrays, ZERO) + as_poly(numbers).scaled(c)
    if not parts:
        return ZERO, square
    first = parts[min(parts, key=lambda arrays: as_poly(arrays).key)]
    ratios: dict[Monomial, fmpq] = {}
    for arrays, number in parts.items():
        ratio = _ratio(number, first)
        if ratio is None:
            return UNIT, square
        ratios[arrays] = ratio
    base = ZERO
    for arrays, ratio in ratios.items():
        base = base + as_poly(arrays).scaled(ratio)
    return first, Square(base, square.span, square.places)


def _ratio(number: Poly, first: Poly) -> fmpq | None:
    """The rational number by which `first` is multiplied to get `number`."""
    if not first or len(number) != len(first):
        return None
    (m, c), *_ = first.ordered
    other = dict(iter(number)).get(m)
    return other / c if other is not None and number == first.scaled(other / c) else None


def _entry(ring: Ring, wanted: Exponential, row: Expr, column: Expr, depth: int = 0) -> Poly:
    """A member of the family; where the number is 0, of the power of the matrix alone."""
    span = wanted.base.span
    if not wanted.number:
        if not wanted.power:
            return ring.delta(row, column)
        if wanted.power == 1:
            return entry_of(ring, wanted.base, row, column)
        index = Dummy("k", integer=True)
        ring.knowledge.ranges[index] = span
        rest = _entry(ring, Exponential(wanted.base, ZERO, wanted.power - 1), index, column)
        return sum_over(ring, ring.product(entry_of(ring, wanted.base, row, index), rest), index, span.low, span.high)
    _learn(ring, wanted, depth)
    return ring.member(wanted.name, (row, column))


def _learn(ring: Ring, wanted: Exponential, depth: int) -> None:
    """Learn the rules of a family that is met for the first time, and those with the others of its matrix.

    One that is written has the `depth` 0, a product of two such 1: of those of more no products are known.
    """
    known = ring.depths.get(wanted.name)
    if known is not None and known <= depth or known is None and len(ring.exponentials) >= MOST:
        return
    ring.exponentials[wanted.name], ring.depths[wanted.name] = wanted, depth
    if known is None:
        _learn_alone(ring, wanted, depth)
    for other in [each for each in ring.exponentials.values() if isinstance(each, Exponential) and each.base == wanted.base]:
        product = Exponential(wanted.base, wanted.number + other.number, wanted.power + other.power)
        if product.power < POWERS and depth + ring.depths[other.name] < DEPTH:
            for first, second in ((wanted, other), (other, wanted)):
                _rule(ring, _letter(first.name), _letter(second.name), product, depth + 1)
        if not product.power and depth + ring.depths[other.name] < DEPTH and _is_antisymmetric(ring, wanted.base):
            for first, second in ((wanted, other), (other, wanted)):  # the transpose is the inverse
                rest = Exponential(wanted.base, first.number - second.number)
                _rule(ring, _letter(first.name), _turned(second.name), rest, depth + 1)
                _rule(ring, _turned(second.name), _letter(first.name), rest, depth + 1)


def _learn_alone(ring: Ring, wanted: Exponential, depth: int) -> None:
    """Whether the family is symmetric, what its inverse is, and what its products with its matrix are."""
    base = wanted.base
    if entry_of(ring, base, *base.places[::-1]) == base.entry:
        ring.knowledge.exchanged[wanted.name] = Exchange(1, base.span, None)
    if not wanted.power:
        opposite = Exponential(base, -wanted.number)
        ring.opposites[wanted.name] = lambda row, column: _entry(ring, opposite, row, column)
    matrix = _letter_of(base)
    if matrix is not None and wanted.power + 1 < POWERS:
        product = Exponential(base, wanted.number, wanted.power + 1)
        _rule(ring, matrix, _letter(wanted.name), product, depth + 1)
        _rule(ring, _letter(wanted.name), matrix, product, depth + 1)


Placed = Callable[[Expr, Expr], Letter]


def _rule(ring: Ring, first: Placed, second: Placed, product: Exponential, depth: int) -> None:
    """The product of two families of matrices is a third one."""
    span = product.base.span
    row, column, inner = (Dummy(letter, integer=True) for letter in ("row", "column", "inner"))
    for symbol in (row, column, inner):
        ring.knowledge.ranges[symbol] = span
    value = _entry(ring, product, row, column, depth)
    letters = first(row, inner), second(inner, column)
    ring.knowledge.words.append(Rule(letters, ((inner, span),), (row, column), value, None))


def _letter(name: str) -> Placed:
    return lambda row, column: Letter(name, (row, column))


def _turned(name: str) -> Placed:
    return lambda row, column: Letter(name, (column, row))


def _is_antisymmetric(ring: Ring, base: Square) -> bool:
    return entry_of(ring, base, *base.places[::-1]) == -base.entry


def _letter_of(base: Square) -> Placed | None:
    """The family that a matrix is, or is transposed; None for any other matrix."""
    if len(base.entry) != 1:
        return None
    ((m, c),) = base.entry
    if c != 1 or len(m) != 1 or m[0][1] != 1 or m[0][0].kind != "member" or set(m[0][0].data[1]) != set(base.places):
        return None
    name, turned = str(m[0][0].data[0]), m[0][0].data[1] != base.places
    return lambda row, column: Letter(name, (column, row) if turned else (row, column))
