"""When a normal form is certainly positive.

A sum of positive monomials is positive; a common positive denominator does not matter; and a sum over all
indices exceeds one of its positive terms: Σ_k f_k = f_i + Σ_{k≠i} f_k, where the rest is ≥ 0, and > 0 if n ≥ 2.
"""

from __future__ import annotations

from flint import fmpq
from sympy import Expr, Integer, Symbol

from derive.algebra.context import Range
from derive.algebra.exponents import split_exponent
from derive.algebra.normal import Normaliser
from derive.algebra.polynomial import Atom, Poly, monomial, monomial_product
from derive.algebra.sums import substitute


def certain_sign(normaliser: Normaliser, poly: Poly) -> str | None:
    """``'+'`` if poly > 0, ``'0+'`` if poly ≥ 0, for all that the context allows; None if neither is certain."""
    knowledge = normaliser.knowledge
    sign = knowledge.sign(poly)
    if sign == "+":
        return sign
    position = _index_expression(poly)
    if position is not None:
        return "+" if knowledge.at_least_zero(position - 1) else "0+" if knowledge.at_least_zero(position) else sign
    numerator = _over_positive(normaliser, poly)
    if numerator is None:
        return sign
    best = knowledge.sign(numerator) if numerator else "0+"
    if best == "+":
        return best
    for candidate in _with_rests(normaliser, numerator):
        found = knowledge.sign(candidate)
        if found == "+":
            return "+"
        best = best or found
    return best or sign


def _index_expression(poly: Poly) -> Expr | None:
    """An affine polynomial with whole coefficients in indices and sizes, as an index expression."""
    result: Expr = Integer(0)
    for m, c in poly:
        if c.q != 1 or len(m) > 1 or (m and (m[0][0].kind != "scalar" or m[0][1] != 1 or not m[0][0].data[0].is_integer)):
            return None
        result += Integer(int(c.p)) * (m[0][0].data[0] if m else 1)
    return result


def _over_positive(normaliser: Normaliser, poly: Poly) -> Poly | None:
    """poly times a positive factor that clears its denominators; None if their sign is not known."""
    ring, knowledge = normaliser.ring, normaliser.knowledge
    for _ in range(8):
        need: dict[Atom, int] = {}
        for m in poly.terms:
            for atom, exponent in m:
                whole, _rest = split_exponent(exponent)
                if whole < 0 and atom.kind in ("poly", "sum", "member", "scalar", "function"):
                    need[atom] = max(need.get(atom, 0), -whole)
        if not need:
            return poly
        for atom, power in need.items():
            if power % 2 and not knowledge.is_positive(atom):
                need[atom] = power + 1
        multiplier = monomial(need)
        cleared = Poly({})
        for m, c in poly:
            cleared = cleared + ring.make(monomial_product(m, multiplier), c)
        poly = cleared
    return None


def _with_rests(normaliser: Normaliser, poly: Poly) -> list[Poly]:
    """The polynomial with a sum Σ_k f_k written as f_i + rest, for each sum and each index i that it could be."""
    found = []
    for atom in sorted(poly.atoms, key=lambda a: a.key):
        if atom.kind != "sum" or len(atom.data[0]) != 1:
            continue
        (place, low, high), = atom.data[0]
        for symbol in sorted((s for s in poly.free if s.is_integer and not s.is_positive), key=lambda s: s.name):
            if not normaliser.knowledge.within(symbol, low, high):
                continue
            term = substitute(normaliser.ring, Poly({atom.data[1]: fmpq(1)}), {place: symbol})
            rest = normaliser.ring.intern.atom("scalar", Symbol(f"rest of {atom.key} without {symbol}"))
            normaliser.knowledge.ranges[place] = Range(low, high)
            sign = normaliser.knowledge.monomial_sign(atom.data[1])
            if sign is None:
                continue
            normaliser.knowledge.nonnegative[rest] = None
            if sign == "+" and normaliser.knowledge.at_least_zero(high - low - 1):
                normaliser.knowledge.positive[rest] = None
            found.append(_replaced(normaliser, poly, atom, term + Poly({((rest, 1),): fmpq(1)})))
    return found


def _replaced(normaliser: Normaliser, poly: Poly, atom: Atom, value: Poly) -> Poly:
    result = Poly({})
    for m, c in poly:
        powers = dict(m)
        exponent = powers.pop(atom, 0)
        rest = Poly({monomial(powers): c})
        if isinstance(exponent, int) and exponent > 0:
            rest = normaliser.ring.product(rest, normaliser.ring.power(value, exponent))
        elif exponent != 0:
            rest = Poly({m: c})
        result = result + rest
    return result
