"""The vocabulary of terms: SymPy expressions with a fixed set of heads.

A term is built from

* numbers, `pi`, `E`; scalars (`real`), indices (`integer`), sizes (`integer`, `positive`);
* members of families, ``Indexed(IndexedBase('z', real=True), i)``;
* ``Add``, ``Mul``, ``Pow``, ``Abs`` and SymPy's elementary functions;
* ``Sum(body, (k, low, high))`` whose bound index is a `Dummy`, fresh by construction, so that no
  substitution can capture it; a restricted sum has the body ``Cases((f, Ne(k, i)), (0, True))``;
* ``KroneckerDelta(i, j)``, and :class:`Cases` over equalities of indices (a `cases` environment);
* :class:`Partial`, a derivative that has not been carried out;
* :class:`Call`, the value of a declared or unknown function, with the orders of its derivatives;
* :class:`Vector`, a finite list of entries.

SymPy is used as a data structure only: nothing here relies on its ``diff``, ``doit``, ``subs`` or
``simplify``, none of which is safe under bound indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self, cast

import sympy
from sympy import And, Dummy, Expr, Indexed, IndexedBase, Integer, Ne, Sum, Symbol, Tuple
from sympy.core.symbol import Str
from sympy.core.sympify import _sympify  # strict: text is refused, never evaluated
from sympy.logic.boolalg import Boolean


def index(name: str) -> Symbol:
    """An index: an integer variable.

    >>> index("i") == index("i")
    True
    """
    return Symbol(name, integer=True)


def scalar(name: str) -> Symbol:
    """A real scalar."""
    return Symbol(name, real=True)


def size(name: str) -> Symbol:
    """A size such as the number n of classes: a positive integer."""
    return Symbol(name, integer=True, positive=True)


def family(name: str) -> IndexedBase:
    """A real family; its members are ``family("z")[i]``."""
    return IndexedBase(name, real=True)


def bound(name: str) -> Dummy:
    """A bound index that differs from every other one of the same name."""
    return Dummy(name, integer=True)


class Partial(Expr):
    """``∂ expr / ∂ variable``, not carried out; `variable` is a member of a family, a scalar or a compound term.

    A defined family as `variable` is independent of everything it was defined from.
    """

    args: tuple[Expr, Expr]
    is_commutative = True
    is_real = True

    def __new__(cls, expr: Expr, variable: Expr) -> Self:
        return Expr.__new__(cls, _sympify(expr), _sympify(variable))

    @property
    def expr(self) -> Expr:
        return self.args[0]

    @property
    def variable(self) -> Expr:
        return self.args[1]


def derivative_name(quantity: str, places: int, variable: str) -> str:
    """The name of an opaque derivative of a quantity with so many places; its positions are those of both, in this order.

    The quantity's places are marked, for ``∂E_i/∂w`` is not ``∂E/∂w_i``.

    >>> derivative_name("E", 0, "w"), derivative_name("E", 1, "w")
    ('∂E/∂w', '∂Eᵢ/∂w')
    """
    return f"∂{quantity}{'ᵢ' * places}/∂{variable}"


def unused(name: str, *where: sympy.Basic) -> str:
    """`name`, with primes if a symbol in `where` has it already.

    >>> unused("x", scalar("y")), unused("x", scalar("x") * scalar("y"))
    ('x', "x'")
    """
    taken = {symbol.name for term in where for symbol in term.atoms(Symbol)}
    while name in taken:
        name += "'"
    return name


class Call(Expr):
    """The value at `arguments` of the function `name`, differentiated `orders[p]` times in argument p.

    Arguments are terms, or whole families (an ``IndexedBase``) as in ``H(p, q)``.

    >>> Call("f", [scalar("x")], [1]).orders
    (1,)
    """

    args: tuple[Str, Tuple, Tuple]
    is_commutative = True
    is_real = True

    def __new__(cls, name: str | Str, arguments: Iterable[Expr], orders: Sequence[int] | None = None) -> Self:
        values = tuple(_sympify(argument) for argument in arguments)
        counts = tuple(orders) if orders is not None else (0,) * len(values)
        label = name if isinstance(name, Str) else Str(str(name))
        return Expr.__new__(cls, label, sympy.Tuple(*values), sympy.Tuple(*counts))

    @property
    def name(self) -> str:
        return self.args[0].name

    @property
    def arguments(self) -> tuple[Expr, ...]:
        return cast(tuple[Expr, ...], self.args[1].args)  # as `__new__` made them

    @property
    def orders(self) -> tuple[int, ...]:
        return tuple(int(order) for order in cast(tuple[Integer, ...], self.args[2].args))


class Branch(Tuple):
    """A value and the condition on indices under which a :class:`Cases` has it."""

    args: tuple[Expr, Boolean]

    @property
    def expr(self) -> Expr:
        return self.args[0]

    @property
    def cond(self) -> Boolean:
        return self.args[1]


class Cases(Expr):
    """The first value whose condition holds.

    Not SymPy's ``Piecewise``, whose constructor moves conditions out of sums, past the index they speak of.

    >>> i, k, n = index("i"), index("k"), size("n")
    >>> Cases((family("z")[k], Ne(k, i)), (0, True)).args[0].cond
    Ne(k, i)
    """

    args: tuple[Branch, ...]
    is_commutative = True
    is_real = True

    def __new__(cls, *branches: tuple[Expr, Boolean | bool] | Branch) -> Self:
        return Expr.__new__(cls, *(Branch(*branch) for branch in branches))

    @property
    def branches(self) -> tuple[tuple[Expr, Boolean], ...]:
        """Each value with its condition."""
        return tuple(branch.args for branch in self.args)


class Vector(Expr):
    """A finite list of entries, ``[1, 2, 3]`` or a column with dots: an entry that is `DOTS` stands for what is left out."""

    args: tuple[Expr, ...]
    is_commutative = True

    def __new__(cls, *entries: Expr | Iterable[Expr]) -> Self:
        given = (each for entry in entries for each in ((entry,) if isinstance(entry, Expr) else entry))
        return Expr.__new__(cls, *(_sympify(entry) for entry in given))

    @property
    def entries(self) -> tuple[Expr, ...]:
        return self.args


def dots() -> Symbol:
    """The entry of a :class:`Vector` that stands for entries left out."""
    return Symbol("⋮")


def summation(body: Expr, variable: Symbol, low: Expr, high: Expr, excluded: Iterable[Expr] = ()) -> Sum:
    """``Σ_{variable=low}^{high} body`` without the values in `excluded`; `variable` is replaced by a fresh bound index.

    `body` must not contain `variable` in another role: whatever is called `variable` in it becomes bound.
    """
    fresh = bound(variable.name)
    inner = body.xreplace({variable: fresh})
    conditions = [Ne(fresh, value) for value in excluded]
    if conditions:
        inner = Cases((inner, And(*conditions)), (sympy.Integer(0), True))
    return Sum(inner, (fresh, _sympify(low), _sympify(high)))


def peel(term: Sum) -> tuple[Expr, Symbol, Expr, Expr]:
    """Body, bound index, low and high end of the outermost sum (SymPy merges a sum directly under a sum into one node).

    >>> i, k, n = index("i"), index("k"), size("n")
    >>> inner = summation(family("w")[i, k], k, 1, n)
    >>> body, variable, low, high = peel(summation(inner, i, 1, n))
    >>> body.func is Sum and variable.name
    'i'
    """
    *inner, (variable, low, high) = term.limits
    return (Sum(term.function, *inner) if inner else term.function), variable, low, high


def unrestricted(body: Expr, variable: Symbol, otherwise: int = 0) -> tuple[Expr, tuple[Expr, ...]]:
    """The body of a restricted sum over `variable` and the values that it leaves out; none if the sum is not restricted.

    What is left out counts as `otherwise`: 0 in a sum, 1 in a product.

    >>> i, k = index("i"), index("k")
    >>> inner, variable, *_ = peel(summation(family("w")[k], k, 1, size("n"), [i]))
    >>> unrestricted(inner, variable)[1]
    (i,)
    """
    if not isinstance(body, Cases) or len(body.args) != 2 or body.args[1].expr != otherwise or body.args[1].cond != sympy.true:
        return body, ()
    (inner, condition), _ = body.branches
    excluded: list[Expr] = []
    for part in condition.args if isinstance(condition, And) else (condition,):
        if not isinstance(part, Ne) or variable not in part.args:
            return body, ()
        value = part.args[1] if part.args[0] == variable else part.args[0]
        if value.has(variable):
            return body, ()
        excluded.append(value)
    return inner, tuple(excluded)


def free_indices(term: Expr) -> tuple[Symbol, ...]:
    """The free integer symbols that stand as indices of families or deltas in `term`, in order of name (sizes are none)."""
    found: set[Symbol] = set()

    def visit(node: sympy.Basic, bound_here: frozenset[Symbol]) -> None:
        if isinstance(node, Sum):
            body, variable, low, high = peel(node)
            visit(low, bound_here)
            visit(high, bound_here)
            visit(body, bound_here | {variable})
            return
        bound_here = bound_here | frozenset(getattr(node, "places", ()))
        if isinstance(node, Symbol):
            if node.is_integer and not node.is_positive and node not in bound_here:
                found.add(node)
            return
        for argument in node.args:
            visit(argument, bound_here)

    visit(term, frozenset())
    return tuple(sorted(found, key=lambda symbol: symbol.name))


def roles(term: Expr) -> tuple[frozenset[str], frozenset[str]]:
    """The names that bound sums (sizes) and the names that index families or are bound by sums (indices) in `term`."""
    sizes, indices = set(), set()
    for node in sympy.preorder_traversal(term):
        if isinstance(node, Sum):
            sizes |= {s.name for limit in node.limits for end in limit[1:] for s in end.free_symbols}
            indices |= {limit[0].name for limit in node.limits if not isinstance(limit[0], Dummy)}
        elif isinstance(node, Indexed):
            indices |= {s.name for position in node.indices for s in position.free_symbols if not isinstance(s, Dummy)}
    return frozenset(sizes), frozenset(indices - sizes)


def standardised(term: Expr, sizes: Iterable[str] = (), indices: Iterable[str] = ()) -> Expr:
    """`term` as it comes from a user of SymPy, made a term of ours.

    Bound indices become fresh, families and symbols lose their own assumptions for ours: a symbol that
    bounds a sum here (or is named in `sizes`) becomes a size, one that indexes a family (or is named in `indices`) an
    index. ``Derivative`` becomes :class:`Partial`, ``Piecewise`` becomes :class:`Cases`.

    >>> z, k, n = IndexedBase("z"), Symbol("k"), Symbol("n")
    >>> standardised(Sum(sympy.exp(z[k]), (k, 1, n))).args[1].args[0] == k
    False
    """
    own_sizes, own_indices = roles(term)
    all_sizes, all_indices = own_sizes | set(sizes), own_indices | set(indices)

    def symbol(old: Symbol) -> Symbol:
        if isinstance(old, Dummy):
            return old
        if old.name in all_sizes:
            return size(old.name)
        return index(old.name) if old.name in all_indices or old.is_integer else scalar(old.name)

    def rebuild(node: sympy.Basic, renamed: dict[Symbol, Symbol]) -> sympy.Basic:
        if isinstance(node, Expr):
            return value(node, renamed)
        return node.func(*(rebuild(argument, renamed) for argument in node.args)) if node.args else node

    def value(node: Expr, renamed: dict[Symbol, Symbol]) -> Expr:
        if isinstance(node, Symbol):
            return renamed.get(node, symbol(node))
        if isinstance(node, IndexedBase):
            return family(str(node.label))
        if isinstance(node, Indexed):
            return family(str(node.base.label))[tuple(value(position, renamed) for position in node.indices)]
        if isinstance(node, Sum):
            inner, fresh = dict(renamed), []
            for variable, low, high in reversed(node.limits):
                limits = value(low, inner), value(high, inner)
                inner[variable] = bound(variable.name)
                fresh.append((inner[variable], *limits))
            body = value(node.function, inner)
            for limit in reversed(fresh):
                body = Sum(body, limit)
            return body
        if isinstance(node, sympy.Derivative):
            result = value(node.expr, renamed)
            for by, count in node.variable_count:
                for _ in range(int(count)):
                    result = Partial(result, value(by, renamed))
            return result
        if isinstance(node, Call):
            return Call(node.args[0], [value(a, renamed) for a in node.arguments], node.orders)
        if isinstance(node, sympy.Piecewise):
            return Cases(*((value(branch.expr, renamed), condition(branch.cond, renamed)) for branch in node.args))
        if not node.args:
            return node
        return node.func(*(rebuild(argument, renamed) for argument in node.args))

    def condition(node: Boolean, renamed: dict[Symbol, Symbol]) -> Boolean:
        return node.func(*(rebuild(argument, renamed) for argument in node.args)) if node.args else node

    return value(_sympify(term), {})
