"""One layout of derivatives for all claims of a document: the first claim that holds in one only settles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from derive.jobs.outcome import Claim
from derive.judge.verdict import Cause, Doubt, Kind
from derive.latex.vectors.derivatives import LAYOUTS
from derive.narrative.entries import Entry
from derive.terms import context
from derive.terms.reasons import Why, because
from derive.writing.messages.rendering import rendered

HOLDS = (Kind.PROVED.value, Kind.CONDITIONAL.value)


def layout_of(entry: Entry) -> dict[str, tuple[context.Claim, ...]]:
    """What an entry claims in each layout in which its sides fit: with the rows of what is differentiated, and with the
    others, which is the last of :data:`LAYOUTS`.
    """
    turned = LAYOUTS[-1]
    if entry.otherwise and entry.layouts[-1] == turned:
        return {LAYOUTS[0]: entry.claims, turned: entry.otherwise}
    return {turned if entry.layouts == (turned,) else LAYOUTS[0]: entry.claims}


@dataclass(frozen=True)
class Laid:
    """A claim as it is judged alone, in the layout in which it holds, and what it is in each layout that may be meant."""

    claim: Claim
    each: Mapping[str, Claim]

    @property
    def holding(self) -> str:
        """The only layout in which it holds; "" where it holds in both, or in none."""
        for grade in HOLDS:
            found = [layout for layout, claim in self.each.items() if claim.verdict == grade]
            if found:
                return found[0] if len(found) == 1 else ""
        return ""


@dataclass(frozen=True)
class Layouts:
    """What is settled so far: the `layout`, "" while none is, by the claim in line `line`.

    `kept` tells whether the last claim stands as it was judged alone.
    """

    layout: str = ""
    line: int = 0
    kept: bool = True

    def taking(self, laid: Laid) -> tuple[Layouts, Claim]:
        """What is settled with a further claim, and the claim as it is judged beside those before it."""
        holding = laid.holding
        if not holding or holding == self.layout:
            return replace(self, kept=True), laid.claim
        if not self.layout:
            return replace(self, layout=holding, line=laid.claim.line, kept=True), laid.claim
        return replace(self, kept=False), self._against(laid)

    def _against(self, laid: Laid) -> Claim:
        """A claim that holds only in the layout that is not the document's."""
        why = because(Why.LAYOUT_OF_LINE, line=self.line)
        here = laid.each.get(self.layout)
        if here is not None and here.verdict not in HOLDS:
            message = "; ".join(part for part in (here.message, rendered(why)) if part)
            return replace(here, message=message, reason=here.reason or why.why.value)
        doubt = Doubt(Cause.CHOICE, laid.claim.latex, self.line, Why.TAKEN_LAYOUT)
        return replace(
            laid.claim,
            verdict=Kind.DOUBTFUL.value,
            message=rendered(why),
            reason=why.why.value,
            doubts=(doubt,),
            conditions=(),
            obligations=(),
            rules=(),
        )
