"""Laurent polynomials in generators: the arithmetic of normal forms.

A polynomial maps monomials to their coefficients; a monomial is a tuple of generators with exponents, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any

from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.facts import Facts
from derive.certify.statement.syntax import Apply, Delta, Inverse, Minus, Negative, Number, Over, Plus, Power, Term, Times

Monomial = tuple[tuple[Any, int], ...]
Poly = dict[Monomial, Fraction]
LIMIT = 4000


def constant(value: Fraction | int) -> Poly:
    return {(): Fraction(value)} if value else {}


def added(p: Mapping[Monomial, Fraction], q: Mapping[Monomial, Fraction], factor: Fraction | int = 1) -> Poly:
    """p + factor q."""
    result = dict(p)
    for m, c in q.items():
        value = result.get(m, Fraction(0)) + factor * c
        if value:
            result[m] = value
        else:
            result.pop(m, None)
    return result


def _is_root(node: Any) -> bool:
    return isinstance(node, Apply) and node.function == "sqrt"


class Polynomials:
    """Arithmetic of Laurent polynomials; `key` orders generators, `of` is the normal form of a term.

    Every method raises NoProof where a result grows too large or a denominator is 0.
    """

    def __init__(self, key: Callable[[Any], str], of: Callable[[Any, Facts], Poly]) -> None:
        self._key = key
        self._of = of

    @staticmethod
    def generator(node: Any, exponent: int = 1) -> Poly:
        return {((node, exponent),): Fraction(1)}

    def monomial(self, powers: Mapping[Any, int]) -> Monomial:
        return tuple(
            sorted(
                ((g, 1 if isinstance(g, Delta) and e > 0 else e) for g, e in powers.items() if e),
                key=lambda power: self._key(power[0]),
            )
        )

    def product(self, p: Poly, q: Poly, facts: Facts) -> Poly:
        """p q, with δ² = δ, (√u)² = u, and polynomials under a positive power multiplied out."""
        if len(p) * len(q) > LIMIT:
            raise NoProof("an expression that grows too large")
        result: Poly = {}
        for m, c in p.items():
            for n, d in q.items():
                powers = dict(m)
                for g, e in n:
                    powers[g] = powers.get(g, 0) + e
                special = next(
                    (g for g, e in powers.items() if (isinstance(g, (Plus, Minus)) and e > 0) or (_is_root(g) and e > 1)),
                    None,
                )
                if special is None:
                    result = added(result, {self.monomial(powers): c * d})
                else:
                    e = powers.pop(special)
                    rest = {self.monomial(powers): c * d}
                    result = added(result, self.product(rest, self._special(special, e, facts), facts))
        return result

    def _special(self, node: Any, exponent: int, facts: Facts) -> Poly:
        if isinstance(node, Apply):
            inside = self._of(node.term, facts)
            half, odd = divmod(exponent, 2)
            base = self.power(inside, half, facts)
            return self.product(base, self.generator(node), facts) if odd else base
        return self.power(self.opened(node, facts), exponent, facts)

    def opened(self, node: Any, facts: Facts) -> Poly:
        """A polynomial that is a generator, as a polynomial."""
        left = self.opened(node.left, facts) if isinstance(node, (Plus, Minus)) else self._of(node, facts)
        if isinstance(node, (Plus, Minus)):
            return added(left, self._of(node.right, facts), 1 if isinstance(node, Plus) else -1)
        return left

    def power(self, p: Poly, exponent: int, facts: Facts) -> Poly:
        if exponent < 0:
            return self.power(self.inverse(p, facts), -exponent, facts)
        if len(p) == 1 and exponent:
            ((m, c),) = p.items()
            if not any(_is_root(g) for g, _ in m):
                return {self.monomial({g: e * exponent for g, e in m}): c**exponent}
        result = constant(1)
        for _ in range(exponent):
            result = self.product(result, p, facts)
        return result

    def inverse(self, p: Poly, facts: Facts) -> Poly:
        """1/p over one denominator."""
        if not p:
            raise NoProof("a denominator is 0")
        above, below = self.cleared(p, facts)
        factor, content, primitive = self.content(above)
        powers = {g: -e for g, e in content}
        if any(isinstance(g, Delta) for g in powers):
            raise NoProof("a delta in a denominator")
        if len(primitive) > 1:
            powers[self.term(primitive)] = -1
        return self.product({self.monomial(powers): 1 / factor}, below, facts)

    def cleared(self, p: Poly, facts: Facts) -> tuple[Poly, Poly]:
        """p as a quotient in which no polynomial stands under a negative power."""
        below = constant(1)
        for _ in range(32):
            need: dict[Any, int] = {}
            for m in p:
                for g, e in m:
                    if isinstance(g, (Plus, Minus)) and e < 0:
                        need[g] = max(need.get(g, 0), -e)
            if not need:
                return p, below
            result: Poly = {}
            for m, c in p.items():
                powers = dict(m)
                rest = constant(c)
                for g, e in need.items():
                    left = powers.pop(g, 0) + e
                    rest = self.product(rest, self.power(self.opened(g, facts), left, facts), facts)
                result = added(result, self.product({self.monomial(powers): Fraction(1)}, rest, facts))
            for g, e in need.items():
                below = self.product(below, self.power(self.opened(g, facts), e, facts), facts)
            p = result
        raise NoProof("nested fractions that do not clear")

    def content(self, p: Poly) -> tuple[Fraction, Monomial, Poly]:
        """``(c, m, q)`` with p = c m q, where q is the same for all multiples of p by monomials."""
        low: dict[Any, int] = {}
        for g in {g for m in p for g, _ in m}:
            low[g] = min(dict(m).get(g, 0) for m in p)
        m = self.monomial(low)
        parts: Poly = {}
        for n, c in p.items():
            powers = dict(n)
            for g, e in m:
                powers[g] = powers.get(g, 0) - e
            parts[self.monomial(powers)] = c
        first = min(parts, key=self.order)
        scale = Fraction(lcm(*(c.denominator for c in parts.values())))
        numerators = [abs(int(c * scale)) for c in parts.values()]
        size = numerators[0]
        for number in numerators[1:]:
            while number:
                size, number = number, size % number
        factor = Fraction(size) / scale
        if all(c < 0 for c in parts.values()) or (parts[first] < 0 and any(c < 0 for c in parts.values())):
            factor = -factor
        return factor, m, {n: c / factor for n, c in parts.items()}

    def order(self, m: Monomial) -> str:
        """A text by which monomials are ordered."""
        return "*".join(f"{self._key(g)}^{e}" for g, e in m)

    def is_zero(self, p: Poly, facts: Facts) -> bool:
        """Whether nothing is left over one denominator, where roots have positive powers only."""
        above, _ = self.cleared(p, facts)
        need: dict[Any, int] = {}
        for m in above:
            for g, e in m:
                if _is_root(g) and e < 0:
                    need[g] = max(need.get(g, 0), -e)
        if not need:
            return not above
        return self.is_zero(self.product(above, {self.monomial(need): Fraction(1)}, facts), facts)

    def term(self, p: Poly) -> Term:
        """The polynomial as a term; the same for equal polynomials."""
        result: Term | None = None
        ordered = sorted(p.items(), key=lambda item: (item[1] < 0, self.order(item[0])))
        for m, c in ordered:
            part = self.monomial_term(m, abs(c))
            if result is None:
                result = Negative(part) if c < 0 else part
            else:
                result = Minus(result, part) if c < 0 else Plus(result, part)
        return result if result is not None else Number(0)

    def monomial_term(self, m: Monomial, c: Fraction = Fraction(1)) -> Term:
        """The monomial times a positive number."""
        above: Term | None = Number(c.numerator) if c.numerator != 1 else None
        below: Term | None = Number(c.denominator) if c.denominator != 1 else None
        for g, e in m:
            power = g if abs(e) == 1 else Power(g, abs(e))
            if e > 0:
                above = power if above is None else Times(above, power)
            else:
                below = power if below is None else Times(below, power)
        if below is None:
            return above if above is not None else Number(1)
        return Inverse(below) if above is None else Over(above, below)
