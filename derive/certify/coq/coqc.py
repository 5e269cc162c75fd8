"""Coq from outside: whether it is there, and compiling files with limits on time and memory."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ADVICE = "Coq with Coquelicot was not found: apt-get install coq libcoq-coquelicot"
FLAGS = ("-q", "-w", "-ambiguous-paths,-notation-overridden,-deprecated")
SECONDS = 120.0
BYTES = 4 * 1024**3


class NoCoq(RuntimeError):
    """Coq is not installed; the message says how to get it."""


@dataclass(frozen=True)
class Compiled:
    """How a compilation ended; `timed_out` if it was killed."""

    ok: bool
    output: str
    errors: str
    timed_out: bool = False


def installed() -> bool:
    """Whether `coqc` and Coquelicot are there."""
    program = shutil.which("coqc")
    if program is None:
        return False
    try:
        found = subprocess.run([program, "-where"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    home = Path(found.stdout.strip())
    places = [home / "user-contrib", home.parent / "coq" / "user-contrib"]
    places += [Path(part) for part in os.environ.get("COQPATH", "").split(os.pathsep) if part]
    return any((place / "Coquelicot").is_dir() for place in places)


def require() -> None:
    """Raises :class:`NoCoq` where Coq is missing."""
    if not installed():
        raise NoCoq(ADVICE)


def compile_file(
    folder: Path, name: str, seconds: float = SECONDS, memory: int = BYTES, hear: Callable[[str], None] | None = None
) -> Compiled:
    """Compiles ``folder/name``; other files of the folder are found by their bare names.

    With `hear`, Coq writes a line for each sentence that it has read, and `hear` is told each line. Whatever ends the
    waiting, an interrupt too, ends Coq.
    """
    program = shutil.which("coqc")
    if program is None:
        raise NoCoq(ADVICE)
    command = [program, *FLAGS, *(["-time"] if hear is not None else []), "-R", ".", "", name]
    lines: list[str] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        with _running(command, folder, errors, memory) as process, _killed_after(seconds, process) as late:
            for line in process.stdout or ():
                lines.append(line)
                if hear is not None:
                    hear(line)
            process.wait()
        errors.seek(0)
        said = f"more than {seconds:g} seconds" if late.is_set() else errors.read()
    return Compiled(process.returncode == 0 and not late.is_set(), "".join(lines), said, late.is_set())


@contextmanager
def _running(command: list[str], folder: Path, errors: IO[str], memory: int) -> Iterator[subprocess.Popen[str]]:
    """A process in a session of its own, where an interrupt at the terminal does not reach it; it is ended at the end."""
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            _limit(process.pid, memory)
            yield process
        finally:
            _kill(process)
            process.wait()


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[str]) -> Iterator[threading.Event]:
    """Ends the process when the time is over; the event says that it was."""
    late = threading.Event()

    def end() -> None:
        if process.poll() is None:
            late.set()
            _kill(process)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _kill(process: subprocess.Popen[str]) -> None:
    """Ends a process that still runs, with all that it started."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _limit(process: int, memory: int) -> None:
    """Bounds the address space of a process, where the system can."""
    try:
        from resource import RLIMIT_AS, prlimit
    except ImportError:
        return
    with suppress(OSError):
        prlimit(process, RLIMIT_AS, (memory, memory))
