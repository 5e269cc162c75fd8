"""One matcher for all languages: what a sentence makes of the formulas in it, by the phrases of a table.

Only a sentence all of whose words are in the table is *closed*, and only such a sentence puts a hypothesis in force.
"""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import itemgetter

from derive.narrative.words.tables import GAP, LANGUAGES, Row, Table, table, words_of

_STRANGE = re.compile(r"[?？“”\"「」『』]|~~|\[\^|\[\d+\]")
_APART = re.compile(r"[,:;，：；]|\n\s*\n")
_COMMA = re.compile(r"[,:;，：；]")
_NEAR = 5
"""How far from a formula words take it back: *it is not true that*, *is not at all true*."""
_REACHES = ("sentence", "paragraph", "section", "document")
RESULTS = ("conclude", "then", "state")
"""The effects of a lead that says that something follows."""
HEDGES = ("hedge", "when")
_ENDING = (*RESULTS, "let", "define", "set", "given", "assume")
"""The effects of a head behind which a condition is no longer one of what was said before."""
_TAKING_UP = ("assume", "let", "given", "define", "set", "condition", "reason")


@dataclass(frozen=True)
class Lead:
    """What the words of its sentence say of a formula.

    `effect` is that of the last head before it (``assume``, ``let``, ``given``, ``define``, ``set``, ``condition``, ``reason``,
    ``conclude``, ``then``, ``state``, ``equate``, ``solve``, ``mention``) or "". `reach` is how far a hypothesis goes. `opens`
    says that the head stands before all formulas of its sentence, `near` that nothing but words of the head's phrase and
    links stands between the two, `under` that a condition stands before it in its sentence,
    `direct` that no other formula stands between it and the head, `apart` that a comma or colon does, behind words of its own:
    *for a general weight,*. `hedged` is ``before`` or ``behind`` where words of its sentence make it depend on something else:
    *if .., let x > 0*, *let x > 0 whenever ..*; "" where none do.
    """

    effect: str = ""
    reach: str = "section"
    closed: bool = False
    opens: bool = False
    near: bool = False
    under: bool = False
    direct: bool = False
    apart: bool = False
    hedged: str = ""

    @property
    def takes_up(self) -> bool:
        """Whether the words make a hypothesis of a formula, in force or not."""
        return self.effect in _TAKING_UP


@dataclass(frozen=True)
class Told:
    """A property that a sentence gives to the formula number `formula` of it, or to a letter among its words (`name`);
    `lead` says how it is said, `plain` that nothing but *is the* and their like stand between the two. Where that formula is a
    size, as in *a symmetric $n \\times n$ matrix*, it is one of `earlier`, the nearest first;
    `joined` are those before it that only *and* and commas part from it: *let A and B be symmetric*."""

    effect: str
    formula: int
    lead: Lead
    name: str = ""
    plain: bool = False
    earlier: tuple[int, ...] = ()
    joined: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sentence:
    """A sentence as the table has it: its phrases with their places, a row None for a word that is in no table."""

    items: tuple[tuple[int, Row | None], ...] = ()
    closed: bool = True
    text: str = ""

    def links(self, used: bool = True) -> bool:
        """Whether it has no words but such as lead on (so, hence, 因此); where something was said already (`used`), a sentence
        that begins with an article begins something new.
        """
        rows = [row for _, row in self.items if row is not None and row.part not in ("gap", "name")]
        leading = all(row.effect in ("link", "be", "then", "conclude", "state", "reason") for row in rows)
        return self.closed and leading and not (used and rows and rows[0].part == "article")

    @property
    def is_general(self) -> bool:
        """Whether it leaves the cases behind: *combining both cases*, *in general*, 综上."""
        return any(row is not None and row.part == "general" for _, row in self.items)

    def strange_after(self, at: int) -> str:
        """``strange`` where the formula at the place `at` is the subject of a predicate that is in no table, *is convex*,
        ``noun`` where that is a noun that ties a name by what it says, *is the Laplacian*; "" for neither."""
        rows = (row for _, row in islice(self.items, bisect(self._places, at), None))
        first = next(rows, None)
        if first is None or first.effect != "be":
            return ""
        for row in rows:
            if row is None:
                return "strange"
            if row.part != "article":
                return row.part if row.part == "noun" else ""
        return ""

    def has(self, effect: str) -> bool:
        """Whether a phrase with that effect stands in it."""
        return effect in self.effects

    @cached_property
    def effects(self) -> frozenset[str]:
        """The effects of all its phrases."""
        return frozenset(row.effect for _, row in self.items if row is not None)

    def before(self, at: int) -> frozenset[str]:
        """The effects of the words between the formula at the place `at` and the one before it."""
        here = bisect_left(self._places, at)
        earlier = bisect_left(self._gaps, at)
        begin = bisect(self._places, self._gaps[earlier - 1]) if earlier else 0
        return frozenset(row.effect for _, row in self.items[begin:here] if row is not None)

    @cached_property
    def _places(self) -> list[int]:
        return [place for place, _ in self.items]

    @cached_property
    def _gaps(self) -> list[int]:
        return [place for place, row in self.items if row is not None and row.part == "gap"]

    @cached_property
    def _heads(self) -> list[tuple[int, Row]]:
        return [
            (place, row) for place, row in self.items if row is not None and (row.part == "head" or row.effect == "condition")
        ]

    @cached_property
    def _hedges(self) -> list[int]:
        """The places of the words behind which, or before which, stands what the rest of the sentence needs."""
        return [place for place, row in self.items if row is not None and row.part in HEDGES]

    def _hedged(self, at: int, own: int) -> str:
        """How words make a formula at the place `at` depend on something else; its own head stands at `own`."""
        hedges = self._hedges
        if any(each < at and each != own for each in hedges[:1]):
            return "before"
        behind = next((each for each in hedges if each > at), -1)
        parting = bisect(self._heads, at, key=itemgetter(0))
        between = next((place for place, row in islice(self._heads, parting, None) if row.effect in _ENDING), behind)
        return "behind" if behind >= 0 and between >= behind else ""

    @cached_property
    def _reaching(self) -> list[str]:
        return [row.reach for _, row in self.items if row is not None and row.part == "reach"]

    @cached_property
    def _first(self) -> dict[str, int]:
        """Where the first head with an effect stands."""
        return {row.effect: place for place, row in reversed(self._heads)}

    @cached_property
    def _parting(self) -> list[int]:
        """The places of what parts a formula from its head: neither a link nor a formula nor an article."""
        return [
            place
            for place, row in self.items
            if row is None or not (row.effect in ("link", "be") or row.part in ("gap", "article"))
        ]

    def lead(self, at: int) -> Lead:
        """What the words say of the formula at the place `at`; its cost does not grow with the sentence."""
        here, after = bisect_left(self._places, at), bisect(self._places, at)
        about = (*self.items[max(here - _NEAR, 0) : here], *self.items[after : after + _NEAR])
        if self._first.get("mention", at) < at or any(row is not None and row.effect == "mention" for _, row in about):
            return Lead("mention", "", False)
        heads = self._heads
        ours = bisect_left(heads, at, key=itemgetter(0))
        reaching = self._reaching
        if after < len(self.items) and (row := self.items[after][1]) is not None and row.part == "when":  # 时
            first = not any(place < at for place in self._gaps)
            return Lead("condition", "sentence", self.closed, first, near=True, direct=True)
        if not ours:  # throughout, x > 0; but "in this case" tells only where something is said
            lasting = reaching[:1] in (["section"], ["document"])
            return Lead("assume" if lasting else "", reaching[0] if reaching else "section", self.closed)
        place, last = heads[ours - 1]
        gaps = self._gaps
        earlier = bisect_left(gaps, place)
        since = gaps[earlier - 1] if earlier else -1
        nearest = gaps[bisect_left(gaps, at) - 1 : bisect_left(gaps, at)]
        recent = heads[bisect(heads, since, key=itemgetter(0)) : ours]
        if last.effect == "then":  # suppose the inputs are centred, so ..
            place, last = next(((p, row) for p, row in reversed(recent) if row.effect == "assume"), (place, last))
        naming = next(((p, row) for p, row in reversed(recent) if row.effect == "define"), None)
        if last.effect == "reason" and naming is not None and _COMMA.search(self.text, naming[0], at) is None:
            last = naming[1]  # we define the loss as ..
        reaches = [row.reach for _, row in recent if row.reach]
        reaches += reaching
        reach = reaching[0] if reaching and "sentence" not in reaches else min(reaches, key=_REACHES.index, default="section")
        parted = bool(nearest) and nearest[0] > place
        apart = parted and _APART.search(self.text, nearest[0], at) is not None
        if (above := self._assumed_under(ours - 1, apart)) is not None:
            head, condition = above
            return Lead(head.effect, head.reach, self.closed, hedged="" if condition.part == "general" else "behind")
        words = apart and bisect_left(self._parting, nearest[0]) < bisect_left(self._parting, at)
        if last.reach == "sentence" and apart or last.effect == "assume" and words:  # given x > 0, the rule reads ..
            return Lead("then", closed=self.closed, under=True)
        near = bisect(self._parting, place) == bisect_left(self._parting, at)
        solving = last.effect == "conclude" and any(row.effect == "equate" for _, row in recent)
        return Lead(
            "solve" if solving else last.effect,
            "sentence" if solving else reach,
            self.closed,
            since < 0,
            near,
            self._first.get("condition", place) < place,
            not parted,
            (begun := self._behind_words(place, at)) is not None and _APART.search(self.text, begun, at) is not None,
            "" if last.effect == "condition" else self._hedged(at, place),
        )

    def _assumed_under(self, last: int, apart: bool) -> tuple[Row, Row] | None:
        """The head and the condition of *assume that if x > 0, then ..*, where the head number `last` is that *then*, or the
        condition, from which a comma sets what follows `apart`; None for anything else."""
        heads = self._heads
        at = last - 1 - (heads[last][1].effect == "then")
        if at < 0 or heads[at][1].effect not in ("assume", "let") or apart is (heads[last][1].effect == "then"):
            return None
        (begin, head), (end, condition) = heads[at], heads[at + 1]
        joined = condition.effect == "condition" and bisect(self._gaps, begin) == bisect(self._gaps, end)
        return (head, condition) if joined else None

    def _behind_words(self, place: int, at: int) -> int | None:
        """Where the second word behind the head at `place` stands, of those before `at`: *for a weight,* but *if, say,*."""
        number = bisect(self._places, place)
        return self._places[number + 1] if number + 1 < bisect_left(self._places, at) else None

    def told(self) -> tuple[Told, ...]:
        """The properties that it gives to formulas, whatever it says of them."""
        subjects = [k for k, (_, row) in enumerate(self.items) if row is not None and row.part in ("gap", "name")]
        gaps = [k for k in subjects if (row := self.items[k][1]) is not None and row.part == "gap"]
        found = []
        for number, (place, row) in enumerate(self.items):
            if row is None or row.part != "property" or not subjects:
                continue
            subject = self._behind(number)
            if subject is None:
                count = bisect_left(subjects, number)
                subject = subjects[count - 1] if count else None
            named = self.items[subject][1] if subject is not None else None
            if subject is None or named is None:
                continue
            formula = bisect_left(gaps, subject) if named.part == "gap" else -1
            between = self.items[subject + 1 : number]
            plain = all(r is not None and (r.effect == "be" or r.part in ("article", "property")) for _, r in between)
            earlier = tuple(reversed(range(bisect_left(gaps, min(subject, number)))))
            joined = tuple(bisect_left(gaps, k) for k in self._joined(subject))
            found.append(Told(row.effect, formula, self.lead(place), named.effect, plain, earlier, joined))
        return tuple(found)

    def _joined(self, subject: int) -> Iterator[int]:
        """The formulas before an item that nothing but *and* and commas part from it."""
        for k in range(subject - 1, -1, -1):
            row = self.items[k][1]
            if row is not None and row.part == "gap":
                yield k
            elif row is None or row.part != "word" or row.effect != "link":
                return

    def _behind(self, number: int) -> int | None:
        """The formula or letter behind an item with only nouns between them: *one-hot label* y, and not *be one-hot,* p."""
        for k in range(number + 1, len(self.items)):
            row = self.items[k][1]
            if row is not None and row.part in ("gap", "name"):
                return k if _APART.search(self.text, self.items[number][0], self.items[k][0]) is None else None
            if row is None or row.part not in ("word", "property") or row.effect in ("link", "be"):
                return None
        return None


def read(text: str) -> Sentence:
    """A sentence, in which each formula is a :data:`GAP`, by the table of the language that has most of its words."""
    words = words_of(text)
    found = [matched(words, table(language)) for language in LANGUAGES]
    best = min(found, key=lambda items: sum(row is None for _, row in items))
    strange = _STRANGE.search(text) is not None or any(
        row is None or row.part == "strange" or row.effect == "open" for _, row in best
    )
    return Sentence(tuple(best), not strange, text)


def is_hedge(phrase: str) -> bool:
    """Whether a phrase says that what stands behind it is needed for the rest of its sentence: *if, whenever*, 当."""
    return any(row is not None and row.part == "hedge" for _, row in read(phrase).items)


def _inside(items: Sequence[tuple[int, Row | None]], place: int, word: str, phrase: Sequence[str], row: Row) -> bool:
    """Whether a single Chinese character is the end of a word that is in no table, as 得 is in 觉得."""
    alone = len(phrase) == 1 and not word.isascii() and len(word) == 1 and row.part in ("head", "hedge", "property")
    return alone and bool(items) and items[-1][1] is None and items[-1][0] == place - 1


def matched(words: Sequence[tuple[str, int]], rows: Table) -> list[tuple[int, Row | None]]:
    """The phrases of a table among words with their places; None for a word that is in no phrase."""
    items: list[tuple[int, Row | None]] = []
    at = 0
    while at < len(words):
        word, place = words[at]
        if word == GAP:
            items.append((place, Row("gap")))
            at += 1
            continue
        for phrase, row in rows.get(word, ()):
            if tuple(w for w, _ in words[at : at + len(phrase)]) == phrase and not _inside(items, place, word, phrase, row):
                items.append((place, row))
                at += len(phrase)
                break
        else:
            lone = len(word) == 1 and word.isascii()
            items.append((place, Row("name", word) if lone else None))
            at += 1
    crowded = _crowded(words, items)
    heads = ("head", "hedge")
    return [(place, None if row is not None and row.part in heads and place in crowded else row) for place, row in items]


def _crowded(words: Sequence[tuple[str, int]], items: Sequence[tuple[int, Row | None]]) -> set[int]:
    """The places where single Chinese characters stand side by side, which may be a word that is in no table: 有时."""
    han = {place for word, place in words if len(word) == 1 and "\u4e00" <= word <= "\u9fff"}
    ends = dict(zip((place for place, _ in items), (place for place, _ in items[1:]), strict=False))
    lone = {
        place
        for place, row in items
        if place in han
        and row is not None
        and row.part not in ("gap", "name")
        and (ends.get(place) == place + 1 or place + 1 not in han)
    }
    return {place for place in lone if place - 1 in lone or place + 1 in lone}
