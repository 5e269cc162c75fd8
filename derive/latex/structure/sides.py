r"""Faults between the sides of a chain: an index that only one side has, that left its sum, or that names its own step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.latex.structure.finding import Fault, FaultKind
from derive.latex.structure.indices import bound, free, letters, sums
from derive.latex.structure.outline import Group, Leaf, Part, Scripted, leaves, walk
from derive.terms.reasons import Why, because

_STEPS = frozenset({"t", "\\tau"})


def loose(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``a = \sum_i x_i = x_i`` and ``a = \sum_i x_i + y_i``: an index of a sum that stands free on a later side.

    The side before must not have it free itself: where it has, a sum over the same letter merely hides it.
    """
    for before, side in zip(sides, sides[1:], strict=False):
        here, there = _bound(side), _bound(before)
        outside = {letter.text for letter in (*free(before), *free(sides[0]))} | _standing(before) | _standing(sides[0])
        if here & {letter.text for letter in free(before)}:  # the other index is summed over, as in a symmetric matrix
            continue
        told: set[str] = set()
        for letter in free(side):
            if letter.text in outside or letter.text in told or letter.text not in here | there:
                continue
            told.add(letter.text)
            inside = letter.text in here
            kind = FaultKind.OUTSIDE_ITS_SUM if inside else FaultKind.FREE_INDEX
            why = Why.OUTSIDE_ITS_SUM if inside else Why.FREE_INDEX
            yield Fault(kind, letter.start, letter.end, because(why, name=letter.text))


def same_step(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``h_t = f(h_t, x_t)``: what defines a step is that step itself, and no other step of it."""
    if len(sides) < 2 or len(sides[0]) != 1 or not isinstance(sides[0][0], Scripted):
        return
    head = sides[0][0]
    name, step = _spelled((head.base,) if head.base else ()), (_spelled(head.below), _spelled(head.above))
    if not name or not _is_step(head):
        return
    same = [
        part
        for part in walk(sides[1])
        if isinstance(part, Scripted) and part.base is not None and _spelled((part.base,)) == name
    ]
    if len(sides[1]) > 1 and same and all((_spelled(part.below), _spelled(part.above)) == step for part in same):
        tokens = list(leaves((same[0],)))
        yield Fault(FaultKind.SAME_STEP, tokens[0].start, tokens[-1].end, because(Why.SAME_STEP, name="".join(name)))


def _bound(side: Sequence[Part]) -> set[str]:
    return {letter.text for each in sums(side) if (letter := bound(each)) is not None}


def _standing(side: Sequence[Part]) -> set[str]:
    """The letters that stand outside of sums, wherever that is."""
    inside = {(one.start, one.text) for each in sums(side) for one in letters((each,))}
    return {one.text for one in letters(side) if (one.start, one.text) not in inside}


def _is_step(head: Scripted) -> bool:
    r"""Whether a script counts steps: ``_t``, ``_{k+1}``."""
    tokens = list(leaves(head.below))
    shifted = len(tokens) == 3 and tokens[0].kind == "letter" and tokens[1].text in ("+", "-") and tokens[2].kind == "number"
    return shifted or len(tokens) == 1 and tokens[0].text in _STEPS


def _spelled(parts: Sequence[Part]) -> tuple[str, ...]:
    """The parts' tokens with the accents over them."""
    return tuple(
        part.token.text if isinstance(part, Leaf) else part.opening.text
        for part in walk(parts)
        if isinstance(part, Leaf) or isinstance(part, Group) and part.opening.kind == "command"
    )
