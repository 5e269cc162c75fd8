"""The value of a term at a point, by an evaluator that shares nothing with the judge but the vocabulary of terms.

Numbers have 60 digits (mpmath). A definition is unfolded by evaluating its body, a sum is added up, and a derivative is a
central difference, ``(f(x + h) - f(x - h)) / 2h`` with h = 1e-15: its error is of order h² = 1e-30. A defined family
by which something is differentiated gets its defined values, of which one is moved.
"""

from __future__ import annotations

from sympy import Expr

from tests.mutation.place import MP, Key, Number, Place, Positions, Undefined, Unknown
from tests.mutation.rules import RULES

__all__ = ["MP", "Key", "Number", "Positions", "Undefined", "Unknown", "World"]


class World(Place):
    """A place at which terms have values."""

    def value(self, term: Expr) -> Number:
        """The value of `term`. Raises :class:`Undefined` or :class:`Unknown`."""
        rule = RULES.get(type(term)) or next((rule for kind, rule in RULES.items() if isinstance(term, kind)), None)
        if rule is None:
            raise Unknown(type(term).__name__)
        return rule(self, term)
