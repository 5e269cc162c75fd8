"""``derive train``: generated code trains, and its numbers are compared with the symbolic forms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from derive.commands.shared import INTERRUPTED, USAGE, Failure
from derive.output import colors, emit
from derive.training.settings.options import MODEL_HELP, Activation, Model, Target


def train(
    data: Annotated[
        str | None, typer.Option("--data", metavar="digits|mnist|PATH", help="CSV, NPZ or a folder with IDX files. [digits]")
    ] = None,
    model: Annotated[Model | None, typer.Option("--model", help=MODEL_HELP)] = None,
    hidden: Annotated[
        str | None, typer.Option("--hidden", metavar="N,N,...", help="Sizes of the hidden layers of the MLP.")
    ] = None,
    activation: Annotated[Activation | None, typer.Option("--activation", help="[tanh]")] = None,
    target: Annotated[Target | None, typer.Option("--target", help="What the generated code is for. [numpy]")] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help="Passes over the training part. [30]")] = None,
    batch: Annotated[int | None, typer.Option("--batch", metavar="N", help="Examples for one step.")] = None,
    rate: Annotated[float | None, typer.Option("--rate", metavar="ETA", help="The learning rate.")] = None,
    output_rate: Annotated[
        float | None, typer.Option("--output-rate", metavar="ETA", help="Another one for the output layer.")
    ] = None,
    decay: Annotated[
        float | None, typer.Option("--decay", metavar="KAPPA", help="After t epochs the rate is ETA/(1 + KAPPA t).")
    ] = None,
    l2: Annotated[float | None, typer.Option("--l2", metavar="LAMBDA", help="A penalty on large weights. [0]")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Decides weights and order. [0]")] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Save the model, with all to continue.")] = None,
    resume: Annotated[Path | None, typer.Option("--resume", metavar="FILE", help="Continue a saved model.")] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="A picture of the loss and the gradients (.png, .svg, .pdf).")
    ] = None,
    code_folder: Annotated[
        Path | None, typer.Option("--code", metavar="FOLDER", help="Keep the generated files here; use those that are here.")
    ] = None,
    compare: Annotated[
        int, typer.Option("--compare", metavar="N", help="Steps at which numbers are compared with the symbolic forms.")
    ] = 5,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Generate and build anew; keep nothing for the next run.")
    ] = False,
) -> None:
    """Train on handwritten digits with generated code, and compare its numbers with the symbolic forms.

    Exit status: 0 every layer agrees, 1 one differs or the loss diverges, 2 it cannot be done, 130 interrupted and saved.
    """
    from derive.training.command import Files, execute
    from derive.training.settings.errors import TrainError
    from derive.training.shown.outcome import Ending
    from derive.training.shown.summary import write as write_summary

    given = {
        "data": data,
        "model": model,
        "hidden": hidden,
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
    try:
        result = execute(given, Files(save, resume, plot, code_folder), compare, sys.stderr.isatty(), not no_cache)
    except TrainError as error:
        raise Failure(USAGE, str(error)) from error
    emit(write_summary(result, color=colors(sys.stdout)), None)
    if result.ended.kind is Ending.INTERRUPTED:
        further = f"; continue with --resume {result.saved}" if result.saved is not None else ""
        raise Failure(INTERRUPTED, f"{result.ended.message}{further}")
    if result.ended:
        raise Failure(USAGE if result.ended.unsaved else 1, result.ended.message)
    raise typer.Exit(0 if result.agrees else 1)
