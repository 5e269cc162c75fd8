"""derive: a symbolic derivation checker.

``derive.check(text)`` judges the claims of a text, ``derive.prove(text)`` fills its holes, ``derive.compile(text)``
writes numeric code, ``derive.train()`` trains with it, and ``derive.Setting`` takes statements as SymPy expressions. They are
loaded when they are first used, so that ``import derive`` loads neither SymPy nor NumPy.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

_EXPORTED = {"check": "derive.jobs.check", "compile": "derive.jobs.compile", "prove": "derive.jobs.prove", "Setting": "derive.jobs.setting",
             "train": "derive.training.api"}
__all__ = ["Setting", "__version__", "check", "compile", "prove", "train"]


class _Package(ModuleType):
    """The package with what it exports.

    A function and the module that holds it have the same name, and importing ``derive.jobs.check`` would put the module
    where the function is. So the attribute is the function whatever was imported before; the module is what
    ``from derive.jobs.check import …`` finds.
    """

    def __getattribute__(self, name: str) -> Any:
        if name in _EXPORTED:
            return getattr(import_module(_EXPORTED[name]), name)
        return super().__getattribute__(name)

    def __dir__(self) -> list[str]:
        """What is public."""
        return sorted(__all__)


sys.modules[__name__].__class__ = _Package
