"""What is written of terms that bind a symbol: sums and products with their limits, integrals, limits of quotients."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Basic, Expr, Mul, Symbol

from derive.terms.binding import Endless, Integral, Limit, Product
from derive.terms.context import Range
from derive.terms.terms import index, unrestricted
from derive.writing.notation import Level, Limits, Written
from derive.writing.ordering import natural
from derive.writing.scope import Scope

Write = Callable[[Basic, Scope], Written]


def ranged(
    body: Expr, excluded: tuple[Expr, ...], variable: Symbol, ends: tuple[Expr, Expr], scope: Scope, write: Write
) -> tuple[Limits, str]:
    """The limits below and above the sign of a sum or a product, and the body behind it."""
    low, high = ends
    within = scope.binding(variable)
    span = within.context.range_of(index(within.names[variable]))
    letter = write(variable, within).source
    # A sum below whose sign stands i ≠ j alone would run over both, if the summand speaks of j.
    both = any(letter < write(value, within).source for value in excluded if value in body.free_symbols)
    limits = Limits(
        index=letter,
        low=write(low, scope).source,
        high=write(high, scope).source,
        excluded=tuple(sorted((write(value, within).source for value in excluded), key=natural)),
        default=span == Range(low, high) and not both,
    )
    written = write(body, within)
    return limits, written.source if written.level >= Level.PRODUCT else scope.notation.bracket(written.source)


def bound(term: Expr, scope: Scope, write: Write) -> Written:
    """A product, an integral or a limit; an infinite end of an integral."""
    if isinstance(term, Product):  # several factors are closed: it would end before one that does not speak of the index
        body, excluded = unrestricted(term.body, term.variable, 1)
        limits, inside = ranged(body, excluded, term.variable, term.span, scope, write)
        return scope.notation.multiplied(limits, scope.notation.bracket(inside) if isinstance(body, Mul) else inside)
    if isinstance(term, Endless):
        return scope.notation.constant("oo" if term.sign > 0 else "-oo")
    if not isinstance(term, (Integral, Limit)):
        raise TypeError(f"a term that binds a symbol was expected, found {type(term).__name__}")
    within = scope.binding(term.variable)
    letter, body_ = write(term.variable, within).source, write(term.body, within)
    if isinstance(term, Integral):
        low, high = (write(end, scope).source for end in term.span)
        inside = body_.source if body_.level >= Level.PRODUCT else scope.notation.bracket(body_.source)
        return scope.notation.integral(letter, low, high, inside)
    quotient = scope.notation.fraction(body_, write(term.below, within))
    return scope.notation.limit(letter, write(term.point, scope).source, quotient.source)
