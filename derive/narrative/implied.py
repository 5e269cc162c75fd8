"""What words say of a list of numbers: parts of a whole have the sum 1, values of a function are those of its numbers."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr, Indexed, Integer, Rational, Sum

from derive.latex.reading import read_formula
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cut
from derive.narrative.words.tables import functions
from derive.terms import terms
from derive.terms.context import Claim
from derive.terms.terms import Vector, peel

SHARES, CHANCES = "shares", "chances"
"""The effects of words for numbers that are the parts of a whole, and of those for numbers that may be."""
_MOST = 20


@dataclass(frozen=True)
class Listed:
    """A list of numbers with its place in its formula; `texts` are the numbers as they are written."""

    start: int
    end: int
    numbers: tuple[Rational, ...]
    texts: tuple[str, ...]

    @property
    def decimals(self) -> int:
        return max(len(text.partition(".")[2]) for text in self.texts)

    @property
    def label(self) -> bool:
        """Whether the numbers are those of a one-hot label."""
        return set(self.numbers) <= {0, 1}

    @property
    def shared(self) -> bool:
        """Whether the numbers can be parts of 1, and are no label."""
        return all(0 <= number <= 1 for number in self.numbers) and any(not number.is_Integer for number in self.numbers)


def listed(formula: Cut, side: Expr | None, span: tuple[int, int]) -> Listed | None:
    """The side of a relation as a list of two or more numbers, None if it is something else."""
    if not isinstance(side, Vector) or not 2 <= len(side.entries) <= _MOST:
        return None
    numbers = tuple(entry for entry in side.entries if isinstance(entry, Rational))
    row = formula.between(*span)
    texts = tuple(
        f"-{token.text}" if at and row[at - 1].text == "-" else token.text
        for at, token in enumerate(row)
        if token.kind == "number"
    )
    return Listed(*span, numbers, texts) if len(texts) == len(numbers) == len(side.entries) else None


def total(found: Listed, whole: bool) -> Claim | None:
    """That the numbers have the sum 1.

    None where rounding alone keeps them from it, and where they need not be the `whole` and are not.
    """
    value = Add(*found.numbers)
    off = abs(value - 1)
    if off and (not whole or off <= len(found.numbers) * Rational(1, 2 * 10**found.decimals)):
        return None
    return Claim(value, "=", Integer(1), latex=f"{' + '.join(found.texts)} = 1")


def values(function: str, given: Listed, found: Listed) -> tuple[Claim, ...]:
    """That the numbers are the values of a function of the table at those given, each to the digits it has."""
    latex = rf"\operatorname{{{function}}}([{', '.join(given.texts)}]) = [{', '.join(found.texts)}]"
    formula = cut(functions()[function].value)
    (statement,) = read_formula(formula, observe(SymbolTable(), [formula])).statements
    (value,) = statement.sides
    if value is None:
        return ()
    return tuple(
        Claim(_at(value, given.numbers, place), "=", number, rounding=found.decimals, latex=latex)
        for place, number in enumerate(found.numbers, start=1)
    )


def _at(value: Expr, numbers: tuple[Rational, ...], place: int) -> Expr:
    """The value at one entry, with the sums over all numbers written out."""
    i, z = terms.index("i"), terms.family("z")
    for whole in sorted(value.atoms(Sum), key=str):
        body, variable, _, _ = peel(whole)
        value = value.xreplace({whole: Add(*(body.xreplace({variable: Integer(k)}) for k in range(1, len(numbers) + 1)))})
    members = {Indexed(z, Integer(k)): number for k, number in enumerate(numbers, start=1)}
    return value.xreplace({i: Integer(place)}).xreplace(members)
