r"""Which statements speak of vectors, which names they define as vectors, and which letters their entries may have.

A statement speaks of vectors if it has a gradient ``\nabla_z``, a transpose, ``\odot``, a norm, an inner product, or a
bold name (or one with an arrow) of a known family. ``\mathbf h = W \mathbf x`` makes h a family where W and x are
known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sympy import Symbol

from derive.latex.grammar.expressions import Parser
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.cut import Cut, cuts
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads, kind, shifted
from derive.latex.tokens.rows import rows
from derive.latex.tokens.statements import RawStatement, statements
from derive.latex.tokens.vocabulary import ACCENTS, DIAGONALS, DOTS, LETTERS
from derive.latex.vectors import differentials, literals, operators
from derive.latex.vectors.bold import ONES, ZEROS, base_name
from derive.latex.vectors.shape import UNIT, Span
from derive.latex.vectors.shapes import Shapes
from derive.latex.vectors.valued import with_bodies
from derive.terms import terms
from derive.terms.context import Range
from derive.terms.reasons import Why, because

EQUAL = ("=", ":=")
_LETTERS = "ijklm"
_MORE = "pqrs"
_LITERALS = ("bmatrix", "pmatrix", "matrix", "Bmatrix", "smallmatrix", "array")
_SCRIPTS = {"sub": "_", "sup": "^"}
_PASSES = 4  # one name may be defined by another that is defined below it
_ACCENTS = ("\\mathbf", "\\vec")


def speaks_of_vectors(raw: RawStatement, table: SymbolTable) -> bool:
    r"""Whether a statement has a gradient, a transpose, ``\odot``, a norm, an inner product or a bold family."""
    if any(relation.text == "\\sim" for relation in raw.relations):
        return False
    rows = [side.tokens for side in raw.sides]
    shaped = {name for name, body in table.bodies if body.shaped and body.value is not None}
    if shaped and any(name in shaped for row in rows for name, _ in heads(row, table.names).values()):
        return True
    member = any(relation.text == "in" for relation in raw.relations) and not _claims_space(raw)
    if literals.calculates(rows, table) and not member:
        return True
    if any(token.kind == "roman" and token.text in DIAGONALS - table.declared for row in rows for token in row):
        return True
    if any(_has_literal(row) for row in rows) or member:
        return False
    if any(differentials.stands_in(row, table) or _has_slice(row) or _has_step(row, table) for row in rows):
        return True
    if any(_has_operation(row, at, table) or _shaped(row, at, table) for row in rows for at in range(len(row))):
        return True
    if any(_has_sample(row, table) for row in rows):
        return True
    known = [found for row in rows for at in range(len(row)) if (found := _bold(row, at, table)) is not None]
    matrices = any(t.kind == "letter" and table.arity_of(t.text) == 2 for row in rows for t in row)
    return any(known) and (all(known) or matrices)


def _claims_space(raw: RawStatement) -> bool:
    r"""Whether it ends in the space that what is no name alone is said to lie in: ``W x \in \mathbb R^n``."""
    texts = [relation.text for relation in raw.relations]
    space = raw.sides[-1].tokens
    left = raw.sides[-2].tokens if len(raw.sides) > 1 else ()
    lone = any(token.kind == "comma" for token in left) or heads(left, frozenset()).get(0, ("", 0))[1] == len(left)
    claimed = bool(space) and space[0].text in ("\\mathbb", "\\R", "ℝ") and any(token.kind == "sup" for token in space)
    return texts.count("in") == 1 and texts[-1] == "in" and claimed and not (lone and len(texts) == 1)


def _shaped(row: Sequence[Token], at: int, table: SymbolTable) -> bool:
    """Whether a name without indices stands here that is declared as a vector or a matrix."""
    token = row[at]
    if token.kind == "command" and token.text in ACCENTS and token.text not in _ACCENTS and table.spaces:
        name, end = heads(row[at : at + 4], frozenset()).get(0, ("", 0))
        return table.space_of(name) is not None and (row[at + end].kind if at + end < len(row) else "stop") not in (
            "sub",
            "prime",
        )
    if token.kind not in ("letter", "command", "roman") or token.text in table.scalars:
        return False
    braced = at > 0 and row[at - 1].kind == "lbrace" and at + 1 < len(row) and row[at + 1].kind == "rbrace"
    outside = at - 1 - braced
    before = row[outside] if outside >= 0 else None
    accented = before is not None and before.text in ACCENTS
    known = table.space_of(token.text) is not None
    if not known:
        family = token.text in table.declared and table.is_family(token.text) and not table.is_integer(token.text)
        known = family and not accented
    elif accented and before is not None and before.text not in _ACCENTS:
        return False
    end = at + 1 + braced
    following = row[end].kind if end < len(row) else "stop"
    below = before is not None and before.kind == "sub"
    return known and not below and following not in ("sub", "prime") and not _decorated(row, end)


def _decorated(row: Sequence[Token], at: int) -> bool:
    r"""Whether a superscript stands here that belongs to a name: ``W^{(1)}``, ``x^*``."""
    above = row[at + 1 : at + 3] if at < len(row) and row[at].kind == "sup" else ()
    return any(token.kind == "open" or token.text in ("*", "\\star", "+") for token in above)


def _has_literal(row: Sequence[Token]) -> bool:
    brackets = any(token.kind == "open" and token.text == "[" for token in row)
    listed = any(token.kind == "open" for token in row) and any(token.text in DOTS for token in row)
    return any(token.kind == "begin" and token.text in _LITERALS for token in row) or (
        (brackets or listed) and any(token.kind == "comma" for token in row)
    )


def _has_sample(row: Sequence[Token], table: SymbolTable) -> bool:
    r"""Whether a plain letter stands there with the number of a vector that the text puts into a space: ``x_i``."""
    plain = {name for (name, count), _ in table.inferred if count == 1 and len(name) == 1}
    return bool(plain) and any(
        name in plain and kind(row, end) == "sub" and len(group(row, end + 1)[0]) == 1
        for name, end in heads(row, table.names).values()
    )


def _has_step(row: Sequence[Token], table: SymbolTable) -> bool:
    """Whether a name stands there with nothing but a step, that has indices below elsewhere: ``z^l`` beside ``z^l_j``."""
    stepped = {name for name, _ in table.stepped}
    return bool(stepped) and any(
        name in stepped and kind(row, end) == "sup" and shifted(group(row, end + 1)[0])
        for name, end in heads(row, table.names).values()
    )


def _has_slice(row: Sequence[Token]) -> bool:
    """Whether a row or a column of a matrix stands there: ``W_{:,i}``."""
    return any(
        token.text == ":" and kind(row, at - 1) in ("lbrace", "comma") and kind(row, at + 1) in ("comma", "rbrace")
        for at, token in enumerate(row)
    )


def _has_operation(row: Sequence[Token], at: int, table: SymbolTable) -> bool:
    token = row[at]
    following = row[at + 1 : at + 3]
    if token.text == "\\nabla" and following:
        own = following[-1].kind == "open" or any(name == following[0].text for name, _ in table.defined)
        return following[0].kind in ("sub", "sup") or own
    if token.kind == "sup" and following:
        mark = following[-1] if following[0].kind == "lbrace" else following[0]
        return mark.text == "\\top" or (mark.text == "T" and "T" not in table.sizes)
    if token.kind == "roman" and token.text in operators.by_word() and token.text not in table.declared | table.functions:
        return not (operators.by_word()[token.text].is_pointwise and _of_a_letter(row[at + 1 : at + 4], table))
    return token.text in ("\\odot", "\\oslash", "\\langle", "\\|")


def _of_a_letter(argument: Sequence[Token], table: SymbolTable) -> bool:
    """Whether the bracket holds one letter that nothing makes a vector, though it has indices elsewhere."""
    if len(argument) < 3 or (argument[0].kind, argument[1].kind, argument[2].kind) != ("open", "letter", "close"):
        return False
    letter = argument[1].text
    return table.is_family(letter) and table.space_of(letter) is None and letter not in table.declared


def _bold(row: Sequence[Token], at: int, table: SymbolTable) -> bool | None:
    r"""Whether the bold name that starts here is known as a vector; None where none starts (or it has indices)."""
    if row[at].kind != "command" or row[at].text not in _ACCENTS:
        return None
    braced = at + 1 < len(row) and row[at + 1].kind == "lbrace"
    inner, end = (at + 2, at + 4) if braced else (at + 1, at + 2)
    after = row[end].kind if end < len(row) else "stop"
    if inner >= len(row):
        return None
    key = f"{row[at].text}{{{row[inner].text}}}"
    if any(name == key and (count > 0) == (after == "sub") for (name, count), _ in table.inferred):
        return True
    if after in ("sub", "sup") and any(name.startswith(f"{key}{_SCRIPTS[after]}") for (name, _), _ in table.inferred):
        return True
    if after == "sub":
        return None
    if row[inner].text in (ONES, ZEROS):
        return None if after == "open" else True
    closed = not braced or (end - 1 < len(row) and row[end - 1].kind == "rbrace")
    name = row[inner].text
    return closed and table.is_family(name) and name not in table.scalars


# -- names that are defined by vectors --------------------------------------------------------------------------------


def introducing(table: SymbolTable, formulas: Iterable[str | Cut]) -> SymbolTable:
    r"""The table with the families that `formulas` define by vectors alone, as ``\mathbf h = W \mathbf x`` does."""
    found: list[tuple[str, RawStatement]] = []
    formulas = cuts(formulas)
    numbers = {name for one in formulas for name in numbers_in(one.tokens)}
    for one in formulas:
        if not any(token.text in EQUAL for token in one.tokens):
            continue
        literal = any(token.kind == "begin" and token.text in literals.ENVIRONMENTS for token in one.tokens)
        literal = literal or any(token.kind == "sup" for token in one.tokens) and any(t.kind == "comma" for t in one.tokens)
        literal = literal or any(token.kind == "roman" and token.text in DIAGONALS for token in one.tokens)
        if not any(token.text in _ACCENTS for token in one.tokens) and not table.spaces and not literal:
            continue
        try:
            found += ((one.text, raw) for raw in statements(one.text, rows(one.named())))
        except Unread:
            continue
    for _ in range(_PASSES):
        before = table
        for text, raw in found:
            if raw.sides and _alone(raw.sides[0].tokens) not in {(name, False) for name in numbers}:
                table = _introduced(table, text, raw)
        table = with_bodies(table, found)
        if table is before:
            break
    return table


def numbers_in(row: Sequence[Token]) -> Iterator[str]:
    r"""The letters that a row puts into the numbers: the b of ``b \in \mathbb{R}``."""
    for at, token in enumerate(row):
        if token.text == "in" and kind(row, at - 1) in ("letter", "command") and kind(row, at - 2) not in ("sub", "lbrace"):
            inside, after = group(row, at + 2) if kind(row, at + 1) == "command" else ((), at + 2)
            reals = row[at + 1].text == "\\mathbb" and [each.text for each in inside] == ["R"] if at + 1 < len(row) else False
            if reals and kind(row, after) not in ("sup", "sub"):
                yield row[at - 1].text


def _introduced(table: SymbolTable, text: str, raw: RawStatement) -> SymbolTable:
    if not raw.relations or raw.relations[0].text not in EQUAL or raw.blocked:
        return table
    name, bold = _alone(raw.sides[0].tokens)
    written = len(raw.sides) == 2 and (literals.is_whole(raw.sides[1].tokens) or literals.is_tuple(raw.sides[1].tokens))
    seen = table.is_family(name) and name not in table.declared
    known = name in table.declared | table.functions or table.is_integer(name)
    strange = not name or known or table.is_family(name) and not seen
    if strange or name in (ONES, ZEROS) or not (bold or written or speaks_of_vectors(raw, table)):
        return table
    for side in raw.sides[1:]:
        if side.hole or not side.tokens:
            continue
        try:
            shapes = Shapes(table, text)
            shape = shapes.of(Parser(side.tokens, text, table, vectors=True).whole())
        except Unread:
            continue
        spans = tuple(span for span in shape.spans if isinstance(span, Range))
        lone_row = shape.rows is None and len(spans) == 1
        spans = (UNIT, *spans) if lone_row else spans
        usual = table.arity_of(name) == len(spans) and all(table.is_usual_at(name, at) for at in range(len(spans)))
        unlike = seen and (bold and not usual or table.arity_of(name) != len(spans))
        if shape.is_scalar or unlike or not lone_row and len(spans) != len(shape.spans):
            continue
        if not bold or written:
            table = table.with_space(name, spans)
            return replace(table, literal=table.literal | {name}) if written else table
        places = {**dict(table.places), **{(name, at): span for at, span in enumerate(spans)}}
        return replace(
            table,
            families=tuple(dict.fromkeys((*table.families, (name, len(spans))))),
            places=tuple(sorted(places.items(), key=_place)),
            shaped=table.shaped | {name},
        )
    return table


def _place(item: tuple[tuple[str, int], Range]) -> tuple[str, int]:
    return item[0]


def _alone(row: Sequence[Token]) -> tuple[str, bool]:
    """The name that a row is, and whether it stands under an accent that makes a vector of it; "" for any other row."""
    if len(row) == 1 and (row[0].kind == "letter" or row[0].text in LETTERS):
        return row[0].text, False
    if not row or row[0].text not in ACCENTS:
        return "", False
    name, end = heads(row, frozenset()).get(0, ("", 0))
    if end != len(row):
        return "", False
    return base_name(name) if row[0].text in _ACCENTS else (name, False)


def free_letter(span: Span, table: SymbolTable, used: frozenset[str], start: int, end: int) -> Symbol | None:
    """An index over `span` that is not in `used`: one that runs over it anyway, else one whose range nothing says."""
    if span is None:
        return None
    if not isinstance(span, Range):
        raise Unread(because(Why.LENGTH_OF_ONES), start, end)
    free = [
        name
        for name in dict.fromkeys((*_LETTERS, *sorted(table.indices)))
        if name not in used and len(name) == 1 and table.is_index(name) and not table.is_family(name)
    ]
    at_home = [name for name in free if Range(*table.range_of(name)) == span]
    ranged = {name for name, _ in table.ranges}
    anywhere = [name for name in (*free, *_MORE) if name not in ranged | used | table.declared and not table.is_family(name)]
    if not at_home and not anywhere:
        raise Unread(because(Why.NO_INDEX_LEFT, low=str(span.low), high=str(span.high)), start, end, "a declaration of one")
    return terms.index((at_home or anywhere)[0])
