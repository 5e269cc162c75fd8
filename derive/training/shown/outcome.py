"""What a training run gives: how it ended, what was compared, and the errors of each layer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from derive.training.comparison.autograd import Autograd
from derive.training.comparison.compare import Error, culprit
from derive.training.comparison.differences import Difference
from derive.training.comparison.health import Alarm
from derive.training.data.dataset import Dataset
from derive.training.settings.settings import Settings
from derive.training.steps.loop import History, State
from derive.training.steps.model import Model


class Ending(Enum):
    """Why the steps of a run came to an end."""

    DONE = auto()
    INTERRUPTED = auto()
    DIVERGED = auto()


@dataclass(frozen=True)
class Ended:
    """How a run ended; `message` is for people, and `unsaved` tells that the model could not be saved where it should be."""

    kind: Ending = Ending.DONE
    message: str = ""
    unsaved: bool = False

    def __bool__(self) -> bool:
        """Whether there is something to say."""
        return self.kind is not Ending.DONE or self.unsaved


@dataclass(frozen=True)
class Comparison:
    """What was compared at `steps`: the first `rows` of the examples of each batch."""

    steps: tuple[int, ...]
    rows: int
    errors: tuple[Error, ...]
    differences: tuple[Difference, ...]
    autograd: tuple[Autograd, ...]

    @property
    def culprit(self) -> Error | None:
        """The first quantity in the order of computation that differs from its symbolic form."""
        return culprit(self.errors)

    @property
    def agrees(self) -> bool:
        independent = [*(d.agrees for d in self.differences), *(a.agrees for a in self.autograd)]
        return all(error.agrees for error in self.errors) and all(independent)


@dataclass(frozen=True)
class LayerErrors:
    """A row of the table: the largest errors in ULP of what layer `layer` computes, and whether all of them agree.

    `differences` is the largest relative difference from central differences, `autograd` the largest error in ULP against
    PyTorch's automatic differentiation (None where it is not installed).
    """

    layer: int
    forward: float
    backward: float
    weights: float
    biases: float
    step: float
    largest: float
    differences: float
    autograd: float | None
    agrees: bool


def layer_errors(comparison: Comparison, layer: int) -> LayerErrors:
    """The row of the layer `layer`, counted from 1."""
    errors = [e for e in comparison.errors if e.quantity.layer == layer]
    gaps = [d for d in comparison.differences if d.layer == layer]
    torch = [a for a in comparison.autograd if a.layer == layer]

    def largest(*names: str) -> float:
        return max((e.ulp for e in errors if e.quantity.name.startswith(names)), default=0.0)

    return LayerErrors(
        layer,
        largest("z", "h", "L"),
        largest("∂L/∂z", "∂L/∂h"),
        largest("∂L/∂w"),
        largest("∂L/∂b"),
        largest("new"),
        largest(""),
        max((d.relative for d in gaps), default=0.0),
        max((a.ulp for a in torch), default=None),
        all([*(e.agrees for e in errors), *(d.agrees for d in gaps), *(a.agrees for a in torch)]),
    )


@dataclass(frozen=True)
class Outcome:
    """What a run gave, and how it `ended`."""

    settings: Settings
    data: Dataset
    state: State
    accuracy: float
    comparison: Comparison | None
    alarms: tuple[Alarm, ...]
    seconds: float
    first_step: int
    saved: Path | None = None
    ended: Ended = Ended()

    @property
    def agrees(self) -> bool:
        """Whether no number differed from its symbolic form."""
        return self.comparison is None or self.comparison.agrees

    @property
    def history(self) -> History:
        """The loss of each batch, the size of each layer's gradient at each step, the accuracy after each epoch."""
        return self.state.history

    @property
    def layers(self) -> tuple[LayerErrors, ...]:
        """The table of the comparison, one row for each layer; empty if nothing was compared."""
        if self.comparison is None:
            return ()
        return tuple(layer_errors(self.comparison, layer) for layer in range(1, len(self.state.layers) + 1))

    @property
    def model(self) -> Model:
        """What was learnt."""
        curve = self.settings.activation if self.settings.hidden else None
        return Model(self.state.layers, curve, self.data.scale)
