"""What no array code is written for, and the names of the lengths that it is written with."""

from __future__ import annotations

from sympy import Symbol

from derive.terms.context import Range


class CannotLower(ValueError):
    """A term for which no array code is written; the message says what stands in the way."""


def size_name(span: Range) -> str:
    """The name of the length of an axis that runs over `span`.

    Raises:
        CannotLower: if it does not begin at 1.
    """
    if span.low != 1 or not (isinstance(span.high, Symbol) or span.high.is_Integer):
        low, high = (end.xreplace({s: Symbol(s.name) for s in end.free_symbols}) for end in (span.low, span.high))
        raise CannotLower(f"an index from {low} to {high}; only indices from 1 to a size are axes")
    return str(span.high)
