r"""The shapes that words give to names: *let $A$ be an $m \times n$ matrix*, $W$ 是 $m \times n$ 的矩阵.

Each line of ``words/shapes.tsv`` is a phrase; its slots are formulas, its other words stand for a class of words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources

from derive.documents import Document, Formula, Prose
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import heads, kind
from derive.latex.vectors.bold import base_name
from derive.narrative.names.shaped import Space, axes, length, space
from derive.narrative.words.tables import words_of

CLASSES = {
    "be": frozenset("be is are denote denotes being as ist sei 是 为 為".split()),
    "a": frozenset("a an the two some 一 个 個 ein eine der die".split()),
    "kind": frozenset(
        "real weight data design square symmetric column input random invertible constant diagonal reelle symmetrische".split()
    )
    | frozenset("scalar differentiable smooth scalar-valued non-zero nonzero unit fixed given arbitrary rectangular".split())
    | frozenset("positive definite semidefinite semi-definite positive-definite negative idempotent orthogonal upper".split())
    | frozenset("lower triangular real-valued dense sparse full precision covariance centering centring gram kernel".split())
    | frozenset("hat identity transition projection rotation permutation mixing antisymmetric skew-symmetric".split())
    | frozenset("nonsingular non-singular singular one-hot gaussian standard normal learned learnable trainable".split())
    | frozenset("query key value feature parameter coefficient response target label mean noise state hidden".split())
    | frozenset("independent jointly correlated uncorrelated centred centered".split())
    | frozenset("embedding adjacency symmetric-positive-definite possibly and tall wide".split()),
    "of": frozenset("of with has have having in der".split()),
    "size": frozenset("size shape dimension dimensions length order dim länge dimension".split()),
    "matrix": frozenset("matrix matrices matrizen".split()),
    "vector": frozenset("vector vectors".split()),
}
"""The words that a word of a phrase stands for; every other word stands for itself."""
SLOTS = ("N", "S", "R", "L")
_PUNCTUATION = re.compile("([,;.:!?，；。：、()])")
Piece = tuple[str, Cut | None]
"""A word or a mark of a paragraph, or the tokens of one of its formulas."""


@cache
def phrases() -> tuple[tuple[tuple[str, bool], ...], ...]:
    """The phrases of shapes, each word with whether it may be missing."""
    return phrases_of("shapes.tsv")


def phrases_of(file: str) -> tuple[tuple[tuple[str, bool], ...], ...]:
    """The phrases of a file, each word with whether it may be missing."""
    text = resources.files("derive.narrative.words").joinpath(file).read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(tuple((word.strip("[]"), word.startswith("[")) for word in line) for line in lines)


def described_spaces(document: Document, cut_of: Callable[[Formula], Cut]) -> tuple[Space, ...]:
    """The names with the shapes that words give them, in the order of the text."""
    found: list[Space] = []
    for pieces in paragraphs(document, cut_of):
        for start in range(len(pieces)):
            for phrase in phrases():
                slots = matched(phrase, pieces, start)
                if slots is not None:
                    found += _spaces(slots)
                    break
    return tuple(found)


SQUARE = frozenset(
    "symmetric antisymmetric skew-symmetric orthogonal idempotent invertible nonsingular non-singular square diagonal".split()
) | frozenset("definite semidefinite positive-definite semi-definite permutation rotation triangular symmetrisch".split())
"""The words by which a matrix has as many rows as columns."""


def squares(document: Document, cut_of: Callable[[Formula], Cut]) -> frozenset[str]:
    """The capitals that words make square matrices, whatever their size: *$Q$ is orthogonal*, *a symmetric $A$*."""
    found: set[str] = set()
    for pieces in paragraphs(document, cut_of):
        for at, (_, formula) in enumerate(pieces):
            names = listed(without_value(formula.tokens)) if formula is not None else []
            if names and (_square_before(pieces, at) or _square_behind(pieces, at)):
                found |= {base_name(name)[0] for name in names if name.lstrip("\\")[:1].isupper()}
                found |= _joined(pieces, at)
    return frozenset(found)


def columns(document: Document, cut_of: Callable[[Formula], Cut]) -> frozenset[str]:
    """The names that words call vectors, capitals too: *let $X$ be a random vector*."""
    found: set[str] = set()
    for pieces in paragraphs(document, cut_of):
        for at, (_, formula) in enumerate(pieces):
            names = listed(without_value(formula.tokens)) if formula is not None else []
            before = pieces[at - 1][0] in CLASSES["vector"] if at else False
            if names and (before or _vector_behind(pieces, at + 1)):
                found |= {base_name(name)[0] for name in names}
    return frozenset(found)


def _vector_behind(pieces: Sequence[Piece], at: int) -> bool:
    """Whether *be random vectors*, *and $Y$ be random vectors* follows."""
    while at < len(pieces):
        word, formula = pieces[at]
        if word in CLASSES["vector"]:
            return True
        if formula is None and word not in CLASSES["be"] | CLASSES["a"] | CLASSES["kind"] | {"and", ","}:
            return False
        at += 1
    return False


def _square_behind(pieces: Sequence[Piece], at: int) -> bool:
    """Whether *is symmetric*, *, a symmetric matrix* follows."""
    rest = [word for word, formula in pieces[at + 1 : at + 9] if formula is None or not word]
    words: list[str] = []
    for word in rest:
        if word in CLASSES["be"] | CLASSES["a"] and not words:
            continue
        if word not in CLASSES["kind"] | SQUARE:
            break
        words.append(word)
    begun = len(pieces) > at + 1 and pieces[at + 1][0] in CLASSES["be"] | SQUARE
    return begun and bool(set(words) & SQUARE)


def _square_before(pieces: Sequence[Piece], at: int) -> bool:
    """Whether it is called so right before: *for a symmetric matrix*."""
    words: set[str] = set()
    before = at - 1
    while before >= 0 and pieces[before][1] is None and pieces[before][0] in CLASSES["kind"] | SQUARE | CLASSES["matrix"]:
        words.add(pieces[before][0])
        before -= 1
    return bool(words & SQUARE)


def _joined(pieces: Sequence[Piece], at: int) -> set[str]:
    """The names before *and* that a predicate is of too: *$A$ and $B$ are symmetric*."""
    plural = at + 1 < len(pieces) and pieces[at + 1][0] in ("are", "be")
    before = pieces[at - 2][1] if plural and at > 1 and pieces[at - 1][0] in ("and", ",") else None
    return {name for name in listed(before.tokens) if name.lstrip("\\")[:1].isupper()} if before is not None else set()


def paragraphs(document: Document, cut_of: Callable[[Formula], Cut]) -> Iterator[list[Piece]]:
    """The words and formulas of each paragraph."""
    texts: dict[int, list[Piece]] = {}
    for block in document.blocks:
        if isinstance(block, Prose):
            pieces = texts.setdefault(block.paragraph, [])
            for part in _PUNCTUATION.split(block.text):
                pieces += [(word, None) for word, _ in words_of(part)] if not _PUNCTUATION.fullmatch(part) else [(part, None)]
        elif isinstance(block, Formula) and block.kind == "inline":
            texts.setdefault(block.paragraph, []).append(("", cut_of(block)))
    yield from texts.values()


def matched(phrase: Sequence[tuple[str, bool]], pieces: Sequence[Piece], at: int) -> dict[str, Cut] | None:
    """The formulas in the slots of a phrase that begins at a piece; None where it does not."""
    slots: dict[str, Cut] = {}
    for word, optional in phrase:
        while (
            word == "kind" and at + 1 < len(pieces) and all(p[1] is None and p[0] in CLASSES[word] for p in pieces[at : at + 2])
        ):
            at += 1
        written, formula = pieces[at] if at < len(pieces) else ("", None)
        if word in SLOTS and formula is not None:
            slots[word] = formula
            while word == "N" and at + 2 < len(pieces) and pieces[at + 1][0] in ("and", ",") and pieces[at + 2][1] is not None:
                at += 2
                slots[f"N{at}"] = pieces[at][1] or formula
        elif word in SLOTS or formula is not None or written not in CLASSES.get(word, frozenset({word})):
            if optional:
                continue
            return None
        at += 1
    return slots


def _spaces(slots: dict[str, Cut]) -> Iterator[Space]:
    if "S" in slots:
        row = slots["S"].tokens
        spans = axes(row) or space(row, 0)
    else:
        lengths = [length(slots[slot].tokens) for slot in ("R", "L") if slot in slots]
        spans = tuple(each for each in lengths if each is not None) if None not in lengths else None
    if spans is None or "S" in slots and len(spans) == 1 and not slots["S"].tokens[0].text.startswith("\\mathbb"):
        return
    for slot, formula in slots.items():
        for name in listed(without_value(formula.tokens)) if slot.startswith("N") else ():
            yield Space(base_name(name)[0], spans)


def without_value(row: Sequence[Token]) -> Sequence[Token]:
    """What stands before the sign of an equation: *let $C = I - P$ be an $n \\times n$ matrix* says of C what it is."""
    equal = next((at for at, token in enumerate(row) if token.kind == "relation"), len(row))
    return row[:equal] if equal < len(row) and row[equal].text in ("=", ":=", "\\sim") else row


def listed(row: Sequence[Token]) -> list[str]:
    """The names that a row lists; none for a row with anything else in it."""
    shown, names, at = heads(row, frozenset()), [], 0
    while at in shown:
        name, at = shown[at]
        names.append(name)
        if kind(row, at) == "comma":
            at += 1
    return names if at == len(row) else []
