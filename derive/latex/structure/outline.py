r"""The outline of a formula: a tree of groups, scripts and sums that leaves open what anything means.

It exists for every formula whose braces match, also for one that is not understood. Whether ``f(x)`` is a value or a product
stays open in it; a sum takes what follows up to a plus, a minus, a relation or the end of its bracket.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import ACCENTS

SIGNS = frozenset({"\\sum", "\\prod"})
_OPENING = {"lbrace": "rbrace", "begin": "end", "open": "close"}
_BARS = frozenset({"|", "\\|", "\\mid"})
_ENDING = frozenset({"comma", "gap", "words", "row", "amp", "relation"})


@dataclass(frozen=True)
class Leaf:
    """One token."""

    token: Token


@dataclass(frozen=True)
class Group:
    r"""What stands between two brackets or braces, in an environment, or below an accent such as ``\hat``."""

    opening: Token
    inside: tuple[Part, ...]


@dataclass(frozen=True)
class Scripted:
    """A part with what hangs on it."""

    base: Part | None
    below: tuple[Part, ...]
    above: tuple[Part, ...]


@dataclass(frozen=True)
class Summed:
    r"""``\sum`` or ``\prod`` with its limits and all that it applies to."""

    sign: Token
    below: tuple[Part, ...]
    above: tuple[Part, ...]
    body: tuple[Part, ...]


Part = Leaf | Group | Scripted | Summed


def outline(tokens: Sequence[Token]) -> tuple[Part, ...]:
    """The outline of tokens in which braces, brackets and environments match."""
    return _Outliner(tokens).parts(frozenset())


def children(part: Part) -> Iterator[tuple[Part, ...]]:
    """The lists of parts directly below a part."""
    match part:
        case Group():
            yield part.inside
        case Scripted():
            yield (part.base,) if part.base is not None else ()
            yield part.below
            yield part.above
        case Summed():
            yield part.below
            yield part.above
            yield part.body


def walk(parts: Sequence[Part]) -> Iterator[Part]:
    """All parts of the lists, from the outside in."""
    for part in parts:
        yield part
        for below in children(part):
            yield from walk(below)


def leaves(parts: Sequence[Part]) -> Iterator[Token]:
    """The tokens in the parts, without brackets and the signs of sums."""
    return (part.token for part in walk(parts) if isinstance(part, Leaf))


class _Outliner:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def parts(self, closing: frozenset[str], summed: bool = False) -> tuple[Part, ...]:
        """The parts up to a token of a kind in `closing`; those of a sum also up to what ends it."""
        found: list[Part] = []
        inside: set[str] = set()  # of two bars
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind in closing or (summed and not inside and self.ends(token, bool(found))):
                break
            if token.text in _BARS and token.kind in ("op", "command"):
                double = self.doubled()
                inside ^= {"\\|" if double else token.text}
                if double:
                    found.append(self.part(closing))
            part = self.part(closing)
            part = self.unframed(part, closing)
            if isinstance(part, Scripted) and part.base is None and found and not isinstance(found[-1], Summed):
                before = found.pop()
                part = self.joined(before, part)
            found.append(part)
        return tuple(found)

    def unframed(self, part: Part, closing: frozenset[str]) -> Part:
        r"""``{\sum_j} a_j``: the braces around the sign hold nothing that it could apply to."""
        if isinstance(part, Group) and part.opening.kind == "lbrace" and len(part.inside) == 1:
            inside = part.inside[0]
            if isinstance(inside, Summed) and not inside.body:
                return Summed(inside.sign, inside.below, inside.above, self.parts(closing, summed=True))
        return part

    def doubled(self) -> bool:
        """Whether a bar stands here with another one directly behind it: ``||x||`` is a norm."""
        token, after = self.tokens[self.at], self.tokens[self.at + 1 : self.at + 2]
        return token.text == "|" and bool(after) and after[0].text == "|" and after[0].start == token.end

    def joined(self, before: Part, script: Scripted) -> Part:
        if isinstance(before, Scripted):
            return Scripted(before.base, before.below + script.below, before.above + script.above)
        return Scripted(before, script.below, script.above)

    def ends(self, token: Token, begun: bool) -> bool:
        return token.kind in _ENDING or begun and token.kind == "op" and token.text in "+-"

    def part(self, closing: frozenset[str]) -> Part:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind in _OPENING:
            inside = self.parts(frozenset({_OPENING[token.kind]}))
            self.at += 1
            return Group(token, inside)
        if token.text in ACCENTS and token.kind == "command":
            return Group(token, self.script())
        if token.kind in ("sub", "sup"):
            inside = self.script()
            return Scripted(None, inside, ()) if token.kind == "sub" else Scripted(None, (), inside)
        if token.text in SIGNS and token.kind == "command":
            below: tuple[Part, ...] = ()
            above: tuple[Part, ...] = ()
            while self.at < len(self.tokens) and self.tokens[self.at].kind in ("sub", "sup"):
                is_below = self.tokens[self.at].kind == "sub"
                self.at += 1
                inside = self.script()
                below, above = (below + inside, above) if is_below else (below, above + inside)
            return Summed(token, below, above, self.parts(closing, summed=True))
        return Leaf(token)

    def script(self) -> tuple[Part, ...]:
        """What a sign of a script takes: a group in braces, or one token."""
        if self.at >= len(self.tokens):
            return ()
        token = self.tokens[self.at]
        if token.kind in ("rbrace", "close", "end"):
            return ()
        part = self.part(frozenset())
        return part.inside if isinstance(part, Group) and part.opening.kind == "lbrace" else (part,)
