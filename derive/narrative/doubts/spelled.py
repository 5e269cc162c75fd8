"""What the tokens of a relation leave open of how it is spelled: words of letters, sums without limits, lists of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from derive.judge.verdict import Cause, Doubt
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.tokens.vocabulary import DOTS
from derive.terms.reasons import Why


def spelled(row: Sequence[Token], behind: Sequence[Token]) -> tuple[Doubt, ...]:
    """The doubts about a relation with the tokens `row`, in whose formula the tokens `behind` follow."""
    found = [Doubt(Cause.CHOICE, word, taken=Why.TAKEN_FACTOR) for word in _words(row)]
    found += [Doubt(Cause.CHOICE, letter, taken=Why.TAKEN_INDEX) for letter in _idle(row)]
    found += [Doubt(Cause.CHOICE, "0", taken=Why.TAKEN_EXPONENT) for _ in _zeroth(row)]
    if row and row[-1].kind == "number" and _listed(behind):
        found.append(Doubt(Cause.CHOICE, row[-1].text, taken=Why.TAKEN_ONE_VALUE))
    return tuple(dict.fromkeys(found))


def _words(row: Sequence[Token]) -> Iterator[str]:
    """The letters without a space between them that spell a word: *Hits*, *loss*, *score*; not xyz, ABC and mgh.

    A word has a capital at most at its beginning; three small letters behind one, five letters or one twice in a row make it.
    """
    at = 0
    while at < len(row):
        after = at
        while after < len(row) and row[after].kind == "letter" and (after == at or row[after - 1].end == row[after].start):
            after += 1
        word = "".join(token.text for token in row[at:after])
        small = word[1:].islower() and word.isascii()
        spelled = len(word) > 4 or (len(word) > 3 and word[0].isupper()) or any(a == b for a, b in pairwise(word))
        if len(word) > 2 and small and spelled:
            yield word
        at = max(after, at + 1)


def _idle(row: Sequence[Token]) -> Iterator[str]:
    """The letters below sums without limits that stand nowhere else: y may be a family in ``\\sum_v y = 1``."""
    for at, token in enumerate(row):
        below, after = group(row, at + 2) if kind(row, at + 1) == "sub" else ((), at)
        if token.text != "\\sum" or [t.kind for t in below] != ["letter"]:
            continue
        after = group(row, after + 1)[1] if kind(row, after) == "sup" else after
        if kind(row, after) != "number" and all(t.text != below[0].text for t in (*row[:at], *row[after:])):
            yield below[0].text


def _zeroth(row: Sequence[Token]) -> Iterator[int]:
    """Where 0 stands above a name: what a sequence begins with is written so, and hardly ever a power."""
    for at in range(1, len(row)):
        names = row[at - 1].kind in ("letter", "command", "roman") and row[at - 1].text != "e"
        if row[at].kind == "sup" and names and [t.text for t in group(row, at + 1)[0]] == ["0"]:
            yield at


def _listed(behind: Sequence[Token]) -> bool:
    """Whether more numbers follow one: ``C_n = 1, 1, 2, \\dots``."""
    closed = len(behind) == 2 or kind(behind, 2) == "comma"
    return kind(behind, 0) == "comma" and closed and (kind(behind, 1) == "number" or behind[1].text in DOTS)
