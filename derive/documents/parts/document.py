"""What a document is to the rest of the program: blocks in the order of the source, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from derive.documents.parts.passage import Passage, Source

FormulaKind = Literal["display", "inline", "bare", "plain"]


class DocumentError(Exception):
    """A document that cannot be opened; the message is one line that names the file and the reason."""


@dataclass(frozen=True)
class Unopened:
    """A file or folder that cannot be opened: its name, and the reason in one line."""

    path: str
    reason: str


@dataclass(frozen=True)
class Formula:
    """One formula.

    `kind` says how it was marked: ``display`` and ``inline`` stood between delimiters, ``bare`` is a line of LaTeX
    without any, ``plain`` is ASCII mathematics such as ``a4 = e^z4/(e^z4+e^z5)`` (text files only).

    `latex` is what stood between the delimiters, as it was written, without white space at the ends. An environment
    that says how its rows are to be read (``align``, ``gather``, ``multline``, ``eqnarray``, ...) is part of it;
    ``equation``, ``displaymath`` and ``math`` are delimiters and are not. `problem` is empty, or tells why the
    formula's end is not certain (``unclosed formula: expected $$``).

    `paragraph` numbers the paragraphs of a document from 1; blocks with the same number belong to one paragraph.
    `cell` is the index of the notebook cell, from 0, or None. `quoted` numbers block quotes and rows
    of tables from 1; 0 is outside. `marked` is the formula with its delimiters, where these stand around it.
    """

    passage: Passage
    kind: FormulaKind
    paragraph: int
    starts_paragraph: bool = False
    cell: int | None = None
    problem: str = ""
    quoted: int = field(default=0, compare=False)
    marked: Passage | None = field(default=None, compare=False, repr=False)

    @property
    def latex(self) -> str:
        return self.passage.text

    @property
    def line(self) -> int:
        return self.position(0)[0]

    @property
    def column(self) -> int:
        return self.position(0)[1]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the file, both from 1, of ``latex[offset]``; its length is one behind the end."""
        return self.passage.position(offset)


@dataclass(frozen=True)
class Prose:
    """A stretch of a paragraph between two formulas, as it was written; never only white space."""

    passage: Passage
    paragraph: int
    starts_paragraph: bool = False
    cell: int | None = None
    quoted: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        return self.passage.text

    @property
    def line(self) -> int:
        return self.passage.position(0)[0]


@dataclass(frozen=True)
class Heading:
    """A heading; `level` is 1 for the highest. Formulas in a heading follow it as blocks of the same paragraph."""

    text: str
    level: int
    line: int
    paragraph: int
    cell: int | None = None


@dataclass(frozen=True)
class Declaration:
    """What a document declares of its names: the text without the marks that set it apart.

    `lines` has the text of each of its lines with the line's number in the file.
    """

    text: str
    line: int
    lines: tuple[tuple[int, str], ...]
    cell: int | None = None


@dataclass(frozen=True)
class Directive:
    """A comment that says how findings are taken: ``ignore``, ``expect``, ``off``.

    It speaks of the formulas that begin at or behind `first` and before `last`, both lines and columns in the file.
    `verdict` is what ``expect`` names. `problem` is empty, or tells what is wrong with the comment; then it has no effect.
    """

    word: str
    reason: str
    first: tuple[int, int]
    last: tuple[int, int]
    line: int
    column: int
    end_line: int
    end_column: int
    verdict: str = ""
    problem: str = ""

    def covers(self, line: int, column: int) -> bool:
        """Whether it speaks of a formula that begins there."""
        return not self.problem and self.first <= (line, column) < self.last


Block = Formula | Prose | Heading | Declaration


@dataclass(frozen=True)
class Macro:
    r"""``\name`` with `arity` arguments stands for `body`, in which ``#1`` is the first argument."""

    name: str
    arity: int
    body: str
    line: int


@dataclass(frozen=True)
class Note:
    """Something in the document that was not read, and where: an included file, a macro that is too clever."""

    text: str
    line: int


@dataclass(frozen=True)
class Document:
    """A document: its `path` as it was given, and its blocks in the order of the source."""

    path: str
    source: Source
    blocks: tuple[Block, ...] = ()
    macros: tuple[Macro, ...] = ()
    notes: tuple[Note, ...] = ()
    directives: tuple[Directive, ...] = ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Formula))

    def line(self, number: int) -> str:
        """Line `number` (from 1) of the file, for messages."""
        return self.source.line(number)
