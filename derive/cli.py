"""The command line: arguments in, one report out, an exit status that scripts can rely on.

0 nothing refuted (every hole filled); 1 something refuted (a hole left); 2 wrong usage, or a document that cannot be
opened; 3 the engines disagree, or the program itself failed; 130 interrupted. Errors are one line on standard error.
What needs SymPy is imported by the command that needs it.
"""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from derive import __version__
from derive.commands.check import check
from derive.commands.code import code
from derive.commands.prove import prove
from derive.commands.shared import INTERRUPTED, USAGE, Failure, failed
from derive.commands.train import train
from derive.ending import crash, leave
from derive.output import CannotWrite

EXAMPLES = """\b
Examples:
  derive check notes.md                     judge every step of a document
  derive check -e '(e^x)^{\\prime} = e^x'     judge one claim
  derive check proofs --format json -o report.json
  derive check notes --write-baseline known.json    what is found now is known
  derive check notes --baseline known.json          only what is new fails
  derive prove notes.md                     fill every hole "= ?"
  derive code notes.md -o model.py          write NumPy code for what it defines
"""


def application() -> typer.Typer:
    """The commands with their options."""
    app = typer.Typer(
        name="derive",
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Checks derivations in documents, step by step, and derives results by itself.",
        epilog=EXAMPLES,
    )
    app.callback()(options)
    app.command(epilog=EXAMPLES)(check)
    for command in (prove, code, train):
        app.command()(command)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"derive {__version__}")
        raise typer.Exit


def options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Checks derivations in documents, step by step, and derives results by itself."""


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits; with `arguments` in the way that lets a caller go on, by :class:`SystemExit`."""
    sys.excepthook = crash
    signal.signal(signal.SIGTERM, _interrupt)
    status = run(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        leave(status)
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Runs the command line; the exit status."""
    command = typer.main.get_command(application())
    try:
        result = command.main(arguments or ["--help"], prog_name="derive", standalone_mode=False)
    except Failure as failure:
        return failed(failure.status, str(failure))
    except CannotWrite as error:
        return failed(USAGE, str(error))
    except typer.TyperException as error:
        return failed(USAGE, error.format_message())
    except (KeyboardInterrupt, typer.Abort):
        return failed(INTERRUPTED, "interrupted")
    if result == INTERRUPTED:  # Typer turns an interrupt inside of a command into this status
        return failed(INTERRUPTED, "interrupted")
    return result if isinstance(result, int) else 0


def _interrupt(number: int, frame: object) -> None:
    """A request to end is an interrupt: what was begun is taken back."""
    raise KeyboardInterrupt
