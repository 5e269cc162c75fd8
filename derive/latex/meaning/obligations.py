r"""The domain facts that a formula relies on, from its syntax: what was divided by, what a logarithm was taken of.

They are collected before SymPy simplifies anything away: ``\frac{x}{x}`` relies on x ≠ 0 even though the term is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Rational
from sympy.logic.boolalg import Boolean

from derive.terms.context import Obligation
from derive.terms.elementary import BY_KEY, BY_WORD, Elementary, head_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.relations import RelationKey
from derive.terms.terms import Cases

HIGHEST = 4  # powers and functions in one another of which SymPy may be asked for the sign


@dataclass(frozen=True)
class Demand:
    """``term relation 0``, as it is written in LaTeX, and what is wrong if it is a number for which this is false.

    `jump` tells that there is a value where it fails, which is not read.
    """

    term: Expr
    relation: RelationKey
    latex: str
    otherwise: Reason
    jump: bool = False


def division(denominator: Expr, written: str) -> tuple[Demand, ...]:
    """A denominator is not 0."""
    return (Demand(denominator, "!=", f"{written} \\ne 0", because(Why.DIVISION_BY_ZERO)),)


def logarithm(argument: Expr, written: str) -> tuple[Demand, ...]:
    """A logarithm's argument is positive."""
    return _in_domain(BY_KEY["log"], "", argument, written)


def logarithm_base(base: Expr, written: str) -> tuple[Demand, ...]:
    """A logarithm's base is positive and not 1."""
    return (
        Demand(base, ">", f"{written} > 0", because(Why.LOGARITHM_BASE)),
        Demand(base - 1, "!=", f"{written} \\ne 1", because(Why.LOGARITHM_BASE_ONE)),
    )


def power(base: Expr, exponent: Expr, written: str) -> tuple[Demand, ...]:
    """A base is positive under an exponent that is no integer, and not 0 under a negative one; e^x asks for nothing."""
    if base is sympy.E:
        return ()
    if exponent.is_integer and isinstance(exponent, Integer):
        if exponent >= 0:
            return ()
        return (Demand(base, "!=", f"{written} \\ne 0", because(Why.DIVISION_BY_ZERO)),)
    if exponent.is_integer and exponent.is_nonnegative:
        return ()
    if exponent.is_integer:
        return (Demand(base, "!=", f"{written} \\ne 0", because(Why.POWER_OF_ZERO)),)
    return (Demand(base, ">", f"{written} > 0", because(Why.POWER_DOMAIN)),)


def root(radicand: Expr, degree: int, written: str) -> tuple[Demand, ...]:
    """What stands under a root is not negative; of odd roots only those of such numbers are read."""
    return _in_domain(BY_KEY["sqrt"], "", radicand, written)


def function(name: str, argument: Expr, written: str) -> tuple[Demand, ...]:
    """The domain of the function that the command `name` stands for."""
    return _in_domain(BY_WORD[name[1:]], name, argument, written)


def _in_domain(row: Elementary, name: str, argument: Expr, written: str) -> tuple[Demand, ...]:
    domain = row.domain
    if domain is None:
        return ()
    bracket = f"({written})" if not written.startswith("(") and len(written) > 1 else written
    square = f"{bracket}^2" if not written.endswith("}") else f"({written})^2"
    term = domain.term(head_of(BY_KEY[domain.of])(argument) if domain.of else argument)
    latex = domain.latex.format(u=written, bracket=bracket, square=square)
    return (Demand(term, domain.relation, latex, because(domain.otherwise, name=name)),)


def settled(demand: Demand) -> bool | None:
    """Whether a demand on a constant holds; None if it is not constant or not known."""
    term = demand.term
    if term.free_symbols or not term.is_number:
        return None
    if isinstance(term, Rational):
        return bool({"!=": term != 0, ">": term > 0, ">=": term >= 0}[demand.relation])
    if tower(term) > HIGHEST:
        return None  # SymPy would write out a number of more digits than there is memory
    known = {"!=": term.is_nonzero, ">": term.is_positive, ">=": term.is_nonnegative}[demand.relation]
    return bool(known) if known is not None else None


def tower(term: sympy.Basic) -> int:
    """How many powers and functions stand in one another.

    >>> tower(sympy.exp(sympy.exp(2) + 1, evaluate=False)), tower(sympy.Integer(3))
    (2, 0)
    """
    inside = max(map(tower, term.args), default=0)
    return inside + isinstance(term, (sympy.Pow, sympy.Function))


def guarded(demand: Demand, guards: tuple[Boolean, ...], binders: tuple[tuple[sympy.Symbol, Expr, Expr], ...]) -> Obligation:
    """The obligation under conditions on indices (``j \\ne i`` of a sum, a case): where they fail it asks for
    nothing."""
    term = demand.term
    if guards:
        term = Cases((term, sympy.And(*guards)), (Integer(1), True))
    free = term.free_symbols
    kept: list[tuple[sympy.Symbol, Expr, Expr]] = []
    for binder in reversed(binders):
        if binder[0] in free:
            kept.insert(0, binder)
            free = free | binder[1].free_symbols | binder[2].free_symbols
    return Obligation(term, demand.relation, tuple(kept), demand.latex, jump=demand.jump)
