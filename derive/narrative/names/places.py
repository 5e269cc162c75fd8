r"""The range of each place of a family, as the sums of a document show it, and the ranges that indices take from there.

``y_c = e^{z_c} / \sum_{d=1}^C e^{z_d}`` shows that z, and so y, has the entries 1..C; in ``y_i`` the i runs over them,
whatever another sum over an i runs over.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Expr, Indexed, Symbol

from derive.latex.readings import ReadRange
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cuts
from derive.latex.tokens.parts import limits, members
from derive.narrative.names.ranges import Bounds, bounds_of
from derive.terms.context import Claim, Context, Range
from derive.terms.heads import name_of
from derive.terms.terms import free_indices

Place = tuple[str, int]


def places_shown(formulas: Iterable[str | Cut], table: SymbolTable) -> dict[Place, Range]:
    """The range of each place that all formulas agree on: those of sums over a letter there, and of letters beside it."""
    rows = []
    for one in cuts(formulas):
        summed: dict[str, set[Bounds | None]] = {}
        for limit in limits(one.tokens):
            if limit.high is not None:
                summed.setdefault(limit.index, set()).add(bounds_of(limit))
        stands = [
            ((name, at), letter)
            for name, letters in members(one.tokens, table.names)
            if table.arity_of(name) == len(letters)
            for at, letter in enumerate(letters)
            if letter and table.is_index(letter)
        ]
        rows.append((summed, stands))
    shown: dict[Place, set[Bounds | None]] = {}
    for _ in range(len(rows) + 1):
        before = sum(map(len, shown.values()))
        for summed, stands in rows:
            letters: dict[str, set[Bounds | None]] = {letter: set(summed.get(letter, ())) for _, letter in stands}
            for place, letter in stands:
                if letter not in summed:
                    letters[letter] |= shown.get(place, set())
            for place, letter in stands:
                if len(letters[letter]) == 1:
                    shown.setdefault(place, set()).update(letters[letter])
        if before == sum(map(len, shown.values())):
            break
    return {
        place: _range(bounds, table)
        for place, found in shown.items()
        if len(found) == 1 and (bounds := next(iter(found))) is not None and bounds[0] <= 1 and not table.is_index(bounds[1])
    }


def _range(bounds: Bounds, table: SymbolTable) -> Range:
    low, high = bounds
    return dict(table.with_index("place", low, int(high) if high.isdigit() else high).ranges)["place"]


def at_home(context: Context, claims: Iterable[Claim], table: SymbolTable, entries: Iterable[ReadRange] = ()) -> Context:
    """`context` in which the free indices of `claims` have the ranges of the places where they stand, if these agree; an
    index whose range the document states keeps it. The letters of `entries` have theirs.
    """
    places = dict(table.places)
    places |= {(name, count + at): span for (name, count), spans in table.inferred for at, span in enumerate(spans)}
    found: dict[Symbol, set[Range | None]] = {}
    for claim in claims:
        for side in (claim.left, claim.right):
            free = set(free_indices(side))
            for member in side.atoms(Indexed):
                for at, position in enumerate(member.indices):
                    if isinstance(position, Symbol) and position in free and position.name not in table.told:
                        found.setdefault(position, set()).add(places.get((str(member.base.label), at)))
    for symbol in sorted(found, key=lambda symbol: symbol.name):
        spans = found[symbol] - {None}
        if len(spans) == 1 and (span := next(iter(spans))) is not None and span != context.range_of(symbol):
            context = context.with_range(symbol, span)
    for entry in entries:
        context = context.with_range(entry.symbol, Range(entry.low, entry.high))
    return context


def settled_at(context: Context, head: Expr, here: Context) -> Context:
    """`context` in which the places of a family that `head` defines have the ranges that its indices have `here`."""
    if not isinstance(head, Indexed):
        return context
    spans = [here.range_of(position) for position in head.indices]
    own = {symbol for symbol, _ in here.ranges}
    return context.with_shape(name_of(head), spans) if own.issuperset(head.indices) else context
