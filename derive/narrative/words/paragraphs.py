"""Paragraphs as one text with the formulas in it, so that words and conditions can be read together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from derive.documents import Block, Formula, Heading, Prose
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.narrative.words.cases import GAP, IndexCase, cases_in, opening_case, trailing_case
from derive.narrative.words.prose import goes_on, is_general, sentences
from derive.narrative.words.reach import freed, withdraws
from derive.narrative.words.scopes import Scopes
from derive.terms.relations import BY_KEY, READ_KEYS

_RELATED = (*READ_KEYS, "\\approx")
REACH = 400
_EQUAL = {key: BY_KEY[key].text for key in ("=", "!=")}


@dataclass(frozen=True)
class Placed:
    """A formula with the words before and after it in its sentence, and the case under which it stands.

    `said` is the paragraph's text up to the end of the formula's `sentence`; `fresh` says that since the formula before
    it words have begun something new, so that what was assumed for a while is over. `header` is true for a
    condition that opens a case and stands in the words themselves. `scope` has the theorem, quotation, .. that it stands
    in, `within` those of them that a hypothesis in it does not outlast.
    """

    formula: Formula
    before: str
    case: IndexCase | None
    header: bool = False
    said: str = ""
    sentence: str = ""
    fresh: bool = False
    after: str = ""
    withdrawn: bool = False
    freed: frozenset[str] = frozenset()
    scope: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Paragraph:
    """The blocks of a paragraph as one text.

    `text` has the formulas that are conditions or letters in place, the others as gaps; `words` has gaps for relations
    and blanks for the other formulas.
    """

    text: str
    words: str
    formulas: tuple[tuple[int, int, Formula], ...]
    level: int = 0
    quoted: int = 0
    pieces: tuple[tuple[int, Prose], ...] = ()

    def in_words(self, start: int, end: int) -> Formula | None:
        """The stretch of the text as a formula, if it stands in words alone."""
        for at, piece in self.pieces:
            if at <= start and end <= at + len(piece.text):
                cut = piece.passage.cut(start - at, end - at)
                return Formula(cut, "plain", piece.paragraph, cell=piece.cell)
        return None


def paragraphs(blocks: Iterable[Block], cut_of: Callable[[Formula], Cut]) -> list[Paragraph]:
    """The paragraphs of a document in order; `cut_of` has the tokens of a formula."""
    groups: dict[int, list[Block]] = {}
    for block in blocks:
        if isinstance(block, (Formula, Prose, Heading)):
            groups.setdefault(block.paragraph, []).append(block)
    return [_paragraph(group, cut_of) for group in groups.values()]


def _paragraph(blocks: list[Block], cut_of: Callable[[Formula], Cut]) -> Paragraph:
    text, words, formulas, pieces = "", "", [], []
    level = max((block.level for block in blocks if isinstance(block, Heading)), default=0)
    quoted = max((block.quoted for block in blocks if isinstance(block, (Formula, Prose))), default=0)
    for block in blocks:
        if isinstance(block, Formula):
            row = cut_of(block).tokens
            shown = f" {_simple(row) if block.kind == 'inline' else GAP} "
            formulas.append((len(text), len(text) + len(shown), block))
            related = block.kind == "plain" or any(token.kind == "relation" and token.text in _RELATED for token in row)
            blank = GAP if related and shown.strip() == GAP else " "
            text, words = text + shown, words + f" {blank}".ljust(len(shown))
        elif isinstance(block, (Prose, Heading)):
            if isinstance(block, Prose):
                pieces.append((len(text), block))
            text, words = text + block.text, words + block.text
    return Paragraph(text, words, tuple(formulas), level, quoted, tuple(pieces))


def _simple(row: Sequence[Token]) -> str:
    """A letter, or a condition on one, as words have it; a gap for every other formula."""
    texts = [token.text for token in row]
    letter = bool(row) and row[0].kind == "letter"
    if letter and len(row) == 1:
        return f"${texts[0]}$"
    if letter and len(row) == 3 and texts[1] in _EQUAL and row[2].kind in ("letter", "number") and len(texts[2]) == 1:
        return f"{texts[0]} {_EQUAL[texts[1]]} {texts[2]}"
    return _EQUAL["!="] if texts == ["!="] else GAP


@dataclass
class Cases:
    """The case that is open while a document is read from top to bottom."""

    case: IndexCase | None = None
    sticky: IndexCase | None = None
    used: bool = False
    fresh: bool = False
    withdrawn: bool = False
    freed: frozenset[str] = frozenset()
    scopes: Scopes = field(default_factory=Scopes)

    def placed(self, paragraph: Paragraph) -> list[Placed]:
        """The paragraph's formulas, each with its case; what is open afterwards stays in this object."""
        if paragraph.quoted != self.scopes.quoted:  # no case goes on behind a quotation
            self.case, self.fresh = self.sticky, True
        self.scopes.paragraph(paragraph.quoted, paragraph.level, paragraph.words)
        if paragraph.level:
            self.sticky = self.case = opening_case(paragraph.words)
            self.used, self.fresh = False, True
            self._ended(paragraph.words, paragraph.text)
            scope = self.scopes.open()
            return [Placed(formula, "", self.case, fresh=True, scope=scope) for _, _, formula in paragraph.formulas]
        result: list[Placed] = []
        for start, end in sentences(paragraph.text) or [(0, len(paragraph.text))]:
            result += self._sentence(paragraph, start, end)
        placed = {id(p.formula) for p in result}
        result += [Placed(f, "", self.case, scope=self.scopes.open()) for _, _, f in paragraph.formulas if id(f) not in placed]
        return sorted(result, key=lambda p: p.formula.position(0))

    def _ended(self, words: str, sentence: str) -> None:
        self.withdrawn = self.withdrawn or withdraws(words)
        self.freed |= frozenset(freed(sentence))

    def _sentence(self, paragraph: Paragraph, start: int, end: int) -> list[Placed]:
        sentence, words = paragraph.text[start:end], paragraph.words[start:end]
        self._ended(words, sentence)
        self.scopes.sentence(sentence)
        result, told = [], 0
        opened = opening_case(sentence.lstrip())
        has_words = re.search(r"[^\W\d_]", words) is not None
        if is_general(words):
            self.case = self.sticky = None
            self.fresh = True
        if opened is not None:
            self.case, self.used, self.fresh = opened, False, True
            shift = end - len(sentence.lstrip())
            spoken = paragraph.in_words(shift + opened.span[0], shift + opened.span[1])
            if spoken is not None:
                result.append(Placed(spoken, "", opened, header=True))
        elif has_words and not goes_on(words, self.used):
            self.case, self.fresh = self.sticky, True
        changes = cases_in(sentence, self.case)
        said = paragraph.text[:end]
        for left, right, formula in paragraph.formulas:
            if start <= left < end:
                shown = paragraph.text[left:right].strip()
                case = self.case = next(one for at, one in reversed(changes) if at <= left - start)
                if shown == GAP:
                    case = trailing_case(paragraph.text[right:min(end, right + REACH)], opened is not None) or case
                    self.used = True
                    self.freed |= frozenset(freed(sentence[told:left - start])) if told else frozenset()
                    told = right - start
                lead = paragraph.words[max(start, left - REACH):left]
                rest = paragraph.words[right:min(end, right + REACH)]
                result.append(Placed(formula, lead, case, said=said, sentence=sentence, fresh=self.fresh, after=rest,
                                     withdrawn=self.withdrawn, freed=self.freed, scope=self.scopes.open(),
                                     within=self.scopes.within(sentence)))
                self.fresh, self.withdrawn, self.freed = False, False, frozenset()
        self.case = changes[-1][1]
        self.scopes.sentence_over(sentence, [placed.formula.latex for placed in result])
        return result
