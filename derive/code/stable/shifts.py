r"""Exponentials that are shifted before they are taken: what stands for the shift, and for the largest one.

Of a sum over a range, ``Σ_k e^{u_k}``, c is the place of the largest exponent, ``p = u_c``; the shift s may be any
number, and ``t = e^{p - s}`` is the largest term:

.. math:: \sum_k e^{u_k} = e^{s} \Bigl(t + \sum_{k \ne c} e^{u_k - s}\Bigr)

Of a sum of two, ``e^a + e^b`` with ``u = b - a``, the larger exponent is ``p = (a + b + |u|)/2``, which is a or b:

.. math:: e^{a} + e^{b} = e^{p} \left(1 + e^{-|u|}\right)

Both hold for every c and s, and for every u; which c and s are taken is a matter of accuracy only. Where all exponents are
moderate, so that no exponential overflows or vanishes, no shift is needed, and c may be any place, that of a label say.

What all exponents have as a factor, ``u_k = f x_k``, is taken out of the differences: p is ``x_c``, s is in the units of x,
and what is computed is ``f (x_k - s)``. Of ``f x_k - f x_c`` each product would be rounded at its own size, and where all x_k
lie near one large number little is left of the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sympy import Abs, Add, Expr, Integer, Mul, Rational, Symbol, exp

from derive.terms import terms
from derive.terms.context import Context, Definition, Fact, Range

ONE = Integer(1)


@dataclass(frozen=True)
class SeriesShift:
    """The shift of ``Σ_{letter} e^{exponent}``; `peak`, `largest` and `shift` are the names p, t and s.

    The exponent is `scale` times an `argument`, and `is_rising` if the scale is known to be positive.
    """

    letter: Symbol
    exponent: Expr
    span: Range
    top: Symbol
    peak: Expr
    largest: Symbol
    shift: Expr
    scale: Expr = ONE
    argument: Expr = ONE
    is_rising: bool = True

    def at_top(self) -> Expr:
        """x_c."""
        return self.argument.xreplace({self.letter: self.top})

    def below(self, letter: Symbol) -> Expr:
        """f (x_k - s) for the index k called `letter`."""
        return self.scale * (self.argument.xreplace({self.letter: letter}) - self.shift)

    @property
    def amount(self) -> Expr:
        """f s, by which each exponent is smaller."""
        return self.scale * self.shift

    @property
    def height(self) -> Expr:
        """f p, the exponent at c."""
        return self.scale * self.peak

    def known(self, context: Context, letters: Mapping[Symbol, Symbol]) -> Context:
        """The context in which the names mean what they stand for, for any c and s; bound indices are called `letters`."""
        peak, largest = (term.xreplace(dict(letters)) for term in (self.at_top(), self._at_peak()))
        defined = context.define(Definition(self.peak, peak), Definition(self.largest, largest))
        return defined.with_range(self.top, self.span)

    def in_print(self, term: Expr) -> Expr:
        """`term` with p and t written out."""
        return term.xreplace({self.largest: self._at_peak()}).xreplace({self.peak: self.at_top()})

    def _at_peak(self) -> Expr:
        return exp(self.scale * (self.peak - self.shift))

    @property
    def arbitrary(self) -> tuple[Symbol, ...]:
        """The names that may be anything: c and s."""
        return tuple(each for each in (self.top, self.shift) if isinstance(each, Symbol))


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
    """`top` is the place of the largest ``exponent``, or any other place: what rests on it holds for each.

    The exponent is a scale times an `argument`, and `is_rising` if the scale is known to be positive.
    """

    letter: Symbol
    exponent: Expr
    span: Range
    top: Symbol
    argument: Expr
    is_rising: bool

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

    def __init__(
        self,
        fresh: Callable[[Iterable[str]], str],
        is_positive: Callable[[Expr], bool],
        moderate: Mapping[Range, Symbol] | None = None,
    ) -> None:
        """`moderate` is None but where all exponents are moderate; then it gives the places of labels by their ranges."""
        self._fresh = fresh
        self._is_positive = is_positive
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
            _, argument, is_rising = self._scaled(key[0])
            self._peaks[key] = Peak(self._letter, key[0], span, terms.index(self._fresh("mcqr")), argument, is_rising)
        return self._peaks[key].top

    def of_series(self, exponent: Expr, letter: Symbol, span: Range) -> SeriesShift:
        """The shift of ``Σ_{letter} e^{exponent}``, the same for every name of the letter."""
        general = exponent.xreplace({letter: self._letter})
        key = (general, span)
        if key not in self._series:
            number = "" if not self._series else f"_{len(self._series) + 1}"
            if self._moderate is not None:
                place = self._moderate.get(span) or terms.index(self._fresh("cmqr"))
                self._series[key] = Unshifted(
                    self._letter,
                    general,
                    span,
                    place,
                    general.xreplace({self._letter: place}),
                    terms.scalar(f"largest{number}"),
                    Integer(0),
                    argument=general,
                )
                return self._series[key]
            top = self._peaks[key].top if key in self._peaks else terms.index(self._fresh("cmqr"))
            self._series[key] = SeriesShift(
                self._letter,
                general,
                span,
                top,
                terms.scalar(f"peak{number}"),
                terms.scalar(f"largest{number}"),
                terms.scalar(self._fresh("srh")),
                *self._scaled(general),
            )
        return self._series[key]

    def by_scale(self, term: Expr) -> tuple[list[tuple[Expr, Expr]], Expr]:
        """Scales f, each with the x of which ``f x`` is part of the sum `term`, and what is left of the term.

        A sum is made of what a shift, or a largest exponent, is subtracted from: each is subtracted before it is scaled.
        """
        found: list[tuple[Expr, Expr]] = []
        for series in self.series:
            parts = {part: divided(part, series.scale) for part in Add.make_args(term)}
            inner = {part: rest for part, rest in parts.items() if rest is not None}
            if len(inner) > 1 and any({series.peak, series.shift} & rest.free_symbols for rest in inner.values()):
                found.append((series.scale, Add(*inner.values())))
                term = Add(*(part for part in parts if part not in inner))
        return found, term

    def scale_of(self, term: Expr) -> tuple[Expr, Expr]:
        """f and x of ``term = f x``, where f is the scale of a series and known to be positive; else 1 and the term."""
        for series in self.series:
            parts = [divided(part, series.scale) for part in Add.make_args(term)]
            rest = [part for part in parts if part is not None]
            if series.is_rising and len(rest) == len(parts):
                return series.scale, Add(*rest)
        return ONE, term

    def _scaled(self, exponent: Expr) -> tuple[Expr, Expr, bool]:
        """Scale and argument of an exponent, and whether the scale is known to be positive."""
        scale, argument = scaled(exponent, self._letter)
        if scale == 1 or self._is_positive(scale):
            return scale, argument, True
        return (-scale, -argument, True) if self._is_positive(-scale) else (scale, argument, False)

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


def scaled(exponent: Expr, letter: Symbol) -> tuple[Expr, Expr]:
    """f and x with ``exponent = f x``, f all factors of its terms that do not depend on the letter.

    A power of two, or a sign, stays with x: multiplying by it rounds nothing.

    >>> k, t = terms.index("k"), terms.scalar("t")
    >>> z = terms.family("z")[k]
    >>> scaled(-z / (2 * t), k), scaled(z - t, k), scaled(3 * z + 3 * t, k)
    ((1/t, -z[k]/2), (1, -t + z[k]), (3, t + z[k]))
    """
    parts = [Mul.make_args(part) for part in Add.make_args(exponent)]
    common = [
        factor
        for factor in parts[0]
        if not factor.has(letter) and all(factor in part for part in parts) and not is_exact(factor)
    ]
    others = [Mul(*(factor for factor in part if factor not in common)) for part in parts]
    return Mul(*common), Add(*others)


def divided(term: Expr, scale: Expr) -> Expr | None:
    """x of ``term = scale · x``, if the factors of the scale are among those of the term; None if not, or if it has none.

    >>> x, t = terms.scalar("x"), terms.scalar("t")
    >>> divided(-3 * x / (2 * t), 3 / t), divided(x, 3 / t), divided(x, ONE)
    (-x/2, None, None)
    """
    (number, rest), (by, factors) = term.as_coeff_Mul(), scale.as_coeff_Mul()
    wanted, there = (list(Mul.make_args(part)) if part != 1 else [] for part in (factors, rest))
    if scale == 1 or not is_exact(number / by) or any(factor not in there for factor in wanted):
        return None
    return number / by * Mul(*(factor for factor in there if factor not in wanted))


def is_exact(factor: Expr) -> bool:
    """Whether nothing is rounded where a number is multiplied by the factor: a power of 2, of any sign."""
    return isinstance(factor, Rational) and all(n & (n - 1) == 0 for n in (abs(int(factor.p)), int(factor.q)))
