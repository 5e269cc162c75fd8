"""``derive check``: every step of the documents is judged."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive.commands import shared
from derive.commands.shared import EXAMPLES, FILE, USAGE, Failure, documents_at, failed, limits_of
from derive.output import colors, emit, progress_bar
from derive.report.formats import CHECK

if TYPE_CHECKING:
    from derive.documents import Walk
    from derive.project.settings import Settings
    from derive.report import Report


@click.command(short_help="Judge every step of documents.", epilog=EXAMPLES)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("-e", "--expression", "expressions", multiple=True, metavar="CLAIM", help="Judge this claim; may be repeated.")
@shared.given
@click.option("--format", "form", type=click.Choice(list(CHECK)), help="How the report is written. [terminal]")
@shared.output
@click.option(
    "--strict/--no-strict",
    default=None,
    help="Exit with 1 also for what is doubtful, conditional, tested or unread, and for structure findings.",
)
@click.option("--certify", type=click.Choice(["coq"]), help="Confirm proved claims with a proof checker.")
@click.option("--explain", is_flag=True, help="On a terminal, what was understood of each claim, with its lines.")
@click.option("-v", "--verbose", is_flag=True, help="On a terminal, also what is proved, defined, assumed or inferred.")
@click.option("-q", "--quiet", is_flag=True, help="On a terminal, only how many are refuted, if any are.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Documents judged side by side. [1]")
@shared.timeout
@shared.memory
@click.option("--baseline", "known", type=FILE, metavar="FILE", help="Findings listed there are known and do not fail.")
@click.option("--write-baseline", "write_known", type=FILE, metavar="FILE", help="List what is found as known in FILE.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Leave out of folders, as in .gitignore.")
@click.option("--gitignore/--no-gitignore", default=None, help="Leave out of folders what Git ignores. [yes]")
@click.option("--config/--no-config", default=True, help="Read derive.toml or [tool.derive] in pyproject.toml. [yes]")
def check(
    paths: tuple[str, ...],
    expressions: tuple[str, ...],
    given: tuple[str, ...],
    form: str | None,
    output: Path | None,
    strict: bool | None,
    certify: str | None,
    explain: bool,
    verbose: bool,
    quiet: bool,
    jobs: int | None,
    timeout: float | None,
    memory: int | None,
    known: Path | None,
    write_known: Path | None,
    exclude: tuple[str, ...],
    gitignore: bool | None,
    config: bool,
) -> int:
    """Judge every step of the documents at PATH: files, folders, or - for standard input (Markdown).

    A document or folder that cannot be opened is reported beside the others. Settings stand in derive.toml, or under
    [tool.derive] in pyproject.toml, in the folder of the documents or above it; options come before them.

    Exit status: 0 no claim refuted, 1 at least one, 2 a document cannot be opened, 3 a bug of this program.
    """
    if not paths and not expressions:
        raise Failure(USAGE, "nothing to check: expected a PATH or -e CLAIM")
    if quiet and (verbose or explain):
        raise Failure(USAGE, "expected -q alone, or -v and --explain")
    settings = _settings(paths, config)
    form, jobs = form or settings.format, jobs or settings.jobs
    strict = settings.strict if strict is None else strict
    documents = documents_at(paths, _walk(settings, exclude, gitignore)) if paths else []

    from derive.certify.coq.coqc import NoCoq
    from derive.jobs.check import check_paths

    more: dict[str, Any] = {}
    if certify is not None:
        more["certify"] = certify
    if limits := limits_of(timeout or settings.timeout, memory or settings.memory):
        more["limits"] = limits
    with progress_bar(len(documents) > 1 or certify is not None, len(documents) or None) as progress:
        try:
            report = check_paths(documents, expressions, [*settings.given, *given], jobs, progress, **more)
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
    return report.exit_status(strict)


def _settings(paths: Sequence[str], config: bool) -> Settings:
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


def _walk(settings: Settings, exclude: tuple[str, ...], gitignore: bool | None) -> Walk:
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
