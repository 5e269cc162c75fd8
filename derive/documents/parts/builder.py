"""Collects the blocks of a document while a reader walks over it."""

from __future__ import annotations

import re

from derive.documents.parts.delimiters import Dialect, scan
from derive.documents.parts.directives import Said, placed, said
from derive.documents.parts.document import (
    Block,
    Declaration,
    Document,
    Formula,
    FormulaKind,
    Heading,
    Macro,
    Note,
    Prose,
)
from derive.documents.parts.macros import collect
from derive.documents.parts.passage import Passage, Source

_DECLARATION = re.compile(r"\s*derive:[ \t]*")


class Builder:
    """Numbers the paragraphs, cuts formulas out of them, and puts all blocks into the order of the file."""

    def __init__(self, path: str, source: Source) -> None:
        self._path = path
        self._source = source
        self._blocks: list[tuple[int, Block]] = []
        self._macros: list[Macro] = []
        self._notes: list[tuple[int, Note]] = []
        self._said: list[Said] = []
        self._paragraph = 0
        self._fresh = False
        self._quotes: list[int] = [0]
        self._quoted = 0
        self.cell: int | None = None

    def paragraph(self) -> None:
        """What follows belongs to a new paragraph."""
        if not self._fresh:
            self._paragraph += 1
            self._fresh = True

    def quote(self, opens: bool) -> None:
        """A block quote, or a row of a table, begins or ends; one inside another belongs to it."""
        if opens:
            self._quoted += len(self._quotes) == 1
            self._quotes.append(self._quoted)
        elif len(self._quotes) > 1:
            self._quotes.pop()

    def text(self, passage: Passage, dialect: Dialect) -> None:
        """The prose, formulas and declarations of `passage`, as part of the current paragraph."""
        at = 0
        for found in scan(passage.text, dialect):
            self.prose(passage.cut(at, found.start))
            inner = passage.cut(*found.inner)
            if found.kind == "comment":
                self.comment(inner)
            elif found.kind == "display" or found.kind == "inline":
                self.formula(inner, found.kind, found.problem, passage.cut(found.start, found.end))
            at = found.end
        self.prose(passage.cut(at, len(passage.text)))

    def prose(self, passage: Passage) -> None:
        """A stretch without formulas; nothing if it is only white space."""
        if passage.text.strip():
            starts = self._take_fresh()
            self._add(passage, Prose(passage, self._paragraph, starts, self.cell, self._quotes[-1]))

    def formula(self, passage: Passage, kind: FormulaKind, problem: str = "", marked: Passage | None = None) -> None:
        macros, notes, rest = collect(passage)
        self._macros.extend(macros)
        for note in notes:
            self.note(note, passage.offset(0))
        rest = rest.strip()
        if rest.text or problem:
            starts = self._take_fresh()
            self._add(rest, Formula(rest, kind, self._paragraph, starts, self.cell, problem, self._quotes[-1], marked))

    def heading(self, passage: Passage, level: int, dialect: Dialect) -> None:
        """A heading is a paragraph of its own; its formulas follow it as blocks."""
        self.paragraph()
        self._fresh = False
        text = passage.strip()
        line = text.position(0)[0]
        self._add(text, Heading(text.text, level, line, self._paragraph, self.cell))
        for found in scan(text.text, dialect):
            if found.kind == "display" or found.kind == "inline":
                self.formula(text.cut(*found.inner), found.kind, found.problem, text.cut(found.start, found.end))
        self.paragraph()

    def comment(self, passage: Passage) -> None:
        """A comment; when it begins with ``derive:``, it says how findings are taken, or it is a declaration."""
        match = _DECLARATION.match(passage.text)
        if match is None:
            return
        rest = passage.cut(match.end(), len(passage.text))
        directive = said(rest)
        if directive is None:
            self.declaration(rest)
        else:
            self._said.append(directive)

    def shared(self, lines: tuple[str, ...]) -> None:
        """Declarations from outside of the file, which stand before everything in it; their line is 0."""
        self._blocks.append((-1, Declaration("\n".join(lines), 0, tuple((0, line) for line in lines))))

    def declaration(self, passage: Passage) -> None:
        passage = passage.strip()
        lines = []
        at = 0
        for text in passage.text.split("\n"):
            lines.append((passage.position(at)[0], text))
            at += len(text) + 1
        self._add(passage, Declaration(passage.text, passage.position(0)[0], tuple(lines), self.cell))

    def note(self, text: str, offset: int) -> None:
        self._notes.append((offset, Note(text, self._source.position(offset)[0])))

    def macros(self, macros: tuple[Macro, ...]) -> None:
        self._macros.extend(macros)

    def finish(self) -> Document:
        ordered = sorted(self._blocks, key=lambda pair: pair[0])
        blocks = tuple(block for _, block in ordered)
        notes = tuple(note for _, note in sorted(self._notes, key=lambda pair: pair[0]))
        directives = placed(self._said, ordered, self._source)
        return Document(self._path, self._source, blocks, tuple(self._macros), notes, directives)

    def _take_fresh(self) -> bool:
        if self._paragraph == 0:
            self.paragraph()
        fresh, self._fresh = self._fresh, False
        return fresh

    def _add(self, passage: Passage, block: Block) -> None:
        self._blocks.append((passage.offset(0), block))
