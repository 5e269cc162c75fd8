"""What licenses a rewrite: a claim that the judge proves, for every shift and in every case of a sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from sympy import Expr, Symbol

from derive.code.stable.shifts import PairShift, Shifts
from derive.code.stable.support import unmarked
from derive.judge.verdict import Kind, Verdict
from derive.terms import terms
from derive.terms.context import Claim, Context, Range
from derive.terms.terms import Cases
from derive.writing.writer import claim_latex

Judge = Callable[[Claim, Context], Verdict]
Scope = Sequence[tuple[Symbol, Range]]


@dataclass(frozen=True)
class Licence:
    """A claim that the judge proved and that a rewrite rests on; `arbitrary` are the names in it that may be anything."""

    latex: str
    law: str
    arbitrary: tuple[str, ...] = ()


@dataclass
class Licences:
    """What was proved, and what was refused, of the rewrites in one context; `points` are indices that stand for one place."""

    context: Context
    points: frozenset[Symbol]
    judge: Judge
    shifts: Shifts
    granted: list[Licence] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def grant(self, before: Expr, after: Expr, law: str, scope: Scope) -> bool:
        """Whether the judge proves that `after` is `before`, for any shift; `scope` are the ranges of bound indices."""
        used = tuple(dict.fromkeys((*self.shifts.used_in(after), *self.shifts.used_in(before))))
        letters = {
            variable: terms.index(self._letter(variable))
            for variable, _ in scope
            if variable in before.free_symbols or variable in after.free_symbols
        }
        context = self.context
        for variable, span in scope:
            if variable in letters:
                context = context.with_range(letters[variable], span)
        for shift in used:
            context = shift.known(context, letters)
        claim = Claim(before.xreplace(letters), "=", unmarked(after).xreplace(letters))
        if not self._proved(claim, context, [s for s in used if isinstance(s, PairShift)], letters):
            self.refused.append(claim_latex(claim.left, "=", claim.right, context))
            return False
        if law != "cases" or not _is_plain(before, after):
            shown = claim.right
            for shift in used:
                shown = shift.in_print(shown)
            chosen = tuple(symbol.name for shift in used for symbol in shift.arbitrary if symbol in shown.free_symbols)
            licence = Licence(claim_latex(claim.left, "=", shown.xreplace(letters), context), law, chosen)
            if licence not in self.granted:
                self.granted.append(licence)
        return True

    def _proved(self, claim: Claim, context: Context, pairs: Sequence[PairShift], letters: dict[Symbol, Symbol]) -> bool:
        for facts in product(*(pair.signs() for pair in pairs)):
            placed = (replace(f, left=f.left.xreplace(letters)) for f in facts)
            if self.judge(claim, context.assume(*placed)).kind is not Kind.PROVED:
                return False
        return True

    def _letter(self, variable: Symbol) -> str:
        known = {str(s) for s in self.context.range_of(variable).high.free_symbols} | {str(p) for p in self.points}
        return variable.name if variable.name not in known else f"{variable.name}'"


def _is_plain(before: Expr, after: Expr) -> bool:
    """Whether the two differ in the case split only, which needs no mention."""
    return isinstance(after, Cases) and not any(
        isinstance(s, Symbol) and s in after.free_symbols - before.free_symbols and s.is_integer is not True
        for s in after.free_symbols
    )
