"""What names stand for in an array program: arguments, what the document defines, labels, and the largest exponent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeGuard

from sympy import Expr, Indexed, Symbol, exp

from derive.code.arrays.builder import Builder, Value
from derive.code.arrays.program import BATCH
from derive.code.stable.shifts import Peak, SeriesShift, Unshifted
from derive.code.stable.stabiliser import CannotLower, Stabiliser, size_name
from derive.code.stable.support import is_positive
from derive.prover.letters import spans_of
from derive.terms import terms
from derive.terms.context import Context
from derive.terms.heads import name_of, positions_of

LEAST = Fraction(1, 4)
"""Below every largest exponential, as the shift is chosen, but that of exponents which are all -infinity: there a logarithm of
what is divided by it is that of 1, and the largest exponent, -infinity, is left. Shares of such a sum are NaN, as is 0/0."""


@dataclass
class Names(ABC):
    """Nodes for the names in the stable terms of one function.

    `points` gives the input that holds each index that stands for one place (the name, and the size below which it lies).
    Primitives whose name is in `shared` have no batch axis; with `batched` False nothing has one.
    """

    context: Context
    stable: Stabiliser
    points: Mapping[Symbol, tuple[str, str]]
    shared: frozenset[str] = frozenset()
    batched: bool = True
    spelling: Callable[[str], str] = str
    builder: Builder = field(default_factory=Builder)
    _families: dict[str, tuple[Value, tuple[Expr, ...]]] = field(default_factory=dict)
    _sizes: dict[object, str] = field(default_factory=dict)

    @abstractmethod
    def lower(self, term: Expr) -> Value:
        """The node of a stable term.

        Raises:
            CannotLower: if there is no array code for the term.
        """

    def _lengths(self, letters: Iterable[object]) -> list[str]:
        return [BATCH if letter == BATCH else self._sizes[letter] for letter in letters]

    def _symbol(self, symbol: Symbol) -> Value:
        shift = next((s for s in self.stable.shifts.series if symbol in (s.peak, s.largest, s.shift, _at_least(s))), None)
        if shift is not None:
            return self._of_shift(shift, symbol)
        if symbol.is_integer and symbol.is_positive:
            return self.builder.length(symbol.name)
        if symbol.is_integer:
            raise CannotLower(f"the index {symbol} is used as a number")
        return self._whole(symbol.name, 0)[0]

    def _of_shift(self, shift: SeriesShift, symbol: Symbol) -> Value:
        arguments = self._arguments(shift)
        if symbol == shift.shift and not self.stable.split:
            is_known = not shift.is_rising or any(
                (p.exponent, p.span) == (shift.exponent, shift.span) for p in self.stable.shifts.peaks
            )
            largest = (
                self.builder.gather(arguments, shift.letter, self._point(shift.top))
                if is_known
                else self.builder.reduce("max", arguments, shift.letter)
            )
            self.builder.hint(largest, "m")
            value = self.builder.elementwise(self._rounded(shift), largest)
        elif symbol == shift.shift:
            value = self.builder.elementwise(self._rounded(shift), self.lower(shift.peak))
            self.builder.hint(value, "shift")
        elif symbol == shift.peak:
            value = self.builder.gather(arguments, shift.letter, self._point(shift.top))
            self.builder.hint(value, "m")
        else:
            exponentials = self.lower(exp(shift.below(shift.letter)))
            value = self.builder.gather(exponentials, shift.letter, self._point(shift.top))
            if symbol != shift.largest:
                value = self.builder.elementwise("max", value, self.builder.constant(LEAST))
            self.builder.hint(value, "entry" if isinstance(shift, Unshifted) else "largest")
        return value

    def in_logarithm(self, argument: Expr) -> Expr:
        """The argument of a logarithm, in which no largest exponential is below `LEAST`."""
        names = {s.largest: _at_least(s) for s in self.stable.shifts.series if not isinstance(s, Unshifted)}
        return argument.xreplace(names)

    def _rounded(self, shift: SeriesShift) -> str:
        """What is made of the largest argument: it is rounded to a whole number only where that is an exponent itself."""
        return "shift" if shift.scale == 1 else "finite"

    def _arguments(self, shift: SeriesShift | Peak) -> Value:
        self._sizes[shift.letter] = size_name(shift.span)
        return self.lower(shift.argument)

    def _ranked(self, shift: SeriesShift | Peak) -> Value:
        """What is largest where the exponent is."""
        self._sizes[shift.letter] = size_name(shift.span)
        return self.lower(shift.argument if shift.is_rising else shift.exponent)

    def _gathered(self, term: exp) -> Value | None:
        """A shifted exponential at one place, taken from those of the sum."""
        for shift in self.stable.shifts.series:
            if shift.shift == 0 or shift.shift in term.free_symbols:
                for point in (*self.points, shift.top):
                    general = term.args[0].xreplace({point: shift.letter})
                    if point in term.free_symbols and general == shift.below(shift.letter):
                        self._arguments(shift)
                        every = self.lower(exp(shift.below(shift.letter)))
                        return self.builder.gather(every, shift.letter, self._point(point))
        return None

    def _point(self, symbol: Symbol) -> Value:
        if symbol in self.points:
            name, below = self.points[symbol]
            letters = (BATCH,) if self.batched else ()
            return self.builder.input(name, letters, letters, "index", below)
        known: tuple[SeriesShift | Peak, ...] = (*self.stable.shifts.series, *self.stable.shifts.peaks)
        shift = next(s for s in known if s.top == symbol)
        value = self.builder.reduce("argmax", self._ranked(shift), shift.letter)
        self.builder.hint(value, "top")
        return value

    def _is_point(self, position: Expr) -> TypeGuard[Symbol]:
        return (
            position in self.points
            or position in self.stable.shifts.places
            or any(s.top == position for s in self.stable.shifts.series)
        )

    def _whole(self, name: str, count: int) -> tuple[Value, tuple[Expr, ...]]:
        """A family at all of its members (or a scalar), and the letters that its positions have there."""
        if name not in self._families:
            definition = self.stable.definitions.get(name)
            if definition is None:
                spans = spans_of(name, count, self.context)
                own: tuple[Expr, ...] = tuple(terms.bound(f"p{place}") for place in range(count))
                for letter, span in zip(own, spans, strict=True):
                    self._sizes[letter] = size_name(span)
                batch = (BATCH,) if self.batched and name not in self.shared else ()
                letters = (*batch, *own)
                value = self.builder.input(
                    self.spelling(name), letters, self._lengths(letters), positive=is_positive(name, self.context)
                )
            else:
                own = positions_of(definition.head)
                value = self._defined(name, own, definition.body)
                self.builder.hint(value, self.spelling(name))
            self._families[name] = value, own
        value, own = self._families[name]
        if len(own) != count:
            raise CannotLower(f"{name} has {count} indices and {len(own)}")
        return value, own

    def _defined(self, name: str, own: tuple[Expr, ...], body: Expr) -> Value:
        """What a name stands for: its letters run over its own ranges there, whatever they run over where it is used."""
        used: dict[object, str] = {letter: self._sizes.pop(letter) for letter in own if letter in self._sizes}
        shape = self.context.shape_of(name)
        if shape is not None and len(shape) == len(own):
            self._sizes.update({letter: size_name(span) for letter, span in zip(own, shape, strict=True)})
        for letter in own:
            self._axis(letter)
        value = self.lower(body)
        self._sizes.update(used)
        return value

    def _axis(self, letter: Expr) -> None:
        if letter not in self._sizes:
            self._sizes[letter] = size_name(self.context.range_of(letter))

    def _member(self, term: Indexed) -> Value:
        value, own = self._whole(name_of(term), len(term.indices))
        fresh: dict[Hashable, Symbol] = {letter: terms.bound("at") for letter in own}
        value = Value(value.node, tuple(fresh.get(letter, letter) for letter in value.letters))
        renamed: dict[object, object] = {}
        for letter, position in zip(own, term.indices, strict=True):
            if fresh[letter] not in value.letters:
                continue
            if position.is_Integer:
                value = self.builder.gather(value, fresh[letter], int(position) - 1)
            elif isinstance(position, Symbol) and position in renamed.values():
                value = self._on_diagonal(value, fresh[letter], position, renamed)
            elif self._is_point(position):
                value = self.builder.gather(value, fresh[letter], self._point(position))
            elif isinstance(position, Symbol):
                self._axis(position)
                renamed[fresh[letter]] = position
            else:
                raise CannotLower(f"the index {position} of {name_of(term)}")
        return Value(value.node, tuple(renamed.get(letter, letter) for letter in value.letters))

    def _on_diagonal(self, value: Value, letter: object, position: Symbol, renamed: dict[object, object]) -> Value:
        """The entries at which the axis `letter` is where the axis that became `position` already is."""
        other = next(one for one, index in renamed.items() if index == position)
        lengths = self.builder.sizes_of(value)
        if lengths[letter] != lengths[other]:
            raise CannotLower(f"{position} runs over {lengths[other]} and over {lengths[letter]}")
        return self.builder.gather(value, letter, self.builder.places(other, str(lengths[other])))


def _at_least(shift: SeriesShift) -> Symbol:
    """The name of the largest exponential of a series where it is not taken for less than `LEAST`."""
    return terms.scalar(f"{shift.largest.name} at least")
