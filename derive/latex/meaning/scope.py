"""What holds inside a part of a formula, and what the meaning of one construct may ask of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.latex.grammar import syntax
from derive.latex.meaning.obligations import Demand
from derive.latex.symbols.table import SymbolTable
from derive.terms.context import Obligation


@dataclass(frozen=True)
class Scope:
    """What holds inside a part of a formula: bound names, their ranges, conditions on indices, the sign that ± has.

    `row` and `column` are the place of the entry that a vector or a matrix stands for here.
    """

    bound: Mapping[str, Expr] = field(default_factory=lambda: MappingProxyType({}))
    binders: tuple[tuple[Symbol, Expr, Expr], ...] = ()
    guards: tuple[Boolean, ...] = ()
    sign: int = 1
    row: Expr | None = None
    column: Expr | None = None

    def binding(self, name: str, value: Expr) -> Scope:
        return replace(self, bound=MappingProxyType({**self.bound, name: value}))

    def within(self, symbol: Symbol, low: Expr, high: Expr) -> Scope:
        return replace(self, binders=(*self.binders, (symbol, low, high)))

    def where(self, *conditions: Boolean) -> Scope:
        return replace(self, guards=(*self.guards, *conditions))


class Meaning(Protocol):
    """The meaning of the parts of one statement. `free` are the names of the indices that are free in it."""

    source: str
    table: SymbolTable
    free: frozenset[str]
    obligations: list[Obligation]

    def note(self, text: str) -> None: ...

    def written(self, node: syntax.Node) -> str: ...

    def demand(self, node: syntax.Node, demands: tuple[Demand, ...], scope: Scope) -> None: ...

    def term(self, node: syntax.Node, scope: Scope) -> Expr: ...

    def scalar(self, node: syntax.Node, scope: Scope) -> Expr: ...

    def index(self, node: syntax.Node, scope: Scope) -> Expr: ...

    def symbol(self, text: str) -> Symbol: ...

    def no_vector(self, node: syntax.Node) -> None: ...
