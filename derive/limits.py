"""Hard limits: what a document's text decides runs in a process of its own, with bounded time and memory.

A child is forked; it does the pieces of work in order and sends back each result. If a piece takes too long, or the
child dies of its memory limit, it is killed, the piece is marked as cut off, and a new child goes on behind it. Where
processes cannot be forked (Windows) the work is done in place, without limits.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

Piece = Callable[[str], Any]
SECONDS = 20.0
FIRST_SECONDS = 120.0
BYTES = 4 * 1024**3
BUG = "a bug of this program: "
RECURSION = 20_000
STACK = 512 * 1024 * 1024

T = TypeVar("T")
D = TypeVar("D")


class Failed(RuntimeError):
    """The work itself failed, before or between its pieces; the message is the child's."""


@dataclass(frozen=True)
class Limits:
    """At most `seconds` for a piece (`first_seconds` until the first result), at most `bytes_` of memory for the child."""

    seconds: float = SECONDS
    first_seconds: float = FIRST_SECONDS
    bytes_: int = BYTES

    def stream(self, work: Callable[[], Iterator[Piece]], tell: Callable[[int, int], None] | None = None) -> list[Any]:
        """The results of the pieces of `work` in order; a piece that is cut off gives what it makes of the reason.

        Raises:
            Failed: if the work fails outside its pieces.
        """
        if "fork" not in multiprocessing.get_all_start_methods():
            return [piece("") for piece in work()]
        results: list[Any] = []
        reasons: dict[int, str] = {}
        while not self._run(work, results, reasons, tell):
            position = len(results)
            if position in reasons:
                raise Failed(f"a claim could not even be given up: {reasons[position]}")
            reasons[position] = self._reason
        return results

    @property
    def _reason(self) -> str:
        return f"given up: it needed more than {self.seconds:g} seconds or {self.bytes_ // 1024**3} GiB"

    def _run(self, work: Callable[[], Iterator[Piece]], results: list[Any], reasons: dict[int, str],
             tell: Callable[[int, int], None] | None) -> bool:
        """Runs a child from the first result that is missing; True if it came to the end."""
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(work, len(results), reasons, self.bytes_, receiver, sender), daemon=True)
        child.start()
        sender.close()
        patience = self.first_seconds
        try:
            while True:
                if not receiver.poll(patience):
                    return False
                try:
                    kind, value = pickle.loads(receiver.recv_bytes())
                except EOFError:
                    return False
                if kind == "end":
                    return True
                if kind == "error":
                    raise Failed(value)
                results.append(value)
                patience = self.seconds
                if tell is not None:
                    tell(len(results), 0)
        finally:
            receiver.close()
            if child.is_alive():
                child.kill()
            child.join()


def _child(work: Callable[[], Iterator[Piece]], start: int, reasons: dict[int, str], bytes_: int, receiver: Connection,
           sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    receiver.close()
    _limit_memory(bytes_)
    sys.setrecursionlimit(RECURSION)
    threading.stack_size(STACK)
    thread = threading.Thread(target=_send_all, args=(work, start, reasons, sender))
    thread.start()
    thread.join()
    sender.close()


def _send_all(work: Callable[[], Iterator[Piece]], start: int, reasons: dict[int, str], sender: Connection) -> None:
    try:
        for position, piece in enumerate(work()):
            if position >= start:
                try:
                    result = piece(reasons.get(position, ""))
                except (MemoryError, RecursionError):
                    os._exit(1)
                except Exception as error:  # noqa: BLE001 (a bug must not take the other claims with it)
                    result = piece(f"{BUG}{type(error).__name__}: {error} ({_place(error)})")
                sender.send_bytes(pickle.dumps(("result", result)))
        sender.send_bytes(pickle.dumps(("end", None)))
    except MemoryError:
        os._exit(1)
    except Exception as error:  # noqa: BLE001 (told to the parent, which raises it)
        sender.send_bytes(pickle.dumps(("error", f"{type(error).__name__}: {error} ({_place(error)})")))


def _place(error: Exception) -> str:
    """The file and line of this program in which the error arose."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _limit_memory(bytes_: int) -> None:
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (bytes_ if hard == resource.RLIM_INFINITY else min(bytes_, hard), hard))


def run_all(items: Sequence[D], job: Callable[[D, Callable[[int, int], None]], T], jobs: int,
            progress: Callable[[int, int, str], None] | None) -> list[T]:
    """``job`` for each item, `jobs` at a time, results in order; `progress` is told how many items are done."""
    done = 0
    lock = threading.Lock()

    def one(item: D) -> T:
        nonlocal done
        result = job(item, lambda position, total: None)
        with lock:
            done += 1
            if progress is not None:
                progress(done, len(items), str(getattr(item, "path", "")))
        return result

    if jobs <= 1 or len(items) <= 1:
        return [one(item) for item in items]
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, items))
