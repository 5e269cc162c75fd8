"""Minibatch stochastic gradient descent in steps; between two of them a run can be saved and continued bit for bit.

The examples are shuffled anew for each epoch by PCG64, whose state at the beginning of the epoch is part of the state of the
run. The last batch of an epoch may be smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.training.data.dataset import Dataset
from derive.training.settings.errors import TrainError
from derive.training.settings.settings import Settings
from derive.training.steps.engine import Batches, Engine, accuracy
from derive.training.steps.network import Forward, Gradients, Layer, initial

if TYPE_CHECKING:
    from derive.training.steps.network import Array, Labels


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
        return self.history.losses[: self.step]

    @property
    def norms(self) -> list[tuple[float, ...]]:
        return self.history.norms[: self.step]

    @property
    def accuracies(self) -> list[float]:
        return self.history.accuracies[: self.epoch]


@dataclass(frozen=True)
class Step:
    """The steps from `first` to `number`, counted from 1, and the state behind them; most often that is one step.

    `x`, `labels`, `passed` and `slopes` belong to the last one, `before` are the layers before the first one.
    """

    first: int
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


def steps(state: State, settings: Settings, data: Dataset, engine: Engine, alone: Set[int] = frozenset()) -> Iterator[Step]:
    """The steps from `state` to the end of the last epoch, as many at once as `engine` does; those in `alone` by themselves.

    Raises:
        Diverged: if the loss of a batch is not finite; the state before it is that of the last step.
    """
    import numpy as np

    history = History(state.losses, state.norms, state.accuracies)
    batches = batches_of(settings, data)
    layers, saved = state.layers, state.generator
    for epoch in range(state.epoch, settings.epochs):
        bits = np.random.PCG64()
        bits.state = saved
        order = np.random.Generator(bits).permutation(len(data.inputs))
        these, done = Batches(data, order, settings.batch, epoch), state.done if epoch == state.epoch else 0
        while done < batches:
            end, first = _end(done, batches, len(history.losses), engine.stride(these), alone), len(history.losses) + 1
            ran = engine.run(layers, these, done, end, settings.schedule)
            history.losses += ran.losses
            history.norms += ran.norms
            before, layers, done = layers, ran.layers, done + len(ran.losses)
            number, place = len(history.losses), (epoch, done)
            if ran.failed is None and done == batches:
                saved, place = bits.state, (epoch + 1, 0)
                history.accuracies.append(accuracy(engine, layers, data.test_inputs, data.test_labels))
            rows = these.rows(done - 1)
            if ran.passed is not None and ran.slopes is not None:
                after = State(layers, saved, *place, number, history)
                yield Step(first, number, epoch, data.inputs[rows], data.labels[rows], before, ran.passed, ran.slopes, after)
            if ran.failed is not None:
                raise Diverged(f"the loss is {ran.failed} at step {number + 1}; a smaller --rate may help")


def _end(done: int, batches: int, steps_done: int, stride: int, alone: Set[int]) -> int:
    """The batch before which a stretch of steps ends that begins with the batch `done`, step `steps_done` + 1."""
    last = min(batches, done + stride)
    if steps_done + 1 in alone:
        return done + 1
    return min([last, *(done + number - 1 - steps_done for number in alone if number > steps_done)])
