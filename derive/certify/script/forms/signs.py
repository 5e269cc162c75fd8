"""Signs of normal forms, as they show in the signs of generators."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from derive.certify.script.forms.elementary import NONNEGATIVE, POSITIVE
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Monomial, Poly, Polynomials
from derive.certify.statement.syntax import Apply, Constant, Count, Minus, Number, Plus, Ref, Sum


class Signs:
    """What is certain of the sign of a polynomial; `of` is the normal form of a term."""

    def __init__(self, ring: Polynomials, of: Callable[[Any, Facts], Poly]) -> None:
        self._ring = ring
        self._of = of

    def is_positive_generator(self, g: Any, facts: Facts) -> bool:
        """Whether a generator is > 0."""
        if g in facts.positive:
            return True
        if isinstance(g, Number):
            return g.value > 0
        if isinstance(g, Constant) or (isinstance(g, Apply) and g.function in POSITIVE):
            return True
        if isinstance(g, Apply) and g.function == "sqrt":
            return self.is_positive(self._of(g.term, facts), facts)
        if isinstance(g, Count):
            return facts.at_least_zero(g.index - 1)
        if isinstance(g, Ref):
            return facts.sign_of_member(g) is True
        if isinstance(g, (Plus, Minus)):
            return self.is_positive(self._ring.opened(g, facts), facts)
        if isinstance(g, Sum):
            inner = facts.ranging(g.index, g.low, g.high)
            return facts.at_least_zero(g.high - g.low) and self.is_positive(self._of(g.body, inner), inner)
        return False

    def is_nonnegative_generator(self, g: Any, facts: Facts) -> bool:
        """Whether a generator is >= 0."""
        if g in facts.nonnegative or self.is_positive_generator(g, facts):
            return True
        if isinstance(g, Apply) and g.function in NONNEGATIVE:
            return True
        if isinstance(g, Count):
            return facts.at_least_zero(g.index)
        if isinstance(g, Ref):
            return facts.sign_of_member(g) is not None
        if isinstance(g, Sum):
            inner = facts.ranging(g.index, g.low, g.high)
            return self.is_nonnegative(self._of(g.body, inner), inner)
        return False

    def is_positive(self, p: Poly, facts: Facts) -> bool:
        """Whether it is a sum of positive monomials, or known to be positive."""
        if not p:
            return False
        if self._ring.term(p) in facts.positive:
            return True
        signs = [self._monomial_sign(m, facts) for m in p]
        return all(c > 0 for c in p.values()) and None not in signs and True in signs

    def is_nonnegative(self, p: Poly, facts: Facts) -> bool:
        """Whether it is a sum of monomials that are not negative."""
        if self._ring.term(p) in facts.nonnegative or self.is_positive(p, facts):
            return True
        return all(c > 0 and self._monomial_sign(m, facts) is not None for m, c in p.items())

    def _monomial_sign(self, m: Monomial, facts: Facts) -> bool | None:
        """True for positive, False for not negative, None for unknown."""
        strict = True
        for g, e in m:
            if self.is_positive_generator(g, facts):
                continue
            if e < 0 or not (e % 2 == 0 or self.is_nonnegative_generator(g, facts)):
                return None
            strict = False
        return strict

    def over_positive(self, p: Poly, facts: Facts) -> tuple[Poly, Poly] | None:
        """p as a quotient whose denominator is positive; None if that is not certain."""
        above, below = self._ring.cleared(p, facts)
        if not self.is_positive(below, facts):
            return None
        lift: dict[Any, int] = {}
        for m in above:
            for g, e in m:
                if e < 0:
                    lift[g] = max(lift.get(g, 0), -e)
        if not all(self.is_positive_generator(g, facts) for g in lift):
            return None
        factor = {self._ring.monomial(lift): Fraction(1)}
        return self._ring.product(above, factor, facts), self._ring.product(below, factor, facts)
