"""Elementary functions by their names in Coq."""

from __future__ import annotations

from collections.abc import Sequence

from derive.certify.statement.syntax import Apply, Over, Term
from derive.certify.statement.writer import OutsideFragment
from derive.terms.elementary import BY_KEY, Elementary


def applied(row: Elementary, arguments: Sequence[Term]) -> Term:
    """The function's value by its name in Coq, or as the quotient that it is; a second argument is a logarithm's base."""
    above, below = (BY_KEY[name].coq if name else "" for name in row.ratio or ("", ""))
    if row.coq:
        values = [Apply(row.coq, argument) for argument in arguments]
        return values[0] if len(values) == 1 else Over(*values)
    if above and below and len(arguments) == 1:
        return Over(Apply(above, arguments[0]), Apply(below, arguments[0]))
    raise OutsideFragment(f"{row.key} is outside the fragment")
