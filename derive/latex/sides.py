"""One side of a relation: its tokens, the tree that they are, and the terms that it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sympy import Expr, Indexed, Sum

from derive.latex.grammar import choices, syntax
from derive.latex.meaning.sums import two_ways
from derive.latex.readings import ReadStatement
from derive.latex.tokens.errors import UnreadPart
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.pieces import Side
from derive.latex.tokens.vocabulary import DOTS
from derive.terms.context import Obligation
from derive.terms.reasons import Why, because
from derive.terms.terms import free_indices, peel

_T = TypeVar("_T")
_ARITHMETIC = (syntax.Add, syntax.Neg, syntax.Mul, syntax.Frac, syntax.Power, syntax.Apply, syntax.Log)
WHERE = ("where", "其中")
"""Words between a statement and what it needs."""


@dataclass(frozen=True)
class Parsed:
    side: Side
    node: syntax.Node | None
    notes: tuple[str, ...] = ()
    unread: UnreadPart | None = None
    choices: tuple[choices.Choice, ...] = ()


@dataclass(frozen=True)
class Term:
    """A side elaborated, once for each sign of ± if there is one."""

    values: tuple[Expr, ...] = ()
    obligations: tuple[tuple[Obligation, ...], ...] = ()
    notes: tuple[str, ...] = ()
    unread: UnreadPart | None = None


def open_sum(one: Parsed, outer: frozenset[str]) -> Parsed:
    """A side without its node if it has a sum that can be read in two ways."""
    found = two_ways(one.node, outer)
    if found is None:
        return one
    part = UnreadPart(because(Why.ONE_INDEX_OR_BOTH), found.start, found.conditions[-1].end, "one \\sum for each index")
    return replace(one, node=None, unread=part)


def at(values: tuple[_T, ...], position: int) -> _T:
    return values[position] if position < len(values) else values[0]


def unique(values: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))


def without_commas(side: tuple[Token, ...]) -> tuple[Token, ...]:
    r"""``1 \ldots n`` as ``1..n``."""
    if len(side) != 3 or side[1].text not in DOTS or side[0].kind != "number" or side[2].kind not in ("letter", "number"):
        return side
    return side[0], replace(side[1], kind="op", text=".."), side[2]


def is_list(side: tuple[Token, ...]) -> bool:
    return any(token.text == ".." for token in side) or (
        any(token.kind == "comma" for token in side)
        and any(token.text in DOTS for token in side)
        and not any(token.kind == "open" for token in side)
    )


def unbracketed(inside: tuple[Token, ...]) -> tuple[Token, ...]:
    while (
        len(inside) > 1
        and inside[0].text == "("
        and inside[-1].text == ")"
        and not any(token.kind == "close" for token in inside[:-1])
    ):
        inside = inside[1:-1]
    return inside


def choosing(before: ReadStatement, after: Sequence[ReadStatement]) -> UnreadPart | None:
    r"""What takes some terms of a sum alone: ``\sum_i \log p_i`` where ``y_i = 1``; None if nothing does."""
    values = [side for side in before.sides if side is not None]
    bound = {peel(each)[1].name.strip("_") for value in values for each in value.atoms(Sum)}
    bound -= {symbol.name for value in values for symbol in free_indices(value)}
    conditions = [(claim, remark.start, remark.end) for remark in before.remarks for claim in remark.conditions]
    for statement in after[:1]:
        if statement.lead in WHERE and len(statement.relations) == 1:
            span = statement.spans[0][0], statement.spans[-1][1]
            conditions += [(claim, *span) for claim in statement.relations[0].claims]
    for claim, start, end in conditions:
        among = isinstance(claim.left, Indexed) and claim.relation == "=" and bool(claim.right.is_number)
        if among and bound & {symbol.name for symbol in free_indices(claim.left)}:
            return UnreadPart(because(Why.SUM_CONDITION), start, end, "\\sum_{i: ..}")
    return None


def plain_numbers(nodes: Iterable[syntax.Node | None]) -> frozenset[str]:
    r"""The names that stand alone in arithmetic and are arguments too, as in ``\sigma(x) = 1/(1 + e^{-x})``: numbers there.

    A name that stands with an index anywhere is none of them.
    """
    alone: set[str] = set()
    passed: set[str] = set()
    members: set[str] = set()
    for node in nodes:
        for part in syntax.walk(node) if node is not None else ():
            if isinstance(part, syntax.Subscripted):
                members.add(part.name.text)
            elif isinstance(part, syntax.Call):
                passed |= {each.text for each in part.arguments if isinstance(each, syntax.Name)}
            elif isinstance(part, syntax.Derivative):
                alone |= {each.text for each, _ in part.variables if isinstance(each, syntax.Name)}
            elif isinstance(part, _ARITHMETIC):
                alone |= {each.text for each in syntax.children(part) if isinstance(each, syntax.Name)}
    return frozenset(alone & passed - members)
