"""The normal form that proof scripts aim at: a Laurent polynomial in generators, in the terms of statements.

It is not trusted, and independent of the judge's: what it gets wrong, Coq rejects. Generators are members, deltas, sizes,
e^u for a monomial u, logarithms, roots, sums of a monomial, and polynomials of two or more terms under a negative power.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from sympy import Add, Dummy, Expr, Integer, Mul, Symbol

from derive.certify.facts import Facts
from derive.certify.slopes import differentiated
from derive.certify.statement import Conditions, at_point, unfolded
from derive.certify.syntax import (
    Apply,
    Constant,
    Count,
    Defined,
    Delta,
    IfEqual,
    Inverse,
    Minus,
    Negative,
    Number,
    Over,
    Plus,
    Power,
    RealPower,
    Ref,
    Slope,
    Sum,
    Term,
    Times,
    alpha,
    at_indices,
    rebuilt,
    symbols,
    walk,
)
from derive.certify.writer import OutsideFragment, Writer

Monomial = tuple[tuple[Any, int], ...]
Poly = dict[Monomial, Fraction]
LIMIT = 4000
LONGEST = 24


class NoProof(ValueError):
    """No proof script was found; the message tells where it ended."""


class Rescaled(Exception):
    """An exponential with a smaller fraction in its exponent was met: everything has to be done again with it."""


@dataclass(frozen=True)
class Part:
    """One summand under a sum: ``outside * inside``, where `inside` depends on the index, None for a constant summand.

    With `at`, the summand carries a delta of the index and `at`, and `inside` is what it multiplies. With `swapped`,
    ``(g, w, s)``, `inside` is g times the sum of w, and s the sum of both with the two sums exchanged.
    """

    outside: Term
    inside: Any
    generator: Any = None
    at: Expr | None = None
    gone: bool = False
    swapped: tuple[Term, Sum, Sum] | None = None


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


class Normal:
    """Normal forms with given definitions."""

    def __init__(self, writer: Writer, conditions: Conditions, definitions: Mapping[str, Any], scale: int = 1) -> None:
        self.writer = writer
        self.definitions = dict(definitions)
        self.conditions = conditions
        self.scale = scale
        self.exchanging = True
        self._keys: dict[Any, str] = {}
        self._memo: dict[tuple[int, bool, Any], Poly] = {}
        self._kept: list[Facts] = []

    def key(self, node: Any) -> str:
        """A text by which generators are ordered."""
        known = self._keys.get(node)
        if known is None:
            known = self._keys[node] = self.writer.term(node)
        return known

    def of(self, node: Any, facts: Facts) -> Poly:
        """The normal form.

        Raises:
            NoProof: where there is none.
        """
        identity = (id(facts), self.exchanging, node)
        known = self._memo.get(identity)
        if known is None:
            self._kept.append(facts)  # an id is a key only as long as its object lives
            known = self._memo[identity] = self._of(node, facts)
        return known

    # -- polynomials ---------------------------------------------------------------------------------------------

    def generator(self, node: Any, exponent: int = 1) -> Poly:
        return {((node, exponent),): Fraction(1)}

    def monomial(self, powers: Mapping[Any, int]) -> Monomial:
        return tuple(sorted(((g, 1 if isinstance(g, Delta) and e > 0 else e) for g, e in powers.items() if e),
                            key=lambda power: self.key(power[0])))

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
                special = next((g for g, e in powers.items() if (isinstance(g, (Plus, Minus)) and e > 0)
                                or (isinstance(g, Apply) and g.function == "sqrt" and e not in (0, 1))), None)
                if special is None:
                    result = added(result, {self.monomial(powers): c * d})
                else:
                    e = powers.pop(special)
                    rest = {self.monomial(powers): c * d}
                    result = added(result, self.product(rest, self._special(special, e, facts), facts))
        return result

    def _special(self, node: Any, exponent: int, facts: Facts) -> Poly:
        if isinstance(node, Apply):
            inside = self.of(node.term, facts)
            half, odd = divmod(exponent, 2)
            base = self.power(inside, half, facts)
            return self.product(base, self.generator(node), facts) if odd else base
        return self.power(self._opened(node, facts), exponent, facts)

    def _opened(self, node: Any, facts: Facts) -> Poly:
        """A polynomial that is a generator, as a polynomial."""
        left = self._opened(node.left, facts) if isinstance(node, (Plus, Minus)) else self.of(node, facts)
        if isinstance(node, (Plus, Minus)):
            return added(left, self.of(node.right, facts), 1 if isinstance(node, Plus) else -1)
        return left

    def power(self, p: Poly, exponent: int, facts: Facts) -> Poly:
        if exponent < 0:
            return self.power(self.inverse(p, facts), -exponent, facts)
        if len(p) == 1 and exponent:
            ((m, c),) = p.items()
            if not any(isinstance(g, Apply) and g.function == "sqrt" for g, _ in m):
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
                    rest = self.product(rest, self.power(self._opened(g, facts), left, facts), facts)
                result = added(result, self.product({self.monomial(powers): Fraction(1)}, rest, facts))
            for g, e in need.items():
                below = self.product(below, self.power(self._opened(g, facts), e, facts), facts)
            p = result
        raise NoProof("nested fractions that do not clear")

    def together(self, node: Any, facts: Facts) -> Term:
        """The term over one denominator."""
        above, below = self.cleared(self.of(node, facts), facts)
        if below == {(): Fraction(1)}:
            return self.term(above)
        if above == {(): Fraction(1)}:
            return Inverse(self.term(below))
        return Over(self.term(above), self.term(below))

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
        first = min(parts, key=self._order)
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

    def _order(self, m: Monomial) -> str:
        return "*".join(f"{self.key(g)}^{e}" for g, e in m)

    def is_zero(self, p: Poly, facts: Facts) -> bool:
        return not self.cleared(p, facts)[0]

    def term(self, p: Poly) -> Term:
        """The polynomial as a term; the same for equal polynomials."""
        result: Term | None = None
        ordered = sorted(p.items(), key=lambda item: (item[1] < 0, self._order(item[0])))
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

    # -- terms -----------------------------------------------------------------------------------------------------

    def _of(self, node: Any, facts: Facts) -> Poly:
        known = facts.equal.get(alpha(node)) if facts.equal else None
        if known is not None:
            return self.of(known[0], facts)
        if isinstance(node, Number):
            return constant(node.value)
        if isinstance(node, Count):
            return self._count(node.index, facts)
        if isinstance(node, Ref):
            return self._member(node, facts)
        if isinstance(node, Delta):
            same = facts.coincide(node.left, node.right)
            if same is not None:
                return constant(int(same))
            return self.generator(Delta(*sorted((node.left, node.right), key=self.writer.index)))
        if isinstance(node, Plus):
            return added(self.of(node.left, facts), self.of(node.right, facts))
        if isinstance(node, Minus):
            return added(self.of(node.left, facts), self.of(node.right, facts), -1)
        if isinstance(node, Negative):
            return added({}, self.of(node.term, facts), -1)
        if isinstance(node, Times):
            return self.product(self.of(node.left, facts), self.of(node.right, facts), facts)
        if isinstance(node, Over):
            return self.product(self.of(node.left, facts), self.inverse(self.of(node.right, facts), facts), facts)
        if isinstance(node, Inverse):
            return self.inverse(self.of(node.term, facts), facts)
        if isinstance(node, Power):
            return self.power(self.of(node.base, facts), node.exponent, facts)
        if isinstance(node, RealPower):
            return self.of(Apply("exp", Times(node.exponent, Apply("ln", node.base))), facts)
        if isinstance(node, Apply):
            return self._apply(node, facts)
        if isinstance(node, Constant):
            return self.generator(node)
        if isinstance(node, Sum):
            return self._sum(node, facts)
        if isinstance(node, IfEqual):
            return self.of(self.chosen(node, facts), facts)
        if isinstance(node, Slope):
            return self.of(self.slope(node, facts), facts)
        raise OutsideFragment(f"{type(node).__name__} has no normal form here")

    def _count(self, expr: Expr, facts: Facts) -> Poly:
        result: Poly = {}
        for part in Add.make_args(expr):
            value = constant(1)
            for factor in Mul.make_args(part):
                if isinstance(factor, Integer):
                    value = {m: c * int(factor) for m, c in value.items()}
                elif isinstance(factor, Symbol):
                    value = self.product(value, self.generator(Count(factor)), facts)
                else:
                    raise NoProof(f"the index {expr} as a number")
            result = added(result, value)
        return result

    def _member(self, node: Ref, facts: Facts) -> Poly:
        for pattern in facts.patterns:
            values = facts.member(node, pattern)
            if values is not None:
                return self.of(at_indices(pattern.value, values), facts)
        if isinstance(node.family, Defined):
            return self.of(unfolded(node, self.definitions), facts)
        return self.generator(node)

    def chosen(self, node: IfEqual, facts: Facts) -> Term:
        """A choice between two terms without the choice."""
        same = facts.coincide(node.left, node.right)
        if same is not None:
            return node.this if same else node.that
        delta = Delta(node.left, node.right)
        return Plus(Times(delta, node.this), Times(Minus(Number(1), delta), node.that))

    def _apply(self, node: Apply, facts: Facts) -> Poly:
        inside = self.of(node.term, facts)
        if node.function == "exp":
            result = constant(1)
            for factor, _ in self.exponentials(inside, facts):
                result = self.product(result, factor, facts)
            return result
        if node.function == "ln":
            return self._logarithm(inside, facts)
        if node.function in ("sinh", "cosh", "tanh"):
            return self.of(by_exponentials(node), facts)
        if node.function == "Rabs" and self.is_nonnegative(inside, facts):
            return inside
        return self.generator(Apply(node.function, self.term(inside)))

    def exponentials(self, p: Poly, facts: Facts) -> list[tuple[Poly, tuple[str, int, Any, Fraction]]]:
        """e^p as factors, each with the law behind it: ``("exp", c, u, _)`` for e^{c u} = (e^u)^c, ``("ln", c, u, _)`` for
        e^{c ln u} = u^c."""
        factors: list[tuple[Poly, tuple[str, int, Any, Fraction]]] = []
        for m, c in sorted(p.items(), key=lambda item: self._order(item[0])):
            log = m[0][0] if len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Apply) and m[0][0].function == "ln" else None
            if log is not None and c.denominator == 1:
                factors.append((self.power(self.of(log.term, facts), int(c), facts), ("ln", int(c), log.term, c)))
                continue
            count = c * self.scale
            if count.denominator != 1:
                self.scale *= count.denominator
                raise Rescaled
            unit = self.term({m: Fraction(1, self.scale)})
            factors.append((self.generator(Apply("exp", unit), int(count)), ("exp", int(count), unit, c)))
        return factors

    def _logarithm(self, p: Poly, facts: Facts) -> Poly:
        result: Poly = {}
        for node, exponent in self.factors(p, facts):
            if isinstance(node, Apply) and node.function == "exp":
                value = self.of(node.term, facts)
            else:
                value = self.generator(Apply("ln", node))
            result = added(result, value, exponent)
        return result

    def factors(self, p: Poly, facts: Facts) -> list[tuple[Any, int]]:
        """A product as positive factors with their exponents; one factor where it cannot be taken apart."""
        if not p:
            raise NoProof("the logarithm of 0")
        above, below = self.cleared(p, facts)
        found: list[tuple[Any, int]] = []
        for q, sign in ((above, 1), (below, -1)):
            factor, content, primitive = self.content(q)
            if factor < 0 or not all(self.is_positive_generator(g, facts) for g, _ in content):
                return [(self.term(p), 1)]
            for prime, count in _primes(factor):
                found.append((Number(prime), sign * count))
            found += [(g, sign * e) for g, e in content]
            if len(primitive) > 1:
                if not self.is_positive(primitive, facts) and (sign < 0 or len(found)):
                    return [(self.term(p), 1)]
                found.append((self.term(primitive), sign))
        powers: dict[Any, int] = {}
        for node, exponent in found:
            powers[node] = powers.get(node, 0) + exponent
        return [(node, exponent) for node, exponent in powers.items() if exponent]

    # -- sums ------------------------------------------------------------------------------------------------------

    def written_out(self, node: Sum) -> list[Term] | None:
        """The summands of a short sum between numbers."""
        if not isinstance(node.low, Integer) or not isinstance(node.high, Integer) or node.high - node.low >= LONGEST:
            return None
        return [at_indices(node.body, {node.index: Integer(k)}) for k in range(int(node.low), int(node.high) + 1)]

    def _sum(self, node: Sum, facts: Facts) -> Poly:
        summands = self.written_out(node)
        if summands is not None:
            total: Poly = {}
            for summand in summands:
                total = added(total, self.of(summand, facts))
            return total
        index, parts, inner = self.summands(node, facts)
        result: Poly = {}
        for part in parts:
            if part.gone:
                continue
            if part.at is not None:
                value = self.of(at_indices(Times(part.outside, part.inside), {index: part.at}), facts)
            elif part.inside is None:
                value = self.product(self.of(part.outside, facts), self._count(node.high - node.low + 1, facts), facts)
            elif part.swapped is not None:
                with self.as_they_stand():
                    exchanged = self.of(part.swapped[2], facts)
                value = self.product(self.of(part.outside, facts), exchanged, facts)
            else:
                known = facts.equal.get(alpha(part.generator))
                sum_ = self.of(known[0], facts) if known is not None else self.generator(part.generator)
                value = self.product(self.of(part.outside, facts), sum_, facts)
            result = added(result, value)
        return result

    def summands(self, node: Sum, facts: Facts) -> tuple[Symbol, list[Part], Facts]:
        """The summands of a sum's body, under a fresh index, and the facts in force there."""
        index = Dummy(node.index.name.replace("#", ""), integer=True)
        inner = facts.ranging(index, node.low, node.high)
        body = self.of(at_indices(node.body, {node.index: index}), inner)
        parts: list[Part] = []
        for m, c in sorted(body.items(), key=lambda item: self._order(item[0])):
            parts.append(self._summand(m, c, index, node, inner))
        return index, parts, inner

    def _summand(self, m: Monomial, c: Fraction, index: Symbol, node: Sum, facts: Facts) -> Part:
        deltas = [g for g, _ in m if isinstance(g, Delta) and index in symbols(g)]
        if deltas:
            delta = deltas[0]
            rest = self.term({tuple(power for power in m if power[0] != delta): c})
            for side, other in ((delta.left, delta.right), (delta.right, delta.left)):
                if side == index and index not in other.free_symbols:
                    if facts.within(other, node.low, node.high):
                        return Part(Number(1), rest, at=other)
                    if facts.at_least_zero(node.low - other - 1) or facts.at_least_zero(other - node.high - 1):
                        return Part(Number(1), rest, at=other, gone=True)
            raise NoProof(f"a delta that is not known to be in range: {self.key(delta)}")
        inside = tuple((g, e) for g, e in m if index in symbols(g))
        outside = tuple((g, e) for g, e in m if index not in symbols(g))
        factor: Term = self.term({outside: c})
        if not inside:
            if not facts.at_least_zero(node.high - node.low + 1):
                raise NoProof("the number of summands may be negative")
            return Part(factor, None)
        body = self.monomial_term(inside)
        level = 1 + max((int(s.name[2:]) for s in symbols(body) if s.name.startswith("k#")), default=0)
        place = Symbol(f"k#{level}", integer=True)
        renamed = self.of(at_indices(body, {index: place}), facts.ranging(place, node.low, node.high))
        generator = Sum(place, node.low, node.high, self.term(renamed))
        swapped = self._exchanged(inside, index, node, facts) if self.exchanging else None
        if swapped is not None:
            with self.as_they_stand():
                other = self._order_of(self.of(swapped[2], facts))
            if other < self._order_of(self.generator(generator)):
                return Part(factor, body, generator, swapped=swapped)
        return Part(factor, body, generator)

    def _order_of(self, p: Poly) -> tuple[int, str]:
        return len(p), "+".join(sorted(self._order(m) for m in p))

    @contextmanager
    def as_they_stand(self) -> Iterator[None]:
        """In which sums under sums are not exchanged."""
        before, self.exchanging = self.exchanging, False
        try:
            yield
        finally:
            self.exchanging = before

    def _exchanged(self, inside: Monomial, index: Symbol, node: Sum, facts: Facts) -> tuple[Term, Sum, Sum] | None:
        """Σ_i g_i Σ_k w_ik as Σ_k Σ_i g_i w_ik, where a summand is of this form."""
        inner = [g for g, _ in inside if isinstance(g, Sum)]
        if len(inner) != 1 or (inner[0], 1) not in inside or index in inner[0].low.free_symbols | inner[0].high.free_symbols:
            return None
        sum_ = inner[0]
        factor = self.monomial_term(tuple(power for power in inside if power[0] != sum_))
        fresh = Dummy(sum_.index.name.replace("#", ""), integer=True)
        body = at_indices(sum_.body, {sum_.index: fresh})
        apart = Sum(fresh, sum_.low, sum_.high, body)
        both = Sum(fresh, sum_.low, sum_.high, Sum(index, node.low, node.high, Times(factor, body)))
        return factor, apart, both

    # -- derivatives -----------------------------------------------------------------------------------------------

    def slope(self, node: Slope, facts: Facts) -> Term:
        """The derivative carried out, by the laws that the tactics use."""
        return differentiated(self.flat(node, facts))

    def flat(self, node: Slope, facts: Facts) -> Slope:
        """With definitions unfolded and derivatives inside carried out."""
        body = by_definition(self.conditions.expanded(node.body))
        if any(isinstance(part, Slope) for part in walk(body)):
            body = self._carried_out(body, facts)
        return Slope(node.variable, body, node.point)

    def _carried_out(self, node: Any, facts: Facts) -> Any:
        if isinstance(node, Expr):
            return node
        if isinstance(node, Slope):
            return self.term(self.of(node, facts))
        return rebuilt(node, lambda part: self._carried_out(part, facts))

    # -- signs -----------------------------------------------------------------------------------------------------

    def is_positive_generator(self, g: Any, facts: Facts) -> bool:
        """Whether a generator is > 0."""
        if g in facts.positive:
            return True
        if isinstance(g, Number):
            return g.value > 0
        if isinstance(g, Constant) or (isinstance(g, Apply) and g.function in ("exp", "cosh")):
            return True
        if isinstance(g, Apply) and g.function == "sqrt":
            return self.is_positive(self.of(g.term, facts), facts)
        if isinstance(g, Count):
            return facts.at_least_zero(g.index - 1)
        if isinstance(g, Ref):
            return facts.sign_of_member(g) is True
        if isinstance(g, (Plus, Minus)):
            return self.is_positive(self._opened(g, facts), facts)
        if isinstance(g, Sum):
            inner = facts.ranging(g.index, g.low, g.high)
            return facts.at_least_zero(g.high - g.low) and self.is_positive(self.of(g.body, inner), inner)
        return False

    def is_nonnegative_generator(self, g: Any, facts: Facts) -> bool:
        """Whether a generator is >= 0."""
        if g in facts.nonnegative or self.is_positive_generator(g, facts):
            return True
        if isinstance(g, Apply) and g.function in ("sqrt", "Rabs"):
            return True
        if isinstance(g, Count):
            return facts.at_least_zero(g.index)
        if isinstance(g, Ref):
            return facts.sign_of_member(g) is not None
        if isinstance(g, Sum):
            inner = facts.ranging(g.index, g.low, g.high)
            return self.is_nonnegative(self.of(g.body, inner), inner)
        return False

    def is_positive(self, p: Poly, facts: Facts) -> bool:
        """Whether it is a sum of positive monomials, or known to be positive."""
        if not p:
            return False
        if self.term(p) in facts.positive:
            return True
        signs = [self._monomial_sign(m, facts) for m in p]
        return all(c > 0 for c in p.values()) and None not in signs and True in signs

    def is_nonnegative(self, p: Poly, facts: Facts) -> bool:
        """Whether it is a sum of monomials that are not negative."""
        if self.term(p) in facts.nonnegative or self.is_positive(p, facts):
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
        above, below = self.cleared(p, facts)
        if not self.is_positive(below, facts):
            return None
        lift: dict[Any, int] = {}
        for m in above:
            for g, e in m:
                if e < 0:
                    lift[g] = max(lift.get(g, 0), -e)
        if not all(self.is_positive_generator(g, facts) for g in lift):
            return None
        factor = {self.monomial(lift): Fraction(1)}
        return self.product(above, factor, facts), self.product(below, factor, facts)


def by_definition(node: Any) -> Any:
    """`node` with u^v as e^(v ln u), which Coq takes for the same."""
    if isinstance(node, Expr):
        return node
    if isinstance(node, RealPower):
        return Apply("exp", Times(by_definition(node.exponent), Apply("ln", by_definition(node.base))))
    return rebuilt(node, by_definition)


def by_exponentials(node: Apply) -> Term:
    """sinh, cosh and tanh by exponentials."""
    up, down = Apply("exp", node.term), Apply("exp", Negative(node.term))
    if node.function == "sinh":
        return Over(Minus(up, down), Number(2))
    if node.function == "cosh":
        return Over(Plus(up, down), Number(2))
    return Over(Minus(up, down), Plus(up, down))


def _primes(value: Fraction) -> list[tuple[int, int]]:
    """The primes of a positive number with their exponents."""
    found: list[tuple[int, int]] = []
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        prime = 2
        while number > 1 and prime * prime <= number and prime < 10_000:
            count = 0
            while number % prime == 0:
                number, count = number // prime, count + 1
            if count:
                found.append((prime, sign * count))
            prime += 1
        if number > 1:
            found.append((number, sign))
    return found


__all__ = ["NoProof", "Normal", "Part", "Poly", "Rescaled", "added", "at_point", "by_exponentials", "constant"]
