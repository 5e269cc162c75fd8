"""The sections in which a document says what is a vector or a matrix: in another one the name may be something else.

A shape from another section is kept as long as formulas can be read with it. Where one does not fit, the section has a name of
its own, whose shape its use tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from derive.documents import Block, Document, Formula, Heading
from derive.latex.symbols.observe import observe
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut
from derive.narrative.names.described import described_spaces
from derive.narrative.names.shaped import Space, spaces_in

Pair = TypeVar("Pair")


@dataclass(frozen=True)
class Homes:
    """For each name the sections that say what its shape is, and for each section those that it stands in, itself included.

    `told` is what words say, with the section, `written` the names with the sections in which formulas say it. Sections are
    counted by their headings, from 0 for what stands before the first one.
    """

    said: Mapping[str, frozenset[int]]
    open: tuple[frozenset[int], ...]
    told: tuple[tuple[int, Space], ...] = ()
    written: frozenset[tuple[str, int]] = frozenset()

    def away(self, table: SymbolTable, section: int) -> frozenset[str]:
        """The names whose shapes come from sections that are not open in `section`."""
        here = self.open[section] if 0 <= section < len(self.open) else frozenset()
        return frozenset(
            name for name, _ in table.spaces if (sections := self.said.get(name)) is not None and not sections & here
        )

    def with_told(self, more: Iterable[tuple[int, Space]]) -> Homes:
        """The same with what else is found in sections."""
        more = tuple(more)
        said = dict(self.said)
        for section, space in more:
            said[space.name] = said.get(space.name, frozenset()) | {section}
        return replace(self, said=said, told=(*self.told, *more))

    def told_in(self, section: int) -> Iterator[Space]:
        """What words alone say in a section."""
        return (space for at, space in self.told if at == section and (space.name, at) not in self.written)


def parts(document: Document) -> list[list[Block]]:
    """The blocks of each section, by its heading; first what stands before the first one."""
    found: list[list[Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, Heading):
            found.append([])
        found[-1].append(block)
    return found


def homes(document: Document, cut_of: Callable[[Formula], Cut]) -> Homes:
    """Where the formulas and the words of a document say the shapes of its names."""
    around: list[frozenset[int]] = [frozenset({0})]
    opened: list[tuple[int, int]] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            opened = [(level, number) for level, number in opened if level < block.level] + [(block.level, len(around))]
            around.append(frozenset({0, *(number for _, number in opened)}))
    said: dict[str, frozenset[int]] = {}
    told: list[tuple[int, Space]] = []
    written: set[tuple[str, int]] = set()
    for number, blocks in enumerate(parts(document)):
        words = described_spaces(replace(document, blocks=tuple(blocks)), cut_of)
        told += ((number, space) for space in words)
        shown = [space for block in blocks if isinstance(block, Formula) for space in spaces_in(cut_of(block).tokens)]
        written |= {(space.name, number) for space in shown}
        for space in (*words, *shown):
            said[space.name] = said.get(space.name, frozenset()) | {number}
    return Homes(said, tuple(around), tuple(told), frozenset(written))


def without(table: SymbolTable, names: frozenset[str], formulas: list[Cut]) -> SymbolTable:
    """The table without what makes `names` vectors or matrices, but for what `formulas` show of them."""
    kept = replace(
        table,
        spaces=tuple(pair for pair in table.spaces if pair[0] not in names),
        families=tuple(pair for pair in table.families if pair[0] not in names),
        places=tuple(pair for pair in table.places if pair[0][0] not in names),
        declared=table.declared - names,
        shaped=table.shaped - names,
        literal=table.literal - names,
    )
    seen = observe(kept, formulas)
    return replace(kept, families=seen.families, members=seen.members)


def kept_for(
    now: tuple[tuple[str, Pair], ...], before: tuple[tuple[str, Pair], ...], names: frozenset[str]
) -> tuple[tuple[str, Pair], ...]:
    """The pairs of `now`, but for `names` those of `before`."""
    return tuple(pair for pair in now if pair[0] not in names) + tuple(pair for pair in before if pair[0] in names)
