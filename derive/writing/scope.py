"""Where a piece of a term is written: the notation, and what every symbol is called there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sympy import Symbol

from derive.terms.context import Context
from derive.writing.lettering import letter
from derive.writing.notation import Notation


@dataclass(frozen=True)
class Scope:
    """Where a piece is written: the notation, and what every symbol is called there."""

    notation: Notation
    names: Mapping[Symbol, str]
    context: Context

    @property
    def letter_e_is_free(self) -> bool:
        return "e" not in self.names.values()

    def binding(self, variable: Symbol) -> Scope:
        """Inside a sum over `variable`."""
        return replace(self, names={**self.names, variable: letter(variable.name, self.names.values())})
