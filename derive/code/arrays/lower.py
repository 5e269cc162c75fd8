"""Terms to array programs: an index becomes an axis, a sum a reduction or a contraction, a label a gather.

What a name stands for is computed once and shared. What cancels is subtracted first: ``(z_c - z_t) + ln(1 + r)``, never
``(z_c + ln(1 + r)) - z_t``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from sympy import (
    Add,
    And,
    E,
    Eq,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    pi,
)
from sympy.core.function import Function

from derive.code.arrays.builder import Value
from derive.code.arrays.inverses import Inverses
from derive.code.arrays.program import BATCH
from derive.code.stable.differences import paired, ramps, signs, with_signs
from derive.code.stable.paths import best_pair, spliced
from derive.code.stable.stabiliser import CannotLower, size_name
from derive.code.stable.support import OnSupport
from derive.terms.arrays import InverseEntry, MatrixDeterminant
from derive.terms.context import Range
from derive.terms.elementary import row_of
from derive.terms.terms import Cases, peel, unrestricted


@dataclass
class Lowering(Inverses):
    """Lowers stable terms of one function into one builder."""

    _known: dict[tuple[Expr, object], Value] = field(default_factory=dict)

    def __call__(self, term: Expr, letters: Sequence[Symbol]) -> Value:
        """The value of a stable term along `letters`, after the batch.

        Raises:
            CannotLower: if there is no array code for the term.
        """
        return self._along(self.lower(term), letters)

    def mean(self, term: Expr, letters: Sequence[Symbol]) -> Value:
        """The mean over the batch of the value of a stable term, along `letters`."""
        parts = Add.make_args(term)
        values = [self.lower(part) for part in parts]
        varying = [BATCH in value.letters for value in values]
        if not any(varying):
            return self._along(self.lower(term), letters)
        if all(varying) and len(parts) > 1:
            total = self.builder.reduce("sum", self.lower(term), BATCH)
        else:
            total = self._added(
                [(1, self.contracted(*self._without_outer(Mul.make_args(p)))) for p, v in zip(parts, varying, strict=True) if v]
            )
        mean = self.builder.elementwise("div", total, self.builder.length(BATCH))
        rest = [part for part, v in zip(parts, varying, strict=True) if not v]
        signed = [(-1, self.lower(-part)) if part.could_extract_minus_sign() else (1, self.lower(part)) for part in rest]
        return self._along(self._added([(1, mean), *signed]), letters)

    def _without_outer(self, factors: Sequence[Expr]) -> tuple[list[Expr], list[object]]:
        """Factors to be summed over the batch: those of a sum that would be a matrix for each example in its place."""
        found, over = list(factors), list[object]([BATCH])
        while inner := next((f for f in found if isinstance(f, Sum) and len(self.lower(f).letters) > 2), None):
            body, variable, low, high = peel(inner)
            if isinstance(body, Add | Cases) or variable in over or BATCH not in self.lower(inner).letters:
                break
            self._sizes[variable] = size_name(Range(low, high))
            found = [*(factor for factor in found if factor is not inner), *Mul.make_args(body)]
            over.append(variable)
        return found, over

    def of_mean(self, term: Expr, letters: Sequence[Symbol]) -> Value:
        """For each example, the derivative of the mean: that of the example over the size of the batch."""
        return self.builder.elementwise("div", self(term, letters), self.builder.length(BATCH))

    def _along(self, value: Value, letters: Sequence[Symbol]) -> Value:
        self._sizes.update(self.builder.sizes_of(value))
        for letter in letters:
            self._axis(letter)
        wanted = ([BATCH] if BATCH in value.letters else []) + list(letters)
        if set(value.letters) == set(wanted):
            return value if value.letters == tuple(wanted) else self.builder.broadcast(value, wanted, self._lengths(wanted))
        missing = [letter for letter in value.letters if letter not in wanted]
        if missing:
            raise CannotLower(f"the index {missing[0]} is not one of the result")
        return self.builder.broadcast(value, wanted, self._lengths(wanted))

    # -- one rule for each head ---------------------------------------------------------------------------------------

    def lower(self, term: Expr) -> Value:
        key = term, tuple((s, self._sizes[s]) for s in sorted(term.free_symbols, key=str) if s in self._sizes)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._lowered(term)
        return known

    def _lowered(self, term: Expr) -> Value:
        build = self.builder
        if isinstance(term, Rational):
            return build.constant(Fraction(int(term.p), int(term.q)))
        if term in (pi, E):
            return build.constant("pi" if term is pi else "e")
        if isinstance(term, Symbol):
            return self._symbol(term)
        if isinstance(term, Indexed):
            return self._member(term)
        if isinstance(term, Add):
            return self._sum_of(term)
        if isinstance(term, Mul):
            return self._product(Mul.make_args(term))
        if isinstance(term, exp):
            gathered = self._gathered(term)
            return build.elementwise("exp", self.lower(term.args[0])) if gathered is None else gathered
        if isinstance(term, Pow):
            return self._power(term)
        if isinstance(term, Sum):
            return self._series(term)
        if isinstance(term, Cases):
            return self._cases(term)
        if isinstance(term, KroneckerDelta):
            return self._cases(Cases((Integer(1), Eq(term.args[0], term.args[1])), (Integer(0), True)))
        if isinstance(term, InverseEntry):
            return self.inverse_entry(term)
        if isinstance(term, MatrixDeterminant):
            return self.determinant(term)
        if isinstance(term, log) and isinstance(term.args[0], MatrixDeterminant):
            return self.determinant(term.args[0], in_log=True)
        if isinstance(term, OnSupport):
            return build.elementwise("support", *(self.lower(part) for part in term.args))
        row = row_of(term)
        if row is None or not row.op or not isinstance(term, Function) or len(term.args) != 1:
            raise CannotLower(f"there is no array code for {type(term).__name__}")
        argument = self.in_logarithm(term.args[0]) if isinstance(term, log) else term.args[0]
        number, rest = argument.as_coeff_Add()
        if row.of_one_more and number == 1 and rest != 0:
            return build.elementwise(row.of_one_more, self.lower(rest))
        return build.elementwise(row.op, self.lower(argument))

    # -- sums and products of terms -----------------------------------------------------------------------------------

    def _sum_of(self, term: Add) -> Value:
        """What the scale of exponents is taken out of, differences of what is alike, then the rest: larger arrays first."""
        scaled, left = self.stable.shifts.by_scale(term)
        products = [(1, self._product(Mul.make_args(scale), self.lower(inner))) for scale, inner in scaled]
        if left == 0:
            return self._added(products)
        kinks, parts = ramps(left)
        slopes, parts = signs(Add(*parts))
        alike, rest = paired(parts, self.stable.shifts)
        done = [(sign, self.builder.elementwise(op, *(self.lower(end) for end in ends))) for sign, op, *ends in kinks]
        done += [(sign, self.builder.elementwise(op, self.lower(u))) for sign, op, u in slopes]
        done += [(1, self.builder.elementwise("sub", self.lower(one), self.lower(other))) for one, other in alike]
        others = [(sign, self.lower(part), part.is_number) for sign, part in rest]
        others.sort(key=lambda item: (item[2] and len(others) > 1 and item[0] == 1, -len(item[1].letters)))
        if kinks:
            logarithms = [(sign, self.lower(part)) for sign, part in rest if isinstance(part, log)]
            exponents = [(sign, value) for sign, value, _ in others if (sign, value) not in logarithms]
            return self._added([(1, self._added([*products, *done, *exponents])), *logarithms])
        return self._added([*products, *done, *((sign, value) for sign, value, _ in others)])

    def _added(self, parts: Sequence[tuple[int, Value]]) -> Value:
        ordered = sorted(parts, key=lambda part: -part[0])
        sign, total = ordered[0]
        if sign < 0:
            total = self.builder.elementwise("neg", total)
        for sign, value in ordered[1:]:
            total = self.builder.elementwise("add" if sign > 0 else "sub", total, value)
        return total

    def _product(self, factors: Sequence[Expr], *more: Value) -> Value:
        """The product of the factors and of what is lowered already: smaller arrays first; then one division."""
        number = prod((f for f in factors if isinstance(f, Rational)), start=Rational(1))
        factors, turned = with_signs(factors)
        more = (*more, *(self.builder.elementwise(op, self.lower(u)) for op, u in turned))
        above = [self.lower(f) for f in factors if not f.is_Rational and not _is_divisor(f)]
        below = [self.lower(1 / f) for f in factors if not f.is_Rational and _is_divisor(f)]
        above += more
        if abs(number) != 1 or not above:
            above.insert(0, self.builder.constant(Fraction(abs(int(number.p)), int(number.q))))
        top = self._multiplied(above)
        if number < 0:
            top = self.builder.elementwise("neg", top)
        return self.builder.elementwise("div", top, self._multiplied(below)) if below else top

    def _multiplied(self, values: Sequence[Value]) -> Value:
        groups: dict[frozenset[object], Value] = {}
        for value in values:
            key = frozenset(value.letters)
            groups[key] = self.builder.elementwise("mul", groups[key], value) if key in groups else value
        ordered = sorted(groups.values(), key=lambda value: len(value.letters))
        result = ordered[0]
        for value in ordered[1:]:
            result = self.builder.elementwise("mul", result, value)
        return result

    def _power(self, term: Pow) -> Value:
        base, exponent = term.args
        if exponent == 2:
            return self.builder.elementwise("square", self.lower(base))
        if exponent == Rational(1, 2):
            return self.builder.elementwise("sqrt", self.lower(base))
        if exponent.is_Rational and exponent < 0:
            return self.builder.elementwise("div", self.builder.constant(Fraction(1)), self.lower(1 / term))
        return self.builder.elementwise("power", self.lower(base), self.lower(exponent))

    # -- sums over an index ---------------------------------------------------------------------------------------------

    def _series(self, term: Sum) -> Value:
        body, variable, low, high = peel(term)
        self._sizes[variable] = size_name(Range(low, high))
        over = [variable]
        while isinstance(body, Sum):
            body, variable, low, high = peel(body)
            self._sizes[variable] = size_name(Range(low, high))
            over.append(variable)
        inner, excluded = unrestricted(body, variable)
        if excluded:
            return self._restricted(inner, variable, excluded)
        factors, letters = spliced(Mul.make_args(body), over)
        for inner in (factor for factor in Mul.make_args(body) if isinstance(factor, Sum) and factor not in factors):
            _, variable, low, high = peel(inner)
            self._sizes[variable] = size_name(Range(low, high))
        return self.contracted(factors, letters)

    def _restricted(self, body: Expr, variable: Symbol, excluded: Sequence[Expr]) -> Value:
        value = self.lower(body)
        for place in excluded:
            if not (self._is_point(place) or place in value.letters) or variable not in value.letters:
                raise CannotLower(f"a sum without {variable.name} = {place}")
            value = self.builder.put(value, variable, self._index(place), self.builder.constant(Fraction(0)))
        total = self.builder.reduce("sum", value, variable)
        self.builder.hint(total, "rest")
        return total

    def contracted(self, factors: Sequence[Expr], over: Sequence[object]) -> Value:
        """The sum over `over` of a product, each factor entering as late as it can."""
        factors, over, solved = self.with_solutions(factors, over)
        inside = [value for value in solved if set(value.letters) & set(over)]
        beside = [value for value in solved if value not in inside]
        outside: list[Expr] = []
        for factor in factors:
            times, base = (2, factor.base) if isinstance(factor, Pow) and factor.exp == 2 else (1, factor)
            value = self.lower(base)
            if set(value.letters) & set(over):
                inside += [value] * times
            else:
                outside.append(factor)
        present = {letter for value in inside for letter in value.letters}
        lengths = [self.builder.length(self._lengths([letter])[0]) for letter in over if letter not in present]
        if not inside:
            return self._product(outside, *lengths, *beside)
        operands = self._operands(inside)
        summed = [letter for letter in over if letter in present]
        if len(operands) == 1:
            total = operands[0]
            for letter in summed:
                total = self.builder.reduce("sum", total, letter)
        else:
            total = self._in_pairs(operands, summed)
        return self._product(outside, *lengths, *beside, total) if outside or lengths or beside else total

    def _in_pairs(self, operands: list[Value], summed: list[object]) -> Value:
        while (pair := best_pair([frozenset(value.letters) for value in operands], summed)) is not None:
            one, other, gone = pair
            both = [operands[one], operands[other]]
            product = self.builder.contract(both, gone) if gone else self._multiplied(both)
            operands = [*(value for place, value in enumerate(operands) if place not in (one, other)), product]
            summed = [letter for letter in summed if letter not in gone]
        return self.builder.contract(operands, summed)

    def _operands(self, values: Sequence[Value]) -> list[Value]:
        """Factors along the same axes multiplied first; if they all are alike, all but one."""
        groups: dict[frozenset[object], list[Value]] = {}
        for value in values:
            groups.setdefault(frozenset(value.letters), []).append(value)
        if len(groups) == 1 and len(values) > 1:
            return [values[0], self._multiplied(values[1:])]
        return [self._multiplied(group) for group in groups.values()]

    # -- cases of indices -----------------------------------------------------------------------------------------------

    def _cases(self, term: Cases) -> Value:
        if len(term.args) != 2 or not isinstance(term.args[0].cond, Eq) or isinstance(term.args[0].cond, And):
            raise CannotLower("a case split of more than two cases")
        condition, chosen, other = term.args[0].cond, term.args[0].expr, term.args[1].expr
        axis, point = condition.args
        if self._is_point(axis):
            axis, point = point, axis
        if not isinstance(axis, Symbol) or self._is_point(axis):
            raise CannotLower(f"the case {axis} = {point}")
        self._axis(axis)
        special, general = self.lower(chosen), self.lower(other)
        if self._is_point(point):
            index = self._point(point)
            letters = list(
                dict.fromkeys(
                    sorted((*index.letters, *special.letters, *general.letters, axis), key=lambda letter: letter != BATCH)
                )
            )
            whole = self.builder.broadcast(general, letters, self._lengths(letters))
            return self.builder.put(whole, axis, index, special)
        if not isinstance(point, Symbol):
            raise CannotLower(f"the case {axis} = {point}")
        self._axis(point)
        if other == 0:
            unit = self.builder.identity(axis, point, self._sizes[axis])
            return self._multiplied([unit, special]) if chosen != 1 else unit
        letters = list(
            dict.fromkeys(sorted((*special.letters, *general.letters, point, axis), key=lambda letter: letter != BATCH))
        )
        whole = self.builder.broadcast(general, letters, self._lengths(letters))
        return self.builder.put(whole, axis, self._index(point), self._on(special, axis, point))

    def _index(self, place: Expr) -> Value:
        """The places of a label, or along an axis: of a diagonal."""
        if self._is_point(place):
            return self._point(place)
        return self.builder.places(place, self._sizes[place])

    def _on(self, value: Value, axis: Symbol, point: Symbol) -> Value:
        """A value on the diagonal: along `axis` it is taken where that is at `point`."""
        return value if axis not in value.letters else self.builder.gather(value, axis, self._index(point))


def _is_divisor(factor: Expr) -> bool:
    return isinstance(factor, Pow) and factor.exp.is_Rational and bool(factor.exp.is_negative)
