"""One matcher for all languages: what a sentence makes of the formulas in it, by the phrases of a table.

Only a sentence all of whose words are in the table is *closed*, and only such a sentence puts a hypothesis in force.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from derive.narrative.words.tables import GAP, LANGUAGES, Row, Table, table, words_of

_STRANGE = re.compile(r"[?？“”\"「」『』]|~~|\[\^|\[\d+\]")
_APART = re.compile(r"[,:;，：；]|\n\s*\n")
_NEAR = 5
"""How far from a formula words take it back: *it is not true that*, *is not at all true*."""
_REACHES = ("sentence", "paragraph", "section", "document")
_TAKING_UP = ("assume", "let", "given", "define", "set", "condition", "reason")


@dataclass(frozen=True)
class Lead:
    """What the words of its sentence say of a formula.

    `effect` is that of the last head before it (``assume``, ``let``, ``given``, ``define``, ``set``, ``condition``, ``reason``,
    ``conclude``, ``then``, ``state``, ``equate``, ``solve``, ``mention``) or "". `reach` is how far a hypothesis goes. `opens`
    says that the head stands before all formulas of its sentence, `near` that nothing but words of the head's phrase and
    links stands between the two, `under` that a condition stands before it in its sentence,
    `direct` that no other formula stands between it and the head.
    """

    effect: str = ""
    reach: str = "section"
    closed: bool = False
    opens: bool = False
    near: bool = False
    under: bool = False
    direct: bool = False

    @property
    def takes_up(self) -> bool:
        """Whether the words make a hypothesis of a formula, in force or not."""
        return self.effect in _TAKING_UP


@dataclass(frozen=True)
class Told:
    """A property that a sentence gives to the formula number `formula` of it, or to a letter among its words (`name`);
    `lead` says how it is said."""

    effect: str
    formula: int
    lead: Lead
    name: str = ""


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

    def strange_after(self, at: int) -> bool:
        """Whether the formula at the place `at` is the subject of a predicate that is in no table: *is symmetric*."""
        rows = [row for place, row in self.items if place > at]
        if not rows or rows[0] is None or rows[0].effect != "be":
            return False
        rest = [row for row in rows[1:] if row is None or row.part != "article"]
        return bool(rest) and rest[0] is None

    def has(self, effect: str) -> bool:
        """Whether a phrase with that effect stands in it."""
        return any(row is not None and row.effect == effect for _, row in self.items)

    def lead(self, at: int) -> Lead:
        """What the words say of the formula at the place `at`."""
        before = [(place, row) for place, row in self.items if place < at]
        heads = [(place, row) for place, row in before if row is not None and row.part == "head"]
        behind = [row for place, row in self.items if place > at][:_NEAR]
        last_few = before[-_NEAR:]
        close = [each[1] for each in before if each in last_few or (each[1] is not None and each[1].part == "head")]
        if any(row is not None and row.effect == "mention" for row in (*close, *behind)):
            return Lead("mention", "", False)
        reaching = [row.reach for _, row in self.items if row is not None and row.part == "reach"]
        if not heads:  # throughout, x > 0; but "in this case" tells only where something is said
            lasting = reaching[:1] in (["section"], ["document"])
            return Lead("assume" if lasting else "", reaching[0] if reaching else "section", self.closed)
        place, last = heads[-1]
        gaps = [p for p, row in before if row is not None and row.part == "gap"]
        since = max((p for p in gaps if p < place), default=-1)
        if last.effect == "then":  # suppose the inputs are centred, so ..
            place, last = next(((p, row) for p, row in reversed(heads) if p > since and row.effect == "assume"), (place, last))
        reaches = [row.reach for p, row in heads if p > since and row.reach]
        reaches += reaching
        reach = reaching[0] if reaching and "sentence" not in reaches else min(reaches, key=_REACHES.index, default="section")
        between = [row for p, row in before if p > place]
        if last.reach == "sentence" and any(p > place for p in gaps) and _APART.search(self.text[max(gaps):at]):
            return Lead("then", closed=self.closed, under=True)
        near = all(row is not None and (row.effect in ("link", "be") or row.part in ("gap", "article")) for row in between)
        solving = last.effect == "conclude" and any(row.effect == "equate" for p, row in heads if p > since)
        return Lead("solve" if solving else last.effect, "sentence" if solving else reach, self.closed, since < 0, near,
                    any(row.effect == "condition" and p < place for p, row in heads),
                    not any(p > place for p in gaps))

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
                subject = max((k for k in subjects if k < number), default=None)
            named = self.items[subject][1] if subject is not None else None
            if subject is None or named is None:
                continue
            formula = gaps.index(subject) if subject in gaps else -1
            found.append(Told(row.effect, formula, self.lead(place), named.effect))
        return tuple(found)

    def _behind(self, number: int) -> int | None:
        """The formula or letter behind an item with only nouns between them: *one-hot label* y."""
        for k in range(number + 1, len(self.items)):
            row = self.items[k][1]
            if row is not None and row.part in ("gap", "name"):
                return k
            if row is None or row.part not in ("word", "property") or row.effect in ("link", "be"):
                return None
        return None


def read(text: str) -> Sentence:
    """A sentence, in which each formula is a :data:`GAP`, by the table of the language that has most of its words."""
    words = words_of(text)
    found = [_matched(words, table(language)) for language in LANGUAGES]
    best = min(found, key=lambda items: sum(row is None for _, row in items))
    strange = _STRANGE.search(text) is not None or any(
        row is None or row.part == "strange" or row.effect == "open" for _, row in best)
    return Sentence(tuple(best), not strange, text)


def _inside(items: Sequence[tuple[int, Row | None]], place: int, word: str, phrase: Sequence[str], row: Row) -> bool:
    """Whether a single Chinese character is the end of a word that is in no table, as 得 is in 觉得."""
    alone = len(phrase) == 1 and not word.isascii() and len(word) == 1 and row.part in ("head", "property")
    return alone and bool(items) and items[-1][1] is None and items[-1][0] == place - 1


def _matched(words: Sequence[tuple[str, int]], rows: Table) -> list[tuple[int, Row | None]]:
    items: list[tuple[int, Row | None]] = []
    at = 0
    while at < len(words):
        word, place = words[at]
        if word == GAP:
            items.append((place, Row("gap")))
            at += 1
            continue
        for phrase, row in rows.get(word, ()):
            if tuple(w for w, _ in words[at:at + len(phrase)]) == phrase and not _inside(items, place, word, phrase, row):
                items.append((place, row))
                at += len(phrase)
                break
        else:
            lone = len(word) == 1 and word.isascii()
            items.append((place, Row("name", word) if lone else None))
            at += 1
    return [(place, None if row is not None and row.part == "head" and _crowded(words, items, k) else row)
            for k, (place, row) in enumerate(items)]


def _crowded(words: Sequence[tuple[str, int]], items: Sequence[tuple[int, Row | None]], number: int) -> bool:
    """Whether two single Chinese characters stand side by side, which may be a word that is in no table: 有时."""
    single = {place for place, row in items if row is not None and row.part not in ("gap", "name")}
    after = {place: items[k + 1][0] if k + 1 < len(items) else None for k, (place, _) in enumerate(items)}
    han = {place for word, place in words if len(word) == 1 and "\u4e00" <= word <= "\u9fff"}

    def lone(place: int) -> bool:
        return place in single & han and (after[place] == place + 1 or place + 1 not in han)

    place = items[number][0]
    return lone(place) and any(lone(other) for other in (place - 1, place + 1) if other in single)
