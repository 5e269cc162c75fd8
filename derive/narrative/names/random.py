r"""What a document says of random quantities: which names are random, and the laws ``x \\sim \\mathcal N(\\mu, \\Sigma)``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from derive.documents import Document, Formula
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import heads, kind
from derive.latex.vectors.bold import base_name
from derive.narrative.names.described import listed, paragraphs, without_value

_NOUNS = ("vector", "vectors", "variable", "variables", "matrix", "number", "numbers")
_NORMAL = ("N", "\\mathcal{N}")
_CHANCE = ("\\mathbb", "Var", "Cov", "P", "E", "var", "cov")


@dataclass(frozen=True)
class Normal:
    """A name with the mean and the covariance, as they are written, of its normal law."""

    name: str
    mean: str
    spread: str

    def equations(self, vector: bool, given: frozenset[str]) -> tuple[str, ...]:
        """What the law says of the first two moments; a mean or a covariance that is a name is defined by it, if it is not
        among the names that are `given` in another way."""
        x = self.name
        mean = f"{self.mean} = \\mathbb{{E}}[{x}]" if self.mean not in given and _is_name(self.mean) else ""
        first = mean or f"\\mathbb{{E}}[{x}] = {self.mean}"
        if not vector:
            root = self.spread.removesuffix("^2")
            if root != self.spread and _is_name(root) and root not in given:
                return first, f"{root} = \\sqrt{{\\operatorname{{Var}}({x})}}"
            return (first, f"\\mathbb{{E}}[{x}^2] = 1") if (self.mean, self.spread) == ("0", "1") else (first,)
        if self.spread not in given and _is_name(self.spread):
            return first, f"{self.spread} = \\operatorname{{Cov}}({x})"
        if self.mean in ("0", "\\mathbf{0}", "\\mathbf 0"):
            return first, f"\\mathbb{{E}}[{x} {x}^\\top] = {self.spread}"
        return first, f"\\operatorname{{Cov}}({x}) = {self.spread}"


def _is_name(text: str) -> bool:
    bare = text.removeprefix("\\")
    return bare.isalpha() and (len(bare) == 1 or text.startswith("\\")) and bare != "I"


def normal_laws(formulas: Iterable[Cut]) -> tuple[Normal, ...]:
    """The normal laws of names that have one law only."""
    found: dict[str, set[Normal]] = {}
    for one in formulas:
        for at, token in enumerate(one.tokens):
            if token.kind == "relation" and token.text == "\\sim" and (law := _normal(one, at)) is not None:
                found.setdefault(law.name, set()).add(law)
    return tuple(law for laws in found.values() if len(laws) == 1 for law in laws)


def _normal(one: Cut, at: int) -> Normal | None:
    row = one.tokens
    shown = heads(row, frozenset())
    alone = (name for start, (name, end) in shown.items() if end == at and kind(row, start - 1) not in ("sub", "sup"))
    name = next(alone, "")
    law, opening = shown.get(at + 1, ("", 0))
    if not name or law not in _NORMAL or kind(row, opening) != "open":
        return None
    depth, commas, end = 0, [], 0
    for end in range(opening, len(row)):
        depth += (row[end].kind == "open") - (row[end].kind == "close")
        if depth == 0:
            break
        commas += [end] if depth == 1 and row[end].kind == "comma" else []
    if len(commas) != 1 or depth:
        return None
    mean, spread = (_written(one, part) for part in (row[opening + 1 : commas[0]], row[commas[0] + 1 : end]))
    return Normal(name, mean, spread) if mean and spread else None


def _written(one: Cut, part: Sequence[Token]) -> str:
    return one.text[part[0].start : part[-1].end] if part else ""


def random_names(document: Document, formulas: Sequence[Cut], cut_of: Callable[[Formula], Cut]) -> frozenset[str]:
    """The names that words call random, those with a law, and those that equations make of such."""
    found = {law.name for law in normal_laws(formulas)}
    for pieces in paragraphs(document, cut_of):
        for at, (word, _) in enumerate(pieces):
            if word != "random" or at + 1 >= len(pieces) or pieces[at + 1][0] not in _NOUNS:
                continue
            if at + 2 < len(pieces) and (behind := pieces[at + 2][1]) is not None:
                found |= set(listed(without_value(behind.tokens)))
                found |= _joined(pieces, at + 2, 1)
            before = max((k for k in range(at) if pieces[k][1] is not None), default=-1)
            if before >= 0 and all(pieces[k][0] in _LINKS for k in range(before + 1, at)):
                found |= set(listed(without_value(formula.tokens))) if (formula := pieces[before][1]) is not None else set()
                found |= _joined(pieces, before, -1)
    for _ in range(3):
        for one in formulas:
            shown = heads(one.tokens, frozenset())
            name, end = shown.get(0, ("", 0))
            equation = kind(one.tokens, end) == "relation" and one.tokens[end].text in ("=", ":=")
            rest = {other for start, (other, _) in shown.items() if start > end}
            if name and equation and rest & found and not any(token.text in _CHANCE for token in one.tokens):
                found.add(name)
    return frozenset(base_name(name)[0] for name in found)


_LINKS = frozenset("be is are a an the two three independent jointly real of are denote uncorrelated".split())


def _joined(pieces: Sequence[tuple[str, Cut | None]], at: int, step: int) -> set[str]:
    """The names of the formulas that *and* or a comma joins to one."""
    found: set[str] = set()
    while 0 <= at + 2 * step < len(pieces) and pieces[at + step][0] in ("and", ","):
        formula = pieces[at + 2 * step][1]
        if formula is None:
            break
        found |= set(listed(formula.tokens))
        at += 2 * step
    return found
