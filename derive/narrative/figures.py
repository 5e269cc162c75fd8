"""Claims that words make of lists of numbers, judged as if they were written."""

from __future__ import annotations

from derive.judge.verdict import Cause, Doubt
from derive.latex.reading import ReadStatement
from derive.narrative.entries import Entry
from derive.narrative.hypotheses import Hypotheses
from derive.narrative.implied import CHANCES, SHARES, listed, total, values
from derive.narrative.roles.heads import name_of_head
from derive.narrative.words.grammar import RESULTS
from derive.narrative.words.paragraphs import Placed
from derive.narrative.words.tables import functions
from derive.terms.context import Claim, Context


class Figures(Hypotheses):
    """Takes up what the words say of a list of numbers: that they are a distribution, or the values of a function."""

    def _figures(self, placed: Placed, statement: ReadStatement) -> None:
        """List what the words say of the numbers at the end of a statement; it is doubtful where it does not hold."""
        ends = statement.sides and statement.spans
        numbers = listed(self._cut_of(placed.formula), statement.sides[-1], statement.spans[-1]) if ends else None
        if numbers is None or placed.lead.effect == "mention":
            return
        name = name_of_head(statement.relations[0].claims[0]) if statement.relations and statement.relations[0].claims else ""
        known = functions()
        told = placed.told | {known[each].said for each in placed.told & set(known)}
        whole = SHARES in told or name in self.shares
        (sentence, given), self.numbers = self.numbers, (placed.sentence, numbers)
        shown: list[tuple[Claim, ...]] = []
        if numbers.shared and (whole or CHANCES in told):
            self.shares |= {name} - {""} if whole else set()
            shown += [(claim,) for claim in (total(numbers, whole),) if claim is not None]
        if (
            given is not None
            and sentence == placed.sentence
            and len(given.numbers) == len(numbers.numbers)
            and not given.label
            and placed.lead.effect in RESULTS
        ):
            shown += [values(each, given, numbers) for each in sorted(placed.between & set(known))]
        for claims in filter(None, shown):
            start, end, latex = numbers.start, numbers.end, claims[0].latex
            self._add(Entry(placed.formula, start, end, latex, "=", Context(), claims, doubts=(Doubt(Cause.ROLE),)))
