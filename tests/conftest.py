"""What every process that runs tests needs."""

from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Take interrupts even where a shell started the tests in its background and so has them ignored."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
