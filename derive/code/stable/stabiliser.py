"""Rewrites that keep the value and its digits: each is proposed by the shape of a term and used only if it is proved.

| shape | what it becomes | what is lost otherwise |
|---|---|---|
| Σ_k e^{u_k} in a quotient or a logarithm | the same with every exponent shifted | overflow |
| the same with u_k = f x_k | exponents f (x_k - s), not f x_k - f s | digits where all x_k are near one large number |
| ln Σ_k e^{u_k} | u_c + ln(1 + Σ_{k≠c} e^{u_k - s}/e^{u_c - s}) | all digits near 0 |
| e^a + e^b in a quotient or a logarithm | e^p (1 + e^{-|a - b|}), p = max(a, b) | overflow |
| e^a - e^b | tanh((a - b)/2) (e^a + e^b) | all digits where a is near b |
| 1 - N/D | (D - N)/D, where D - N has fewer terms | all digits where N/D is near 1 |
| x - y, if 1 - x is such a difference | x (1 - y) - y (1 - x) | the same where y is near 1 too |
| x_i - δ_{it} | x_t - 1 at i = t and x_i elsewhere | the same at i = t |
| x_i - Σ_k w_k x_k, Σ w = 1 | x_i - x_m - Σ_k w_k (x_k - x_m), m the place of the largest w | all digits where w_i is near 1 |
| y ln x, y an argument | 0 where y is 0, for that is its limit where x is 0 as well | all: 0 times infinity |

Nothing here knows a formula by its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from sympy import Add, Eq, Expr, Indexed, KroneckerDelta, Mul, Ne, Pow, Sum, Symbol, exp, log, tanh

from derive.code.stable.differences import ramp, ramp_over, slope_of_ramp
from derive.code.stable.factors import by_exponentials, has_exponentials, is_below, multiplied_out, turned
from derive.code.stable.leaner import leaner, with_common_factors
from derive.code.stable.licences import Judge, Licence, Licences
from derive.code.stable.means import Means
from derive.code.stable.refusal import CannotLower, size_name
from derive.code.stable.restricted import smaller
from derive.code.stable.scaling import ONE, ZERO, Scaling
from derive.code.stable.shifts import SeriesShift, Shifts
from derive.code.stable.support import OnSupport, logarithm, weight_of
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.normal.matching import match
from derive.normal.unfold import instantiate
from derive.prover.deltas import at_equal, off_equal, sifted
from derive.prover.dependence import body_of, defined_by
from derive.prover.parts import rebuild
from derive.terms.arrays import OfMatrix
from derive.terms.context import Claim, Context, Definition, Range
from derive.terms.heads import name_of
from derive.terms.terms import Call, Cases, Partial, peel, unrestricted
from derive.writing.writer import claim_latex


@dataclass
class Stabiliser(Scaling):
    """Rewrites terms in one context, for one function.

    `points` are indices that stand for one place (a label), not for an axis. Families in `inline` are replaced by their
    definitions at once. Names in `independent` are arguments, whatever defines them. With `split` the largest term of a
    sum of exponentials is kept apart from the others. `derivative` gives the value of a derivative in a definition.
    With `moderate` no exponential of a sum can overflow or vanish: none is shifted, and a sum is split at a label.
    """

    context: Context
    points: frozenset[Symbol] = frozenset()
    inline: frozenset[str] = frozenset()
    independent: frozenset[str] = frozenset()
    split: bool = True
    moderate: bool = False
    judge: Judge = decide
    derivative: Callable[[Partial], Expr | None] = lambda partial: None
    taken: frozenset[str] = frozenset()
    definitions: dict[str, Definition] = field(default_factory=dict)
    licences: list[Licence] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._used = set(self.taken)
        labels = {self.context.range_of(point): point for point in sorted(self.points, key=str)}
        self.shifts = Shifts(self._fresh, self._is_positive, labels if self.moderate else None)
        self._granting = Licences(self.context, self.points, self.judge, self.shifts, self.licences, self.refused)
        self._means = Means(self.context, self.points, self.judge, self.shifts, self._body)
        self._sums: dict[Expr, SeriesShift] = {}
        self._scope: list[tuple[Symbol, Range]] = []

    def __call__(self, term: Expr) -> Expr:
        """`term` in its stable form.

        Raises:
            CannotLower: if it has a derivative that is not known, or a sum of moderate exponentials would lose digits.
        """
        found = self._visit(self._prepared(term))
        if self.moderate and any(self._cancels(part) for part in (found, *(d.body for d in self.definitions.values()))):
            raise CannotLower("the exponent at the label is left beside a logarithm, from which it may be subtracted")
        return found

    # -- names ----------------------------------------------------------------------------------------------------

    def _fresh(self, letters: Iterable[str]) -> str:
        name = next((letter for letter in letters if letter not in self._used), None)
        if name is None:
            name = next(f"c_{number}" for number in range(1, 1000) if f"c_{number}" not in self._used)
        self._used.add(name)
        return name

    def _body(self, head: Expr) -> Expr | None:
        """What the definition of a name says, at the indices of `head`; None for an argument of the function."""
        if not isinstance(head, (Symbol, Indexed, Call)) or name_of(head) in self.independent:
            return None
        body = body_of(head, self.context)
        return None if body is None else self._prepared(body)

    def _prepared(self, term: Expr) -> Expr:
        """With derivatives carried out, labels in their place, and sums over a delta sifted."""
        partials = sorted(term.atoms(Partial), key=lambda p: -p.count_ops())
        for partial in partials:
            value = self.derivative(partial)
            if value is None:
                raise CannotLower(f"the derivative of {partial.expr} by {partial.variable} is not known")
            term = term.xreplace({partial: value})
        if not self.inline:
            return term
        found = {m: body_of(m, self.context) for m in term.atoms(Indexed) if name_of(m) in self.inline}
        placed = term.xreplace({m: body for m, body in found.items() if body is not None})
        return sifted(placed) if placed.has(KroneckerDelta) else placed

    def _name(self, head: Expr) -> Expr:
        """A defined name stays, and its definition is made stable; a call is written out."""
        if isinstance(head, Call):
            body = self._body(head)
            if body is None:
                raise CannotLower(f"{head.name} is not defined")
            return self._visit(body)
        name = name_of(head)
        if name in self.independent or name in self.definitions:
            return head
        definition = defined_by(head, self.context)
        if definition is None:
            return head
        if len(match(definition.head, head) or ()) != len(getattr(definition.head, "indices", ())):
            raise CannotLower(f"{name} is defined for single places")
        self.definitions[name] = definition
        scope, self._scope = self._scope, []
        self.definitions[name] = replace(definition, body=self._visit(self._prepared(definition.body)))
        self._scope = scope
        return head

    # -- one visit of a term ----------------------------------------------------------------------------------------

    def _visit(self, term: Expr) -> Expr:
        if isinstance(term, (Symbol, Indexed, Call)):
            return self._name(term)
        if not term.args:
            return term
        if isinstance(term, log) and len(term.args) == 1:
            return self._logarithm(term)
        if isinstance(term, Add):
            return self._addition(term)
        if isinstance(term, (Mul, Pow)) and has_exponentials(term):
            return self._quotient(term)
        if isinstance(term, Sum):
            return self._series_of(term)
        if isinstance(term, Mul):
            return self._product(term)
        if isinstance(term, OfMatrix):
            return self._of_matrix(term)
        return rebuild(term, self._visit)

    def _series_of(self, term: Sum) -> Expr:
        """Σ_j x_j (δ_{ij} - y_j) = x_i - Σ_j x_j y_j: no matrix is made for δ; a label's δ stays with what it cancels."""
        if any(self.points & delta.free_symbols for delta in term.atoms(KroneckerDelta)):
            return self._under_sum(term, self._visit)
        if self.shifts.places & term.free_symbols:  # what is subtracted there keeps digits
            return self._under_sum(term, self._visit)
        for other, law in leaner(term):
            if self._granting.grant(term, other, law, self._scope):
                return self._visit(other)
        return self._under_sum(term, self._visit)

    def _logarithm(self, term: log) -> Expr:
        """ln(e^ℓ ∏ v^q) = ℓ + Σ q ln v, and ln of a split sum by its largest term."""
        inside = self._body(term.args[0]) or term.args[0]
        quotient = self._difference(inside) if isinstance(inside, Add) else None
        if quotient is not None and self._granting.grant(term.args[0], quotient, "complement", self._scope):
            term = log(quotient)
        scaled = self._scaled(term.args[0], through=True)
        if scaled.exponent == 0 and not (self.moderate and scaled.shifted):
            return log(self._visit(term.args[0]))
        parts = [scaled.exponent]
        for factor in Mul.make_args(scaled.factor):
            base, power = factor.as_base_exp()
            shift = self._sums.get(base)
            if shift is None:
                parts.append(power * log(base) if base != 1 else ZERO)
            else:
                ratio = (base - shift.largest) / shift.largest
                parts.append(power * shift.height - power * shift.amount)
                parts.append(power * log(1 + ratio))
        return self._licensed(term, Add(*parts), "logarithm")

    def _quotient(self, term: Expr) -> Expr:
        scaled = self._scaled(term, through=False)
        value = exp(scaled.exponent) * scaled.factor
        if not scaled.shifted or scaled.exponent in {shift.amount for shift in self.shifts.series}:
            return self._product(term) if isinstance(term, Mul) else rebuild(term, self._visit)
        return self._licensed(term, value, "shift")

    def _product(self, term: Mul) -> Expr:
        """A product with δ_{it} is 0 but at i = t, and one with a logarithm where the other factors are 0."""
        short = None if (self.shifts.places | self.points) & term.free_symbols else with_common_factors(term)
        if short is not None and self._granting.grant(term, short, "common factor", self._scope):
            return self._visit(short)
        out = multiplied_out(term)
        if out != term and self._granting.grant(term, out, "product", self._scope):
            return self._visit(out)
        ratio = ramp_over(term, self._body)
        if ratio is not None and self._granting.grant(ratio[0], slope_of_ramp(ratio[1]), "slope", self._scope):
            return self._visit(term / ratio[0] * slope_of_ramp(ratio[1]))
        for factor in term.args:
            place = self._place(factor)
            if place is not None:
                axis, point = place
                rest = at_equal(Mul(*(f for f in term.args if f is not factor)), axis, point)
                return Cases((self._visit(rest), Eq(axis, point)), (ZERO, True))
        parts = []
        for factor in term.args:
            others = [a for a in term.args if a is not factor]
            weight = weight_of(others, self.context, self._body) if logarithm(factor, self._body) else ONE
            value = self._visit(factor)
            if isinstance(factor, Pow) and self._vanishes(factor, others):
                value = OnSupport(self._visit(factor.base), value)
            parts.append(value if weight == 1 else OnSupport(self._visit(weight), value))
        value = Mul(*parts)
        out = multiplied_out(value) if any(series.scale != 1 for series in self.shifts.series) else value
        return out if out != value and self._granting.grant(term, out, "product", self._scope) else value

    def _vanishes(self, power: Pow, others: Iterable[Expr]) -> bool:
        """Whether x^q beside ln(1 - x) has the limit 0 at x = 0, although x^q may be infinite there: q > -1."""
        if power.exp.is_number or not any(isinstance(f, log) and f.args[0] == 1 - power.base for f in others):
            return False
        above, finite = (
            self.judge(Claim(power.exp, ">", -ONE), self.context).kind is Kind.PROVED,
            self.judge(Claim(power.exp, ">=", ZERO), self.context).kind is Kind.PROVED,
        )
        if not above:
            self.refused.append(claim_latex(power.exp, ">", -ONE, self.context))
        return above and not finite

    def _addition(self, term: Add) -> Expr:
        for delta in sorted(term.atoms(KroneckerDelta), key=str):
            place = self._place(delta) or self._diagonal(delta, term)
            if place is not None and not any(delta in inner.atoms(KroneckerDelta) for inner in term.atoms(Sum)):
                axis, point = place
                together, apart = at_equal(term, axis, point), off_equal(term, axis, point)
                cases = Cases((self._visit(together), Eq(axis, point)), (self._visit(apart), True))
                return self._licensed(term, cases, "cases")
        found = self._mean(term) or self._complement(term) or self._difference_of_exponentials(term) or self._ramp(term)
        if found is None:
            found = self._difference_of_two(term)
        if found is None and (turned := self._difference_of_two(Add(*(-a for a in term.args)))) is not None:
            found = -turned
        return Add(*(self._visit(a) for a in term.args)) if found is None else found

    def _place(self, factor: Expr) -> tuple[Symbol, Symbol] | None:
        """The axis and the point of a δ between two such."""
        if not isinstance(factor, KroneckerDelta):
            return None
        for axis, point in (factor.args[:2], factor.args[1::-1]):
            if isinstance(point, Symbol) and point in self.points and isinstance(axis, Symbol) and axis not in self.points:
                return axis, point
        return None

    def _diagonal(self, delta: KroneckerDelta, term: Add) -> tuple[Symbol, Symbol] | None:
        """The two axes of a δ, if what is left where they coincide is a difference that cancels."""
        first, second = delta.args[:2]
        if not (isinstance(first, Symbol) and isinstance(second, Symbol)) or self.points & {first, second}:
            return None
        together = at_equal(term, second, first)
        return (second, first) if isinstance(together, Add) and self._difference(together) is not None else None

    # -- differences that cancel --------------------------------------------------------------------------------------

    def _mean(self, term: Add) -> Expr | None:
        """x_i less its weighted mean or its share, from the value at the largest weight."""
        found = self._means.first(term)
        if found is None or not self._granting.grant(*found, "mean", self._scope):
            return None
        before, after = found
        rest = Add(*(part for part in term.args if part not in Add.make_args(before)))
        return Add(self._apart(after), ZERO if rest == 0 else self._visit(rest))

    def _apart(self, term: Expr) -> Expr:
        """Each part of a sum visited on its own, so that what was made of it is not found again."""
        return rebuild(term, self._apart) if isinstance(term, Add | Cases) else self._visit(term)

    def _complement(self, term: Expr) -> Expr | None:
        """±(1 - N/D) = ±(D - N)/D where D - N has fewer terms than D."""
        quotient = self._difference(term)
        if quotient is None:
            return None
        scaled = self._scaled(quotient, through=False)
        value = self._axes_split(exp(scaled.exponent) * scaled.factor)
        return self._licensed(term, value, "complement") if self.shifts.used_in(value) else None

    def _difference_of_exponentials(self, term: Add) -> Expr | None:
        """e^a - e^b, one of which may be 1, as tanh((a - b)/2) (e^a + e^b)."""
        if len(term.args) != 2 or not has_exponentials(term):
            return None
        scaled = [self._scaled(part, through=False) for part in term.args]
        (one, two) = ((part.exponent, part.factor) for part in scaled)
        if one[1] != -two[1] or one[0] == two[0] or any(part.shifted for part in scaled):
            return None
        value = one[1] * tanh((one[0] - two[0]) / 2) * (exp(one[0]) + exp(two[0]))
        return value if self._granting.grant(term, value, "exponentials", self._scope) else None

    def _ramp(self, term: Add) -> Expr | None:
        """p - c x, p = max(x, 0) the exponent of a logarithm, as (1 - c) p - c min(x, 0): neither is lost beside the other."""
        for part in term.args:
            one, exponential = part.args[0].as_coeff_Add() if isinstance(part, log) else (ZERO, ZERO)
            if one != 1 or not isinstance(exponential, exp):
                continue
            x = self.shifts.of_pair(exponential.args[0]).exponent
            for other in term.args:
                factor, core = -other / x, x.as_coeff_Mul()[1]
                if core in Mul.make_args(other) and not factor.has(core) and not isinstance(core, Add):
                    rest = Add(*(one for one in term.args if one not in (part, other)))
                    if self._granting.grant(part + other, ramp(x, factor), "logarithm", self._scope):
                        value = ramp(self._visit(x), self._visit(factor))
                        return value if rest == 0 else value + self._visit(rest)
        return None

    def _difference_of_two(self, term: Add) -> Expr | None:
        """x - y = x (1 - y) - y (1 - x): the first product is small where y is near 1, the second where x is."""
        if len(term.args) != 2 or term.has(KroneckerDelta):
            return None
        for x, minus_y in (term.args, term.args[::-1]):
            subtracted = minus_y.could_extract_minus_sign() and not minus_y.is_number
            if subtracted and not x.could_extract_minus_sign() and self._difference(1 - x) is not None:
                rest, y = self._complement(1 - x), -minus_y
                spread = x * (1 - y) - y * (1 - x)
                if rest is not None and self._licensed(term, spread, "difference") == spread:
                    return self._visit(x) * self._visit(1 - y) - self._visit(y) * rest
        return None

    def _difference(self, term: Expr) -> Expr | None:
        """``±(D - N)/D``, if `term` is such a difference with a quotient N/D, named or not."""
        number, rest = term.as_coeff_Add()
        sign, name = rest.as_coeff_Mul()
        if number == 0 or sign != -number or isinstance(rest, Add):
            return None
        below: Expr = ONE
        above: Expr = ONE
        is_known = False
        for factor in Mul.make_args(name):
            base, power = factor.as_base_exp() if not isinstance(factor, exp) else (factor, ONE)
            body = self._body(base) if isinstance(base, (Symbol, Indexed, Call)) else base
            body = by_exponentials(base if body is None else body)
            is_known = is_known or has_exponentials(body) or body != base
            for part in Mul.make_args(Pow(body, power)):
                if is_below(part):
                    below *= Pow(*turned(part))
                else:
                    above *= part
        left = smaller(below, above) if is_known else None
        return None if left is None else number * left / below

    def _axes_split(self, term: Expr) -> Expr:
        """Σ_{k≠i} over an axis i, from what is there: all but the largest term at i = c, the whole less one elsewhere."""
        for node in sorted(term.atoms(Sum), key=str):
            body, variable, low, high = peel(node)
            inner, excluded = unrestricted(body, variable)
            if self.moderate and any(place not in self.points for place in excluded):
                raise CannotLower("a sum without one term each, which needs the largest of all")
            shift = next((s for s in self.shifts.series if s.shift in node.free_symbols), None)
            if shift is None or len(excluded) != 1 or excluded[0] in self.points or excluded[0] == shift.top:
                continue
            if excluded[0] in shift.exponent.free_symbols:
                continue
            axis = excluded[0]
            others = Sum(Cases((inner, Ne(variable, shift.top)), (ZERO, True)), (variable, low, high))
            one = instantiate(inner, {variable: axis})
            at_top, elsewhere = (term.xreplace({node: part}) for part in (others, shift.largest + others - one))
            return Cases((at_top, Eq(axis, shift.top)), (elsewhere, True))
        return term

    def _cancels(self, term: Expr) -> bool:
        """Whether the exponent at which a sum is split occurs outside of exponentials."""
        rest = term.replace(lambda node: isinstance(node, exp), lambda node: ONE)
        return any(rest.has(shift.peak) for shift in self.shifts.series if shift.top in self.points)

    def _licensed(self, before: Expr, after: Expr, law: str) -> Expr:
        """`after` if the judge proves that it is `before`, for any shift; else `before`, its parts visited."""
        if before == after or self._granting.grant(before, after, law, self._scope):
            return after
        return rebuild(before, self._visit)

    def _is_point(self, place: Symbol) -> bool:
        return place in self.points

    def _is_positive(self, factor: Expr) -> bool:
        return self.judge(Claim(factor, ">", ZERO), self.context).kind is Kind.PROVED


__all__ = ["CannotLower", "Stabiliser", "size_name"]
