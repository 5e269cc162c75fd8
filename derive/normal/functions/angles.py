"""Sine and cosine of sums and multiples of angles, by the addition theorems.

A form in which ``sin(a + b)`` is an atom is shorter, so that angles are taken apart only where a claim was not proved with
them as they stand (`expanded` of :class:`derive.normal.algebra.knowledge.Knowledge`).
"""

from __future__ import annotations

from flint import fmpq

from derive.normal.algebra.polynomial import UNIT, ZERO, Poly
from derive.normal.algebra.ring import Ring

ANGLES = 6
"""How many angles an argument may be the sum of; ``2a + b`` is one of three."""

Turn = tuple[Poly, Poly]
"""Cosine and sine of an angle."""

QUARTER: Turn = (ZERO, UNIT)


def sine(ring: Ring, u: Poly) -> Poly:
    """sin u."""
    return _apart(ring, u)[1]


def cosine(ring: Ring, u: Poly) -> Poly:
    """cos u."""
    return _apart(ring, u)[0]


def _apart(ring: Ring, u: Poly) -> Turn:
    if not u:
        return UNIT, ZERO
    parts = [_multiple(ring, Poly({m: c})) for m, c in u]
    count = sum(abs(times) for times, _ in parts)
    if not 1 < count <= ANGLES:
        return _whole(ring, u)
    if not ring.knowledge.expanded:
        ring.knowledge.could_expand = True
        return _whole(ring, u)
    result: Turn = (UNIT, ZERO)
    for times, turn in parts:
        if times < 0:
            turn = turn[0], -turn[1]
        for _ in range(abs(times)):
            result = _sum(ring, result, turn)
    return result


def _whole(ring: Ring, u: Poly) -> Turn:
    cos, sin = (ring.of(ring.intern.atom("function", name, (), (u,))) for name in ("cos", "sin"))
    return cos, sin


def _multiple(ring: Ring, angle: Poly) -> tuple[int, Turn]:
    """An angle of one term as a whole multiple of another, of which cosine and sine are given; π/2 is one of these."""
    ((m, c),) = angle
    if m == ((ring.intern.atom("pi"), 1),) and 2 % int(c.q) == 0:
        return int(2 * c), QUARTER
    return int(c.p), _whole(ring, Poly({m: fmpq(1, c.q)}))


def _sum(ring: Ring, one: Turn, other: Turn) -> Turn:
    """cos(a + b) = cos a cos b − sin a sin b and sin(a + b) = sin a cos b + cos a sin b."""
    return (
        ring.product(one[0], other[0]) - ring.product(one[1], other[1]),
        ring.product(one[1], other[0]) + ring.product(one[0], other[1]),
    )
