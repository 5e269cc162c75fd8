"""A training run from end to end: data, code, steps, comparison, and a saved model whatever ends it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path

from derive.training.comparison import autograd as torch_autograd
from derive.training.comparison.autograd import Autograd
from derive.training.comparison.compare import Error, compared, culprit, joined, sampled
from derive.training.comparison.differences import Difference, differences
from derive.training.comparison.health import Alarm, Health
from derive.training.data.dataset import Dataset
from derive.training.data.loading import load
from derive.training.settings.errors import SaveError, TrainError
from derive.training.settings.settings import Settings
from derive.training.steps.engine import Engine, InPython, accuracy, in_c
from derive.training.steps.generate import generate
from derive.training.steps.interrupt import interruptible
from derive.training.steps.loop import Diverged, History, State, Step, batches_of, beginning, steps
from derive.training.steps.model import Model
from derive.training.steps.network import Code
from derive.training.steps.saving import Saved, save, writable
from derive.training.steps.saving import load as load_saved

INTERRUPTED_NAME = "derive-model{}.npz"
Progress = Callable[[int, int, float, float | None], None]
"""Called after each stretch of steps with its last step, the number of steps, the loss, the accuracy after the last epoch."""


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
        layer, largest("z", "h", "L"), largest("∂L/∂z", "∂L/∂h"), largest("∂L/∂w"), largest("∂L/∂b"), largest("new"),
        largest(""),
        max((d.relative for d in gaps), default=0.0), max((a.ulp for a in torch), default=None),
        all([*(e.agrees for e in errors), *(d.agrees for d in gaps), *(a.agrees for a in torch)]))


@dataclass(frozen=True)
class Result:
    """How a run ended: `ended` is empty, or says why it stopped early or what could not be saved (`unsaved`)."""

    settings: Settings
    data: Dataset
    state: State
    accuracy: float
    comparison: Comparison | None
    alarms: tuple[Alarm, ...]
    seconds: float
    first_step: int
    saved: Path | None = None
    ended: str = ""
    interrupted: bool = False
    unsaved: bool = False

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

    def __str__(self) -> str:
        from derive.training.shown.summary import write

        return write(self)


def train(settings: Settings, compare: int = 5, output: Path | None = None, code_folder: Path | None = None,
          progress: Progress = lambda *_: None, code: Code | None = None) -> Result:
    """Train from the beginning.

    Args:
        compare: at how many steps the numbers are compared with the symbolic forms.
        output: where the model is saved.
        code_folder: where the generated files are kept; those that are there are used as they are.
        code: the functions to train with, instead of generated ones.

    Raises:
        TrainError: what cannot be done, in one line.
    """
    settings = settings.checked()
    data = load(settings.data)
    if output is not None:
        writable(output)
    return _run(settings, data, beginning(settings, data), compare, output, code_folder, progress, code)


def resume(path: Path, epochs: int | None = None, compare: int = 5, output: Path | None = None,
           code_folder: Path | None = None, progress: Progress = lambda *_: None, code: Code | None = None) -> Result:
    """Continue a saved run, up to `epochs` epochs if given; every number is what it would have been without the pause.

    Raises:
        TrainError: if the file is no saved run, or the data are not those that it was trained on.
    """
    saved = load_saved(path)
    settings = saved.settings if epochs is None else replace(saved.settings, epochs=epochs).checked()
    data = load(settings.data)
    if data.fingerprint() != saved.fingerprint:
        raise TrainError(f"{path}: expected the data that it was trained on, found other data in {settings.data}")
    writable(output or path)
    return _run(settings, data, saved.state, compare, output or path, code_folder, progress, code)


def _run(settings: Settings, data: Dataset, state: State, compare: int, output: Path | None, code_folder: Path | None,
         progress: Progress, code: Code | None) -> Result:
    start = time.perf_counter()
    engine = _engine(settings, data, code_folder) if code is None else InPython(code)
    total, first = batches_of(settings, data) * settings.epochs, state.step + 1
    chosen = frozenset(_chosen(first, total, compare))
    watched = _Watched(settings, engine, chosen)
    ended = ""
    with interruptible() as asked:
        try:
            for step in steps(state, settings, data, engine, chosen):
                state = step.after
                watched.take(step)
                done = state.history.accuracies
                progress(step.number, total, step.slopes.loss, done[-1] if done else None)
                if asked.stop and step.number < total:
                    ended = f"interrupted after step {step.number} of {total}"
                    break
        except Diverged as problem:
            ended = str(problem)
        interrupted = ended.startswith("interrupted")
        diverged = bool(ended) and not interrupted
        saved: Path | None = None
        failure = ""
        if (output is not None or interrupted) and not diverged:
            saved, failure = _saved(output or _free_name(), Saved(settings, state, data.fingerprint()))
            ended = "; ".join(part for part in (ended, failure) if part)
    right = accuracy(engine, state.layers, data.test_inputs, data.test_labels)
    return Result(settings, data, state, right, watched.comparison(), watched.health.alarms, time.perf_counter() - start,
                  first, saved, ended, interrupted, bool(failure))


def _engine(settings: Settings, data: Dataset, code_folder: Path | None) -> Engine:
    """Generated code: whole epochs in C, or functions that are called from Python."""
    activation = settings.activation if settings.hidden else None
    if settings.target == "c" and code_folder is None:
        return in_c((data.features, *settings.hidden, data.classes), activation, min(settings.batch, len(data.inputs)))
    return InPython(generate(activation, settings.target, code_folder))


class _Watched:
    """The health of every step, and the comparison at some."""

    def __init__(self, settings: Settings, engine: Engine, chosen: Set[int]) -> None:
        self.health = Health()
        self._settings, self._engine, self._chosen = settings, engine, chosen
        self._steps: list[int] = []
        self._rows = 0
        self._errors: list[tuple[Error, ...]] = []
        self._differences: dict[tuple[int, str], Difference] = {}
        self._autograd: dict[tuple[int, str], Autograd] = {}
        self._torch = torch_autograd.available()

    def take(self, step: Step) -> None:
        settings = self._settings
        self.health.watch(step, settings.schedule)
        if step.number not in self._chosen:
            return
        used = step.passed, step.slopes, step.after.layers
        one = sampled(step.number, step.epoch, step.before, step.x, step.labels, self._engine, settings.schedule, used)
        self._steps.append(step.number)
        self._rows = max(self._rows, len(one.x))
        self._errors.append(compared(one, settings.activation, settings.schedule, settings.seed))
        for difference in differences(one, self._engine, settings.seed):
            key = difference.layer, difference.name
            self._differences[key] = self._differences.get(key, difference).joined(difference)
        for found in torch_autograd.autograd(one, settings.activation) if self._torch else ():
            key = found.layer, found.name
            self._autograd[key] = self._autograd.get(key, found).joined(found)

    def comparison(self) -> Comparison | None:
        if not self._steps:
            return None
        return Comparison(tuple(self._steps), self._rows, joined(self._errors), tuple(self._differences.values()),
                          tuple(self._autograd.values()))


def _chosen(first: int, last: int, count: int) -> list[int]:
    """`count` steps from the first to the last, spread evenly."""
    if count < 1 or last < first:
        return []
    if count == 1:
        return [first]
    return sorted({first + round(part * (last - first) / (count - 1)) for part in range(count)})


def _saved(path: Path, saved: Saved) -> tuple[Path | None, str]:
    """Where the run was saved, and what went wrong: if not to `path`, then to the folder for temporary files, if possible."""
    try:
        save(path, saved)
    except SaveError as problem:
        try:
            other = _free_name(Path(tempfile.gettempdir()))
            save(other, saved)
        except (OSError, SaveError):
            return None, str(problem)
        return other, f"{problem}; the new model was saved to {other}"
    return path, ""


def _free_name(folder: Path = Path()) -> Path:
    """A name in `folder` that is not taken, for a model that has none of its own."""
    names = (folder / INTERRUPTED_NAME.format(f"-{number}" if number else "") for number in range(1000))
    found = next((path for path in names if not path.exists()), None)
    if found is None:
        raise SaveError("expected a free name for the interrupted model, found none; give --save FILE")
    return found
