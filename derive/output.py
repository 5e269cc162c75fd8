"""Where results and progress go: standard output or a file, all of it or nothing, and a bar on standard error."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Progress = Callable[[int, int, str], None]


class CannotWrite(Exception):
    """A result could not be written; the message says where and why."""


def emit(text: str, output: Path | None) -> None:
    """Writes the result to `output`, all of it or nothing, or to standard output.

    Raises:
        CannotWrite: with the place and the reason.
    """
    data = text.encode("utf-8", "backslashreplace")
    if output is not None:
        _replace(output, data)
        return
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon_output()
    except OSError as error:
        _abandon_output()
        raise CannotWrite(f"standard output: cannot be written: {error.strerror or error}") from error


def _abandon_output() -> None:
    """Without this the interpreter tries once more at its end, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(path: Path, data: bytes) -> None:
    """Puts a new file in the place of `path`, or of what it links to; a device or a pipe is written to as it is."""
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            path.write_bytes(data)
            return
        path = Path(os.path.realpath(path))
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(temporary, path.stat().st_mode if path.exists() else 0o666 & ~_umask())
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise CannotWrite(f"{path}: cannot be written: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def colors(stream: Any) -> bool:
    """Whether what is written to `stream` may be coloured: a terminal, and nobody said no."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


@contextmanager
def progress_bar(is_long: bool, total: int | None = None) -> Iterator[Progress]:
    """A bar on standard error while there is someone to see it and the work is long; else nothing."""
    if not sys.stderr.isatty() or not is_long:
        yield lambda done, total, path: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    from derive.report.text.escape import one_line

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done, total, path: bar.update(task, completed=done, total=total, description=one_line(path))
