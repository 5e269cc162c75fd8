"""Values of products over an index, of integrals and of limits: each by its definition, with rigorous errors.

An integral between finite ends is the midpoint rule with its remainder, ``∫ f = Σ h f(m) + h³/24 f''(ξ)`` with f'' enclosed
on each part. One with an infinite end is summed from ``∫ x^k e^{q(x)}`` for q of degree 1 or 2; other integrands are not
evaluated there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flint import arb, fmpq
from sympy import Add, Expr, Integer, Mul, Number, NumberSymbol, Pow, Rational, Symbol, exp, log, preorder_traversal, tanh

from derive.balls import duals, elementary
from derive.balls.duals import ONE, ZERO, Dual, Undecided, Undefined, Unsupported, Value
from derive.balls.frames import Frame, Perturbation
from derive.balls.functions import Evaluating
from derive.balls.integers import compile_integer
from derive.terms.binding import Endless, Integral, Limit, Product
from derive.terms.terms import Call

PARTS = 64
DEGREE = 24
"""The highest power of the variable before an exponential that is integrated to an infinite end."""
_UP_TO_INFINITY = (Add, Mul, Pow, exp, log, tanh, Symbol, Number, NumberSymbol)
"""What is continuous up to infinity wherever balls have a value there."""
_DEPTH = 8
"""How deep definitions of functions are looked into."""

Closure = Callable[[Frame], Value]
Powers = list[Value]
"""The coefficients of a polynomial in the variable, by rising degree."""
Exponentials = list[tuple[Powers, Powers]]
"""``Σ p(x) e^{q(x)}``: the pairs (q, p)."""


class Bindings:
    """The products, integrals and limits that are written in the terms of an evaluator."""

    def __init__(self, program: Evaluating) -> None:
        self._program = program

    def product(self, term: Product) -> Closure:
        """A closure for a product over an index."""
        body = self._program.compile(term.body)
        low, high = (compile_integer(end) for end in term.span)
        index = term.variable

        def total(frame: Frame) -> Value:
            start, stop = low(frame), high(frame)
            frame.run.step(max(stop - start + 1, 0))
            result: Value = ONE
            for value in range(start, stop + 1):
                inner = Frame(frame.run, {**frame.env, index: value}, frame.scalars, frame.families)
                result = duals.tamed(result * body(inner))
            return result

        return total

    def limit(self, term: Limit) -> Closure:
        """A closure for the limit of a quotient: its value, or that of the slopes where both of its parts are 0.

        Slopes of the first and the second order are taken, as coefficients of ε and of ε ε'.
        """
        if isinstance(term.point, Endless):
            return self._at_infinity(term, term.point)
        above, below, point = (self._program.compile(part) for part in (term.body, term.below, term.point))

        def value(frame: Frame) -> Value:
            run = frame.run
            level, stack = run.next_level(), run.stack
            inward = point(frame) + Dual(level, ZERO, ONE)
            at = inward + Dual(level + 1, ZERO, ONE)
            before = run.under((*stack, Perturbation(None, (), level), Perturbation(None, (), level + 1)))
            try:
                inner = Frame(run, frame.env, {**frame.scalars, term.variable: at}, frame.families)
                tops, bottoms = (_orders(part(inner), level) for part in (above, below))
            finally:
                run.under(before)
            for top, bottom in zip(tops, bottoms, strict=True):
                if duals.sign_of(bottom, "what a limit divides by"):
                    return top * duals.inverse(bottom)
                number = duals.real_part(top)
                if number > 0 or number < 0:
                    raise Undefined("a limit of a quotient by what goes to 0")
            raise Undecided("a limit of a quotient of a higher order")

        return value

    def _at_infinity(self, term: Limit, point: Endless) -> Closure:
        """A closure for a limit at infinity: the value there of what is continuous up to it, where that is a number."""
        if not self._goes_on(term.body, 0):
            raise Unsupported("a limit at infinity of what may not be continuous there")
        body = self._program.compile(term.body / term.below)
        there = arb("inf") if point.sign > 0 else -arb("inf")

        def value(frame: Frame) -> Value:
            try:
                found = body(Frame(frame.run, frame.env, {**frame.scalars, term.variable: there}, frame.families))
            except Undefined:
                raise Undecided("a limit at infinity that its parts do not tell") from None
            if isinstance(found, Dual) or isinstance(found, arb) and not found.is_finite():
                raise Undecided("a limit at infinity that its parts do not tell")
            return found

        return value

    def _goes_on(self, term: Expr, depth: int) -> bool:
        """Whether a term, with the functions that are defined unfolded, is continuous up to infinity where it has a value."""
        for node in preorder_traversal(term):
            if isinstance(node, Call) and node.orders == (0,) * len(node.arguments) and depth < _DEPTH:
                bodies = [each.body for each in self._program.context.known.get((Call, node.name))]
                if len(bodies) != 1 or not self._goes_on(bodies[0], depth + 1):
                    return False
            elif isinstance(node, Expr) and not isinstance(node, _UP_TO_INFINITY):
                return False
        return True

    def integral(self, term: Integral) -> Closure:
        """A closure for an integral."""
        if any(isinstance(end, Endless) for end in term.span):
            return self._endless(term)
        body = self._program.compile(term.body)
        low, high = (self._program.compile(end) for end in term.span)
        variable = term.variable

        def value(frame: Frame) -> Value:
            start, stop = low(frame), high(frame)
            if type(start) is Dual or type(stop) is Dual:
                return self._moving(frame, body, variable, start, stop)
            return self._finite(frame, body, variable, start, stop)

        return value

    def _moving(self, frame: Frame, body: Closure, variable: Symbol, start: Value, stop: Value) -> Value:
        """Between ends with an ε: ``∫_a^{b + t ε} f = ∫_a^b f + t f(b) ε``."""

        def at(end: Value) -> Value:
            return body(Frame(frame.run, frame.env, {**frame.scalars, variable: end}, frame.families))

        def real(end: Value) -> tuple[int, Value, Value]:
            if type(end) is not Dual:
                return 0, end, ZERO
            if type(end.value) is Dual or type(end.tangent) is Dual:
                raise Unsupported("a second derivative by an end of an integral")
            return end.level, end.value, end.tangent

        (left_level, left, before), (right_level, right, after) = real(start), real(stop)
        if left_level and right_level and left_level != right_level:
            raise Unsupported("a second derivative by an end of an integral")
        level = left_level or right_level
        slope = after * at(right) - before * at(left)
        return self._finite(frame, body, variable, left, right) + Dual(level, ZERO, slope)

    def _finite(self, frame: Frame, body: Closure, variable: Symbol, start: Value, stop: Value) -> Value:
        """Between finite ends; where the integrand has no slope, as a root has none at 0, its value stays open."""
        try:
            return self._summed(frame, body, variable, start, stop)
        except Undefined as problem:
            raise Undecided(f"an integral: {problem}") from problem

    def _summed(self, frame: Frame, body: Closure, variable: Symbol, start: Value, stop: Value) -> Value:
        run = frame.run
        width = (stop - start) * fmpq(1, PARTS)
        level, stack = run.next_level(), run.stack

        def at(place: Value) -> Value:
            return body(Frame(run, frame.env, {**frame.scalars, variable: place}, frame.families))

        total: Value = ZERO
        run.step(PARTS)
        for part in range(PARTS):
            left = start + width * part
            total = total + at(left + width * fmpq(1, 2))
            whole = duals.ball(left).union(duals.ball(left + width))
            before = run.under((*stack, Perturbation(None, (), level), Perturbation(None, (), level + 1)))
            try:
                curved = at(Dual(level + 1, Dual(level, whole, ONE), ONE))
            finally:
                run.under(before)
            bend = duals.tangent(duals.tangent(curved, level + 1), level)
            total = total + bend * width * width * fmpq(1, 24)
        return total * width

    def _endless(self, term: Integral) -> Closure:
        program, variable = self._program, term.variable
        ends = [None if isinstance(end, Endless) else program.compile(end) for end in term.span]
        outward = [end.sign for end in term.span if isinstance(end, Endless)]
        if outward not in ([-1, 1], [1] if ends[0] is not None else [-1]):
            raise Unsupported("an integral against the order of its ends")
        if (falling := _power(term.body, variable)) is not None and ends[0] is not None:
            return self._of_power(*falling, term.span[0])
        parts = self._shape(term.body, variable)

        def value(frame: Frame) -> Value:
            low, high = (end(frame) if end is not None else None for end in ends)
            total: Value = ZERO
            for exponent, factor in parts(frame):
                if high is not None:  # from −∞: x for −x
                    exponent, factor = _mirrored(exponent), _mirrored(factor)
                total = total + _tail(exponent, factor, low if high is None else -high)
            return total

        return value

    def _of_power(self, factor: Expr, power: Rational, low: Expr) -> Closure:
        """``∫_low^∞ c x^r dx = c low^{r + 1}/(−r − 1)`` for r < −1 and low > 0."""
        scale, start = self._program.compile(factor), self._program.compile(low)
        top, bottom = int(power.p + power.q), int(power.q)

        def value(frame: Frame) -> Value:
            end = start(frame)
            duals.require_positive(end, "the end of an integral of a power")
            raised = duals.integer_power(end, top) if bottom == 1 else duals.rational_power(end, top, bottom)
            return scale(frame) * raised * fmpq(bottom, -top)

        return value

    def _shape(self, term: Expr, variable: Symbol) -> Callable[[Frame], Exponentials]:
        """The integrand as a sum of polynomials times exponentials of polynomials."""
        if variable not in term.free_symbols:
            closure = self._program.compile(term)
            return lambda frame: [([], [closure(frame)])]
        if term == variable:
            return lambda frame: [([], [ZERO, ONE])]
        if isinstance(term, (Add, Mul)):
            inner = [self._shape(argument, variable) for argument in term.args if isinstance(argument, Expr)]
            if isinstance(term, Add):
                return lambda frame: [pair for each in inner for pair in each(frame)]
            return lambda frame: _product(each(frame) for each in inner)
        if isinstance(term, exp):
            above = self._shape(term.args[0], variable)
            return lambda frame: [(_polynomial(above(frame)), [ONE])]
        if isinstance(term, Pow) and isinstance(term.exp, Integer) and 0 < term.exp <= DEGREE:
            base, times = self._shape(term.base, variable), int(term.exp)

            def power(frame: Frame) -> Exponentials:
                found = base(frame)
                return _product(found for _ in range(times))

            return power
        raise Unsupported("an integral of this to an infinite end")


def _power(term: Expr, variable: Symbol) -> tuple[Expr, Rational] | None:
    """c and r of ``c x^r`` with r < −1; None for anything else."""
    factors = term.args if isinstance(term, Mul) else (term,)
    moving = [factor for factor in factors if variable in factor.free_symbols]
    if len(moving) != 1 or not isinstance(moving[0], Pow) or moving[0].args[0] != variable:
        return None
    power = moving[0].args[1]
    rest = Mul(*(factor for factor in factors if factor is not moving[0]))
    return (rest, power) if isinstance(power, Rational) and power < -1 else None


def _orders(value: Value, level: int) -> tuple[Value, Value, Value]:
    """The value, and the derivatives of the first and second order, by an ε of this level and of the next."""
    outer = value if type(value) is Dual and value.level == level + 1 else Dual(level + 1, value, ZERO)
    return _plain(outer.value, level), duals.tangent(outer.value, level), duals.tangent(outer.tangent, level)


def _plain(value: Value, level: int) -> Value:
    return value.value if type(value) is Dual and value.level == level else value


def _added(left: Powers, right: Powers) -> Powers:
    long, short = (left, right) if len(left) >= len(right) else (right, left)
    return [a + short[k] if k < len(short) else a for k, a in enumerate(long)]


def _times(left: Powers, right: Powers) -> Powers:
    found: Powers = [ZERO] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found[i + j] = found[i + j] + a * b
    return found


def _product(factors: Iterable[Exponentials]) -> Exponentials:
    result: Exponentials = [([], [ONE])]
    for factor in factors:
        result = [(_added(q, r), _times(p, s)) for q, p in result for r, s in factor]
        if len(result) > 64 or any(len(p) > DEGREE for _, p in result):
            raise Unsupported("an integral of so many terms")
    return result


def _polynomial(found: Exponentials) -> Powers:
    """The polynomial that a sum without exponentials is."""
    result: Powers = []
    for exponent, factor in found:
        if any(type(each) is not fmpq or each != 0 for each in exponent):
            raise Unsupported("an exponential of an exponential to an infinite end")
        result = _added(result, factor)
    return result


def _mirrored(powers: Powers) -> Powers:
    return [-each if k % 2 else each for k, each in enumerate(powers)]


def _moved(powers: Powers, by: Value) -> Powers:
    """The polynomial in t for ``x = t + by``."""
    result: Powers = [ZERO]
    for each in reversed(powers):
        result = _added(_times(result, [by, ONE]), [each])
    return result


def _tail(exponent: Powers, factor: Powers, low: Value | None) -> Value:
    """``∫_low^∞ p(x) e^{q(x)} dx``, from −∞ on where `low` is None."""
    values = [*exponent, *factor, *(() if low is None else (low,))]
    if any(type(each) is Dual for each in values):
        raise Unsupported("a derivative of an integral to an infinite end")
    while exponent and type(exponent[-1]) is fmpq and exponent[-1] == 0:
        exponent = exponent[:-1]
    if len(exponent) == 2 and low is not None:
        return _falling(exponent, factor, low)
    if len(exponent) == 3:
        return _gaussian(exponent, factor, low)
    if all(type(each) is fmpq and each == 0 for each in factor):
        return ZERO
    raise Undefined("an integral that does not converge")


def _falls(value: Value) -> arb:
    """The positive number whose negative a leading coefficient has to be."""
    number = -duals.ball(value)
    if number > 0:
        return number
    if number <= 0:
        raise Undefined("an integral that does not converge")
    raise Undecided("whether an integral converges")


def _falling(exponent: Powers, factor: Powers, low: Value) -> arb:
    rate = _falls(exponent[1])
    moved, total = _moved(factor, low), arb(0)
    for k, each in enumerate(moved):
        total += duals.ball(each) * arb(k).fac() / rate ** (k + 1) if k else duals.ball(each) / rate
    return total * duals.ball(elementary.exp(duals.ball(exponent[0]) + duals.ball(exponent[1]) * duals.ball(low)))


def _gaussian(exponent: Powers, factor: Powers, low: Value | None) -> arb:
    rate = _falls(exponent[2])
    middle = duals.ball(exponent[1]) / (2 * rate)
    top = duals.ball(exponent[0]) + duals.ball(exponent[1]) * middle / 2
    moments = _moments(rate, len(factor), None if low is None else duals.ball(low) - middle)
    total = arb(0)
    for each, moment in zip(_moved(factor, middle), moments, strict=False):
        total += duals.ball(each) * moment
    return total * top.exp()


def _moments(rate: arb, count: int, low: arb | None) -> list[arb]:
    """``∫ t^k e^{-rate t²} dt`` from `low`, or over all numbers, for k below `count`."""
    root = (arb.pi() / rate).sqrt()
    if low is None:
        found = [root, arb(0)]
        edge = arb(0)
    else:
        edge = (-rate * low * low).exp()
        found = [root * (rate.sqrt() * low).erfc() / 2, edge / (2 * rate)]
    for k in range(2, count):
        here = low ** (k - 1) * edge if low is not None else arb(0)
        found.append((here + (k - 1) * found[k - 2]) / (2 * rate))
    return found[:count]
