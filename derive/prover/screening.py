"""Whether a normal form can be a linear combination of others, by numbers: a quick no before an exact search.

Atoms become random numbers modulo a prime, of which a δ is 0, as where its indices differ, and a root is one of the polynomial
under it. What is a combination with rational coefficients is one at every such point.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from flint import fmpq, nmod_mat

from derive.normal.algebra.polynomial import Atom, Poly

PRIME = 2**61 - 1
"""3 modulo 4, so that the root of a square is a power of it."""
TRIES = 40


class _NoNumber(ValueError):
    """There is no number for this atom at this point."""


def support(target: Poly, basis: Sequence[Poly]) -> list[int] | None:
    """The places in `basis` of what rational multiples may add up to `target`; None only if none do.

    >>> from derive.normal.algebra.polynomial import UNIT
    >>> support(UNIT, [UNIT.scaled(fmpq(2)), UNIT]), support(UNIT, [])
    ([0], None)
    """
    every = list(range(len(basis)))
    random, rows = Random(0), []
    for _ in range(len(basis) + 2):
        for _ in range(TRIES):
            try:
                point = _Point(random)
                rows.append([point.value(poly) for poly in (*basis, target)])
                break
            except _NoNumber:
                continue
        else:
            return every
    whole = nmod_mat(len(rows), len(basis) + 1, [value for row in rows for value in row], PRIME)
    reduced, rank = whole.rref()
    found = []
    for row in range(rank):
        pivot = next(place for place in range(len(basis) + 1) if int(reduced[row, place]) != 0)
        if pivot == len(basis):
            return None
        if int(reduced[row, len(basis)]) != 0:
            found.append(pivot)
    return found


class _Point:
    """Random numbers for the atoms, as they are met."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._values: dict[Atom, int] = {}
        self._powers: dict[tuple[Atom, object], int] = {}

    def value(self, poly: Poly) -> int:
        total = 0
        for monomial, coefficient in poly:
            number = _number(coefficient)
            for atom, exponent in monomial:
                number = number * self._power(atom, exponent) % PRIME
            total += number
        return total % PRIME

    def _power(self, atom: Atom, exponent: object) -> int:
        key = atom, exponent
        if key not in self._powers:
            self._powers[key] = self._raised(self._atom(atom), exponent)
        return self._powers[key]

    def _raised(self, value: int, exponent: object) -> int:
        numerator, denominator = getattr(exponent, "numerator", None), getattr(exponent, "denominator", None)
        if not isinstance(numerator, int) or denominator not in (1, 2):
            raise _NoNumber
        if denominator == 2:
            root = pow(value, (PRIME + 1) // 4, PRIME)
            if root * root % PRIME != value:
                raise _NoNumber
            value = root
        if value == 0 and numerator < 0:
            raise _NoNumber
        return pow(value, numerator, PRIME)

    def _atom(self, atom: Atom) -> int:
        if atom not in self._values:
            if atom.kind in ("scalar", "member", "sum"):
                self._values[atom] = self._random.randrange(1, PRIME)
            elif atom.kind == "delta":
                self._values[atom] = 0
            elif atom.kind == "poly":
                self._values[atom] = self.value(atom.data[0])
            else:
                raise _NoNumber
        return self._values[atom]


def _number(coefficient: fmpq) -> int:
    return int(coefficient.p) * pow(int(coefficient.q), -1, PRIME) % PRIME
