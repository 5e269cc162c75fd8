"""``derive.training``: what the command does, as a function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from derive.training.command import Files, execute
from derive.training.run import Result
from derive.training.settings.options import Activation, Model, Target


def train(
    data: str | Path | None = None,
    model: Model | None = None,
    *,
    hidden: Sequence[int] | None = None,
    activation: Activation | None = None,
    target: Target | None = None,
    epochs: int | None = None,
    batch: int | None = None,
    rate: float | None = None,
    output_rate: float | None = None,
    decay: float | None = None,
    l2: float | None = None,
    seed: int | None = None,
    save: str | Path | None = None,
    resume: str | Path | None = None,
    plot: str | Path | None = None,
    code: str | Path | None = None,
    compare: int = 5,
    cache: bool = True,
) -> Result:
    """Train with generated code, and compare its numbers with the symbolic forms.

    The arguments are the options of ``derive train``; what is not given has the command's default.

    Args:
        data: ``digits``, ``mnist``, or the path of a CSV or NPZ file or of a folder with MNIST's IDX files.
        model: ``softmax`` (regression) or ``mlp``.
        hidden: the sizes of the hidden layers of the MLP.
        activation: ``tanh`` or ``sigmoid``.
        target: what the generated code is for: ``numpy``, ``c``, ``torch``, ``jax`` or ``lambdify``.
        epochs: passes over the training part.
        batch: examples for one step.
        rate: the learning rate; `output_rate` is that of the last layer, and after t epochs both are divided by 1 + decay · t.
        l2: the factor of the penalty on large weights.
        seed: decides the first weights and the order of the examples. The same seed gives the same numbers.
        save: where the model is saved.
        resume: a saved model to continue; only `epochs`, `save`, `plot`, `code` and `compare` can be given beside it.
        plot: where a picture of the loss and the gradients is written.
        code: a folder that keeps the generated files; those that are there are used.
        compare: at how many steps numbers are compared.
        cache: whether generated code is kept in the user's cache folder, and taken from there.

    Returns:
        The result: ``accuracy`` on the test part, ``agrees``, the table ``layers`` with the largest errors in ULP, ``history``,
        ``model``, ``alarms``; as text it is the command's summary.

    Raises:
        TrainError: what cannot be done, in one line.

    >>> result = train(epochs=1, compare=1)
    >>> result.accuracy > 0.85, result.agrees, [row.largest < 64 for row in result.layers]
    (True, True, [True])
    """
    given = {
        "data": None if data is None else str(data),
        "model": model,
        "hidden": None if hidden is None else ",".join(str(size) for size in hidden),
        "activation": activation,
        "target": target,
        "epochs": epochs,
        "batch": batch,
        "rate": rate,
        "output_rate": output_rate,
        "decay": decay,
        "penalty": l2,
        "seed": seed,
    }
    files = Files(*(None if path is None else Path(path) for path in (save, resume, plot, code)))
    return execute(given, files, compare, False, cache)
