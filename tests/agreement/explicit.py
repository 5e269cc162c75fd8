"""Claims at a fixed size, without a line of the engines: sums are written out, definitions put in, derivatives taken by others.

One evaluator walks over a term and leaves arithmetic to a :class:`Calculator`: SymPy's symbols and ``diff``, numbers of
mpmath and central differences, or tensors of PyTorch and autograd. A derivative by a quantity that is itself defined
takes this quantity as independent: its members are numbers of their own while it is varied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import Any, Protocol

import mpmath
import sympy
from sympy import Expr, Indexed, IndexedBase, KroneckerDelta, Sum, Symbol

from derive.terms.context import Claim, Context, Fact, OneHot
from derive.terms.terms import Call, Cases, Partial, Vector

Key = tuple[str, tuple[int, ...]]
Value = Any


class NotApplicable(Exception):
    """The claim has no value that this evaluator could compute; the message says why."""


class Calculator(Protocol):
    """Arithmetic of one kind of number."""

    name: str
    tolerance: float

    def quantity(self, key: Key, value: sympy.Rational) -> Value:
        """The quantity of that name, which has this value at the point."""

    def apply(self, function: str, value: Value) -> Value:
        """An elementary function by SymPy's name for it."""

    def slope(self, function: Callable[[Value], Value], at: Value) -> Value:
        """The derivative of `function` at `at`."""

    def number(self, value: sympy.Rational) -> Value:
        """An exact number."""

    def real(self, value: Value, point: Mapping[Key, sympy.Rational]) -> mpmath.mpf:
        """The number that came out."""


@dataclass
class SymPyDiff:
    """Explicit symbols, SymPy's ``diff``, 30 digits."""

    name: str = "SymPy"
    tolerance: float = 1e-24
    symbols: dict[Key, Symbol] = field(default_factory=dict)
    fresh: int = 0

    def quantity(self, key: Key, value: sympy.Rational) -> Value:
        return self.symbols.setdefault(key, Symbol("_".join((key[0], *map(str, key[1]))), real=True))

    def apply(self, function: str, value: Value) -> Value:
        return getattr(sympy, function)(value)

    def slope(self, function: Callable[[Value], Value], at: Value) -> Value:
        self.fresh += 1
        variable = Symbol(f"variable {self.fresh}", real=True)
        return sympy.diff(function(variable), variable).subs(variable, at)

    def number(self, value: sympy.Rational) -> Value:
        return value

    def real(self, value: Value, point: Mapping[Key, sympy.Rational]) -> mpmath.mpf:
        values = {symbol: point[key] for key, symbol in self.symbols.items() if key in point}
        return mpmath.mpf(str(sympy.N(sympy.sympify(value).subs(values), 30)))


@dataclass
class CentralDifferences:
    """Numbers of 60 digits; (f(x + h) - f(x - h)) / 2h, whose error is of the order h²."""

    name: str = "differences"
    tolerance: float = 1e-14
    step: Any = field(default_factory=lambda: mpmath.mpf(10) ** -12)

    def quantity(self, key: Key, value: sympy.Rational) -> Value:
        return self.number(value)

    def apply(self, function: str, value: Value) -> Value:
        return getattr(mpmath, {"Abs": "fabs"}.get(function, function))(value)

    def slope(self, function: Callable[[Value], Value], at: Value) -> Value:
        return (function(at + self.step) - function(at - self.step)) / (2 * self.step)

    def number(self, value: sympy.Rational) -> Value:
        return mpmath.mpf(value.p) / value.q if isinstance(value, sympy.Rational) else mpmath.mpf(str(sympy.N(value, 60)))

    def real(self, value: Value, point: Mapping[Key, sympy.Rational]) -> mpmath.mpf:
        return mpmath.mpf(value)


@dataclass
class Autograd:
    """Tensors of PyTorch in double precision, and its automatic differentiation."""

    name: str = "PyTorch"
    tolerance: float = 1e-9

    def quantity(self, key: Key, value: sympy.Rational) -> Value:
        return self.number(value)

    def apply(self, function: str, value: Value) -> Value:
        import torch

        return getattr(torch, {"Abs": "abs"}.get(function, function))(value)

    def slope(self, function: Callable[[Value], Value], at: Value) -> Value:
        import torch

        leaf = at.detach().clone().requires_grad_() if not at.requires_grad else at * 1
        result = function(leaf)
        if not result.requires_grad:
            return torch.zeros_like(leaf)
        (slope,) = torch.autograd.grad(result, leaf, create_graph=True, allow_unused=True)
        return torch.zeros_like(leaf) if slope is None else slope

    def number(self, value: sympy.Rational) -> Value:
        import torch

        return torch.tensor(float(value), dtype=torch.float64)

    def real(self, value: Value, point: Mapping[Key, sympy.Rational]) -> mpmath.mpf:
        return mpmath.mpf(float(value.detach()))


@dataclass(frozen=True)
class Place:
    """Where a term is evaluated: sizes, values of indices, the point, and quantities that are held as they are."""

    context: Context
    calculator: Calculator
    sizes: Mapping[str, int]
    point: Callable[[Key], sympy.Rational]
    indices: Mapping[Symbol, int] = field(default_factory=dict)
    held: Mapping[str, Callable[[tuple[int, ...]], Value]] = field(default_factory=dict)

    def integer(self, term: Expr) -> int:
        """The value of an index or a bound."""
        values = {s: self.indices[s] if s in self.indices else self.sizes.get(s.name) for s in term.free_symbols}
        if None in values.values():
            raise NotApplicable(f"an index without a value: {term}")
        return int(term.xreplace({s: sympy.Integer(v) for s, v in values.items() if v is not None}))

    def holds(self, condition: sympy.Basic) -> bool:
        """Whether a condition on indices holds."""
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, sympy.And):
            return all(self.holds(part) for part in condition.args)
        left, right = (self.integer(side) for side in condition.args)
        return (left == right) == isinstance(condition, sympy.Eq)

    def value(self, term: Expr) -> Value:
        """The value of `term`."""
        make = self.calculator
        if isinstance(term, Sum):
            *inner, (variable, low, high) = term.limits
            body = Sum(term.function, *inner) if inner else term.function
            total = make.number(sympy.Integer(0))
            for at in range(self.integer(low), self.integer(high) + 1):
                total = total + replace(self, indices={**self.indices, variable: at}).value(body)
            return total
        if isinstance(term, Indexed):
            return self.named(str(term.base.label), tuple(self.integer(p) for p in term.indices))
        if isinstance(term, Symbol):
            return make.number(sympy.Integer(self.integer(term))) if term.is_integer else self.named(term.name, ())
        if isinstance(term, KroneckerDelta):
            return make.number(sympy.Integer(self.integer(term.args[0]) == self.integer(term.args[1])))
        if isinstance(term, Cases):
            return self.value(next(branch.expr for branch in term.args if self.holds(branch.cond)))
        if isinstance(term, Partial):
            return self.derivative(term.expr, term.variable)
        if isinstance(term, Call):
            return self.call(term)
        if term.is_number:
            return make.number(term)
        if isinstance(term, Vector):
            raise NotApplicable("a list of entries")
        values = [self.value(argument) for argument in term.args]
        if isinstance(term, sympy.Add):
            return sum(values[1:], values[0])
        if isinstance(term, sympy.Mul):
            result = values[0]
            for value in values[1:]:
                result = result * value
            return result
        if isinstance(term, sympy.Pow):
            return values[0] ** values[1]
        return make.apply(type(term).__name__, values[0])

    def named(self, name: str, places: tuple[int, ...]) -> Value:
        """A scalar or a member of a family: held, defined or given by the point."""
        if name in self.held:
            return self.held[name](places)
        for definition in self.context.definitions:
            head = definition.head
            if isinstance(head, Symbol) and head.name == name and not places:
                return replace(self, indices={}).value(definition.body)
            if isinstance(head, Indexed) and str(head.base.label) == name and len(head.indices) == len(places):
                own = {p: v for p, v in zip(head.indices, places, strict=True) if isinstance(p, Symbol)}
                if all(isinstance(p, Symbol) or int(p) == v for p, v in zip(head.indices, places, strict=True)):
                    return replace(self, indices=own).value(definition.body)
        return self.calculator.quantity((name, places), self.point((name, places)))

    def derivative(self, term: Expr, variable: Expr) -> Value:
        """By one quantity, while the others of its name keep their values."""
        if isinstance(variable, Indexed):
            name, places = str(variable.base.label), tuple(self.integer(p) for p in variable.indices)
        elif isinstance(variable, Symbol):
            name, places = variable.name, ()
        else:
            raise NotApplicable(f"a derivative by {variable}")

        def function(varied: Value) -> Value:
            def member(at: tuple[int, ...]) -> Value:
                return varied if at == places else self.named(name, at)

            return replace(self, held={**self.held, name: member}).value(term)

        return self.calculator.slope(function, self.named(name, places))

    def call(self, term: Call) -> Value:
        """The value, or a derivative, of a function that the document defines."""
        found = next(
            (
                d
                for d in self.context.definitions
                if isinstance(d.head, Call)
                and d.head.name == term.name
                and all(isinstance(a, Symbol | IndexedBase) for a in d.head.arguments)
            ),
            None,
        )
        if found is None or len(found.head.arguments) != len(term.arguments):
            raise NotApplicable(f"nothing says what {term.name} is")
        body = found.body
        for parameter, order in zip(found.head.arguments, term.orders, strict=True):
            for _ in range(order):
                body = Partial(body, parameter)
        held: dict[str, Callable[[tuple[int, ...]], Value]] = {}
        for parameter, argument in zip(found.head.arguments, term.arguments, strict=True):
            if isinstance(parameter, IndexedBase) and isinstance(argument, IndexedBase):
                held[str(parameter.label)] = lambda at, name=str(argument.label): self.named(name, at)
            else:
                value = self.value(argument)
                held[str(parameter)] = lambda at, value=value: value
        return replace(self, held={**self.held, **held}).value(body)


def assignments(claim: Claim, context: Context, sizes: Mapping[str, int]) -> list[dict[Symbol, int]]:
    """The values of the claim's free indices that their ranges and the context's conditions on indices allow."""
    free = sorted(
        {s for side in (claim.left, claim.right) for s in side.free_symbols if s.is_integer and s.name not in sizes},
        key=lambda s: s.name,
    )
    here = Place(context, SymPyDiff(), sizes, lambda key: sympy.Rational(1))
    spans = [range(here.integer(context.range_of(s).low), here.integer(context.range_of(s).high) + 1) for s in free]
    found = []
    for values in product(*spans):
        at = replace(here, indices=dict(zip(free, values, strict=True)))
        conditions = [
            (f.left, f.relation, f.right)
            for f in context.assumptions
            if isinstance(f, Fact)
            and f.relation in ("=", "!=")
            and all(s.is_integer for side in (f.left, f.right) for s in side.free_symbols)
            and not any(s.name in sizes for side in (f.left, f.right) for s in side.free_symbols)
            and all(s in at.indices for side in (f.left, f.right) for s in side.free_symbols)
        ]
        if all((at.integer(left) == at.integer(right)) == (relation == "=") for left, relation, right in conditions):
            found.append(dict(at.indices))
    return found


def points(context: Context, sizes: Mapping[str, int], source: Random) -> Callable[[Key], sympy.Rational]:
    """Random numbers between 0 and 1 for what is not defined, such that the labels are what is assumed of them."""
    hot = {str(a.family.label): a for a in context.assumptions if isinstance(a, OneHot)}
    sums = {
        str(m.base.label): m
        for a in context.assumptions
        if isinstance(a, Fact) and a.relation == "=" and a.right == 1 and isinstance(a.left, Sum)
        for m in a.left.atoms(Indexed)
        if m == a.left.function
    }
    values: dict[Key, sympy.Rational] = {}
    size = max(sizes.values())

    def point(key: Key) -> sympy.Rational:
        name, places = key
        if key not in values and name in hot:
            at = source.randrange(1, sizes["n"] + 1)
            values.update({(name, (k,)): sympy.Rational(k == at) for k in range(1, size + 1)})
        elif key not in values and name in sums and len(places) == 1:
            length = Place(context, SymPyDiff(), sizes, point).integer(context.range_of(sums[name].indices[0]).high)
            drawn = [source.randrange(100, 900) for _ in range(length)]
            values.update({(name, (k,)): sympy.Rational(one, sum(drawn)) for k, one in enumerate(drawn, 1)})
        elif key not in values:
            values[key] = sympy.Rational(source.randrange(150, 850), 1000)
        return values[key]

    return point


def disagreement(claim: Claim, context: Context, calculator: Calculator, size: int, seed: int) -> str:
    """Where the two sides differ at this size; empty if nowhere. Other sizes are larger by one.

    Raises:
        NotApplicable: if a side cannot be computed here, or an assumption does not hold at the point.
    """
    names = {
        s.name
        for side in (claim.left, claim.right, *(d.body for d in context.definitions))
        for s in side.atoms(Symbol)
        if s.is_integer and s.is_positive
    } | {str(context.size)}
    sizes = {name: size if name == str(context.size) else size + 1 for name in names}
    if claim.relation != "=":
        raise NotApplicable("no equation")
    chosen = assignments(claim, context, sizes)
    if not chosen:
        raise NotApplicable("no indices that the context allows")
    drawn: dict[Key, sympy.Rational] = {}
    draw = points(context, sizes, Random(seed))

    def point(key: Key) -> sympy.Rational:
        return drawn.setdefault(key, draw(key))

    with mpmath.workdps(60):
        for indices in chosen:
            here = Place(context, calculator, sizes, point, indices)
            left, right = (calculator.real(here.value(side), drawn) for side in (claim.left, claim.right))
            if abs(left - right) > calculator.tolerance * (1 + abs(left)):
                at = ", ".join(f"{s.name} = {v}" for s, v in indices.items())
                return f"{mpmath.nstr(left, 20)} and {mpmath.nstr(right, 20)} at n = {size}, {at}"
    return ""
