r"""Dots that count: ``w_1 x_1 + w_2 x_2 + \cdots + w_m x_m`` is ``\sum_{j=1}^m w_j x_j``, ``(z_1, \ldots, z_K)`` all entries.

The terms before the dots are one term with the numbers a, a + 1, … in the same places, and the term behind them has the
last number or a size there. Every other use of dots leaves open what stands for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Add, Dots, Members, Name, Neg, Node, Number, Subscripted, SumCondition, SumOver, walk
from derive.latex.tokens.lexer import Token

_LETTERS = "jkilmstrpq"


def summed(terms: Sequence[Node]) -> list[Node] | None:
    """The terms with those around the dots as one sum, ``w_0 + w_1 x_1 + \\cdots + w_m x_m + b``; None where they show none."""
    places = [at for at, term in enumerate(terms) if isinstance(term, Dots)]
    if len(places) != 1 or not 0 < places[0] < len(terms) - 1:
        return None
    at = places[0]
    for begin in range(at):
        found = _summed(terms[begin:at], terms[at + 1], terms)
        if found is not None:
            return [*terms[:begin], found, *terms[at + 2 :]]
    return None


def _summed(shown: Sequence[Node], last: Node, terms: Sequence[Node]) -> SumOver | None:
    """The sum from the first of `shown` to `last`, with an index that stands in none of `terms`."""
    ends = _ends(shown[0], last)
    if not ends:
        return None
    first, final = ends[0]
    if (
        any(pair != (first, final) for pair in ends)
        or not _is_end(final)
        or not all(_counted(shown[0], term, first, step) for step, term in enumerate(shown))
    ):
        return None
    used = {node.text for term in terms for node in walk(term) if isinstance(node, Name)}
    letter = next((each for each in _LETTERS if each not in used), None)
    if letter is None:
        return None
    start, end = shown[0].start, last.end
    low = Number(start, start, str(first))
    high = replace(final, start=end, end=end) if isinstance(final, (Name, Number)) else final
    body = _put(shown[0], last, Name(start, start, letter))
    return SumOver(start, end, (SumCondition(start, start, letter, "=", low),), high, body)


def is_naming(entries: Sequence[Node]) -> bool:
    """Whether the entries of a tuple are those of one family in order: ``z_1, z_2, \\ldots, z_K``."""
    named = [entry for entry in entries if isinstance(entry, Subscripted) and len(entry.indices) == 1]
    dots = [entry for entry in entries if isinstance(entry, Dots)]
    if not named or len(named) + len(dots) < len(entries) or len(dots) > 1 or len({e.name.text for e in named}) > 1:
        return False
    before = named[:-1] if dots else named
    numbers = [_number(entry.indices[0]) for entry in before]
    return numbers == list(range(1, len(before) + 1)) and bool(before) and (not dots or isinstance(entries[-2], Dots))


def are_entries(entries: Sequence[Node], parser: Cursor, opening: Token) -> bool:
    """Whether a tuple is a vector: all entries of one family, or those of a column, ``(1; 0; 2)``, none of them left out."""
    written = parser.source[opening.start : parser.peek().start]
    column = ";" in written and "," not in written and not any(isinstance(entry, Dots) for entry in entries)
    return column or is_naming(entries)


def gathered(arguments: Sequence[Node]) -> list[Node]:
    """The arguments of a function, with families for the members that dots stand between: ``f(x_1, \\ldots, x_n)`` is f(x).

    Several families may take turns, ``p(s_1, a_1, \\ldots, s_T, a_T)``.
    """
    found = list(arguments)
    places = [at for at, each in enumerate(found) if isinstance(each, Dots)]
    if len(places) != 1:
        return found
    at = places[0]
    for turns in range(1, len(found) - at):
        last = _families(found[at + 1 : at + 1 + turns])
        begun = at
        while begun >= turns and last and _families(found[begun - turns : begun]) == last:
            begun -= turns
        if begun < at and last:
            first = (entry for entry in found[begun : begun + turns] if isinstance(entry, Subscripted))
            names = [Members(each.name.start, each.name.end, each.name.text) for each in first]
            return [*found[:begun], *names, *found[at + 1 + turns :]]
    return found


def of_several(name: str, arguments: Sequence[Node]) -> str:
    """The name of the function of as many arguments as dots leave open: that of one of them is another function."""
    return name if list(arguments) == gathered(arguments) else f"{name}_{{\\ldots}}"


def _families(entries: Sequence[Node]) -> list[str]:
    r"""The names of the entries if each is a member of a family of its own with one index, or the last one, ``s_{\text{T}}``;
    empty otherwise."""
    names = [entry.name.text for entry in entries if isinstance(entry, Subscripted) and len(entry.indices) == 1]
    names = names or [entry.text.partition("_{")[0] for entry in entries if isinstance(entry, Name) and "_{" in entry.text]
    return names if len(names) == len(entries) == len(set(names)) else []


def _number(node: Node) -> int | None:
    return int(node.text) if isinstance(node, Number) and node.text.isdigit() and len(node.text) < 9 else None


def _is_end(node: Node) -> bool:
    """A name, a number, or a name and a number as the last index."""
    if isinstance(node, Add) and len(node.terms) == 2:
        second = node.terms[1].operand if isinstance(node.terms[1], Neg) else node.terms[1]
        return isinstance(node.terms[0], Name) and isinstance(second, Number)
    return isinstance(node, Name) or _number(node) is not None


def _ends(first: Node, last: Node) -> list[tuple[int, Node]]:
    """Where the two trees differ, the number in the first and what stands there in the last; empty if they do not fit."""
    if _same(first, last):
        return []
    number = _number(first)
    if number is not None and not (isinstance(last, Number) and _number(last) is None):
        return [(number, _bare(last))]
    if type(first) is not type(last):
        return []
    found: list[tuple[int, Node]] = []
    for one, other in zip(_parts(first), _parts(last), strict=False):
        if isinstance(one, Node) and isinstance(other, Node):
            pairs = _ends(one, other)
            if not pairs and not _same(one, other):
                return []
            found += pairs
        elif one != other:
            return []
    return found if len(_parts(first)) == len(_parts(last)) else []


def _counted(first: Node, term: Node, number: int, step: int) -> bool:
    """Whether `term` is the first one with `number` + `step` in the places of the number."""
    if step == 0:
        return True
    pairs = _ends(first, term)
    return bool(pairs) and all(low == number and _number(high) == number + step for low, high in pairs)


def _put(first: Node, last: Node, letter: Name) -> Node:
    """The first term with a letter in the places where the last one differs."""
    if _same(first, last):
        return first
    if _number(first) is not None:
        return letter
    values: dict[str, object] = {}
    for field in fields(first):
        one, other = getattr(first, field.name), getattr(last, field.name)
        if isinstance(one, Node) and isinstance(other, Node):
            values[field.name] = _put(one, other, letter)
        elif isinstance(one, tuple) and any(isinstance(each, Node) for each in one):
            values[field.name] = tuple(_put(a, b, letter) for a, b in zip(one, other, strict=True))
    return replace(first, **values)  # type: ignore[arg-type]


def _parts(node: Node) -> list[object]:
    """Everything in a node but its place; tuples in their entries."""
    found: list[object] = []
    for field in fields(node):
        value = getattr(node, field.name)
        if field.name not in ("start", "end"):
            found += value if isinstance(value, tuple) else [value]
    return found


def _same(one: Node, other: Node) -> bool:
    """Whether two trees are the same up to their places."""
    return _bare(one) == _bare(other)


def _bare(node: Node) -> Node:
    values: dict[str, object] = {"start": 0, "end": 0}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Node):
            values[field.name] = _bare(value)
        elif isinstance(value, tuple):
            values[field.name] = tuple(_bare(each) if isinstance(each, Node) else each for each in value)
    return replace(node, **values)  # type: ignore[arg-type]
