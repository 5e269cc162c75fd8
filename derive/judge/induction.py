"""Induction on a size: a claim about sums with a symbolic end holds if it holds at the least size and passes to the next.

For ``Σ_{k=1}^{n} k = n(n+1)/2`` the two parts are the claim at n = 1 and ``n + 1 = (n+1)(n+2)/2 − n(n+1)/2``. Three guards
keep it sound. Definitions are unfolded first: where N := n, a claim about N and n is one about n alone. Hypotheses that
mention the size are dropped, but for the least value that one gives it: they are known at n and not at n + 1. A last term is
split off only where the range before it is certain to have no negative length.

The claim at n + 1 is about the points at which its sides have a value, so that they must have one at n too: what a side
divides by, say, mentions the size only where it is certain not to vanish.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy
from sympy import Add, Dummy, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, Symbol, Tuple

from derive.normal.normaliser import Normaliser
from derive.normal.signs import certain_sign
from derive.normal.unfold import Unfolder
from derive.terms.binding import Product
from derive.terms.context import Assumption, Claim, Context, Fact, Obligation, Range
from derive.terms.elementary import row_of
from derive.terms.heads import is_particular, name_of
from derive.terms.relations import upward
from derive.terms.terms import Branch, Call, Cases, Partial, free_indices, peel

STEPS = 3
"""The most terms by which an end may grow with the size: Σ up to 2n gains two."""

PLACED = (Indexed, KroneckerDelta)
"""What has a value at all indices."""

Part = tuple[Claim, Context]


@dataclass(frozen=True)
class Induction:
    """A claim at the least value of a size, the step to the next one, and the assumptions that make these two enough."""

    base: Part
    step: Part
    rests_on: tuple[Assumption, ...]


def inductions(claim: Claim, context: Context) -> Iterator[Induction]:
    """For each size that ends a sum: the claim at its least value, and the step; the claim holds if both do.

    Raises:
        one of `NO_FORM`: where a definition cannot be unfolded.
    """
    if claim.relation != "=":
        return
    unfold = Unfolder(context)
    left, right = unfold(claim.left), unfold(claim.right)
    if not all(_is_plain(side, unfold, context) for side in (left, right)):
        return
    sums = left.atoms(Sum) | right.atoms(Sum)
    ends = {s for node in sums for limit in node.limits for s in limit[2].free_symbols}
    ends |= {s for side in (left, right) if isinstance(side, Product) for s in side.span[1].free_symbols}
    for size in sorted((s for s in ends if isinstance(s, Symbol) and s.is_positive), key=lambda s: s.name):
        least, apart = _without(size, context, unfold)
        if any(_mentions(symbol, size, context) for side in (left, right) for symbol in free_indices(side)):
            continue
        defined, growth = _Defined(size, apart), _Growth(size, apart)
        if not all(defined.before(side) for side in (left, right)):
            continue
        kept = tuple(o for o in claim.obligations if not _is_about(o, size, unfold))
        base = replace(claim, left=left.xreplace({size: least}), right=right.xreplace({size: least}), obligations=kept)
        bounds = [a for a in apart.assumptions if least > 1 and _least(a, size) == least]
        steps = [
            replace(claim, left=other * gained, right=other.xreplace({size: size + 1}), obligations=kept)
            for whole, other in ((left, right), (right, left))
            if isinstance(whole, Product) and (gained := growth.factor(whole)) is not None
        ]
        steps.append(replace(claim, left=growth(left), right=growth(right), obligations=kept))
        rests_on = tuple(dict.fromkeys([*bounds, *defined.used, *growth.used]))
        for step in steps:
            yield Induction((base, apart), (step, apart), rests_on)


def _is_plain(side: Expr, unfold: Unfolder, context: Context) -> bool:
    """Whether all that a side depends on is seen in it: no recurrence, single member or unknown derivative, no end of a sum
    that is defined; and no index is bound twice, one within the other."""
    if side.atoms(Partial):
        return False
    hidden = {name_of(d.head) for d in context.definitions if is_particular(d.head)} | context.recurring
    if hidden & {name_of(member) for member in side.atoms(Indexed)}:
        return False
    if any(unfold.defines(symbol) for symbol in side.atoms(Symbol) if not isinstance(symbol, Dummy) and symbol.is_integer):
        return False
    return not _rebinds(side, frozenset())


def _rebinds(term: sympy.Basic, around: frozenset[Symbol]) -> bool:
    if not isinstance(term, Sum):
        return any(_rebinds(part, around) for part in term.args)
    body, variable, _, _ = peel(term)
    return variable in around or _rebinds(body, around | {variable})


def _mentions(symbol: Symbol, size: Symbol, context: Context) -> bool:
    """Whether the range of a free index grows with the size: at n + 1 the claim is also about the index n + 1."""
    span = context.range_of(symbol)
    return size in span.low.free_symbols | span.high.free_symbols


def _without(size: Symbol, context: Context, unfold: Unfolder) -> tuple[Integer, Context]:
    """The least value of the size, and the context without the hypotheses that mention it but for that one."""
    least, kept = 1, []
    for assumption in context.assumptions:
        lower = _least(assumption, size)
        if lower is not None:
            least = max(least, lower)
            kept.append(assumption)
        elif isinstance(assumption, Fact) and not _speaks_of(assumption, size, context, unfold):
            kept.append(assumption)
    return Integer(least), replace(context, assumptions=tuple(kept))


def _least(assumption: Assumption, size: Symbol) -> int | None:
    """c for the hypothesis that the size is at least c."""
    if not isinstance(assumption, Fact) or assumption.relation not in ("<", "<=", ">", ">="):
        return None
    left, relation, right = upward(assumption.left, assumption.relation, assumption.right)
    if left != size or not isinstance(right, Integer):
        return None
    return int(right) + (1 if relation == ">" else 0)


def _speaks_of(fact: Fact, size: Symbol, context: Context, unfold: Unfolder) -> bool:
    """Whether the size stands in a hypothesis, in what is defined there, or ends a range of its indices."""
    sides = unfold(fact.left), unfold(fact.right)
    symbols = {s for side in (fact.left, fact.right, *sides) for s in side.free_symbols}
    indices = {s for s in symbols | set(fact.forall) if s.is_integer and not s.is_positive}
    spans = [context.range_of(symbol) for symbol in indices]
    symbols |= {s for span in spans for end in (span.low, span.high) for s in end.free_symbols}
    return size in symbols or any(isinstance(s, Symbol) and s.is_positive and unfold.defines(s) for s in symbols)


def _is_about(obligation: Obligation, size: Symbol, unfold: Unfolder) -> bool:
    ends = [end for _, low, high in obligation.binders for end in (low, high)]
    return any(size in term.free_symbols for term in (obligation.term, unfold(obligation.term), *ends))


class _Defined:
    """Whether a term that has a value at n + 1 has one at n: what it is evaluated at grows with n, and so does its domain."""

    def __init__(self, size: Symbol, context: Context) -> None:
        self._size = size
        self._context = context
        self._ranges: dict[Symbol, Range] = {}
        self.used: dict[Assumption, None] = {}

    def before(self, term: sympy.Basic) -> bool:
        if self._size not in term.free_symbols:
            return True
        return self._own(term) and (isinstance(term, PLACED) or all(self.before(argument) for argument in term.args))

    def _own(self, term: sympy.Basic) -> bool:
        size = self._size
        if isinstance(term, Sum):
            _, variable, low, high = peel(term)
            self._ranges[variable] = Range(low, high)
            return size not in low.free_symbols and _slope(high, size) is not None
        if isinstance(term, Product):
            low, high = term.span
            self._ranges[term.variable] = Range(low, high)
            return size not in low.free_symbols and _slope(high, size) is not None
        if isinstance(term, Cases):
            return not any(size in condition.free_symbols for _, condition in term.branches)
        if isinstance(term, Pow):
            return self._power(*term.args)
        if isinstance(term, Call):
            return True
        row = row_of(term)
        if row is None:
            return isinstance(term, (Add, Mul, Indexed, KroneckerDelta, Branch, Tuple, Symbol))
        if row.domain is None or size not in term.args[0].free_symbols:
            return True
        return row.domain.relation in (">", ">=") and self._is_positive(row.domain.term(term.args[0]))

    def _power(self, base: Expr, exponent: Expr) -> bool:
        """x^{n+1} and 1/(n+1), but no 1/(n − 5)."""
        if base.is_number and base.is_positive:
            return True
        if self._size in base.free_symbols and not (exponent.is_Integer and exponent.is_positive):
            return self._is_positive(base)
        normaliser = self._normaliser()
        return bool(exponent.is_integer) and normaliser.knowledge.at_least_zero(exponent)

    def _is_positive(self, term: Expr) -> bool:
        normaliser = self._normaliser()
        return certain_sign(normaliser, normaliser.form(term)) == "+"

    def _normaliser(self) -> Normaliser:
        """One that knows the ranges of the sums around; a form is kept for the ranges that it was made for."""
        normaliser = Normaliser(self._context)
        normaliser.knowledge.ranges.update(self._ranges)
        normaliser.knowledge.used = self.used
        return normaliser


def _slope(end: Expr, size: Symbol) -> int | None:
    """By how much the end of a range grows with the size; None where it is no whole number from 0 to `STEPS`."""
    slope = sympy.expand(end.xreplace({size: size + 1}) - end)
    return int(slope) if isinstance(slope, Integer) and 0 <= slope <= STEPS else None


class _Growth:
    """The term at n + 1 less the term at n, where the sums that both have in common are taken away."""

    def __init__(self, size: Symbol, context: Context) -> None:
        self._size = size
        self._next = {size: size + 1}
        self._knowledge = Normaliser(context).knowledge

    @property
    def used(self) -> tuple[Assumption, ...]:
        """The assumptions by which a term was split off."""
        return tuple(self._knowledge.used)

    def __call__(self, term: Expr) -> Expr:
        if isinstance(term, Add):
            return Add(*(self(part) for part in term.args))
        if isinstance(term, Mul):
            fixed = [part for part in term.args if self._size not in part.free_symbols]
            growing = Mul(*(part for part in term.args if part not in fixed))
            return Mul(*fixed, self(growing)) if fixed else self._plain(term)
        return self._sum(term) if isinstance(term, Sum) else self._plain(term)

    def factor(self, term: Product) -> Expr | None:
        """The product at n + 1 over that at n; None where that is not certain."""
        low, high = term.span
        steps = _slope(high, self._size)
        if steps is None or self._size in term.body.free_symbols | low.free_symbols:
            return None
        if not self._knowledge.at_least_zero(high - low + 1):
            return None
        return Mul(*(term.body.xreplace({term.variable: high + Integer(step)}) for step in range(1, steps + 1)))

    def _plain(self, term: Expr) -> Expr:
        return term.xreplace(self._next) - term

    def _sum(self, term: Sum) -> Expr:
        body, variable, low, high = peel(term)
        steps = _slope(high, self._size)
        self._knowledge.ranges[variable] = Range(low, high)
        if steps is None or (steps and not self._knowledge.at_least_zero(high - low + 1)):
            return self._plain(term)
        rest = self(body)
        after = body.xreplace(self._next)
        gained = [after.xreplace({variable: high + Integer(step)}) for step in range(1, steps + 1)]
        return Add(Integer(0) if rest == 0 else Sum(rest, (variable, low, high)), *gained)


__all__ = ["Induction", "inductions"]
