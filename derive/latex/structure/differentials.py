r"""A differential where nothing is integrated: ``E = x p(x) \, dx``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.latex.structure.finding import Fault, FaultKind
from derive.latex.structure.outline import Group, Leaf, Part, leaves, walk
from derive.latex.tokens.lexer import Token
from derive.terms.reasons import Why, because

_INTEGRALS = frozenset({"\\int", "\\iint", "\\iiint", "\\oint", "\\smallint", "\\idotsint"})
_SIGNS = frozenset({"d", "\\partial"})


def lone(sides: Sequence[tuple[Part, ...]]) -> Iterator[Fault]:
    r"""A side that ends with the differential of an argument in it, without an integral, where no other side has one."""
    if len(sides) < 2:
        return
    for position, side in enumerate(sides):
        last = _differential(side)
        others = [one for at, other in enumerate(sides) if at != position for one in _differentials(other)]
        if last is not None and not others and not any(token.text in _INTEGRALS for token in leaves(side)):
            yield Fault(
                FaultKind.LONE_DIFFERENTIAL, last[0].start, last[1].end, because(Why.LONE_DIFFERENTIAL_HERE, name=last[1].text)
            )


def _differential(side: Sequence[Part]) -> tuple[Token, Token] | None:
    """The differential at the end of a side, of a letter that stands in brackets before it."""
    if len(side) < 3 or not isinstance(side[-1], Leaf) or not isinstance(side[-2], Leaf):
        return None
    sign, letter, before = side[-2].token, side[-1].token, side[-3]
    if sign.text != "d" or letter.kind != "letter":
        return None
    if isinstance(before, Leaf) and before.token.kind == "letter" and before.token.end == sign.start:
        return None
    arguments = {
        token.text
        for part in walk(side[:-2])
        if isinstance(part, Group) and part.opening.text == "("
        for token in leaves(part.inside)
    }
    return (sign, letter) if letter.text in arguments else None


def _differentials(side: Sequence[Part]) -> Iterator[Token]:
    """Every d that may be the sign of a differential."""
    return (token for token in leaves(side) if token.text in _SIGNS)
