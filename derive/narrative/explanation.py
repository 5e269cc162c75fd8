"""What was understood of a relation: what it does in its document, by what sign, and what holds where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.judge.verdict import Kind, Verdict
from derive.narrative.lines import LinesUpTo
from derive.terms.context import Assumption, Claim, Context, Range
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Partial

_TAKEN = {Why.UPDATE: "update", Why.CONDITION_OF_LAST: "condition", Why.ANOTHER_VALUE: "setting"}


@dataclass(frozen=True)
class Explanation:
    """The `role` of a relation and the sign that decided it; where what is known was said.

    `lines` are those of definitions, by their heads, and of assumptions; `said` is what is not in force. A line is 0
    where it is not known. `spaces` are the ranges of the vectors and matrices that the text declares, `inferred` those of bold
    names that their use told.
    """

    role: str
    because: Reason
    lines: LinesUpTo
    said: tuple[tuple[Assumption, int], ...] = ()
    spaces: tuple[tuple[str, tuple[Range, ...]], ...] = ()
    inferred: tuple[tuple[tuple[str, int], tuple[Range, ...]], ...] = ()

    def shape_of(self, name: str) -> tuple[tuple[Range, ...], bool] | None:
        """The ranges of the places of a vector or matrix, and whether its use told them; None where it is none."""
        for known, spans in self.spaces:
            if known == name:
                return spans, False
        return next(((spans, True) for (known, _), spans in self.inferred if known == name), None)


def explained_as(
    settled: Verdict | None,
    claims: tuple[Claim, ...],
    position: int,
    context: Context,
    lines: LinesUpTo,
    said: Mapping[Assumption, int],
) -> Explanation | None:
    """The explanation of a relation that is judged, or that was taken for a definition or an assumption; else None."""
    if settled is None:
        role, sign = "claim", _sign(claims, position)
    elif settled.kind in (Kind.DEFINITION, Kind.ASSUMPTION) and settled.reason is not None:
        usual = "definition" if settled.kind is Kind.DEFINITION else "hypothesis"
        role, sign = _TAKEN.get(settled.reason.why, usual), settled.reason
    else:
        return None
    rest = tuple((assumption, line) for assumption, line in said.items() if assumption not in context.assumptions)
    return Explanation(role, sign, lines, rest)


def _sign(claims: tuple[Claim, ...], position: int) -> Reason:
    if position > 0:
        return because(Why.SIGN_LINK)
    if claims and isinstance(claims[0].left, Partial):
        return because(Why.SIGN_DERIVATIVE)
    return because(Why.SIGN_RELATION)
