"""The grammars of the languages: tables of phrases, one for each language, read once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("english", "chinese", "german")
TEXT = "text"

GAP = "\ufffc"
"""Stands in a sentence for a formula."""
_WORD = re.compile(
    rf"i\.e\b\.?|e\.g\b\.?|w\.r\.t\b\.?|s\.t\b\.?|q\.e\.d\b\.?|\\?[^\W\d_\u4e00-\u9fff]+(?:[-’'][^\W\d_\u4e00-\u9fff]+)*|"
    rf"[\u4e00-\u9fff∵∴]|{GAP}"
)

_PLACE = re.compile(r"<([a-z-]+)(\\b)?>")


def words_of(text: str) -> list[tuple[str, int]]:
    """The words of a text with their places, in small letters; a Chinese character is a word."""
    return [(found.group().lower().rstrip("."), found.start()) for found in _WORD.finditer(text)]


@dataclass(frozen=True)
class Row:
    """What a phrase does.

    `part` is ``head`` (it says what the formulas behind it are), ``hedge`` (a head behind which stands what the rest of its
    sentence needs: *if, whenever*), ``when`` (the same, and it stands behind that: 时), ``property``, ``reach``, ``article``,
    ``general`` (it leaves a case; with the effect ``condition`` it is a head too: *for every x > 0*), ``strange`` (as if it
    were in no table), ``word``, ``noun`` (a word that says what a bare name is), or ``text`` (it is no word of the grammar,
    see :func:`wording`). `effect` and `reach` are those of the table.
    """

    part: str
    effect: str = ""
    reach: str = ""


Table = Mapping[str, tuple[tuple[tuple[str, ...], Row], ...]]
"""The phrases by their first token, the longest first."""


@cache
def table(language: str) -> Table:
    """The table of a language."""
    found: dict[str, dict[tuple[str, ...], Row]] = {}
    for phrase, row in _rows(language):
        if row.part != TEXT:
            found.setdefault(phrase[0], {})[phrase] = row
    return {first: tuple(sorted(rows.items(), key=lambda each: -len(each[0]))) for first, rows in found.items()}


@cache
def phrases(effect: str) -> frozenset[str]:
    """The wordings that have this effect in a text as it stands, in any language."""
    rows = [row for language in LANGUAGES for row in _lines(language) if row[1:3] == (TEXT, effect)]
    return frozenset(phrase for row in rows for phrase in row[0].split("|"))


@cache
def wording(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""The regular expression `pattern`, in which ``<effect>`` stands for any of the :func:`phrases` of that effect, and
    ``<effect\b>`` for the same where words of Latin letters stand apart.

    >>> [found.group() for found in wording(r"<negation\b>").finditer("not a knot")]
    ['not']
    """
    return re.compile(_PLACE.sub(_any_of, pattern), flags)


def _any_of(place: re.Match[str]) -> str:
    apart = place[2] or ""
    longest_first = sorted(phrases(place[1]), key=lambda text: (-len(text), text))
    ends = [apart if text[0].isascii() else "" for text in longest_first]
    return f"(?:{'|'.join(end + re.escape(text) + end for text, end in zip(longest_first, ends, strict=True))})"


def _lines(language: str) -> Iterator[tuple[str, ...]]:
    text = resources.files(__package__).joinpath(f"{language}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#") and line.strip():
            yield tuple(line.split("\t"))


def _rows(language: str) -> Iterator[tuple[tuple[str, ...], Row]]:
    for phrases, part, effect, reach in _lines(language):
        row = Row(part, effect.strip("-"), reach.strip("-"))
        for phrase in phrases.split("|"):
            yield tuple(text for text, _ in words_of(phrase)), row


@dataclass(frozen=True)
class NamedFunction:
    """The LaTeX of the value at the entry i of ``z_1, .., z_n``, what the values are, and the letter that custom gives it."""

    value: str
    said: str
    letter: str


@cache
def functions() -> Mapping[str, NamedFunction]:
    """The functions that words name."""
    text = resources.files(__package__).joinpath("functions.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {name: NamedFunction(value, said.strip("-"), letter.strip("-")) for name, value, said, letter in rows}
