"""The loss curve and the heat map of the gradients as a picture, with matplotlib."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from derive.distribution import install
from derive.training.settings.errors import TrainError
from derive.training.shown.outcome import Outcome
from derive.training.steps.loop import batches_of
from derive.training.steps.saving import replace_file, writable

FORMATS = (".png", ".svg", ".pdf")


def plottable(path: Path) -> None:
    """Checks before a run that a picture can be made. Raises :class:`TrainError` if not."""
    if find_spec("matplotlib") is None:
        raise TrainError(f"--plot: expected the package matplotlib, found none ({install('plot')})")
    if path.suffix.lower() not in FORMATS:
        raise TrainError(f"--plot {path}: expected a name that ends with {', '.join(FORMATS)}")
    writable(path)


def plot(result: Outcome, path: Path) -> None:
    """Draw the loss of each batch, the accuracy after each epoch, and the size of each layer's gradient at each step.

    Raises:
        TrainError: if the file cannot be written.
    """
    import numpy as np
    from matplotlib.figure import Figure

    losses, state = result.state.losses, result.state
    figure = Figure(figsize=(8, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    numbers = np.arange(1, len(losses) + 1)
    above.plot(numbers, losses, linewidth=0.5, color="tab:blue")
    above.set_ylabel("loss of the batch", color="tab:blue")
    above.set_yscale("log")
    if state.accuracies:
        right = above.twinx()
        batches = batches_of(result.settings, result.data)
        right.plot(batches * np.arange(1, len(state.accuracies) + 1), state.accuracies, color="tab:orange", marker=".")
        right.set_ylabel("test accuracy", color="tab:orange")
    norms = np.array(state.norms).reshape(len(losses), len(state.layers)).T
    with np.errstate(all="ignore"):
        levels = np.log10(np.maximum(norms, 1e-300))
    if len(losses):
        image = below.imshow(
            levels,
            aspect="auto",
            origin="lower",
            interpolation="nearest",
            extent=(0.5, len(losses) + 0.5, 0.5, len(norms) + 0.5),
        )
        figure.colorbar(image, ax=below, label="log10 of the root mean square of ∂L/∂w")
    below.set_yticks(range(1, len(norms) + 1))
    below.set_ylabel("layer")
    below.set_xlabel("step")
    data = BytesIO()
    figure.savefig(data, format=path.suffix[1:].lower())
    try:
        replace_file(path, data.getvalue())
    except OSError as error:
        raise TrainError(f"{path}: cannot be written: {error.strerror or error}") from error
