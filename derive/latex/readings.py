"""What a reader found in one formula: its statements with their claims, and what of it was not understood."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol

from derive.latex.grammar.choices import Choice
from derive.latex.tokens.errors import UnreadPart
from derive.terms.context import Claim, Obligation


@dataclass(frozen=True)
class ReadRange:
    """An index and the range that the text gives it."""

    symbol: Symbol
    low: Expr
    high: Expr


@dataclass(frozen=True)
class Declaration:
    """``u = u(x)`` (kind function, with its variables) or ``x \\in \\mathbb{R}`` (kind scalar)."""

    kind: str
    name: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remark:
    """What is said beside a statement; `conditions` and `ranges` are what of it is mathematics that was understood.

    `constants` are the letters that it calls constant.
    """

    text: str
    start: int
    end: int
    conditions: tuple[Claim, ...] = ()
    ranges: tuple[ReadRange, ...] = ()
    word: str = ""
    constants: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadRelation:
    """One relation of a chain.

    `claims` holds one claim, two for ``±`` and for an interval, none where the relation is not read (`unread`), fills
    a hole, or declares something. Spans are character offsets of the sides; `row_start` is where the row of the right
    side starts.
    """

    relation: str
    latex: str
    claims: tuple[Claim, ...]
    left_span: tuple[int, int]
    right_span: tuple[int, int]
    row_start: int
    is_definition: bool = False
    hole: bool = False
    unread: UnreadPart | None = None


@dataclass(frozen=True)
class ReadStatement:
    """A chain of relations, or (`bare`) an expression without a relation; a side is None if it was not read or is a
    hole. `entries` are the indices at which a statement between vectors is read, `layouts` those of
    derivatives in which its sides fit; `choices` are the readings that were
    chosen where the formula leaves one open. `vectors` tells whether it is written with vectors; `implies` says that an arrow
    leads from it to the next; `apart` are the statements between the arrows of an implication that leads forward."""

    sides: tuple[Expr | None, ...]
    spans: tuple[tuple[int, int], ...]
    relations: tuple[ReadRelation, ...]
    row_start: int
    lead: str = ""
    remarks: tuple[Remark, ...] = ()
    notes: tuple[str, ...] = ()
    holes: tuple[int, ...] = ()
    declares: tuple[Declaration, ...] = ()
    ranges: tuple[ReadRange, ...] = ()
    bare: bool = False
    obligations: tuple[Obligation, ...] = ()
    unread: tuple[UnreadPart, ...] = ()
    choices: tuple[Choice, ...] = ()
    entries: tuple[ReadRange, ...] = ()
    layouts: tuple[str, ...] = ()
    vectors: bool = False
    implies: bool = False
    apart: tuple[ReadStatement, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Everything that a formula says, and what of it was not understood."""

    text: str
    statements: tuple[ReadStatement, ...]
    unread: tuple[UnreadPart, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(claim for statement in self.statements for relation in statement.relations for claim in relation.claims)
