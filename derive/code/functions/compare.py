"""A lowering checked: the numbers of an array program against the ball evaluation of what it stands for.

The points obey the hypotheses of the document; the sizes are small. This finds a wrong sign or a wrong axis; it proves
nothing, and it need not: the terms were proved equal before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from flint import arb
from sympy import Add, Expr, Symbol

from derive.balls import evaluation as balls
from derive.balls.evaluation import Point, Undecided, Undefined, Unsupported
from derive.code.arrays.program import BATCH, Gather, Input, Program
from derive.code.functions.build import Function
from derive.code.functions.interpret import evaluate
from derive.code.functions.signatures import Wanted
from derive.judge.points.sampling import NoPoint, points
from derive.normal.unfold import Unfolder
from derive.prover.derivation import obligations_of
from derive.terms.context import Claim, Context, Obligation
from derive.terms.heads import name_of
from derive.terms.terms import Partial

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

EXAMPLES, ROUNDS, PATIENCE, BITS = 2, 2, 3, 256
TOLERANCE = 1e-9


class Mismatch(RuntimeError):
    """The program's number is not that of the term it was made from: a bug in the lowering."""


@dataclass(frozen=True)
class Sample:
    """Arguments at which a program can be run, and, for each example, the same as an exact point."""

    arrays: Mapping[str, Array]
    points: tuple[Point, ...]


def check(function: Function, rounds: int = ROUNDS) -> int:
    """Compare the function with the ball evaluation, both of its programs; the number of entries that agreed.

    Raises:
        Mismatch: where an entry differs by more than rounding.
    """
    import numpy as np

    agreed = 0
    moderate = function.moderate
    for sample in samples(function, rounds):
        if not _has_places(function.program, sample.points[0].sizes):
            continue
        programs = [function.program]
        if moderate is not None and moderate.holds(sample.arrays):
            programs.append(moderate.program)
        with np.errstate(all="ignore"):
            found = [evaluate(program, sample.arrays) for program in programs]
        for results in found:
            for wanted in function.signature.results:
                agreed += _compared(function, wanted, sample, results[wanted.name])
    return agreed


def _has_places(program: Program, sizes: Mapping[str, int]) -> bool:
    """Whether there is a place for each number that stands as an index."""
    for node in program.nodes:
        if isinstance(node, Gather) and isinstance(node.index, int):
            axes = dict(zip(node.operand.axes, program.nodes[node.operand.node].axes, strict=True))
            size = axes[node.axis].size
            if node.index >= (int(size) if size.isdigit() else sizes[size]):
                return False
    return True


def samples(function: Function, count: int, sizes: tuple[int, ...] = (3, 2, 1)) -> Iterator[Sample]:
    """Up to `count` samples for each n, each with two examples of the same sizes."""
    signature = function.signature
    context = _independent(signature.context, signature.independent)
    term = Add(*(wanted.meaning for wanted in signature.results))
    obligations = tuple(dict.fromkeys(o for wanted in signature.results for o in _obligations(wanted.meaning, context)))
    claim = Claim(term, "=", term, obligations)
    for size in sizes:
        made = 0
        groups: dict[tuple[tuple[str, int], ...], list[Point]] = defaultdict(list)
        try:
            for point in points(claim, context, (size,), count=EXAMPLES * count * PATIENCE):
                group = groups[tuple(sorted(point.sizes.items()))]
                group.append(point)
                if len(group) == EXAMPLES:
                    yield _sample(function, group, made)
                    group.clear()
                    made += 1
                    if made == count:
                        break
        except (NoPoint, Unsupported):
            continue


def _obligations(meaning: Expr, context: Context) -> Iterator[Obligation]:
    """Where what is differentiated is defined."""
    for node in (meaning, *meaning.atoms(Partial)):
        while isinstance(node, Partial):
            node = node.expr
        yield from obligations_of(Unfolder(context)(node), context)


def _sample(function: Function, found: list[Point], turn: int) -> Sample:
    """Arrays with the members of each example; what is shared is that of the first."""
    import numpy as np

    sizes = dict(found[0].sizes)
    spelled = {wanted: name for name, wanted in function.spelling.items()}
    members: list[dict[tuple[str, tuple[int, ...]], Fraction]] = [{} for _ in found]
    scalars: list[dict[str, Fraction]] = [{} for _ in found]
    indices: list[dict[Symbol, int]] = [{} for _ in found]
    arrays: dict[str, Array] = {}
    for node in function.program.inputs:
        own = [axis for axis in node.axes if axis.size != BATCH]
        for axis in own:
            sizes.setdefault(axis.size, int(axis.size) if axis.size.isdigit() else 2)
        batched = len(own) < len(node.axes)
        if node.kind == "index":
            labels = function.signature.labels
            places = [(turn + example) % sizes[node.below] for example in range(len(found))]
            arrays[node.name] = np.array(places if batched else places[0])
            if labels is not None:
                for example, place in enumerate(places):
                    indices[example][labels.point] = place + 1
            continue
        name = spelled[node.name]
        values = []
        for example, point in enumerate(found):
            values.append(_values(node, name, point if batched else found[0], sizes, members[example], scalars[example]))
        arrays[node.name] = np.array(values if batched else values[0])
    exact = tuple(
        replace(
            point,
            sizes=sizes,
            indices=indices[e],
            scalars={**point.scalars, **scalars[e]},
            members={**point.members, **members[e]},
        )
        for e, point in enumerate(found)
    )
    return Sample(arrays, exact)


def _values(
    node: Input,
    name: str,
    point: Point,
    sizes: Mapping[str, int],
    members: dict[tuple[str, tuple[int, ...]], Fraction],
    scalars: dict[str, Fraction],
) -> Any:
    """The argument of one example as nested lists; the same numbers, exact, go into `members` or `scalars`."""
    import numpy as np

    own = [axis for axis in node.axes if axis.size != BATCH]
    if not own:
        number = float(point.value(name, ()))
        scalars[name] = Fraction(number)
        return number
    result = np.empty([sizes[axis.size] for axis in own])
    for place in product(*(range(length) for length in result.shape)):
        position = tuple(p + 1 for p in place)
        result[place] = float(point.value(name, position))
        members[name, position] = Fraction(float(result[place]))
    return result


def _compared(function: Function, wanted: Wanted, sample: Sample, found: Array) -> int:
    import numpy as np

    signature = function.signature
    context = _independent(signature.context, signature.independent)
    output = next(o for o in function.program.outputs if o.name == wanted.name)
    batched = any(axis.size == BATCH for axis in output.axes)
    lengths = [sample.points[0].sizes[a.size] if not a.size.isdigit() else int(a.size) for a in output.axes if a.size != BATCH]
    agreed = 0
    for place in product(*(range(length) for length in lengths)):
        values = []
        for point in sample.points:
            here = dict(zip(wanted.letters, (p + 1 for p in place), strict=True))
            exact = _ball(wanted, replace(point, indices={**point.indices, **here}), context)
            if exact is None:
                return agreed
            values.append(exact)
        if signature.mean and wanted.per_example:
            values = [value / len(values) for value in values]
        elif signature.mean:
            values = [sum(values[1:], start=values[0]) / len(values)]
        for example, exact in enumerate(values):
            number = float(np.asarray(found)[(example, *place) if batched else place])
            if not abs(number - exact) <= TOLERANCE * (1 + abs(exact)):
                raise Mismatch(f"{function.name}: {wanted.name}{list(place)} is {number}, expected {exact} at {sample.arrays}")
            agreed += 1
        if not batched and not signature.mean and values[0] != values[-1]:
            raise Mismatch(f"{function.name}: {wanted.name} is the same for all examples, expected {values}")
    return agreed


def _ball(wanted: Wanted, point: Point, context: Context) -> float | None:
    """The value as a float; None where there is none."""
    try:
        value: arb = balls.evaluate(wanted.meaning, point, context, BITS)
    except (Undefined, Undecided):
        return None
    return float(value.mid())


def _independent(context: Context, names: frozenset[str]) -> Context:
    """Without the definitions of what is an argument of the function."""
    return replace(context, definitions=tuple(d for d in context.definitions if name_of(d.head) not in names))
