"""Random points of a context's constraint set, for the evaluator: small sizes, all ranges, hypotheses met by construction.

One-hot families are set, bounds on a name limit what is drawn, an equation is solved for a primitive in which it is
affine; what remains is checked, and the point is dropped where it fails.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import product

from sympy import Expr, Indexed, Integer, Symbol

from derive.terms.context import Claim, Context, Fact, HeldFixed, OneHot, Range
from derive.terms.terms import free_indices
from tests.mutation.evaluator import MP, Key, Number, Positions, Undefined, Unknown, World

SIZES = (1, 2, 3, 5)
OTHERS = (2, 3, 1, 4)
EXACT = MP.mpf(10) ** -40
INDEX_TRIES, VALUE_TRIES = 40, 12
SMALL = (-2, -1, 0, 1, 2, 3)
ZEROS = (0, 0, 0, 1, -1)
STYLES = ("any", "zeros", "share", "small", "any", "positive", "any")


def points(claim: Claim, context: Context, seed: str, rounds: int = 30) -> Iterator[World]:
    """Worlds that obey the hypotheses of `context`, in an order that `seed` decides; `rounds` at each size.

    Raises:
        Unknown: for a hypothesis that this module does not understand.
    """
    if any(isinstance(a, HeldFixed) for a in context.assumptions):
        raise Unknown("a composite of which a part is held fixed")
    facts = [a for a in context.assumptions if isinstance(a, Fact)]
    hots = [a for a in context.assumptions if isinstance(a, OneHot)]
    rng = random.Random(f"points {seed}")
    symbols = sorted(_free(claim, context, facts, hots), key=lambda s: s.name)
    sizes = sorted(_sizes(claim, context), key=lambda name: (name != str(context.size), name))
    for turn in range(rounds):
        for number, main in enumerate(SIZES, turn * len(SIZES)):
            if main == 1 and turn % 3 == 2:
                continue
            chosen = {name: main if not place else OTHERS[(turn + place + main) % 4] for place, name in enumerate(sizes)}
            world = _world(context, symbols, facts, hots, chosen, rng, STYLES[number % len(STYLES)])
            if world is not None:
                world.variant = number
                yield world


def _free(claim: Claim, context: Context, facts: list[Fact], hots: list[OneHot]) -> set[Symbol]:
    found = set(free_indices(claim.left)) | set(free_indices(claim.right))
    for definition in context.definitions:
        found |= set(free_indices(definition.body)) - definition.head.free_symbols
    for fact in facts:
        found |= (set(free_indices(fact.left)) | set(free_indices(fact.right))) - set(fact.forall)
    for hot in hots:
        if hot.at is not None:
            found |= set(free_indices(hot.at))
    return found


def _sizes(claim: Claim, context: Context) -> set[str]:
    terms: list[Expr] = [claim.left, claim.right]
    terms += [side for d in context.definitions for side in (d.head, d.body)]
    terms += [side for a in context.assumptions if isinstance(a, Fact) for side in (a.left, a.right)]
    spans = [span for _, span in context.ranges] + [span for _, shape in context.shapes for span in shape]
    terms += [end for span in spans for end in (span.low, span.high)]
    return {str(context.size)} | {
        s.name for term in terms for s in term.free_symbols if isinstance(s, Symbol) and s.is_integer and s.is_positive
    }


def _world(
    context: Context,
    symbols: list[Symbol],
    facts: list[Fact],
    hots: list[OneHot],
    sizes: dict[str, int],
    rng: random.Random,
    style: str,
) -> World | None:
    """A world with these sizes, None if none was found."""
    for _ in range(INDEX_TRIES):
        indices = _indices(context, symbols, sizes, rng)
        if indices is None:
            return None
        probe = World(context, sizes, indices, _refuse)
        if all(_of_integers(fact) is False or _holds_of_integers(probe, fact, context) for fact in facts):
            break
    else:
        return None
    general = [fact for fact in facts if not _of_integers(fact)]
    bounds = _bounds(probe, general, context)
    for attempt in range(VALUE_TRIES):
        world = World(context, sizes, indices, _Draw(f"{rng.random()}", bounds, style, attempt))
        try:
            if _obeys(world, general, hots, context, rng):
                return world
        except Undefined:
            continue
    return None


def _refuse(name: str, positions: Positions) -> Number:
    raise Unknown(f"{name} in a condition on integers")


def _indices(context: Context, symbols: list[Symbol], sizes: dict[str, int], rng: random.Random) -> dict[Symbol, int] | None:
    chosen: dict[Symbol, int] = {}
    for symbol in symbols:
        span = context.range_of(symbol)
        world = World(context, sizes, chosen, _refuse)
        low, high = world.integer(span.low), world.integer(span.high)
        if high < low:
            return None
        same = [chosen[s] for s in chosen if context.range_of(s) == span]
        chosen[symbol] = rng.choice(same) if same and rng.random() < 0.4 else rng.randint(low, high)
    return chosen


def _of_integers(fact: Fact) -> bool:
    return all(side.is_integer and not side.atoms(Indexed) for side in (fact.left, fact.right))


def _instances(world: World, fact: Fact, context: Context) -> Iterator[dict[Symbol, int]]:
    spans = [context.range_of(s) for s in fact.forall]
    ranges = [range(world.integer(span.low), world.integer(span.high) + 1) for span in spans]
    for values in product(*ranges):
        yield dict(zip(fact.forall, values, strict=True))


def _holds_of_integers(world: World, fact: Fact, context: Context) -> bool:
    for values in _instances(world, fact, context):
        world.bound = values
        if not compare(world.value(fact.left) - world.value(fact.right), fact.relation, MP.zero):
            return False
    world.bound = {}
    return True


def compare(difference: Number, relation: str, slack: Number) -> bool:
    """Whether ``difference relation 0``, an equation up to `slack`."""
    if relation == "=":
        return bool(abs(difference) <= slack)
    if relation == "!=":
        return bool(abs(difference) > slack)
    return bool({"<": difference < 0, ">": difference > 0, "<=": difference <= slack, ">=": difference >= -slack}[relation])


Bounds = dict[Key, tuple[Number | None, Number | None]]


def _bounds(probe: World, facts: Iterable[Fact], context: Context) -> Bounds:
    """Bounds by numbers on single quantities: ``p_i > 0`` for all i in a range limits what is drawn for those members."""
    found: Bounds = {}
    for fact in facts:
        for side, other, relation in ((fact.left, fact.right, fact.relation), (fact.right, fact.left, _turned(fact.relation))):
            if not isinstance(side, (Symbol, Indexed)) or not other.is_Rational or relation in ("=", "!="):
                continue
            bound = MP.mpf(int(other.p)) / int(other.q)
            for values in list(_instances(probe, fact, context)):
                probe.bound = values
                key: Key = (
                    (side.name, ())
                    if isinstance(side, Symbol)
                    else (str(side.base.label), tuple(probe.integer(p) for p in side.indices))
                )
                low, high = found.get(key, (None, None))
                if relation in (">", ">="):
                    low = bound if low is None else max(low, bound)
                else:
                    high = bound if high is None else min(high, bound)
                found[key] = low, high
    probe.bound = {}
    return found


def _turned(relation: str) -> str:
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(relation, relation)


class _Draw:
    """Numbers by name and positions, within the bounds for them, smaller with each attempt.

    The style is `any` size and sign, `positive`, a `share` between 0 and 1, a `small` whole number, or `zeros` among these.
    """

    def __init__(self, seed: str, bounds: Bounds, style: str, attempt: int) -> None:
        self.seed, self.bounds, self.style, self.shrink = seed, bounds, style, 2 ** (attempt // 2)

    def __call__(self, name: str, positions: Positions) -> Number:
        rng = random.Random(f"{self.seed} {name} {positions}")
        low, high = self.bounds.get((name, positions), (None, None))
        part = MP.mpf(rng.randint(1, 96)) / 97 / self.shrink
        if low is not None and high is not None:
            return low + (high - low) * part
        value = MP.mpf(rng.randint(1, 300)) / rng.choice((101, 103, 107)) / self.shrink
        if self.style in ("small", "zeros"):
            value = MP.mpf(rng.choice(SMALL if self.style == "small" else ZEROS))
        elif self.style == "share":
            value = part
        elif self.style == "any" and rng.random() < 0.5:
            value = -value
        if low is not None:
            return low + (abs(value) or part)
        if high is not None:
            return high - (abs(value) or part)
        return value


def _obeys(world: World, facts: list[Fact], hots: list[OneHot], context: Context, rng: random.Random) -> bool:
    """Settle what the hypotheses say of primitives, then check them all."""
    settled: set[Key] = set()
    for hot in hots:
        shape = context.shape_of(str(hot.family.label))
        span = shape[0] if shape else Range(Integer(1), context.size)
        low, high = world.integer(span.low), world.integer(span.high)
        place = rng.randint(low, high) if hot.at is None else world.integer(hot.at)
        for position in range(low, high + 1):
            key = str(hot.family.label), (position,)
            settled.add(key)
            world.settle(key, MP.one if position == place else MP.zero)
    equations = [fact for fact in facts if fact.relation == "="]
    for fact in equations:
        for values in _instances(world, fact, context):
            if not _solve(world, fact, values, settled):
                return False
    for fact in facts:
        for values in _instances(world, fact, context):
            if not compare(_residual(world, fact, values), fact.relation, EXACT):
                return False
    world.bound, world.read = {}, set()
    return True


def _residual(world: World, fact: Fact, values: dict[Symbol, int]) -> Number:
    world.bound = values
    return world.value(fact.left) - world.value(fact.right)


def _solve(world: World, fact: Fact, values: dict[Symbol, int], settled: set[Key]) -> bool:
    """Meet an equation by the last primitive in it that is free and in which it is affine; what it mentions is settled then."""
    world.memo.clear()
    world.read = set()
    residual = _residual(world, fact, values)
    read = sorted(world.read)
    free = [key for key in reversed(read) if key not in settled]
    settled |= set(read)
    if abs(residual) <= EXACT:
        return True
    for key in free:
        old = world.values[key]
        found = []
        for value in (MP.zero, MP.one, MP.mpf(3)):
            world.settle(key, value)
            try:
                found.append(_residual(world, fact, values))
            except Undefined:
                break
        slope = found[1] - found[0] if len(found) == 3 else MP.zero
        if abs(slope) > EXACT and abs(found[2] - found[0] - 3 * slope) <= EXACT * (1 + abs(found[2])):
            world.settle(key, -found[0] / slope)
            return True
        world.settle(key, old)
    return False
