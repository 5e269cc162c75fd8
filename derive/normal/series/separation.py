"""What of a monomial depends on an index, and where a δ fixes it."""

from __future__ import annotations

from flint import fmpq
from sympy import Dummy, Expr, Symbol

from derive.normal.algebra.polynomial import Atom, Factor, Monomial, Poly, exponent_of, monomial, monomial_free


def split(m: Monomial, variable: Symbol) -> tuple[Monomial, Monomial]:
    """The factors without and with the variable; e^{u + v_k} is split as e^u e^{v_k}."""
    outside, inside = {}, {}
    for atom, exponent in m:
        if variable in atom.free:
            inside[atom] = exponent
        elif isinstance(exponent, Poly) and variable in exponent.free:
            free = {p: c for p, c in exponent if variable not in monomial_free(p)}
            if free:
                outside[atom] = exponent_of(Poly(free))
            inside[atom] = Poly({p: c for p, c in exponent if p not in free})
        else:
            outside[atom] = exponent
    return monomial(outside), monomial(inside)


def solved(delta: Atom, variable: Symbol) -> Expr | None:
    """The value of the variable at which the two sides of the delta are equal."""
    left, right = delta.data
    if variable in right.free_symbols:
        left, right = right, left
    if variable in right.free_symbols:
        return None
    offset = left - variable
    return None if variable in offset.free_symbols else right - offset


def separated(factor: Factor, symbols: frozenset[Symbol]) -> list[Factor]:
    """e^{u_k + v_l} as the factors e^{u_k} and e^{v_l}."""
    atom, exponent = factor
    if not isinstance(exponent, Poly) or atom.free & symbols:
        return [factor]
    parts: dict[frozenset[Symbol], dict[Monomial, fmpq]] = {}
    for m, c in exponent:
        parts.setdefault(monomial_free(m) & symbols, {})[m] = c
    return [(atom, exponent_of(Poly(part))) for part in parts.values()]


def is_outside(symbol: Symbol, level: int) -> bool:
    """Whether the symbol is a dummy, or a placeholder that no sum of a lower level binds."""
    return isinstance(symbol, Dummy) or symbol.name.startswith("#") and int(symbol.name[1:]) >= level
