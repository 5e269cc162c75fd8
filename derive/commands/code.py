"""``derive code``: numeric code for what a document defines and derives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from derive.code.targets import TARGETS
from derive.commands import shared
from derive.commands.shared import USAGE, Failure, limits_of, openable
from derive.output import emit


@click.command(short_help="Write numeric code.")
@click.argument("path", metavar="PATH")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--target", type=click.Choice(list(TARGETS)), default="numpy", help="What is written. [numpy]")
@click.option("--size", multiple=True, metavar="[NAME=]N", help="For C: the length of the axis NAME, or of every axis. [10]")
@shared.output
@shared.timeout
@shared.memory
def code(
    path: str,
    names: tuple[str, ...],
    target: str,
    size: tuple[str, ...],
    output: Path | None,
    timeout: float | None,
    memory: int | None,
) -> int:
    """Write numeric code for what a document defines and derives.

    PATH is a document, or the name of a proof of the library; with NAMEs only those functions are written, without any all
    but matrices.

    Exit status: 0 it is written, 1 something asked for was left out, 2 nothing could be opened or written.
    """
    documents = openable([path])
    if len(documents) > 1:
        raise Failure(USAGE, f"{path}: expected one document, found a folder with {len(documents)}")

    from derive.documents import DocumentError, load
    from derive.jobs.compile import NothingToCompile, compile_document
    from derive.report.text.escape import one_line

    try:
        generated = compile_document(load(documents[0]), list(names), target, limits_of(timeout, memory), sizes=_sizes(size))
    except (DocumentError, NothingToCompile) as error:
        raise Failure(USAGE, str(error)) from error
    for note in generated.notes:
        click.echo(f"derive: left out: {one_line(note)}", err=True)
    for function in generated.functions:
        for claim in function.unproved:
            click.echo(f"derive: {function.name} may lose digits: not proved: {one_line(claim)}", err=True)
    emit(generated.source, output)
    return 1 if generated.notes else 0


def _sizes(given: Sequence[str]) -> dict[str, int]:
    """The lengths that the options give, by the name of the axis; an empty name stands for every axis."""
    found = {}
    for option in given:
        name, _, number = option.rpartition("=")
        if not number.isdecimal() or not 0 < int(number) < 2**31:
            raise Failure(USAGE, f"--size {option}: expected a length such as 10 or n=10, from 1 to {2**31 - 1}")
        found[name.strip()] = int(number)
    return found
