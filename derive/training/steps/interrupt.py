"""Ctrl-C between two steps: the first one asks to stop, a second one stops at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Asked:
    """Whether the user has asked to stop."""

    stop: bool = False


@contextmanager
def interruptible() -> Iterator[Asked]:
    """While it lasts, Ctrl-C sets `stop`; the second one raises KeyboardInterrupt."""
    asked = Asked()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def handle(number: int, frame: object) -> None:
        if asked.stop:
            raise KeyboardInterrupt
        asked.stop = True

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
