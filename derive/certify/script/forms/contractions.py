"""Premises that replace a sum of products, as that A B is the identity: where a sum contains one, it is replaced there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol

from derive.certify.script.forms.facts import Contraction, Facts
from derive.certify.script.forms.flat import Binder, nested, ranging
from derive.certify.script.forms.polynomials import Monomial
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.syntax import Node, Ref, Sum, Term, Times, at_indices, symbols

Values = Mapping[Symbol, Expr]


@dataclass(frozen=True)
class Contracted:
    """A sum in which a premise applies: over `kept` of `rest` times a sum over `gone` of `pattern`, which has a `value`.

    `places` are the values of the premise's indices.
    """

    rule: Contraction
    places: tuple[Expr, ...]
    kept: tuple[Binder, ...]
    gone: tuple[Binder, ...]
    rest: Term
    pattern: Term
    value: Term

    @property
    def result(self) -> Term:
        """What it is equal to."""
        return nested(self.kept, Times(self.rest, self.value))


def opened(node: Any) -> tuple[list[Binder], Any]:
    """The binders of a sum over sums, and what stands under all of them."""
    binders = []
    while isinstance(node, Sum):
        binders.append((node.index, node.low, node.high))
        node = node.body
    return binders, node


def contracted(normal: NormalForms, monomial: Monomial, binders: Sequence[Binder], facts: Facts) -> Contracted | None:
    """The first premise that applies to the sum over the binders of a product."""
    within = ranging(facts, binders)
    bound = {binder[0]: binder for binder in binders}
    factors = [g for g, e in monomial for _ in range(max(e, 0))]
    for rule in facts.contractions:
        own, body = opened(rule.generator)
        (wanted,) = normal.of(body, ranging(ranging(facts, own), rule.binders)) or ((),)
        parts = [g for g, e in wanted for _ in range(max(e, 0))]
        if not wanted or any(e < 0 for _, e in wanted) or len(parts) > len(factors):
            continue
        free = frozenset((*(symbol for symbol, _, _ in own), *(symbol for symbol, _, _ in rule.binders)))
        for values, used in _matches(parts, factors, {}, (), free, within):
            found = _applied(normal, rule, own, body, monomial, [factors[place] for place in used], values, bound, within)
            if found is not None:
                return found
    return None


def _applied(
    normal: NormalForms,
    rule: Contraction,
    own: Sequence[Binder],
    body: Term,
    monomial: Monomial,
    used: Sequence[Any],
    values: Values,
    bound: Mapping[Symbol, Binder],
    facts: Facts,
) -> Contracted | None:
    """What becomes of the sum, if the indices of the match are summed over nowhere else and are in range."""
    gone = []
    for symbol, low, high in own:
        binder = bound.get(values[symbol]) if isinstance(values[symbol], Symbol) else None  # type: ignore[call-overload]
        if binder is None or binder[1:] != (low, high) or binder in gone:
            return None
        gone.append(binder)
    summed = {binder[0] for binder in gone}
    places = []
    for symbol, low, high in rule.binders:
        place = values[symbol]
        if place.free_symbols & summed or not facts.within(place, low, high):
            return None
        places.append(place)
    powers = dict(monomial)
    for g in used:
        powers[g] -= 1
    rest = normal.ring.monomial(powers)
    if any(symbols(g) & summed for g, _ in rest):
        return None
    kept = tuple(binder for binder in bound.values() if binder not in gone)
    ends = {symbol: place for (symbol, _, _), place in zip(rule.binders, places, strict=True)}
    inside: Term = at_indices(body, {**values})
    value: Term = at_indices(rule.value, ends)
    return Contracted(rule, tuple(places), kept, tuple(gone), normal.ring.monomial_term(rest), inside, value)


def _matches(
    parts: Sequence[Any],
    factors: Sequence[Any],
    values: Values,
    used: tuple[int, ...],
    free: frozenset[Symbol],
    facts: Facts,
) -> Iterator[tuple[Values, tuple[int, ...]]]:
    """All ways in which the parts of a pattern are among the factors, each at a place of its own."""
    if not parts:
        yield values, used
        return
    for place, factor in enumerate(factors):
        if place not in used:
            for found in _unified(parts[0], factor, values, free, facts):
                yield from _matches(parts[1:], factors, found, (*used, place), free, facts)


def _unified(pattern: Any, node: Any, values: Values, free: frozenset[Symbol], facts: Facts) -> Iterator[Values]:
    """The values of free indices for which the pattern is the node."""
    if isinstance(pattern, Expr) and isinstance(node, Expr):
        if isinstance(pattern, Symbol) and pattern in free and pattern not in values:
            yield {**values, pattern: node}
        elif pattern.xreplace(dict(values)) == node:
            yield values
        return
    if isinstance(pattern, tuple) and isinstance(node, tuple) and len(pattern) == len(node):
        yield from _together(list(zip(pattern, node, strict=True)), values, free, facts)
        return
    if not isinstance(pattern, Node):
        if pattern == node:
            yield values
        return
    if type(pattern) is not type(node):
        return
    yield from _together(list(zip(pattern.parts, node.parts, strict=True)), values, free, facts)
    exchanged = facts.exchanged(node) if isinstance(node, Ref) else None
    if exchanged is not None:
        yield from _together(list(zip(pattern.parts, exchanged[0].parts, strict=True)), values, free, facts)


def _together(pairs: list[tuple[Any, Any]], values: Values, free: frozenset[Symbol], facts: Facts) -> Iterator[Values]:
    if not pairs:
        yield values
        return
    for found in _unified(*pairs[0], values, free, facts):
        yield from _together(pairs[1:], found, free, facts)
