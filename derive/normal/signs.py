"""When a normal form is certainly positive.

A sum of positive monomials is positive; a common positive denominator does not matter; and a sum over all
indices exceeds one of its positive terms: Σ_k f_k = f_i + Σ_{k≠i} f_k, where the rest is ≥ 0, and > 0 if n ≥ 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq
from sympy import Expr, Integer, Symbol

from derive.normal.algebra.exponents import split_exponent
from derive.normal.algebra.polynomial import Atom, Poly, monomial, monomial_product, total
from derive.normal.algebra.ring import Ring
from derive.normal.forms import Forming
from derive.normal.series.sums import substitute
from derive.terms.context import Range

ROUNDS = 8


def certain_sign(normaliser: Forming, poly: Poly) -> str | None:
    """``'+'`` if poly > 0, ``'0+'`` if poly ≥ 0, for all that the context allows; None if neither is certain."""
    knowledge = normaliser.knowledge
    position = _index_expression(poly)
    if position is not None and knowledge.at_least_zero(position):
        return "+" if knowledge.at_least_zero(position - 1) else "0+"
    best: str | None = None
    for form in _forms(normaliser, poly):
        sign = knowledge.sign(form)
        if sign == "+":
            return sign
        best = best or sign
    return best


def _index_expression(poly: Poly) -> Expr | None:
    """An affine polynomial with whole coefficients in indices and sizes, as an index expression."""
    result: Expr = Integer(0)
    for m, c in poly:
        symbol: Expr = Integer(1)
        for atom, exponent in m:
            if symbol != 1 or exponent != 1 or atom.kind != "scalar" or not atom.data[0].is_integer:
                return None
            symbol = atom.data[0]
        if c.q != 1:
            return None
        result += Integer(int(c.p)) * symbol
    return result


def _forms(normaliser: Forming, poly: Poly) -> Iterator[Poly]:
    """Polynomials of the same sign as poly: itself, without denominators, and with a sum taken apart."""
    yield poly
    numerator = _over_positive(normaliser, poly)
    if numerator is not None:
        yield numerator
        yield from _with_rests(normaliser, numerator)


def _over_positive(normaliser: Forming, poly: Poly) -> Poly | None:
    """poly times a positive factor that clears its denominators; None if they are nested too deep.

    A denominator whose sign is not known is cleared by an even power: it is not 0 where poly is defined.
    """
    for _ in range(ROUNDS):
        need: dict[Atom, int] = {}
        for m in poly.terms:
            for atom, exponent in m:
                whole, _rest = split_exponent(exponent)
                if whole < 0:
                    need[atom] = max(need.get(atom, 0), -whole)
        if not need:
            return poly
        for atom, power in need.items():
            if not normaliser.knowledge.is_positive(atom):
                need[atom] = power + power % 2
        multiplier = monomial(need)
        poly = total(normaliser.ring.make(monomial_product(m, multiplier), c) for m, c in poly)
    return None


def _with_rests(normaliser: Forming, poly: Poly) -> Iterator[Poly]:
    """The polynomial with a sum Σ_k f_k of terms ≥ 0 written as f_i + rest, for each index or size i that k could be."""
    ring, knowledge = normaliser.ring, normaliser.knowledge
    for atom in sorted(poly.atoms, key=lambda a: a.key):
        if atom.kind != "sum" or len(atom.data[0]) != 1:
            continue
        ((place, low, high),) = atom.data[0]
        knowledge.ranges[place] = Range(low, high)
        sign = knowledge.monomial_sign(atom.data[1])
        if sign is None:
            continue
        for symbol in sorted(poly.free, key=lambda s: s.name):
            if not knowledge.within(symbol, low, high):
                continue
            rest = ring.intern.atom("scalar", Symbol(f"rest of {atom.key} without {symbol}"))
            known = knowledge.positive if sign == "+" and knowledge.at_least_zero(high - low - 1) else knowledge.nonnegative
            known[rest] = None
            term = substitute(ring, Poly({atom.data[1]: fmpq(1)}), {place: symbol})
            yield _replaced(ring, poly, atom, term + ring.of(rest))


def _replaced(ring: Ring, poly: Poly, atom: Atom, value: Poly) -> Poly:
    """poly with `value` for the whole powers of the atom."""
    parts = []
    for m, c in poly:
        powers = dict(m)
        exponent = powers.pop(atom, 0)
        if isinstance(exponent, int):
            parts.append(ring.product(Poly({monomial(powers): c}), ring.power(value, exponent)))
        else:
            parts.append(Poly({m: c}))
    return total(parts)
