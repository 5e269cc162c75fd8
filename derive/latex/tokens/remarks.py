"""What is said beside a formula: words that join statements or open a condition, brackets that set something aside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derive.latex.tokens.lexer import Token

CONDITION_WORDS = frozenset(
    """
    if when for whenever provided given assuming with since 当 若 如果 假如 对于 对 对所有 當 對於 此时
    """.split()
) | {"for all", "for any", "for each", "such that", "s.t.", "provided that", "for every"}
WHEN_WORDS = frozenset(("时", "時"))
"""Words behind a relation that is a condition of what follows."""
_THEN_WORDS = frozenset({"则", "那么", "then", "则有", "時", "时", "則", "有", "we have"})
JOIN_WORDS = (
    frozenset(
        """
    且 以及 从而 和 与 及 并且 所以 因此 故 而 于是 即 又 其中 因为 假设 假定 设 令 由于 可得 得 得到 也就是
    從而 與 並且 於是 設 因為 其他 其它 并 同时 同理 \\therefore \\because
    where and so thus hence therefore let suppose assume because i.e. also but namely as
    """.split()
    )
    | _THEN_WORDS
    | {"so that", "it follows that", "that is"}
)
OR_WORDS = frozenset({"or", "或", "或者", "either", "要么"})
_REMARKING = tuple("包括 包含 含 即 注意 因为 因為 其中 这里 這里 见 由 对 當 当 若 如果".split())
_DENYING = ("不", "非", "除", "没", "未", "not", "unless", "except", "never")
DEPTH = {"lbrace": 1, "begin": 1, "open": 1, "rbrace": -1, "end": -1, "close": -1}
"""How many brackets deeper it is behind a token of this kind."""

_CONSTANT = re.compile(r"([A-Za-z])?\s*(?:是常数|为常数|是常數|is (?:a )?constant)")


def joins_statements(text: str) -> bool:
    """Whether words only join statements or introduce a condition, and change nothing of what is said."""
    word = text.strip(" ,.:;，。：").lower()
    return not word or word in JOIN_WORDS | CONDITION_WORDS


def denies(word: str) -> bool:
    """Whether words in small letters take back what they stand beside."""
    return any(mark in word for mark in _DENYING)


def is_unknown(token: Token) -> bool:
    """One word that is none of those that join statements."""
    word = token.text.strip(" ,.:;").lower()
    return bool(word) and word.isascii() and " " not in word and word not in JOIN_WORDS | CONDITION_WORDS | OR_WORDS


def constants_in(remark: Sequence[Token]) -> tuple[str, ...]:
    """The letters that the words of a remark call constant."""
    found = []
    for at, token in enumerate(remark):
        said = _CONSTANT.search(token.text) if token.kind in ("words", "text") else None
        before = said.group(1) if said else None
        if said and not before and said.start() == 0 and at and remark[at - 1].kind == "letter":
            before = remark[at - 1].text
        if before:
            found.append(before)
    return tuple(found)


def matching(tokens: Sequence[Token], at: int) -> int:
    """The position after what closes the bracket at `at`; after `at` alone if nothing does."""
    depth = 0
    for position in range(at, len(tokens)):
        depth += DEPTH.get(tokens[position].kind, 0)
        if depth == 0:
            return position + 1
    return at + 1


def is_remark(tokens: Sequence[Token], at: int, end: int, current: list[Token]) -> bool:
    """Whether the bracket at `at` says something about the formula instead of being a part of it."""
    inside, depth, words, relation = tokens[at + 1 : end - 1], 0, False, False
    for token in inside:
        depth += DEPTH.get(token.kind, 0)
        words = words or (depth == 0 and token.kind in ("words", "text"))
        relation = relation or (depth == 0 and token.kind == "relation")
    if words:
        return _sets_aside(inside, tokens[at], current)
    if current and current[-1].text == "?" and current[-1].kind == "op" and inside:
        return True
    closed = end >= len(tokens) or tokens[end].kind in ("comma", "gap", "words", "text") or tokens[end].text == "."
    apart = not current or current[-1].end < tokens[at].start and current[-1].kind not in ("relation",)
    return relation and closed and apart


def _sets_aside(inside: Sequence[Token], bracket: Token, current: list[Token]) -> bool:
    r"""Whether a bracket with words is a remark, and not what a name is applied to, as in ``P(\text{heads})``."""
    touches = bool(current) and current[-1].end == bracket.start and current[-1].text != "?"
    return not touches or (inside[0].kind == "words" and inside[0].text.startswith(_REMARKING))


def is_label(piece: list[Token]) -> bool:
    """``(1)``, ``[12]``: a running number."""
    return (
        len(piece) == 3
        and piece[0].kind == "open"
        and piece[1].kind == "number"
        and piece[2].kind == "close"
        and piece[1].text.isdigit()
    )


def is_whole_remark(piece: list[Token]) -> bool:
    """Whether a piece is one bracket with words or with a relation in it."""
    end = matching(piece, 0)
    return end == len(piece) and any(token.kind in ("relation", "words", "text") for token in piece)
