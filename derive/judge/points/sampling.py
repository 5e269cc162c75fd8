"""Generic points of the constraint set: concrete sizes, indices and exact numbers that obey every hypothesis.

Hypotheses that are affine in the primitives (``Σ_k y_k = 1``, one-hot, ``x = 2 t``) are solved exactly, so
that y is generic otherwise; bounds on a primitive (``x > 0``) are built in; any other equation is solved
for one primitive in which it is affine; what remains (a bound on a defined quantity, the obligations of
the claim) is checked in ball arithmetic, and the point is dropped when it fails. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from flint import arb, fmpq
from sympy import Expr, Integer, Symbol

from derive.balls.duals import Undecided, Undefined, Unsupported
from derive.balls.evaluation import Evaluator, Point, read
from derive.balls.frames import Frame, Positions, Run
from derive.judge.points.domains import Domain, domain_of, instances, integers_of
from derive.judge.points.linear import (
    Affine,
    Inconsistent,
    Primitive,
    fraction,
    rational,
    reduced,
    solved,
    substituted,
    unknown,
)
from derive.judge.points.roots import rational_roots
from derive.judge.points.tied import tied_values
from derive.judge.points.values import Interval, Style, Table
from derive.terms.context import Claim, Context, Range
from derive.terms.relations import RelationKey, upward

SIZES = (1, 2, 3, 4, 5)
QUOTA = (6, 16, 20)
OTHER_QUOTA, UNSIZED_QUOTA, FEW, LONG = 6, 40, 40, 6
ATTEMPTS = 12
MAX_INSTANCES = 1000
MAX_SITUATIONS = 200
OTHER_SIZES = (2, 3, 1, 4, 5, 6, 7)


class NoPoint(Exception):
    """No point of the constraint set was found; `certain` if the hypotheses exclude each other at every size tried."""

    def __init__(self, message: str, certain: bool) -> None:
        super().__init__(message)
        self.certain = certain


@dataclass(frozen=True)
class Constraint:
    """``term relation 0`` at given indices; `affine` is the term as an affine number, None if it is not affine."""

    term: Expr
    relation: RelationKey
    indices: dict[Symbol, int]
    affine: Any


@dataclass(frozen=True)
class Situation:
    """The constraints at given sizes and indices: solved pivots, bounds, what is solved or checked by value, and the members
    that hypotheses on products tie.
    """

    sizes: dict[str, int]
    indices: dict[Symbol, int]
    pivots: dict[Primitive, Any]
    bounds: dict[Primitive, Interval]
    equations: tuple[Constraint, ...]
    checks: tuple[Constraint, ...]
    tied: dict[Primitive, Fraction]


def points(
    claim: Claim, context: Context, sizes: Sequence[int] = SIZES, seed: int = 0, count: int | None = None
) -> Iterator[Point]:
    """Points at which `claim` has to hold, the smallest n first; every pattern of coinciding indices occurs.

    About 6, 16 and 20 points for n = 1, 2, 3 and 6 for each larger n; 40 if no size matters. With a `count` of less
    than 40, about as many, of the first three sizes in the proportion 1 : 2 : 3. Raises :class:`NoPoint` at the
    end if there was none at all.
    """
    return search(domain_of(claim, context), Evaluator(context, (claim.left, claim.right)), sizes, seed, count)


def search(domain: Domain, program: Evaluator, sizes: Sequence[int], seed: int, count: int | None) -> Iterator[Point]:
    """The points of a domain, as :func:`points` gives them."""
    open_, reason = False, "no choice of indices obeys the hypotheses"
    fruitful: set[int] = set()
    for number, chosen in enumerate(_sizes(domain, sizes)):
        assignments = domain.assignments(chosen)
        patterns = 1 + max((pattern for pattern, _ in assignments), default=0)
        turns = _turns(domain, len(fruitful), len(assignments), count)
        situations: dict[int, Situation | Inconsistent] = {}
        given, most = 0, max(turns, min(len(assignments), MAX_SITUATIONS)) if turns else 0
        open_ = open_ or most < len(assignments)
        for turn in range(most):
            if given == turns:
                break
            place = turn % len(assignments)
            if place not in situations:
                try:
                    situations[place] = situation_of(domain, program, chosen, assignments[place][1], f"{seed + number}|{place}")
                except Inconsistent as error:
                    situations[place] = error
                    open_ = open_ or isinstance(error, _Unfit)
            situation = situations[place]
            if isinstance(situation, Inconsistent):
                reason = str(situation)
                continue
            style = Style.GENERIC if (place + place // patterns + turn // len(assignments)) % 2 else Style.SIMPLE
            if turn == LONG - 1:
                style = Style.ZERO
            point = point_of(domain, program, situation, f"{seed + number}|{turn}", style)
            if point is None:
                open_ = True
                continue
            fruitful.add(number)
            given += 1
            yield point
    if not fruitful:
        raise NoPoint("no point was found that obeys the hypotheses" if open_ else reason, certain=not open_)


def _turns(domain: Domain, place: int, assignments: int, count: int | None) -> int:
    """How many points to try at the next size when `place` sizes have given points; more for many assignments."""
    if not assignments:
        return 0
    if not (domain.near or domain.indices):
        return UNSIZED_QUOTA if count is None else count
    if count is not None and count < FEW:
        return -(-count * (place + 1) // 6) if place < 3 else 0
    quota = QUOTA[place] if place < len(QUOTA) else OTHER_QUOTA
    return max(quota, min(assignments, 2 * quota))


def _sizes(domain: Domain, sizes: Sequence[int]) -> Iterator[dict[str, int]]:
    """Values for all sizes: the first runs through `sizes` and the integers that facts name, the others differ."""
    named = {
        int(node)
        for fact in domain.index_facts
        for side in (fact.left, fact.right)
        for node in sympy.preorder_traversal(side)
        if isinstance(node, Integer) and 1 <= int(node) <= 12
    }
    first, others = domain.sizes[0], domain.sizes[1:]
    if not domain.near and not domain.indices:
        sizes, named = (3,), set()
    for value in sorted({*sizes, *(size + 1 for size in named), *named} if named else sizes):
        pool = [size for size in OTHER_SIZES if size != value]
        yield {first: value} | {name: pool[(place + value // 3) % len(pool)] for place, name in enumerate(others)}


class _Unfit(Inconsistent):
    """The values that were made for tied members do not obey all hypotheses; others may."""


def situation_of(
    domain: Domain, program: Evaluator, sizes: dict[str, int], indices: dict[Symbol, int], seed: str = ""
) -> Situation:
    """Raises :class:`Inconsistent` if the affine equations or the bounds exclude each other."""
    tied = tied_values(domain.facts, domain.context, lambda low, high: integers_of(Range(low, high), sizes, indices), seed)
    try:
        return _situation(domain, program, sizes, indices, tied)
    except Inconsistent as problem:
        if tied:
            raise _Unfit(str(problem)) from problem
        raise


def _situation(
    domain: Domain, program: Evaluator, sizes: dict[str, int], indices: dict[Symbol, int], tied: dict[Primitive, Fraction]
) -> Situation:
    pending: list[Constraint] = []
    for constraint in constraints_of(domain, sizes, indices):
        pending.append(
            Constraint(constraint.term, constraint.relation, constraint.indices, _affine(program, constraint, sizes, tied))
        )
        if len(pending) > MAX_INSTANCES:
            raise Unsupported("too many instances of the hypotheses")
    bounds: dict[Primitive, Interval] = {}
    equations: list[Constraint] = []
    checks: list[Constraint] = []
    linear: list[Constraint] = []
    for constraint in pending:
        form = constraint.affine
        if constraint.relation == "=":
            (equations if form is None else linear).append(constraint)
        elif isinstance(form, Affine) and len(form.coefficients) == 1:
            ((key, coefficient),) = form.coefficients.items()
            at = fraction(-form.constant / coefficient)
            bounds[key] = _bounded(bounds.get(key, Interval()), constraint.relation, at, coefficient > 0)
            if constraint.relation == "!=" and at != 0:
                checks.append(constraint)
        elif isinstance(form, fmpq):
            if not _holds(form, constraint.relation):
                raise Inconsistent(f"{constraint.term} {constraint.relation} 0 fails")
        else:
            checks.append(constraint)
    pivots = reduced((constraint.affine for constraint in linear), lambda key: key in bounds)
    return Situation(sizes, indices, pivots, bounds, tuple(equations), tuple(checks), tied)


def constraints_of(domain: Domain, sizes: dict[str, int], indices: dict[Symbol, int]) -> Iterator[Constraint]:
    for fact in domain.facts:
        binders = [(symbol, domain.context.range_of(symbol)) for symbol in fact.forall]
        for chosen in instances(binders, sizes, indices):
            left, relation, right = upward(fact.left, fact.relation, fact.right)
            yield Constraint(left - right, relation, chosen, None)
    named = dict(domain.places)
    default = Range(Integer(1), domain.context.size)
    for hot in domain.one_hots:
        span = (domain.context.shape_of(str(hot.family.label)) or (default,))[0]
        at = hot.at if hot.at is not None else named[hot]
        for position in integers_of(span, sizes, indices):
            delta = sympy.KroneckerDelta(position, at)
            yield Constraint(hot.family[position] - delta, "=", dict(indices), None)
    for obligation in domain.obligations:
        binders = [(symbol, Range(low, high)) for symbol, low, high in obligation.binders]
        for chosen in instances(binders, sizes, indices):
            yield Constraint(obligation.term, obligation.relation, chosen, None)


def _bounded(interval: Interval, relation: RelationKey, at: Fraction, rising: bool) -> Interval:
    if relation == "!=":
        return interval.without_zero() if at == 0 else interval
    strict = relation == ">"
    return interval.above(at, strict) if (relation in (">", ">=")) == rising else interval.below(at, strict)


def _affine(program: Evaluator, constraint: Constraint, sizes: dict[str, int], known: dict[Primitive, Fraction]) -> Any:
    """The constraint's term as an affine number in the primitives that are not `known`; None if it is not affine."""

    def lookup(name: str, positions: Positions) -> Any:
        value = known.get((name, positions))
        return unknown((name, positions)) if value is None else rational(value)

    run = Run(lookup, sizes, constraint.indices)
    try:
        value = program.compile(constraint.term)(Frame(run, dict(run.base)))
    except (Unsupported, Undecided, Undefined, RecursionError):  # the last of a definition that leads back to itself
        return None
    return value if isinstance(value, (Affine, fmpq)) else None


def point_of(domain: Domain, program: Evaluator, situation: Situation, seed: str, style: Style) -> Point | None:
    """A point in the situation, None if none of a few attempts met the bounds and the checks."""
    for attempt in range(ATTEMPTS):
        table = Table(
            f"{seed}|{attempt}" if attempt else seed,
            style if attempt < 3 else Style.GENERIC,
            situation.bounds,
            shrink=attempt // 2,
        )
        values = {
            key: table(*key) for form in situation.pivots.values() if isinstance(form, Affine) for key in form.coefficients
        }
        exact = {key: rational(value) for key, value in values.items()}
        values |= {key: fraction(substituted(form, exact)) for key, form in situation.pivots.items()}
        settled = _solve(program, situation, table, situation.tied | values)
        if settled is None:
            continue
        if not all(interval.holds(settled[key]) for key, interval in situation.bounds.items() if key in settled):
            continue
        places = {symbol for _, symbol in domain.places}
        point = Point(
            situation.sizes,
            {s: v for s, v in situation.indices.items() if s not in places},
            {name: value for (name, positions), value in settled.items() if not positions},
            {key: value for key, value in settled.items() if key[1]},
            table,
        )
        if all(obeyed(program, constraint, point) for constraint in (*situation.equations, *situation.checks)):
            return point
    return None


def _solve(
    program: Evaluator, situation: Situation, table: Table, values: dict[Primitive, Fraction]
) -> dict[Primitive, Fraction] | None:
    """`values` with one more primitive settled by each equation that is not affine; None if that fails.

    An equation that no primitive can be solved for is left to be checked.
    """
    settled = dict(values)
    for equation in situation.equations:
        used = _used(program, equation, Point(situation.sizes, equation.indices, {}, {}, _Known(settled, table)))
        free = [key for key in sorted(used, reverse=True) if key not in settled]
        for solve in (_slope, _root):
            found = next(
                (
                    (key, known, value)
                    for key in free
                    if (known := {other: settled.get(other, table(*other)) for other in used if other != key}) is not None
                    and (value := solve(program, equation, situation.sizes, known, key, table)) is not None
                ),
                None,
            )
            if found is not None:
                key, known, value = found
                settled |= {**known, key: value}
                break
    return settled


def _slope(
    program: Evaluator,
    equation: Constraint,
    sizes: dict[str, int],
    known: dict[Primitive, Fraction],
    key: Primitive,
    table: Table,
) -> Fraction | None:
    """The value of the primitive `key` at which an equation that is affine in it holds."""
    form = _affine(program, equation, sizes, known)
    return fraction(solved(form, key)) if isinstance(form, Affine) else None


def _root(
    program: Evaluator,
    equation: Constraint,
    sizes: dict[str, int],
    known: dict[Primitive, Fraction],
    key: Primitive,
    table: Table,
) -> Fraction | None:
    """A value of the primitive `key`, within its bounds, at which an equation that is a polynomial in it may hold."""

    def value(number: Fraction) -> fmpq | None:
        form = _affine(program, equation, sizes, {**known, key: number})
        return form if type(form) is fmpq else None

    bounds = table.bounds.get(key)
    roots = [root for root in rational_roots(value) if bounds is None or bounds.holds(root)]
    return roots[-1 if table(*key) > 0 else 0] if roots else None


@dataclass(frozen=True)
class _Known:
    """Settled values first, the table for the rest."""

    settled: dict[Primitive, Fraction]
    table: Table

    def __call__(self, name: str, positions: Positions) -> Fraction:
        value = self.settled.get((name, positions))
        return self.table(name, positions) if value is None else value


def _used(program: Evaluator, constraint: Constraint, point: Point) -> Iterable[Primitive]:
    try:
        return [(name, positions) for name, positions, _ in read(program, (constraint.term,), point).used]
    except (Unsupported, Undecided, Undefined):
        return ()


def obeyed(program: Evaluator, constraint: Constraint, point: Point) -> bool:
    """Whether a constraint holds at `point`: certainly, or for an equation of balls as far as 1024 bits tell."""
    here = Point(point.sizes, constraint.indices, point.scalars, point.members, point.fill)
    for precision in (1024,) if constraint.relation == "=" else (64, 128, 256):
        try:
            value = read(program, (constraint.term,), here, precision).values[0]
        except Undefined:
            return False
        except Undecided:
            continue
        if constraint.relation == "=":
            return value == 0 if isinstance(value, fmpq) else value.contains(0)
        if _holds(value, constraint.relation):
            return True
        if isinstance(value, fmpq) or not value.contains(0):
            return False
    return False


def _holds(value: fmpq | arb, relation: RelationKey) -> bool:
    """Whether ``value relation 0`` certainly."""
    if relation == "!=":
        return bool(value > 0 or value < 0)
    if relation == "=":
        return bool(value == 0)
    return bool(value > 0) if relation == ">" else bool(value >= 0)
