"""What is known at a place in a document: ranges, definitions, facts; and the claims that are judged there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Expr, IndexedBase, Integer, Symbol

from derive.terms import terms
from derive.terms.growth import Growing
from derive.terms.heads import ByHead, name_of
from derive.terms.origins import Origin
from derive.terms.relations import RelationKey


@dataclass(frozen=True)
class Range:
    """The integers from `low` to `high`, both included; empty when ``high < low``."""

    low: Expr
    high: Expr


@dataclass(frozen=True)
class Definition:
    """`head` is an abbreviation of `body`.

    The head is a scalar ``L``, a member ``a[i]`` (its free indices stand for any value, numbers for
    themselves), a :class:`~derive.terms.terms.Call` whose arguments are the parameters, or a
    :class:`~derive.terms.terms.Partial` (the derivative of a quantity that is not known otherwise).
    """

    head: Expr
    body: Expr
    source: str = ""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.head, self.body, self.source))


@dataclass(frozen=True)
class Fact:
    """A hypothesis ``left relation right``, for all values of the indices in `forall`."""

    left: Expr
    relation: RelationKey
    right: Expr
    forall: tuple[Symbol, ...] = ()
    latex: str = ""
    text: str = ""
    origin: Origin = Origin.STATED

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.left, self.relation, self.right, self.forall, self.latex, self.text, self.origin))


_NAMELESS = " (unnamed)"


def is_nameless(place: Symbol) -> bool:
    """Whether `place` is where a one-hot family is 1 that no formula names; its name is no letter for another index."""
    return place.name.endswith(_NAMELESS)


@dataclass(frozen=True)
class OneHot:
    """The family (one index) is 1 at `at` and 0 elsewhere; `at` None means at some place that is not named."""

    family: IndexedBase
    at: Expr | None = None
    latex: str = ""
    text: str = ""
    origin: Origin = Origin.STATED

    @property
    def unnamed(self) -> Symbol:
        """An index whose name no formula can have."""
        return terms.index(f"c_{self.family.label}{_NAMELESS}")

    @property
    def place(self) -> Expr:
        """`at`, or the index that stands for it."""
        return self.unnamed if self.at is None else self.at


@dataclass(frozen=True)
class HeldFixed:
    """A reading: in a derivative by a part of a composite, `term` is another part and does not change."""

    term: Expr


@dataclass(frozen=True)
class DependsOn:
    """A reading of a chain rule: `quantity` depends on `variables` through `inner` alone.

    Each of `inner` stands for itself, or, where `spans` gives the ranges of its places, for all members of its family.
    """

    quantity: Expr
    variables: tuple[Expr, ...]
    inner: tuple[Expr, ...]
    spans: tuple[tuple[Range, ...], ...] = ()


Assumption = Fact | OneHot | HeldFixed | DependsOn


@dataclass(frozen=True)
class Obligation:
    """A domain fact a side relies on: ``term relation 0`` for all values of the bound indices in `binders`.

    `relation` is ``!=``, ``>`` or ``>=``; each binder is ``(index, low, high)``. `brought` tells that only what stands
    on the right relies on it: a step is read from left to right, so that it is then a condition of the step. `jump` tells that
    the side has a value without it, which was left out: it is a condition wherever it stands.
    """

    term: Expr
    relation: RelationKey
    binders: tuple[tuple[Symbol, Expr, Expr], ...] = ()
    latex: str = ""
    brought: bool = field(default=False, compare=False)
    jump: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Claim:
    """``left relation right``, with the obligations its author took on by writing it.

    `rounding` is the number of decimals to which an equation of numbers is meant, None for exactly. `entries` are the
    indices at which a statement between vectors is read: it must hold at all of them, so that no condition may be put
    on one. `given` is what an implication says it follows from: it holds under that. `either` says that
    it stands for one of two equations, as ± does. `held` are names that a differential holds fixed since they have none of
    their own, although nothing says that they are constant. `chain` is the first side of the chain in which it is a later
    link: what its author had in mind, not what it says.
    """

    left: Expr
    relation: RelationKey
    right: Expr
    obligations: tuple[Obligation, ...] = ()
    rounding: int | None = None
    latex: str = ""
    entries: tuple[Symbol, ...] = ()
    held: tuple[HeldFixed, ...] = ()
    chain: Expr | None = field(default=None, compare=False, repr=False)
    given: tuple[Fact, ...] = ()
    either: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Through:
    """The quantity `name` is a function of `inner` alone, a family whose places have these ranges, or a scalar without any."""

    name: str
    inner: str
    spans: tuple[Range, ...] = ()


@dataclass(frozen=True)
class Context:
    """Everything that may be used at a place. Immutable: each method returns a new context.

    `ranges` gives the range of each index that has one of its own; the others run over 1..`size`. `shapes`
    gives the ranges of a family's positions where they are known. `constants` are names that depend on nothing,
    `recurrent` holds recurrences, which are not unfolded: their families are :attr:`recurring`. `through` says of unknown
    quantities what they are functions of.
    """

    ranges: tuple[tuple[Symbol, Range], ...] = ()
    shapes: tuple[tuple[str, tuple[Range, ...]], ...] = ()
    definitions: tuple[Definition, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    constants: tuple[str, ...] = ()
    recurrent: tuple[Definition, ...] = ()
    through: tuple[Through, ...] = ()
    size: Expr = field(default_factory=lambda: terms.size("n"))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(
            (
                self.ranges,
                self.shapes,
                _chained(self.definitions),
                _chained(self.assumptions),
                self.constants,
                self.recurrent,
                self.through,
                self.size,
            )
        )

    @cached_property
    def known(self) -> ByHead[Definition]:
        """Where the definitions are found by name; that of a context that grows out of this one goes on from it."""
        return _by_head(self.definitions)

    @cached_property
    def recurring(self) -> frozenset[str]:
        """The names of the families that a recurrence gives."""
        return frozenset(name_of(each.head) for each in self.recurrent)

    def range_of(self, symbol: Expr) -> Range:
        for known, span in self.ranges:
            if known == symbol:
                return span
        return Range(Integer(1), self.size)

    def shape_of(self, name: str) -> tuple[Range, ...] | None:
        for known, spans in self.shapes:
            if known == name:
                return spans
        return None

    def with_range(self, symbol: Symbol, span: Range) -> Context:
        kept = tuple(pair for pair in self.ranges if pair[0] != symbol)
        return replace(self, ranges=(*kept, (symbol, span)))

    def with_shape(self, name: str, spans: Iterable[Range]) -> Context:
        kept = tuple(pair for pair in self.shapes if pair[0] != name)
        return replace(self, shapes=(*kept, (name, tuple(spans))))

    def define(self, *definitions: Definition) -> Context:
        """With `definitions` added; a later definition of the same head replaces an earlier one."""
        heads = {definition.head for definition in definitions}
        again = any(known.head in heads for head in heads for known in self.known.near(head))
        kept = tuple(known for known in self.definitions if known.head not in heads) if again else self.definitions
        return replace(self, definitions=(*kept, *definitions))

    def assume(self, *assumptions: Assumption) -> Context:
        if not assumptions:
            return self
        return replace(self, assumptions=(*self.assumptions, *assumptions))


def _chain(before: int, new: tuple[object, ...]) -> int:
    for item in new:
        before = hash((before, item))
    return before


_chained = Growing(0, _chain)
_by_head = Growing(ByHead[Definition](), ByHead[Definition].adding)
