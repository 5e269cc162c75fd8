"""``derive prove``: the holes of a document are filled with derivations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import click

from derive.commands import shared
from derive.commands.shared import USAGE, Failure, limits_of, openable
from derive.output import colors, emit, progress_bar
from derive.report.formats import PROOF


@click.command(short_help="Fill every hole with a derivation.")
@click.argument("path", required=False, metavar="[PATH]")
@click.option("-e", "--expression", metavar="GOAL", help="Derive this.")
@shared.given
@click.option(
    "--format", "form", type=click.Choice(list(PROOF)), default="terminal", help="How the derivation is written. [terminal]"
)
@shared.output
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the words in it. [en]")
@shared.timeout
@shared.memory
def prove(
    path: str | None,
    expression: str | None,
    given: tuple[str, ...],
    form: str,
    output: Path | None,
    lang: Literal["en", "zh"],
    timeout: float | None,
    memory: int | None,
) -> int:
    """Fill every hole `= ?` of a document with a derivation whose steps are named.

    PATH is a document with holes, or the name of a proof of the library.

    Exit status: 0 every hole filled and checked again, 1 a hole is left, 2 the document cannot be opened.
    """
    if (path is None) == (expression is None):
        raise Failure(USAGE, "expected a PATH or -e GOAL, and not both")
    documents = openable([path]) if path is not None else []
    if len(documents) > 1:
        raise Failure(USAGE, f"{path}: expected one document, found a folder with {len(documents)}")

    from derive.documents import DocumentError
    from derive.jobs.prove import prove_document
    from derive.report.proof.formats import write

    try:
        more = {"limits": limits} if (limits := limits_of(timeout, memory)) else {}
        proof = prove_document(documents[0] if documents else None, expression, given, **more)
    except DocumentError as error:
        raise Failure(USAGE, str(error)) from error
    if form == "coq":
        return _certified_proof(proof, output)
    emit(write(proof, form, lang=lang, color=form == "terminal" and output is None and colors(sys.stdout)), output)
    return proof.exit_status()


def _certified_proof(proof: Any, output: Path | None) -> int:
    """Writes a proof as Coq has accepted it, and says what is not in it; the exit status."""
    from derive.certify.coq.coqc import NoCoq
    from derive.report.proof.coq import certified
    from derive.report.text.escape import one_line

    try:
        with progress_bar(True) as progress:
            text, missing = certified(proof, progress)
    except NoCoq as error:
        raise Failure(USAGE, str(error)) from error
    emit(text, output)
    for line in missing:
        click.echo(f"derive: not certified: {one_line(line)}", err=True)
    return 1 if missing else int(proof.exit_status())
