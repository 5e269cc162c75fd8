r"""Names with a label: the ``W_1`` and the ``W^{(2)}`` of a document that says of each in which space it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads, kind

MARKS = ("+", "\\dagger")
"""What stands above a name and makes another name of it."""


@dataclass(frozen=True)
class Item:
    """A name in a list with what stands below or above it: `mark` is ``sub``, ``sup`` or "", `script` its tokens."""

    name: str
    mark: str = ""
    script: tuple[Token, ...] = ()

    @property
    def inner(self) -> tuple[Token, ...]:
        """The script without brackets around it."""
        inside = self.script
        bracketed = len(inside) == 3 and inside[0].kind == "open" and inside[2].kind == "close"
        return inside[1:2] if bracketed else inside

    @property
    def label(self) -> str:
        """The script as a name has it, ``_{1}``, ``^{(1)}`` or ``^{+}``; "" for what is no single letter, number or mark."""
        if self.mark == "sup" and len(self.script) == 1 and self.script[0].text in MARKS:
            return f"^{{{self.script[0].text}}}"
        if len(self.inner) != 1 or self.inner[0].kind not in ("letter", "number"):
            return ""
        written = "".join(token.text for token in self.script)
        return f"_{{{written}}}" if self.mark == "sub" else f"^{{{written}}}" if len(self.script) == 3 else ""


def head(row: Sequence[Token]) -> Item | None:
    """The name with a script that an equation begins with."""
    shown = heads(row, frozenset())
    item, end = _item(row, shown, 0) if 0 in shown else (None, 0)
    return item if item is not None and kind(row, end) == "relation" and row[end].text in ("=", ":=") else None


def listed(row: Sequence[Token], end: int) -> tuple[Item, ...]:
    """The names of the list that ends at a place, each with its script; none where no list of names does."""
    shown = heads(row, frozenset())
    for start in sorted(shown):
        if start >= end or kind(row, start - 1) in ("sub", "sup"):
            continue
        items, at = [], start
        while at in shown:
            item, at = _item(row, shown, at)
            items.append(item)
            if at == end:
                return tuple(items)
            if kind(row, at) != "comma":
                break
            at += 1
    return ()


def _item(row: Sequence[Token], shown: dict[int, tuple[str, int]], at: int) -> tuple[Item, int]:
    name, end = shown[at]
    mark = kind(row, end)
    if mark not in ("sub", "sup"):
        return Item(name), end
    inside, after = group(row, end + 1)
    return Item(name, mark, tuple(inside)), after


def joined(row: Sequence[Token], labels: Collection[str]) -> tuple[Token, ...]:
    r"""The tokens with each name that has one of the `labels`, such as ``W_{1}`` or ``\mathbf{x}_{0}``, as one letter."""
    return tuple(_joined(row, heads(row, frozenset()), labels)) if labels else tuple(row)


def _joined(row: Sequence[Token], shown: dict[int, tuple[str, int]], labels: Collection[str]) -> Iterator[Token]:
    at = 0
    while at < len(row):
        if at in shown and kind(row, at - 1) != "sub":
            item, after = _item(row, shown, at)
            turned = _turned(item)
            if turned is not None and f"{item.name}{turned.label}" in labels:
                yield from _as_letter(row[at : shown[at][1]], turned.label, item.script[2].end)
                mark = row[shown[at][1]]
                yield replace(mark, start=item.script[2].end, end=item.script[2].end)
                yield item.script[3]
                at = after
                continue
            entry = _placed(row, at, shown[at][1], labels)
            if entry is not None:
                yield from entry[0]
                at = entry[1]
                continue
            if item.label and f"{item.name}{item.label}" in labels:
                yield from _as_letter(row[at : shown[at][1]], item.label, row[after - 1].end)
                at = after
                continue
        yield row[at]
        at += 1


def _placed(row: Sequence[Token], start: int, end: int, labels: Collection[str]) -> tuple[tuple[Token, ...], int] | None:
    r"""An entry of a name with its label, and where it ends: ``W_{1,ij}``, and ``W^{(1)}_{ij}``, whose places come first.

    `end` is where the name ends that begins at `start`.
    """
    if kind(row, end) != "sub":
        return None
    name = heads(row[start:end], frozenset())[0][0]
    inside, after = group(row, end + 1)
    label = f"_{{{inside[0].text}}}" if [token.kind for token in inside[:2]] == ["number", "comma"] else ""
    if label and name + label in labels:
        return (
            *_as_letter(row[start:end], label, row[end - 1].end),
            row[end],
            row[end + 1],
            *inside[2:],
            row[after - 1],
        ), after
    above, last = group(row, after + 1) if kind(row, after) == "sup" else ((), after)
    label = Item(name, "sup", tuple(above)).label if len(above) == 3 else ""
    if label and name + label in labels:
        return (*_as_letter(row[start:end], label, row[end - 1].end), *row[end:after]), last
    return None


def _turned(item: Item) -> Item | None:
    r"""The name with its label where a transpose stands behind that: the W of ``W^{(1) \top}``."""
    above = item.script
    if item.mark != "sup" or len(above) != 4 or above[3].text not in ("\\top", "T") or above[0].kind != "open":
        return None
    return replace(item, script=above[:3])


def _as_letter(name: Sequence[Token], label: str, end: int) -> Iterator[Token]:
    """The tokens of a name with the label behind its letter, inside of accents; together they end where the label does."""
    inner = 0 if len(name) == 1 else len(name) - 1 - (name[-1].kind == "rbrace")
    for at, token in enumerate(name):
        stop = end if at == len(name) - 1 else token.end
        if at == inner:
            yield Token("letter", f"{token.text}{label}", token.start, stop)
        else:
            yield replace(token, end=stop)
