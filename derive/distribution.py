"""What the package is called where it is installed from; the command and the import are ``derive``."""

from __future__ import annotations

NAME = "derive-check"


def install(extra: str) -> str:
    """The command that installs this package with one of its extras, for messages.

    >>> install("plot")
    "pip install 'derive-check[plot]'"
    """
    return f"pip install '{NAME}[{extra}]'"
