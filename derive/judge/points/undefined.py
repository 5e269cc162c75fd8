"""Points at which the left side of a step has a value and the right side has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sympy import Dummy, Integer, Sum, Symbol

from derive.balls.duals import TooLarge, Undecided, Undefined, Unsupported
from derive.balls.evaluation import Evaluator, read
from derive.judge.points.domains import domain_of, instances
from derive.judge.points.printing import decimal, printed_values
from derive.judge.points.sampling import NoPoint, points
from derive.judge.points.witness import Witness
from derive.terms.context import Claim, Context, Fact, Obligation, Range
from derive.terms.relations import RelationKey

BUDGET = 20
FAILS: dict[RelationKey, RelationKey] = {"!=": "=", ">": "<=", ">=": "<"}


def without_a_value(claim: Claim, brought: Iterable[Obligation], context: Context) -> Witness | None:
    """The first point at which one of the obligations in `brought` fails and all that the left side relies on holds.

    None if no such point was found. An obligation about all places of a sum fails where it fails at each.
    """
    given = tuple(obligation for obligation in claim.obligations if not obligation.brought)
    left = replace(claim, obligations=given)
    for obligation in brought:
        found = _failing(left, obligation, context)
        if found is not None:
            return found
    return None


def _failing(claim: Claim, obligation: Obligation, context: Context) -> Witness | None:
    binders: list[tuple[Dummy, Range]] = []
    names: dict[Symbol, Dummy] = {}
    for symbol, low, high in obligation.binders:
        own = Dummy(symbol.name, integer=True)
        span = Range(low.xreplace(names), high.xreplace(names))
        names[symbol] = own
        context = context.with_range(own, span)
        binders.append((own, span))
    term = obligation.term.xreplace(names)
    context = context.assume(Fact(term, FAILS[obligation.relation], Integer(0), tuple(own for own, _ in binders)))
    for own, span in binders:
        term = Sum(term, (own, span.low, span.high))
    claim = replace(claim, right=term)  # what the obligation speaks of is part of the point
    program = Evaluator(context, (claim.left,))
    main = str(context.size) if str(context.size) in domain_of(claim, context).near else ""
    try:
        for number, point in enumerate(points(claim, context, count=BUDGET)):
            if number >= BUDGET:
                break
            if not any(True for _ in instances(binders, dict(point.sizes), dict(point.indices))):
                continue
            try:
                value = read(program, (claim.left,), point).values[0]
                reading = read(program, (claim.left, claim.right), point)
            except (Undefined, Undecided):
                continue
            values = tuple(printed_values(point, reading, main))
            return Witness(point.sizes.get(main), values, decimal(value), "undefined", main or "n")
    except (NoPoint, Unsupported, TooLarge):
        return None
    return None
