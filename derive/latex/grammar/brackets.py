r"""Brackets and environments: groups, ``|x|``, vectors ``[0, 1]``, ``bmatrix``, ``cases``, sets, indicators."""

from __future__ import annotations

from derive.latex.grammar import dots
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import (
    Abs,
    Call,
    Cases,
    Dots,
    IndexRange,
    Indicator,
    Inner,
    Interval,
    Matrix,
    Name,
    Neg,
    Node,
    Norm,
    Number,
    NumberSet,
    Pair,
    Relation,
    Space,
    VectorLit,
)
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.parts import group
from derive.terms.reasons import Why, because
from derive.terms.relations import KEYS

_CLOSING = {"(": ")", "[": "]", "\\{": "\\}", "|": "|", "\\|": "\\|"}
NORMS = ("1", "2", "F")
"""What may stand below a norm: the sum of the absolute values, the usual one of a vector, that of all entries of a matrix."""
CASES = ("cases", "dcases")
_MATRICES = ("bmatrix", "pmatrix", "matrix", "Bmatrix", "smallmatrix", "array")
_OTHERWISE = ("otherwise", "else", "其他", "其它", "否则", "others", "otherwise.", "other")


def labelled(parser: Cursor) -> Node:
    r"""``\underbrace{da/dz}_{a(1-a)}``: what stands over the brace; its label is named and not judged."""
    start = parser.take().start
    operand = parser.argument()
    if parser.peek().kind in ("sub", "sup"):
        parser.take()
        label = parser.peek()
        end = label.end
        depth = 0
        while True:
            token = parser.take()
            if token.kind == "stop":
                raise Unread(because(Why.OPEN_BRACE), label.start, label.end, "}")
            depth += (token.kind == "lbrace") - (token.kind == "rbrace")
            end = token.end
            if depth == 0:
                break
        parser.note(f"the label {' '.join(parser.source[label.start : end].split())} of a brace is not judged")
    values = dict(vars(operand))
    values.update(start=start, end=parser.last_end())
    return parser.postfix(type(operand)(**values))


def bracketed(parser: Cursor) -> Node:
    """The group that starts with the bracket or bar here."""
    mark = parser.take()
    if mark.text == "\\langle" and parser.vectors:
        return _inner(parser, mark.start)
    if mark.text not in _CLOSING:
        raise Unread(because(Why.UNREAD_BRACKET, bracket=parser.source[mark.start : mark.end]), mark.start, mark.end)
    if mark.text in ("|", "\\|"):
        return _bars(parser, mark.text, mark.start)
    bars, parser.bars = parser.bars, 0
    first = parser.expression()
    token = parser.peek()
    if token.kind == "relation" and mark.text == "[" and token.text in KEYS:
        node: Node = _iverson(parser, mark.start, first)
    elif token.kind == "comma" and mark.text in ("[", "("):
        entries = [first]
        while parser.peek().kind == "comma":
            parser.take()
            entries.append(parser.expression())
        if mark.text == "(" and not (dots.are_entries(entries, parser, mark) or _is_turned(parser)):
            raise Unread(because(Why.TUPLE), mark.start, token.end, _CLOSING[mark.text])
        node = VectorLit(mark.start, parser.peek().end, tuple(entries))
    elif token.kind == "comma":
        raise Unread(because(Why.TUPLE), mark.start, token.end, _CLOSING[mark.text])
    else:
        node = first
    closing = parser.peek()
    if closing.kind != "close" or closing.text != _CLOSING[mark.text]:
        if closing.kind in ("stop", "rbrace"):
            raise Unread(because(Why.OPEN_BRACKET), mark.start, mark.end, _CLOSING[mark.text])
        raise parser.surprise(_CLOSING[mark.text])
    parser.take()
    parser.bars = bars
    values = dict(vars(node))
    values.update(start=mark.start, end=closing.end)
    return type(node)(**values)


def _is_turned(parser: Cursor) -> bool:
    """Whether the bracket closes here, with a transpose behind it, in a statement between vectors."""
    if not parser.vectors or parser.peek().kind != "close" or parser.peek(1).kind != "sup":
        return False
    mark = parser.peek(3) if parser.peek(2).kind == "lbrace" else parser.peek(2)
    return mark.text in ("\\top", "T")


def _bars(parser: Cursor, bar: str, start: int) -> Node:
    bars, parser.bars = parser.bars, 1
    operand = parser.expression()
    parser.bars = bars
    closing = parser.peek()
    if closing.text != bar or closing.kind not in ("op", "close"):
        if closing.kind == "stop":
            raise Unread(because(Why.OPEN_BAR), start, start + 1, bar)
        raise parser.surprise(bar)
    parser.take()
    if bar == "|":
        return Abs(start, closing.end, operand)
    degree = ""
    if parser.vectors and parser.peek().kind == "sub":
        parser.take()
        below = parser.argument()
        degree = below.text if isinstance(below, (Number, Name)) else ""
        if degree not in NORMS:
            raise Unread(because(Why.NORM_DEGREE), below.start, below.end, "2")
    return Norm(start, closing.end, operand, degree)


def _inner(parser: Cursor, start: int) -> Node:
    bars, parser.bars = parser.bars, 0
    left = parser.expression()
    parser.expect("comma")
    right = parser.expression()
    parser.bars = bars
    closing = parser.expect("close", "\\rangle")
    return Inner(start, closing.end, left, right)


def _iverson(parser: Cursor, start: int, left: Node) -> Node:
    relation = parser.take()
    right = parser.expression()
    if relation.text not in ("=", "!=", "<", "<=", ">", ">="):
        raise Unread(because(Why.INDICATOR_RELATION), relation.start, relation.end, "=")
    return Indicator(start, parser.peek().end, Relation(left.start, right.end, left, relation.text, right))


def indicator(parser: Cursor) -> Node | None:
    r"""``\mathbb{1}[i=j]``, ``\mathbf 1\{i = j\}``, ``\mathbb{I}(i = j)``; None for another name."""
    if parser.peek().text not in ("\\mathbb", "\\mathbf"):
        return None
    braced = parser.peek(1).kind == "lbrace"
    inner = parser.peek(2) if braced else parser.peek(1)
    ahead = 4 if braced else 2
    if parser.peek(ahead).kind == "sub":
        return lower_indicator(parser, inner.text, ahead)
    if inner.text not in ("1", "I") or parser.peek(ahead).kind != "open":
        return None
    depth = 0
    for position in range(parser.at + ahead, len(parser.tokens)):
        token = parser.tokens[position]
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0:
            return None
        if token.kind == "relation" and depth == 1:
            break
    start = parser.peek().start
    parser.at += ahead
    mark = parser.take()
    left = parser.expression()
    if parser.peek().kind != "relation":
        raise parser.surprise("=")
    node = _iverson(parser, start, left)
    parser.expect("close", _CLOSING.get(mark.text, ")"))
    return node


def lower_indicator(parser: Cursor, inner: str, ahead: int) -> Node | None:
    r"""``\mathbb{1}_{i=j}``, ``1_{i=j}``; None, with nothing taken, for anything else."""
    if inner == "1" and parser.peek(ahead).kind == "open" and ahead == 1:
        return _related(parser)
    if inner != "1" or parser.peek(ahead).kind != "sub" or parser.peek(ahead + 1).kind != "lbrace":
        return None
    if not any(token.kind == "relation" for token in group(parser.tokens, parser.at + ahead + 1)[0]):
        return None
    start = parser.peek().start
    parser.at += ahead + 2
    left = parser.expression()
    if parser.peek().kind != "relation":
        raise parser.surprise("=")
    node = _iverson(parser, start, left)
    parser.expect("rbrace")
    return node


def _related(parser: Cursor) -> Node | None:
    r"""``1(x > 0)``, ``1\{i = j\}``; None, with nothing taken, where no relation stands in the bracket."""
    number, mark = parser.peek(), parser.peek(1)
    depths = 0
    for token in parser.tokens[parser.at + 1 :]:
        depths += (token.kind == "open") - (token.kind == "close")
        if depths == 0:
            return None
        if depths == 1 and token.kind == "relation":
            break
    parser.at += 2
    node = _iverson(parser, number.start, parser.expression())
    parser.expect("close", _CLOSING.get(mark.text, ")"))
    return node


def environment(parser: Cursor) -> Node:
    r"""``\begin{bmatrix}`` and ``\begin{cases}``."""
    begin = parser.take()
    if begin.text in CASES:
        node: Node = _cases(parser, begin.start)
    elif begin.text in _MATRICES:
        node = _matrix(parser, begin.start)
    elif begin.text == "vmatrix" and parser.vectors:
        node = Call(begin.start, begin.end, Name(begin.start, begin.end, "det"), (_matrix(parser, begin.start),))
    else:
        raise Unread(because(Why.ENVIRONMENT, name=begin.text), begin.start, begin.end)
    end = parser.peek()
    if end.kind != "end" or end.text != begin.text:
        raise parser.surprise(f"\\end{{{begin.text}}}")
    parser.take()
    return node


def _matrix(parser: Cursor, start: int) -> Node:
    rows: list[tuple[Node, ...]] = []
    while parser.peek().kind not in ("end", "stop"):
        row = [parser.expression()]
        while parser.peek().kind == "amp":
            parser.take()
            row.append(parser.expression())
        rows.append(tuple(row))
        while parser.peek().kind == "row":
            parser.take()
    end = parser.peek().end
    if not rows:
        raise parser.surprise("an entry")
    if all(len(row) == 1 for row in rows):
        return VectorLit(start, end, tuple(row[0] for row in rows))
    return Matrix(start, end, tuple(rows))


def _cases(parser: Cursor, start: int) -> Node:
    rows: list[tuple[Node, tuple[Relation, ...]]] = []
    while parser.peek().kind not in ("end", "stop"):
        value = _undefined(parser) or parser.expression()
        if parser.peek().kind == "comma":
            parser.take()
        if parser.peek().kind in ("amp", "gap"):
            parser.take()
        rows.append((value, _conditions(parser)))
        while parser.peek().kind == "row":
            parser.take()
    if not rows:
        raise parser.surprise("a case")
    for value, conditions in rows[:-1]:
        if not conditions:
            raise Unread(because(Why.CASE_WITHOUT_CONDITION), value.start, value.end, "a condition such as i = j")
    return Cases(start, parser.peek().end, tuple(rows))


def _undefined(parser: Cursor) -> Node | None:
    """What stands for the value of a case that has none: *undefined*."""
    token = parser.peek()
    if token.kind not in ("text", "words") or token.text.strip(" .,。").lower() not in _UNDEFINED:
        return None
    parser.take()
    return Dots(token.start, token.end)


def _conditions(parser: Cursor) -> tuple[Relation, ...]:
    """The relations after ``if``; none for ``otherwise``."""
    found: list[Relation] = []
    while parser.peek().kind not in ("row", "end", "stop"):
        token = parser.peek()
        word = token.text.strip(" ,.:，。").lower()
        if token.kind in ("gap", "comma", "amp") or (token.kind in ("text", "words", "roman") and word in _LINKS):
            parser.take()
            continue
        if token.kind in ("text", "words", "roman") and word in _OTHERWISE:
            parser.take()
            while parser.peek().kind in ("gap", "comma") or parser.peek().text == ".":
                parser.take()
            return ()
        if token.kind in ("text", "words"):
            raise parser.surprise("a condition")
        left = parser.expression()
        relation = parser.peek()
        if relation.kind != "relation" or relation.text not in KEYS:
            raise parser.surprise("a relation")
        while relation.kind == "relation" and relation.text in KEYS:  # 0 < x < 1
            parser.take()
            right = parser.expression()
            found.append(Relation(left.start, right.end, left, relation.text, right))
            left, relation = right, parser.peek()
        if parser.peek().kind == "op" and parser.peek().text in (".", ":"):
            parser.take()
    return tuple(found)


_UNDEFINED = ("undefined", "not defined", "does not exist", "未定义", "不存在", "无定义")
_LINKS = ("", "if", "for", "when", "and", "where", "若", "当", "如果", "且", "其中", "with", "in case", "时")


def membership(parser: Cursor) -> Node:
    r"""What stands after ``\in``: an interval, ``\{1, \ldots, n\}``, ``1..n``, ``[n]``, ``\mathbb{R}``."""
    token = parser.peek()
    if token.text == "\\mathbb":
        return _number_set(parser)
    if token.kind == "open" and token.text == "\\{":
        parser.take()
        return _closed(parser, listed(parser), token.start, "\\}")
    if token.kind == "open" and token.text in ("[", "("):
        return _interval(parser)
    first = parser.expression()
    if parser.peek().text == "..":
        parser.take()
        high = parser.expression()
        return IndexRange(first.start, high.end, first, high)
    raise Unread(because(Why.UNREAD_SET), first.start, first.end, "an interval, \\{1, \\ldots, n\\} or \\mathbb{R}")


def _number_set(parser: Cursor) -> Node:
    start = parser.take().start
    if parser.peek().kind == "lbrace":
        parser.take()
        name = parser.take()
        parser.expect("rbrace")
    else:
        name = parser.take()
    if parser.peek().kind == "sup" and name.text == "R":
        parser.take()
        _, end = group(parser.tokens, parser.at)
        parser.at = end
        return Space(start, parser.last_end())
    if parser.peek().kind in ("sup", "sub"):
        raise Unread(because(Why.VECTOR_SPACE), start, parser.peek().end, "\\mathbb{R}")
    if name.text not in ("R", "N", "Z"):
        raise Unread(because(Why.UNKNOWN_SET, name=name.text), start, parser.last_end(), "\\mathbb{R}")
    return NumberSet(start, parser.last_end(), name.text)


def listed(parser: Cursor) -> Node:
    r"""``1, 2, \ldots, n`` or ``1..n``."""
    entries = [parser.expression()]
    while parser.peek().kind == "comma" or parser.peek().text == "..":
        if parser.take().text == "..":
            entries.append(Dots(parser.last_end(), parser.last_end()))
            entries.append(parser.expression())
        else:
            entries.append(parser.expression())
    dots = [p for p, entry in enumerate(entries) if isinstance(entry, Dots)]
    if len(entries) == 2 and not dots and all(map(_is_number, entries)):
        return Pair(entries[0].start, entries[-1].end, entries[0], entries[1])
    if len(dots) != 1 or dots[0] != len(entries) - 2 or dots[0] == 0 or not _consecutive(entries[:-2]):
        raise Unread(because(Why.UNREAD_SET), entries[0].start, entries[-1].end, "\\{1, \\ldots, n\\}")
    return IndexRange(entries[0].start, entries[-1].end, entries[0], entries[-1])


def _is_number(node: Node) -> bool:
    return isinstance(node.operand if isinstance(node, Neg) else node, Number)


def _consecutive(entries: list[Node]) -> bool:
    """One entry, or numbers that count up by one."""
    texts = [entry.text for entry in entries if isinstance(entry, Number)]
    if len(texts) < len(entries) or not all(text.isdigit() and len(text) < 9 for text in texts):
        return len(entries) == 1
    return [int(text) for text in texts] == list(range(int(texts[0]), int(texts[0]) + len(texts)))


def _closed(parser: Cursor, node: Node, start: int, mark: str) -> Node:
    closing = parser.expect("close", mark)
    values = dict(vars(node))
    values.update(start=start, end=closing.end)
    return type(node)(**values)


def _interval(parser: Cursor) -> Node:
    opening = parser.take()
    low = parser.expression()
    if parser.peek().kind == "close" and opening.text == "[":
        closing = parser.take()
        return IndexRange(opening.start, closing.end, Number(opening.start, opening.start, "1"), low)
    parser.expect("comma")
    high = parser.expression()
    closing = parser.peek()
    if closing.kind != "close" or closing.text not in (")", "]"):
        raise parser.surprise("] or )")
    parser.take()
    if parser.peek().kind == "sup":
        raise Unread(because(Why.INTERVAL_PRODUCT), opening.start, parser.peek().end)
    return Interval(opening.start, closing.end, low, high, opening.text == "[", closing.text == "]")
