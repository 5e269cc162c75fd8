r"""Weighted means that are subtracted: with weights that sum to 1, the value at any place m may be subtracted first.

.. math:: x_i - \sum_k w_k x_k = (x_i - x_m) - \sum_k w_k (x_k - x_m), \qquad \sum_k w_k = 1

With m the place of the largest weight nothing cancels: at i = m the first difference is 0, and the others have small
weights. With the roles of the two families exchanged it is the place i = m alone that needs another form:

.. math:: x_i - w_i \sum_k x_k = \begin{cases} x_m \sum_{k \ne m} w_k - w_m \sum_{k \ne m} x_k & i = m \\
                                 x_i - w_i \sum_k x_k & i \ne m \end{cases}

Both hold for every m. Each costs one pass more over the axis, and makes no matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeGuard

from sympy import Add, Eq, Expr, Indexed, Integer, Mul, Sum, Symbol, exp

from derive.code.stable.licences import Judge
from derive.code.stable.restricted import summed
from derive.code.stable.shifts import Shifts
from derive.judge.verdict import Kind
from derive.normal.unfold import instantiate
from derive.terms.context import Claim, Context, Range
from derive.terms.terms import Call, Cases, peel

MOST_FACTORS = 6
"""Of a product with more factors it is not tried which of them are the weight."""

_LETTER = Symbol("_k", integer=True)


@dataclass(frozen=True)
class Mean:
    """``part - rest`` is part of a sum: a value less its weighted mean, or less its share in a total.

    `weight` and `value` depend on `letter`, which runs over `span`; `axis` is the place i; `scale` multiplies both.
    """

    letter: Symbol
    span: Range
    axis: Symbol
    weight: Expr
    value: Expr
    scale: Expr
    is_share: bool = False

    @property
    def parts(self) -> tuple[Expr, ...]:
        """The terms of the sum that it takes the place of."""
        low, high = self.span.low, self.span.high
        at = _at(self.value, self.letter, self.axis)
        if self.is_share:
            total = _at(self.weight, self.letter, self.axis) * Sum(self.value, (self.letter, low, high))
        else:
            total = Sum(self.weight * self.value, (self.letter, low, high))
        return (*Add.make_args(self.scale * at), -self.scale * total)

    def from_place(self, place: Symbol) -> Expr:
        """What it is with m = `place`."""
        value, low, high = self.value, self.span.low, self.span.high
        if not self.is_share:
            others = Sum(self.weight * (value - _at(value, self.letter, place)), (self.letter, low, high))
            return self.scale * (_at(value, self.letter, self.axis) - _at(value, self.letter, place) - others)
        weights, values = (summed(part, self.letter, self.span, (place,)) for part in (self.weight, value))
        at_place = _at(self.scale, self.axis, place)
        special = at_place * (_at(value, self.letter, place) * weights - _at(self.weight, self.letter, place) * values)
        return Cases((special, Eq(self.axis, place)), (Add(*self.parts), True))


def means(term: Add, places: frozenset[Symbol]) -> Iterator[Mean]:
    """What looks like one in the sum `term`; `places` are indices of which no axis is made."""
    for part in term.args:
        for node in Mul.make_args(part):
            if isinstance(node, Sum):
                number, outer = (part / node).as_coeff_Mul()
                body, variable, low, high = peel(node)
                if not isinstance(body, (Cases, Sum)):
                    sign = Integer(-1) if number.is_negative else Integer(1)
                    found = _Candidates(term, -sign * outer, -number / sign, variable, Range(low, high), body, places)
                    yield from found.of_means()
                    yield from found.of_shares()


@dataclass(frozen=True)
class _Candidates:
    """``-number · outer · Σ_variable body``, a part of `whole`."""

    whole: Add
    signed: Expr
    number: Expr
    variable: Symbol
    span: Range
    body: Expr
    places: frozenset[Symbol]

    def of_means(self) -> Iterator[Mean]:
        """x_i - Σ_k w_k x_k: the factors of the body that occur at a place i in another part are the value."""
        sign, outer = self._split()
        factors = [f for f in Mul.make_args(self.body) if f.has(self.variable)]
        rest = Mul(*(f for f in Mul.make_args(self.body) if not f.has(self.variable)))
        if len(factors) > MOST_FACTORS:
            return
        for count in range(len(factors), 0, -1):
            for chosen in combinations(factors, count):
                value, weight = Mul(*chosen), Mul(*(f for f in factors if f not in chosen))
                for axis in self._axes(value):
                    at = _at(value, self.variable, axis)
                    for scale in self._scales(at, outer * rest):
                        whole_weight = weight * outer * rest / scale
                        one = Mean(self.variable, self.span, axis, whole_weight, value, sign * scale * abs(self.number))
                        if whole_weight.has(self.variable) and self._is_there(one):
                            yield one

    def of_shares(self) -> Iterator[Mean]:
        """x_i - w_i Σ_k x_k: the factor outside is the weight at i."""
        sign, outer = self._split()
        for axis in sorted((s for s in outer.free_symbols if self._is_axis(s)), key=str):
            inside = Mul(*(f for f in Mul.make_args(outer) if f.has(axis)))
            for weight in dict.fromkeys((inside, outer)):
                scale = sign * abs(self.number) * outer / weight
                one = Mean(self.variable, self.span, axis, _at(weight, axis, self.variable), self.body, scale, is_share=True)
                if not self.body.has(axis) and self._is_there(one):
                    yield one

    def _split(self) -> tuple[Expr, Expr]:
        sign, outer = self.signed.as_coeff_Mul()
        return (Integer(1) if sign > 0 else Integer(-1)), outer * abs(sign)

    def _is_axis(self, symbol: object) -> TypeGuard[Symbol]:
        return (
            isinstance(symbol, Symbol)
            and symbol.is_integer is True
            and symbol.is_positive is None
            and symbol != self.variable
            and symbol not in self.places
        )

    def _axes(self, value: Expr) -> list[Symbol]:
        """The indices of the other parts, at which the value may stand there."""
        free = self.whole.free_symbols - value.free_symbols
        return sorted((s for s in free if self._is_axis(s)), key=str)

    def _scales(self, at: Expr, outer: Expr) -> list[Expr]:
        """What both may be multiplied with: nothing, all that does not depend on the letter, or what another part says."""
        found = [Integer(1), outer]
        if not isinstance(at, Add):
            for part in self.whole.args:
                scale = (part / at).as_coeff_Mul()[1]
                left = outer / scale
                if scale != 1 and all(f in Mul.make_args(outer) for f in Mul.make_args(scale)) and left != outer:
                    found.append(scale)
        return list(dict.fromkeys(found))

    def _is_there(self, mean: Mean) -> bool:
        """Whether all of its terms are terms of the whole, and nothing stands at a place yet."""
        others = [symbol for symbol in mean.weight.free_symbols if self._is_axis(symbol)]
        return not others and not mean.value.free_symbols & self.places and all(part in self.whole.args for part in mean.parts)


@dataclass
class Means:
    """Finds the means of one function whose weights the judge proves to sum to 1; `body` gives what a name stands for."""

    context: Context
    points: frozenset[Symbol]
    judge: Judge
    shifts: Shifts
    body: Callable[[Expr], Expr | None]
    _sums: dict[tuple[Expr, Range], bool] = field(default_factory=dict)

    def first(self, term: Add) -> tuple[Expr, Expr] | None:
        """Terms of the sum `term`, and the same with the value at the largest weight subtracted; None if there is no such."""
        for mean in means(term, self.points | self.shifts.places):
            if self._has_sum_1(mean):
                return Add(*mean.parts), mean.from_place(self.shifts.of_peak(self._key(mean), mean.letter, mean.span))
        return None

    def _has_sum_1(self, mean: Mean) -> bool:
        key = instantiate(mean.weight, {mean.letter: _LETTER}), mean.span
        if key not in self._sums:
            claim = Claim(Sum(mean.weight, (mean.letter, mean.span.low, mean.span.high)), "=", Integer(1))
            self._sums[key] = self.judge(claim, self.context).kind is Kind.PROVED
        return self._sums[key]

    def _key(self, mean: Mean) -> Expr:
        """What is largest where the weight is: its exponent if it is an exponential over a constant, else the weight."""
        exponents, left = [], [mean.weight]
        while left:
            factor = left.pop()
            if isinstance(factor, exp):
                exponents.append(factor.args[0])
            elif isinstance(factor, Mul):
                left += factor.args
            elif factor.has(mean.letter):
                body = self.body(factor) if isinstance(factor, Symbol | Indexed | Call) else None
                if body is None:
                    return mean.weight
                left.append(body)
        return Add(*(part for part in Add.make_args(Add(*exponents)) if part.has(mean.letter)))


def _at(term: Expr, letter: Symbol, place: Expr) -> Expr:
    return instantiate(term, {letter: place}) if term.has(letter) else term


__all__ = ["Mean", "Means", "means"]
