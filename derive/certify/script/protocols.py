"""What the parts of a script may ask of the whole: normal forms of terms, and a script that is being written.

The laws for sums, exponentials and derivatives need normal forms of what stands inside, and normal forms need these laws; the
proofs of equations, relations and domain facts need one another. Each part knows the other only by what is listed here.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from sympy import Expr

from derive.certify.script.facts import Facts
from derive.certify.script.polynomials import Poly, Polynomials
from derive.certify.script.signs import Signs
from derive.certify.statement.facts import Conditions, Reals, StatementWriter
from derive.certify.statement.syntax import IfEqual, Slope, Term


class NormalForms(Protocol):
    """Normal forms with given definitions; `ring` calculates with them, `signs` knows their signs."""

    ring: Polynomials
    signs: Signs
    scale: int
    definitions: dict[str, Any]
    conditions: Conditions
    exchanging: bool

    def key(self, node: Any) -> str: ...

    def of(self, node: Any, facts: Facts) -> Poly: ...

    def together(self, node: Any, facts: Facts) -> Term: ...

    def count(self, expr: Expr, facts: Facts) -> Poly: ...

    def chosen(self, node: IfEqual, facts: Facts) -> Term: ...

    def as_they_stand(self) -> AbstractContextManager[None]: ...

    def slope(self, node: Slope, facts: Facts) -> Term: ...

    def flat(self, node: Slope, facts: Facts) -> Slope: ...


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
