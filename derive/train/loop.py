"""Minibatch stochastic gradient descent, step by step; between two steps a run can be saved and continued bit for bit.

The examples are shuffled anew for each epoch by PCG64, whose state at the beginning of the epoch is part of the state of the
run. The last batch of an epoch may be smaller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.train.dataset import Dataset
from derive.train.errors import TrainError
from derive.train.network import Code, Forward, Gradients, Layer, accuracy, forward, gradients, initial, stepped
from derive.train.settings import Settings

if TYPE_CHECKING:
    from derive.train.network import Array, Labels


class Diverged(TrainError):
    """The loss is not finite any more."""


@dataclass
class History:
    """What was seen at each step and at the end of each epoch; it only grows.

    `losses` has the mean loss of each batch, `norms` the root mean square of each layer's ∂L/∂w, `accuracies` the share of
    the test part that is right after each epoch.
    """

    losses: list[float] = field(default_factory=list)
    norms: list[tuple[float, ...]] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """A run between two steps: `epoch` epochs are done, and `done` batches of the next one.

    `generator` is the state of the random numbers at the beginning of the epoch. Of `history` the first `step` losses belong
    to this state.
    """

    layers: tuple[Layer, ...]
    generator: Any
    epoch: int = 0
    done: int = 0
    step: int = 0
    history: History = field(default_factory=History)

    @property
    def losses(self) -> list[float]:
        return self.history.losses[:self.step]

    @property
    def norms(self) -> list[tuple[float, ...]]:
        return self.history.norms[:self.step]

    @property
    def accuracies(self) -> list[float]:
        return self.history.accuracies[:self.epoch]


@dataclass(frozen=True)
class Step:
    """One step: its batch, what was computed from it, and the state behind it; `number` counts from 1."""

    number: int
    epoch: int
    x: Array
    labels: Labels
    before: tuple[Layer, ...]
    passed: Forward
    slopes: Gradients
    after: State


def beginning(settings: Settings, data: Dataset) -> State:
    """The state of a run before its first step."""
    import numpy as np

    layers = initial((data.features, *settings.hidden, data.classes), settings.seed)
    return State(layers, np.random.default_rng([settings.seed, 1]).bit_generator.state)


def batches_of(settings: Settings, data: Dataset) -> int:
    """The number of batches in an epoch."""
    return -(-len(data.inputs) // settings.batch)


def steps(state: State, settings: Settings, data: Dataset, code: Code) -> Iterator[Step]:
    """The steps from `state` to the end of the last epoch.

    Raises:
        Diverged: if the loss of a batch is not finite; the state before it is that of the last step.
    """
    import numpy as np

    history = History(state.losses, state.norms, state.accuracies)
    batches, schedule = batches_of(settings, data), settings.schedule
    layers, saved = state.layers, state.generator
    for epoch in range(state.epoch, settings.epochs):
        bits = np.random.PCG64()
        bits.state = saved
        order = np.random.Generator(bits).permutation(len(data.inputs))
        for done in range(state.done if epoch == state.epoch else 0, batches):
            rows = order[done * settings.batch:(done + 1) * settings.batch]
            x, labels = data.inputs[rows], data.labels[rows]
            with np.errstate(all="ignore"):
                passed = forward(layers, x, code)
                slopes = gradients(layers, passed, labels, code)
                if not np.isfinite(slopes.loss):
                    raise Diverged(f"the loss is {slopes.loss} at step {len(history.losses) + 1}; a smaller --rate may help")
                before, layers = layers, stepped(layers, slopes, schedule, epoch, code)
                history.losses.append(slopes.loss)
                history.norms.append(tuple(rms(w) for w in slopes.w))
                place = epoch, done + 1
                if done + 1 == batches:
                    saved, place = bits.state, (epoch + 1, 0)
                    history.accuracies.append(accuracy(layers, data.test_inputs, data.test_labels, code))
            number = len(history.losses)
            yield Step(number, epoch, x, labels, before, passed, slopes, State(layers, saved, *place, number, history))


def rms(array: Array) -> float:
    """The root mean square of all entries."""
    import numpy as np

    return float(np.sqrt(np.mean(np.square(array))))
