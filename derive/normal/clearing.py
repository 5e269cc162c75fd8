"""The numerator of a polynomial: what is zero if and only if the polynomial is, wherever that is defined."""

from __future__ import annotations

from derive.normal.algebra.exponents import leading_term, quotient, split_exponent
from derive.normal.algebra.polynomial import ZERO, Atom, Poly, TooLarge, monomial, monomial_product
from derive.normal.algebra.ring import Ring

ROUNDS = 32
STEPS = 1_000


def cleared(ring: Ring, poly: Poly) -> Poly:
    """The numerator of `poly`: poly times every polynomial that stands under a negative power.

    The factors are non-zero wherever `poly` is defined, so that it is zero iff the numerator is.

    Raises:
        TooLarge: if fractions stand in one another too deeply.
    """
    for _ in range(ROUNDS):
        need: dict[Atom, int] = {}
        for m in poly.terms:
            for atom, exponent in m:
                if atom.kind in ("poly", "function"):
                    whole, _rest = split_exponent(exponent)
                    if whole < 0:
                        need[atom] = max(need.get(atom, 0), -whole)
        if not need:
            return _reduced(ring, poly)
        multiplier = monomial(need)
        numerator = ZERO
        for m, c in poly:
            numerator = numerator + ring.make(monomial_product(m, multiplier), c)
        poly = numerator
    raise TooLarge("nested fractions that do not clear")


def _reduced(ring: Ring, poly: Poly) -> Poly:
    """`poly` modulo the polynomials that assumptions make zero."""
    for vanishing, why in ring.knowledge.vanishing:
        lead, coefficient = leading_term(vanishing)
        for _ in range(STEPS):
            for m, c in poly:
                left_over = quotient(m, lead)
                if left_over is not None:
                    step = ring.product(vanishing, Poly({left_over: c / coefficient}))
                    poly = poly - step
                    ring.knowledge.use(why)
                    break
            else:
                break
    return poly
