"""What several commands share: options, how they end, and the documents that their arguments name."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from derive.documents import Unopened, Walk
    from derive.jobs.limits import Limits

USAGE, INTERRUPTED = 2, 130
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


class Seconds(click.FloatRange):
    """A time of at least a tenth of a second, which ``nan`` is not."""

    def __init__(self) -> None:
        super().__init__(min=0.1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"{value!r} is not a number of seconds.", param, ctx)
        return seconds


given = click.option("--given", multiple=True, metavar="LATEX", help="A definition or an assumption; may be repeated.")
timeout = click.option("--timeout", type=Seconds(), metavar="SECONDS", help="The time a claim may take. [10]")
memory = click.option("--memory", type=click.IntRange(min=256), metavar="MIB", help="The memory that judging may take. [4096]")
FILE = click.Path(path_type=Path)
output = click.option("-o", "--output", type=FILE, metavar="FILE", help="Write to FILE, not to standard output.")


class Failure(Exception):
    """Ends the program with `status` and, where there is one, a line on standard error."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status


def failed(status: int, message: str) -> int:
    from derive.report.text.escape import one_line

    if message:
        print(f"derive: {one_line(message)}".encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
    return status


def openable(paths: Sequence[str]) -> list[Path | Literal["-"]]:
    """The documents that `paths` name, where every folder in them can be listed."""
    from derive.documents import Unopened

    found: list[Path | Literal["-"]] = []
    for each in documents_at(paths):
        if isinstance(each, Unopened):
            raise Failure(USAGE, f"{each.path}: {each.reason}")
        found.append(each)
    return found


def documents_at(paths: Sequence[str], walk: Walk | None = None) -> list[Path | Literal["-"] | Unopened]:
    """What `paths` name: files as they are, the documents of folders and what cannot be opened there, the library's proofs."""
    from derive.documents import DocumentError
    from derive.documents import Walk as EveryDocument
    from derive.documents.library import find

    found: list[Path | Literal["-"] | Unopened] = []
    for name in paths:
        path = Path(name)
        if name == "-":
            found.append("-")
        elif path.is_dir():
            inside = list((walk or EveryDocument()).below(path))
            if not inside:
                raise Failure(USAGE, f"{name}: cannot be opened: no document below this folder")
            found.extend(inside)
        elif path.suffix or path.exists():
            found.append(path)
        else:
            try:
                found.append(find(name))
            except DocumentError as error:
                raise Failure(USAGE, str(error)) from error
    return found


def limits_of(timeout: float | None, memory: int | None) -> Limits | None:
    """The limits that the options name; None if they name none."""
    from derive.jobs.limits import MEBIBYTES, SECONDS, Limits

    if timeout is None and memory is None:
        return None
    return Limits(SECONDS if timeout is None else timeout, MEBIBYTES if memory is None else memory)
