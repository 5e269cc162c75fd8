"""A point at which terms are evaluated: sizes, indices, numbers for primitives, definitions, and what a derivative moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import mpmath
import sympy
from sympy import Expr, Indexed, Symbol

from derive.terms.context import Context, Definition
from derive.terms.terms import Call, Partial

DIGITS = 60
MP = mpmath.mp.clone()
MP.dps = DIGITS
STEP = MP.mpf(10) ** -15
NEAR = MP.mpf(10) ** -10
DEEP = 40

Number = mpmath.mpf
Positions = tuple[int, ...]
Key = tuple[str, Positions]
Draw = Callable[[str, Positions], Number]


class Undefined(ArithmeticError):
    """A term has no value at this point, or none that 60 digits can tell."""


class Unknown(ValueError):
    """A head or a name of which this evaluator does not know what it means."""


COMPARISONS: dict[type, Callable[[Number, Number], bool]] = {
    sympy.Eq: lambda a, b: a == b,
    sympy.Ne: lambda a, b: a != b,
    sympy.StrictLessThan: lambda a, b: a < b,
    sympy.LessThan: lambda a, b: a <= b,
    sympy.StrictGreaterThan: lambda a, b: a > b,
    sympy.GreaterThan: lambda a, b: a >= b,
}


@dataclass
class Place:
    """A point: sizes, free indices, and numbers for primitives, which `draw` gives when they are first asked for.

    `values` holds what was given so far, `read` the primitives that were asked for since it was last cleared. Worlds with
    another `variant` have other functions in place of unknown ones.
    """

    context: Context
    sizes: dict[str, int]
    indices: dict[Symbol, int]
    draw: Draw
    variant: int = 0
    values: dict[Key, Number] = field(default_factory=dict)
    read: set[Key] = field(default_factory=set)
    bound: dict[Symbol, int] = field(default_factory=dict)
    scalars: dict[Symbol, Number] = field(default_factory=dict)
    families: dict[str, str] = field(default_factory=dict)
    moved: tuple[tuple[Key, Number], ...] = ()
    depth: int = 0
    touched: set[Key] = field(default_factory=set)
    memo: dict[object, tuple[Number, frozenset[Key]]] = field(default_factory=dict)
    heads: dict[tuple[type, str], list[Definition]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for definition in self.context.definitions:
            self.heads.setdefault((type(definition.head), name_of(definition.head)), []).append(definition)

    def settle(self, key: Key, value: Number) -> None:
        """Give the primitive `key` a value."""
        self.values[key] = value
        self.memo.clear()

    def value(self, term: Expr) -> Number:
        """The value of `term`. Raises :class:`Undefined` or :class:`Unknown`."""
        raise NotImplementedError

    def integer(self, term: Expr) -> int:
        """The value of an index expression."""
        if isinstance(term, sympy.Integer):
            return int(term)
        known = self.bound.get(term)
        if known is not None:
            return known
        value = self.value(term)
        if value != int(value):
            raise Unknown(f"an index that is {value}")
        return int(value)

    def holds(self, condition: sympy.Basic) -> bool:
        """Whether the condition of a case holds."""
        if condition in (sympy.true, sympy.false):
            return condition == sympy.true
        if isinstance(condition, sympy.And):
            return all(self.holds(part) for part in condition.args)
        if isinstance(condition, sympy.Or):
            return any(self.holds(part) for part in condition.args)
        if isinstance(condition, sympy.Not):
            return not self.holds(condition.args[0])
        compare = COMPARISONS.get(type(condition))
        if compare is None:
            raise Unknown(f"the condition {condition}")
        left, right = (self.value(side) for side in condition.args)
        if self.moved and left != right and abs(left - right) < NEAR:
            raise Undefined("a derivative where two cases meet")
        if self.moved and left == right and not all(side.is_integer for side in condition.args):
            raise Undefined("a derivative where two cases meet")
        return compare(left, right)

    def primitive(self, name: str, positions: Positions) -> Number:
        """The number that stands for a name without a definition."""
        key = name, positions
        self.read.add(key)
        value = self.values.get(key)
        if value is None:
            value = self.values[key] = self.draw(name, positions)
        return value

    def quantity(self, name: str, positions: Positions, kind: type) -> Number:
        """A scalar or a member of a family: by its definition, with what a derivative moves added."""
        memo = name, positions, kind, self.moved
        known = self.memo.get(memo)
        if known is not None:
            self.touched |= known[1]
            return known[0]
        before, self.touched = self.touched, set()
        shift, kept = MP.zero, self.moved
        mine = tuple(item for item in self.moved if item[0][0] == name and len(item[0][1]) == len(positions))
        if mine:
            for key, step in mine:
                self.touched.add(key)
                shift += step if key[1] == positions else MP.zero
            kept = tuple(item for item in self.moved if item not in mine)
        try:
            with self.moving(kept):
                result = self._defined(name, positions, kind) + shift
            self.memo[memo] = result, frozenset(self.touched)
        finally:
            self.touched |= before
        return result

    def _defined(self, name: str, positions: Positions, kind: type) -> Number:
        found = [
            (_fixed(positions_of(d.head)), place, d)
            for place, d in enumerate(self.heads.get((kind, name), ()))
            if len(positions_of(d.head)) == len(positions)
        ]
        for _, _, definition in sorted(found, key=lambda item: item[:2], reverse=True):
            values = self._matched(positions_of(definition.head), positions)
            if values is not None:
                return self.inside(definition.body, values, {}, {})
        return self.primitive(name, positions)

    def _matched(self, pattern: tuple[Expr, ...], positions: Positions) -> dict[Symbol, int] | None:
        found: dict[Symbol, int] = {}
        for slot, position in zip(pattern, positions, strict=True):
            if isinstance(slot, Symbol) and not slot.is_positive:
                if found.setdefault(slot, position) != position:
                    return None
            elif slot.is_Integer:
                if int(slot) != position:
                    return None
            else:
                raise Unknown(f"a definition of a member at {slot}")
        return found

    def inside(self, body: Expr, indices: dict[Symbol, int], scalars: dict[Symbol, Number], families: dict[str, str]) -> Number:
        """The value of a definition's body: its parameters are bound, nothing of the place where it is used is."""
        if self.depth > DEEP:
            raise Unknown("a definition that leads back to itself")
        before = self.bound, self.scalars, self.families
        self.bound, self.scalars, self.families = dict(indices), scalars, families
        self.depth += 1
        try:
            return self.value(body)
        finally:
            self.bound, self.scalars, self.families = before
            self.depth -= 1

    @contextmanager
    def moving(self, moved: tuple[tuple[Key, Number], ...]) -> Iterator[None]:
        """With these quantities moved by their steps, and no others."""
        before, self.moved = self.moved, moved
        try:
            yield
        finally:
            self.moved = before


def _fixed(positions: tuple[Expr, ...]) -> int:
    """How many positions a head fixes: a number, a size, an index that another position has too."""
    return len(positions) - len({s for p in positions for s in p.free_symbols if not s.is_positive})


def name_of(head: Expr) -> str:
    """The name of a scalar, a family, a function or a derivative between names; empty for anything else."""
    if isinstance(head, (Symbol, Call)):
        return str(head.name)
    if isinstance(head, Indexed):
        return str(head.base.label)
    if isinstance(head, Partial):
        return f"d {name_of(head.expr)} at {len(positions_of(head.expr))} places / d {name_of(head.variable)}"
    return ""


def positions_of(head: Expr) -> tuple[Expr, ...]:
    if isinstance(head, Partial):
        return positions_of(head.expr) + positions_of(head.variable)
    return tuple(head.indices) if isinstance(head, Indexed) else ()
