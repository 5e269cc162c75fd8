"""Coq from outside: whether it is there, and compiling files with limits on time and memory."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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


def compile_file(folder: Path, name: str, seconds: float = SECONDS, memory: int = BYTES) -> Compiled:
    """Compiles ``folder/name``; other files of the folder are found by their bare names."""
    program = shutil.which("coqc")
    if program is None:
        raise NoCoq(ADVICE)
    process = subprocess.Popen(
        [program, *FLAGS, "-R", ".", "", name], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        errors="replace", start_new_session=True)
    _limit(process.pid, memory)
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, errors = process.communicate()
        return Compiled(False, output, f"more than {seconds:g} seconds", True)
    return Compiled(process.returncode == 0, output, errors)


def _limit(process: int, memory: int) -> None:
    """Bounds the address space of a process, where the system can."""
    try:
        from resource import RLIMIT_AS, prlimit
    except ImportError:
        return
    with suppress(OSError):
        prlimit(process, RLIMIT_AS, (memory, memory))
