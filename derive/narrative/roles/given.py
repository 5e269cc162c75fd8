r"""What relations that are no claims give their left side: its next value (``w \leftarrow w - g``), its law (``x \sim N``), the
set in which it lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sympy import Expr, Indexed, Symbol

from derive.judge.verdict import Kind, Verdict
from derive.latex.grammar.functions import is_lone
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import heads
from derive.latex.tokens.vocabulary import DOTS
from derive.latex.vectors.bold import base_name
from derive.narrative.roles.heads import mentions
from derive.terms.context import Range
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.relations import BY_KEY
from derive.terms.terms import Call


def names_law(row: Sequence[Token]) -> bool:
    r"""Whether it is a name with a bracket behind it, as in ``\mathcal N(0, 1)``: ``n^2 / 2`` is what something grows like."""
    depth = 0
    for at in range(len(row) - 1, -1, -1):
        depth += (row[at].kind == "close") - (row[at].kind == "open")
        if depth == 0:
            return row[-1].kind == "close" and at > 0 and is_lone(list(row[:at]))
    return False


def names_mapping(row: Sequence[Token]) -> bool:
    r"""Whether it is a name, a colon and a set: the ``f: \mathbb R^n`` of ``f: \mathbb R^n \to \mathbb R``."""
    colon = next((at for at, token in enumerate(row) if token.text == ":"), 0)
    return colon > 0 and is_lone(list(row[:colon])) and row[0].kind != "number" and names_set(row[colon + 1 :])


def names_set(row: Sequence[Token]) -> bool:
    r"""Whether it begins like a set: ``\mathbb R``, ``\{0, 1\}``, ``(0, 1)^K``, ``\mathcal X``."""
    return bool(row) and (row[0].text in ("\\mathbb", "\\mathcal", "ℝ", "\\R") or row[0].kind == "open")


def lists_set(row: Sequence[Token]) -> bool:
    r"""Whether it is a set by its members: ``\{x_1, x_2, \ldots\}``, ``\{(x_i, y_i)\}``, or so in braces that do not show;
    or a column with dots, ``(x_1; \ldots; x_m)``."""
    depth = 0
    for at, token in enumerate(row):
        depth += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if depth == 0:
            shown = row[0].text == "\\{" and token.text == "\\}"
            listed = row[0].kind == "lbrace" and any(each.kind == "comma" for each in row)
            column = row[0].text == "(" and any(each.text == ";" for each in row) and any(each.text in DOTS for each in row)
            return (shown or listed or column) and at == len(row) - 1
    return False


def is_limit(row: Sequence[Token]) -> bool:
    r"""Whether it is a number, or infinite, with a sign or not, as the right side of ``x \to -\infty`` and ``h \to 0^+`` is."""
    rest = [token.text for token in row if token.kind not in ("lbrace", "rbrace")]
    signed = rest[1:] if rest[:1] in (["+"], ["-"]) else rest
    known = bool(signed) and (signed[0] == "\\infty" or signed[0].replace(".", "", 1).isdigit())
    return known and signed[1:] in ([], ["^", "+"], ["^", "-"])


def listed_rows(row: Sequence[Token]) -> tuple[tuple[str, ...], ...]:
    r"""The rows of a matrix of the members of one family, each once, with dots or not: ``\begin{bmatrix} x_{11} & \cdots``.

    Empty for what is no such matrix.
    """
    if len(row) < 3 or row[0].kind != "begin" or row[-1].kind != "end" or not row[0].text.endswith("matrix"):
        return ()
    lines: list[list[list[Token]]] = [[[]]]
    for token in row[1:-1]:
        if token.kind in ("begin", "end"):
            return ()
        if token.kind == "row":
            lines.append([[]])
        elif token.kind == "amp":
            lines[-1].append([])
        else:
            lines[-1][-1].append(token)
    lines = [line for line in lines if any(line)]
    members = [cell for line in lines for cell in line if not _is_dots(cell)]
    names = ["".join(token.text for token in cell) for cell in members]
    indexed = all(is_lone(cell) and any(token.kind == "sub" for token in cell) for cell in members)
    if not indexed or len({name.partition("_")[0] for name in names}) != 1 or not 1 < len(set(names)) == len(names):
        return ()
    return tuple(tuple("".join(token.text for token in cell) for cell in line) for line in lines)


def _is_dots(cell: Sequence[Token]) -> bool:
    return all(token.text in DOTS for token in cell)


def lists_entries(row: Sequence[Token], space: Sequence[Range] | None) -> bool:
    """Whether it is a matrix of the members of one family that fits the `space` of its name."""
    rows = listed_rows(row)
    if not rows or space is None or any(mark in cell for line in rows for cell in line for mark in DOTS):
        return bool(rows)
    sizes = (len(rows), max(map(len, rows)))
    known = [span.high for span in space]
    return all(not high.is_number or high in sizes for high in known) and len(set(map(len, rows))) == 1


def one_of_several(relation: str, left: Sequence[Token], names: frozenset[str], seen: Collection[str]) -> Verdict | None:
    r"""How ``q = p \text{ or } q = p - m`` is taken up where q is a new name: it may be the one or the other."""
    name = next(iter(heads(left, names).values()), ("", 0))[0]
    new = relation == "=" and is_lone(list(left)) and base_name(name)[0] not in seen
    return Verdict(Kind.ASSUMPTION, because(Why.LEFT_OPEN)) if new else None


def given_by(
    relation: str,
    sides: tuple[Expr | None, Expr | None],
    written: tuple[Sequence[Token], Sequence[Token]],
    free: bool,
    space: Sequence[Range] | None = None,
    spoken: bool = False,
) -> Verdict | None:
    """How a relation that was not read is taken up, by its row; None if it is not, and stays unread.

    A law is taken up if its right side names one and its parameters, for nothing rests on it; so is the set in which a name
    without a meaning is said to lie, the number that words say one tends to, a mapping from a set, and a set or a matrix
    that is listed by its members. A next value is taken up only if that was read.

    Args:
        sides: its sides as far as they were read.
        written: their tokens.
        free: whether the words do not conclude it, and nothing gives the left side a value.
        space: the ranges of the places of the name on the left, where they are known.
        spoken: whether words such as *when* or *let* take it up.
    """
    left, right = sides
    if (
        relation == "="
        and free
        and right is None
        and is_lone(list(written[0]))
        and (lists_set(written[1]) or lists_entries(written[1], space))
    ):
        return Verdict(Kind.DEFINITION, because(Why.DECLARES))
    row = BY_KEY.get(relation)
    if row is None or not row.given:
        return None
    if row.given == "next if named" and names_mapping(written[0]) and names_set(written[1]):
        return Verdict(Kind.DEFINITION, because(Why.DECLARES))
    if not isinstance(left, (Symbol, Indexed, Call)):
        return None
    name = name_of(left)
    if row.given == "set":
        taken = free and not isinstance(left, Call)
        return Verdict(Kind.ASSUMPTION, because(Why.SET_OF_NAME, name=name)) if taken else None
    if row.given == "law":
        named = names_law(written[1]) and not isinstance(left, Call)
        return Verdict(Kind.ASSUMPTION, because(Why.LAW_OF_CHANCE, name=name)) if named else None
    tends = spoken or isinstance(left, Symbol) and any(token.text == "\\infty" for token in written[1])
    if row.given == "next if named" and free and tends and not isinstance(left, Call) and is_limit(written[1]):
        return Verdict(Kind.ASSUMPTION, because(Why.LIMIT_OF_NAME, name=name))
    if right is None or row.given == "next if named" and not mentions(right, name):
        return None
    return Verdict(Kind.DEFINITION, because(Why.UPDATE, name=name))
