"""What a document declares of its names: front matter, ``% derive:`` lines, HTML comments.

One entry a line or between semicolons, each a key and a value::

    indices: i, j, k in 1..n
    families: z_i, y_i
    functions: f
    scalars: tau
    constants: C
    define: a_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}
    assume: \\sum_k y_k = 1, \\tau > 0
    assume: y one-hot
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derive.documents import Declaration
from derive.latex.symbols import SymbolTable

KEYS = ("indices", "index", "families", "family", "functions", "function", "scalars", "scalar", "constants", "constant",
        "sizes", "size", "assume", "define", "title", "lang")
_ENTRY = re.compile(rf"^\s*-?\s*({'|'.join(KEYS)})\s*:?\s+(.*)$|^\s*-?\s*({'|'.join(KEYS)})\s*:\s*(.*)$", re.IGNORECASE)
_SPAN = re.compile(r"^(.*?)(?:\bin\b|\\in)\s*(.+?)\s*(?:\.\.|\\ldots|\\dots|,\s*\\dots\s*,)\s*(.+)$")
_MEMBER = re.compile(r"^(\\?[A-Za-z]+)_(?:\{([^{}]*)\}|([A-Za-z0-9]))$")
_ONE_HOT = re.compile(r"^\$?(\\?[A-Za-z]+)\$?(?:_[a-z])?\s+(?:is\s+)?one-hot(?:\s+at\s+\$?([a-zA-Z0-9]+)\$?)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Stated:
    """A formula that a declaration assumes or defines, with the line it stands on."""

    latex: str
    line: int
    kind: str


@dataclass(frozen=True)
class OneHotStated:
    """``y one-hot`` or ``y one-hot at i``."""

    family: str
    at: str | None
    line: int


@dataclass(frozen=True)
class Problem:
    """A line of a declaration that was not understood."""

    text: str
    line: int


@dataclass(frozen=True)
class Declared:
    """All that the declarations of a document say."""

    table: SymbolTable
    stated: tuple[Stated | OneHotStated, ...] = ()
    problems: tuple[Problem, ...] = ()
    families: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())


def declared(declarations: tuple[Declaration, ...], table: SymbolTable) -> Declared:
    """The table with what the declarations say, and the formulas they state."""
    result = Declared(table)
    for declaration in declarations:
        key = ""
        for line, text in declaration.lines:
            for part in re.split(r";|(?<=\S)\s*$", text):
                if part.strip() and not re.match(r"^\s*(?:---|derive\s*:?)\s*$", part):
                    result, key = _entry(result, re.sub(r"^\s*derive\s*:\s*", "", part), line, key)
    return result


def _entry(result: Declared, text: str, line: int, key: str) -> tuple[Declared, str]:
    found = _ENTRY.match(text)
    if found is not None:
        key, value = (found.group(1) or found.group(3)).lower(), found.group(2) or found.group(4) or ""
    elif key and re.match(r"^\s+-\s", text):
        value = re.sub(r"^\s+-\s", "", text)
    else:
        problem = Problem(f"a declaration has one of {', '.join(KEYS[::2][:6])}, assume, define; found {text.strip()!r}", line)
        return _with(result, problems=(*result.problems, problem)), key
    value = value.strip().strip("\"'")
    return (_value(result, key, value, line) if value else result), key


def _with(result: Declared, **changes: object) -> Declared:
    from dataclasses import replace

    return replace(result, **changes)  # type: ignore[arg-type]


def _value(result: Declared, key: str, value: str, line: int) -> Declared:
    table = result.table
    if key in ("title", "lang"):
        return result
    if key in ("assume", "define"):
        hot = _ONE_HOT.match(value) if key == "assume" else None
        entry = OneHotStated(hot.group(1), hot.group(2), line) if hot else Stated(value.strip("$ "), line, key)
        return _with(result, stated=(*result.stated, entry))
    if key in ("indices", "index"):
        return _indices(result, value, line)
    families = result.families
    for item in _items(value):
        member = _MEMBER.match(item)
        if key in ("families", "family"):
            if member is None:
                return _with(result, problems=(*result.problems, Problem(f"a family is declared as z_i or w_{{kj}}, found {item!r}", line)))
            positions = _positions(member.group(2) if member.group(2) is not None else member.group(3))
            table = table.with_family(member.group(1), len(positions))
            families = (*families, (member.group(1), positions))
        elif key in ("functions", "function"):
            call = re.match(r"^(\\?[A-Za-z]+)\(([^()]*)\)$", item)
            table = table.with_function(call.group(1), _items(call.group(2))) if call else table.with_function(item)
        elif key in ("scalars", "scalar"):
            table = table.with_scalar(item)
        elif key in ("constants", "constant"):
            table = table.with_constant(item)
        else:
            table = table.with_size(item)
    return _with(result, table=table, families=families)


def _indices(result: Declared, value: str, line: int) -> Declared:
    table = result.table
    for group in re.split(r",(?=[^,]*(?:\bin\b|\\in))(?=[^,]*\.\.)|;", value) if value.count("..") > 1 else [value]:
        span = _SPAN.match(group)
        if span is None:
            for name in _items(group):
                table = table.with_index(name)
            continue
        low, high = span.group(2).strip(" {$"), span.group(3).strip(" }$")
        if not low.isdigit() or not re.match(r"^[A-Za-z0-9]+$", high):
            return _with(result, problems=(*result.problems, Problem(f"a range is 1..n, found {group.strip()!r}", line)))
        for name in _items(span.group(1)):
            table = table.with_index(name, int(low), int(high) if high.isdigit() else high)
    return _with(result, table=table)


def _items(value: str) -> list[str]:
    """Names between commas that stand outside braces."""
    return [item.strip(" $") for item in re.split(r",(?![^{(]*[})])", value) if item.strip(" $")]


def _positions(inside: str) -> tuple[str, ...]:
    parts = inside.split(",") if "," in inside else list(inside.replace(" ", ""))
    return tuple(part.strip() for part in parts)
