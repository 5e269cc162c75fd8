r"""Letters that count steps or layers above names: the l of ``w^l_{jk}`` beside ``a^{l-1}_k``, the t of ``\theta^{t+1}``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads, kind, letters, shifted


@dataclass(frozen=True)
class _Raised:
    """A name with a letter above it, by which it is `shifted` or not; `indexed` says whether it has a subscript too."""

    name: str
    letter: str
    shifted: bool
    indexed: bool


def steps_shown(
    formulas: Iterable[Cut], table: SymbolTable, numbers: frozenset[str], sequences: frozenset[tuple[str, str]] = frozenset()
) -> frozenset[tuple[str, str]]:
    """The names with the letters that count above them; none of `numbers`, the letters that stand for numbers somewhere, but
    above those of `sequences`, which are given from one member to the next and never stand without.

    A letter counts if some name has it both bare and shifted by a number above it, or if it stands so above names that have
    indices below. It counts above that name and above every name with indices, but above none that in one of these formulas
    stands without a superscript too (then ``r^{k+1}`` may be r times ``r^k``).
    """
    found: set[_Raised] = set()
    powers: set[str] = set()
    formulas = tuple(formulas)
    alone = {name for formula in formulas if _says(formula.tokens, table) for name in _bare(formula.tokens, table)}
    given = {(name, letter) for name, letter in sequences if name not in alone}
    for formula in formulas:
        row = formula.tokens
        if not any(token.kind == "sup" for token in row):
            continue
        here = {one for one in _raised(row, table) if one.letter not in numbers or (one.name, one.letter) in given}
        found |= here
        powers |= {one.name for one in here} & set(_bare(row, table))
    shifted = {(one.name, one.letter) for one in found if one.shifted} & {(r.name, r.letter) for r in found if not r.shifted}
    shifted = {(name, letter) for name, letter in shifted if name not in powers and not _summed(letter, formulas)}
    above = {(one.letter, one.shifted) for one in found if one.indexed and one.name not in powers}
    both = {letter for letter, moved in above if moved and (letter, False) in above and not _summed(letter, formulas)}
    letters = {letter for _, letter in shifted} | both
    of_members = {(one.name, one.letter) for one in found if one.letter in letters and one.indexed and one.name not in powers}
    return frozenset(shifted | of_members)


def places_below(formulas: Iterable[Cut], table: SymbolTable, steps: frozenset[tuple[str, str]]) -> frozenset[tuple[str, int]]:
    """The names with steps above them that have indices below as well, with their number: without those they are vectors."""
    found: set[tuple[str, int]] = set()
    for row in (formula.tokens for formula in formulas):
        for name, after in heads(row, table.names).values():
            if kind(row, after) == "sub" and any(known == name for known, _ in steps):
                below, end = group(row, after + 1)
                above = group(row, end + 1)[0] if kind(row, end) == "sup" else ()
                counted = bool(above) and any((name, letter) in steps for letter in (above[0].text, above[0].text.lower()))
                if counted:
                    found.add((name, len(letters(below))))
    return frozenset(found)


def _raised(row: Sequence[Token], table: SymbolTable) -> Iterator[_Raised]:
    for name, after in heads(row, table.names).values():
        indexed = kind(row, after) == "sub"
        at = group(row, after + 1)[1] if indexed else after
        if kind(row, at) != "sup" or name == "e":
            continue
        above, _ = group(row, at + 1)
        if shifted(above):
            yield _Raised(name, above[0].text, len(above) == 3, indexed)


def _bare(row: Sequence[Token], table: SymbolTable) -> Iterator[str]:
    """The names that stand without a superscript, and below nothing."""
    below = {place for at, mark in enumerate(row) if mark.kind == "sub" for place in range(at + 1, group(row, at + 1)[1])}
    for name, after in (shown for begun, shown in heads(row, table.names).items() if begun not in below):
        at = group(row, after + 1)[1] if kind(row, after) == "sub" else after
        if kind(row, at) != "sup":
            yield name


def _says(row: Sequence[Token], table: SymbolTable) -> bool:
    """Whether a formula is more than the mention of a name."""
    return heads(row, table.names).get(0, ("", 0))[1] != len(row)


def _summed(letter: str, formulas: Iterable[Cut]) -> bool:
    """Whether a sum or a product runs over the letter: then its summands may be powers."""
    return any(
        token.text in ("\\sum", "\\prod")
        and kind(row, at + 1) == "sub"
        and [each.text for each in group(row, at + 2)[0][:1]] == [letter]
        for row in (formula.tokens for formula in formulas)
        for at, token in enumerate(row)
    )
