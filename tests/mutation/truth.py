"""Whether a claim is true, as far as numbers tell: settled without the judge, by the evaluator at random points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

from derive.judge.points.witness import Witness
from derive.terms.context import Assumption, Claim, Context
from derive.terms.terms import Call, Vector
from tests.mutation.evaluator import MP, Number, Undefined, Unknown, World
from tests.mutation.points import points

ENOUGH = 12
AGREE, DIFFER = MP.mpf(10) ** -18, MP.mpf(10) ** -8
LARGEST = MP.mpf(10) ** 12


class Truth(Enum):
    """A claim fails clearly at some point, agrees at enough points over several sizes, or neither could be told."""

    FALSE = "false"
    TRUE = "true"
    UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Finding:
    """The truth of a claim, at how many points it held, and the world in which it failed."""

    truth: Truth
    held: int
    counterexample: World | None = None
    reason: str = ""


def truth_of(claim: Claim, context: Context, seed: str, enough: int = ENOUGH) -> Finding:
    """Settle `claim` in `context` at random points; `enough` points that agree make it true."""
    if isinstance(claim.left, Vector) or isinstance(claim.right, Vector):
        return Finding(Truth.UNSETTLED, 0, reason="vectors")
    held, doubtful = 0, 0
    try:
        for world in points(claim, context, seed):
            found = holds_at(claim, world)
            if found is False:
                return Finding(Truth.FALSE, held, world)
            held += found is True
            doubtful += found is None
            if held >= enough:
                break
    except Unknown as problem:
        return Finding(Truth.UNSETTLED, held, reason=str(problem))
    if held >= enough and not doubtful:
        if claim.relation != "=" and (claim.left.has(Call) or claim.right.has(Call)):
            return Finding(Truth.UNSETTLED, held, reason="an order between functions that may be unknown")
        return Finding(Truth.TRUE, held)
    return Finding(Truth.UNSETTLED, held, reason="too few points")


def under(claim: Claim, context: Context, conditions: tuple[Assumption, ...], seed: str) -> Finding:
    """The truth of `claim` where the conditions hold as well."""
    return truth_of(claim, context.assume(*conditions), seed)


OUTSIDE = "outside"


def holds_at(claim: Claim, world: World) -> bool | str | None:
    """Whether the claim holds in `world`; `OUTSIDE` where a side has no value, None where numbers do not tell."""
    try:
        left, right = world.value(claim.left), world.value(claim.right)
    except Undefined:
        return OUTSIDE
    if max(abs(left), abs(right)) > LARGEST:
        return OUTSIDE
    return _related(claim, left, right)


def _related(claim: Claim, left: Number, right: Number) -> bool | None:
    difference, scale = left - right, 1 + abs(left) + abs(right)
    if claim.rounding is not None:
        return bool(abs(difference) <= MP.mpf(10) ** -claim.rounding / 2)
    same, apart = abs(difference) <= AGREE * scale, abs(difference) >= DIFFER * scale
    if not same and not apart:
        return None
    if claim.relation in ("=", "!="):
        return same == (claim.relation == "=")
    if same:
        return claim.relation in ("<=", ">=")
    return (difference < 0) == (claim.relation in ("<", "<="))


def confirms(witness: Witness, claim: Claim, context: Context) -> bool | None:
    """Whether the sides differ, by this evaluator too, at the point that a witness names; None if it cannot be followed."""
    sizes = {str(context.size): witness.size if witness.size is not None else 1}
    indices: dict[str, int] = {}
    numbers: dict[str, Fraction] = {}
    for name, value in witness.values:
        if isinstance(value, int):
            indices[name] = value
        else:
            try:
                numbers[name] = Fraction(value)
            except ValueError:
                return None
    if witness.size is not None:
        sizes[witness.main] = witness.size

    def draw(name: str, positions: tuple[int, ...]) -> Number:
        inner = ",".join(map(str, positions))
        printed = name if not positions else f"{name}_{inner}" if len(inner) == 1 else f"{name}_{{{inner}}}"
        if printed not in numbers:
            raise Unknown(f"{printed} is not in the witness")
        return MP.mpf(numbers[printed].numerator) / numbers[printed].denominator

    symbols = {s for side in (claim.left, claim.right, *(d.body for d in context.definitions)) for s in side.free_symbols}
    values = {s: indices[s.name] for s in symbols if s.is_integer and not s.is_positive and s.name in indices}
    sizes |= {s.name: indices[s.name] for s in symbols if s.is_integer and s.is_positive and s.name in indices}
    world = World(context, sizes, values, draw)
    try:
        held = holds_at(replace(claim), world)
    except Unknown:
        return None
    return None if held in (None, OUTSIDE) else not held
