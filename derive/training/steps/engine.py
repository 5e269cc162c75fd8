"""What computes the steps of a run: functions called from Python one by one, or whole stretches of an epoch in C.

Both compute with functions that were generated from the same documents, and both show what they computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from derive.training.settings.errors import TrainError
from derive.training.settings.settings import Schedule
from derive.training.steps.network import Code, Forward, Gradients, Layer, forward, gradients, stepped

if TYPE_CHECKING:
    from derive.code.c.epoch.call import Compiled
    from derive.training.data.dataset import Dataset
    from derive.training.steps.network import Array, Labels

Layers = tuple[Layer, ...]
WORK = 2e9


@dataclass(frozen=True)
class Batches:
    """The batches of an epoch: rows of the training part in `order`, `size` in each; `epoch` epochs were done before."""

    data: Dataset
    order: Labels
    size: int
    epoch: int

    def rows(self, number: int) -> Labels:
        """The places of the examples of a batch, counted from 0."""
        return self.order[number * self.size : (number + 1) * self.size]


@dataclass(frozen=True)
class Ran:
    """Steps that were done: the mean loss of each, the root mean square of each ∂L/∂w, the layers behind them.

    `passed` and `slopes` are those of the last step. If a loss is not finite its step is not done: `failed` is that loss.
    """

    losses: tuple[float, ...]
    norms: tuple[tuple[float, ...], ...]
    layers: Layers
    passed: Forward | None
    slopes: Gradients | None
    failed: float | None = None


class Engine(Protocol):
    """Computes steps, one after the other."""

    def stride(self, batches: Batches) -> int:
        """How many steps it does at once, at most; between two strides the run can be interrupted."""

    def run(self, layers: Layers, batches: Batches, first: int, last: int, schedule: Schedule) -> Ran:
        """The steps with the batches from `first` to before `last`."""

    def step(
        self, layers: Layers, x: Array, labels: Labels, schedule: Schedule, epoch: int
    ) -> tuple[Forward, Gradients, Layers]:
        """One step with a batch of its own, no larger than those of the run."""

    def outputs(self, layers: Layers, x: Array) -> Array:
        """The outputs of the last layer, for any number of examples."""


@dataclass(frozen=True)
class InPython:
    """Calls the functions of `code`."""

    code: Code

    def stride(self, batches: Batches) -> int:
        return 1

    def run(self, layers: Layers, batches: Batches, first: int, last: int, schedule: Schedule) -> Ran:
        import numpy as np

        losses: list[float] = []
        norms: list[tuple[float, ...]] = []
        passed: Forward | None = None
        slopes: Gradients | None = None
        for number in range(first, last):
            rows = batches.rows(number)
            with np.errstate(all="ignore"):
                new_passed = forward(layers, batches.data.inputs[rows], self.code)
                new_slopes = gradients(layers, new_passed, batches.data.labels[rows], self.code)
                if not np.isfinite(new_slopes.loss):
                    return Ran(tuple(losses), tuple(norms), layers, passed, slopes, new_slopes.loss)
                passed, slopes = new_passed, new_slopes
                layers = stepped(layers, slopes, schedule, batches.epoch, self.code)
                losses.append(slopes.loss)
                norms.append(tuple(rms(w) for w in slopes.w))
        return Ran(tuple(losses), tuple(norms), layers, passed, slopes)

    def step(
        self, layers: Layers, x: Array, labels: Labels, schedule: Schedule, epoch: int
    ) -> tuple[Forward, Gradients, Layers]:
        passed = forward(layers, x, self.code)
        slopes = gradients(layers, passed, labels, self.code)
        return passed, slopes, stepped(layers, slopes, schedule, epoch, self.code)

    def outputs(self, layers: Layers, x: Array) -> Array:
        return forward(layers, x, self.code).z[-1]


class InC:
    """Stretches of an epoch in C; the arrays that it computes with are read where they are needed."""

    def __init__(self, compiled: Compiled, sizes: Sequence[int]) -> None:
        self._compiled, self._sizes = compiled, tuple(sizes)

    def stride(self, batches: Batches) -> int:
        products = sum(a * b for a, b in zip(self._sizes, self._sizes[1:], strict=False))
        return max(1, int(WORK / (6 * products * batches.size)))

    def run(self, layers: Layers, batches: Batches, first: int, last: int, schedule: Schedule) -> Ran:
        self._load(layers)
        data = batches.data
        done = self._compiled.steps(first, last, batches.order, data.inputs, data.labels, _numbers(schedule, batches.epoch))
        losses = [float(loss) for loss in done.losses]
        norms = tuple(tuple(float(norm) for norm in row) for row in done.norms)
        if done.steps == last - first:
            passed, slopes = self._seen(len(batches.rows(last - 1)), losses[-1])
            return Ran(tuple(losses), norms, self._layers(), passed, slopes)
        if done.steps:  # what the last good step computed has been written over
            return replace(self.run(layers, batches, first, first + done.steps, schedule), failed=losses[-1])
        return Ran((), (), layers, None, None, losses[-1])

    def step(
        self, layers: Layers, x: Array, labels: Labels, schedule: Schedule, epoch: int
    ) -> tuple[Forward, Gradients, Layers]:
        import numpy as np

        self._load(layers)
        done = self._compiled.steps(0, 1, np.arange(len(x)), x, labels, _numbers(schedule, epoch))
        passed, slopes = self._seen(len(x), float(done.losses[0]))
        return passed, slopes, self._layers()

    def outputs(self, layers: Layers, x: Array) -> Array:
        self._load(layers)
        return self._compiled.outputs(x, _numbers(Schedule(0.0, 0.0), 0))

    def _load(self, layers: Layers) -> None:
        for number, layer in enumerate(layers, 1):
            self._compiled[f"w_{number}"], self._compiled[f"b_{number}"] = layer.w, layer.b

    def _layers(self) -> Layers:
        return tuple(Layer(self._compiled[f"w_{n}"], self._compiled[f"b_{n}"]) for n in range(1, len(self._sizes)))

    def _seen(self, rows: int, loss: float) -> tuple[Forward, Gradients]:
        """What was computed in the last step, with `rows` examples."""
        depth = len(self._sizes) - 1

        def each(name: str, first: int, last: int) -> tuple[Array, ...]:
            return tuple(self._compiled[f"{name}_{number}"] for number in range(first, last + 1))

        def examples(name: str, first: int, last: int) -> tuple[Array, ...]:
            return tuple(array[:rows] for array in each(name, first, last))

        passed = Forward(examples("x", 0, depth - 1), examples("z", 1, depth))
        return passed, Gradients(
            loss,
            self._compiled["loss_of"][:rows],
            examples("slope_z", 1, depth),
            examples("slope_x", 1, depth - 1),
            each("slope_w", 1, depth),
            each("slope_b", 1, depth),
        )


def _numbers(schedule: Schedule, epoch: int) -> dict[str, float]:
    return {
        "rate": schedule.rate,
        "output_rate": schedule.output_rate,
        "kappa": schedule.decay,
        "lambda": schedule.penalty,
        "t": float(epoch),
    }


def in_c(sizes: Sequence[int], activation: str | None, batch: int) -> InC:
    """The engine in C for the layers between these sizes.

    Raises:
        TrainError: if there is no compiler, or no C code for a document.
    """
    from derive.code.c.build import CompilationFailed, CompilerMissing, require, vector_bytes
    from derive.code.c.epoch.call import Compiled
    from derive.training.steps.generate import planned_epoch

    try:
        require()
        plan = planned_epoch(tuple(sizes), activation, vector_bytes())
        return InC(Compiled(plan, batch), sizes)
    except (CompilerMissing, CompilationFailed) as error:
        raise TrainError(f"--target c: {str(error).splitlines()[0].removesuffix('; NumPy is used instead')}") from error


def accuracy(engine: Engine, layers: Layers, x: Array, labels: Labels) -> float:
    """The share of the examples whose class, the place of the largest output, is the right one."""
    import numpy as np

    return float(np.mean(np.argmax(engine.outputs(layers, x), axis=1) == labels))


def mean_loss(engine: Engine, layers: Layers, x: Array, labels: Labels) -> float:
    """The mean loss of some examples, no more than a batch of the run has."""
    return engine.step(layers, x, labels, Schedule(0.0, 0.0), 0)[1].loss


def rms(array: Array) -> float:
    """The root mean square of all entries."""
    import numpy as np

    return float(np.sqrt(np.mean(np.square(array))))
