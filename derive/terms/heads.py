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


class Headed(Protocol):
    """What is found by its head."""

    @property
    def head(self) -> Expr: ...


D = TypeVar("D", bound=Headed)


def name_of(head: Expr) -> str:
    """The name under which a definition with this head is found.

    >>> name_of(Partial(terms.scalar("E"), terms.family("a")[terms.index("i")]))
    '∂E/∂a'
    """
    if isinstance(head, Indexed):
        return str(head.base.label)
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

    def get(self, key: Head) -> tuple[D, ...]:
        """The definitions under this kind and name, in order."""
        found: tuple[D, ...] = ()
        for layer in self.layers:
            found += layer.get(key, ())
        return found

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
        for each in definitions:
            key = key_of(each.head)
            new[key] = (*new.get(key, ()), each)
        layers = list(self.layers)
        while new and layers and len(layers[-1]) <= len(new):
            merged = dict(layers.pop())
            for key, found in new.items():
                merged[key] = merged.get(key, ()) + found
            new = merged
        return ByHead((*layers, new)) if new else self
