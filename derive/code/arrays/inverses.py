r"""Entries of inverses, and determinants: a sum over one of an inverse's indices is a system that is solved.

.. math:: \sum_q (A^{-1})_{pq} b_q = x_p, \qquad \sum_p A_{qp} x_p = b_q

The inverse itself is made only where its entries are asked for, or where what it is multiplied with has both its indices.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from derive.code.arrays.builder import Value
from derive.code.arrays.named import Names
from derive.code.arrays.program import BATCH
from derive.code.stable.refusal import CannotLower, size_name
from derive.judge.verdict import Kind
from derive.terms.arrays import InverseEntry, MatrixDeterminant, OfMatrix
from derive.terms.context import Claim, Range


@dataclass
class Inverses(Names):
    """The part of a lowering that is about whole square matrices."""

    _symmetric: dict[OfMatrix, bool] = field(default_factory=dict)

    @abstractmethod
    def contracted(self, factors: Sequence[Expr], over: Sequence[object]) -> Value:
        """The sum over `over` of the product of the factors."""

    def inverse_entry(self, term: InverseEntry) -> Value:
        """An entry of an inverse, at two different indices."""
        (row, column), place = term.places, term.place
        if len(set(place)) != 2 or not all(isinstance(p, Symbol) and not self._is_point(p) for p in place):
            raise CannotLower("an entry of an inverse at one place")
        value = self.builder.inverse(self._whole_of(term), row, column)
        at = {column: place[0], row: place[1]}
        self._sizes.update({p: self._sizes[row] for p in place})
        return Value(value.node, tuple(at.get(letter, letter) for letter in value.letters))  # type: ignore[call-overload]

    def determinant(self, term: MatrixDeterminant, in_log: bool = False) -> Value:
        """The determinant, or its logarithm."""
        return self.builder.determinant(self._whole_of(term), *term.places, in_log=in_log)

    def _whole_of(self, term: OfMatrix) -> Value:
        """All entries of the matrix."""
        size = size_name(Range(*term.span))
        self._sizes.update(dict.fromkeys(term.places, size))
        value = self.lower(term.body)
        turned = dict(zip(term.places, reversed(term.places), strict=True))
        if set(term.places) <= set(value.letters):
            first, second = (value.letters.index(place) for place in term.places)
            if first > second and self._is_symmetric(term):
                value = Value(value.node, tuple(turned.get(letter, letter) for letter in value.letters))  # type: ignore[call-overload]
        missing = [place for place in term.places if place not in value.letters]
        if not missing:
            return value
        letters = [*(letter for letter in value.letters if letter not in term.places), *term.places]
        return self.builder.broadcast(value, letters, self._lengths(letters))

    def _is_symmetric(self, term: OfMatrix) -> bool:
        """Whether the judge proves that it does not matter which index of the matrix comes first."""
        if term not in self._symmetric:
            low, high = term.span
            context = self.context
            for place in term.places:
                context = context.with_range(place, Range(low, high))
            claim = Claim(term.body, "=", term.at(*reversed(term.places)))
            self._symmetric[term] = self.stable.judge(claim, context).kind is Kind.PROVED
        return self._symmetric[term]

    def with_solutions(
        self, factors: Sequence[Expr], over: Sequence[object]
    ) -> tuple[Sequence[Expr], Sequence[object], tuple[Value, ...]]:
        """What is left of a sum of products after the systems in it are solved: factors, indices, and the solutions."""
        for entry in (factor for factor in factors if isinstance(factor, InverseEntry)):
            (row, column), (upper, lower) = entry.places, entry.place
            for summed, kept, system in ((lower, upper, (row, column)), (upper, lower, (column, row))):
                right, within = _right_side(entry, summed, kept, factors, over)
                if not right or not isinstance(kept, Symbol) or self._is_point(kept):
                    continue
                if system != (row, column) and self._is_symmetric(entry):
                    system = row, column
                found = self._solution(entry, summed, kept, system, self.contracted(right, within))
                if found is not None:
                    left = [factor for factor in factors if factor is not entry and factor not in right]
                    left_over = [letter for letter in over if letter != summed and letter not in within]
                    rest, over, more = self.with_solutions(left, left_over)
                    return rest, over, (found, *more)
        return factors, over, ()

    def _solution(
        self, entry: InverseEntry, summed: Expr, kept: Symbol, system: tuple[Symbol, Symbol], side: Value
    ) -> Value | None:
        """x at `kept`, from a right side along `summed`; `system` are the indices of the rows and of the columns."""
        whole, (row, column) = self._whole_of(entry), system
        if BATCH in whole.letters and BATCH not in side.letters or len(set(side.letters) - {BATCH}) > 2:
            return None
        self._sizes.update({summed: self._sizes[row], kept: self._sizes[column]})
        placed = Value(side.node, tuple(row if letter == summed else letter for letter in side.letters))
        solution = self.builder.solve(whole, placed, row, column)
        return Value(solution.node, tuple(kept if letter == column else letter for letter in solution.letters))


def _right_side(
    entry: InverseEntry, summed: Expr, kept: Expr, factors: Sequence[Expr], over: Sequence[object]
) -> tuple[list[Expr], list[object]]:
    """The factors that an inverse is multiplied with along `summed`, and the indices that are summed over among these alone."""
    if summed not in over or summed == kept:
        return [], []
    letters: set[object] = {summed}
    while True:
        found = [f for f in factors if f is not entry and letters & f.free_symbols]
        new = {letter for letter in over if letter != kept and any(letter in f.free_symbols for f in found)}
        if new <= letters:
            break
        letters |= new
    if any(kept in f.free_symbols for f in found):
        return [], []
    return found, [letter for letter in over if letter in letters and letter != summed]
