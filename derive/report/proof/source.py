"""A proof as text with formulas in LaTeX between the words: what Markdown and a LaTeX file have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping

from derive.report.proof.outline import Block, Row, Section, conditions_latex, stated_latex
from derive.terms.context import Fact


class Style(ABC):
    """How a language writes the parts of a proof; `words` are those of the reader's language."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    @abstractmethod
    def heading(self, title: str) -> str:
        """Over a section; the title may hold a formula between dollars."""

    @abstractmethod
    def case(self, case: Fact) -> str:
        """Over the rows that hold under a condition."""

    @abstractmethod
    def together(self) -> str:
        """Over the rows that join the cases."""

    @abstractmethod
    def remark(self, row: Row) -> str:
        """By what a row holds, behind its formula."""

    @abstractmethod
    def aligned(self, rows: str) -> str:
        """Rows of formulas, separated as in an environment of LaTeX."""

    @abstractmethod
    def escape(self, text: str) -> str:
        """Text that stands as it is."""

    @abstractmethod
    def literal(self, latex: str) -> str:
        """A formula that is shown as its source."""

    @abstractmethod
    def condition(self, latex: str) -> str:
        """A condition in a list of such."""

    @abstractmethod
    def paragraph(self, text: str) -> str:
        """A paragraph of its own."""

    def section(self, section: Section) -> Iterator[str]:
        """The pieces of a section, in order."""
        filled, derivation = section.filled, section.derivation
        stated = "" if filled is not None or derivation is None else f": ${stated_latex(derivation)}$"
        yield self.heading(section.title + stated)
        for block in section.blocks:
            yield from self._block(block)
        if filled is not None and not filled.done:
            yield self.paragraph(f"{self.words['open']}: {self.literal(filled.latex)}. {self.escape(filled.message)}")
        elif filled is not None and derivation is not None:
            used, relied = conditions_latex(derivation)
            for word, facts in ((self.words["uses"], used), (self.words["relies"], relied)):
                if facts:
                    yield self.paragraph(f"{word}: {', '.join(self.condition(fact) for fact in facts)}.")

    def _block(self, block: Block) -> Iterator[str]:
        if block.case is not None:
            yield self.case(block.case)
        elif block.together:
            yield self.together()
        rows = []
        for row in block.rows:
            left = "" if row.left is None else row.left.latex + " "
            rows.append(f"{left}&= {row.step.latex}{self.remark(row)}")
        yield self.aligned(" \\\\\n".join(rows))
