"""Proof scripts: equations by normal forms, signs, derivatives. What is wrong here, Coq rejects.

Every equation of generators becomes a fact of its own (``assert``), proved by the law for its head. The proofs of
equations, of relations and of domain facts need one another; they call the three methods of the script.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from derive.certify.script.assurances import assure_fact
from derive.certify.script.equations import prove_equal
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.protocols import NormalForms
from derive.certify.script.protocols import Place
from derive.certify.script.relations import prove_relation
from derive.certify.statement.facts import Reals, StatementWriter
from derive.certify.statement.syntax import Term


class Script:
    """Collects the lines of one proof; one that is not `certain` leaves it to Coq to find that two sides differ."""

    def __init__(self, normal: NormalForms, writer: StatementWriter) -> None:
        self.certain = True
        self.normal = normal
        self.writer = writer
        self.lines: list[str] = []
        self._depth = 1

    def line(self, text: str) -> None:
        self.lines.append("  " * self._depth + text)

    @contextmanager
    def block(self, opening: str = "{") -> Iterator[None]:
        """A part of the proof in braces."""
        self.line(opening)
        self._depth += 1
        yield
        self._depth -= 1
        self.line("}")

    @contextmanager
    def attempt(self, again: bool = False) -> Iterator[None]:
        """Lines that are taken back where no proof is found; whoever tries something else then is told with `again`."""
        count, depth = len(self.lines), self._depth
        try:
            yield
        except NoProof:
            del self.lines[count:]
            self._depth = depth
            if again:
                raise

    def label(self, letter: str) -> str:
        return self.writer.names.label(letter)

    def text(self, node: Any) -> str:
        return self.writer.term(node)

    def canon(self, node: Any, place: Place) -> Term:
        return self.normal.ring.term(self.normal.of(node, place.facts))

    def equal(self, left: Any, right: Any, place: Place) -> None:
        """Closes the goal ``left = right``.

        Raises:
            NoProof: if the normal forms differ.
        """
        prove_equal(self, left, right, place)

    def relation(self, fact: Reals, place: Place) -> None:
        """Closes a relation between terms.

        Raises:
            NoProof: if it does not show.
        """
        prove_relation(self, fact, place)

    def assure(self, fact: Any, place: Place) -> str:
        """Proves a domain fact and keeps it; its name.

        Raises:
            NoProof: if there is none for it.
        """
        return assure_fact(self, fact, place)
