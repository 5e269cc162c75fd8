"""The heads of definitions, ``L``, ``a_i``, ``f(x)``, ``∂E/∂a_i``, and the definitions found by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.terms import terms
from derive.terms.terms import Call, Partial

Head = tuple[type, str]
"""The kind of a head and its name: a scalar, a family and a function may share one."""
General = tuple[Head]
"""Stands for the heads of this kind and name that are no member at given places."""


class Headed(Protocol):
    """What is found by its head."""

    @property
    def head(self) -> Expr: ...


D = TypeVar("D", bound=Headed)
K = TypeVar("K")
V = TypeVar("V")


def name_of(head: Expr) -> str:
    """The name under which a definition with this head is found.

    >>> name_of(Partial(terms.scalar("E"), terms.family("a")[terms.index("i")]))
    '∂E/∂a'
    """
    if isinstance(head, Indexed):
        label = head.base.label
        return label.name if type(label) is Symbol else str(label)
    if isinstance(head, Partial):
        return terms.derivative_name(name_of(head.expr), len(positions_of(head.expr)), name_of(head.variable))
    if isinstance(head, (Call, Symbol)):
        return head.name
    if isinstance(head, IndexedBase):
        return str(head.label)
    raise ValueError(f"a name, a member of a family or a call was expected, found {head}")


def positions_of(head: Expr) -> tuple[Expr, ...]:
    """The indices of a head: those of a member, and of both parts of an opaque derivative."""
    if isinstance(head, Indexed):
        return tuple(head.indices)
    if isinstance(head, Partial):
        return positions_of(head.expr) + positions_of(head.variable)
    return ()


def key_of(head: Expr) -> Head:
    """What a head is, and its name."""
    return type(head), name_of(head)


def is_particular(head: Expr) -> bool:
    """Whether it is one member, at places that are numbers: ``a_3``, which no other such member coincides with."""
    return isinstance(head, Indexed) and all(place.is_Integer for place in head.indices)


@dataclass(frozen=True)
class ByHead(Generic[D]):
    """Definitions by the kind and name of their heads, in layers of falling size.

    What is added comes as a layer of its own and is merged with those before it that are no larger, so that each definition
    is copied about log n times while n of them are read, and no context keeps a table of its own.

    >>> from derive.terms.context import Definition
    >>> x, y = terms.scalar("x"), terms.scalar("y")
    >>> found = ByHead().adding([Definition(x, y)]).adding([Definition(x, 2 * y)])
    >>> [each.body for each in found.get(key_of(x))]
    [y, 2*y]
    """

    layers: tuple[dict[Head, tuple[D, ...]], ...] = ()
    places: tuple[dict[Expr | General, tuple[tuple[int, D], ...]], ...] = ()
    count: int = 0

    def get(self, key: Head) -> tuple[D, ...]:
        """The definitions under this kind and name, in order."""
        found: tuple[D, ...] = ()
        for layer in self.layers:
            found += layer.get(key, ())
        return found

    def near(self, head: Expr) -> tuple[D, ...]:
        """The definitions that may apply to `head`, in order: those of its kind and name without other particular members."""
        if not is_particular(head):
            return self.get(key_of(head))
        found = [item for key in ((key_of(head),), head) for layer in self.places for item in layer.get(key, ())]
        return tuple(each for _, each in sorted(found, key=lambda item: item[0]))

    def __contains__(self, key: object) -> bool:
        return any(key in layer for layer in self.layers)

    def keys(self) -> frozenset[Head]:
        """The kinds and names of all heads."""
        return frozenset().union(*self.layers)

    def names(self, name: str) -> bool:
        """Whether a definition has this name, whatever its kind."""
        return any((kind, name) in self for kind in (Symbol, Indexed, Call, Partial, IndexedBase))

    def adding(self, definitions: Iterable[D]) -> ByHead[D]:
        """With `definitions` behind those that are there.

        Raises:
            ValueError: if one has a head without a name.
        """
        new: dict[Head, tuple[D, ...]] = {}
        members: dict[Expr | General, tuple[tuple[int, D], ...]] = {}
        count = self.count
        for each in definitions:
            key = key_of(each.head)
            new[key] = (*new.get(key, ()), each)
            if key[0] is Indexed:
                place = each.head if is_particular(each.head) else (key,)
                members[place] = (*members.get(place, ()), (count, each))
            count += 1
        return ByHead(_with_layer(self.layers, new), _with_layer(self.places, members), count) if new else self


def _with_layer(layers: tuple[dict[K, tuple[V, ...]], ...], new: dict[K, tuple[V, ...]]) -> tuple[dict[K, tuple[V, ...]], ...]:
    """The layers with one more, merged with those before it that are no larger."""
    kept = list(layers)
    while new and kept and len(kept[-1]) <= len(new):
        merged = dict(kept.pop())
        for key, found in new.items():
            merged[key] = merged.get(key, ()) + found
        new = merged
    return (*kept, new) if new else layers
