r"""That two arrays are equal if a product of both with the same invertible matrix is: ``T D = 0`` gives ``D = 0``.

So an inverse is the only one: ``T R = I`` gives ``R = T^{-1}`` (Sherman-Morrison, Woodbury, ``Q^{-1} = Q^T``). What is asked
is whether the difference D of the two sides vanishes, at a free index i that runs over the rows of a square matrix T of which
the inverse stands in D: then ``Σ_k T_ik D_kj`` is looked at in its place, or ``Σ_k D_ki T_kj`` for a free index of the
columns. That T is invertible is among the obligations wherever its inverse is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Basic, Dummy, Expr, Symbol

from derive.judge.points.refuting import agrees
from derive.normal.algebra.knowledge import Square
from derive.normal.algebra.polynomial import OF_A_POLYNOMIAL, Poly
from derive.normal.matrices.arrays import entry_of
from derive.normal.normaliser import NO_FORM, Normaliser
from derive.normal.series.sums import substitute, sum_over
from derive.terms.context import Assumption, Claim, Context, DependsOn, Fact, HeldFixed, OneHot
from derive.terms.terms import free_indices

SCREENED, BITS = 4, (128,)
"""At how many points a claim has to hold before a proof is looked for."""
STEPS = 2
MOST = 6
LARGEST = 60


def vanishes_multiplied(normaliser: Normaliser, difference: Poly, claim: Claim, context: Context) -> bool:
    """Whether the difference of the sides is zero since a product of it with invertible matrices is.

    Nothing may be supposed of an index that runs over the rows of such a product: what holds of it holds of each row.
    """
    if len(difference) > LARGEST or not normaliser.ring.squares:
        return False
    free = {symbol for symbol in (*free_indices(claim.left), *free_indices(claim.right))}
    if not free or any(_is_restricted(symbol, claim, context) for symbol in free):
        return False
    bare = tuple(sorted(free, key=str))
    return agrees(claim, context, SCREENED, BITS).failure is None and _Search(normaliser, bare).vanishes(difference)


def _is_restricted(symbol: Symbol, claim: Claim, context: Context) -> bool:
    """Whether something is supposed of an index, by a hypothesis or by an obligation."""
    return any(symbol in _named(each) for each in context.assumptions) or any(
        symbol in each.term.free_symbols for each in claim.obligations
    )


def _named(assumption: Assumption) -> frozenset[Basic]:
    match assumption:
        case Fact():
            return frozenset(assumption.left.free_symbols | assumption.right.free_symbols) - frozenset(assumption.forall)
        case OneHot():
            return frozenset(assumption.place.free_symbols)
        case HeldFixed():
            return frozenset(assumption.term.free_symbols)
        case DependsOn():
            return frozenset(assumption.quantity.free_symbols)


@dataclass
class _Search:
    """Products with matrices whose inverses stand outermost, at most `left` of them."""

    normaliser: Normaliser
    free: tuple[Symbol, ...]
    left: int = MOST

    def vanishes(self, difference: Poly, steps: int = STEPS) -> bool:
        if not steps:
            return False
        for found in _outermost(self.normaliser, difference, self.free):
            if not self.left:
                return False
            self.left -= 1
            try:
                product = _product(self.normaliser, difference, *found)
            except NO_FORM:
                continue
            if self.normaliser.is_zero(product):
                return True
            if len(product) <= LARGEST and self.vanishes(product, steps - 1):
                return True
        return False


def _product(normaliser: Normaliser, difference: Poly, square: Square, place: Symbol, before: bool) -> Poly:
    """``Σ_k T_{place,k} D_k``, or with T transposed."""
    ring = normaliser.ring
    inner = Dummy("k", integer=True)
    ring.knowledge.ranges[inner] = square.span
    places = (place, inner) if before else (inner, place)
    moved = substitute(ring, difference, {place: inner})
    return sum_over(ring, ring.product(entry_of(ring, square, *places), moved), inner, square.span.low, square.span.high)


Outer = tuple[Square, Symbol, bool]
"""A matrix, the free index at which an entry of its inverse stands, and whether that is the row."""


def _outermost(normaliser: Normaliser, poly: Poly, free: tuple[Symbol, ...]) -> Iterator[Outer]:
    """The matrices of which entries of the inverse stand at a free index that runs over all of their rows."""
    squares = normaliser.ring.squares
    found = {
        (name, place, row)
        for name, positions in _members(poly)
        if name in squares
        for row, place in zip((True, False), positions, strict=True)
        if isinstance(place, Symbol) and place in free and normaliser.knowledge.range_of(place) == squares[name].span
    }
    for name, place, row in sorted(found, key=lambda each: (-len(each[0]), each[0], str(each[1]), each[2])):
        yield squares[name], place, row


def _members(poly: Poly) -> Iterator[tuple[str, tuple[Expr, ...]]]:
    for atom in poly.atoms:
        if atom.kind == "member":
            yield atom.data[0], atom.data[1]
        elif atom.kind == "sum":
            yield from ((one.data[0], one.data[1]) for one, _ in atom.data[1] if one.kind == "member")
        elif atom.kind in OF_A_POLYNOMIAL:
            yield from _members(atom.data[0])
