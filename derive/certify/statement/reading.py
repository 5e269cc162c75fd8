"""From the judge's terms to statements for Coq: nothing is simplified, definitions stay definitions.

A definition of the document becomes a definition in Coq, a function of what its body mentions:
``a_i = e^{z_i}/Σ_k e^{z_k}`` is ``a n z i``, ``L = -Σ_k y_k ln a_k`` is ``L n y a``. So ``∂L/∂z_i`` is the derivative of
``L n y (a n z)`` in which z is replaced by z with t at i; and ``∂L/∂a_i``, where a counts as independent, that of ``L n y a``
with t at i of a. This is written independently of :mod:`derive.normal.unfold`, which the judge uses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy
from sympy import Add, Dummy, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Mul, Pow, Rational, S, Symbol
from sympy.core.function import Function

from derive.certify.statement.choices import choice
from derive.certify.statement.elementary import applied
from derive.certify.statement.inverses import Inverted
from derive.certify.statement.names import Names
from derive.certify.statement.scope import OUTERMOST, CoqDefinition, Key, Scope, key_of, name_of
from derive.certify.statement.syntax import (
    Apply,
    Base,
    Constant,
    Count,
    Defined,
    Delta,
    Determinant,
    Family,
    Inverse,
    Line,
    Minus,
    Negative,
    Number,
    Over,
    Plus,
    Power,
    RealPower,
    Ref,
    Slope,
    Sum,
    Term,
    Updated,
    alpha,
    number,
    product,
    walk,
)
from derive.certify.statement.writer import OutsideFragment
from derive.terms.arrays import InverseEntry, MatrixDeterminant, OfMatrix
from derive.terms.context import Context, Definition
from derive.terms.elementary import row_of
from derive.terms.terms import Call, Cases, Partial, peel


class Reading:
    """Reads the terms of one claim in its context."""

    def __init__(self, context: Context, names: Names) -> None:
        self.context = context
        self.names = names
        self.arities: dict[Key, int] = {}
        self.used: dict[Key, None] = {}
        self.definitions: dict[str, CoqDefinition] = {}
        self.inverses: dict[Key, Inverted] = {}
        self._by_key: dict[Key, CoqDefinition] = {}
        self._known: dict[Key, list[Definition]] = {}
        self._open: list[Key] = []
        self._variables = 0
        for definition in context.definitions:
            self._known.setdefault(key_of(definition.head), []).append(definition)

    def term(self, term: Expr, scope: Scope = OUTERMOST) -> Term:
        """The term in the vocabulary of statements.

        Raises:
            OutsideFragment: for what has no counterpart.
        """
        if isinstance(term, Rational):
            return number(Fraction(int(term.p), int(term.q)))
        if isinstance(term, Symbol):
            return self._symbol(term, scope)
        if isinstance(term, Indexed):
            return Ref(
                self._family(("family", str(term.base.label)), scope, len(term.indices)),
                tuple(self.index(p, scope) for p in term.indices),
            )
        if isinstance(term, Add):
            return self._add(term, scope)
        if isinstance(term, Mul):
            return self._mul(term, scope)
        if isinstance(term, Pow):
            return self._pow(term, scope)
        if isinstance(term, sympy.Sum):
            body, variable, low, high = peel(term)
            fresh = Dummy(variable.name, integer=True)
            inner = replace(scope, indices={**scope.indices, variable: fresh})
            return Sum(fresh, self.index(low, scope), self.index(high, scope), self.term(body, inner))
        if isinstance(term, KroneckerDelta):
            return Delta(*(self.index(p, scope) for p in term.args))
        if isinstance(term, Cases):
            return self._cases(term, scope)
        if isinstance(term, Partial):
            return self._partial(term, scope)
        if isinstance(term, Call):
            return self._call(term, scope)
        if isinstance(term, MatrixDeterminant):
            first, second = (Dummy(place.name, integer=True) for place in term.places)
            inner = replace(scope, indices={**scope.indices, **dict(zip(term.places, (first, second), strict=True))})
            low, high = (self.index(end, scope) for end in term.span)
            return Determinant(first, low, high, Line(second, self.term(term.body, inner)))
        if isinstance(term, InverseEntry):
            return Ref(self._inverse(self._matrix(term), scope), tuple(self.index(p, scope) for p in term.place))
        if term is sympy.E:
            return Apply("exp", Number(1))
        if term is sympy.pi:
            return Constant("PI")
        row = row_of(term)
        if row is not None and isinstance(term, Function):
            return applied(row, [self.term(a, scope) for a in term.args])
        raise OutsideFragment(f"{type(term).__name__} is outside the fragment")

    # -- arithmetic --------------------------------------------------------------------------------------------

    def _add(self, term: Add, scope: Scope) -> Term:
        result: Term | None = None
        for part in sorted(term.args, key=_is_negative):
            if result is None:
                result = self.term(part, scope)
            elif _is_negative(part):
                result = Minus(result, self.term(-part, scope))
            else:
                result = Plus(result, self.term(part, scope))
        return result or Number(0)

    def _mul(self, term: Mul, scope: Scope) -> Term:
        factor, rest = term.as_coeff_mul()
        if not isinstance(factor, Rational):
            factor, rest = Integer(1), term.args
        above = [Number(abs(int(factor.p)))] if abs(factor.p) != 1 else []
        below = [Number(int(factor.q))] if factor.q != 1 else []
        tops: list[Term] = list(above)
        bottoms: list[Term] = list(below)
        for part in rest:
            if isinstance(part, Pow) and isinstance(part.exp, Integer) and part.exp < 0:
                bottoms.append(self.term(Pow(part.base, -part.exp), scope))
            else:
                tops.append(self.term(part, scope))
        top = product(tops)
        result = Over(top, product(bottoms)) if bottoms else top
        return Negative(result) if factor < 0 else result

    def _pow(self, term: Pow, scope: Scope) -> Term:
        base, exponent = term.args
        if base is sympy.E:
            return Apply("exp", self.term(exponent, scope))
        if isinstance(exponent, Integer):
            power = self.term(base, scope)
            size = abs(int(exponent))
            if size > 64:
                raise OutsideFragment("a power higher than 64")
            power = power if size == 1 else Power(power, size)
            return power if exponent > 0 else Inverse(power)
        if exponent == Rational(1, 2):
            return Apply("sqrt", self.term(base, scope))
        if exponent == Rational(-1, 2):
            return Inverse(Apply("sqrt", self.term(base, scope)))
        if exponent.is_integer and not base.is_positive:
            raise OutsideFragment("a power with a symbolic integer as its exponent, for e^(n ln x) needs x > 0")
        return RealPower(self.term(base, scope), self.term(exponent, scope))

    def _cases(self, term: Cases, scope: Scope) -> Term:
        """A case split as nested choices; conditions are equations of indices, their negations and conjunctions."""
        *branches, (otherwise, always) = term.branches
        if always is not S.true:
            raise OutsideFragment("a case split that does not cover every case")
        result = self.term(otherwise, scope)
        for value, condition in reversed(branches):
            result = choice(condition, self.term(value, scope), result, lambda p: self.index(p, scope))
        return result

    def index(self, expr: Expr, scope: Scope) -> Expr:
        for symbol in sorted(expr.free_symbols, key=str):
            if symbol not in scope.indices and not isinstance(symbol, Dummy):
                if not isinstance(symbol, Symbol) or not symbol.is_integer:
                    raise OutsideFragment(f"{symbol} as an index")
                self.used[("size" if symbol.is_positive else "index", symbol)] = None
        return expr.xreplace(dict(scope.indices))

    # -- quantities --------------------------------------------------------------------------------------------

    def _symbol(self, symbol: Symbol, scope: Scope) -> Term:
        if symbol.is_integer:
            return Count(self.index(symbol, scope))
        return self._ref(self._family(("scalar", symbol.name), scope, 0))

    @staticmethod
    def _ref(value: Any) -> Term:
        return Ref(value) if isinstance(value, (Base, Defined, Updated)) else value

    def _family(self, key: Key, scope: Scope, arity: int) -> Any:
        """What the quantity stands for here: a variable, or its definition with what its body mentions."""
        if self.arities.setdefault(key, arity) != arity:
            raise OutsideFragment(f"{key[1]} with different numbers of indices")
        if key in scope.values:
            return scope.values[key]
        if key in self.inverses:
            return self._inverse(key, scope)
        if key not in self._known or (scope.abstract and not self._depends(key, scope.varied)):
            self.used[key] = None
            return Base(self.names.of(key, str(key[1])), arity)
        definition = self._definition(key)
        return Defined(definition.name, self._arguments(definition, scope), arity)

    def _arguments(self, definition: CoqDefinition, scope: Scope) -> tuple[Any, ...]:
        """What the parameters of a definition stand for here."""
        arguments: list[Any] = []
        for key in definition.needs:
            if isinstance(key[1], Symbol):
                arguments.append(self.index(key[1], replace(scope, indices={})))
            else:
                arguments.append(self._family(key, scope, self.arities[key]))
        return tuple(arguments)

    def _depends(self, key: Key, varied: Iterable[Key], seen: frozenset[Key] = frozenset()) -> bool:
        if key in varied:
            return True
        if key in self.inverses:
            return any(self._depends(need, varied, seen) for need in self.inverses[key].needs)
        if key in seen or key not in self._known:
            return False
        return any(self._depends(need, varied, seen | {key}) for need in self._definition(key).needs)

    def _matrix(self, term: OfMatrix) -> Key:
        """The key of the matrix, which is read as it stands at the outermost place."""
        fresh = [Dummy(place.name, integer=True) for place in term.places]
        free = (term.body.free_symbols - set(term.places)).union(*(end.free_symbols for end in term.span))
        if any(s.is_integer and not s.is_positive for s in free):
            raise OutsideFragment("an inverse of a matrix that depends on an index")
        outer, self.used = self.used, {}
        try:
            scope = Scope(indices=dict(zip(term.places, fresh, strict=True)))
            low, high = (self.index(end, scope) for end in term.span)
            body = self.term(term.body, scope)
        finally:
            inner, self.used = self.used, outer
        row, column = fresh
        key: Key = ("inverse", alpha(Sum(row, low, high, Sum(column, low, high, body))))
        self.inverses.setdefault(key, Inverted(row, column, low, high, body, tuple(inner)))
        self.arities[key] = 2
        return key

    def _inverse(self, key: Key, scope: Scope) -> Base:
        """The family that is the inverse of a matrix."""
        needs = self.inverses[key].needs
        if any(self._depends(need, scope.varied | frozenset(scope.values)) for need in needs):
            raise OutsideFragment("an inverse of a matrix that varies")
        self.used[key] = None
        return Base(self.parameter(key), 2)

    def _definition(self, key: Key) -> CoqDefinition:
        """The definition of a quantity for Coq: its body with every other quantity a parameter."""
        known = self._by_key.get(key)
        if known is not None:
            return known
        if key in self._open:
            raise OutsideFragment(f"{key[1]} is defined by itself")
        if len(self._known[key]) != 1:
            raise OutsideFragment(f"{key[1]} has several definitions")
        (definition,) = self._known[key]
        self._open.append(key)
        outer, self.used = self.used, {}
        try:
            name = self.names.of(("definition", key), str(name_of(key)))
            indices, positions, values = self._parameters(definition.head)
            body = self.term(definition.body, Scope(values, indices, frozenset(), True))
        finally:
            inner, self.used = self.used, outer
            self._open.pop()
        needs = tuple(inner)
        parameters = tuple((self.parameter(need), self.kind(need)) for need in needs)
        inside = frozenset(
            name for name in self.definitions if any(isinstance(node, Defined) and node.name == name for node in walk(body))
        )
        result = CoqDefinition(name, needs, parameters, positions, body, inside)
        self._by_key[key] = self.definitions[name] = result
        return result

    def _parameters(self, head: Expr) -> tuple[dict[Symbol, Expr], tuple[Symbol | str, ...], dict[Key, Any]]:
        """The index symbols of a definition's head, its positions, and what stands for a function's parameters."""
        if isinstance(head, Symbol):
            return {}, (), {}
        if isinstance(head, Indexed):
            fresh = {p: Dummy(p.name, integer=True) for p in head.indices if isinstance(p, Symbol) and not p.is_positive}
            if len(fresh) != len(head.indices):
                raise OutsideFragment(f"{head.base.label} is defined at some indices only")
            return {**fresh}, tuple(fresh.values()), {}
        if isinstance(head, Call):
            values: dict[Key, Any] = {}
            positions: list[Symbol | str] = []
            for parameter in head.arguments:
                if isinstance(parameter, IndexedBase):
                    key: Key = ("family", str(parameter.label))
                elif isinstance(parameter, Symbol) and not parameter.is_integer:
                    key = ("scalar", parameter.name)
                else:
                    raise OutsideFragment(f"{head.name} with the parameter {parameter}")
                name = self.names.of(("parameter", head, key), str(key[1]))
                values[key] = Base(name, self.context_arity(key))
                positions.append(name)
            return {}, tuple(positions), values
        raise OutsideFragment(f"a definition of {head}")

    def context_arity(self, key: Key) -> int:
        """The number of indices of a family by its declared shape; 1 where none is known."""
        if key[0] == "scalar":
            return 0
        shape = self.context.shape_of(str(key[1]))
        return len(shape) if shape else self.arities.get(key, 1)

    def _call(self, term: Call, scope: Scope) -> Term:
        if any(term.orders):
            raise OutsideFragment(f"a derivative of the function {term.name}")
        key = key_of(term)
        if key not in self._known:
            raise OutsideFragment(f"the function {term.name} is not defined")
        definition = self._definition(key)
        arguments: list[Any] = []
        for argument in term.arguments:
            if isinstance(argument, IndexedBase):
                inner: Key = ("family", str(argument.label))
                arguments.append(self._family(inner, scope, self.context_arity(inner)))
            else:
                arguments.append(self.term(argument, scope))
        return Ref(Defined(definition.name, (*self._arguments(definition, scope), *arguments), 0))

    def _partial(self, term: Partial, scope: Scope) -> Term:
        """∂E/∂v: E with the real variable t for v, differentiated by t at v."""
        variable = term.variable
        if isinstance(variable, Symbol) and not variable.is_integer:
            key: Key = ("scalar", variable.name)
            positions: tuple[Expr, ...] = ()
        elif isinstance(variable, Indexed):
            key = ("family", str(variable.base.label))
            positions = tuple(self.index(p, scope) for p in variable.indices)
        else:
            raise OutsideFragment(f"a derivative by {variable}")
        if not self._is_known(term.expr, key):
            raise OutsideFragment(f"nothing says how {term.expr} depends on {variable}")
        here = self._family(key, scope, len(positions))
        self._variables += 1
        name = self.names.of(("variable", self._variables), "t")
        moving = Ref(Base(name, 0))
        varied: Family | Term = Updated(here, positions, moving) if positions else moving
        inner = replace(scope, values={**scope.values, key: varied}, varied=scope.varied | {key})
        point = Ref(here, positions) if positions else self._ref(here)
        return Slope(name, self.term(term.expr, inner), point)

    def _is_known(self, term: Expr, key: Key) -> bool:
        """A bare quantity without a definition has a derivative by itself only."""
        if isinstance(term, (Symbol, Indexed)):
            own = key_of(term)
            return own == key or own in self._known or own[1] in self.context.constants
        if isinstance(term, Partial):
            return self._is_known(term.expr, key)
        return True

    # -- variables of the statement --------------------------------------------------------------------------------

    def parameter(self, key: Key) -> str:
        """The name of a quantity that is a variable, or a parameter of a definition."""
        if isinstance(key[1], Symbol):
            return self.names.index(key[1])
        return self.names.of(key, name_of(key))

    def kind(self, key: Key) -> str:
        """The type of a quantity."""
        if key[0] in ("size", "index"):
            return "Z"
        return "Z -> " * self.arities[key] + "R"


def _is_negative(term: Expr) -> bool:
    factor = term.as_coeff_Mul()[0]
    return bool(factor.is_number and factor.is_negative)
