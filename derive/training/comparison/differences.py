"""Gradients by central differences of the generated loss: ``∂L/∂w ≈ (L(w + h) − L(w − h)) / 2h``.

With ``h = ε^{1/3} max(1, |w|)`` (ε: the spacing of doubles at 1) the error is of order h², plus the rounding of L, of order
``ε L / h``. So a gradient agrees where the two differ by no more than 1e-5 of the largest one of its array, plus 64 ε L / h.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from derive.training.comparison.compare import Sampled
from derive.training.steps.engine import Engine, mean_loss
from derive.training.steps.network import Layer

EPSILON = sys.float_info.epsilon
RELATIVE, ROUNDING = 1e-5, 64
ENTRIES = 3


@dataclass(frozen=True)
class Difference:
    """The largest difference, relative to the largest entry of the gradient, by the weights or biases of one layer."""

    layer: int
    name: str
    relative: float
    agrees: bool

    def joined(self, other: Difference) -> Difference:
        larger = self if self.relative >= other.relative else other
        return replace(larger, agrees=self.agrees and other.agrees)


def differences(one: Sampled, engine: Engine, seed: int) -> tuple[Difference, ...]:
    """The gradients of a step against central differences, at the largest entry of each and a few others."""
    import numpy as np

    generator = np.random.default_rng([seed, one.number, 2])
    found = []
    for place in range(len(one.layers)):
        for name, slope in (("w", one.slopes.w[place]), ("b", one.slopes.b[place])):
            flat = np.abs(slope).ravel()
            chosen = {int(np.argmax(flat)), *(int(n) for n in generator.choice(flat.size, min(ENTRIES, flat.size), False))}
            scale, worst, agrees = float(flat.max()), 0.0, True
            for number in sorted(chosen):
                entry = tuple(int(p) for p in np.unravel_index(number, slope.shape))
                estimate, rounding = _slope(one, engine, place, name, entry)
                gap = abs(estimate - float(slope[entry]))
                agrees = agrees and gap <= RELATIVE * scale + rounding
                worst = max(worst, gap / scale if scale else gap)
            found.append(Difference(place + 1, name, worst, agrees))
    return tuple(found)


def _slope(one: Sampled, engine: Engine, place: int, name: str, entry: tuple[int, ...]) -> tuple[float, float]:
    """The central difference by one weight or bias, and a bound of its rounding error."""
    at = float(getattr(one.layers[place], name)[entry])
    step = EPSILON ** (1 / 3) * max(1.0, abs(at))
    above, below = at + step, at - step
    high, low = (
        mean_loss(engine, _moved(one.layers, place, name, entry, value), one.x, one.labels) for value in (above, below)
    )
    width = above - below
    return (high - low) / width, ROUNDING * EPSILON * max(abs(high), abs(low)) / width


def _moved(layers: Sequence[Layer], place: int, name: str, entry: tuple[int, ...], value: float) -> tuple[Layer, ...]:
    array = getattr(layers[place], name).copy()
    array[entry] = value
    changed = replace(layers[place], **{name: array})
    return (*layers[:place], changed, *layers[place + 1 :])
