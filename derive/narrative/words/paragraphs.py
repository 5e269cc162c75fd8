"""Paragraphs as one text with the formulas in it, so that words and conditions can be read together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from derive.documents import Block, Formula, Heading, Prose
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.narrative.words.cases import IndexCase, cases_in, opening_case, trailing_case
from derive.narrative.words.grammar import Lead, Sentence, read
from derive.narrative.words.scopes import Scopes
from derive.narrative.words.sentences import sentences
from derive.narrative.words.tables import GAP
from derive.terms.relations import BY_KEY, READ_KEYS

_RELATED = (*READ_KEYS, "\\approx")
REACH = 400
CONVENTIONS = ("log-base", "summation", "numerator-layout", "denominator-layout")
"""What words say of all formulas behind them: logarithms have a base, an index that stands twice is summed over."""
NATURAL = "log-natural"
"""The words that make a logarithm the natural one, whatever was said of bases before."""
_NUMBER = re.compile(r"\s*(?:\d+|[a-h])[.)]\s+$")
_EQUAL = {key: BY_KEY[key].text for key in ("=", "!=")}


@dataclass(frozen=True)
class Spoken:
    """What words say of a formula that is a name: a property (``one-hot``, ``positive``, ``label``), "" that they introduce
    it anew, ``strange`` that it has a property which is in no table, ``noun`` that it is called by a noun that ties it;
    `lead` is how they say it, `plain` that nothing but *is the* and their like stand between the property and the formula,
    `earlier` the formulas before it, the nearest first, `joined` those of them that only *and* and commas part from it."""

    effect: str
    formula: Formula | None
    lead: Lead
    name: str = ""
    plain: bool = False
    earlier: tuple[Formula, ...] = ()
    joined: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A formula with what its sentence says of it, and the case under which it stands.

    `fresh` says that since the formula before it words have begun something new, so that what was assumed for a while is
    over, `ended` that a word which is in no table was among them. `spoken` is what its sentence says of names, at the
    sentence's first formula. `header` is true for a condition that opens a case and stands in the words themselves.
    `conventions` are those of :data:`CONVENTIONS` that words have told.
    `ends` says that its sentence has no formula behind it and is over there.
    `told` has the effects of the words of its sentence, `between` those of the words between it and the formula before.
    `scope` has the theorem, section, .. that it stands in, `within` those of them that a hypothesis in it does not outlast.
    """

    formula: Formula
    lead: Lead
    case: IndexCase | None
    header: bool = False
    sentence: int = 0
    fresh: bool = False
    ended: bool = False
    updating: bool = False
    spoken: tuple[Spoken, ...] = ()
    scope: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    moved: bool = False
    conventions: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    ends: bool = False


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
    item: bool = False

    def between(self, start: int, end: int) -> tuple[tuple[int, int, Formula], ...]:
        """The formulas that begin in a stretch of the text, each with its ends."""
        begins = itemgetter(0)
        return self.formulas[bisect_left(self.formulas, start, key=begins) : bisect_left(self.formulas, end, key=begins)]

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
    item = bool(blocks) and not isinstance(blocks[0], Heading) and _numbered(blocks[0])
    return Paragraph(text, words, tuple(formulas), level, quoted, tuple(pieces), item)


def _numbered(block: Block) -> bool:
    """Whether a numbered item of a list begins with the block."""
    if not isinstance(block, (Formula, Prose)):
        return False
    line, column = block.passage.position(0)
    return _NUMBER.match(block.passage.source.line(line)[: column - 1]) is not None


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
    ended: bool = False
    moved: bool = False
    number: int = 0
    going: str = ""
    conventions: frozenset[str] = frozenset()
    spoken: tuple[Spoken, ...] = ()
    scopes: Scopes = field(default_factory=Scopes)

    def placed(self, paragraph: Paragraph) -> list[Placed]:
        """The paragraph's formulas, each with its case; what is open afterwards stays in this object."""
        if paragraph.quoted != self.scopes.quoted:  # no case goes on behind a quotation
            self.case, self.fresh = self.sticky, True
        self.scopes.paragraph(paragraph.quoted, paragraph.level, paragraph.words)
        if paragraph.level:
            self.sticky = self.case = opening_case(paragraph.words)
            self.used, self.fresh, self.moved, self.going = False, True, True, ""
            scope = self.scopes.open()
            return [
                Placed(formula, Lead(), self.case, fresh=True, scope=scope, within=self.scopes.within(), moved=True)
                for _, _, formula in paragraph.formulas
            ]
        result: list[Placed] = []
        if paragraph.item:
            self.scopes.item()
        cut = sentences(paragraph.text) or [(0, len(paragraph.text))]
        if not self.going and re.search(r"[^\W\d_]", paragraph.words) and not read(_shown(paragraph, *cut[0])).links():
            self.moved = True
        for start, end in cut:
            result += self._sentence(paragraph, start, end)
        placed = {id(p.formula) for p in result}
        result += [
            Placed(f, Lead(), self.case, scope=self.scopes.open(), within=self.scopes.within())
            for _, _, f in paragraph.formulas
            if id(f) not in placed
        ]
        return sorted(result, key=lambda p: p.formula.position(0))

    def _sentence(self, paragraph: Paragraph, start: int, end: int) -> list[Placed]:
        sentence, words = paragraph.text[start:end], paragraph.words[start:end]
        self.scopes.sentence(sentence)
        inside = paragraph.between(start, end)
        masked = _shown(paragraph, start, end)
        shift = len(self.going)
        told = read(self.going + masked)
        self.number += not self.going
        joined = bool(self.going)
        self.going = (
            f"{self.going}{masked} \n\n"
            if end == len(paragraph.text)
            and not _STOPPED.search(sentence)
            and (re.search(r"[^\W\d_]", masked[masked.rfind(GAP) + 1 :]))
            else ""
        )
        result = []
        opened = opening_case(sentence.lstrip())
        has_words = re.search(r"[^\W\d_]", words) is not None
        if told.is_general and not joined:
            self.case = self.sticky = None
            self.fresh = True
        if opened is not None:
            self.case, self.used, self.fresh = opened, False, True
            place = end - len(sentence.lstrip())
            spoken = paragraph.in_words(place + opened.span[0], place + opened.span[1])
            if spoken is not None:
                result.append(Placed(spoken, Lead(), opened, header=True))
        elif has_words and not joined and not (told.links(self.used) or read(masked).links(self.used)):
            self.case, self.fresh = self.sticky, True
        self.ended = self.ended or not told.closed or bool(paragraph.quoted)
        self.conventions |= {each for each in CONVENTIONS if told.has(each)}
        if told.has(NATURAL):
            self.conventions -= {"log-base"}
        changes, updating = cases_in(sentence, self.case), told.has("update")
        said = self.spoken = (*self.spoken, *_spoken(told, shift, [(left - start, formula) for left, _, formula in inside]))
        for left, right, formula in inside:
            shown = paragraph.text[left:right].strip()
            case = self.case = next(one for at, one in reversed(changes) if at <= left - start)
            if shown == GAP:
                case = trailing_case(paragraph.text[right : min(end, right + REACH)], opened is not None) or case
                self.used = True
            result.append(
                Placed(
                    formula,
                    told.lead(shift + left - start),
                    case,
                    sentence=self.number,
                    fresh=self.fresh,
                    ended=self.ended,
                    updating=updating,
                    spoken=said,
                    scope=self.scopes.open(),
                    within=self.scopes.within(),
                    moved=self.moved,
                    conventions=self.conventions,
                    told=told.effects,
                    between=told.before(shift + left - start),
                    ends=formula is inside[-1][2] and _STOPPED.search(sentence) is not None,
                )
            )
            self.fresh, self.ended, self.moved, said = False, False, False, ()
            self.spoken = ()
        self.case = changes[-1][1]
        self.scopes.sentence_over(sentence, [placed.formula.latex for placed in result])
        return result


_STOPPED = re.compile(r"[.!?。！？；;]\W*$")


def _shown(paragraph: Paragraph, start: int, end: int) -> str:
    """A sentence with a gap for each formula."""
    parts, at = [], start
    for left, right, _ in paragraph.between(start, end):
        parts += [paragraph.text[at:left], GAP, " " * (min(right, end) - left - 1)]
        at = min(right, end)
    return "".join(parts) + paragraph.text[at:end]


def _spoken(told: Sentence, shift: int, formulas: Sequence[tuple[int, Formula]]) -> Iterator[Spoken]:
    """What a sentence says of its names; of its formulas only those that stand behind the place `shift` are given."""
    before = told.text[:shift].count(GAP)
    for each in told.told():
        if each.formula < 0:
            yield Spoken(each.effect, None, each.lead, each.name)
        elif each.formula >= before and each.formula - before < len(formulas):
            earlier = tuple(formulas[at - before][1] for at in each.earlier if before <= at < before + len(formulas))
            joined = tuple(formulas[at - before][1] for at in each.joined if before <= at < before + len(formulas))
            own = formulas[each.formula - before][1]
            yield Spoken(each.effect, own, each.lead, plain=each.plain, earlier=earlier, joined=joined)
    for at, formula in formulas:
        lead = told.lead(shift + at)
        if strange := told.strange_after(shift + at):
            yield Spoken(strange, formula, lead)
        if lead.effect == "let" and lead.near and lead.closed:
            yield Spoken("", formula, lead)
