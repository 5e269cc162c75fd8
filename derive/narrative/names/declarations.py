r"""What a document declares of its names: front matter, ``% derive:`` lines, HTML comments.

In Markdown the declaration is front matter, alone or under a key ``derive`` beside the keys of other programs; in TeX
each line begins with ``% derive:``; elsewhere it is an HTML comment that begins with ``derive:``::

    ---
    derive:
      indices: i, k in 1..n; j in 1..d     # several ranges in one line, or the key on several lines
      families: z_i, y_i, W_{kj}           # the letters are the indices that its positions run with
      shapes: A, B in m x n; x in n        # matrices and vectors that are written without indices
      functions: f, u(x)                   # u(x): the bare name u stands for u(x)
      scalars: tau
      constants: C                         # derivatives of it are 0
      sizes: n, d
      define: a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}
      assume: \sum_k y_k = 1; \tau > 0     # formulas between semicolons
      assume: y one-hot                    # or: y one-hot at i
    ---

A key may stand on several lines, and its value may be a list, as in YAML::

    families: [z_i, y_i]
    assume:
      - \sum_k y_k = 1
      - "\tau > 0"

Every key may be singular or plural (``index``, ``family``); quotes and dollar signs around a value are dropped, and
what follows a `` #`` is a comment. `title` and `lang` say nothing of names. Front matter without a key ``derive`` may
hold keys of other programs, which are passed over, unless they look like a misspelt one of ours.

What is not understood is a :class:`Problem` with its line; the other lines count. Where families are declared, a claim
about a family that is neither declared nor defined nor assumed anything of is not read.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from sympy import Integer

from derive.documents import Declaration
from derive.latex.symbols.table import SymbolTable
from derive.terms import terms
from derive.terms.context import Range

SINGULAR = {
    "index": "indices",
    "family": "families",
    "shape": "shapes",
    "function": "functions",
    "scalar": "scalars",
    "constant": "constants",
    "size": "sizes",
    "assumption": "assume",
    "assumptions": "assume",
    "definition": "define",
    "definitions": "define",
    "assumes": "assume",
    "defines": "define",
}
NAMES = ("indices", "families", "shapes", "functions", "scalars", "constants", "sizes", "assume", "define")
SILENT = ("title", "lang")
_WORDS = "|".join((*NAMES, *SILENT, *SINGULAR))
_OURS = re.compile(rf"^\s*(?:-\s+)?({_WORDS})\s*(?::\s*|\s+(?=\S))(.*)$", re.IGNORECASE)
_KEY = re.compile(r"^(\s*)(?:-\s+)?([A-Za-z][\w -]*?)\s*:(?:\s+(.*)|\s*)$")
_ITEM = re.compile(r"^(\s*)-(?:\s+(.*)|\s*)$")
_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*|)$")
_DOTS = r"(?:\.\.\.?|\\[lc]?dots|…|,\s*(?:\\[lc]?dots|\.\.\.|…)\s*,)"
_SPAN = re.compile(rf"^(.*?)(?:\bin\b|\\in|∈|=)\s*[{{\\(\[]*\s*(\S+?)\s*{_DOTS}\s*([^\s}}\])]+)\s*[}}\\)\]]*$")
_SHAPE = re.compile(r"^(.+?)\s*(?:\bin\b|\\in(?![a-z])|∈)\s*(.+)$")
_LENGTH = re.compile(r"^(?:[1-9][0-9]*|\\?[A-Za-z]+(?:_\{?[A-Za-z0-9]+\}?)?)$")
_MOST_AXES = 2
_NAME = re.compile(r"^\\?[A-Za-z]+$")
_MEMBER = re.compile(r"^(\\?[A-Za-z]+(?:\{[A-Za-z]+\})?)_(?:\{([^{}]*)\}|([A-Za-z0-9]))$")
_CALL = re.compile(r"^(\\?[A-Za-z]+)\(([^()]*)\)$")
_ONE_HOT = re.compile(
    r"^\$?(\\?[A-Za-z]+)(?:_[a-z])?\$?(?:_[a-z])?\s+(?:is\s+|are\s+)?(?:an?\s+)?one[-\s]hot(?:\s+vector)?"
    r"(?:\s+at\s+\$?([a-zA-Z0-9]+)\$?)?$",
    re.IGNORECASE,
)


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
    """All that the declarations of a document say; each of `families` is a name and the indices it was written with."""

    table: SymbolTable
    stated: tuple[Stated | OneHotStated, ...] = ()
    problems: tuple[Problem, ...] = ()
    families: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def objecting(self, text: str, line: int) -> Declared:
        return replace(self, problems=(*self.problems, Problem(text, line)))


def declared(declarations: tuple[Declaration, ...], table: SymbolTable) -> Declared:
    """The table with what the declarations say, and the formulas they state."""
    result = Declared(table)
    for declaration in declarations:
        for key, value, line in _entries(declaration):
            result = _entry(result, key, value, line)
    return result


def _entries(declaration: Declaration) -> list[tuple[str, str, int]]:
    """Key, value and line of each entry, in order; the key is "" where a line is none."""
    nested = _nested(declaration)
    found: list[tuple[str, str, int]] = []
    key, foreign = "", False
    for line, written in declaration.lines:
        text = _COMMENT.sub("", re.sub(r"^\s*derive\s*:", "", written))
        if not text.strip() or re.match(r"^\s*(?:---|\.\.\.|%+)\s*$", text):
            continue
        ours, other, item = _OURS.match(text), _KEY.match(text), _ITEM.match(text)
        if ours is not None:
            word = ours.group(1).lower()
            key, foreign = SINGULAR.get(word, word), False
            found += [(key, value, line) for value in _values(key, ours.group(2))]
        elif other is not None and not (key and item):
            word = other.group(2).lower()
            key, foreign = "", nested is False and not difflib.get_close_matches(word, (*NAMES, *SINGULAR), 1, 0.75)
            if not foreign:
                found.append(("", text.strip(), line))
        elif foreign:
            continue
        elif key and (item or text[:1].isspace()):
            found += [(key, value, line) for value in _values(key, item.group(2) or "" if item else text)]
        else:
            found.append(("", text.strip(), line))
    return found


def _nested(declaration: Declaration) -> bool:
    """Whether all of it is meant for us: a comment, or front matter under the key ``derive``."""
    return not any(
        _KEY.match(text) and not text[:1].isspace() and not _OURS.match(text) and not re.match(r"^\s*derive\s*:", text)
        for _, text in declaration.lines
    )


def _values(key: str, value: str) -> list[str]:
    """The values of an entry: between semicolons, or in a list in brackets."""
    value = value.strip()
    if value.startswith("[") and value.endswith("]") and not re.search(r"\.\.|\\[lc]?dots", value):
        parts = _split(value[1:-1]) if key in ("assume", "define") else [value[1:-1]]
    elif len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        parts = [value[1:-1]]
    else:
        parts = [value]
    parts = [piece for part in parts for piece in re.split(r"(?<!\\);", part)]
    return [clean for part in parts if (clean := part.strip().strip("\"'").strip())]


def _split(inside: str) -> list[str]:
    """The items of a list in brackets; quotes and brackets keep their commas."""
    items, depth, quote, start = [], 0, "", 0
    for at, letter in enumerate(inside):
        if quote:
            quote = "" if letter == quote else quote
        elif letter == '"':
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            items.append(inside[start:at])
            start = at + 1
    return [*items, inside[start:]]


def _entry(result: Declared, key: str, value: str, line: int) -> Declared:
    if key in SILENT:
        return result
    if not key:
        return result.objecting(f"a declaration has one of the keys {', '.join(NAMES)}; found {_short(value)}", line)
    if key in ("assume", "define"):
        return _stated(result, key, value, line)
    if key == "indices":
        return _indices(result, value, line)
    if key == "shapes":
        return _shapes(result, value, line)
    for item in _items(value):
        result = _family(result, item, line) if key == "families" else _named(result, key, item, line)
    return result


def _stated(result: Declared, key: str, value: str, line: int) -> Declared:
    hot = _ONE_HOT.match(value) if key == "assume" else None
    entry = OneHotStated(hot.group(1), hot.group(2), line) if hot else Stated(value.strip("$ "), line, key)
    return replace(result, stated=(*result.stated, entry))


def _family(result: Declared, item: str, line: int) -> Declared:
    member = _MEMBER.match(item)
    if member is None:
        return result.objecting(f"a family is declared as z_i or w_{{kj}}, found {_short(item)}", line)
    positions = _positions(member.group(2) if member.group(2) is not None else member.group(3))
    if not positions:
        return result.objecting(f"a family has an index, found {_short(item)}", line)
    table = result.table.with_family(member.group(1), len(positions), positions)
    return replace(result, table=table, families=(*result.families, (member.group(1), positions)))


def _shapes(result: Declared, value: str, line: int) -> Declared:
    """``A, B in m x n``: names, and the lengths of their rows and columns, each a name or a number."""
    found = _SHAPE.match(value)
    lengths = [] if found is None else re.split(r"\s*(?:\\times|×|\*|\bx\b)\s*", found.group(2).strip(" $"))
    if found is None or len(lengths) > _MOST_AXES or not all(_LENGTH.match(each) for each in lengths):
        return result.objecting(f"a shape is declared as A in m x n or x in n, found {_short(value)}", line)
    spans = tuple(Range(Integer(1), Integer(int(each)) if each.isdigit() else terms.size(each)) for each in lengths)
    for name in _items(found.group(1)):
        if not _NAME.match(name):
            return result.objecting(f"a name was expected, found {_short(name)}", line)
        letters = tuple("" for _ in spans)
        result = replace(result, table=result.table.with_space(name, spans), families=(*result.families, (name, letters)))
    return result


def _named(result: Declared, key: str, item: str, line: int) -> Declared:
    call = _CALL.match(item) if key == "functions" else None
    if call is None and not _NAME.match(item) and not re.match(r"^\\?[A-Za-z]+(?:_|\{)[\w{}\\]*$", item):
        return result.objecting(f"a name was expected, found {_short(item)}", line)
    table = result.table
    if call is not None:
        table = table.with_function(call.group(1), _items(call.group(2)))
    elif key == "functions":
        table = table.with_function(item)
    elif key == "scalars":
        table = table.with_scalar(item)
    elif key == "constants" and table.is_family(item):
        table = replace(table, constants=table.constants | {item})
    elif key == "constants":
        table = table.with_constant(item)
    else:
        table = table.with_size(item)
    return replace(result, table=table)


def _indices(result: Declared, value: str, line: int) -> Declared:
    several = len(re.findall(r"\bin\b|\\in|∈", value)) > 1
    groups = re.split(r",(?=[^,]*(?:\bin\b|\\in|∈))", value) if several else [value]
    waiting: list[str] = []
    for group in groups:
        span = _SPAN.match(group.strip(" $"))
        if span is None:
            waiting += _items(group)
            continue
        result = _ranged(result, [*waiting, *_items(span.group(1))], span.group(2), span.group(3), line)
        waiting = []
    for name in waiting:
        if not _NAME.match(name):
            return result.objecting(f"an index is declared as i or as i in 1..n, found {_short(name)}", line)
        result = replace(result, table=result.table.with_index(name))
    return result


def _ranged(result: Declared, names: list[str], low: str, high: str, line: int) -> Declared:
    low, high = low.strip(" {$,"), high.strip(" }$,")
    if not re.match(r"^-?\d+$", low) or not re.match(r"^(?:\d+|\\?[A-Za-z]+)$", high):
        return result.objecting(f"a range is 1..n, found {_short(f'{low}..{high}')}", line)
    for name in names:
        if not _NAME.match(name):
            return result.objecting(f"an index is declared as i or as i in 1..n, found {_short(name)}", line)
        table = result.table.with_index(name, int(low), int(high) if high.isdigit() else high)
        result = replace(result, table=table)
    return result


def _items(value: str) -> list[str]:
    """Names between commas that stand outside braces."""
    return [name for item in re.split(r",(?![^{(]*[})])", value) if (name := item.strip(" $\"'"))]


def _positions(inside: str) -> tuple[str, ...]:
    parts = inside.split(",") if "," in inside else list(inside.replace(" ", ""))
    return tuple(part.strip() for part in parts if part.strip())


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
