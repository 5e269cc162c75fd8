r"""All faults of a formula, by a table of visitors: each looks at the sides of a chain, as outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from derive.latex.structure import differentials, marks, sides, sums, transposes
from derive.latex.structure.finding import Fault
from derive.latex.structure.outline import Part, outline
from derive.latex.structure.transposes import Pair
from derive.latex.tokens.cut import Cut
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.rows import rows
from derive.latex.tokens.statements import statements
from derive.terms.relations import READ_KEYS

Visitor = Callable[[Sequence[tuple[Part, ...]]], Iterator[Fault]]

VISITORS: tuple[Visitor, ...] = (
    sums.unused,
    sums.twice,
    sums.of_itself,
    sums.downwards,
    sums.members,
    sides.loose,
    sides.same_step,
    differentials.lone,
)


def faults(cut: Cut, display: bool = True, turned: frozenset[Pair] = frozenset()) -> tuple[Fault, ...]:
    r"""The faults of a formula, in order of their places; those of plain text are not looked for.

    Args:
        display: whether it stands by itself. One in a line may end with an operator, and be no more than a bracket.
        turned: the pairs of vectors of which the document transposes the first one somewhere.

    >>> from derive.latex.tokens.cut import cut
    >>> [fault.kind.value for fault in faults(cut(r"\sum_{i=1}^{n} x_j = \sum_j x_j"))]
    ['unused index']
    """
    if cut.plain or cut.problem is not None and not cut.tokens:
        return ()
    related = any(token.kind == "relation" and token.text in READ_KEYS for token in cut.tokens)
    if display or related:
        brackets = tuple(marks.unmatched(cut.tokens))
        if brackets:
            return brackets
    found = list(marks.operators(cut.tokens, display and related))
    found += transposes.missing(cut.tokens, turned)
    try:
        stated = statements(cut.text, rows(cut.tokens))
    except Unread:
        return tuple(found)
    for statement in stated:
        chain = [outline(side.tokens) for side in statement.sides]
        for visitor in VISITORS:
            found += visitor(chain)
    return tuple(sorted(dict.fromkeys(found), key=lambda fault: (fault.start, fault.end)))
