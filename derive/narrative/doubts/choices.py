"""Which of the parser's choices a document leaves open: a power or an index, a product or a value, e, \\log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from derive.judge.verdict import Cause, Doubt
from derive.latex.grammar.choices import Open
from derive.latex.readings import ReadStatement
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, kind
from derive.latex.tokens.vocabulary import ACCENTS, DOTS
from derive.terms.reasons import Why

SIGNS = ("\\sum", "\\prod", "\\int")
"""What may have a number above it without being a name."""
UPRIGHT_SIGNS = frozenset("deiT")
"""Letters that are signs where they stand upright: a differential, numbers, a transpose."""

LAYERS = frozenset({"l", "\\ell"})
"""Letters by which layers are counted: *layers $l$ and $l - 1$*, *for $l < L$* make no numbers of them."""

_TAKEN = {Open.VALUE: Why.TAKEN_NUMBER, Open.NORM: Why.TAKEN_OF_ENTRIES, Open.ENTRY: Why.TAKEN_OF_EACH}
"""What is taken where a formula leaves it open, and nothing in the document could settle it."""


@dataclass(frozen=True)
class Choices:
    """What the formulas of a document show of its letters.

    `valued` are letters that stand for numbers somewhere: on the line, or in an exponent with arithmetic. `stepping` are
    letters that count steps or layers above a name on the left of an equation. `numbered` are names with a 1 above them.
    `alone` are letters that stand somewhere without a bracket behind them. `upright` are letters that one formula writes
    upright and slanted. `factors` are names that stand with a subscript and no bracket behind it. `sequences` are names
    with the letter above them by which they are given from one member to the next, `counted` those with a letter that is an
    index. `used` are letters on the line of more than what says over which numbers they run.
    """

    valued: frozenset[str] = frozenset()
    stepping: frozenset[str] = frozenset()
    numbered: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    upright: frozenset[str] = frozenset()
    sequences: frozenset[tuple[str, str]] = frozenset()
    factors: frozenset[str] = frozenset()
    counted: frozenset[tuple[str, str]] = frozenset()
    used: frozenset[str] = frozenset()

    @staticmethod
    def of(formulas: Iterable[Cut], table: SymbolTable) -> Choices:
        """What `formulas` show."""
        valued: set[str] = set(table.sizes)
        used: set[str] = set()
        stepping: set[str] = set()
        numbered: set[str] = set()
        alone: set[str] = set()
        upright: set[str] = set()
        sequences: set[tuple[str, str]] = set()
        factors: set[str] = set()
        for formula in formulas:
            row = formula.tokens
            upright |= {t.text for t in row if t.kind == "roman"} & {t.text for t in row if t.kind == "letter"}
            valued |= set(_valued(row)) - (LAYERS if _counts_layers(row) else frozenset())
            alone |= {
                row[at].text
                for at in range(len(row))
                if row[at].kind in ("letter", "command", "roman") and not (at + 1 < len(row) and row[at + 1].kind == "open")
            }
            if not _counts(row):
                used |= set(_valued(row)) - (LAYERS if _counts_layers(row) else frozenset())
            if letter := _step(row):
                stepping.add(letter)
            sequences.add(_sequence(row))
            factors |= {
                row[at].text
                for at in range(len(row) - 1)
                if row[at + 1].kind == "sub" and kind(row, group(row, at + 2)[1]) != "open"
            }
            numbered |= {
                _below(row, at)
                for at in range(1, len(row) - 1)
                if row[at].kind == "sup"
                and row[at - 1].kind != "number"
                and row[at - 1].text not in SIGNS
                and [t.text for t in group(row, at + 1)[0]] == ["1"]
            } - {""}
        return Choices(
            frozenset(valued),
            frozenset(stepping - valued),
            frozenset(numbered),
            frozenset(alone),
            frozenset(upright - UPRIGHT_SIGNS),
            frozenset(sequences - {("", "")}),
            frozenset(factors),
            used=frozenset(used),
        )

    def shifts(self, formula: Cut, table: SymbolTable) -> str:
        """The name at the beginning of the formula, if the number of a step stands above it, and a relation behind; or "".

        Above a name of which the table knows that it is counted so stands an index.
        """
        letter = _step(formula.tokens)
        counted = letter in self.stepping and (formula.tokens[0].text, letter) not in table.steps
        return formula.tokens[0].text if counted else ""

    def open(self, formula: Cut, statement: ReadStatement) -> tuple[Doubt, ...]:
        """The choices in a statement that nothing settles."""
        found = []
        row = formula.tokens
        start, end = statement.spans[0][0], statement.spans[-1][1]
        at = {token.start: number for number, token in enumerate(row)}
        for choice in statement.choices:
            text = formula.text[choice.start : choice.end]
            if choice.open in _TAKEN:
                found.append(Doubt(Cause.CHOICE, text, taken=_TAKEN[choice.open]))
            lone = choice.end - choice.start == 1 and text not in self.alone
            lone = lone or _of_number(row, at.get(choice.start, 0) + 1)
            if choice.open is Open.CALL and choice.taken == "product" and lone:
                found.append(Doubt(Cause.CHOICE, text, taken=Why.TAKEN_FACTOR))
            elif (
                choice.open is Open.POWER
                and text not in self.valued
                and _on_letter(row, place := at.get(choice.start, 0))
                and not _counts_powers(row, place)
            ):
                found.append(Doubt(Cause.CHOICE, text, taken=Why.TAKEN_EXPONENT))
        aside = {
            token.start for number, mark in enumerate(row) if mark.kind in ("sub", "sup") for token in group(row, number + 1)[0]
        }
        for before, token in zip(row, row[1:], strict=False):
            if (
                token.kind == "number"
                and not formula.plain
                and before.kind in ("letter", "roman")
                and before.end == token.start
                and (start <= token.start < end and not aside & {before.start, token.start})
            ):
                found.append(Doubt(Cause.CHOICE, before.text, taken=Why.TAKEN_FACTOR))  # x2 is rather one name
        for number, token in enumerate(row):
            if token.kind in ("roman", "letter") and token.text in self.upright and start <= token.start < end:
                found.append(Doubt(Cause.CHOICE, token.text, taken=Why.TAKEN_ONE_LETTER))
            if token.kind != "sup" or not start <= token.start < end or number == 0:
                continue
            above = [t.text for t in group(row, number + 1)[0]]
            if above and (_raised(row, number), above[0]) in self.counted:
                continue
            if _shifted(above) and (row[number - 1].text, above[0]) in self.sequences:
                found.append(Doubt(Cause.CHOICE, "".join(above), taken=Why.TAKEN_EXPONENT))
            if len(above) > 1 and set(above) & self.stepping and _on_letter(row, number + 1):
                found.append(Doubt(Cause.CHOICE, "".join(above), taken=Why.TAKEN_EXPONENT))
            if len(above) == 1 and above[0].isdigit() and _below(row, number) in self.numbered:
                found.append(Doubt(Cause.CHOICE, above[0], taken=Why.TAKEN_EXPONENT))
        return tuple(dict.fromkeys(found))


def _below(row: Sequence[Token], at: int) -> str:
    r"""The name below the superscript at `at`, with its accent and without its subscript; "" for a group or a bracket."""
    if row[at - 1].kind != "rbrace":
        return row[at - 1].text if kind(row, at - 2) != "sub" else _below(row, at - 2)
    begun = next((p for p in range(at - 2, -1, -1) if row[p].kind == "lbrace" and group(row, p)[1] == at), -1)
    if begun < 1:
        return ""
    if row[begun - 1].kind == "sub":
        return _below(row, begun - 1)
    inside = row[begun + 1 : at - 1]
    return f"{row[begun - 1].text}{{{inside[0].text}}}" if row[begun - 1].text in ACCENTS and len(inside) == 1 else ""


def _raised(row: Sequence[Token], at: int) -> str:
    """The name below the superscript at `at`, which may have a subscript."""
    below = next((p for p in range(at) if row[p].kind == "sub" and group(row, p + 1)[1] == at), at)
    return row[below - 1].text if below else ""


def _on_letter(row: Sequence[Token], at: int) -> bool:
    """Whether the exponent that begins about there stands on a name, and not on e, a number or a bracket."""
    while at > 0 and row[at].kind != "sup":
        at -= 1
    before = row[at - 1] if at > 0 else None
    return before is not None and before.kind in ("letter", "command", "roman") and before.text != "e"


def _counts_powers(row: Sequence[Token], at: int) -> bool:
    """Whether the letter at `at` is the index of a sum of powers: ``\\sum_{k=0}^n r^k`` where r stands alone, too.

    A sum that begins at 1 could be one over samples, unless a power up to its end stands beside it: ``r^n``.
    """
    letter, base = row[at].text, row[at - 2 if row[at - 1].kind == "sup" else at - 3].text
    if not any(t.text == base and kind(row, p + 1) not in ("sup", "sub", "open", "prime") for p, t in enumerate(row)):
        return False
    for sign in (p for p, token in enumerate(row) if token.text == "\\sum"):
        below, after = group(row, sign + 2)
        if kind(row, sign + 1) != "sub" or [t.text for t in below[:2]] != [letter, "="] or len(below) != 3:
            continue
        high = [t.text for t in group(row, after + 1)[0]] if kind(row, after) == "sup" else []
        powers = [group(row, p + 2)[0] for p, t in enumerate(row) if t.text == base and kind(row, p + 1) == "sup"]
        last = [power for power in powers if high and [t.text for t in power[: len(high)]] == high]
        if below[2].text == "0" or last:
            return True
    return False


def _of_number(row: Sequence[Token], at: int) -> bool:
    """Whether a bracket with numbers alone stands there: hardly anyone writes a product as ``s(0)`` or ``s(1 - 0 - 0.5)``."""
    end = next((p for p in range(at, len(row)) if row[p].kind == "close"), at)
    return kind(row, at) == "open" and end > at + 1 and all(t.kind == "number" or t.text in "+-" for t in row[at + 1 : end])


def _shifted(above: Sequence[str]) -> bool:
    """A letter, or a letter with a number added or subtracted."""
    return len(above) in (1, 3) and above[0].isalpha() and (len(above) == 1 or above[1] in ("+", "-") and above[2].isdigit())


def _sequence(row: Sequence[Token]) -> tuple[str, str]:
    """The h and k of ``h^k = .. h^{k-1} ..``, a sequence that is given by its members before, or two empty words."""
    letter = _step(row)
    for at, token in enumerate(row):
        if letter and at > 2 and token.text == row[0].text and at + 1 < len(row) and row[at + 1].kind == "sup":
            above = [t.text for t in group(row, at + 2)[0]]
            if len(above) == 3 and _shifted(above) and above[0] == letter:
                return row[0].text, letter
    return "", ""


def _counts(row: Sequence[Token]) -> bool:
    r"""Whether a formula is a letter, or says what it runs over: ``k``, ``k = 1, \dots, K``, ``(l - 1)^\text{th}``."""
    ordinal = next((at for at, token in enumerate(row) if token.kind == "sup"), len(row))
    row = row if any(t.kind not in ("words", "text") for t in group(row, ordinal + 1)[0]) else row[:ordinal]
    row = row[1:-1] if len(row) > 2 and row[0].kind == "open" and row[-1].kind == "close" else row
    if not row or row[0].kind != "letter":
        return False
    if [token.kind for token in row[1:]] == ["op", "number"]:
        return True
    rest = row[2:] if kind(row, 1) == "relation" and row[1].text != "in" else row[1:]
    return all(t.kind in ("number", "comma") or t.text in DOTS or t.text.isupper() and len(t.text) == 1 for t in rest)


def _valued(row: Sequence[Token]) -> Iterator[str]:
    """The letters on the line, and those in exponents with more arithmetic than a shift."""
    at = 0
    while at < len(row):
        token = row[at]
        if token.kind in ("sup", "sub"):
            inside, after = group(row, at + 1)
            shift = len(inside) == 3 and inside[0].kind == "letter" and inside[2].kind == "number"
            label = bool(inside) and inside[0].kind == "open" and inside[-1].kind == "close"  # the l of z^{[l]}
            if token.kind == "sup" and len(inside) > 1 and not shift and not label:
                yield from (t.text for t in inside if t.kind in ("letter", "command"))
            at = max(after, at + 1)
            continue
        if token.kind in ("letter", "command") and not (at + 1 < len(row) and row[at + 1].kind == "sub"):
            yield token.text
        at += 1


def _counts_layers(row: Sequence[Token]) -> bool:
    """Whether nothing stands on the line but a letter of layers, numbers, capitals and what compares them."""
    plain, at = True, 0
    while at < len(row):
        token = row[at]
        if token.kind == "sup":
            at = group(row, at + 1)[1]  # the l^{th} layer
            continue
        known = token.text in LAYERS or token.kind == "letter" and token.text.isupper() or token.text in ("+", "-")
        plain = plain and (known or token.kind in ("number", "relation", "comma", "open", "close") or token.text in DOTS)
        at += 1
    return plain


def _step(row: Sequence[Token]) -> str:
    """The t of ``\\theta^{t+1} = ..``, or ""."""
    if len(row) < 4 or row[0].kind not in ("letter", "command") or row[1].kind != "sup" or row[0].text == "e":
        return ""
    inside, after = group(row, 2)
    texts = [t.text for t in inside]
    plain = len(texts) == 1 or (len(texts) == 3 and texts[1] in ("+", "-") and texts[2].isdigit())
    related = after < len(row) and row[after].kind == "relation" and row[after].text in ("=", ":=")
    return texts[0] if texts and plain and related and inside[0].kind == "letter" else ""
