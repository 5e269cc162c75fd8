r"""Terms as :math:`e^{\ell} v`, every exponential of a sum taken apart from the rest, so that none overflows.

| sum | what it becomes |
|---|---|
| Σ_k v_k e^{u_k} | e^s Σ_k v_k e^{u_k - s}, for any s |
| Σ_k v_k e^{f x_k} | e^{f s} Σ_k v_k e^{f (x_k - s)}, for any s |
| A e^a + A e^b | e^p A (1 + e^{-\|d\|}), d = b - a, p = max(a, b) |
| A e^b - A e^a | e^p A tanh(d/2) (1 + e^{-\|d\|}) |
| (1 + A) e^a + (1 + B) e^b | e^p (1 + e^{-\|d\|} + A e^{-max(d, 0)} + B e^{min(d, 0)}) |
| A e^a + B e^b | e^p (A e^{-max(d, 0)} + B e^{min(d, 0)}) |

A sum of more terms is taken two at a time. Of a sum of a sum over a range and others, the former is
``Σ_k e^{u_k} = e^{u_c} (1 + Σ_{k≠c} e^{u_k - s}/e^{u_c - s})``, so that it has a 1 in front as well.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational, Sum, Symbol, exp, tanh

from derive.code.stable.factors import Scaled, has_exponentials
from derive.code.stable.refusal import CannotLower
from derive.code.stable.restricted import summed
from derive.code.stable.shifts import SeriesShift, Shifts
from derive.terms.arrays import OfMatrix
from derive.terms.context import Range
from derive.terms.terms import peel, unrestricted

ZERO, ONE, HALF = Integer(0), Integer(1), Rational(1, 2)


class Scaling(ABC):
    """The part of a stabiliser that takes exponentials apart; `_sums` are the sums that were split, by what they became."""

    split: bool
    moderate: bool
    shifts: Shifts
    _sums: dict[Expr, SeriesShift]
    _scope: list[tuple[Symbol, Range]]

    @abstractmethod
    def _visit(self, term: Expr) -> Expr: ...

    @abstractmethod
    def _body(self, head: Expr) -> Expr | None: ...

    @abstractmethod
    def _mean(self, term: Add) -> Expr | None: ...

    @abstractmethod
    def _difference(self, term: Expr) -> Expr | None: ...

    @abstractmethod
    def _is_point(self, place: Symbol) -> bool: ...

    def _of_matrix(self, term: OfMatrix) -> Expr:
        """With the entry of the matrix in its stable form, at the rows and columns that are bound there."""
        before, span = len(self._scope), Range(*term.span)
        self._scope += [(place, span) for place in term.places]
        inner = self._visit(term.body)
        del self._scope[before:]
        return term.func(inner, *term.args[1:])

    def _under_sum(self, term: Sum, visit: Callable[[Expr], Expr]) -> Expr:
        body, variable, low, high = peel(term)
        self._scope.append((variable, Range(low, high)))
        inner = visit(body)
        self._scope.pop()
        return inner if inner == 0 else Sum(inner, (variable, low, high))

    def _scaled(self, term: Expr, through: bool) -> Scaled:
        """`term` as e^ℓ·v, every exponential of a sum shifted; `through` looks into defined names."""
        if isinstance(term, exp):
            return Scaled(self._visit(term.args[0]), ONE)
        if isinstance(term, Mul):
            parts = [self._scaled(a, through) for a in term.args]
            return Scaled(Add(*(p.exponent for p in parts)), Mul(*(p.factor for p in parts)), any(p.shifted for p in parts))
        if isinstance(term, Pow) and term.exp.is_Rational:
            base = self._scaled(term.base, through)
            return Scaled(term.exp * base.exponent, Pow(base.factor, term.exp), base.shifted)
        if isinstance(term, Sum):
            return self._series(term, through)
        if isinstance(term, Add):
            mean = self._mean(term)
            if mean is not None:
                return Scaled(ZERO, mean)
            quotient = self._difference(term) if through else None
            if quotient is not None:
                return self._scaled(quotient, through)
            return self._added(term, through) or Scaled(ZERO, self._visit(term))
        body = self._body(term) if through else None
        if body is not None and (has_exponentials(body) or isinstance(body, Add) and self._difference(body) is not None):
            return self._scaled(body, through)
        return Scaled(ZERO, self._visit(term))

    def _series(self, term: Sum, through: bool) -> Scaled:
        body, variable, low, high = peel(term)
        span = Range(low, high)
        body, excluded = unrestricted(body, variable)
        self._scope.append((variable, span))
        inner = self._scaled(body, through)
        self._scope.pop()
        if not inner.exponent.has(variable):
            return Scaled(inner.exponent, summed(inner.factor, variable, span, excluded), inner.shifted)
        shift = self.shifts.of_series(inner.exponent, variable, span)
        shifted = inner.factor * exp(shift.below(variable))
        if self.split and inner.factor == 1 and not excluded:
            if self.moderate and not self._is_point(shift.top):
                raise CannotLower("no label at which a sum of exponentials could be split")
            whole = shift.largest + summed(shifted, variable, span, (shift.top,))
            self._sums[whole] = shift
            return Scaled(shift.amount, whole, True)
        return Scaled(shift.amount, summed(shifted, variable, span, excluded), True)

    def _added(self, term: Add, through: bool) -> Scaled | None:
        """A sum of terms with exponentials: those with one in common together, then two at a time."""
        if not has_exponentials(term):
            return None
        parts = [self._scaled(a, through) for a in term.args]
        exponents = sorted(dict.fromkeys(p.exponent for p in parts), key=lambda e: (not e.is_number, str(e)))
        if len(exponents) == 1:
            return Scaled(exponents[0], Add(*(p.factor for p in parts)), True) if any(p.shifted for p in parts) else None
        if self.moderate and any(p.shifted for p in parts):
            raise CannotLower("a sum of exponentials beside another one, of which one is the larger")
        groups = [(e, Add(*(p.factor for p in parts if p.exponent == e))) for e in exponents]
        first, *others = (self._from_peak(*group) for group in groups)
        for other in others:
            first = self._pair(first, other)
        return Scaled(*first, True)

    def _from_peak(self, exponent: Expr, factor: Expr) -> tuple[Expr, Expr]:
        """A split sum from its largest term, which then is a 1 in front."""
        shift = self._sums.get(factor)
        if shift is None or exponent != shift.amount:
            return exponent, factor
        return shift.height, ONE + (factor - shift.largest) / shift.largest

    def _pair(self, one: tuple[Expr, Expr], two: tuple[Expr, Expr]) -> tuple[Expr, Expr]:
        """e^a A + e^b B from the larger of a and b."""
        (a, first), (b, second) = one, two
        d = Add(b, -a)
        scale, x = self.shifts.scale_of(d)
        size = scale * Abs(x)
        larger, both = HALF * Add(a, b, size), 1 + exp(-size)
        self.shifts.of_pair(x)
        if first == second:
            return larger, first * both
        if first == -second:
            return larger, second * tanh(d / 2) * both
        ends = exp(-HALF * (d + size)), exp(HALF * (d - size))
        (ahead, rest), (ahead_too, rest_too) = first.as_coeff_Add(), second.as_coeff_Add()
        if ahead == ahead_too == 1:
            return larger, both + rest * ends[0] + rest_too * ends[1]
        return larger, first * ends[0] + second * ends[1]
