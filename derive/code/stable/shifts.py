r"""Exponentials that are shifted before they are taken: what stands for the shift, and for the largest one.

Of a sum over a range, ``Σ_k e^{u_k}``, c is the place of the largest exponent, ``p = u_c``; the shift s may be any
number, and ``t = e^{p - s}`` is the largest term:

.. math:: \sum_k e^{u_k} = e^{s} \Bigl(t + \sum_{k \ne c} e^{u_k - s}\Bigr)

Of a sum of two, ``e^a + e^b`` with ``u = b - a``, the larger exponent is ``p = (a + b + |u|)/2``, which is a or b:

.. math:: e^{a} + e^{b} = e^{p} \left(1 + e^{-|u|}\right)

Both hold for every c and s, and for every u; which c and s are taken is a matter of accuracy only. Where all exponents are
moderate, so that no exponential overflows or vanishes, no shift is needed, and c may be any place, that of a label say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sympy import Abs, Expr, Integer, Symbol, exp

from derive.terms import terms
from derive.terms.context import Context, Definition, Fact, Range


@dataclass(frozen=True)
class SeriesShift:
    """The shift of ``Σ_{letter} e^{exponent}``; `peak`, `largest` and `shift` are the names p, t and s."""

    letter: Symbol
    exponent: Expr
    span: Range
    top: Symbol
    peak: Expr
    largest: Symbol
    shift: Expr

    def at_top(self) -> Expr:
        """u_c."""
        return self.exponent.xreplace({self.letter: self.top})

    def known(self, context: Context, letters: Mapping[Symbol, Symbol]) -> Context:
        """The context in which the names mean what they stand for, for any c and s; bound indices are called `letters`."""
        peak = self.at_top().xreplace(dict(letters))
        defined = context.define(Definition(self.peak, peak), Definition(self.largest, exp(self.peak - self.shift)))
        return defined.with_range(self.top, self.span)

    def in_print(self, term: Expr) -> Expr:
        """`term` with p and t written out."""
        return term.xreplace({self.largest: exp(self.peak - self.shift)}).xreplace({self.peak: self.at_top()})

    @property
    def arbitrary(self) -> tuple[Symbol, ...]:
        """The names that may be anything: c and s."""
        return self.top, self.shift


@dataclass(frozen=True)
class Unshifted(SeriesShift):
    """A sum of moderate exponentials: s is 0, so that p is ``u_c`` itself, and c is the place of a label if there is one."""

    def known(self, context: Context, letters: Mapping[Symbol, Symbol]) -> Context:
        """The context in which the name t means ``e^{u_c}``."""
        return context.define(Definition(self.largest, exp(self.at_top().xreplace(dict(letters)))))

    @property
    def arbitrary(self) -> tuple[Symbol, ...]:
        return ()


@dataclass(frozen=True)
class Peak:
    """`top` is the place of the largest ``exponent``, or any other place: what rests on it holds for each."""

    letter: Symbol
    exponent: Expr
    span: Range
    top: Symbol

    def known(self, context: Context, letters: Mapping[Symbol, Symbol]) -> Context:
        """The context in which the place may be any of the range."""
        return context.with_range(self.top, self.span)

    def in_print(self, term: Expr) -> Expr:
        return term

    @property
    def arbitrary(self) -> tuple[Symbol, ...]:
        """The place."""
        return (self.top,)


@dataclass(frozen=True)
class PairShift:
    """The shift of ``e^a + e^b``, where `exponent` is b - a."""

    exponent: Expr

    def known(self, context: Context, letters: Mapping[Symbol, Symbol]) -> Context:
        """The context as it is: nothing is given a name."""
        return context

    def in_print(self, term: Expr) -> Expr:
        return term

    @property
    def arbitrary(self) -> tuple[Symbol, ...]:
        """None: it is the case of the sign that matters."""
        return ()

    def signs(self) -> tuple[Fact, Fact]:
        """The two cases u > 0 and u ≤ 0, of a u without a number in front."""
        size = Abs(self.exponent).as_coeff_Mul()[1]
        sign = size.args[0] if isinstance(size, Abs) else self.exponent
        return Fact(sign, ">", Integer(0)), Fact(sign, "<=", Integer(0))


class Shifts:
    """The shifts of one function, each made once."""

    def __init__(self, fresh: Callable[[Iterable[str]], str], moderate: Mapping[Range, Symbol] | None = None) -> None:
        """`moderate` is None but where all exponents are moderate; then it gives the places of labels by their ranges."""
        self._fresh = fresh
        self._moderate = moderate
        self._series: dict[tuple[Expr, Range], SeriesShift] = {}
        self._pairs: dict[Expr, PairShift] = {}
        self._peaks: dict[tuple[Expr, Range], Peak] = {}
        self._letter = terms.bound("k")

    @property
    def series(self) -> tuple[SeriesShift, ...]:
        return tuple(self._series.values())

    @property
    def pairs(self) -> tuple[PairShift, ...]:
        return tuple(self._pairs.values())

    @property
    def peaks(self) -> tuple[Peak, ...]:
        return tuple(self._peaks.values())

    @property
    def places(self) -> frozenset[Symbol]:
        """The names of the places in `peaks`."""
        return frozenset(peak.top for peak in self.peaks)

    def of_peak(self, exponent: Expr, letter: Symbol, span: Range) -> Symbol:
        """The name of the place where `exponent` is largest, the same for every name of the letter."""
        key = (exponent.xreplace({letter: self._letter}), span)
        if key in self._series and self._moderate is None:
            return self._series[key].top
        if key not in self._peaks:
            self._peaks[key] = Peak(self._letter, key[0], span, terms.index(self._fresh("mcqr")))
        return self._peaks[key].top

    def of_series(self, exponent: Expr, letter: Symbol, span: Range) -> SeriesShift:
        """The shift of ``Σ_{letter} e^{exponent}``, the same for every name of the letter."""
        general = exponent.xreplace({letter: self._letter})
        key = (general, span)
        if key not in self._series:
            number = "" if not self._series else f"_{len(self._series) + 1}"
            if self._moderate is not None:
                place = self._moderate.get(span) or terms.index(self._fresh("cmqr"))
                self._series[key] = Unshifted(self._letter, general, span, place, general.xreplace({self._letter: place}),
                                              terms.scalar(f"largest{number}"), Integer(0))
                return self._series[key]
            top = self._peaks[key].top if key in self._peaks else terms.index(self._fresh("cmqr"))
            self._series[key] = SeriesShift(
                self._letter, general, span, top, terms.scalar(f"peak{number}"),
                terms.scalar(f"largest{number}"), terms.scalar(self._fresh("srh")))
        return self._series[key]

    def of_pair(self, exponent: Expr) -> PairShift:
        """The shift of ``e^a + e^b`` with b - a = `exponent`."""
        if exponent not in self._pairs:
            self._pairs[exponent] = PairShift(exponent)
        return self._pairs[exponent]

    def used_in(self, term: Expr) -> tuple[SeriesShift | PairShift | Peak, ...]:
        """The shifts and places whose names occur in `term`."""
        names = term.free_symbols
        series = [s for s in self.series if {s.top, s.peak, s.largest, s.shift} & names]
        sizes = term.atoms(Abs)
        pairs = [p for p in self.pairs if not Abs(p.exponent).atoms(Abs).isdisjoint(sizes)]
        return (*series, *pairs, *(p for p in self.peaks if p.top in names))
