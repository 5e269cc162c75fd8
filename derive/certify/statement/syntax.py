"""What a statement can say: terms as they are printed for Coq, one class for each head.

Index expressions are SymPy expressions in integer symbols; bound indices are dummies, so that none is captured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias, cast

from sympy import Dummy, Expr, Symbol


class Node:
    """Equality and hash by content, computed once; subclasses are frozen dataclasses."""

    @cached_property
    def parts(self) -> tuple[Any, ...]:
        return tuple(getattr(self, f.name) for f in fields(cast(Any, self)))

    @cached_property
    def _hash(self) -> int:
        return hash((type(self).__name__, self.parts))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and self._hash == other._hash and self.parts == other.parts)


@dataclass(frozen=True, eq=False)
class Base(Node):
    """A family, or a scalar, that is a variable of the statement: `name` is what it is called in Coq."""

    name: str
    arity: int


@dataclass(frozen=True, eq=False)
class Defined(Node):
    """What a definition of the document makes of `arguments`: families, terms or index expressions."""

    name: str
    arguments: tuple[Any, ...]
    arity: int


@dataclass(frozen=True, eq=False)
class Updated(Node):
    """`family` with `value` at `positions`."""

    family: Family
    positions: tuple[Expr, ...]
    value: Term

    @property
    def arity(self) -> int:
        return len(self.positions)


Family: TypeAlias = "Base | Defined | Updated"


@dataclass(frozen=True, eq=False)
class Number(Node):
    """A natural number."""

    value: int


@dataclass(frozen=True, eq=False)
class Count(Node):
    """An index expression as a real number."""

    index: Expr


@dataclass(frozen=True, eq=False)
class Ref(Node):
    """A member of a family; a scalar has no positions."""

    family: Family
    positions: tuple[Expr, ...] = ()


@dataclass(frozen=True, eq=False)
class Delta(Node):
    """Kronecker's delta."""

    left: Expr
    right: Expr


@dataclass(frozen=True, eq=False)
class Plus(Node):
    left: Term
    right: Term


@dataclass(frozen=True, eq=False)
class Minus(Node):
    left: Term
    right: Term


@dataclass(frozen=True, eq=False)
class Times(Node):
    left: Term
    right: Term


@dataclass(frozen=True, eq=False)
class Over(Node):
    left: Term
    right: Term


@dataclass(frozen=True, eq=False)
class Negative(Node):
    term: Term


@dataclass(frozen=True, eq=False)
class Inverse(Node):
    term: Term


@dataclass(frozen=True, eq=False)
class Power(Node):
    """A power with a natural exponent."""

    base: Term
    exponent: int


@dataclass(frozen=True, eq=False)
class RealPower(Node):
    """e^(exponent ln base)."""

    base: Term
    exponent: Term


@dataclass(frozen=True, eq=False)
class Apply(Node):
    """A function of Coq's reals, as :mod:`derive.terms.elementary` names them, of a term."""

    function: str
    term: Term


@dataclass(frozen=True, eq=False)
class Constant(Node):
    """PI."""

    name: str


@dataclass(frozen=True, eq=False)
class Sum(Node):
    index: Symbol
    low: Expr
    high: Expr
    body: Term


@dataclass(frozen=True, eq=False)
class Line(Node):
    """`body` as a function of the index, a row of a matrix."""

    index: Symbol
    body: Term


@dataclass(frozen=True, eq=False)
class Determinant(Node):
    """The determinant of the matrix with the row `body` at the index, from `low` to `high` as the columns are."""

    index: Symbol
    low: Expr
    high: Expr
    body: Line


@dataclass(frozen=True, eq=False)
class IfEqual(Node):
    left: Expr
    right: Expr
    this: Term
    that: Term


@dataclass(frozen=True, eq=False)
class Slope(Node):
    """The derivative of `body` by the real variable `variable` at `point`."""

    variable: str
    body: Term
    point: Term


Term: TypeAlias = (
    "Number | Count | Ref | Delta | Plus | Minus | Times | Over | Negative | Inverse | Power | RealPower"
    " | Apply | Constant | Sum | Determinant | IfEqual | Slope"
)

BINARY = (Plus, Minus, Times, Over)


def number(value: Fraction) -> Term:
    """A rational number."""
    size = abs(value)
    result: Term = Number(size.numerator)
    if size.denominator != 1:
        result = Over(result, Number(size.denominator))
    return Negative(result) if value < 0 else result


def product(factors: Sequence[Term]) -> Term:
    """The product of the factors, 1 where there are none."""
    if not factors:
        return Number(1)
    result = factors[0]
    for factor in factors[1:]:
        result = Times(result, factor)
    return result


def rebuilt(node: Any, change: Callable[[Any], Any]) -> Any:
    """`node` with `change` applied to each part that is a node or a tuple of parts."""
    parts = [_changed(part, change) for part in node.parts]
    if all(a is b for a, b in zip(parts, node.parts, strict=True)):
        return node
    return type(node)(*parts)


def _changed(part: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(part, tuple):
        new = tuple(_changed(p, change) for p in part)
        return part if all(a is b for a, b in zip(new, part, strict=True)) else new
    return change(part) if isinstance(part, (Node, Expr)) else part


def at_indices(node: Any, values: Mapping[Symbol, Expr]) -> Any:
    """`node` with index symbols replaced; bound indices are dummies, so that nothing is captured."""
    if not values:
        return node

    def change(part: Any) -> Any:
        return part.xreplace(values) if isinstance(part, Expr) else rebuilt(part, change)

    return change(node)


def instantiated(node: Any, values: Mapping[str, Any], indices: Mapping[Symbol, Expr]) -> Any:
    """`node` with variables (by their name in Coq) and index symbols replaced, and every bound name renewed."""

    def visit(part: Any, bound: Mapping[Symbol, Expr], names: Mapping[str, Any]) -> Any:
        if isinstance(part, Expr):
            return part.xreplace(bound)
        if isinstance(part, Ref) and isinstance(part.family, Base) and part.family.name in names and not part.positions:
            value = names[part.family.name]
            return value if not isinstance(value, (Base, Defined, Updated)) else Ref(value)
        if isinstance(part, Base):
            value = names.get(part.name, part)
            return value.family if isinstance(value, Ref) and not value.positions else value
        if isinstance(part, (Sum, Determinant, Line)):
            fresh = Dummy(part.index.name, integer=True)
            body = visit(part.body, {**bound, part.index: fresh}, names)
            if isinstance(part, Line):
                return Line(fresh, body)
            return type(part)(fresh, visit(part.low, bound, names), visit(part.high, bound, names), body)
        return rebuilt(part, lambda p: visit(p, bound, names))

    return visit(node, indices, values)


def alpha(node: Any) -> Any:
    """`node` with bound indices named by their depth: equal for nodes that differ in bound names only."""
    if isinstance(node, Expr):
        return node
    known = node.__dict__.get("_alpha")
    if known is None:
        known = rebuilt(node, alpha)
        binder = getattr(known, "index", None)
        if hasattr(known, "body") and isinstance(binder, Symbol):
            level = 1 + max((int(s.name[1:]) for s in symbols(known.body) if s.name.startswith("#")), default=0)
            known = at_indices(known, {binder: Symbol(f"#{level}", integer=True)})
        node.__dict__["_alpha"] = known
    return known


def walk(node: Any) -> Iterator[Any]:
    """`node` and everything inside, families included."""
    yield node
    for part in node.parts:
        yield from _walk_part(part)


def _walk_part(part: Any) -> Iterator[Any]:
    if isinstance(part, tuple):
        for inner in part:
            yield from _walk_part(inner)
    elif isinstance(part, Node):
        yield from walk(part)


def symbols(node: Any) -> frozenset[Symbol]:
    """The index symbols in it, bound ones included."""
    found: set[Symbol] = set()
    for part in walk(node):
        for each in part.parts:
            for expr in each if isinstance(each, tuple) else (each,):
                if isinstance(expr, Expr):
                    found |= {symbol for symbol in expr.free_symbols if isinstance(symbol, Symbol)}
    return frozenset(found)


def mentions(node: Any, name: str) -> bool:
    """Whether the real variable occurs."""
    return any(isinstance(part, Base) and part.name == name for part in walk(node))
