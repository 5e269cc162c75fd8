"""``derive code``: numeric code for what a document defines and derives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from derive.code.targets import TARGETS
from derive.commands.shared import USAGE, Failure, Memory, Output, Timeout, limits_of, openable
from derive.output import emit

if TYPE_CHECKING:
    Target: TypeAlias = str
else:  # Typer offers the choices that the table has
    Target = Literal[tuple(TARGETS)]


def code(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A document, or the name of a proof of the library.")],
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Only these functions; without any, all but matrices.")
    ] = None,
    target: Annotated[Target, typer.Option("--target", help="What is written.")] = "numpy",
    size: Annotated[
        list[str] | None,
        typer.Option("--size", metavar="[NAME=]N", help="For C: the length of the axis NAME, or of every axis. [10]"),
    ] = None,
    output: Output = None,
    timeout: Timeout = None,
    memory: Memory = None,
) -> None:
    """Write numeric code for what a document defines and derives.

    Exit status: 0 it is written, 1 something asked for was left out, 2 nothing could be opened or written.
    """
    documents = openable([path])
    if len(documents) > 1:
        raise Failure(USAGE, f"{path}: expected one document, found a folder with {len(documents)}")

    from derive.documents import DocumentError, load
    from derive.jobs.compile import NothingToCompile, compile_document
    from derive.report.text.escape import one_line

    try:
        generated = compile_document(
            load(documents[0]), names or [], target, limits_of(timeout, memory), sizes=_sizes(size or [])
        )
    except (DocumentError, NothingToCompile) as error:
        raise Failure(USAGE, str(error)) from error
    for note in generated.notes:
        typer.echo(f"derive: left out: {one_line(note)}", err=True)
    for function in generated.functions:
        for claim in function.unproved:
            typer.echo(f"derive: {function.name} may lose digits: not proved: {one_line(claim)}", err=True)
    emit(generated.source, output)
    raise typer.Exit(1 if generated.notes else 0)


def _sizes(given: list[str]) -> dict[str, int]:
    """The lengths that the options give, by the name of the axis; an empty name stands for every axis."""
    found = {}
    for option in given:
        name, _, number = option.rpartition("=")
        if not number.isdecimal() or not 0 < int(number) < 2**31:
            raise Failure(USAGE, f"--size {option}: expected a length such as 10 or n=10, from 1 to {2**31 - 1}")
        found[name.strip()] = int(number)
    return found
