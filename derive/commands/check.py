"""``derive check``: every step of the documents is judged."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from derive.commands.shared import USAGE, Failure, Given, Memory, Output, Timeout, documents_at, failed, limits_of
from derive.output import colors, emit, progress_bar
from derive.report.formats import CHECK

if TYPE_CHECKING:
    from derive.documents import Walk
    from derive.project.settings import Settings
    from derive.report import Report

    Format: TypeAlias = str
else:  # Typer offers the choices that the table has
    Format = Literal[tuple(CHECK)]


def check(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input (Markdown).")
    ] = None,
    expressions: Annotated[
        list[str] | None, typer.Option("-e", "--expression", metavar="CLAIM", help="Judge this claim; may be repeated.")
    ] = None,
    given: Given = None,
    form: Annotated[Format | None, typer.Option("--format", help="How the report is written. [terminal]")] = None,
    output: Output = None,
    strict: Annotated[
        bool | None,
        typer.Option(
            "--strict/--no-strict",
            help="Exit with 1 also for what is doubtful, conditional, tested or unread, and for structure findings.",
        ),
    ] = None,
    certify: Annotated[
        Literal["coq"] | None, typer.Option("--certify", help="Confirm proved claims with a proof checker.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="On a terminal, what was understood of each claim, with its lines.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="On a terminal, also what is proved, defined, assumed or inferred.")
    ] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="On a terminal, only how many are refuted, if any are.")] = False,
    jobs: Annotated[
        int | None, typer.Option("-j", "--jobs", min=1, metavar="N", help="Documents judged side by side. [1]")
    ] = None,
    timeout: Timeout = None,
    memory: Memory = None,
    known: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Findings listed there are known and do not fail.")
    ] = None,
    write_known: Annotated[
        Path | None, typer.Option("--write-baseline", metavar="FILE", help="List what is found as known in FILE.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Leave out of folders, as in .gitignore.")
    ] = None,
    gitignore: Annotated[
        bool | None, typer.Option("--gitignore/--no-gitignore", help="Leave out of folders what Git ignores. [yes]")
    ] = None,
    config: Annotated[
        bool, typer.Option("--config/--no-config", help="Read derive.toml or [tool.derive] in pyproject.toml.")
    ] = True,
) -> None:
    """Judge every step of the documents.

    A document or folder that cannot be opened is reported beside the others. Settings stand in derive.toml, or under
    [tool.derive] in pyproject.toml, in the folder of the documents or above it; options come before them.

    Exit status: 0 no claim refuted, 1 at least one, 2 a document cannot be opened, 3 a bug of this program.
    """
    if not paths and not expressions:
        raise Failure(USAGE, "nothing to check: expected a PATH or -e CLAIM")
    if quiet and (verbose or explain):
        raise Failure(USAGE, "expected -q alone, or -v and --explain")
    settings = _settings(paths or [], config)
    form, jobs = form or settings.format, jobs or settings.jobs
    strict = settings.strict if strict is None else strict
    documents = documents_at(paths, _walk(settings, exclude or [], gitignore)) if paths else []

    from derive.certify.coq.coqc import NoCoq
    from derive.jobs.check import check_paths

    more: dict[str, Any] = {}
    if certify is not None:
        more["certify"] = certify
    if limits := limits_of(timeout or settings.timeout, memory or settings.memory):
        more["limits"] = limits
    with progress_bar(len(documents) > 1 or certify is not None, len(documents) or None) as progress:
        try:
            report = check_paths(documents, expressions or [], [*settings.given, *(given or [])], jobs, progress, **more)
        except NoCoq as error:
            raise Failure(USAGE, str(error)) from error
    report = _without_known(report, known or settings.baseline, write_known)
    for document in report.unopened:
        failed(USAGE, f"{document.path}: {document.error}")
    if form == "terminal":
        from derive.report.check.terminal import Detail
        from derive.report.check.terminal import write as write_terminal

        color = output is None and colors(sys.stdout)
        width = shutil.get_terminal_size((100, 24)).columns
        detail: Detail = "quiet" if quiet else "everything" if verbose else "findings"
        text = write_terminal(report, color, width, detail, explain)
    else:
        from derive.report import write

        text = write(report, form)
    emit(text, output)
    raise typer.Exit(report.exit_status(strict))


def _settings(paths: list[str], config: bool) -> Settings:
    """The settings of the folder that holds all of `paths`; standard input and the library belong to the working folder."""
    from derive.project.settings import Settings, SettingsError, settings_for

    if not config:
        return Settings()
    places = [Path(name) if Path(name).is_dir() else Path(name).parent for name in paths if Path(name).exists()]
    try:
        common = os.path.commonpath([os.path.abspath(place) for place in places or [Path()]])
    except ValueError:
        common = os.getcwd()  # on Windows, where the paths lie on several drives
    try:
        return settings_for(Path(common))
    except SettingsError as error:
        raise Failure(USAGE, str(error)) from error


def _walk(settings: Settings, exclude: list[str], gitignore: bool | None) -> Walk:
    """How folders are searched: the patterns of the options count from the working folder on."""
    from derive.documents.folders import patterns

    walk = settings.walk()
    try:
        more = (patterns(Path(), exclude),) if exclude else ()
    except ValueError as error:
        raise Failure(USAGE, f"--exclude: {error}") from error
    return replace(walk, exclude=(*walk.exclude, *more), ignore=walk.ignore if gitignore is None else gitignore)


def _without_known(report: Report, known: Path | None, write_known: Path | None) -> Report:
    """The report without the findings that are known, after they are written where that is asked for."""
    from derive.project.baseline import BaselineError, baseline, without_known

    if write_known is not None:
        emit(baseline(report, write_known), write_known)
    file = write_known or known
    try:
        return report if file is None else without_known(report, file)
    except BaselineError as error:
        raise Failure(USAGE, str(error)) from error
