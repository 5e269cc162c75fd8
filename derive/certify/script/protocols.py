"""What the parts of a script may ask of the whole: the proofs of equations, relations and domain facts need one another."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.statement.facts import Reals, StatementWriter
from derive.certify.statement.syntax import Term


@dataclass(frozen=True)
class Place:
    """What is known where a line of the script stands: `facts`, and the names of equations that were proved."""

    facts: Facts
    proved: dict[Any, tuple[Term, str]] = field(default_factory=dict)
    assured: set[Any] = field(default_factory=set)

    def inside(self, facts: Facts | None = None) -> Place:
        """A place inside: what is proved there is forgotten behind it."""
        return Place(facts or self.facts, dict(self.proved), set(self.assured))


class Scripting(Protocol):
    """A script that is being written. What cannot be proved raises NoProof; one that is not `certain` leaves it to Coq to find
    that two sides differ."""

    certain: bool
    normal: NormalForms
    writer: StatementWriter

    def line(self, text: str) -> None: ...

    def block(self, opening: str = "{") -> AbstractContextManager[None]: ...

    def label(self, letter: str) -> str: ...

    def text(self, node: Any) -> str: ...

    def canon(self, node: Any, place: Place) -> Term: ...

    def equal(self, left: Any, right: Any, place: Place) -> None: ...

    def relation(self, fact: Reals, place: Place) -> None: ...

    def assure(self, fact: Any, place: Place) -> str: ...
