"""The languages that code is written in: a row each. Light, for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Target:
    """A language: the `module` that writes it, with ``write(functions, title, source)``, and whether lengths are `constants`
    there, which ``write`` then takes as ``sizes``."""

    name: str
    module: str
    constants: bool = False

    def written(self, functions: Any, title: str, source: str, **further: Any) -> str:
        """The text of a module with `functions`."""
        return str(import_module(self.module).write(functions, title, source, **further))

    def unwritten(self, functions: Any) -> dict[str, str]:
        """The functions that cannot be written, each with the reason."""
        refused = getattr(import_module(self.module), "unwritten", None)
        return {} if refused is None else dict(refused(functions))


TARGETS = {
    target.name: target
    for target in (
        Target("numpy", "derive.code.python.numpy.target"),
        Target("c", "derive.code.c.target", constants=True),
        Target("torch", "derive.code.python.tensors.torch"),
        Target("jax", "derive.code.python.tensors.jax"),
    )
}
