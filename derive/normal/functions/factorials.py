"""Factorials by their ratio: (m + 3)! = (m + 1) (m + 2) (m + 3) m!, and (m − 1)! = m!/m where it has a value."""

from __future__ import annotations

from math import factorial as of_number

from flint import fmpq

from derive.normal.algebra.polynomial import ONE, UNIT, Poly, number
from derive.normal.algebra.ring import OutOfDomain, Ring

FURTHEST = 12
"""How far a factorial is moved."""
LARGEST = 100
"""The largest number of which the factorial is written out."""


def factorial(ring: Ring, u: Poly) -> Poly:
    """u!, as the factorial of u without its whole number.

    Raises:
        OutOfDomain: for a number that is negative or not whole.
    """
    value = u.constant()
    if value is not None and (value < 0 or value.q != 1):
        raise OutOfDomain(f"the factorial of {value}")
    if value is not None and value <= LARGEST:
        return number(fmpq(of_number(int(value.p))))
    shift = u.terms.get(ONE, fmpq(0))
    if shift.q != 1 or abs(shift) > FURTHEST:
        return ring.of(ring.intern.atom("function", "factorial", (), (u,)))
    start, steps = u - number(shift), int(shift.p)
    result = ring.of(ring.intern.atom("function", "factorial", (), (start,)))
    factors = UNIT
    for step in range(min(steps, 0) + 1, max(steps, 0) + 1):
        factors = ring.product(factors, start + number(fmpq(step)))
    return ring.product(result, factors if steps >= 0 else ring.inverse(factors))
