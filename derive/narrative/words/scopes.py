"""The parts of a document that a hypothesis in them does not outlast: a theorem and its proof, a quotation, a part (a)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.narrative.words.tables import GAP, phrases, wording

_PROOF = r"^[\s*_#>]*<proof>(?=[\s.:*_}(\[]|$)"
# A word of Latin letters ends there: no small letter follows.
_THEOREM = r"^[\s*_#>]*<theorem>(?<![A-Za-z](?=[a-z]))"
_END = re.compile(r"^\s*end\{([a-z]+)\*?\}")
_TOMBSTONE = r"[∎□■]|\bQ\.?\s?E\.?\s?D\b|<proved>|\\(?:qed|qedsymbol|blacksquare|square|Box)\s*$"
_PART = re.compile(
    r"^[\s*_>-]*(?:\(?(?:[a-h]|\d+)\)[\s*_]|[（(]?(?:[a-h]|\d+)）|[（(][一二三四五六七八九十]{1,3}[）)])|^\s*(?:\d+(?:\.\s|、)|[一二三四五六七八九十]{1,3}、)"
)

BEFORE = "before the first heading"


@dataclass
class Scopes:
    """The theorem, part, quotation and sections that are open while a document is read from top to bottom.

    `bounded` says that hypotheses belong to the theorem, `titled` that this goes on over paragraphs: in the proof, or
    under a heading that names a theorem. `ending` waits for what follows the theorem: a proof may use its hypotheses.
    """

    theorem: int = 0
    part: int = 0
    parts: int = 0
    quoted: int = 0
    sections: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])  # the whole document
    headings: int = 0
    bounded: bool = False
    titled: bool = False
    ending: bool = False

    def paragraph(self, quoted: int, level: int, words: str) -> None:
        """A paragraph begins; `level` is that of a heading, else 0."""
        self.quoted = quoted
        if level:
            self.headings += 1
            self.sections = [*((above, number) for above, number in self.sections if above < level), (level, self.headings)]
            self.part = 0
            self.titled = self.bounded = wording(_THEOREM).match(words) is not None
            self.theorem += self.titled
        else:
            self.bounded = self.titled

    def item(self) -> None:
        """A numbered item of a list begins."""
        self.parts += 1
        self.part = self.parts

    def sentence(self, text: str) -> None:
        """A sentence begins."""
        end = _END.match(text)
        rest = text[end.end() :] if end else text
        if end:
            self.ending = True
            if end[1] not in phrases("proved-later"):
                self._close()
        if not re.search(rf"[\w{GAP}]", rest):
            return
        if wording(_PROOF).match(rest):
            self.ending, self.titled, self.bounded = False, True, True
        elif self.ending:
            self._close()
        if wording(_THEOREM).match(rest):
            self.theorem += 1
            self.part = 0
            self.bounded = True
            self.titled = rest.lstrip()[:20].partition("}")[1] == "}" and "{" not in rest.lstrip()[:20].partition("}")[0]
        elif _PART.match(rest):
            self.parts += 1
            self.part = self.parts

    def sentence_over(self, text: str, formulas: list[str]) -> None:
        """A sentence has ended; a tombstone in it ends the proof."""
        if wording(_TOMBSTONE).search(text) or any(wording(_TOMBSTONE).fullmatch(formula) for formula in formulas):
            self._close()

    def open(self) -> frozenset[str]:
        """What is open here."""
        return frozenset(
            (
                f"theorem {self.theorem}",
                f"part {self.part}",
                f"quotation {self.quoted}",
                *(f"section {number}" for _, number in self.sections),
                *(() if self.headings else (BEFORE,)),
            )
        )

    def within(self) -> frozenset[str]:
        """What ends a hypothesis or a meaning that is said here."""
        return frozenset(
            (
                *([f"theorem {self.theorem}"] if self.bounded else []),
                *([f"part {self.part}"] if self.part else []),
                *([f"quotation {self.quoted}"] if self.quoted else []),
                f"section {self.sections[-1][1]}",
            )
        )

    def _close(self) -> None:
        self.theorem += 1
        self.bounded = self.titled = self.ending = False
