"""Which names lead to which through definitions, and which hypotheses bear on a claim: looked up, not searched for.

A document's definitions and assumptions are indexed once, while it grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import sympy
from sympy import Expr, Indexed, Symbol

from derive.balls.patterns import key_of, opaque_name, parts
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Definition, Fact, HeldFixed, OneHot
from derive.terms.growth import Growing
from derive.terms.heads import name_of
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
    """What an assumption is about: `names` of quantities, which lead to others, and `others`, which do not.

    Of a family of which it speaks only at some literal places these `members` are told, and not its name: what is said of x_1
    bears on nothing that is said of x_2.
    """

    names: frozenset[str]
    others: frozenset[str]
    members: frozenset[Expr] = frozenset()


@dataclass(frozen=True)
class Hypotheses:
    """The numbers of the assumptions about each topic, and of those that are about nothing but sizes.

    `by_family` has for each name those that are about its members only.
    """

    by_name: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    by_member: Mapping[Expr, tuple[int, ...]] = field(default_factory=dict)
    by_family: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
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
    """The assumptions that share a quantity or a free index with `about`, directly or not; each round in their order.

    Members of a family that definitions speak of are not told apart.
    """
    if not context.assumptions:
        return []
    index, linked = _hypotheses(context.assumptions), links(context)
    asked = _topics(about, ())
    fresh = closed(context, asked.names | _defined_families(asked.members, linked)) | asked.others
    known, leading = set(fresh), set[str]()
    single = set(asked.members)
    members = set(single)
    near, seen = set(index.of_sizes), set[int]()
    kept: list[Assumption] = []
    while True:
        backwards = _reached(fresh, linked.mentioning) - leading if index.count else set()
        leading |= backwards
        for name in backwards:
            near.update(index.by_name.get(name, ()), index.by_family.get(name, ()))
        for member in single:
            near.update(*(table.get(name_of(member), ()) for table in (index.by_name, index.by_other)))
            near.update(index.by_member.get(member, ()))
        near.update(number for topic in fresh for number in index.by_other.get(topic, ()))
        near -= seen
        if not near:
            return kept
        met, others, single = set[str](), set[str](), set[Expr]()
        for number in sorted(near):
            assumption = context.assumptions[number]
            kept.append(assumption)
            if (topics := _topics_of(assumption)) is not None:
                met |= topics.names | _defined_families(topics.members, linked)
                others |= {topic for topic in topics.others if not topic.startswith(SIZE)}
                single |= topics.members - members
        seen |= near
        near = set()
        members |= single
        fresh = (closed(context, met) | others) - known
        known |= fresh


def bearing(claim: Claim, context: Context) -> Context:
    """`context` with those assumptions only that bear on `claim`."""
    about = [claim.left, claim.right, *(obligation.term for obligation in claim.obligations)]
    near = {id(each) for each in relevant(context, about)}  # those of the context itself, of which there may be thousands
    kept = tuple(each for each in context.assumptions if id(each) in near or isinstance(each, HeldFixed))
    return replace(context, assumptions=kept)


def _defined_families(members: Iterable[Expr], linked: Links) -> set[str]:
    """The names of the members that definitions give, or speak of."""
    return {name for member in members if (name := name_of(member)) in linked.mentioned or name in linked.mentioning}


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
    general = frozenset[str]().union(*(_names_in(term, _members_in(term)) for term in found))
    alone = frozenset(m for term in found for m in _members_in(term) if name_of(m) not in general)
    return Topics(general, frozenset(free | {f"{SIZE}{name}" for name in size_names(found)}), alone)


@lru_cache(maxsize=4096)
def _topics_of(assumption: Assumption) -> Topics | None:
    """The topics of an assumption, None for one that no point has to obey."""
    if isinstance(assumption, Fact):
        return _topics((assumption.left, assumption.right), assumption.forall)
    if isinstance(assumption, OneHot):
        at = _topics(() if assumption.at is None else (assumption.at,), ())
        return Topics(at.names, at.others | {str(assumption.family.label)}, at.members)
    return None


def _indexed(before: Hypotheses, new: tuple[Assumption, ...]) -> Hypotheses:
    by_name, by_other, of_sizes = dict(before.by_name), dict(before.by_other), before.of_sizes
    by_member, by_family = dict(before.by_member), dict(before.by_family)
    for number, assumption in enumerate(new, before.count):
        topics = _topics_of(assumption)
        if topics is None:
            continue
        for table, found in ((by_name, topics.names), (by_other, topics.others)):
            for topic in found:
                table[topic] = (*table.get(topic, ()), number)
        for member in topics.members:
            by_member[member] = (*by_member.get(member, ()), number)
        for name in {name_of(member) for member in topics.members}:
            by_family[name] = (*by_family.get(name, ()), number)
        if not topics.names and not topics.members and all(topic.startswith(SIZE) for topic in topics.others):
            of_sizes = (*of_sizes, number)
    return Hypotheses(by_name, by_member, by_family, by_other, of_sizes, before.count + len(new))


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
def _members_in(term: Expr) -> frozenset[Expr]:
    """The members at literal places of which a term speaks; none of a term with derivatives, which speak of families."""
    if term.has(Partial):
        return frozenset()
    return frozenset(node for node in term.atoms(Indexed) if all(position.is_Integer for position in node.indices))


@lru_cache(maxsize=4096)
def _names_in(term: Expr, without: frozenset[Expr] = frozenset()) -> frozenset[str]:
    """The names in a term, but for those in the members `without`."""
    names: set[str] = set()
    waiting: list[sympy.Basic] = [term]
    while waiting:
        node = waiting.pop()
        if node in without:
            continue
        waiting += node.args
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
