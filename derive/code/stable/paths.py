"""In which order the factors of a sum of products are multiplied: two at a time, where the loops are shorter so."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from itertools import combinations

from sympy import Expr, Mul, Sum

from derive.terms.terms import Cases, peel

Letters = frozenset[Hashable]


def best_pair(operands: Sequence[Letters], summed: Collection[Hashable]) -> tuple[int, int, Letters] | None:
    """Which two to multiply first, and the indices that only these have and are summed over then; None if none is shorter.

    >>> y, x, w = frozenset("k"), frozenset("km"), frozenset("mi")
    >>> first, second, over = best_pair([y, x, w], "km")
    >>> first, second, sorted(over)
    (0, 1, ['k'])
    """
    whole = frozenset().union(*operands)
    found: list[tuple[int, int, int, int, Letters]] = []
    for one, other in combinations(range(len(operands)), 2):
        both = operands[one] | operands[other]
        beside = frozenset().union(*(each for place, each in enumerate(operands) if place not in (one, other)))
        gone = frozenset(letter for letter in both if letter in summed and letter not in beside)
        if len(both) < len(whole) and (gone or both in (operands[one], operands[other])):
            found.append((len(both), len(both - gone), one, other, gone))
    if len(operands) < 3 or not found:
        return None
    *_, one, other, gone = min(found, key=lambda each: each[:4])
    return one, other, gone


def longest(operands: Sequence[Letters], summed: Collection[Hashable]) -> int:
    """The number of indices of the longest loop in that order."""
    operands, most = list(operands), 0
    while (pair := best_pair(operands, summed)) is not None:
        one, other, gone = pair
        both = operands[one] | operands[other]
        most = max(most, len(both))
        operands = [*(each for place, each in enumerate(operands) if place not in (one, other)), both - gone]
    return max(most, len(frozenset().union(*operands)))


def spliced(factors: Sequence[Expr], over: Sequence[Hashable]) -> tuple[list[Expr], list[Hashable]]:
    """With the factors of a sum in the place of that sum, where one that is further out is better multiplied with one of these.

    ``Σ_k y_k Σ_m X_km w_mi`` is ``Σ_m (Σ_k y_k X_km) w_mi``: no matrix is made.
    """
    found, letters = list(factors), list(over)
    for factor in factors:
        if not isinstance(factor, Sum) or not {letter for letter in letters if letter in factor.free_symbols}:
            continue
        body, variable, _, _ = peel(factor)
        inner = Mul.make_args(body)
        if isinstance(body, Sum | Cases) or variable in letters or any(variable in each.free_symbols for each in found):
            continue
        others = [each for each in found if each is not factor]
        together = longest([letters_of(each) for each in (*others, *inner)], [*letters, variable])
        apart = max(len(letters_of(body)), longest([letters_of(each) for each in found], letters))
        if together < apart:
            found, letters = [*others, *inner], [*letters, variable]
    return found, letters


def letters_of(term: Expr) -> Letters:
    """The indices at which a term stands, bound ones of its own left out; sizes are none."""
    return frozenset(s for s in term.free_symbols if s.is_integer and not s.is_positive)
