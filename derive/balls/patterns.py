"""Which definition a quantity falls under: heads as patterns over index positions.

In a head such as ``a[i, 1]`` an index stands for any value and an integer or a size for itself; ``h[t+1]``
is met by ``h[s]`` with t = s - 1. The head with more fixed positions wins, among equals the later one. In a
recursion a pattern whose index would leave its range is not met, so that ``h[0]`` can start it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeGuard

import sympy
from sympy import Add, Basic, Expr, Indexed, Integer, Symbol

from derive.balls.duals import Unsupported
from derive.balls.frames import Frame, Positions
from derive.balls.integers import IntegerClosure, compile_integer
from derive.terms.context import Context, Definition, Range
from derive.terms.growth import Growing
from derive.terms.terms import Partial, derivative_name

Key: TypeAlias = tuple[str, int]
"""A quantity's name and the number of its positions: 0 for a scalar."""


@dataclass(frozen=True)
class Slot:
    """One position of a head: `symbol` plus `offset`, or the fixed value of `literal`, which is `number` if it is one."""

    symbol: Symbol | None
    offset: int
    literal: IntegerClosure | None
    number: int | None = None


@dataclass(frozen=True)
class Pattern:
    """The slots of a head, in a recursion the lowest and the highest value of its indices, and the body."""

    slots: tuple[Slot, ...]
    lows: tuple[tuple[Symbol, IntegerClosure], ...]
    highs: tuple[tuple[Symbol, IntegerClosure], ...]
    body: Expr

    @property
    def specificity(self) -> int:
        symbols = [slot.symbol for slot in self.slots if slot.symbol is not None]
        return len(self.slots) - len(set(symbols))

    @property
    def positions(self) -> Positions:
        """The positions where each of them is a number, else none."""
        numbers = tuple(slot.number for slot in self.slots if slot.number is not None)
        return numbers if len(numbers) == len(self.slots) else ()

    def match(self, positions: Positions, frame: Frame) -> dict[Symbol, int] | None:
        """The values of the head's indices at `positions`, None if the head does not fit; `frame` knows the sizes."""
        found: dict[Symbol, int] = {}
        for slot, value in zip(self.slots, positions, strict=True):
            if slot.literal is not None:
                if slot.literal(frame) != value:
                    return None
            elif slot.symbol is not None and found.setdefault(slot.symbol, value - slot.offset) != value - slot.offset:
                return None
        if any(found[symbol] < low(frame) for symbol, low in self.lows):
            return None
        if any(found[symbol] > high(frame) for symbol, high in self.highs):
            return None
        return found


def parts(term: Basic) -> tuple[str, tuple[Expr, ...]] | None:
    """The name and the positions of a scalar or a member of a family, None for any other term.

    >>> parts(Symbol("L"))
    ('L', ())
    """
    if isinstance(term, Indexed):
        return str(term.base.label), tuple(term.indices)
    if isinstance(term, Symbol) and not isinstance(term, sympy.Dummy):
        return term.name, ()
    return None


def key_of(term: Basic) -> Key | None:
    """The name and the number of positions of a scalar or a member of a family."""
    known = parts(term)
    return None if known is None else (known[0], len(known[1]))


def opaque_name(quantity: Key, variable: Key) -> str:
    """The name under which an opaque derivative is a primitive; its positions are those of both, in this order."""
    return derivative_name(*quantity, variable[0])


Ranges: TypeAlias = tuple[tuple[Symbol, Range], ...]
Place: TypeAlias = tuple[int, int]
"""When a pattern is tried: by its specificity, among equals by its place among the definitions; the highest first."""


@dataclass(frozen=True)
class Heads:
    """The patterns of one quantity: those of members at given places by these, the others in the order of trial."""

    members: Mapping[Positions, tuple[Place, Pattern]] = field(default_factory=dict)
    others: tuple[tuple[Place, Pattern], ...] = ()

    def adding(self, number: int, found: Pattern) -> Heads:
        """With the pattern of definition `number`, which is the last one so far."""
        place = (found.specificity, number)
        positions = found.positions
        if positions:
            return Heads({**self.members, positions: (place, found)}, self.others)
        return Heads(self.members, tuple(sorted((*self.others, (place, found)), key=lambda each: each[0], reverse=True)))

    def all(self) -> tuple[Pattern, ...]:
        """Every pattern, in the order of trial."""
        found = sorted((*self.members.values(), *self.others), key=lambda each: each[0], reverse=True)
        return tuple(each for _, each in found)

    def matching(self, positions: Positions, frame: Frame) -> tuple[Pattern, dict[Symbol, int]] | None:
        """The first pattern that fits `positions`, with the values of its indices."""
        exact = self.members.get(positions)
        for place, each in self.others:
            if exact is not None and exact[0] > place:
                break
            found = each.match(positions, frame)
            if found is not None:
                return each, found
        return None if exact is None else (exact[1], {})


@dataclass(frozen=True)
class Patterns:
    """`heads` of every defined quantity and opaque derivative; `broken` says what is wrong with one that cannot be matched."""

    heads: Mapping[Key, Heads] = field(default_factory=dict)
    broken: Mapping[Key, str] = field(default_factory=dict)
    count: int = 0

    def __contains__(self, key: object) -> bool:
        return key in self.heads or key in self.broken


def _slot(position: Expr) -> Slot:
    def is_parameter(term: Basic) -> TypeGuard[Symbol]:
        return isinstance(term, Symbol) and bool(term.is_integer) and not term.is_positive

    if is_parameter(position):
        return Slot(position, 0, None)
    if isinstance(position, Add) and len(position.args) == 2:
        offset, symbol = position.args
        if isinstance(offset, Integer) and is_parameter(symbol):
            return Slot(symbol, int(offset), None)
    if any(is_parameter(symbol) for symbol in position.free_symbols):
        raise Unsupported(f"{position} in the head of a definition")
    return Slot(None, 0, compile_integer(position), int(position) if position.is_Integer else None)


def mentions(term: sympy.Basic, key: Key) -> bool:
    """Whether the quantity `key` occurs in `term`."""
    return any(key_of(node) == key for node in sympy.preorder_traversal(term))


def pattern(positions: Iterable[Expr], body: Expr, context: Context, recursive: bool) -> Pattern:
    """The pattern of a head with `positions`. Raises :class:`Unsupported` for a position it cannot match."""
    slots = tuple(_slot(position) for position in positions)
    symbols = dict.fromkeys(slot.symbol for slot in slots if slot.symbol is not None)
    spans = tuple((symbol, context.range_of(symbol)) for symbol in symbols) if recursive else ()
    lows = tuple((symbol, compile_integer(span.low)) for symbol, span in spans)
    highs = tuple((symbol, compile_integer(span.high)) for symbol, span in spans)
    return Pattern(slots, lows, highs, body)


def quantity_patterns(context: Context) -> Patterns:
    """The patterns of every defined quantity and opaque derivative."""
    return _patterns(context.definitions, context.ranges, context.size)


def _added(before: Patterns, new: tuple[Definition, ...], ranges: Ranges, size: Expr) -> Patterns:
    context = Context(ranges=ranges, size=size)
    heads, broken = dict(before.heads), dict(before.broken)
    for number, definition in enumerate(new, before.count):
        head = _head(definition)
        if head is None:
            continue
        name, positions = head
        key = (name, len(positions))
        try:
            found = pattern(positions, definition.body, context, mentions(definition.body, key))
        except Unsupported as error:
            broken[key] = str(error)
        else:
            heads[key] = heads.get(key, Heads()).adding(number, found)
    return Patterns(heads, broken, before.count + len(new))


def _head(definition: Definition) -> tuple[str, tuple[Expr, ...]] | None:
    if isinstance(definition.head, Partial):
        quantity, variable = parts(definition.head.expr), parts(definition.head.variable)
        if quantity is None or variable is None:
            return None
        return derivative_name(quantity[0], len(quantity[1]), variable[0]), quantity[1] + variable[1]
    return parts(definition.head)


_patterns = Growing(Patterns(), _added)
