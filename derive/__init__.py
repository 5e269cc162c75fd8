"""derive: a symbolic derivation checker.

``derive.check(text)`` judges the claims of a text, ``derive.prove(text)`` fills its holes, ``derive.compile(text)``
writes numeric code, ``derive.train()`` trains with it, and ``derive.Setting`` takes statements as SymPy expressions. They are
loaded when they are first used, so that ``import derive`` loads neither SymPy nor NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.jobs.check import check
    from derive.jobs.compile import compile
    from derive.jobs.prove import prove
    from derive.jobs.setting import Setting
    from derive.training.api import train

__version__ = "0.1.0"

_MODULES = {
    "check": "derive.jobs.check",
    "compile": "derive.jobs.compile",
    "prove": "derive.jobs.prove",
    "Setting": "derive.jobs.setting",
    "train": "derive.training.api",
}
__all__ = ["Setting", "__version__", "check", "compile", "prove", "train"]


if not TYPE_CHECKING:  # a type checker would take every name for one of the package's

    def __getattr__(name: str) -> Any:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    """What is public."""
    return sorted(__all__)
