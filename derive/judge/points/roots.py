"""Rational roots of what is a polynomial of low degree in one number: found from its values, and to be checked by them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import fmpq, fmpq_mat, fmpz_poly

DEGREE = 4


def rational_roots(value: Callable[[Fraction], fmpq | None]) -> tuple[Fraction, ...]:
    """The rational roots, the smallest first, of the polynomial of degree 4 at most with the same values at 0, ±1, ±2.

    `value` gives None where there is no exact value; then, and for a constant, there are none. What is no such polynomial
    may be other than 0 there.
    """
    places = range(-(DEGREE // 2), DEGREE // 2 + 1)
    found = [value(Fraction(place)) for place in places]
    exact = [each for each in found if each is not None]
    if len(exact) < len(found):
        return ()
    powers = fmpq_mat([[fmpq(place) ** power for power in range(DEGREE + 1)] for place in places])
    solved = powers.solve(fmpq_mat(len(exact), 1, exact))
    coefficients = [solved[power, 0] for power in range(DEGREE + 1)]
    bottom = 1
    for coefficient in coefficients:
        bottom *= int(coefficient.q)
    polynomial = fmpz_poly([int((coefficient * bottom).p) for coefficient in coefficients])
    if polynomial.degree() < 1:
        return ()
    _, factors = polynomial.factor()
    return tuple(sorted(Fraction(-int(factor[0]), int(factor[1])) for factor, _ in factors if factor.degree() == 1))
