r"""The ranges of indices as the sums of a document show them.

After ``\sum_{k=1}^{K} e^{z_k}`` both k and the i of z_i end at K.

An index whose sums all have the same bounds runs between them. A place of a family that such an index stands at has
its range, and so has another index at that place. Where two ranges meet, nothing is concluded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.latex.symbols.table import SymbolTable
from derive.terms import terms
from derive.terms.context import Context

Bounds = tuple[int, str]
_SUM = re.compile(
    r"\\(?:sum|prod)(?:\\limits)?\s*_\s*\{\s*([a-zA-Z])\s*=\s*(\d+)\s*\}\s*\^\s*(?:\{\s*([A-Za-z]|\d+)\s*\}|([A-Za-z]|\d))")
_ANY_SUM = re.compile(r"\\(?:sum|prod)(?:\\limits)?\s*_\s*\{\s*([a-zA-Z])\s*=[^{}]*\}\s*\^")
_MEMBER = re.compile(r"(\\[A-Za-z]+(?:\{[A-Za-z]+\})?|[A-Za-z])_(?:\{\s*([a-z](?:\s*,?\s*[a-z]){0,2})\s*\}|([a-z]))")
_NO_FAMILY = ("\\sum", "\\prod", "\\max", "\\min", "\\log", "\\delta", "\\int", "\\lim")


def ranges_shown(texts: Iterable[str], table: SymbolTable) -> dict[str, Bounds]:
    """The range of each index that has none of its own, where the sums of `texts` show it."""
    whole = "\n".join(texts)
    told = {name for name, _ in table.ranges}
    summed: dict[str, set[Bounds]] = {}
    for found in _SUM.finditer(whole):
        if int(found.group(2)) <= 1:  # a sum from 2 on leaves terms out; it does not tell where its index begins
            summed.setdefault(found.group(1), set()).add((int(found.group(2)), found.group(3) or found.group(4)))
    running = {name for name, bounds in summed.items() if any(table.is_index(end) for _, end in bounds)}
    summed = {name: bounds for name, bounds in summed.items() if name not in running}  # up to another index: no range
    several = {m.group(1) for m in _ANY_SUM.finditer(whole)} - set(summed)
    places: dict[tuple[str, int], set[str]] = {}
    for member in _MEMBER.finditer(whole):
        letters = re.findall("[a-z]", member.group(2) or member.group(3))
        if member.group(1) not in _NO_FAMILY and table.arity_of(member.group(1)) == len(letters):
            for at, letter in enumerate(letters):
                places.setdefault((member.group(1), at), set()).add(letter)
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
    return {name: next(iter(bounds)) for name, bounds in known.items()
            if len(bounds) == 1 and name not in told and name not in several and table.is_index(name)
            and next(iter(bounds))[1] != name}


def main_size(texts: Iterable[str], table: SymbolTable) -> str:
    """The size that indices without a range of their own run to: n, or the K to which all sums of the document run."""
    whole = "\n".join(texts)
    ends = {m.group(3) or m.group(4) for m in _SUM.finditer(whole) if m.group(2) == "1"}
    ends |= {str(span.high) for _, span in table.ranges if span.low == 1}
    names = {end for end in ends if not end.isdigit() and not table.is_index(end)}
    main = names.pop() if len(names) == 1 else "n"
    free = (name for name in "NKMDCSTP" if not re.search(rf"(?<![a-zA-Z]){name}(?![a-zA-Z])", whole))
    return next(free, main) if main in table.indices else main


def with_ranges(table: SymbolTable, shown: dict[str, Bounds]) -> SymbolTable:
    """The table with these ranges."""
    for name, (low, high) in sorted(shown.items()):
        table = table.with_index(name, low, int(high) if high.isdigit() else high)
    return table


def declared_ranges(table: SymbolTable, families: tuple[tuple[str, tuple[str, ...]], ...], main: str) -> Context:
    """A context with the main size, the ranges of declared indices and the shapes of families declared with them."""
    context = Context(constants=tuple(sorted(table.constants)), size=terms.size(main))
    for name, span in table.ranges:
        context = context.with_range(terms.index(name), span)
    for name, positions in families:
        context = context.with_shape(name, [context.range_of(terms.index(p)) for p in positions])
    return context
