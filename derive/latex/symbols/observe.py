r"""What formulas show of their names, by the look of their tokens; declarations are stronger than anything seen.

A run of letters is one name if it is written ``\mathrm{..}`` somewhere, or has three letters or more and stands
before a subscript, after a d in a derivative, or alone as a side of a relation (``net_k``, ``dnet_k``, ``Loss = ..``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from derive.latex.errors import Unread
from derive.latex.symbols.table import LABELS, SymbolTable
from derive.latex.tokens.lexer import Token, tokens
from derive.latex.tokens.vocabulary import ACCENTS, DOTS, FUNCTIONS, LETTERS, TEXTUAL

_SUBSCRIPT_MAX = 12
_PRIMED = frozenset("uvfghFGHUV")


def _lexed(texts: Iterable[str], plain: bool = False) -> list[tuple[Token, ...]]:
    from derive.latex.tokens.plain import plain_tokens

    found = []
    for text in texts:
        try:
            found.append(plain_tokens(text, frozenset()) if plain else tokens(text))
        except Unread:
            continue
    return found


def observe(table: SymbolTable, texts: Iterable[str], plain: bool = False) -> SymbolTable:
    """`table` with what `texts` show."""
    texts = tuple(texts)
    table = replace(table, names=table.names | names_in(texts, plain))
    for row in _lexed(texts, plain):
        heads = _heads(row, table.names)
        table = _running(table, row, heads)
        table = _bound_and_sizes(table, row)
        table = _functions(table, row, heads)
        table = _families(table, row, heads)
        table = _primed(table, row)
        if len(row) > 1 and row[0].text == "\\Delta" and row[1].kind == "relation" and "\\Delta" not in table.declared:
            table = replace(table, scalars=table.scalars | {"\\Delta"})  # elsewhere it is the sign of a change
    rows = _lexed(texts, plain)
    if "n" in table.indices - table.declared and not any(_ends_at_n(row) for row in rows):
        table = replace(table, sizes=table.sizes - {"n"})  # the n of \\sum_n is no size
    return _values(table, rows)


def _ends_at_n(row: Sequence[Token]) -> bool:
    """Whether a sum of the row ends at n, or a list: ``x_1, .., x_n``, ``i = 1, .., n``."""
    dots = any(token.text in DOTS for token in row)
    return dots or any(token.kind == "sup" and [t.text for t in _group(row, at + 1)[0]] == ["n"] and _of_a_sum(row, at)
                       for at, token in enumerate(row))


def _values(table: SymbolTable, rows: Sequence[Sequence[Token]]) -> SymbolTable:
    """``m = (1 - \\beta) g``: a letter that elsewhere is an index, but stands below nothing in the document, is a value."""
    below = {token.text for row in rows for at in range(len(row)) if row[at].kind == "sub"
             for token in _group(row, at + 1)[0]}
    found = {row[0].text for row in rows if len(row) > 3 and row[0].text in ("l", "m") and row[1].text in ("=", ":=")
             and any(token.kind == "letter" and not table.is_integer(token.text) for token in row[2:])}
    return replace(table, scalars=table.scalars | (found - below - table.declared - table.indices))


def names_in(texts: Iterable[str], plain: bool = False) -> frozenset[str]:
    """The names of several letters."""
    found: set[str] = set()
    for row in _lexed(texts, plain):
        for start, length in _runs(row):
            word = "".join(token.text for token in row[start:start + length])
            if "\\" + word not in FUNCTIONS:
                found |= _name_of_run(row, start, length, word)
        found |= {token.text for at, token in enumerate(row)
                  if token.kind == "roman" and len(token.text) > 1 and token.text.isalnum() and not _below(row, at)}
        found |= _primed_names(row)
    return frozenset(found - TEXTUAL)


def _below(row: Sequence[Token], at: int) -> bool:
    return at > 0 and (row[at - 1].kind in ("sub", "sup")
                       or (row[at - 1].kind == "lbrace" and row[at - 2].kind in ("sub", "sup")))


def _runs(row: Sequence[Token]) -> list[tuple[int, int]]:
    """The runs of letters that touch each other: position and length."""
    found, at = [], 0
    while at < len(row):
        length = 0
        while at + length < len(row) and row[at + length].kind == "letter" and (
                length == 0 or row[at + length].start == row[at + length - 1].end):
            length += 1
        if length > 1:
            found.append((at, length))
        at += max(length, 1)
    return found


def _kind(row: Sequence[Token], at: int) -> str:
    return row[at].kind if 0 <= at < len(row) else "stop"


def _name_of_run(row: Sequence[Token], start: int, length: int, word: str) -> set[str]:
    if _below(row, start):
        return set()
    after, before = _kind(row, start + length), _kind(row, start - 1)
    called = after == "open" and row[start + length].text == "("
    in_fraction = before == "lbrace" or (start > 0 and row[start - 1].text == "\\partial")
    if word.startswith("d") and in_fraction and length >= 4:
        word, length = word[1:], length - 1
    elif row[start - 1].text == "d" and start > 0 and row[start - 1].kind == "roman":
        in_fraction = True
    if length >= 3 and after == "sub":
        return {word}
    if called and (length >= 3 or word.isupper()):
        return {word}
    if length >= 3 and (in_fraction and after == "rbrace" or _side_alone(before, after)):
        return {word}
    return set()


def _side_alone(before: str, after: str) -> bool:
    edges = ("stop", "relation", "row", "amp", "comma", "gap", "words", "text", "begin", "end")
    return before in edges and after in edges and "relation" in (before, after)


def _primed_names(row: Sequence[Token]) -> set[str]:
    """``A'`` where it is the name of a vector: ``A' = [..]``; (``A'_i`` is read so without being known)."""
    found = set()
    for at, token in enumerate(row[:-3]):
        marks = [following.text for following in row[at + 1:at + 4]]
        if token.kind == "letter" and marks[0] == "'" and marks[1] in ("=", ":=") and marks[2] == "[":
            found.add(token.text + "'")
    return found


def _heads(row: Sequence[Token], names: frozenset[str]) -> dict[int, tuple[str, int]]:
    """The names in a row: position to spelling and the position after it."""
    found: dict[int, tuple[str, int]] = {}
    at = 0
    while at < len(row):
        token = row[at]
        if token.kind == "letter":
            best = 1
            for length in range(2, 24):
                if _kind(row, at + length - 1) != "letter" or row[at + length - 1].start != row[at + length - 2].end:
                    break
                if "".join(t.text for t in row[at:at + length]) in names:
                    best = length
            found[at] = ("".join(t.text for t in row[at:at + best]), at + best)
            at += best
            continue
        if token.kind == "roman" or (token.kind == "command" and token.text in LETTERS):
            found[at] = (token.text, at + 1)
        elif token.kind == "command" and token.text in ACCENTS:
            braced = _kind(row, at + 1) == "lbrace"
            inner = at + 2 if braced else at + 1
            end = inner + 2 if braced else inner + 1
            if _kind(row, inner) in ("letter", "roman", "command") and (not braced
                                                                        or _kind(row, inner + 1) == "rbrace"):
                found[at] = (f"{token.text}{{{row[inner].text}}}", end)
                at = end
                continue
        at += 1
    return found


def _group(row: Sequence[Token], at: int) -> tuple[Sequence[Token], int]:
    """The tokens of a braced group or of one token at `at`, and the position after them."""
    if _kind(row, at) != "lbrace":
        return row[at:at + 1], at + 1
    depth = 0
    for position in range(at, len(row)):
        depth += (row[position].kind == "lbrace") - (row[position].kind == "rbrace")
        if depth == 0:
            return row[at + 1:position], position + 1
    return row[at + 1:], len(row)


def _running(table: SymbolTable, row: Sequence[Token], heads: dict[int, tuple[str, int]]) -> SymbolTable:
    r"""An upper bound that is an index: i and j, and the t of ``v_t = \sum_{s=1}^{t} ..``."""
    ends = {row[at + 1].text if row[at + 1].kind == "letter" else row[at + 2].text for at, token in enumerate(row[:-3])
            if token.kind == "sup" and (row[at + 1].kind == "letter" or _kind(row, at + 3) == "rbrace")
            and _of_a_sum(row, at)}
    running = ends & {"i", "j"}
    name, after = heads.get(0, ("", 0))
    if name and _kind(row, after) == "sub":
        inside, end = _group(row, after + 1)
        end += _kind(row, end) == "amp"
        if _kind(row, end) == "relation" and row[end].text in ("=", ":="):
            running |= ends & {token.text for token in inside if token.kind == "letter" and token.text.islower()} - {"n"}
    running -= table.declared
    return replace(table, indices=table.indices | running, sizes=table.sizes - running, declared=table.declared | running)


def _of_a_sum(row: Sequence[Token], at: int) -> bool:
    """Whether the superscript at `at` stands behind the subscript of a sum."""
    return any(token.text in ("\\sum", "\\prod") and _kind(row, place + 1) == "sub" and _group(row, place + 2)[1] == at
               for place, token in enumerate(row[:at]))


def _bound_and_sizes(table: SymbolTable, row: Sequence[Token]) -> SymbolTable:
    for at, token in enumerate(row):
        if token.text not in ("\\sum", "\\prod"):
            continue
        position = at + 1
        for _ in range(2):
            if _kind(row, position) not in ("sub", "sup"):
                break
            below = row[position].kind == "sub"
            inside, position = _group(row, position + 1)
            letters = [t.text for t in inside if t.kind == "letter"]
            if below and inside and inside[0].kind == "letter" and letters[0] not in table.declared:
                table = replace(table, indices=table.indices | {letters[0]})
            elif not below and len(inside) == 1 and inside[0].kind == "letter" and letters[0] not in table.declared:
                table = replace(table, sizes=table.sizes | {letters[0]})
    return table


def _functions(table: SymbolTable, row: Sequence[Token], heads: dict[int, tuple[str, int]]) -> SymbolTable:
    """``u = u(x)`` (a value that depends on x) and ``f(x) = ..`` (a function by its definition)."""
    for at, (name, after) in heads.items():
        arguments, end = _arguments(row, after, heads)
        if not arguments or (name in table.declared and name not in table.functions):
            continue
        if at >= 2 and row[at - 1].text == "=" and (at - 2) in heads and heads[at - 2][0] == name:
            if name in table.declared:
                continue
            table = replace(table, functions=table.functions | {name},
                            depends=(*(pair for pair in table.depends if pair[0] != name), (name, arguments)))
        elif _kind(row, at - 1) in ("stop", "row", "begin", "comma", "gap", "amp") and (
                _kind(row, end) == "relation" and row[end].text in ("=", ":=")
                or _kind(row, end) == "amp" and _kind(row, end + 1) == "relation"):
            table = replace(table, functions=table.functions | {name}, defined=table.defined | {(name, arguments)})
    return table


def _primed(table: SymbolTable, row: Sequence[Token]) -> SymbolTable:
    """``u'`` on the letter of a function: u is a function of x."""
    for at, token in enumerate(row[:-1]):
        if token.text not in _PRIMED or row[at + 1].kind != "prime" or _kind(row, at + 2) == "sub":
            continue
        name = token.text
        if name not in table.declared | table.names and not table.is_family(name) and table.variables_of(name) is None:
            table = replace(table, depends=(*table.depends, (name, ("x",))))
    return table


def _arguments(row: Sequence[Token], at: int, heads: dict[int, tuple[str, int]]) -> tuple[tuple[str, ...], int]:
    """The names in brackets at `at`, if there is nothing else in them, and the position after the brackets."""
    if _kind(row, at) != "open" or row[at].text != "(":
        return (), at
    found, position = [], at + 1
    while position in heads:
        name, position = heads[position]
        found.append(name)
        if _kind(row, position) == "close":
            return tuple(found), position + 1
        if _kind(row, position) != "comma":
            break
        position += 1
    return (), at


def _families(table: SymbolTable, row: Sequence[Token], heads: dict[int, tuple[str, int]]) -> SymbolTable:
    for name, after in heads.values():
        while _kind(row, after) == "prime":
            name, after = name + "'", after + 1
        if _kind(row, after) != "sub" or name in table.declared:
            continue
        inside, _ = _group(row, after + 1)
        arity = _arity(table, inside)
        if name == "\\delta" and arity == 2:
            continue
        if arity is not None and (name, arity) not in table.families:
            table = replace(table, families=(*table.families, (name, arity)))
        if arity is not None:
            table = replace(table, members=table.members | {(name, _letters(inside))})
            table = _subscript_letters(table, inside)
    return table


def _letters(inside: Sequence[Token]) -> tuple[str, ...]:
    """The letters of a subscript, place by place; "" for a number or an expression."""
    if not any(token.kind == "comma" for token in inside):
        alone = all(token.kind == "letter" for token in inside)
        return tuple(token.text for token in inside) if alone else ("",)
    places: list[list[str]] = [[]]
    for token in inside:
        if token.kind == "comma":
            places.append([])
        else:
            places[-1].append(token.text if token.kind == "letter" else "")
    return tuple(place[0] if len(place) == 1 else "" for place in places)


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
