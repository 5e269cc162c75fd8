r"""Faults of a sum by itself: an index that its summand does not use, that is bound twice, or a limit that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.latex.structure.finding import Fault, FaultKind
from derive.latex.structure.indices import Letter, bound, free, letters, limits, sums
from derive.latex.structure.outline import Group, Leaf, Part, Scripted, Summed, children, leaves, walk
from derive.terms.reasons import Why, because

_FRACTIONS = frozenset({"\\frac", "\\dfrac", "\\tfrac", "\\cfrac"})
_WORDS = ("text", "words", "strange")
_DOTS = frozenset({"\\dots", "\\ldots", "\\cdots", "\\vdots", "\\ddots"})


def unused(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``\sum_p w_q x_q``: what is summed varies by itself, and not with the index.

    None where it is a constant, nor where the statement counts the terms: ``\sum_{i=1}^{m} f(x) = m f(x)``.
    """
    for side in sides:
        for each in sums(side):
            index = bound(each)
            if index is None or not _varies(each.body) or any(one.text == index.text for one in letters(each.body)):
                continue
            if not _counted(each, sides) and not _split(each, index, side, sides):
                yield _fault(FaultKind.UNUSED_INDEX, index, Why.UNUSED_INDEX)


def twice(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``\sum_i \sum_i a_i``: directly inside of a sum another one that binds the same letter."""
    for side in sides:
        for each in sums(side):
            index, inner = bound(each), each.body[:1]
            while index is not None and inner and isinstance(inner[0], Summed):
                again = bound(inner[0])
                if again is not None and again.text == index.text:
                    yield _fault(FaultKind.BOUND_TWICE, again, Why.BOUND_TWICE)
                inner = inner[0].body[:1]


def of_itself(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``\sum_{n=0}^{n}``: a limit that depends on the index."""
    for side in sides:
        for each in sums(side):
            index = bound(each)
            named = [part for part in limits(each) if not isinstance(part, Scripted) or not _labels(part)]
            used = next((one for one in letters(named) if index is not None and one.text == index.text), None)
            if index is not None and used is not None:
                yield Fault(FaultKind.LIMIT_OF_ITSELF, used.start, used.end, because(Why.LIMIT_OF_ITSELF, name=index.text))


def downwards(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``\sum_{i=t}^{1}``: from a letter to 0 or 1, where a sum as it is written has one term at most."""
    for side in sides:
        for each in sums(side):
            index, ends = bound(each), list(leaves(each.above))
            low = list(leaves(limits(each)[: len(limits(each)) - len(each.above)]))
            if index is None or [token.text for token in ends] not in (["0"], ["1"]):
                continue
            if len(low) == 1 and low[0].kind == "letter":
                reason = because(Why.DOWNWARDS, name=index.text, high=ends[0].text)
                yield Fault(FaultKind.DOWNWARDS, ends[0].start, ends[0].end, reason)


def members(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""``\pi(h_{t+1}) = \sum_{h_t} \pi(h_t) p(h_{t+1} \mid h_1)``: a member beside a sum over one that no other side has."""
    for side in sides[1:]:
        summed = {_written((each.below[0],))[0]: each for each in sums(side) if _over_member(each)}
        bound_ = [_written((part,)) for each in sums(side) for part in each.below]
        if not summed or any(token.text in _DOTS for token in leaves(side)):
            continue
        first = [_written((part,)) for part in _members(sides[0])]
        for part in _members(side):
            written = _written((part,))
            if (
                written[0] in summed
                and any(one[0] == written[0] for one in first)
                and written not in first
                and written not in bound_
            ):
                tokens = list(leaves((part,)))
                reason = because(Why.FREE_INDEX, name=f"{written[0]}_{''.join(written[1:])}")
                yield Fault(FaultKind.FREE_INDEX, tokens[0].start, tokens[-1].end, reason)
                break


def _over_member(summed: Summed) -> bool:
    """Whether a sum runs over all values of one member of a family, ``h_t``."""
    return len(summed.below) == 1 and bool(list(_members(summed.below))) and not summed.above


def _members(parts: Sequence[Part]) -> Iterator[Scripted]:
    """The letters with a subscript, limits of sums left out."""
    limits_ = {id(part) for each in sums(parts) for part in walk((*each.below, *each.above))}
    for part in walk(parts):
        if isinstance(part, Scripted) and isinstance(part.base, Leaf) and part.below and id(part) not in limits_:
            yield part


def _labels(part: Scripted) -> bool:
    r"""Whether a script makes another name of a letter, as in ``i_0``."""
    return isinstance(part.base, Leaf) and bool(part.below)


def _varies(body: Sequence[Part]) -> bool:
    """Whether a summand shows that it is no constant: a letter as an index in it, or a value of something at letters."""
    if any(token.kind in _WORDS or token.text in _DOTS for token in leaves(body)):
        return False
    if any(True for _ in free(body)):
        return True
    flat = [part for part in walk(body) if isinstance(part, Leaf | Group)]
    return any(
        isinstance(one, Leaf)
        and one.token.kind in ("letter", "roman")
        and isinstance(two, Group)
        and two.opening.text == "("
        and _is_argument(two)
        for one, two in zip(flat, flat[1:], strict=False)
    )


def _is_argument(group: Group) -> bool:
    """Whether a bracket holds names only, as arguments do: no sum and no difference."""
    inside = list(leaves(group.inside))
    return (
        bool(inside)
        and not any(token.kind == "op" and token.text in "+-" for token in inside)
        and any(token.kind in ("letter", "roman") for token in inside)
    )


def _counted(summed: Summed, sides: Sequence[tuple[Part, ...]]) -> bool:
    """Whether the name of the upper limit stands somewhere else than in a limit, or there is no name in it.

    Below a fraction bar before the sum it makes a mean of it: that counts only where the summand is another side.
    """
    names = {letter.text for letter in letters(summed.above)}
    below = {(one.start, one.text) for side in sides for each in sums(side) for one in letters((*each.below, *each.above))}
    if not any(_written(side) == _written(summed.body) for side in sides):
        below |= {(one.start, one.text) for side in sides for one in _divided(side, summed)}
    everywhere = {one.text for side in sides for one in letters(side) if (one.start, one.text) not in below}
    return bool(names & everywhere) or bool(summed.above) and not names


def _divided(side: Sequence[Part], summed: Summed) -> Iterator[Letter]:
    r"""The letters of the divisor of ``\frac{1}{n}`` right before a sum."""
    for parts in (side, *(inside for part in walk(side) for inside in children(part))):
        at = next((place for place, part in enumerate(parts) if part is summed), 0)
        if at > 2 and isinstance(parts[at - 3], Leaf) and _is_fraction(parts[at - 3]):
            yield from letters(parts[at - 1 : at])


def _is_fraction(part: Part) -> bool:
    return isinstance(part, Leaf) and part.token.kind == "command" and part.token.text in _FRACTIONS


def _written(parts: Sequence[Part]) -> list[str]:
    return [token.text for token in leaves(parts)]


def _split(summed: Summed, index: Letter, side: Sequence[Part], sides: Sequence[tuple[Part, ...]]) -> bool:
    r"""Whether a sum may be a part of one that was split, as in ``\sum_i (a_i + b_j) = \sum_i a_i + \sum_i b_j``.

    Then another sum uses the index, and the others are free on the first side or bound around the sum.
    """
    used = any(
        bound(other) is not None
        and other is not summed
        and any(one.text == index.text for one in letters(other.body))
        and any(one.text == index.text for one in letters(other.below))
        for each in sides
        for other in sums(each)
    )
    around = {
        one.text
        for each in sums(side)
        if each is not summed and any(inner is summed for inner in walk(each.body))
        for one in letters(each.below)
    }
    known = around | {one.text for one in free(sides[0])}
    return used and all(one.text in known or one.text == index.text for one in free(summed.body))


def _fault(kind: FaultKind, index: Letter, why: Why) -> Fault:
    return Fault(kind, index.start, index.end, because(why, name=index.text))
