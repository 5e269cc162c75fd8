"""Terms that bind a symbol and are no sums: products over an index, integrals, limits of quotients.

The symbol that is bound is a `Dummy`, fresh by construction: an index for a product, a real number for the others. An end
of an integral that is infinite is :class:`Endless`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sympy import And, Basic, Dummy, Expr, Indexed, IndexedBase, Integer, Ne, Symbol

from derive.terms.terms import Cases, bound


class Printing(Protocol):
    """A printer of SymPy's."""

    def doprint(self, expr: Basic) -> str: ...


class Endless(Expr):
    """+∞ or −∞ as the end of an integral; its argument is 1 or -1."""

    is_commutative = True
    is_real = False

    @property
    def sign(self) -> int:
        return 1 if self.args[0] == 1 else -1


class Binding(Expr):
    """What such terms share: the arguments (body, symbol, ..), with the symbol bound in the body only."""

    is_commutative = True
    is_real = True

    @property
    def body(self) -> Expr:
        return self.args[0]  # type: ignore[return-value]

    @property
    def variable(self) -> Symbol:
        return self.args[1]  # type: ignore[return-value]

    @property
    def places(self) -> tuple[Symbol, ...]:
        """The symbols that it binds."""
        return (self.variable,)

    @property
    def span(self) -> tuple[Expr, Expr]:
        """The ends of what the symbol runs over."""
        return self.args[2], self.args[3]  # type: ignore[return-value]

    @property
    def free_symbols(self) -> set[Symbol | Indexed | IndexedBase]:
        found = self.body.free_symbols - {self.variable}
        return found.union(*(part.free_symbols for part in self.args[2:])) - {self.variable}

    def _sympystr(self, printer: Printing) -> str:
        """SymPy would print these by the names of classes of its own, which have other arguments."""
        return f"{type(self).__name__}({', '.join(printer.doprint(part) for part in self.args)})"


class Product(Binding):
    """``∏_{k=low}^{high} body``: the arguments (body, k, low, high); a product without factors is 1."""


class Integral(Binding):
    """``∫_low^high body dx``: the arguments (body, x, low, high)."""


class Limit(Binding):
    """The limit of ``body / below`` as the symbol goes to `point`: the arguments (body, h, below, point)."""

    @property
    def below(self) -> Expr:
        return self.args[2]  # type: ignore[return-value]

    @property
    def point(self) -> Expr:
        return self.args[3]  # type: ignore[return-value]


def product(body: Expr, variable: Symbol, low: Expr, high: Expr, excluded: Iterable[Expr] = ()) -> Product:
    """``∏_{variable=low}^{high} body`` without the values in `excluded`; `variable` is replaced by a fresh bound index."""
    fresh = bound(variable.name)
    inner = body.xreplace({variable: fresh})
    conditions = [Ne(fresh, value) for value in excluded]
    if conditions:
        inner = Cases((inner, And(*conditions)), (Integer(1), True))
    return Product(inner, fresh, low, high)


def real(name: str) -> Dummy:
    """A bound real number that differs from every other one of the same name."""
    return Dummy(name, real=True)
