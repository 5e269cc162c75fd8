"""``derive train``: generated code trains, and its numbers are compared with the symbolic forms."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click

from derive.commands.shared import FILE, INTERRUPTED, USAGE, Failure
from derive.output import colors, emit
from derive.training.settings.options import MODEL_HELP, Activation, Model, Target


@click.command(short_help="Train, and compare with the symbols.")
@click.option("--data", metavar="digits|mnist|PATH", help="CSV, NPZ or a folder with IDX files. [digits]")
@click.option("--model", type=click.Choice(get_args(Model)), help=MODEL_HELP)
@click.option("--hidden", metavar="N,N,...", help="Sizes of the hidden layers of the MLP.")
@click.option("--activation", type=click.Choice(get_args(Activation)), help="[tanh]")
@click.option("--target", type=click.Choice(get_args(Target)), help="What the generated code is for. [numpy]")
@click.option("--epochs", type=int, metavar="N", help="Passes over the training part. [30]")
@click.option("--batch", type=int, metavar="N", help="Examples for one step.")
@click.option("--rate", type=float, metavar="ETA", help="The learning rate.")
@click.option("--output-rate", type=float, metavar="ETA", help="Another one for the output layer.")
@click.option("--decay", type=float, metavar="KAPPA", help="After t epochs the rate is ETA/(1 + KAPPA t).")
@click.option("--l2", type=float, metavar="LAMBDA", help="A penalty on large weights. [0]")
@click.option("--seed", type=int, metavar="N", help="Decides weights and order. [0]")
@click.option("--save", type=FILE, metavar="FILE", help="Save the model, with all to continue.")
@click.option("--resume", type=FILE, metavar="FILE", help="Continue a saved model.")
@click.option("--plot", type=FILE, metavar="FILE", help="A picture of the loss and the gradients (.png, .svg, .pdf).")
@click.option(
    "--code", "code_folder", type=FILE, metavar="FOLDER", help="Keep the generated files here; use those that are here."
)
@click.option(
    "--compare", type=int, default=5, metavar="N", help="Steps at which numbers are compared with the symbolic forms. [5]"
)
@click.option("--no-cache", is_flag=True, help="Generate and build anew; keep nothing for the next run.")
def train(
    data: str | None,
    model: Model | None,
    hidden: str | None,
    activation: Activation | None,
    target: Target | None,
    epochs: int | None,
    batch: int | None,
    rate: float | None,
    output_rate: float | None,
    decay: float | None,
    l2: float | None,
    seed: int | None,
    save: Path | None,
    resume: Path | None,
    plot: Path | None,
    code_folder: Path | None,
    compare: int,
    no_cache: bool,
) -> int:
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
    return 0 if result.agrees else 1
