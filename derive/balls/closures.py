"""Terms compiled once into nested closures, which are then evaluated at many points.

The semantics is direct and shares nothing with the symbolic calculus: a definition is unfolded by
evaluating its body, a sum by adding its summands, a derivative by giving the variable an ε
(:mod:`derive.balls.duals`) and reading off the coefficient of ε. In ``Partial(E, a[i])`` the members of
a defined family `a` get their values by evaluation, then the one member gets its ε; what `a` was defined
from does not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import sympy
from flint import arb, fmpq
from sympy import Basic, Expr, Indexed, Integer, Symbol
from sympy.core.function import Function
from sympy.core.relational import Relational

from derive.balls import duals, elementary
from derive.balls.binding import Bindings
from derive.balls.derivatives import Derivatives
from derive.balls.duals import ONE, ZERO, Dual, Undefined, Unsupported, Value
from derive.balls.frames import Accessor, Frame, Positions, Run
from derive.balls.functions import Functions
from derive.balls.integers import COMPARISONS, Condition, compile_integer, is_integer_term
from derive.balls.matrices import Matrices
from derive.balls.opaque import opaque_derivatives
from derive.balls.patterns import Key, opaque_name, quantity_patterns
from derive.terms import terms
from derive.terms.arrays import ExponentialEntry, InverseEntry, MatrixDeterminant
from derive.terms.binding import Integral, Limit, Product
from derive.terms.context import Context, Range
from derive.terms.elementary import row_of
from derive.terms.terms import Call, Partial

Closure: TypeAlias = Callable[[Frame], Value]


class Evaluator:
    """Closures for the terms of one context.

    `related` are the terms that belong together (the two sides of a claim): a derivative of an unknown
    quantity in one of them says what that quantity depends on in all of them.
    """

    def __init__(self, context: Context, related: Iterable[Expr] = ()) -> None:
        self.context = context
        self._patterns = quantity_patterns(context)
        self._opaque = opaque_derivatives(context, related)
        self._functions = Functions(self)
        self._derivatives = Derivatives(self)
        matrices, bindings = Matrices(self), Bindings(self)
        self._closures: dict[Expr, Closure] = {}
        self._handlers: dict[type, Callable[[Any], Closure]] = {
            sympy.Add: self._add,
            sympy.Mul: self._mul,
            sympy.Pow: self._pow,
            sympy.Sum: self._sum,
            terms.Cases: self._piecewise,
            sympy.KroneckerDelta: self._delta,
            Indexed: self._indexed,
            sympy.Max: self._extremum,
            sympy.Min: self._extremum,
            Partial: self._derivatives.compile,
            Call: self._functions.compile,
            InverseEntry: matrices.inverse,
            ExponentialEntry: matrices.exponential,
            MatrixDeterminant: matrices.determinant,
            Product: bindings.product,
            Integral: bindings.integral,
            Limit: bindings.limit,
        }

    def defines(self, key: Key) -> bool:
        """Whether the context defines a quantity of that name and number of positions."""
        return key in self._patterns

    def compile(self, term: Expr) -> Closure:
        """The closure of `term`. Raises :class:`Unsupported` for a head that is not in the vocabulary."""
        closure = self._closures.get(term)
        if closure is None:
            closure = self._closures[term] = self._compile(term)
        return closure

    def quantity(self, run: Run, name: str, positions: Positions) -> Value:
        """The value of a scalar (no positions) or a member of a family, under the perturbations in force."""
        memo, key = run.memo, (name, positions)
        value = memo.get(key)
        if value is None:
            value = memo[key] = duals.tamed(self._quantity(run, name, positions))
        return value

    def accessor(self, frame: Frame, name: str) -> Accessor:
        """How the family `name`, a parameter or a family of the context, gives its members."""
        given = frame.families.get(name)
        return given if given is not None else lambda positions: self.quantity(frame.run, name, positions)

    def shape(self, key: Key) -> tuple[Range, ...]:
        """The ranges of a family's positions: as declared, else those of the indices in its definition, else 1..n."""
        known = self.context.shape_of(key[0])
        if known is not None and len(known) == key[1]:
            return known
        default = Range(Integer(1), self.context.size)
        heads = self._patterns.heads.get(key)
        for pattern in heads.all() if heads is not None else ():
            if all(slot.symbol is not None and slot.offset == 0 for slot in pattern.slots):
                return tuple(
                    self.context.range_of(slot.symbol) if slot.symbol is not None else default for slot in pattern.slots
                )
        return (default,) * key[1]

    def members(self, run: Run, key: Key) -> list[Positions]:
        """All positions of a family at the sizes of `run`."""
        found: list[Positions] = [()]
        frame = Frame(run, run.base)
        for span in self.shape(key):
            low, high = compile_integer(span.low)(frame), compile_integer(span.high)(frame)
            found = [(*before, value) for before in found for value in range(low, high + 1)]
            run.step(len(found))
        return found

    def _quantity(self, run: Run, name: str, positions: Positions) -> Value:
        key = (name, len(positions))
        stack = run.stack
        for place in range(len(stack) - 1, -1, -1):
            seed = stack[place]
            if seed.name == name and len(seed.positions) == key[1]:
                before = run.under(stack[:place] + stack[place + 1 :])
                try:
                    value = self.quantity(run, name, positions)
                finally:
                    run.under(before)
                return value + Dual(seed.level, ZERO, ONE) if seed.positions == positions else value
        if key in self._patterns.broken:
            raise Unsupported(self._patterns.broken[key])
        heads = self._patterns.heads.get(key)
        if heads is not None:
            matched = heads.matching(positions, Frame(run, run.base))
            if matched is not None:
                return self.compile(matched[0].body)(Frame(run, {**run.base, **matched[1]}))
        if stack:
            if key in self._opaque.variables:
                return self._unknown(run, name, positions, self._opaque.variables[key])
            around = self._opaque.influences.get(key)
            if around is not None and any((seed.name, len(seed.positions)) in around for seed in stack):
                raise Unsupported(f"a second derivative of the unknown in {name}")
        return run.lookup(name, positions)

    def _unknown(self, run: Run, name: str, positions: Positions, variables: tuple[Key, ...]) -> Value:
        """An unknown quantity under perturbations: its ε-part is ``Σ ∂E/∂d · (ε-part of d)`` over its variables d."""
        seed = run.stack[-1]
        before = run.under(run.stack[:-1])
        try:
            value, slope = self.quantity(run, name, positions), ZERO
            for variable in variables:
                derivative = opaque_name((name, len(positions)), variable)
                if (seed.name, len(seed.positions)) == variable:
                    slope = slope + self.quantity(run, derivative, positions + seed.positions)
                elif seed.name is not None and (seed.name, len(seed.positions)) in self._opaque.rests_on(name, variable):
                    for member in self.members(run, variable):
                        inner = run.under(before)
                        part = duals.tangent(self.quantity(run, variable[0], member), seed.level)
                        run.under(inner)
                        slope = slope + self.quantity(run, derivative, positions + member) * part
        finally:
            run.under(before)
        return value if type(slope) is fmpq and slope == 0 else Dual(seed.level, value, slope)

    def _compile(self, term: Expr) -> Closure:
        kind = type(term)
        handler = self._handlers.get(kind)
        if handler is not None:
            return handler(term)
        row = row_of(term)
        if row is not None and row.key in elementary.BALLS and isinstance(term, Function):
            function, argument = elementary.BALLS[row.key], self.compile(term.args[0])
            return lambda frame: function(argument(frame))
        if isinstance(term, Symbol):
            return self._symbol(term)
        if isinstance(term, sympy.Rational):
            number = fmpq(int(term.p), int(term.q))
            return lambda frame: number
        if isinstance(term, sympy.Float):
            number = _decimal(str(term))
            return lambda frame: number
        if term is sympy.pi:
            return lambda frame: arb.pi()
        if term is sympy.E:
            return lambda frame: arb.const_e()
        if term in (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
            return _raise(Undefined(f"{term} is not a number"))
        raise Unsupported(f"{kind.__name__} is not evaluated")

    def _symbol(self, symbol: Symbol) -> Closure:
        name = symbol.name
        if symbol.is_integer and not self.defines((name, 0)):
            position = compile_integer(symbol)

            def read(frame: Frame) -> Value:
                value = frame.scalars.get(symbol) if frame.scalars else None
                return fmpq(position(frame)) if value is None else value

            return read

        def scalar(frame: Frame) -> Value:
            value = frame.scalars.get(symbol) if frame.scalars else None
            return self.quantity(frame.run, name, ()) if value is None else value

        return scalar

    def _indexed(self, term: Indexed) -> Closure:
        name = str(term.base.label)
        positions = tuple(compile_integer(position) for position in term.indices)

        def member(frame: Frame) -> Value:
            place = tuple([position(frame) for position in positions])
            if frame.families and name in frame.families:
                return frame.families[name](place)
            return self.quantity(frame.run, name, place)

        return member

    def _add(self, term: sympy.Add) -> Closure:
        first, *rest = [self.compile(argument) for argument in term.args]

        def total(frame: Frame) -> Value:
            result = first(frame)
            for each in rest:
                result = result + each(frame)
            return result

        return total

    def _mul(self, term: sympy.Mul) -> Closure:
        first, *rest = [self.compile(argument) for argument in term.args]

        def product(frame: Frame) -> Value:
            result = first(frame)
            for each in rest:
                result = result * each(frame)
            return result

        return product

    def _pow(self, term: sympy.Pow) -> Closure:
        base, exponent = self.compile(term.args[0]), term.args[1]
        if isinstance(exponent, Integer):
            count = int(exponent)
            if count == -1:
                return lambda frame: duals.inverse(base(frame))
            return lambda frame: duals.integer_power(base(frame), count)
        if isinstance(exponent, sympy.Rational):
            top, bottom = int(exponent.p), int(exponent.q)
            return lambda frame: duals.rational_power(base(frame), top, bottom)
        if is_integer_term(exponent):
            integer = compile_integer(exponent)

            def power(frame: Frame) -> Value:
                value, times = base(frame), integer(frame)
                if times == 0 and duals.sign_of(value, "0**0") == 0:
                    raise Undefined("0**0")
                return duals.integer_power(value, times)

            return power
        general = self.compile(exponent)
        return lambda frame: elementary.real_power(base(frame), general(frame))

    def _sum(self, term: sympy.Sum) -> Closure:
        body = self.compile(term.function)
        for limit in term.limits:
            if len(limit) != 3:
                raise Unsupported("a sum without limits")
            body = self._summed(body, *limit)
        return body

    def _summed(self, body: Closure, index: Symbol, lowest: Expr, highest: Expr) -> Closure:
        low, high = compile_integer(lowest), compile_integer(highest)

        def total(frame: Frame) -> Value:
            env = frame.env
            start, stop = low(frame), high(frame)
            if stop < start:
                return ZERO
            frame.run.step(stop - start + 1)
            before = env.get(index)
            env[index] = start
            result = body(frame)
            for value in range(start + 1, stop + 1):
                env[index] = value
                result = duals.tamed(result + body(frame))
            if before is None:
                del env[index]
            else:
                env[index] = before
            return result

        return total

    def _delta(self, term: sympy.KroneckerDelta) -> Closure:
        left, right = compile_integer(term.args[0]), compile_integer(term.args[1])
        return lambda frame: ONE if left(frame) == right(frame) else ZERO

    def _extremum(self, term: sympy.Max | sympy.Min) -> Closure:
        choose = elementary.maximum if isinstance(term, sympy.Max) else elementary.minimum
        first, *rest = [self.compile(argument) for argument in term.args]

        def best(frame: Frame) -> Value:
            result = first(frame)
            for each in rest:
                result = choose(result, each(frame))
            return result

        return best

    def _piecewise(self, term: terms.Cases) -> Closure:
        branches = tuple((self._condition(condition), self.compile(value)) for value, condition in term.branches)

        def choose(frame: Frame) -> Value:
            for condition, value in branches:
                if condition(frame):
                    return value(frame)
            raise Undefined("no case applies")

        return choose

    def _condition(self, condition: Basic) -> Condition:
        if condition in (sympy.true, sympy.false):
            truth = condition == sympy.true
            return lambda frame: truth
        if isinstance(condition, (sympy.And, sympy.Or)):
            parts = tuple(self._condition(part) for part in condition.args)
            combine = all if isinstance(condition, sympy.And) else any
            return lambda frame: combine(part(frame) for part in parts)
        if isinstance(condition, sympy.Not):
            inner = self._condition(condition.args[0])
            return lambda frame: not inner(frame)
        compare = COMPARISONS.get(type(condition))
        if compare is None or not isinstance(condition, Relational):
            raise Unsupported(f"the condition {condition}")
        if all(
            is_integer_term(side) and not (isinstance(side, Symbol) and self.defines((side.name, 0))) for side in condition.args
        ):
            left, right = (compile_integer(side) for side in condition.args)
            return lambda frame: compare(left(frame), right(frame))
        one, other = (self.compile(side) for side in condition.args)

        def decide(frame: Frame) -> bool:
            difference = one(frame) - other(frame)
            sign = duals.sign_of(difference, "a case's condition")
            if sign == 0 and type(difference) is Dual:
                raise Undefined("the derivative where two cases meet")
            return compare(sign, 0)

        return decide


def _raise(error: duals.EvaluationError) -> Closure:
    def closure(frame: Frame) -> Value:
        raise error

    return closure


def _decimal(text: str) -> fmpq:
    """The rational that a decimal string stands for.

    >>> _decimal("0.25")
    1/4
    """
    number = sympy.Rational(text)
    return fmpq(int(number.p), int(number.q))
