"""A relation as it is met on the way through a document: where it stands, and what is known there."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Indexed, Symbol

from derive.latex.reading import ReadRelation, ReadStatement
from derive.narrative.entries import Entry
from derive.narrative.words.grammar import Lead
from derive.narrative.words.paragraphs import Placed
from derive.terms.context import Claim, Context
from derive.terms.heads import name_of
from derive.terms.terms import Call


@dataclass(frozen=True)
class Met:
    """A relation that was read, as it is met.

    Attributes:
        placed: where its formula stands, and what the words around it say.
        relation: what it claims, the functions applied that the document explains.
        lead: what the words before it say of it.
        here: what is known where it stands.
        step: the letter that counts the steps of an update, empty where it is none.
    """

    placed: Placed
    statement: ReadStatement
    relation: ReadRelation
    entry: Entry
    lead: Lead
    here: Context
    step: str

    @property
    def claim(self) -> Claim:
        return self.relation.claims[0]

    @property
    def head(self) -> str:
        """The name of what stands alone on its left side, empty if there is none."""
        return name_of(self.claim.left) if isinstance(self.claim.left, (Symbol, Indexed, Call)) else ""

    @property
    def parts(self) -> frozenset[str]:
        """The parts of the document that it stands in, its paragraph among them."""
        return self.placed.scope | {f"paragraph {self.placed.formula.paragraph}"}
