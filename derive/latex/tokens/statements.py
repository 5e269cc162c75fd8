r"""Statements of a formula: chains ``A = B = C``, several statements in a row, side remarks, holes.

Statements are separated by commas, ``\quad``, and words (``且``, ``\text{and}``, ``\therefore``); a relation at the
start of a row goes on with the chain before it. A remark is what follows ``\text{if}``, ``当`` .., or a bracket with
words or with a relation in it. What is set aside is kept as a remark or a note, never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group
from derive.latex.tokens.pieces import Side, conditions_below, implied, leads, sides_of, trimmed
from derive.latex.tokens.remarks import (
    CONDITION_WORDS,
    DEPTH,
    JOIN_WORDS,
    OR_WORDS,
    WHEN_WORDS,
    denies,
    is_label,
    is_remark,
    is_unknown,
    is_whole_remark,
    matching,
)
from derive.latex.tokens.rows import Row
from derive.latex.tokens.vocabulary import DOTS
from derive.terms.reasons import Reason, Why, because
from derive.terms.relations import IMPLICATIONS

OR = "or"
"""The word of a remark that is one of several alternatives."""


@dataclass(frozen=True)
class RawRemark:
    """Tokens that are said beside a statement."""

    tokens: tuple[Token, ...]
    words: str = ""

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return max(token.end for token in self.tokens)


@dataclass(frozen=True)
class RawStatement:
    """Sides with the relations between them.

    `lead` is the word that introduced the statement, `blocked` says why it is no claim by itself (``or``, a denial);
    `implies` is the arrow that leads from it to the next.
    """

    sides: tuple[Side, ...]
    relations: tuple[Token, ...]
    row_start: int
    lead: str = ""
    remarks: tuple[RawRemark, ...] = ()
    notes: tuple[str, ...] = ()
    blocked: Reason | None = None
    implies: Token | None = None


@dataclass
class _Collector:
    source: str
    found: list[RawStatement] = field(default_factory=list)
    pending: list[RawRemark] = field(default_factory=list)
    lead: str = ""
    condition: bool = False
    condition_word: str = ""
    blocked: Reason | None = None

    def remark(self, tokens: Sequence[Token], here: bool) -> None:
        """Keeps a remark for the statement before it, or (where there is none in the row) for the next one."""
        if not tokens:
            return
        remark = RawRemark(tuple(tokens), self.condition_word if self.condition else "")
        if here and self.found:
            self.found[-1] = replace(self.found[-1], remarks=(*self.found[-1].remarks, remark))
        else:
            self.pending.append(remark)

    def when(self) -> None:
        """The statement before is a condition of the next one: ``x = 1 时, y = 2``."""
        last = self.found.pop()
        sides = [token for side in last.sides for token in side.tokens]
        tokens = tuple(sorted((*sides, *last.relations), key=lambda token: token.start))
        self.pending += [*last.remarks, RawRemark(tokens, "when")]

    def statement(self, statement: RawStatement) -> None:
        self.found.append(replace(statement, remarks=(*self.pending, *statement.remarks), lead=self.lead, blocked=self.blocked))
        self.pending, self.lead, self.blocked = [], "", None


def statements(source: str, all_rows: Sequence[Row]) -> tuple[RawStatement, ...]:
    """The statements of all rows, in order; remarks before the first of them belong to it."""
    collector = _Collector(source)
    for row in all_rows:
        _row(collector, row)
    if collector.pending:
        if collector.found:
            last = collector.found[-1]
            collector.found[-1] = replace(last, remarks=(*last.remarks, *collector.pending))
        else:
            start = collector.pending[0].start
            collector.found.append(RawStatement((), (), start, collector.lead, tuple(collector.pending)))
    return tuple(collector.found)


def _row(collector: _Collector, row: Row) -> None:
    begun = len(collector.found)
    collector.condition = False
    current: list[Token] = []
    tokens = _worded(row.tokens)
    kept_commas = _range_commas(tokens)
    at = 0
    first_piece = True

    def finish(separator: str) -> None:
        nonlocal current, first_piece
        piece, current = trimmed(current), []
        if not piece:
            return
        _piece(collector, piece, row, len(collector.found) > begun, first_piece, separator)
        first_piece = False

    while at < len(tokens):
        token = tokens[at]
        if token.kind in ("lbrace", "begin", "open"):
            end = matching(tokens, at)
            if token.kind == "open" and token.text == "(" and is_remark(tokens, at, end, current):
                if current and current[-1].text == "?" and current[-1].kind == "op":
                    current.append(Token("expected", "", token.start, tokens[end - 1].end))
                    current.extend(t for t in tokens[at + 1 : end - 1] if t.kind not in ("words", "text"))
                else:
                    if at + 1 >= len(tokens) or not current:
                        finish("gap")
                    collector.pending.append(RawRemark(tokens[at + 1 : end - 1]))
                at = end
                continue
            current.extend(tokens[at:end])
            at = end
            continue
        separates = token.kind == "comma" or token.kind == "op" and token.text == ":" and collector.condition and current
        if separates and at not in kept_commas and not _in_a_number(tokens, at):
            finish("comma")
            if collector.condition and len(collector.found) == begun and collector.pending:
                collector.condition = False
        elif (
            token.kind == "gap"
            and not (current and _joins(current[-1]))
            and not (at + 1 < len(tokens) and _joins(tokens[at + 1]) and current)
        ):
            finish("gap")
        elif token.kind == "gap":
            pass
        elif token.kind == "text" and is_unknown(token) and _in_formula(tokens, at, current):
            current.append(token)
        elif token.kind in ("words", "text") and not _operand(current):
            finish("words")
            _words(collector, token, len(collector.found) > begun)
        elif token.kind == "op" and token.text == "." and current and not _joins(current[-1]):
            finish("comma")
        else:
            current.append(token)
        at += 1
    finish("end")
    if collector.pending and len(collector.found) > begun:
        last = collector.found[-1]
        collector.found[-1] = replace(last, remarks=(*last.remarks, *collector.pending))
        collector.pending = []


def _worded(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    r"""``\text{loss} = ..`` and ``\text{norm}(z)`` are names: the text token becomes a roman one."""
    found: list[Token] = []
    for position, token in enumerate(tokens):
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if (
            token.kind == "text"
            and token.text.isascii()
            and token.text.isalnum()
            and token.text.lower() not in (JOIN_WORDS | CONDITION_WORDS)
            and not _below(tokens, position)
        ):
            touches = after is not None and after.start == token.end and (after.kind in ("sub", "sup", "prime", "open"))
            beside = after is not None and after.kind == "relation" or bool(found) and _joins(found[-1])
            if touches or beside:
                token = replace(token, kind="roman")
        elif token.kind == "roman" and token.text.lower() in OR_WORDS and not _below(tokens, position):
            token = replace(token, kind="text")
        found.append(token)
    return tuple(found)


def _below(tokens: tuple[Token, ...], position: int) -> bool:
    before = tokens[max(position - 2, 0) : position]
    return bool(before) and (
        before[-1].kind in ("sub", "sup") or (before[-1].kind == "lbrace" and before[0].kind in ("sub", "sup"))
    )


def _joins(token: Token) -> bool:
    return (
        token.kind == "relation"
        or (token.kind == "op" and token.text in "+-*/")
        or token.text in ("\\cdot", "\\times", "\\pm", "\\mp")
    )


def _operand(current: list[Token]) -> bool:
    """Whether something has to follow what was read so far: words in that place are no separator."""
    return bool(current) and (_joins(current[-1]) or current[-1].kind in ("sub", "sup"))


def _in_formula(tokens: Sequence[Token], at: int, current: list[Token]) -> bool:
    """Whether an unknown word touches a formula on a side: it may be a part of it, and is not set aside."""
    if current:
        return tokens[at - 1].kind != "gap"
    return at + 1 < len(tokens) and tokens[at + 1].kind not in ("gap", "comma", "words", "text")


def _in_a_number(tokens: Sequence[Token], at: int) -> bool:
    """Whether a comma stands between two digits, as in ``3,5``, which may be one number or two."""
    around = tokens[at - 1 : at + 2] if at else ()
    return (
        len(around) == 3
        and around[0].kind == around[2].kind == "number"
        and around[0].end == around[1].start
        and around[1].end == around[2].start
    )


def _range_commas(tokens: Sequence[Token]) -> frozenset[int]:
    r"""The commas of ``i = 1, 2, \ldots, n`` and ``j = r + 1, \ldots, n``: they separate no statements."""
    kept: set[int] = set()
    depth = 0
    for position, token in enumerate(tokens):
        depth += DEPTH.get(token.kind, 0)
        if depth or token.text not in DOTS or not 0 < position < len(tokens) - 1:
            continue
        if tokens[position - 1].kind != "comma" or tokens[position + 1].kind != "comma":
            continue
        back = position - 1
        while back > 0 and tokens[back].kind in ("comma", "number"):
            back -= 1
        if tokens[back].kind != "relation":  # it begins at a term: r + 1
            back = position - 2
            while back > 0 and tokens[back].kind in ("letter", "number", "op"):
                back -= 1
        if tokens[back].kind == "relation":
            kept |= {p for p in range(back, position + 2) if tokens[p].kind == "comma"}
    return frozenset(kept)


def _words(collector: _Collector, token: Token, here: bool) -> None:
    word = token.text.strip(" ,.:;，。：").lower()
    if not word:
        return
    if word in WHEN_WORDS and here and not collector.condition:
        collector.when()
    elif word in CONDITION_WORDS:
        collector.condition, collector.condition_word = True, word
    elif word in JOIN_WORDS:
        collector.condition = collector.condition and word in ("and", "且", "和", "与", "or")
        collector.lead = word.lstrip("\\")
    elif word in OR_WORDS:
        _alternative(collector, here)
    else:
        if denies(word):
            collector.blocked = because(Why.DENIED, words=token.text.strip())
        collector.remark([token], here)


def _alternative(collector: _Collector, here: bool) -> None:
    """``or`` between two statements: neither is a claim by itself; between two conditions: neither is one alone."""
    if collector.condition:
        collector.condition_word = OR
        if here and collector.found[-1].remarks:
            last = collector.found[-1]
            collector.found[-1] = replace(last, remarks=(*last.remarks[:-1], replace(last.remarks[-1], words=OR)))
        elif collector.pending:
            collector.pending[-1] = replace(collector.pending[-1], words=OR)
        return
    collector.blocked = because(Why.ALTERNATIVE)
    if here:
        collector.found[-1] = replace(collector.found[-1], blocked=collector.blocked)


def _piece(collector: _Collector, piece: list[Token], row: Row, here: bool, first: bool, separator: str) -> None:
    """A piece between separators: a statement, a continued chain, or a remark."""
    if collector.condition:
        collector.remark(piece, here)
        return
    notes: list[str] = []
    while piece and piece[0].kind == "relation" and (piece[0].text in IMPLICATIONS or leads(piece)):
        notes.append(f"{piece[0].text} at the start is read as 'therefore'")
        piece = piece[1:]
    if not piece:
        return
    if is_label(piece) and (separator == "gap" or here):
        collector.remark(piece, here)
        return
    if here and _is_case(piece, collector.found[-1]):
        collector.remark(piece, here)
        return
    if piece[0].text == "\\forall" or (piece[0].kind == "open" and here and is_whole_remark(piece)):
        collector.remark(piece, here)
        return
    piece, conditions = conditions_below(piece)
    parts, arrows = implied(piece)
    for part, arrow in zip(parts, arrows, strict=False):
        collector.statement(RawStatement(*sides_of(part, row.start), row.start, notes=tuple(notes), implies=arrow))
        collector.lead = "therefore"
    piece = parts[-1]
    sides, relations = sides_of(piece, row.start)
    if len(parts) == 1 and not sides[0].tokens and relations and collector.found and first and collector.found[-1].sides:
        last = collector.found[-1]
        collector.found[-1] = replace(
            last,
            sides=last.sides + sides[1:],
            relations=last.relations + relations,
            remarks=(*last.remarks, *collector.pending),
            notes=(*last.notes, *notes),
        )
        collector.pending = []
        return
    collector.statement(RawStatement(sides, relations, row.start, notes=tuple(notes)))
    for condition in conditions:
        collector.remark(condition, True)


def _is_case(piece: list[Token], before: RawStatement) -> bool:
    r"""``i = j`` or ``i \ne j`` behind a statement whose names have these letters below them."""
    if [token.kind for token in piece] != ["letter", "relation", "letter"] or piece[1].text not in ("=", "!="):
        return False
    sides = [side.tokens for side in before.sides]
    below = {
        token.text for row in sides for at, mark in enumerate(row) if mark.kind == "sub" for token in group(row, at + 1)[0]
    }
    return bool(before.relations) and piece[0].text in below and piece[2].text in below
