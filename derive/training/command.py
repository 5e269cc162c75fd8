"""``derive train``: options in, a run, a summary out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derive.code.cache import without
from derive.training.run import Progress, Result, resume, train
from derive.training.settings.errors import TrainError
from derive.training.settings.settings import Settings, defaults

CHANGEABLE = ("epochs",)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Files:
    """What is read and written beside the data: the model, a saved run to continue, a picture, the generated code."""

    save: Path | None = None
    resume: Path | None = None
    plot: Path | None = None
    code: Path | None = None


def execute(given: Mapping[str, Any], files: Files, compare: int, terminal: bool, cache: bool = True) -> Result:
    """The run that the options ask for.

    Args:
        given: settings by name; what is None was not said.
        compare: at how many steps the numbers are compared with the symbolic forms.
        terminal: whether there is someone to see a progress bar on standard error.
        cache: whether generated code is kept in the user's cache folder, and taken from there.

    Raises:
        TrainError: in one line, what cannot be done.
    """
    single_threaded()
    said = {name: value for name, value in given.items() if value is not None}
    if compare < 0:
        raise TrainError(f"--compare: expected a number of steps from 0 up, found {compare}")
    if files.plot is not None:
        from derive.training.shown.plot import plottable

        plottable(files.plot)
    with bar(terminal) as progress, nullcontext() if cache else without():
        if files.resume is not None:
            fixed = sorted(name for name in said if name not in CHANGEABLE)
            if fixed:
                raise TrainError(f"--{_option(fixed[0])}: expected no such option beside --resume; the saved model decides it")
            result = resume(files.resume, said.get("epochs"), compare, files.save, files.code, progress)
        else:
            result = train(settings(said), compare, files.save, files.code, progress)
    if files.plot is not None:
        from derive.training.shown.plot import plot

        plot(result, files.plot)
    return result


def single_threaded() -> None:
    """One thread for the linear algebra, where it is not loaded yet and the user has not said otherwise.

    The matrices are small, so that threads cost more than they save; and sums then do not depend on the number of cores.
    """
    if "numpy" not in sys.modules:
        for name in THREADS:
            os.environ.setdefault(name, "1")


def settings(said: Mapping[str, Any]) -> Settings:
    """The settings with what was said, and with the defaults of the model for the rest.

    >>> settings({"model": "mlp", "epochs": 3}).hidden
    (32,)
    """
    hidden = said.get("hidden")
    sizes = {} if hidden is None else {"hidden": _sizes(str(hidden))}
    usual = defaults(str(said.get("model", Settings.model)), str(said.get("activation", Settings.activation)))
    return Settings(**{**usual, **said, **sizes}).checked()


def _sizes(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise TrainError(f"--hidden: expected sizes separated by commas, such as 64,32, found {text!r}") from error


def _option(name: str) -> str:
    return {"penalty": "l2"}.get(name, name.replace("_", "-"))


@contextmanager
def bar(visible: bool) -> Iterator[Progress]:
    """A progress bar on standard error with the loss and the accuracy."""
    if not visible:
        yield lambda step, total, loss, right: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        smooth: list[float] = []

        def update(step: int, total: int, loss: float, right: float | None) -> None:
            smooth.append(loss if not smooth else 0.95 * smooth[-1] + 0.05 * loss)
            del smooth[:-1]
            said = "" if right is None else f", test accuracy {right:.2%}"
            shown.update(task, completed=step, total=total, description=f"loss {smooth[-1]:.4f}{said}")

        yield update
