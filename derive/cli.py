"""The command line: arguments in, one report out, an exit status that scripts can rely on.

0 nothing refuted (every hole filled); 1 something refuted (a hole left); 2 wrong usage, or a document that cannot be
opened; 3 the engines disagree, or the program itself failed; 130 interrupted. Errors are one line on standard error.
What needs SymPy is imported by the command that needs it.
"""

from __future__ import annotations

import signal
import sys

import click

from derive import __version__
from derive.commands.check import check
from derive.commands.code import code
from derive.commands.prove import prove
from derive.commands.shared import EXAMPLES, INTERRUPTED, USAGE, Failure, failed
from derive.commands.train import train
from derive.ending import crash, leave
from derive.output import CannotWrite


@click.group(epilog=EXAMPLES, commands=[check, prove, code, train])
@click.version_option(__version__, prog_name="derive", message="%(prog)s %(version)s")
def application() -> None:
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
    try:
        # Not Click's `main`: that writes an empty line where it is interrupted.
        with application.make_context("derive", arguments or ["--help"]) as context:
            result = application.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except Failure as failure:
        return failed(failure.status, str(failure))
    except CannotWrite as error:
        return failed(USAGE, str(error))
    except click.ClickException as error:
        return failed(USAGE, error.format_message())
    except KeyboardInterrupt:
        return failed(INTERRUPTED, "interrupted")
    return result if isinstance(result, int) else 0


def _interrupt(number: int, frame: object) -> None:
    """A request to end is an interrupt: what was begun is taken back."""
    raise KeyboardInterrupt
