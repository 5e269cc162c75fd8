r"""The ranges of indices as the sums of a document show them.

After ``\sum_{k=1}^{K} e^{z_k}`` both k and the i of z_i end at K.

An index whose sums all have the same bounds runs between them. A place of a family that such an index stands at has
its range, and so has another index at that place. Where two ranges meet, nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cuts
from derive.latex.tokens.parts import Limits, limits, members
from derive.terms import terms
from derive.terms.context import Context

Bounds = tuple[int, str]
MOST_INDICES = 3


def ranges_shown(formulas: Iterable[str | Cut], table: SymbolTable) -> dict[str, Bounds]:
    """The range of each index that has none of its own, where the sums of `formulas` show it."""
    rows = [one.tokens for one in cuts(formulas)]
    sums = [one for row in rows for one in limits(row) if one.high is not None]
    told = {name for name, _ in table.ranges}
    summed: dict[str, set[Bounds]] = {}
    for one in sums:
        span = bounds_of(one)
        if span is not None and span[0] <= 1:  # a sum from 2 on leaves terms out; it does not tell where its index begins
            summed.setdefault(one.index, set()).add(span)
    running = {name for name, bounds in summed.items() if any(table.is_index(end) for _, end in bounds)}
    summed = {name: bounds for name, bounds in summed.items() if name not in running}  # up to another index: no range
    several = {one.index for one in sums} - set(summed)
    places: dict[tuple[str, int], set[str]] = {}
    for name, letters in (member for row in rows for member in members(row, table.names)):
        plain = len(letters) <= MOST_INDICES and all(letter.islower() for letter in letters)
        if plain and name != "\\delta" and table.arity_of(name) == len(letters):
            for at, letter in enumerate(letters):
                places.setdefault((name, at), set()).add(letter)
    known: dict[str, set[Bounds]] = {name: set(bounds) for name, bounds in summed.items()}
    fixed = {*summed, *told, *several}
    for _ in range(len(places)):
        before = {name: len(bounds) for name, bounds in known.items()}
        for letters_at in places.values():
            shown = {bound for letter in letters_at for bound in known.get(letter, ()) if len(known[letter]) == 1}
            for letter in letters_at - fixed:
                known.setdefault(letter, set()).update(shown)
        if before == {name: len(bounds) for name, bounds in known.items()}:
            break
    return {
        name: next(iter(bounds))
        for name, bounds in known.items()
        if len(bounds) == 1
        and name not in told
        and name not in several
        and table.is_index(name)
        and next(iter(bounds))[1] != name
    }


def bounds_of(one: Limits) -> Bounds | None:
    """From a number to a letter or a number; None where a limit is anything else."""
    if one.high is None or len(one.low) != 1 or len(one.high) != 1 or not one.low[0].text.isdigit():
        return None
    end = one.high[0]
    return (int(one.low[0].text), end.text) if end.kind == "letter" or end.text.isdigit() else None


def main_size(formulas: Iterable[str | Cut], table: SymbolTable) -> str:
    """The size that indices without a range of their own run to: n, or the K to which all sums of the document run."""
    rows = [one.tokens for one in cuts(formulas)]
    spans = [span for row in rows for one in limits(row) if (span := bounds_of(one)) is not None]
    ends = {end for low, end in spans if low == 1}
    ends |= {str(span.high) for _, span in table.ranges if span.low == 1}
    names = {end for end in ends if not end.isdigit() and not table.is_index(end)}
    main = names.pop() if len(names) == 1 else "n"
    used = {token.text for row in rows for token in row}
    free = (name for name in "NKMDCSTP" if name not in used)
    return next(free, main) if main in table.indices else main


def with_ranges(table: SymbolTable, shown: dict[str, Bounds]) -> SymbolTable:
    """The table with these ranges."""
    for name, (low, high) in sorted(shown.items()):
        table = table.with_index(name, low, int(high) if high.isdigit() else high)
    return table


def declared_ranges(table: SymbolTable, families: tuple[tuple[str, tuple[str, ...]], ...], main: str) -> Context:
    """A context with the main size, the ranges of declared indices, the shapes of vectors, matrices and declared families."""
    context = Context(constants=tuple(sorted(table.constants)), size=terms.size(main))
    for name, span in table.ranges:
        context = context.with_range(terms.index(name), span)
    for name, spans in table.spaces:
        context = context.with_shape(name, spans)
    for name, positions in families:
        context = context.with_shape(name, [context.range_of(terms.index(p)) for p in positions])
    return context
