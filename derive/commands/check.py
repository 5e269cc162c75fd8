"""``derive check``: every step of the documents is judged."""

from __future__ import annotations

import shutil
import sys
from typing import Annotated, Any, Literal

import typer

from derive.commands.shared import USAGE, Failure, Given, Memory, Output, Timeout, documents_at, failed, limits_of
from derive.output import colors, emit, progress_bar

Format = Literal["terminal", "json", "jsonl", "sarif", "html", "markdown"]


def check(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input (Markdown).")
    ] = None,
    expressions: Annotated[
        list[str] | None, typer.Option("-e", "--expression", metavar="CLAIM", help="Judge this claim; may be repeated.")
    ] = None,
    given: Given = None,
    form: Annotated[Format, typer.Option("--format", help="How the report is written.")] = "terminal",
    output: Output = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 also for what is conditional, tested or unread.")
    ] = False,
    certify: Annotated[
        Literal["coq"] | None, typer.Option("--certify", help="Confirm proved claims with a proof checker.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="On a terminal, also what is proved, defined, assumed or inferred.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="On a terminal, only how many are refuted, if any are.")
    ] = False,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, metavar="N", help="Documents judged side by side.")] = 1,
    timeout: Timeout = None,
    memory: Memory = None,
) -> None:
    """Judge every step of the documents.

    A document or folder that cannot be opened is reported beside the others.

    Exit status: 0 no claim refuted, 1 at least one, 2 a document cannot be opened, 3 a bug of this program.
    """
    documents = documents_at(paths or [])
    if not documents and not expressions:
        raise Failure(USAGE, "nothing to check: expected a PATH or -e CLAIM")
    if verbose and quiet:
        raise Failure(USAGE, "expected -v or -q, and not both")

    from derive.certify.coq.coqc import NoCoq
    from derive.jobs.check import check_paths

    more: dict[str, Any] = {}
    if certify is not None:
        more["certify"] = certify
    if limits := limits_of(timeout, memory):
        more["limits"] = limits
    with progress_bar(len(documents) > 1 or certify is not None, len(documents) or None) as progress:
        try:
            report = check_paths(documents, expressions or [], given or [], jobs, progress, **more)
        except NoCoq as error:
            raise Failure(USAGE, str(error)) from error
    for document in report.unopened:
        failed(USAGE, f"{document.path}: {document.error}")
    if form == "terminal":
        from derive.report.check.terminal import Detail
        from derive.report.check.terminal import write as write_terminal

        color = output is None and colors(sys.stdout)
        width = shutil.get_terminal_size((100, 24)).columns
        detail: Detail = "quiet" if quiet else "everything" if verbose else "findings"
        text = write_terminal(report, color, width, detail)
    else:
        from derive.report import write

        text = write(report, form)
    emit(text, output)
    raise typer.Exit(report.exit_status(strict))
