r"""What formulas show of their names, by the look of their tokens; declarations are stronger than anything seen.

A run of letters is one name if it is written ``\mathrm{..}`` somewhere, or has three letters or more and stands
before a subscript, after a d in a derivative, or alone as a side of a relation (``net_k``, ``dnet_k``, ``Loss = ..``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from derive.latex.symbols.table import LABELS, SymbolTable, is_value
from derive.latex.tokens.cut import Cut, cuts
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads, kind, labelled, letters, of_a_sum, runs
from derive.latex.tokens.vocabulary import CHANCE_WORDS, DOTS, FUNCTIONS, TEXTUAL, VECTOR_WORDS

_SUBSCRIPT_MAX = 12
_PRIMED = frozenset("uvfghFGHUV")


def _rows(formulas: Iterable[str | Cut]) -> list[tuple[Token, ...]]:
    """The tokens of each formula that can be read as a whole."""
    return [one.named() for one in cuts(formulas) if one.problem is None]


def observe(table: SymbolTable, formulas: Iterable[str | Cut]) -> SymbolTable:
    """`table` with what `formulas` show."""
    rows = _rows(formulas)
    table = replace(table, names=table.names | _names_in(rows))
    for row in rows:
        shown = heads(row, table.names)
        table = _in_sets(table, row)
        table = _running(table, row, shown)
        table = _last_of_dots(_bound_and_sizes(table, row), row)
        table = _functions(table, row, shown)
        table = replace(table, called=table.called | _called(row, shown))
        table = _families(table, row, shown)
        table = _primed(table, row)
        if len(row) > 1 and row[0].text == "\\Delta" and row[1].kind == "relation" and "\\Delta" not in table.declared:
            table = replace(table, scalars=table.scalars | {"\\Delta"})  # elsewhere it is the sign of a change
    if "n" in table.indices - table.declared and not any(_ends_at_n(row) for row in rows):
        table = replace(table, sizes=table.sizes - {"n"})  # the n of \\sum_n is no size
    return _values(table, rows)


def _ends_at_n(row: Sequence[Token]) -> bool:
    """Whether a sum of the row ends at n, or a list: ``x_1, .., x_n``, ``i = 1, .., n``."""
    dots = any(token.text in DOTS for token in row)
    return dots or any(
        token.kind == "sup" and [t.text for t in group(row, at + 1)[0]] == ["n"] and of_a_sum(row, at)
        for at, token in enumerate(row)
    )


def _values(table: SymbolTable, rows: Sequence[Sequence[Token]]) -> SymbolTable:
    """``m = (1 - \\beta) g``: a letter that elsewhere is an index, but stands below nothing in the document, is a value."""
    below = {token.text for row in rows for at in range(len(row)) if row[at].kind == "sub" for token in group(row, at + 1)[0]}
    found = {
        row[0].text
        for row in rows
        if len(row) > 3
        and row[0].text in ("l", "m")
        and row[1].text in ("=", ":=")
        and any(token.kind == "letter" and not table.is_integer(token.text) for token in row[2:])
    }
    return replace(table, scalars=table.scalars | (found - below - table.declared - table.indices))


def names_in(formulas: Iterable[str | Cut]) -> frozenset[str]:
    """The names of several letters."""
    return _names_in(_rows(formulas))


def _names_in(rows: Sequence[Sequence[Token]]) -> frozenset[str]:
    found: set[str] = set()
    for row in rows:
        for start, length in runs(row):
            word = "".join(token.text for token in row[start : start + length])
            if "\\" + word not in FUNCTIONS and not (length < 3 and word in TEXTUAL):
                found |= _name_of_run(row, start, length, word)
        found |= {
            token.text
            for at, token in enumerate(row)
            if token.kind == "roman"
            and len(token.text) > 1
            and token.text.isalnum()
            and not _below(row, at)
            and token.text not in TEXTUAL
        }
        found |= _primed_names(row)
    return frozenset(found)


def _below(row: Sequence[Token], at: int) -> bool:
    return at > 0 and (
        row[at - 1].kind in ("sub", "sup") or (row[at - 1].kind == "lbrace" and row[at - 2].kind in ("sub", "sup"))
    )


def _name_of_run(row: Sequence[Token], start: int, length: int, word: str) -> set[str]:
    if _below(row, start):
        return set()
    after, before = kind(row, start + length), kind(row, start - 1)
    called = after == "open" and row[start + length].text == "("
    in_fraction = before == "lbrace" or (start > 0 and row[start - 1].text == "\\partial")
    if word.startswith("d") and in_fraction and length >= 4:
        word, length = word[1:], length - 1
    elif row[start - 1].text == "d" and start > 0 and row[start - 1].kind == "roman":
        in_fraction = True
    if word[0] == "d" and length == len(word) == 2 and before in _EDGES and _equates(row, start + length):
        return {word}  # dz = \\partial L / \\partial z
    if length >= 3 and after == "sub":
        return {word}
    if called and (length >= 3 or word.isupper()):
        return {word}
    if length >= 3 and (in_fraction and after == "rbrace" or _side_alone(before, after)):
        return {word}
    return set()


_EDGES = ("stop", "row", "amp", "comma", "gap", "words", "text", "begin", "end")


def _side_alone(before: str, after: str) -> bool:
    edges = (*_EDGES, "relation")
    return before in edges and after in edges and "relation" in (before, after)


def _equates(row: Sequence[Token], at: int) -> bool:
    """Whether an equals sign stands at `at`, behind a subscript if there is one."""
    if kind(row, at) == "sub":
        at = group(row, at + 1)[1]
    at += kind(row, at) == "amp"
    return kind(row, at) == "relation" and row[at].text in ("=", ":=")


def _primed_names(row: Sequence[Token]) -> set[str]:
    """``A'`` where it is the name of a vector: ``A' = [..]``; (``A'_i`` is read so without being known)."""
    found = set()
    for at, token in enumerate(row[:-3]):
        marks = [following.text for following in row[at + 1 : at + 4]]
        if token.kind == "letter" and marks[0] == "'" and marks[1] in ("=", ":=") and marks[2] == "[":
            found.add(token.text + "'")
    return found


def _in_sets(table: SymbolTable, row: Sequence[Token]) -> SymbolTable:
    r"""``y \in \{1, \ldots, N\}``, ``j = 0, \ldots, d - 1``: y and j are indices, N and d are sizes."""
    for at in range(len(row) - 4):
        if (
            row[at].kind != "letter"
            or row[at].text in table.declared
            or kind(row, at - 1) not in _EDGES
            or row[at + 1].text not in ("in", "=")
        ):
            continue
        start = at + 2 + (row[at + 2].text == "\\{")
        dots = next((k for k in range(start, len(row)) if row[k].kind not in ("number", "comma")), len(row))
        if dots == start:  # it begins at a term: r + 1
            comma = next((k for k in range(start, len(row)) if row[k].kind not in ("letter", "number", "op")), len(row))
            dots = comma + (kind(row, comma) == "comma" and comma > start)
        if (
            row[start].kind not in ("number", "letter")
            or dots == start
            or kind(row, dots) == "stop"
            or row[dots].text not in DOTS
            or kind(row, dots + 1) != "comma"
        ):
            continue
        end = next((k for k in range(dots + 2, len(row)) if row[k].kind not in ("letter", "number", "op")), len(row))
        ends = (*row[start:dots], *row[dots + 2 : end])
        sizes = {token.text for token in ends if token.kind == "letter"} - table.declared - {row[at].text}
        table = replace(
            table,
            indices=table.indices | {row[at].text},
            sizes=table.sizes | {name for name in sizes if not table.is_index(name)},
        )
    return table


def _running(table: SymbolTable, row: Sequence[Token], shown: dict[int, tuple[str, int]]) -> SymbolTable:
    r"""An upper bound that is an index: i and j, and the t of ``v_t = \sum_{s=1}^{t} ..``."""
    ends = {
        row[at + 1].text if row[at + 1].kind == "letter" else row[at + 2].text
        for at, token in enumerate(row[:-3])
        if token.kind == "sup" and (row[at + 1].kind == "letter" or kind(row, at + 3) == "rbrace") and of_a_sum(row, at)
    }
    running = ends & {"i", "j"}
    name, after = shown.get(0, ("", 0))
    if name and kind(row, after) == "sub":
        inside, end = group(row, after + 1)
        end += kind(row, end) == "amp"
        if kind(row, end) == "relation" and row[end].text in ("=", ":="):
            running |= ends & {token.text for token in inside if token.kind == "letter" and token.text.islower()} - {"n"}
    running -= table.declared
    return replace(table, indices=table.indices | running, sizes=table.sizes - running, declared=table.declared | running)


def _bound_and_sizes(table: SymbolTable, row: Sequence[Token]) -> SymbolTable:
    for at, token in enumerate(row):
        if token.text == "\\sim" and 2 <= at < len(row) - 1 and _is_outcome(table, row, at):
            table = replace(table, indices=table.indices | {row[at - 1].text})
        if token.text not in ("\\sum", "\\prod"):
            continue
        position = at + 1
        for _ in range(2):
            if kind(row, position) not in ("sub", "sup"):
                break
            below = row[position].kind == "sub"
            inside, position = group(row, position + 1)
            single = [t.text for t in inside if t.kind == "letter"]
            if below and inside and inside[0].kind == "letter" and single[0] not in table.declared:
                table = replace(table, indices=table.indices | {single[0]})
            elif not below and len(inside) == 1 and inside[0].kind == "letter" and single[0] not in table.declared:
                table = replace(table, sizes=table.sizes | {single[0]})
            elif not below and (size := labelled(inside)) and not table.is_index(inside[2].text):
                table = replace(table, sizes=table.sizes | {size}, names=table.names | {size})
    return table


def _is_outcome(table: SymbolTable, row: Sequence[Token], at: int) -> bool:
    r"""Whether the y of ``\mathbb{E}_{y \sim p}`` is a place of the family p."""
    name, law = row[at - 1], row[at + 1].text
    below = kind(row, at - 2) == "lbrace" and kind(row, at - 3) == "sub"
    known = table.arity_of(law) == 1 and not table.is_family(name.text) and name.text not in table.declared
    return below and name.kind == "letter" and known


def _last_of_dots(table: SymbolTable, row: Sequence[Token]) -> SymbolTable:
    r"""``x_1 w_1 + \cdots + x_N w_N``: the capital below the last names is a size."""
    for at, token in enumerate(row):
        if token.text not in DOTS or kind(row, at + 1) != "op" or row[at + 1].text != "+":
            continue
        end = next((p for p in range(at + 2, len(row)) if row[p].kind in ("op", "relation", "row", "comma", "stop")), len(row))
        below = [group(row, p + 1)[0] for p in range(at + 2, end) if row[p].kind == "sub"]
        letters_ = {inside[0].text for inside in below if inside and inside[0].kind == "letter" and inside[0].text.isupper()}
        if len(letters_) == 1 and not letters_ & table.declared:
            table = replace(table, sizes=table.sizes | letters_)
    return table


def _functions(table: SymbolTable, row: Sequence[Token], shown: dict[int, tuple[str, int]]) -> SymbolTable:
    """``u = u(x)`` (a value that depends on x) and ``f(x) = ..`` (a function by its definition)."""
    for at, (name, after) in shown.items():
        begins = _begins(row, at) or row[at - 1].text == "="  # p_i = \\sigma(z)_i = ..
        if is_value(name) and begins and _equates(row, group(row, after + 1)[1]):
            table = replace(table, defined=table.defined | {(name, ())})
        arguments, end = _arguments(row, after, shown)
        if not arguments or name in VECTOR_WORDS | CHANCE_WORDS or (name in table.declared and name not in table.functions):
            continue
        if at >= 2 and row[at - 1].text == "=" and (at - 2) in shown and shown[at - 2][0] == name:
            if name in table.declared:
                continue
            table = replace(
                table,
                functions=table.functions | {name},
                depends=(*(pair for pair in table.depends if pair[0] != name), (name, arguments)),
            )
        elif (_begins(row, at) or _of_logarithm(row, at)) and _equates(row, end):
            table = replace(table, functions=table.functions | {name}, defined=table.defined | {(name, arguments)})
    return table


def _called(row: Sequence[Token], shown: dict[int, tuple[str, int]]) -> frozenset[str]:
    r"""The names right before a bracket with commas, or a bar of condition, in it: ``l(y, a)``, ``p_\theta(x \mid z)``."""
    found = set()
    for name, after in shown.values():
        at = group(row, after + 1)[1] if kind(row, after) == "sub" else after
        if kind(row, at) != "open" or row[at].text != "(" or row[at].start != row[at - 1].end:
            continue
        depth = 0
        for token in row[at:]:
            depth += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
            if depth == 0:
                break
            if depth == 1 and (token.kind == "comma" or token.text in ("|", "\\mid")):
                found.add(name)
                break
    return frozenset(found)


def _of_logarithm(row: Sequence[Token], at: int) -> bool:
    r"""Whether ``\ln`` begins a side right before: ``\ln p(x) = ..`` says what p is."""
    return at > 0 and row[at - 1].text in ("\\ln", "\\log") and _begins(row, at - 1)


def _begins(row: Sequence[Token], at: int) -> bool:
    return kind(row, at - 1) in ("stop", "row", "begin", "comma", "gap", "amp", "words", "text")


def _primed(table: SymbolTable, row: Sequence[Token]) -> SymbolTable:
    """``u'`` on the letter of a function: u is a function of x."""
    for at, token in enumerate(row[:-1]):
        if token.text not in _PRIMED or row[at + 1].kind != "prime" or kind(row, at + 2) == "sub":
            continue
        name = token.text
        if name not in table.declared | table.names and not table.is_family(name) and table.variables_of(name) is None:
            table = replace(table, depends=(*table.depends, (name, ("x",))))
    return table


def _arguments(row: Sequence[Token], at: int, shown: dict[int, tuple[str, int]]) -> tuple[tuple[str, ...], int]:
    """The names in brackets at `at`, if there is nothing else in them, and the position after the brackets."""
    if kind(row, at) != "open" or row[at].text != "(":
        return (), at
    found, position = [], at + 1
    while position in shown:
        name, position = shown[position]
        found.append(name)
        if kind(row, position) == "close":
            return tuple(found), position + 1
        if kind(row, position) != "comma":
            break
        position += 1
    return (), at


def _families(table: SymbolTable, row: Sequence[Token], shown: dict[int, tuple[str, int]]) -> SymbolTable:
    for name, after in shown.values():
        while kind(row, after) == "prime":
            name, after = name + "'", after + 1
        if kind(row, after) != "sub" or name in table.declared:
            continue
        inside, end = group(row, after + 1)
        if _marked(row, end):
            continue
        if [token.kind for token in inside] == ["letter", "relation", "letter"]:  # z_{r = q}
            table, inside = _subscript_letters(table, inside), inside[:1]
        arity = _arity(table, inside)
        if name == "\\delta" and arity == 2:
            continue
        if arity is not None and (name, arity) not in table.families:
            table = replace(table, families=(*table.families, (name, arity)))
        if arity is not None:
            table = replace(table, members=table.members | {(name, letters(inside))})
            table = _subscript_letters(table, inside)
    return table


def _marked(row: Sequence[Token], at: int) -> bool:
    """Whether a superscript in brackets stands there, or a mark: what is below belongs to the name with that, ``z_4^{[1]}``."""
    above = group(row, at + 1)[0] if kind(row, at) == "sup" else ()
    return bool(above) and (above[0].kind == "open" or above[0].text in ("+", "-", "*", "\\star"))


def _arity(table: SymbolTable, inside: Sequence[Token]) -> int | None:
    """How many indices a subscript has; None where it is a word or does not tell."""
    if not inside or len(inside) > _SUBSCRIPT_MAX or any(t.kind in ("text", "words", "roman") for t in inside):
        return None
    commas = sum(token.kind == "comma" for token in inside)
    if commas:
        return commas + 1
    if all(token.kind == "letter" for token in inside):
        word = "".join(token.text for token in inside)
        if len(word) == 1:
            return 1 if word.islower() and word not in LABELS or table.is_integer(word) else None
        if word in TEXTUAL or word in table.names or not any(table.is_integer(letter) for letter in word):
            return None
        return len(word)
    if len(inside) == 1 and inside[0].kind == "number":
        return 1 if len(inside[0].text) == 1 else None
    if any(token.kind == "op" and token.text in "+-" for token in inside):
        return 1
    return None


def _subscript_letters(table: SymbolTable, inside: Sequence[Token]) -> SymbolTable:
    seen = {token.text for token in inside if token.kind == "letter"} - table.declared - table.sizes - LABELS
    return replace(table, indices=table.indices | seen)
