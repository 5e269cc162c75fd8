"""NormalForms forms of exponentials and logarithms: e^{u + v} = e^u e^v and ln(u v) = ln u + ln v."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr

from derive.certify.script.forms.errors import NoProof, Rescaled
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Poly, added
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.syntax import Apply, Number, RealPower, Times, rebuilt


def exponentials_of(normal: NormalForms, p: Poly, facts: Facts) -> list[tuple[Poly, tuple[str, int, Any, Fraction]]]:
    """e^p as factors, each with the law behind it: ``("exp", c, u, _)`` for e^{c u} = (e^u)^c, ``("ln", c, u, _)`` for
    e^{c ln u} = u^c.

    Raises:
        Rescaled: if an exponent has a denominator that was not expected.
    """
    factors: list[tuple[Poly, tuple[str, int, Any, Fraction]]] = []
    for m, c in sorted(p.items(), key=lambda item: normal.ring.order(item[0])):
        log = m[0][0] if len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Apply) and m[0][0].function == "ln" else None
        if log is not None and c.denominator == 1:
            factors.append((normal.ring.power(normal.of(log.term, facts), int(c), facts), ("ln", int(c), log.term, c)))
            continue
        count = c * normal.scale
        if count.denominator != 1:
            normal.scale *= count.denominator
            raise Rescaled
        unit = normal.ring.term({m: Fraction(1, normal.scale)})
        factors.append((normal.ring.generator(Apply("exp", unit), int(count)), ("exp", int(count), unit, c)))
    return factors


def logarithm_of(normal: NormalForms, p: Poly, facts: Facts) -> Poly:
    """ln p."""
    result: Poly = {}
    for node, exponent in factors_of(normal, p, facts):
        if isinstance(node, Apply) and node.function == "exp":
            value = normal.of(node.term, facts)
        else:
            value = normal.ring.generator(Apply("ln", node))
        result = added(result, value, exponent)
    return result


def factors_of(normal: NormalForms, p: Poly, facts: Facts) -> list[tuple[Any, int]]:
    """A product as positive factors with their exponents; one factor where it cannot be taken apart."""
    if not p:
        raise NoProof("the logarithm of 0")
    above, below = normal.ring.cleared(p, facts)
    found: list[tuple[Any, int]] = []
    for q, sign in ((above, 1), (below, -1)):
        factor, content, primitive = normal.ring.content(q)
        if factor < 0 or not all(normal.signs.is_positive_generator(g, facts) for g, _ in content):
            return [(normal.ring.term(p), 1)]
        for prime, count in _primes(factor):
            found.append((Number(prime), sign * count))
        found += [(g, sign * e) for g, e in content]
        if len(primitive) > 1:
            if not normal.signs.is_positive(primitive, facts) and (sign < 0 or len(found)):
                return [(normal.ring.term(p), 1)]
            found.append((normal.ring.term(primitive), sign))
    powers: dict[Any, int] = {}
    for node, exponent in found:
        powers[node] = powers.get(node, 0) + exponent
    return [(node, exponent) for node, exponent in powers.items() if exponent]


def by_definition(node: Any) -> Any:
    """`node` with u^v as e^(v ln u), which Coq takes for the same."""
    if isinstance(node, Expr):
        return node
    if isinstance(node, RealPower):
        return Apply("exp", Times(by_definition(node.exponent), Apply("ln", by_definition(node.base))))
    return rebuilt(node, by_definition)


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
