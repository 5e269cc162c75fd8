"""Which names lead to which through definitions, and which hypotheses bear on a claim: looked up, not searched for.

A document's definitions and assumptions are indexed once, while it grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import sympy
from sympy import Expr, Symbol

from derive.balls.patterns import key_of, opaque_name, parts
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Definition, Fact, HeldFixed, OneHot
from derive.terms.growth import Growing
from derive.terms.terms import Call, Partial

NOTHING: frozenset[str] = frozenset()
SIZE = "size "


@dataclass(frozen=True)
class Links:
    """What the definitions of a name mention, by whom it is mentioned, their free indices, and the sizes in their bodies.

    `sizes` are those in any head or body.
    """

    mentioned: Mapping[str, frozenset[str]] = field(default_factory=dict)
    mentioning: Mapping[str, frozenset[str]] = field(default_factory=dict)
    indices: Mapping[str, frozenset[Symbol]] = field(default_factory=dict)
    sizes_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sizes: frozenset[str] = NOTHING


@dataclass(frozen=True)
class Topics:
    """What an assumption is about: `names` of quantities, which lead to others, and `others`, which do not."""

    names: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True)
class Hypotheses:
    """The numbers of the assumptions about each topic, and of those that are about nothing but sizes."""

    by_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    by_other: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    of_sizes: tuple[int, ...] = ()
    count: int = 0


def links(context: Context) -> Links:
    """How the names that `context` defines hang together."""
    return _links(context.definitions)


def closed(context: Context, found: Iterable[str]) -> set[str]:
    """The names `found` and all that their definitions mention."""
    return _reached(found, links(context).mentioned)


def relevant(context: Context, about: list[Expr]) -> list[Assumption]:
    """The assumptions that share a quantity or a free index with `about`, directly or not; each round in their order."""
    if not context.assumptions:
        return []
    index, linked = _hypotheses(context.assumptions), links(context)
    asked = _topics(about, ())
    fresh = closed(context, asked.names) | asked.others
    known, leading = set(fresh), set[str]()
    near, seen = set(index.of_sizes), set[int]()
    kept: list[Assumption] = []
    while True:
        backwards = _reached(fresh, linked.mentioning) - leading if index.by_name else set()
        leading |= backwards
        near.update(number for name in backwards for number in index.by_name.get(name, ()))
        near.update(number for topic in fresh for number in index.by_other.get(topic, ()))
        near -= seen
        if not near:
            return kept
        met, others = set[str](), set[str]()
        for number in sorted(near):
            assumption = context.assumptions[number]
            kept.append(assumption)
            if (topics := _topics_of(assumption)) is not None:
                met |= topics.names
                others |= {topic for topic in topics.others if not topic.startswith(SIZE)}
        seen |= near
        near = set()
        fresh = (closed(context, met) | others) - known
        known |= fresh


def bearing(claim: Claim, context: Context) -> Context:
    """`context` with those assumptions only that bear on `claim`."""
    near = set(relevant(context, [claim.left, claim.right, *(obligation.term for obligation in claim.obligations)]))
    kept = tuple(each for each in context.assumptions if each in near or isinstance(each, HeldFixed))
    return replace(context, assumptions=kept)


def size_names(found: Iterable[Expr]) -> set[str]:
    """The names of the sizes in some terms."""
    return set().union(*(_sizes_in(term) for term in found))


def names(found: Iterable[Expr]) -> set[str]:
    """The names of the quantities, functions, families and opaque derivatives in some terms."""
    return set().union(*(_names_in(term) for term in found))


def _reached(start: Iterable[str], graph: Mapping[str, frozenset[str]]) -> set[str]:
    found = set(start)
    waiting = list(found)
    while waiting:
        more = graph.get(waiting.pop(), NOTHING) - found
        found |= more
        waiting += more
    return found


def _topics(found: Iterable[Expr], hidden: Iterable[Symbol]) -> Topics:
    found, own = list(found), set(hidden)
    free = {f"index {s.name}" for term in found for s in terms.free_indices(term) if s not in own}
    return Topics(frozenset(names(found)), frozenset(free | {f"{SIZE}{name}" for name in size_names(found)}))


@lru_cache(maxsize=4096)
def _topics_of(assumption: Assumption) -> Topics | None:
    """The topics of an assumption, None for one that no point has to obey."""
    if isinstance(assumption, Fact):
        return _topics((assumption.left, assumption.right), assumption.forall)
    if isinstance(assumption, OneHot):
        at = _topics(() if assumption.at is None else (assumption.at,), ())
        return Topics(at.names, at.others | {str(assumption.family.label)})
    return None


def _indexed(before: Hypotheses, new: tuple[Assumption, ...]) -> Hypotheses:
    by_name, by_other, of_sizes = dict(before.by_name), dict(before.by_other), before.of_sizes
    for number, assumption in enumerate(new, before.count):
        topics = _topics_of(assumption)
        if topics is None:
            continue
        for table, found in ((by_name, topics.names), (by_other, topics.others)):
            for topic in found:
                table[topic] = (*table.get(topic, ()), number)
        if not topics.names and all(topic.startswith(SIZE) for topic in topics.others):
            of_sizes = (*of_sizes, number)
    return Hypotheses(by_name, by_other, of_sizes, before.count + len(new))


def _linked(before: Links, new: tuple[Definition, ...]) -> Links:
    mentioned, mentioning = dict(before.mentioned), dict(before.mentioning)
    indices, sizes_of, sizes = dict(before.indices), dict(before.sizes_of), before.sizes
    for each in new:
        heads, inside = _names_in(_key_part(each.head)), _names_in(each.body)
        own = frozenset(terms.free_indices(each.body)) - each.head.free_symbols
        in_body = _sizes_in(each.body)
        sizes |= in_body | _sizes_in(each.head)
        for name in heads:
            mentioned[name] = mentioned.get(name, NOTHING) | inside
            if own:
                indices[name] = indices.get(name, frozenset()) | own
            if in_body:
                sizes_of[name] = sizes_of.get(name, NOTHING) | in_body
        for name in inside:
            mentioning[name] = mentioning.get(name, NOTHING) | heads
    return Links(mentioned, mentioning, indices, sizes_of, sizes)


@lru_cache(maxsize=4096)
def _sizes_in(term: Expr) -> frozenset[str]:
    return frozenset(
        node.name
        for node in sympy.preorder_traversal(term)
        if isinstance(node, Symbol) and node.is_integer and node.is_positive
    )


@lru_cache(maxsize=4096)
def _names_in(term: Expr) -> frozenset[str]:
    names: set[str] = set()
    for node in sympy.preorder_traversal(term):
        known = parts(node)
        if known is not None and not (isinstance(node, Symbol) and node.is_integer):
            names.add(known[0])
        elif isinstance(node, Call):
            names.add(node.name)
        elif isinstance(node, sympy.IndexedBase):
            names.add(str(node.label))
        elif isinstance(node, Partial):
            quantity, variable = key_of(node.expr), key_of(node.variable)
            if quantity is not None and variable is not None:
                names.add(opaque_name(quantity, variable))
    return frozenset(names)


def _key_part(head: Expr) -> Expr:
    """The part of a definition's head that names what it defines: a function's name without its parameters."""
    return Call(head.args[0], ()) if isinstance(head, Call) else head


_links = Growing(Links(), _linked)
_hypotheses = Growing(Hypotheses(), _indexed)
