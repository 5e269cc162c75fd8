"""Fractions under a sum in one form: what a denominator divides is divided, and 1/(x (1 + x)) is 1/x - 1/(1 + x)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Monomial, Poly, Polynomials, added
from derive.certify.statement.syntax import Minus, Plus

STEPS = 400

Order = Callable[[Any], str]
"""A text by which generators are ordered, whatever the bound index is called."""


def divided(p: Poly, ring: Polynomials, order: Order, facts: Facts) -> Poly:
    """p with no monomial left of which a denominator divides a part; p itself if that takes too long."""
    waiting = dict(p)
    result: Poly = {}
    for _ in range(STEPS):
        if not waiting:
            return result
        m, c = waiting.popitem()
        replaced = _step(m, c, ring, order, facts)
        if replaced is None:
            result = added(result, {m: c})
        else:
            waiting = added(waiting, replaced)
    return p


def _step(m: Monomial, c: Fraction, ring: Polynomials, order: Order, facts: Facts) -> Poly | None:
    """One division; None where there is none to do."""
    powers = dict(m)
    for below, exponent in m:
        if exponent >= 0 or not isinstance(below, (Plus, Minus)):
            continue
        whole = ring.opened(below, facts)
        for part in _divisors(powers, whole, order):
            # part/whole = 1 - (whole - part)/whole, up to the coefficient of part
            factor = c / whole[part]
            rest = ring.monomial(_times(powers, part, -1))
            result = {ring.monomial(_times(dict(rest), ((below, 1),), 1)): factor}
            for other, coefficient in whole.items():
                if other != part:
                    result = added(result, {ring.monomial(_times(dict(rest), other, 1)): -factor * coefficient})
            return result
    return None


def _divisors(powers: dict[Any, int], whole: Poly, order: Order) -> list[Monomial]:
    """The first monomial of the denominator, if the powers contain it; its constant, if they divide by all the others."""
    generators = sorted({g for n in whole for g, _ in n}, key=order, reverse=True)
    first = max(whole, key=lambda n: [dict(n).get(g, 0) for g in generators])
    found = []
    if first and all(powers.get(g, 0) >= e > 0 for g, e in first):
        found.append(first)
    others = [dict(n) for n in whole if n]
    if () in whole and any(powers.get(g, 0) < 0 and all(n.get(g, 0) > 0 for n in others) for g in generators):
        found.append(())
    return found


def _times(powers: dict[Any, int], m: Monomial, sign: int) -> dict[Any, int]:
    result = dict(powers)
    for g, e in m:
        result[g] = result.get(g, 0) + sign * e
    return result
