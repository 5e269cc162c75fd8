r"""Names: letters, ``\delta``, ``\mathrm{net}``, accents, subscripts, and superscripts that belong to the name.

A subscript is a list of indices (``z_i``, ``w_{kj}``, ``x_{i+1}``) or a word (``a_{\text{out}}``, ``W_{hx}``); the
superscripts ``^{+} ^{*} ^{(s)} ^{[l]}`` and primes before a subscript belong to the name, others are powers.
"""

from __future__ import annotations

from derive.latex.grammar.choices import Open
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import Name, Node, Number, Subscripted, Whole
from derive.latex.symbols.table import LABELS, STEP
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, shifted
from derive.latex.tokens.vocabulary import ACCENTS, BOLD, LETTERS, TEXTUAL
from derive.terms.reasons import Why, because

_LONGEST = 32
_MARKS = ("+", "-", "*", "\\star", "\\dagger", "\\ddagger")


def bare(token: Token) -> Name:
    """A name of one token."""
    return Name(token.start, token.end, token.text)


def name(parser: Cursor) -> Node:
    """A name with everything that belongs to it, a :class:`Subscripted` if it has indices."""
    start = parser.peek().start
    text, indices = _base(parser)
    base = text
    slots: tuple[Node, ...] = ()
    while True:
        token = parser.peek()
        if token.kind == "sub":
            word, more = _subscript(parser, text)
            text, indices = text + word, indices + more
        elif token.kind == "prime" and _primed_name(parser, text):
            while parser.peek().kind == "prime":
                parser.take()
                text += "'"
        elif token.kind == "sup" and (decoration := _decoration(parser) or _step(parser, base)):
            word, more = decoration
            text, slots = text + word, slots + more
        else:
            break
    whole, indices = Name(start, parser.last_end(), text), indices + slots
    return Subscripted(start, parser.last_end(), whole, indices) if indices else whole


def _base(parser: Cursor) -> tuple[str, tuple[Node, ...]]:
    token = parser.take()
    if token.kind == "letter":
        return _letters(parser, token), ()
    if token.kind in ("roman", "text") or token.text in LETTERS:
        return token.text, ()
    if token.text in ACCENTS:
        return _accented(parser, token)
    parser.at -= 1
    raise parser.surprise("a name")


def _letters(parser: Cursor, first: Token) -> str:
    """The longest known name of several letters that starts here, else the one letter."""
    run, ahead = first.text, 0
    end, best, best_ahead = first.end, first.text, 0
    while ahead < _LONGEST and parser.peek(ahead).kind == "letter" and parser.peek(ahead).start == end:
        run += parser.peek(ahead).text
        end = parser.peek(ahead).end
        ahead += 1
        if run in parser.table.names:
            best, best_ahead = run, ahead
    parser.at += best_ahead
    if best_ahead == 0 and len(run) > 2 and parser.table.names.isdisjoint({run}):
        parser.note(f"'{run}' is read as the product of its letters")
    return best


def _accented(parser: Cursor, accent: Token) -> tuple[str, tuple[Node, ...]]:
    r"""``\hat{y}``, ``\vec{a_{\text{out}}}``; an accent over ``a_i`` belongs to ``a``."""
    if accent.text == "\\mathbb":
        raise Unread(because(Why.BLACKBOARD_LETTER), accent.start, parser.peek().end, "\\in \\mathbb{R}")
    if parser.peek().kind == "lbrace":
        parser.take()
        if parser.peek().kind == "number":
            number = parser.take()
            parser.expect("rbrace")
            return f"{accent.text}{{{number.text}}}", ()
        words = parser.table.names | {"".join(_run(parser))}
        inner = name(parser) if len(_run(parser)) < 2 else _word(parser, words)
        parser.expect("rbrace")
    elif parser.peek().text in ACCENTS or parser.peek().kind in ("letter", "roman") or parser.peek().text in LETTERS:
        text, indices = _base(parser) if parser.peek().text in ACCENTS else (parser.take().text, ())
        inner = Name(accent.start, parser.last_end(), text)
        if indices:
            inner = Subscripted(accent.start, parser.last_end(), inner, indices)
    elif parser.peek().kind == "number":
        return f"{accent.text}{{{parser.take().text}}}", ()
    else:
        raise parser.surprise("a name")
    if isinstance(inner, Subscripted):
        return f"{accent.text}{{{inner.name.text}}}", inner.indices
    if isinstance(inner, Name):
        return f"{accent.text}{{{inner.text}}}", ()
    raise Unread(because(Why.ACCENT_OVER_NAME), inner.start, inner.end)


def _run(parser: Cursor) -> list[str]:
    """The letters that touch each other from here."""
    letters: list[str] = []
    end = parser.peek().start
    while parser.peek(len(letters)).kind == "letter" and parser.peek(len(letters)).start == end:
        end = parser.peek(len(letters)).end
        letters.append(parser.peek(len(letters)).text)
    return letters


def _word(parser: Cursor, words: frozenset[str] | set[str]) -> Node:
    """Several letters under one accent are one name, with its subscript."""
    start = parser.peek().start
    text = "".join(parser.take().text for _ in _run(parser))
    if text not in words:
        raise parser.surprise("a name")
    indices: tuple[Node, ...] = ()
    if parser.peek().kind == "sub":
        word, indices = _subscript(parser, text)
        text += word
    whole = Name(start, parser.last_end(), text)
    return Subscripted(start, parser.last_end(), whole, indices) if indices else whole


def _primed_name(parser: Cursor, text: str) -> bool:
    r"""A prime belongs to the name before a subscript (``A'_i``) or where the table knows ``A'``, and to a bold small letter.

    Before another factor it may be a transpose: ``\mathbf{a}' \mathbf{b}``.
    """
    count = 0
    while parser.peek(count).kind == "prime":
        count += 1
    after = parser.peek(count)
    small = text.startswith(BOLD) and text.endswith("}") and text[-2:-1].islower()
    vector = small and not (after.kind in ("open", "letter", "roman") or after.text in ACCENTS or after.text in LETTERS)
    return after.kind == "sub" or vector or text + "'" * count in parser.table.names


def _decoration(parser: Cursor) -> tuple[str, tuple[Node, ...]] | None:
    """A superscript that belongs to the name: a mark, or an index in brackets; None (nothing taken) for a power."""
    following = parser.peek(1)
    braced = following.kind == "lbrace"
    first = parser.peek(2) if braced else following
    if first.text in _MARKS and first.kind in ("op", "command"):
        length = 4 if braced else 2
        if braced and parser.peek(3).kind != "rbrace":
            return None
        if not braced and parser.plain:
            return None
        after = parser.peek(2)
        if not braced and first.text in ("+", "-") and after.kind in ("number", "letter") and after.start == first.end:
            raise Unread(
                because(Why.NO_POWER, first=first.text, second=after.text),
                first.start,
                after.end,
                f"^{{{first.text}{after.text}}}",
            )
        parser.at += length
        return ("^*" if first.text == "\\star" else f"^{first.text}"), ()
    if braced and (groups := _bracketed(parser)):
        parser.at += 2
        slots = []
        for opening, closing in groups:
            parser.expect("open", opening)
            slots.append(parser.expression())
            parser.expect("close", closing)
        parser.expect("rbrace")
        return f"^{{{''.join(f'{opening}{chr(92)}cdot{closing}' for opening, closing in groups)}}}", tuple(slots)
    return None


def _step(parser: Cursor, base: str) -> tuple[str, tuple[Node, ...]] | None:
    """The number of a step or of a layer above a name of which the table knows that it has one; None for a power.

    The last layer may be written with the capital: ``\\delta^L`` beside ``\\delta^l``.
    """
    letters = {letter for name, letter in parser.table.steps if name == base}
    if not letters:
        return None
    above, _ = group(parser.tokens, parser.at + 1)
    if above and above[0].kind == "number":
        parser.choose(Open.POWER, "power", Number(above[0].start, above[0].end, above[0].text))
    counted = shifted(above) and above[0].text in letters
    last = len(above) == 1 and above[0].text in {letter.upper() for letter in letters} - {"T"}
    if not counted and not last:
        return None
    parser.take()
    return STEP, (parser.argument(),)


def _bracketed(parser: Cursor) -> list[tuple[str, str]]:
    """The brackets of a superscript that is made of indices in brackets alone, ``^{(s)}`` or ``^{[l](s)}``, from outside it."""
    found, ahead = [], 2
    while parser.peek(ahead).kind == "open" and (closing := {"(": ")", "[": "]"}.get(parser.peek(ahead).text, "")):
        opening, begun = parser.peek(ahead).text, ahead
        ahead += 1
        while parser.peek(ahead).kind in ("letter", "number") or parser.peek(ahead).text in ("+", "-"):
            ahead += 1
        if ahead == begun + 1 or parser.peek(ahead).text != closing:
            return []
        found.append((opening, closing))
        ahead += 1
    return found if parser.peek(ahead).kind == "rbrace" else []


def _subscript(parser: Cursor, text: str) -> tuple[str, tuple[Node, ...]]:
    """What stands below a name: a word that becomes part of it, or its indices."""
    mark = parser.take()
    token = parser.peek()
    below, after = group(parser.tokens, parser.at)
    if len(below) == 1 and (size := f"_{{{below[0].text}}}") and text + size in parser.table.sizes:
        parser.at = after
        return size, ()
    if token.kind != "lbrace":
        return _single(parser, text)
    parser.take()
    inside = _inside(parser)
    if not inside:
        raise Unread(because(Why.EMPTY_SUBSCRIPT), mark.start, parser.last_end(), "an index")
    if (word := _textual(parser, inside, text)) is not None:
        _no_slope(parser, text, word, inside[0])
        parser.at += len(inside) + 1
        return f"_{{\\text{{{word}}}}}", ()
    indices = _indices(parser, inside, text)
    parser.expect("rbrace")
    return "", indices


def indices_here(parser: Cursor) -> tuple[Node, ...]:
    """The indices of a subscript that stands behind a bracket: side by side, or with commas between them."""
    parser.take()
    if parser.peek().kind != "lbrace":
        return (parser.argument(),)
    parser.take()
    inside = _inside(parser)
    if not inside:
        raise Unread(because(Why.EMPTY_SUBSCRIPT), parser.peek().start, parser.peek().end, "an index")
    if all(token.kind == "letter" for token in inside):
        parser.at += len(inside)
        found: tuple[Node, ...] = tuple(bare(token) for token in inside)
    else:
        found = _indices(parser, inside, "")
    parser.expect("rbrace")
    return found


def _no_slope(parser: Cursor, text: str, word: str, token: Token) -> None:
    """``f_x`` and ``f_{xy}`` are slopes of a function that is defined as f(x, y), and no names."""
    if any(known == text and set(word) <= set(arguments) for known, arguments in parser.table.defined):
        raise Unread(
            because(Why.DERIVATIVE_OR_NAME, name=text, subscript=word),
            token.start,
            token.end,
            "\\frac{\\partial}{\\partial ..} for a derivative",
        )


def _single(parser: Cursor, text: str) -> tuple[str, tuple[Node, ...]]:
    token = parser.peek()
    if token.kind in ("words", "text") or (token.kind == "roman" and len(token.text) > 1):
        parser.take()
        return f"_{{\\text{{{token.text}}}}}", ()
    if token.kind == "number" and len(token.text) > 1 and not parser.plain:
        raise Unread(because(Why.ONE_DIGIT_BELOW, digits=token.text), token.start, token.end, f"_{{{token.text}}}")
    if token.kind == "number" and len(token.text) == 2 and parser.table.arity_of(text) == 2:
        parser.take()
        return "", _digits(token)
    if token.kind == "letter" and _is_label(parser, token.text):
        _no_slope(parser, text, token.text, token)
        parser.take()
        return f"_{{\\text{{{token.text}}}}}", ()
    if token.kind in _MARK_KINDS and token.text in ("*", "+", "-", "\\star", "\\infty"):
        parser.take()
        return f"_{{{token.text}}}", ()
    return "", (parser.argument(),)


_MARK_KINDS = ("op", "command")


def _inside(parser: Cursor) -> list[Token]:
    """The tokens up to the brace that closes the subscript."""
    depth, ahead = 0, 0
    found: list[Token] = []
    while True:
        token = parser.peek(ahead)
        if token.kind == "stop":
            raise Unread(because(Why.OPEN_BRACE), parser.peek(-1).start, parser.peek(-1).end, "}")
        if token.kind == "rbrace" and depth == 0:
            return found
        depth += (token.kind == "lbrace") - (token.kind == "rbrace")
        found.append(token)
        ahead += 1


def _is_label(parser: Cursor, letter: str) -> bool:
    """Whether one letter below a name is a part of the name: a capital, or x y z u v w, that is no index."""
    return (letter.isupper() or letter in LABELS | parser.table.values) and not parser.table.is_integer(letter)


def _textual(parser: Cursor, inside: list[Token], text: str) -> str | None:
    """The word that a subscript is, None if it is made of indices."""
    worded = [token.kind in ("words", "text") for token in inside]
    if all(said or token.text == "|" for said, token in zip(worded, inside, strict=True)) and worded[0]:
        return " ".join(token.text for token in inside)
    if len(inside) == 1 and inside[0].kind == "roman":
        return inside[0].text
    if inside[0].text == "(" and inside[-1].text == ")" and any(token.kind == "comma" for token in inside):
        letters = [token.text for token in inside if token.kind == "letter"]  # E_{(w, b)}: of what it is taken
        return "".join(token.text for token in inside) if letters and not all(map(parser.table.is_integer, letters)) else None
    if len(inside) == 1 and inside[0].text in ("*", "+", "-", "\\star"):
        return inside[0].text
    if (
        len(inside) == 2
        and inside[0].kind == "letter"
        and inside[1].kind == "number"
        and inside[1].text.isdigit()
        and inside[0].end == inside[1].start
        and not parser.table.is_integer(inside[0].text)
    ):
        return inside[0].text + inside[1].text
    if not all(token.kind == "letter" for token in inside):
        return None
    word = "".join(token.text for token in inside)
    if len(word) == 1:
        return word if _is_label(parser, word) else None
    indexed = parser.table.arity_of(text) == len(word) and all(map(parser.table.is_integer, word))
    if word in TEXTUAL and not indexed or word in parser.table.names:
        return word
    return None if any(parser.table.is_integer(letter) for letter in word) else word


def _indices(parser: Cursor, inside: list[Token], text: str) -> tuple[Node, ...]:
    """Indices side by side (``kj``), with commas (``k,j``), or one expression (``i+1``)."""
    arity = parser.table.arity_of(text)
    commas = any(token.kind == "comma" for token in inside)
    if not commas and all(token.kind == "letter" or (token.kind == "number" and token.text.isdigit()) for token in inside):
        if (split := _side_by_side(parser, inside, arity)) is not None:
            parser.at += len(inside)
            return split
    found = [_place(parser)]
    while parser.peek().kind == "comma":
        parser.take()
        found.append(_place(parser))
    return tuple(found)


def _place(parser: Cursor) -> Node:
    """An index, or the ``:`` for all of an axis."""
    token = parser.peek()
    if token.text == ":" and parser.vectors and parser.peek(1).kind in ("comma", "rbrace"):
        parser.take()
        return Whole(token.start, token.end)
    return parser.expression()


def _digits(number: Token) -> tuple[Node, ...]:
    """Each digit as an index of its own."""
    return tuple(Number(number.start + p, number.start + p + 1, digit) for p, digit in enumerate(number.text))


def _side_by_side(parser: Cursor, inside: list[Token], arity: int | None) -> tuple[Node, ...] | None:
    if len(inside) == 1 and inside[0].kind == "number":
        if len(inside[0].text) == 2 and arity == 2:
            return _digits(inside[0])
        return (Number(inside[0].start, inside[0].end, inside[0].text),)
    pieces = tuple(Number(t.start, t.end, t.text) if t.kind == "number" else bare(t) for t in inside)
    if len(inside) == 1 or all(token.kind == "letter" for token in inside) or arity == len(inside):
        return pieces
    if arity is None and len(inside) > 1:
        raise Unread(
            because(Why.ONE_INDEX_OR_SEVERAL),
            inside[0].start,
            inside[-1].end,
            "a comma between indices, or \\cdot in a product",
        )
    return None
