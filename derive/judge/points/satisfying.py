"""Whether hypotheses can hold together. A document takes up one after the other, so the last point found is tried first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flint import fmpq

from derive.balls.duals import Undecided, Undefined, Unsupported
from derive.balls.evaluation import Evaluator, Point, Reading, read
from derive.judge.points.domains import Domain, domain_of, is_of_integers
from derive.judge.points.linear import Inconsistent, Primitive
from derive.judge.points.sampling import (
    MAX_INSTANCES,
    SIZES,
    Constraint,
    NoPoint,
    constraints_of,
    obeyed,
    point_of,
    search,
    situation_of,
)
from derive.judge.points.values import Style
from derive.terms.context import Context, Fact


def satisfiable(context: Context) -> bool | None:
    """Whether the hypotheses of `context` can hold together: True with a point found, False if they certainly exclude
    each other at each of the sizes tried, None if no point was found.

    A context that only adds facts to one that was asked about lately goes on from the point found for that one.
    """
    if (carried := _carried(context)) is not None:
        _FOUND.append(carried)
        return True
    try:
        point = next(search(domain_of(None, context), Evaluator(context), SIZES, 0, None))
    except NoPoint as none:
        return False if none.certain else None
    except Unsupported:
        return None
    _FOUND.append(_Found(context, point, None))
    return True


@dataclass(frozen=True)
class _Found:
    """A point that obeys `context`; `read` are the primitives that its hypotheses read there, None if nobody looked yet."""

    context: Context
    point: Point
    read: frozenset[Primitive] | None


_FOUND: deque[_Found] = deque(maxlen=4)


def _carried(context: Context) -> _Found | None:
    """A point for `context` that comes from one for a context with fewer facts; None if there is none at hand.

    The new facts hold at that point as it is, or they read nothing that the others read; then what they read is chosen anew.
    """
    for last in reversed(_FOUND):
        before = len(last.context.assumptions)
        if last.context.assumptions != context.assumptions[:before] or replace(context, assumptions=()) != replace(
            last.context, assumptions=()
        ):
            continue
        new = context.assumptions[before:]
        if not all(isinstance(fact, Fact) and not is_of_integers(fact) for fact in new):
            continue
        try:
            return _extended(last, context, domain_of(None, replace(context, assumptions=new)))
        except (Unsupported, Undecided, Undefined, Inconsistent):
            return None
    return None


def _extended(last: _Found, context: Context, domain: Domain) -> _Found | None:
    """`last` as a point for `context`; `domain` is that of the new facts alone."""
    point, program = last.point, Evaluator(context)
    if not {symbol for symbol, _ in domain.indices} <= set(point.indices) or not set(domain.sizes) <= set(point.sizes):
        return None
    sizes, indices = dict(point.sizes), dict(point.indices)
    new = list(constraints_of(domain, sizes, indices))
    if len(new) > MAX_INSTANCES:
        return None
    read_now = _all_read(program, new, point)
    read_before = last.read
    if read_before is None and not (whole := domain_of(None, last.context)).places:
        read_before = _all_read(program, constraints_of(whole, sizes, indices), point)
    if not all(_certain(program, constraint, point) for constraint in new):
        if read_before is None or read_before & read_now:
            return None
        other = point_of(domain, program, situation_of(domain, program, sizes, indices), "0|0", Style.SIMPLE)
        if other is None:
            return None
        read_now |= _all_read(program, new, other)
        if read_before & read_now:
            return None
        values = {key: other.value(*key) for key in read_now}
        point = replace(
            point,
            scalars={**point.scalars, **{name: v for (name, at), v in values.items() if not at}},
            members={**point.members, **{key: v for key, v in values.items() if key[1]}},
        )
        if not all(_certain(program, constraint, point) for constraint in new):
            return None
    return _Found(context, point, None if read_before is None else read_before | read_now)


def _all_read(program: Evaluator, constraints: Iterable[Constraint], point: Point) -> frozenset[Primitive]:
    """The primitives that the constraints read at `point`."""
    return frozenset(
        (name, positions) for constraint in constraints for name, positions, _ in _reading(program, constraint, point).used
    )


def _certain(program: Evaluator, constraint: Constraint, point: Point) -> bool:
    """Whether a constraint certainly holds at `point`: an equation only where it is exact."""
    if constraint.relation != "=":
        return obeyed(program, constraint, point)
    value = _reading(program, constraint, point).values[0]
    return type(value) is fmpq and value == 0


def _reading(program: Evaluator, constraint: Constraint, point: Point) -> Reading:
    return read(program, (constraint.term,), replace(point, indices=constraint.indices))
