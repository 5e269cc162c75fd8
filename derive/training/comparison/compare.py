"""The numbers that training uses, against the symbolic forms in balls: layer by layer, in units in the last place.

The *error in ULP* of an array is the largest distance of a sampled entry from its ball, divided by the ULP of the largest
exact value among the sampled entries: the distance between that value's double and the next one. So 1 ULP is the precision with
which the array's scale can be stored, and an entry that is small because its terms cancel is not held to more. The
sample always has the entry that is largest in the computed array. The distance is an upper bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from derive.training.comparison.exact import BITS, Exact
from derive.training.comparison.symbolic import network, step
from derive.training.settings.settings import Schedule
from derive.training.steps.engine import Engine
from derive.training.steps.network import Forward, Gradients, Layer
from derive.training.steps.sources import ACTIVATIONS, LINEAR, LOSS, STEP

if TYPE_CHECKING:
    import numpy as np
    from flint import arb

    from derive.training.steps.network import Array, Labels

ENTRIES, LIMIT = 6, 64.0
WORK = 80_000


@dataclass(frozen=True)
class Quantity:
    """One array that training computes: `layer` from 1, its LaTeX-free name, and the function that computed it."""

    layer: int
    name: str
    document: str
    function: str


@dataclass(frozen=True)
class Worst:
    """Where a quantity was farthest from its symbolic form: the entry (from 0), what was used, what is right, the step."""

    step: int
    place: tuple[int, ...]
    used: float
    exact: float


@dataclass(frozen=True)
class Error:
    """The largest error of a quantity in ULP, over `entries` sampled entries."""

    quantity: Quantity
    ulp: float
    entries: int
    worst: Worst

    @property
    def agrees(self) -> bool:
        return self.ulp <= LIMIT

    def joined(self, other: Error) -> Error:
        """Both samples together."""
        larger = other if other.ulp > self.ulp else self
        return replace(larger, entries=self.entries + other.entries)

    def text(self) -> str:
        """What is wrong, with the document and the function."""
        worst = self.worst
        place = f"[{', '.join(str(p + 1) for p in worst.place)}]" if worst.place else ""
        sign = math.isfinite(worst.used) and abs(worst.used + worst.exact) <= 1e-6 * abs(worst.exact)
        return (
            f"layer {self.quantity.layer}: {self.quantity.name}{place} was {worst.used:.9g} at step {worst.step}, the "
            f"symbolic form gives {worst.exact:.9g}{': the sign is wrong' if sign else ''}. It was computed by "
            f"{self.quantity.function}, made from proofs/{self.quantity.document}.md"
        )


@dataclass(frozen=True)
class Sampled:
    """One step as it was computed: the rows of its batch that are compared, and everything computed from them."""

    number: int
    epoch: int
    layers: tuple[Layer, ...]
    x: Array
    labels: Labels
    passed: Forward
    slopes: Gradients
    after: tuple[Layer, ...]


def sampled(
    number: int,
    epoch: int,
    layers: tuple[Layer, ...],
    x: Array,
    labels: Labels,
    engine: Engine,
    schedule: Schedule,
    used: tuple[Forward, Gradients, tuple[Layer, ...]],
) -> Sampled:
    """The step `number` for comparison: what was `used`, or for a large network the same code run on fewer of its rows."""
    rows = max(1, WORK // sum(layer.w.size for layer in layers))
    passed, slopes, after = used
    if rows < len(x):
        x, labels = x[:rows], labels[:rows]
        passed, slopes, after = engine.step(layers, x, labels, schedule, epoch)
    return Sampled(number, epoch, layers, x, labels, passed, slopes, after)


def compared(one: Sampled, activation: str, schedule: Schedule, seed: int) -> tuple[Error, ...]:
    """The error of each quantity of a step, in the order in which the quantities are computed.

    Args:
        seed: which entries are sampled.
    """
    import numpy as np

    generator = np.random.default_rng([seed, one.number])
    exact = _examples(one, activation)
    errors = []
    for quantity, used, name in _computed(one, activation):
        mean = used.ndim != 2 or quantity.name.startswith(("∂L/∂w", "∂L/∂b"))
        reading = _mean(exact, name) if mean else _each(exact, name)
        errors.append(_error(quantity, used, reading, one.number, generator))
    for place, (layer, new) in enumerate(zip(one.layers, one.after, strict=True)):
        eta = schedule.output_rate if place == len(one.layers) - 1 else schedule.rate
        arrays = {
            "w": layer.w,
            "b": layer.b,
            "G": one.slopes.w[place],
            "F": one.slopes.b[place],
            r"\eta": eta,
            r"\lambda": schedule.penalty,
            r"\kappa": schedule.decay,
            "t": one.epoch,
        }
        stepper = Exact(step(), arrays, {"n": layer.w.shape[0], "d": layer.w.shape[1]})
        for array, name, shown in ((new.w, "u", "w"), (new.b, "v", "b")):
            quantity = Quantity(place + 1, f"new {shown}_{place + 1}", STEP, name)
            errors.append(_error(quantity, array, _one(stepper, name), one.number, generator))
    return tuple(errors)


def _computed(one: Sampled, activation: str) -> Iterator[tuple[Quantity, Array, str]]:
    """Every array with its name in the network's context, in the order of computation."""
    import numpy as np

    depth, curve = len(one.layers), ACTIVATIONS[activation]
    for layer in range(1, depth + 1):
        yield Quantity(layer, f"z_{layer}", LINEAR, "z"), one.passed.z[layer - 1], f"z_{layer}"
        if layer < depth:
            yield Quantity(layer, f"h_{layer}", curve, "h"), one.passed.x[layer], f"h_{layer}"
    yield Quantity(depth, "L", LOSS, "loss_and_gradient"), np.asarray(one.slopes.loss), "L"
    for layer in range(depth, 0, -1):
        made = (LOSS, "loss_and_gradient") if layer == depth else (curve, "dS_dz")
        yield Quantity(layer, f"∂L/∂z_{layer}", *made), one.slopes.z[layer - 1], f"∂z_{layer}"
        yield Quantity(layer, f"∂L/∂w_{layer}", LINEAR, "dS_dw"), one.slopes.w[layer - 1], f"∂w_{layer}"
        yield Quantity(layer, f"∂L/∂b_{layer}", LINEAR, "dS_db"), one.slopes.b[layer - 1], f"∂b_{layer}"
        if layer > 1:
            yield Quantity(layer - 1, f"∂L/∂h_{layer - 1}", LINEAR, "dS_dx"), one.slopes.h[layer - 2], f"∂h_{layer - 1}"


def _examples(one: Sampled, activation: str) -> list[Exact]:
    """The network at each example, as balls; the weights are turned into balls once."""
    from flint import arb

    from derive.training.data.dataset import one_hot

    shared: dict[str, Any] = {}
    sizes = {"n_0": one.x.shape[1]}
    for number, layer in enumerate(one.layers, 1):
        sizes[f"n_{number}"] = layer.w.shape[0]
        shared[f"w_{number}"] = [[arb(v) for v in row] for row in layer.w.tolist()]
        shared[f"b_{number}"] = [arb(v) for v in layer.b.tolist()]
    y = one_hot(one.labels, one.layers[-1].w.shape[0])
    symbolic = network(len(one.layers), activation)
    return [Exact(symbolic, {**shared, "x": one.x[row], "y": y[row]}, sizes) for row in range(len(one.x))]


Reading = Callable[[tuple[int, ...]], "arb"]


def _one(exact: Exact, name: str) -> Reading:
    return lambda place: exact.value(name, place)


def _each(examples: Sequence[Exact], name: str) -> Reading:
    return lambda place: examples[place[0]].value(name, place[1:])


def _mean(examples: Sequence[Exact], name: str) -> Reading:
    def mean(place: tuple[int, ...]) -> arb:
        from flint import ctx

        with ctx.workprec(BITS):
            return sum((one.value(name, place) for one in examples[1:]), start=examples[0].value(name, place)) / len(examples)

    return mean


def _error(quantity: Quantity, used: Array, exact: Reading, number: int, generator: np.random.Generator) -> Error:
    """The error of the array `used` at sampled entries."""
    from flint import arb, ctx

    places = _sample(used, generator)
    right = [exact(place) for place in places]
    scale = max(float(abs(value).upper()) for value in right)
    unit = math.ulp(scale)
    worst, at = -1.0, 0
    for position, (place, value) in enumerate(zip(places, right, strict=True)):
        number_used = float(used[place])
        with ctx.workprec(BITS):
            gap = float(abs(arb(number_used) - value).upper()) / unit if math.isfinite(number_used) else math.inf
        if gap > worst:
            worst, at = gap, position
    found = Worst(number, places[at], float(used[places[at]]), float(right[at].mid()))
    return Error(quantity, worst, len(places), found)


def _sample(array: Array, generator: np.random.Generator) -> list[tuple[int, ...]]:
    """The place of the largest entry, and of some others."""
    import numpy as np

    flat = np.abs(array).ravel()
    chosen = generator.choice(flat.size, size=min(ENTRIES, flat.size), replace=False)
    numbers = dict.fromkeys([int(np.argmax(flat)), *(int(n) for n in chosen)])
    return [tuple(int(p) for p in np.unravel_index(n, array.shape)) for n in numbers]


def joined(results: Sequence[Sequence[Error]]) -> tuple[Error, ...]:
    """The errors of several steps, one for each quantity, in the order of computation."""
    together: dict[Quantity, Error] = {}
    for result in results:
        for error in result:
            known = together.get(error.quantity)
            together[error.quantity] = error if known is None else known.joined(error)
    return tuple(together.values())


def culprit(errors: Mapping[int, Sequence[Error]] | Sequence[Error]) -> Error | None:
    """The first quantity, in the order of computation, that differs: what comes behind it may be wrong because of it."""
    rows = errors if not isinstance(errors, Mapping) else [e for part in errors.values() for e in part]
    return next((error for error in rows if not error.agrees), None)
