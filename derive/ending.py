"""How the process ends: at once when its work is done, and never with a status that a failure of the program could mimic."""

from __future__ import annotations

import atexit
import os
import sys
import threading
import traceback
from contextlib import suppress
from types import TracebackType

FAILURE = 3


def leave(status: int) -> None:
    """Ends the process with `status` once what is due is done: taking down the interpreter takes as long as a small check.

    It returns, and the interpreter ends as ever, where a thread or a profiler goes on or something cannot be written.
    """
    if threading.active_count() > 1 or sys.getprofile() is not None or sys.gettrace() is not None:
        return
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        return
    os._exit(status)


def crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A failure of the program must not end with status 1, which says that a claim is refuted."""
    traceback.print_exception(kind, error, trace)
    print("derive: internal failure, please report it", file=sys.stderr)
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(FAILURE)
