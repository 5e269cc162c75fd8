r"""What the outline shows of indices: which letters a sum binds, and which stand free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.latex.structure.outline import Group, Leaf, Part, Scripted, Summed, leaves, walk

_RAISED = ("\\{", "(", "[")


@dataclass(frozen=True)
class Letter:
    """A letter with its primes, at its place."""

    text: str
    start: int
    end: int


def letters(parts: Sequence[Part]) -> Iterator[Letter]:
    """Every letter in the parts, with the primes behind it."""
    tokens = list(leaves(parts))
    for at, token in enumerate(tokens):
        if token.kind == "letter":
            after = at + 1
            while after < len(tokens) and tokens[after].kind == "prime":
                after += 1
            yield Letter(token.text + "'" * (after - at - 1), token.start, tokens[after - 1].end)


def bound(summed: Summed) -> Letter | None:
    r"""The letter that a sum binds: alone below it, or before ``=``; None where that is no small letter."""
    first = next(letters(summed.below[:2]), None)
    if first is None or not first.text[0].islower() or not summed.below or not isinstance(summed.below[0], Leaf):
        return None
    rest = [part for part in summed.below[1:] if not _is(part, "prime", "'")]
    alone = not rest or _is(rest[0], "relation", "=")
    return first if alone and summed.below[0].token.kind == "letter" else None


def limits(summed: Summed) -> tuple[Part, ...]:
    """What a sum runs from and to."""
    low = list(summed.below)
    equal = next((at for at, part in enumerate(low) if _is(part, "relation", "=")), None)
    low = [] if equal is None else low[equal + 1 :]
    ends = (at for at, part in enumerate(low) if isinstance(part, Leaf) and part.token.kind in ("comma", "row"))
    return (*low[: next(ends, len(low))], *summed.above)


def free(parts: Sequence[Part], inside: frozenset[str] = frozenset()) -> Iterator[Letter]:
    r"""The letters that index something, below it or raised in brackets as in ``x^{(i)}``, where no sum binds them."""
    for part in parts:
        match part:
            case Summed():
                hidden = part.below or part.body  # a sum without an index may run over any
                within = inside | {letter.text for letter in letters(hidden)}
                yield from free(part.above, inside)
                yield from free(part.body, within)
            case Scripted():
                if part.base is not None:
                    yield from free((part.base,), inside)
                yield from _indexing(part.below, inside)
                raised = part.above[0] if len(part.above) == 1 else None
                is_index = isinstance(raised, Group) and raised.opening.text in _RAISED
                yield from _indexing(part.above, inside) if is_index else free(part.above, inside)
            case Group() if part.opening.kind != "begin":
                yield from free(part.inside, inside)


def _indexing(script: Sequence[Part], inside: frozenset[str]) -> Iterator[Letter]:
    """The letters of a script that is no word; where a sum stands in it, only what is free beside that."""
    if any(token.kind in ("text", "words", "roman") for token in leaves(script)):
        return
    if any(True for _ in sums(script)):
        yield from free(script, inside)
    else:
        yield from (letter for letter in letters(script) if letter.text not in inside)


def sums(parts: Sequence[Part]) -> Iterator[Summed]:
    """The sums and products in the parts."""
    return (part for part in walk(parts) if isinstance(part, Summed))


def _is(part: Part, kind: str, text: str) -> bool:
    return isinstance(part, Leaf) and part.token.kind == kind and part.token.text == text
