"""The structure findings of a document: each formula is looked at by itself, whatever it means and whether it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from derive.documents import Formula
from derive.latex.structure.faults import faults
from derive.latex.structure.finding import Fault
from derive.latex.structure.transposes import turned
from derive.latex.tokens.cut import Cut


@dataclass(frozen=True)
class Found:
    """A fault with the formula that it stands in."""

    formula: Formula
    fault: Fault


def structure(formulas: Iterable[Formula], cut_of: Callable[[Formula], Cut]) -> tuple[Found, ...]:
    """The faults of `formulas` in order; where the end of a formula is not certain, nothing is said of it."""
    known = [formula for formula in formulas if not formula.problem]
    pairs = frozenset(pair for formula in known for pair in turned(cut_of(formula).tokens))
    return tuple(
        Found(formula, fault)
        for formula in known
        for fault in faults(cut_of(formula), formula.kind in ("display", "bare"), pairs)
    )
