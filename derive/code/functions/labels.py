"""Labels of a loss: a family of weights that sum to 1, given as it is, or as the places where it is 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Sum, Symbol

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.normal.unfold import Unfolder
from derive.prover.dependence import names_in
from derive.prover.letters import spans_of, taken_names
from derive.terms import terms
from derive.terms.context import Assumption, Claim, Context, Definition, Fact, OneHot, Range
from derive.terms.terms import summation


@dataclass(frozen=True)
class Labels:
    """Labels as places: the family is 1 at `point` and 0 elsewhere."""

    family: str
    point: Symbol
    below: Range


def labels_of(loss: Expr, context: Context) -> Labels | None:
    """The labels of a loss: a family that nothing defines and that is one-hot or sums to 1."""
    used = names_in(Unfolder(context)(loss))
    for assumption in context.assumptions:
        family = None
        if isinstance(assumption, OneHot):
            family = assumption.family
        elif isinstance(assumption, Fact) and assumption.relation == "=" and assumption.right == 1:
            left = assumption.left
            if isinstance(left, Sum) and isinstance(left.function, Indexed) and len(left.limits) == 1:
                family = left.function.base if left.function.indices == (left.limits[0][0],) else None
        if isinstance(family, IndexedBase) and str(family.label) in used and not _is_positive(str(family.label), context):
            name = str(family.label)
            taken = taken_names([loss], context) | {str(s) for s, _ in context.ranges}
            letter = next(c for c in ("t", "c", "h", "label") if c not in taken)
            return Labels(name, terms.index(letter), spans_of(name, 1, context)[0])
    return None


def _is_positive(name: str, context: Context) -> bool:
    """Whether an assumption keeps members of the family away from 0."""
    return any(
        isinstance(a, Fact) and a.relation != "=" and name in names_in(a.left) | names_in(a.right) for a in context.assumptions
    )


def labelled(context: Context, labels: Labels) -> Context:
    """The context in which the labels are one-hot at their point; that they sum to 1 follows and is not assumed."""
    head = terms.family(labels.family)[terms.index("k")]
    kept = tuple(
        a
        for a in context.assumptions
        if not (
            isinstance(a, OneHot)
            and str(a.family.label) == labels.family
            or isinstance(a, Fact)
            and labels.family in names_in(a.left) | names_in(a.right)
        )
    )
    return (
        replace(context, assumptions=kept)
        .with_range(labels.point, labels.below)
        .define(Definition(head, KroneckerDelta(terms.index("k"), labels.point), "one-hot"))
    )


def distributed(context: Context, labels: Labels) -> Context:
    """The context in which of the labels it is known that they sum to 1, but not that they are one-hot."""
    kept: list[Assumption] = [a for a in context.assumptions if not _says_where(a, labels.family)]
    if len(kept) < len(context.assumptions):
        k = terms.index("k")
        total = summation(terms.family(labels.family)[k], k, labels.below.low, labels.below.high)
        kept.append(Fact(total, "=", Integer(1)))
    return replace(context, assumptions=tuple(kept))


def holds_distributed(equations: Iterable[tuple[Expr, Expr, Context]], labels: Labels) -> bool:
    """Whether the judge proves each equation, both sides in a context, for labels that sum to 1.

    One that was proved in its context is not proved again where that says no more of the labels.
    """
    for left, right, context in equations:
        known = distributed(context, labels)
        if known == context:
            continue
        points = {a.at for a in context.assumptions if isinstance(a, OneHot) and _says_where(a, labels.family)}
        if any(side.has(at) for side in (Unfolder(context)(left), right) for at in points if isinstance(at, Symbol)):
            return False
        if decide(Claim(left, "=", right), known).kind is not Kind.PROVED:
            return False
    return True


def _says_where(assumption: Assumption, family: str) -> bool:
    return isinstance(assumption, OneHot) and str(assumption.family.label) == family
