"""Minibatch stochastic gradient descent, step by step; between two steps a run can be saved and continued bit for bit.

The examples are shuffled anew for each epoch by PCG64, whose state at the beginning of the epoch is part of the state of the
run. The last batch of an epoch may be smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from derive.train.dataset import Dataset
from derive.train.errors import TrainError
from derive.train.network import Code, Forward, Gradients, Layer, accuracy, forward, gradients, initial, stepped
from derive.train.settings import Settings

if TYPE_CHECKING:
    from derive.train.network import Array, Labels


class Diverged(TrainError):
    """The loss is not finite any more."""


@dataclass(frozen=True)
class State:
    """A run between two steps.

    `generator` is the state of the random numbers at the beginning of the epoch, in which `done` batches are done;
    `losses` has the mean loss of each batch so far, `accuracies` the share of the test part that is right after each epoch.
    """

    layers: tuple[Layer, ...]
    generator: Mapping[str, Any]
    epoch: int = 0
    done: int = 0
    losses: tuple[float, ...] = ()
    norms: tuple[tuple[float, ...], ...] = ()
    accuracies: tuple[float, ...] = ()

    @property
    def step(self) -> int:
        """How many steps are done."""
        return len(self.losses)


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

    history = _History(state)
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
                    raise Diverged(f"the loss is {slopes.loss} at step {history.step + 1}; a smaller --rate may help")
                before, layers = layers, stepped(layers, slopes, schedule, epoch, code)
                history.add(slopes)
                ended = done + 1 == batches
                if ended:
                    saved = bits.state
                    history.accuracies.append(accuracy(layers, data.test_inputs, data.test_labels, code))
            place = (epoch + 1, 0) if ended else (epoch, done + 1)
            yield Step(history.step, epoch, x, labels, before, passed, slopes, history.state(layers, saved, *place))


class _History:
    """The lists that grow with each step; a state gets its copy of them only when it is asked for."""

    def __init__(self, state: State) -> None:
        self.losses = list(state.losses)
        self.norms = list(state.norms)
        self.accuracies = list(state.accuracies)

    @property
    def step(self) -> int:
        return len(self.losses)

    def add(self, slopes: Gradients) -> None:
        from derive.train.health import rms

        self.losses.append(slopes.loss)
        self.norms.append(tuple(rms(w) for w in slopes.w))

    def state(self, layers: tuple[Layer, ...], generator: Mapping[str, Any], epoch: int, done: int) -> State:
        return State(layers, generator, epoch, done, tuple(self.losses), tuple(self.norms), tuple(self.accuracies))
