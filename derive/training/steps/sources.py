"""The documents that the trainer works from: what they define, and the derivatives that they state and the judge proves.

| layer | document | forward | backward |
|---|---|---|---|
| linear | ``training/linear`` | z | ∂S/∂w, ∂S/∂b, ∂S/∂x |
| activation | ``training/sigmoid``, ``training/tanh`` | h | ∂S/∂z |
| loss | ``softmax-cross-entropy`` | L | ∂L/∂z |
| step | ``training/step`` | u, v | |

S is the loss to first order, ``Σ_k g_k z_k``: its derivatives are what the chain rule asks of one layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from derive.training.settings.errors import TrainError

if TYPE_CHECKING:
    from sympy import Expr

    from derive.terms.context import Context, Definition
    from derive.terms.terms import Partial

LINEAR, LOSS, STEP = "training/linear", "softmax-cross-entropy", "training/step"
ACTIVATIONS = {"sigmoid": "training/sigmoid", "tanh": "training/tanh"}


@dataclass(frozen=True)
class Form:
    """A proved equation ``head = value``; the value has no derivatives in it."""

    head: Partial
    value: Expr


@dataclass(frozen=True)
class Source:
    """A document of the library: what is known at its end, and the derivatives of it that were proved."""

    name: str
    context: Context
    slopes: tuple[tuple[str, str, Form], ...]

    def definition(self, name: str) -> Definition:
        """The definition of the quantity `name`. Raises :class:`TrainError` if there is none."""
        from derive.terms.heads import name_of

        for known in self.context.definitions:
            if name_of(known.head) == name:
                return known
        raise TrainError(f"proofs/{self.name}.md: expected a definition of {name}, found none")

    def slope(self, quantity: str, variable: str) -> Form:
        """The proved value of ``∂quantity/∂variable``. Raises :class:`TrainError` if the document has none."""
        for top, below, form in self.slopes:
            if (top, below) == (quantity, variable):
                return form
        raise TrainError(f"proofs/{self.name}.md: expected a proved value of ∂{quantity}/∂{variable}, found none")


@lru_cache(maxsize=16)
def source(name: str) -> Source:
    """The document of the library called `name`, read and judged.

    Raises:
        TrainError: if it cannot be opened, or one of the derivatives that it states is not proved.
    """
    from sympy import Indexed, Symbol

    from derive.documents import DocumentError, read
    from derive.documents.library import find
    from derive.judge.decide import decide
    from derive.judge.verdict import Kind
    from derive.narrative.walk import read_document
    from derive.terms.heads import name_of
    from derive.terms.terms import Partial

    try:
        narrative = read_document(read(find(name)))
    except DocumentError as error:
        raise TrainError(str(error)) from error
    slopes: dict[tuple[str, str], Form] = {}
    for entry in narrative.entries:
        for claim in entry.claims:
            head, value = claim.left, claim.right
            if (
                not isinstance(head, Partial)
                or not isinstance(head.expr, Symbol)
                or not isinstance(head.variable, Symbol | Indexed)
                or claim.relation != "="
                or value.has(Partial)
            ):
                continue
            verdict = decide(claim, entry.context)
            if verdict.kind is not Kind.PROVED:
                raise TrainError(f"proofs/{name}.md: expected a proof of {entry.latex}, found: {verdict.kind.value}")
            slopes[name_of(head.expr), name_of(head.variable)] = Form(head, value)
    return Source(name, narrative.context, tuple((*key, form) for key, form in slopes.items()))
