"""Derivatives of a quantity that is not known: ``∂E/∂a_i`` where E has no definition.

Such a derivative is a primitive of its own, named by :func:`derive.balls.patterns.opaque_name`. A
quantity is taken as a function of exactly those families with respect to which the text differentiates
it. If one of them is defined from another (a from z), then only the later one (a) counts, and the chain
rule gives the other: ``∂E/∂z_k = Σ_i ∂E/∂a_i ∂a_i/∂z_k``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache

import sympy
from sympy import Expr

from derive.balls.patterns import Key, Pattern, key_of, opaque_name, quantity_patterns
from derive.terms.context import Assumption, Context, Definition, Fact
from derive.terms.growth import Growing
from derive.terms.terms import Call, Partial


@dataclass(frozen=True)
class Opaque:
    """`variables` of each unknown quantity; `influences` of each opaque derivative: what it may itself depend on.

    `reach` is what each defined quantity rests on, `beyond` the same with unknown quantities, which rest on their variables:
    it counts for those of which the document says what they are functions of, `told`.
    """

    variables: Mapping[Key, tuple[Key, ...]]
    influences: Mapping[Key, frozenset[Key]]
    reach: Mapping[Key, frozenset[Key]]
    beyond: Mapping[Key, frozenset[Key]] = field(default_factory=dict)
    told: frozenset[str] = frozenset()

    def rests_on(self, quantity: str, variable: Key) -> frozenset[Key]:
        """What a variable of the unknown `quantity` depends on."""
        return (self.beyond if quantity in self.told else self.reach).get(variable, frozenset())


def opaque_derivatives(context: Context, terms: Iterable[Expr]) -> Opaque:
    """The unknown quantities that `terms` or the context differentiate."""
    pairs = [pair for term in terms for pair in _differentiated(term, context)]
    pairs += [pair for term in _known(context) for pair in _differentiated(term, context)]
    if not pairs:
        return Opaque({}, {}, {})
    reach = _reaching(context)
    found: dict[Key, dict[Key, None]] = {}
    for quantity, variable in pairs:
        found.setdefault(quantity, {})[variable] = None
    variables = {
        quantity: tuple(each for each in given if not any(each in reach.get(other, ()) for other in given))
        for quantity, given in found.items()
    }
    told = frozenset(each.name for each in context.through)
    for quantity in [each for each in variables if each[0] in told]:
        inner = {each.inner for each in context.through if each.name == quantity[0]}
        variables[quantity] = tuple(each for each in found[quantity] if each[0] in inner) or variables[quantity]
    influences = {}
    for quantity, kept in variables.items():
        whole = frozenset(kept).union(*(reach.get(each, frozenset()) for each in kept))
        for each in kept:
            influences[opaque_name(quantity, each), quantity[1] + each[1]] = whole
    beyond = _closed({**reach, **{each: frozenset(kept) | reach.get(each, frozenset()) for each, kept in variables.items()}})
    return Opaque(variables, influences, reach, beyond if told else {}, told)


def _known(context: Context) -> tuple[Expr, ...]:
    """The sides of definitions and assumptions in which something is differentiated."""
    return _sloping_definitions(context.definitions) + _sloping_assumptions(context.assumptions)


def _of_definitions(before: tuple[Expr, ...], new: tuple[Definition, ...]) -> tuple[Expr, ...]:
    return before + tuple(side for each in new for side in (each.head, each.body) if side.has(Partial))


def _of_assumptions(before: tuple[Expr, ...], new: tuple[Assumption, ...]) -> tuple[Expr, ...]:
    return before + tuple(
        side for each in new if isinstance(each, Fact) for side in (each.left, each.right) if side.has(Partial)
    )


@lru_cache(maxsize=16)
def _reaching(context: Context) -> dict[Key, frozenset[Key]]:
    """What each defined quantity rests on."""
    return _reach(context, {key: heads.all() for key, heads in quantity_patterns(context).heads.items()})


def _differentiated(term: Expr, context: Context) -> Iterator[tuple[Key, Key]]:
    """The pairs of an unknown quantity and what it is differentiated by in `term`."""
    patterns = None
    for node in sympy.preorder_traversal(term):
        if isinstance(node, Partial) and not node.expr.is_integer:
            quantity, variable = key_of(node.expr), key_of(node.variable)
            if quantity is None or variable is None or quantity == variable or quantity[0] in context.constants:
                continue
            patterns = patterns or quantity_patterns(context)
            if quantity not in patterns:
                yield quantity, variable


def _reach(context: Context, patterns: Mapping[Key, tuple[Pattern, ...]]) -> dict[Key, frozenset[Key]]:
    """For each defined quantity, the quantities its definition rests on, directly or not (itself left out)."""
    calls: dict[str, list[Expr]] = {}
    for definition in context.definitions:
        if isinstance(definition.head, Call):
            calls.setdefault(definition.head.name, []).append(definition.body)

    def direct(body: Expr, seen_calls: frozenset[str]) -> set[Key]:
        keys: set[Key] = set()
        for node in sympy.preorder_traversal(body):
            key = key_of(node)
            if key is not None:
                keys.add(key)
            if isinstance(node, Call) and node.name not in seen_calls:
                for inner in calls.get(node.name, ()):
                    keys |= direct(inner, seen_calls | {node.name})
        return keys

    edges = {key: set().union(*(direct(each.body, frozenset()) for each in found)) for key, found in patterns.items()}
    return _closed(edges)


def _closed(edges: Mapping[Key, Set[Key]]) -> dict[Key, frozenset[Key]]:
    """What each quantity leads to, directly or through others."""
    closed: dict[Key, frozenset[Key]] = {}
    for key, first in edges.items():
        seen: set[Key] = set()
        waiting = list(first)
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                waiting.extend(edges.get(each, ()))
        closed[key] = frozenset(seen - {key})
    return closed


_sloping_definitions = Growing[tuple[Expr, ...]]((), _of_definitions)
_sloping_assumptions = Growing[tuple[Expr, ...]]((), _of_assumptions)
