"""What is asked of a proof: a hole of a document, in the notation in which it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sympy import Expr, Symbol

    from derive.prover.raising import Language
    from derive.terms.context import Context


@dataclass(frozen=True)
class Goal:
    """What is to be derived: `left` in `context`, and the right side that the document claims, if it claims one.

    `language` is how the document writes where it asks with vectors, `asked` then what it wrote; `left` is the entry at the
    indices `entries`.
    """

    left: Expr
    context: Context
    latex: str
    line: int
    target: Expr | None = None
    language: Language | None = None
    asked: str = ""
    entries: tuple[Symbol, ...] = ()
