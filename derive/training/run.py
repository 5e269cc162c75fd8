"""A training run from end to end: data, code, steps, comparison, and a saved model whatever ends it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Set
from dataclasses import replace
from pathlib import Path

from derive.training.comparison import autograd as torch_autograd
from derive.training.comparison.autograd import Autograd
from derive.training.comparison.compare import Error, compared, joined, sampled
from derive.training.comparison.differences import Difference, differences
from derive.training.comparison.health import Health
from derive.training.data.dataset import Dataset
from derive.training.data.loading import load
from derive.training.settings.errors import SaveError, TrainError
from derive.training.settings.settings import Settings
from derive.training.shown.outcome import Comparison, Ended, Ending, Outcome
from derive.training.shown.summary import write
from derive.training.steps.engine import Engine, InPython, accuracy, in_c
from derive.training.steps.generate import generate
from derive.training.steps.interrupt import interruptible
from derive.training.steps.loop import Diverged, State, Step, batches_of, beginning, steps
from derive.training.steps.network import Code
from derive.training.steps.saving import Saved, save, writable
from derive.training.steps.saving import load as load_saved

INTERRUPTED_NAME = "derive-model{}.npz"
Progress = Callable[[int, int, float, float | None], None]
"""Called after each stretch of steps with its last step, the number of steps, the loss, the accuracy after the last epoch."""


class Result(Outcome):
    """How a run ended; in print it is the summary of the command."""

    def __str__(self) -> str:
        return write(self)


def train(
    settings: Settings,
    compare: int = 5,
    output: Path | None = None,
    code_folder: Path | None = None,
    progress: Progress = lambda *_: None,
    code: Code | None = None,
) -> Result:
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


def resume(
    path: Path,
    epochs: int | None = None,
    compare: int = 5,
    output: Path | None = None,
    code_folder: Path | None = None,
    progress: Progress = lambda *_: None,
    code: Code | None = None,
) -> Result:
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


def _run(
    settings: Settings,
    data: Dataset,
    state: State,
    compare: int,
    output: Path | None,
    code_folder: Path | None,
    progress: Progress,
    code: Code | None,
) -> Result:
    start = time.perf_counter()
    engine = _engine(settings, data, code_folder) if code is None else InPython(code)
    total, first = batches_of(settings, data) * settings.epochs, state.step + 1
    chosen = frozenset(_chosen(first, total, compare))
    watched = _Watched(settings, engine, chosen)
    kind, said = Ending.DONE, ""
    with interruptible() as asked:
        try:
            for step in steps(state, settings, data, engine, chosen):
                state = step.after
                watched.take(step)
                done = state.history.accuracies
                progress(step.number, total, step.slopes.loss, done[-1] if done else None)
                if asked.stop and step.number < total:
                    kind, said = Ending.INTERRUPTED, f"interrupted after step {step.number} of {total}"
                    break
        except Diverged as problem:
            kind, said = Ending.DIVERGED, str(problem)
        saved: Path | None = None
        failure = ""
        if kind is Ending.INTERRUPTED or (output is not None and kind is Ending.DONE):
            saved, failure = _saved(output or _free_name(), Saved(settings, state, data.fingerprint()))
    ended = Ended(kind, "; ".join(part for part in (said, failure) if part), bool(failure))
    right = accuracy(engine, state.layers, data.test_inputs, data.test_labels)
    return Result(
        settings,
        data,
        state,
        right,
        watched.comparison(),
        watched.health.alarms,
        time.perf_counter() - start,
        first,
        saved,
        ended,
    )


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
        return Comparison(
            tuple(self._steps),
            self._rows,
            joined(self._errors),
            tuple(self._differences.values()),
            tuple(self._autograd.values()),
        )


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
