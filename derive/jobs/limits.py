"""Hard limits: what a document's text decides runs in a process of its own, with bounded time and memory.

A child is forked; it reads the document in steps, then does the pieces of work in order and sends back each result. If
a step or a piece takes too long, or the child dies of its memory limit, it is killed, the step or piece is marked as cut
off, and a new child goes on behind it. Where processes cannot be forked (Windows) the work is done in place, without
limits.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from derive.terms.reasons import Reason, Why, because
from derive.writing.messages.rendering import rendered

Piece = Callable[[Reason | None], Any]
Step = Callable[[], Reason | None]
Work = Callable[[Step], Iterator[Piece]]
SECONDS = 10.0
MEBIBYTES = 4096
READING = 3.0
"""Reading a document as a whole, and reading it once more behind a cut, may take this many times as long as a claim."""
RECURSION = 20_000
STACK = 512 * 1024**2
MOMENT = 0.1
HELD = (signal.SIGINT, signal.SIGTERM)
_NO_MEMORY, _TOO_DEEP = 70, 71  # statuses with which a child says why it ended itself
_FORKING = threading.Lock()
"""Held while a process is forked, and while another thread may import: a lock that is held at a fork stays held."""

T = TypeVar("T")
D = TypeVar("D")


class Failed(RuntimeError):
    """The work itself failed, before or between its pieces; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(rendered(reason))
        self.reason = reason


class TooMuch(Failed):
    """The work was cut off before its first piece: the limits do not suffice to read the document."""


@dataclass
class _State:
    """What the parent knows of one stream: results, what was cut off and why, and where the child is."""

    results: list[Any] = field(default_factory=list)
    steps: dict[int, Reason] = field(default_factory=dict)
    pieces: dict[int, Reason] = field(default_factory=dict)
    was_read: bool = False
    step: int = -1
    ready: bool = False

    def cut(self, reason: Reason) -> None:
        """Mark what the child was at; what was cut off once before cannot be mended by cutting it again."""
        if self.ready:
            position = len(self.results)
            if position in self.pieces:
                raise Failed(because(Why.NOT_GIVEN_UP, cut=reason))
            self.pieces[position] = reason
        elif self.step < 0 or self.step in self.steps or self.was_read:
            raise TooMuch(reason)
        else:
            self.steps[self.step] = reason


@dataclass(frozen=True)
class Limits:
    """At most `seconds` of time for a step or a piece, and `mebibytes` of memory for the child beside what it starts with."""

    seconds: float = SECONDS
    mebibytes: int = MEBIBYTES

    def stream(
        self, work: Work, tell: Callable[[int, int], None] | None = None, errors: tuple[type[Exception], ...] = ()
    ) -> list[Any]:
        """The results of the pieces of `work` in order.

        Args:
            work: is given a function that it calls before each step of its own that may take long; it returns the reason
                if that step was cut off before and is to be left out, else None. A piece is called with None to do it, or with
                the reason why it was cut off; then it gives what it makes of the reason.
            tell: is told the number of results, again and again; what it raises ends the stream.
            errors: raised here if the work raises them outside its pieces.

        Raises:
            TooMuch: if the work is cut off before its first step, or twice at one step.
            Failed: if the work fails outside its pieces.
        """
        if "fork" not in multiprocessing.get_all_start_methods():
            return [piece(None) for piece in work(lambda: None)]
        state = _State()
        while (reason := self._run(work, state, tell, errors)) is not None:
            state.cut(reason)
        return state.results

    def _run(
        self, work: Work, state: _State, tell: Callable[[int, int], None] | None, errors: tuple[type[Exception], ...]
    ) -> Reason | None:
        """Runs a child from the first result that is missing; None if it came to the end, else why it did not."""
        context = multiprocessing.get_context("fork")
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(work, state, self, errors, receiver, sender), daemon=True)
        state.step, state.ready = -1, False
        try:
            with _FORKING, _signals_held():
                child.start()
            sender.close()
            while True:
                patience = self.seconds if state.ready or (state.step >= 0 and not state.was_read) else self.reading
                if not _arrives(receiver, patience, lambda: tell and tell(len(state.results), 0)):
                    return because(Why.TOO_LONG, seconds=f"{patience:g}")
                try:
                    data = receiver.recv_bytes()
                except EOFError:
                    child.join()
                    return self._death(child.exitcode)
                with _FORKING:
                    kind, value = pickle.loads(data)
                if kind == "end":
                    return None
                if kind == "raise":
                    raise value
                if kind == "error":
                    raise Failed(because(Why.ERROR, error=value))
                if kind == "step":
                    state.step = value
                elif kind == "ready":
                    state.ready = state.was_read = True
                else:
                    state.results.append(value)
        finally:
            receiver.close()
            if child.pid is not None:
                child.kill()
                child.join()

    @property
    def reading(self) -> float:
        """The seconds for what is no single claim."""
        return READING * self.seconds

    def _death(self, status: int | None) -> Reason:
        if status == _TOO_DEEP:
            return because(Why.TOO_DEEP)
        if status == _NO_MEMORY or status == -signal.SIGABRT:  # the C libraries abort where memory ends
            return because(Why.TOO_MUCH_MEMORY, mebibytes=self.mebibytes)
        if status == -getattr(signal, "SIGXCPU", 0):
            return because(Why.TOO_LONG, seconds=f"{self.seconds:g}")
        return because(Why.PROCESS_ENDED, status=str(status))


@contextmanager
def _signals_held() -> Iterator[None]:
    """Signals wait until the block is left.

    What Python calls around a fork (``os.register_at_fork``) swallows the exception of a signal that arrives in it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _arrives(receiver: Connection, patience: float, meanwhile: Callable[[], object]) -> bool:
    """Whether something can be received within `patience` seconds; `meanwhile` is called now and then."""
    end = time.monotonic() + patience
    while True:
        meanwhile()
        left = end - time.monotonic()
        if receiver.poll(max(0.0, min(left, MOMENT))):
            return True
        if left <= 0:
            return False


def _child(
    work: Work, state: _State, limits: Limits, errors: tuple[type[Exception], ...], receiver: Connection, sender: Connection
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
    receiver.close()
    # What a C library prints before it aborts is no message of this program.
    with suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    stack = min(STACK, limits.mebibytes * 1024**2 // 4)
    _limit_memory(limits.mebibytes * 1024**2)
    sys.setrecursionlimit(RECURSION)
    threading.stack_size(stack)
    thread = threading.Thread(target=_send_all, args=(work, state, limits, errors, sender))
    try:
        thread.start()
    except RuntimeError:
        os._exit(_NO_MEMORY)
    thread.join()
    sender.close()


def _send_all(work: Work, state: _State, limits: Limits, errors: tuple[type[Exception], ...], sender: Connection) -> None:
    number = -1

    def send(kind: str, value: object) -> None:
        sender.send_bytes(pickle.dumps((kind, value)))

    def step() -> Reason | None:
        nonlocal number
        number += 1
        _limit_time(limits.reading)
        send("step", number)
        return state.steps.get(number)

    try:
        _limit_time(limits.reading)
        for position, piece in enumerate(work(step)):
            if position < len(state.results):
                continue
            if position == len(state.results):
                send("ready", None)
            _limit_time(limits.seconds)
            try:
                result = piece(state.pieces.get(position))
            except (MemoryError, RecursionError):
                raise
            except Exception as error:  # noqa: BLE001 (a bug must not take the other claims with it)
                result = piece(because(Why.BUG, error=f"{type(error).__name__}: {error} ({_place(error)})"))
            send("result", result)
        send("end", None)
    except MemoryError:
        os._exit(_NO_MEMORY)
    except RecursionError:
        os._exit(_TOO_DEEP)
    except errors as error:
        send("raise", error)
    except Exception as error:  # noqa: BLE001 (told to the parent, which raises it)
        send("error", f"{type(error).__name__}: {error} ({_place(error)})")


def _place(error: Exception) -> str:
    """The file and line of this program in which the error arose."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def _limit_memory(bytes_: int) -> None:
    """At most `bytes_` beside what this process has mapped already."""
    try:
        import resource
    except ImportError:
        return
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        mapped = pages * resource.getpagesize()
    except (OSError, ValueError):  # not Linux
        mapped = 0
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = [mapped + bytes_, *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(wanted), hard))


def _limit_time(seconds: float) -> None:
    """The kernel ends this process too, a little later than its parent, which may be gone."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = math.ceil(used.ru_utime + used.ru_stime + 2 * seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


class _Stopped(Exception):
    """The whole run ends before this item is done."""


def run_all(
    items: Sequence[D],
    job: Callable[[D, Callable[[int, int], None]], T],
    jobs: int,
    progress: Callable[[int, int, str], None] | None,
) -> list[T]:
    """``job`` for each item, `jobs` at a time, results in order; `progress` is told how many items are done.

    If a job raises, or the program is interrupted, the others are ended.
    """
    done = 0
    lock = threading.Lock()
    stop = threading.Event()

    def tell(position: int, total: int) -> None:
        if stop.is_set():
            raise _Stopped

    def one(item: D) -> T:
        nonlocal done
        tell(0, 0)
        try:
            result = job(item, tell)
        except BaseException:
            stop.set()
            raise
        with lock:
            done += 1
            if progress is not None:
                progress(done, len(items), str(getattr(item, "path", "")))
        return result

    if jobs <= 1 or len(items) <= 1:
        return [one(item) for item in items]
    with ThreadPoolExecutor(jobs) as pool:
        try:
            futures = [pool.submit(one, item) for item in items]
            for problem in (future.exception() for future in as_completed(futures)):
                if problem is not None and not isinstance(problem, _Stopped):
                    raise problem
            return [future.result() for future in futures]
        finally:
            stop.set()
