"""Warnings about gradients that are too large or vanish, with the layer and the value.

*Too large*: one step moves the weights of a layer with d inputs, in root mean square, by more than twice 1/√d, the size
with which they begin: ``ρ · rms(∂L/∂w) · √d > 2``. *Vanishing*: a layer's gradient is less than a thousandth of that of the
layer with the largest one. *Not finite*: it has an infinity or a NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from derive.training.settings.settings import Schedule
from derive.training.steps.loop import Step

LARGE, SMALL = 2.0, 1e-3
Kind = Literal["too large", "vanishes", "not finite"]


@dataclass(frozen=True)
class Alarm:
    """What was seen in a layer: at how many steps, first at which, and the worst value with its step."""

    layer: int
    kind: Kind
    count: int
    first: int
    worst: float
    at: int

    def text(self, layers: int) -> str:
        """The alarm in a line, with one way to mend it."""
        name = f"layer {self.layer}" + (" (output)" if self.layer == layers else "")
        when = f"{self.count} step{'s' if self.count > 1 else ''} from step {self.first} on"
        if self.kind == "not finite":
            return f"{name}: the gradient is not finite at {when}; a smaller --rate may help"
        if self.kind == "too large":
            option = "--output-rate" if self.layer == layers else "--rate"
            return (
                f"{name}: the gradient is too large: step {self.at} moved its weights by {self.worst:.3g} times their "
                f"usual size 1/√d ({when}); a smaller {option} may help"
            )
        return (
            f"{name}: the gradient vanishes: at step {self.at} it was {self.worst:.3g} times that of the largest layer "
            f"({when}); fewer layers or --activation tanh may help"
        )


@dataclass
class Health:
    """Watches the gradients of a run."""

    _seen: dict[tuple[int, Kind], Alarm] = field(default_factory=dict)

    def watch(self, step: Step, schedule: Schedule) -> None:
        """Takes note of the gradients of a stretch of steps."""
        norms = step.after.history.norms
        for number in range(step.first, step.number + 1):
            self._watch(number, norms[number - 1], step, schedule)

    def _watch(self, number: int, norms: tuple[float, ...], step: Step, schedule: Schedule) -> None:
        largest = max(norms)
        for place, norm in enumerate(norms):
            last = place == len(norms) - 1
            rate = (schedule.output_rate if last else schedule.rate) / (1 + schedule.decay * step.epoch)
            moved = rate * norm * math.sqrt(step.before[place].w.shape[1])
            if not math.isfinite(norm):
                self._note(place + 1, "not finite", number, norm)
            elif moved > LARGE:
                self._note(place + 1, "too large", number, moved)
            elif math.isfinite(largest) and norm < SMALL * largest:
                self._note(place + 1, "vanishes", number, norm / largest)

    def _note(self, layer: int, kind: Kind, step: int, value: float) -> None:
        known = self._seen.get((layer, kind))
        if known is None:
            self._seen[layer, kind] = Alarm(layer, kind, 1, step, value, step)
            return
        worse = value < known.worst if kind == "vanishes" else value > known.worst
        worst, at = (value, step) if worse else (known.worst, known.at)
        self._seen[layer, kind] = Alarm(layer, kind, known.count + 1, known.first, worst, at)

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What was seen, in order of layer."""
        return tuple(self._seen[key] for key in sorted(self._seen))
