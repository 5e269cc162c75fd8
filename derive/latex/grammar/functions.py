r"""Functions: ``\sin^2 x``, ``\log_a x``, ``\ln 2x``, ``f(x)``.

Without brackets a function takes the factors that stand side by side after it, up to the next function, sum, bracket,
fraction or sign: ``\sec x \tan x`` is sec(x)·tan(x), ``\ln 2x`` is ln(2x).
"""

from __future__ import annotations

from dataclasses import replace

from derive.latex.grammar import arguments as called
from derive.latex.grammar import brackets, dots, primes, valued
from derive.latex.grammar.choices import Open
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import (
    Apply,
    Call,
    Derivative,
    Log,
    Mul,
    Name,
    Neg,
    Node,
    Number,
    Subscripted,
)
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import ACCENTS, DIAGONALS, FUNCTIONS, LETTERS, TRACES
from derive.terms.elementary import BY_KEY
from derive.terms.reasons import Why, because

NEVER_FACTORS = frozenset("fg")
"""Letters that nobody writes before a bracket for a product."""
_LOGARITHMS = tuple("\\" + spelling.word for spelling in BY_KEY["log"].spellings)


def function(parser: Cursor) -> Node:
    """An elementary function with its base, power and argument."""
    head = parser.take()
    base = power = None
    if order := primes.primes(parser) if parser.peek().kind == "prime" or primes.prime_superscript(parser) else 0:
        return _slope(parser, head, order)
    while parser.peek().kind in ("sub", "sup"):
        mark = parser.take()
        if mark.kind == "sup":
            power = _function_power(parser)
        elif head.text in _LOGARITHMS:
            base = parser.argument()
        else:
            raise Unread(because(Why.NO_SUBSCRIPT, name=head.text), mark.start, mark.end)
    argument = _argument(parser, head)
    end = max(parser.last_end(), argument.end)
    if head.text in _LOGARITHMS:
        return Log(head.start, end, head.text, base, argument, power)
    if power is not None and isinstance(power, Neg) and isinstance(power.operand, Number) and power.operand.text == "1":
        return _inverse(parser, head, argument, end)
    return Apply(head.start, end, head.text, argument, power)


def _slope(parser: Cursor, head: Token, order: int) -> Node:
    r"""``\\tanh'(x)``: the derivative where the argument is one name; of all else it would have to be put in."""
    argument = _argument(parser, head)
    if not isinstance(argument, (Name, Subscripted)):
        raise Unread(because(Why.PRIME_OF_FUNCTION_OR_ARGUMENT, name=head.text), argument.start, argument.end, "one name")
    applied: Node
    if head.text in _LOGARITHMS:
        applied = Log(head.start, parser.last_end(), head.text, None, argument, None)
    else:
        applied = Apply(head.start, parser.last_end(), head.text, argument, None)
    return Derivative(head.start, parser.last_end(), applied, ((argument, order),), "d")


def operator(parser: Cursor) -> Node:
    """An operator that is a command of its own, applied to the bracket or to the factor behind it."""
    head = parser.take()
    opens = parser.peek().kind == "open" and parser.peek().text == "("
    if not opens and not parser.factor_starts():
        raise parser.surprise(f"the argument of {head.text}")
    argument = brackets.bracketed(parser) if opens else parser.factor()
    return Call(head.start, parser.last_end(), Name(head.start, head.end, head.text[1:]), (argument,), 0)


def without_bracket(parser: Cursor, name: Name) -> Node:
    r"""``\operatorname{tr} A B``: a trace is that of the product behind it, any other operator is of one factor."""
    if not parser.factor_starts():
        raise parser.surprise(f"the argument of {name.text}")
    factors = [parser.factor()]
    while name.text in TRACES and parser.factor_starts() and parser.peek().kind != "roman" and parser.peek().text != "\\det":
        factors.append(parser.factor())
    end = parser.last_end()
    whole = Mul(factors[0].start, end, tuple(factors), ("",) * (len(factors) - 1)) if len(factors) > 1 else factors[0]
    return Call(name.start, end, name, (whole,), 0)


def _function_power(parser: Cursor) -> Node:
    token = parser.peek()
    if token.kind == "number" and len(token.text) > 1 and not parser.plain:
        raise Unread(because(Why.FIRST_DIGIT_RAISES, digits=token.text, first=token.text[0]), token.start, token.end, "braces")
    return parser.argument()


def _inverse(parser: Cursor, head: Token, argument: Node, end: int) -> Node:
    inverse = "\\arc" + head.text[1:]
    if inverse not in FUNCTIONS:
        raise Unread(because(Why.NO_INVERSE, name=head.text), head.start, end)
    parser.note(f"{head.text}^{{-1}} is the inverse function {inverse}")
    return Apply(head.start, end, inverse, argument, None)


def transposes(parser: Cursor, ahead: int = 0) -> bool:
    r"""Whether ``\top`` or ``T`` stands here, in braces or not: a function of each entry turns as its argument does."""
    token = parser.peek(ahead)
    braced = token.kind == "lbrace" and parser.peek(ahead + 2).kind == "rbrace"
    mark = parser.peek(ahead + 1) if braced else token
    known = mark.text == "\\top" or mark.text == "T" and "T" not in parser.table.sizes
    return known and mark.kind in ("command", "letter", "roman")


def _argument(parser: Cursor, head: Token) -> Node:
    token = parser.peek()
    if token.kind == "open" and token.text in ("(", "[", "\\{") or token.kind == "op" and token.text == "|" and not parser.bars:
        argument = brackets.bracketed(parser)
        if parser.peek().kind == "sup" and not (parser.vectors and transposes(parser, 1)):
            raise Unread(
                because(Why.POWER_OF_FUNCTION_OR_ARGUMENT, name=head.text),
                parser.peek().start,
                parser.peek().end,
                f"{head.text}^{{..}}(..) or another pair of brackets",
            )
        if parser.peek().kind == "prime":
            raise Unread(because(Why.PRIME_OF_FUNCTION_OR_ARGUMENT, name=head.text), parser.peek().start, parser.peek().end)
        return argument
    if not parser.factor_starts():
        raise parser.surprise(f"the argument of {head.text}")
    if token.kind == "lbrace" and head.text == "\\exp":
        return parser.argument()
    factors = [parser.factor()]
    if token.kind == "command" and (token.text in FUNCTIONS or token.text in ("\\sum", "\\prod", "\\int", "\\lim", "\\frac")):
        return factors[0]
    while _continues(parser):
        factors.append(parser.postfix(parser.atom()))
    if len(factors) == 1:
        return factors[0]
    product = Mul(factors[0].start, factors[-1].end, tuple(factors), ("",) * (len(factors) - 1))
    parser.note(f"{head.text} applies to all of {parser.written(product)}")
    return product


def _continues(parser: Cursor) -> bool:
    """Whether a number or a name follows side by side."""
    token = parser.peek()
    return (
        token.kind in ("number", "letter")
        or (token.kind == "roman" and token.text != "d")
        or (token.kind == "command" and (token.text in LETTERS or token.text in ACCENTS))
    )


def is_text_name(parser: Cursor) -> bool:
    r"""Whether the text here is a name: ``\text{a}``, ``\text{Loss}``, and whatever a \partial stands before."""
    text = parser.peek().text
    capital = text[:1].isupper() and text.lower() not in _SENTENCE
    varied = parser.at > 0 and parser.peek(-1).text == "\\partial"
    return text.isascii() and text.isalpha() and (len(text) == 1 or capital or varied)


_SENTENCE = frozenset("if for when where let and or then hence thus so since with otherwise else as in on at of by".split())
"""Words with which a text between formulas begins."""


def call(parser: Cursor, name: Node) -> Node:
    """`name`, or its value at the arguments in the brackets that follow directly."""
    order, ahead = 0, 0
    if isinstance(name, Name):
        while parser.peek(ahead).kind == "prime":
            ahead += 1
        prime = primes.prime_superscript(parser) if not ahead else 0
        skip = (2 if parser.peek(1).text == "\\prime" else prime + 3) if prime else ahead
        order, ahead = ahead or prime, skip
    if order > 9:
        raise Unread(because(Why.TOO_MANY_PRIMES, most=9), name.start, parser.peek(ahead).end)
    bracket = parser.peek(ahead)
    if bracket.kind != "open" or bracket.text not in ("(", "["):
        return valued.alone(name, parser.table) if isinstance(name, Name) and parser.vectors and not order else name
    if bracket.text == "[" and not (isinstance(name, Name) and _takes_square(parser, name, ahead)):
        _no_expectation(parser, name, bracket)
        if not isinstance(name, Name) or all(name.text != known for known, _ in parser.table.defined):
            return name
    called.one_bar(parser, ahead)
    written = parser.source[name.start : name.end].strip()
    plain_name = name if isinstance(name, Name) else name.name if isinstance(name, Subscripted) else None
    round_, held = bracket.text == "(", inside(parser, ahead)
    touches = bracket.start == parser.last_end() or isinstance(name, Subscripted) and _has_comma(held)
    if isinstance(name, (Name, Subscripted)) and not order and touches and round_:
        shape = called.pieces(held, parser.source)
        if shape is not None or isinstance(name, Subscripted) and (is_lone(held) or _has_comma(held)):
            factor = plain_name is not None and plain_name.text in parser.table.factors - NEVER_FACTORS
            if shape is None and factor and not (plain_name and _has_arguments(parser, plain_name, held)):
                raise _ambiguous(parser, name)
            return called.shaped_call(parser, name, shape)
    if plain_name is None or not _called(parser, name, plain_name, ahead):
        parser.note(f"{written}(..) is read as a product")
        parser.choose(Open.CALL, "product", name)
        return name
    summed = not round_ and any(token.kind == "op" and token.text in "+-" for token in held)
    if summed and not _is_word(parser, plain_name):  # f [1 - g]
        raise _ambiguous(parser, name)
    parser.at += ahead + 1
    arguments = [parser.expression()]
    while parser.peek().kind == "comma":
        parser.take()
        arguments.append(parser.expression())
    parser.expect("close", ")" if round_ else "]")
    if parser.vectors and plain_name.text in DIAGONALS and len(arguments) > 2 and dots.is_naming(arguments):
        arguments = [arguments[0].name] if isinstance(arguments[0], Subscripted) else arguments
    plain_name, arguments = replace(plain_name, text=dots.of_several(plain_name.text, arguments)), dots.gathered(arguments)
    if plain_name.text not in parser.table.declared and (plain_name.text, len(arguments)) not in {
        (known, len(places)) for known, places in parser.table.defined
    }:
        parser.choose(Open.CALL, "value", name)
    found = Call(name.start, parser.last_end(), plain_name, tuple(arguments), order)
    return valued.value_of(found, parser.table) if parser.vectors else found


def _ambiguous(parser: Cursor, name: Node) -> Unread:
    reason = because(Why.PRODUCT_OR_CALL, written=parser.written(name))
    return Unread(reason, name.start, name.end, "\\cdot for a product")


def _no_expectation(parser: Cursor, name: Node, bracket: Token) -> None:
    """``E[X]`` is no product."""
    if isinstance(name, Name) and name.text in ("E", "V", "P") and bracket.start == parser.last_end():
        raise Unread(because(Why.SQUARE_CALL, name=name.text), name.start, bracket.end)


def _takes_square(parser: Cursor, name: Name, ahead: int) -> bool:
    r"""Whether ``f[g(x)]`` is a value of f: it is given at one argument and is no number, or a word."""
    if _is_word(parser, name):
        return not _has_comma(inside(parser, ahead))
    known = name.text in parser.table.functions | {known for known, places in parser.table.defined if len(places) == 1}
    return known and not parser.table.is_value(name.text) and not _has_comma(inside(parser, ahead))


def _is_word(parser: Cursor, name: Name) -> bool:
    """Whether a name beside vectors is a word of which the document makes nothing else."""
    return parser.vectors and len(name.text) > 1 and name.text.isalpha() and not parser.table.is_value(name.text)


def _called(parser: Cursor, node: Node, name: Name, ahead: int) -> bool:
    """Whether the bracket after a name holds arguments.

    A function's name is called, unless the bracket holds that name itself, as in ``\\sigma(1 - \\sigma)``. Nobody
    writes a product as ``p(x)``: with a lone name in the bracket an unknown name is called, a known value is ambiguous.
    """
    held = inside(parser, ahead)
    lone = is_lone(held)
    commas = _has_comma(held)
    if isinstance(node, Subscripted) or not commas and _multiplies(parser, name, held):
        return False
    if parser.table.is_function(name.text):
        following = zip(held, [*held, parser.stop][1:], strict=True)
        itself = any(token.text == name.text and after.text != "(" for token, after in following)
        return name.text in parser.table.declared or not itself
    if parser.table.is_value(name.text):
        varied = parser.vectors and len(held) > 1 and held[0].text == "d"  # X (dY) is a product
        if (lone and held[0].kind != "number" and not varied) or commas:
            if _has_arguments(parser, name, held):
                return True
            raise Unread(
                because(Why.PRODUCT_OR_CALL, written=parser.written(node)),
                node.start,
                node.end,
                "\\cdot for a product, or a declaration of the function",
            )
        return False
    return bool(ahead) or len(name.text) > 1 and name.text.isalpha() or lone or commas


def _has_arguments(parser: Cursor, name: Name, held: list[Token]) -> bool:
    """Whether a bracket after a name that is a value elsewhere holds arguments: several, or one of a name called so."""
    if name.text in parser.table.declared:
        return False
    return _has_comma(held) or is_lone(held) and held[0].kind != "number" and name.text in parser.table.called


def _multiplies(parser: Cursor, name: Name, held: list[Token]) -> bool:
    """Whether the name and each name in the bracket are vectors or matrices: ``A (B)^\\top``, and not ``A(t)``."""
    inner = name.text.partition("{")[2].removesuffix("}") if name.text.startswith(tuple(ACCENTS)) else name.text
    letters = (inner, *(token.text for token in held if token.kind in ("letter", "roman")))
    return len(letters) > 1 and all(parser.table.space_of(each) is not None for each in letters)


def inside(parser: Cursor, ahead: int = 0) -> list[Token]:
    """The tokens in the bracket that opens `ahead` tokens from here."""
    depth = 0
    found: list[Token] = []
    for token in parser.tokens[parser.at + ahead :]:
        depth += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if depth == 0:
            return found[1:]
        found.append(token)
    return []


def _has_comma(inside: list[Token]) -> bool:
    depth = 0
    for token in inside:
        depth += (token.kind in ("open", "lbrace")) - (token.kind in ("close", "rbrace"))
        if depth == 0 and token.kind == "comma":
            return True
    return False


def is_lone(inside: list[Token]) -> bool:
    """Whether `inside` is one name, with its accents and subscripts, or one number."""
    at, depth, names = 0, 0, 0
    while at < len(inside):
        token = inside[at]
        if token.kind in ("sub", "sup") and depth == 0 and at + 1 < len(inside):
            at += 1
            if inside[at].kind != "lbrace":
                at += 1
                continue
            while at < len(inside):
                depth += (inside[at].kind == "lbrace") - (inside[at].kind == "rbrace")
                at += 1
                if depth == 0:
                    break
            continue
        if token.kind in ("letter", "roman", "text", "number") or token.text in LETTERS:
            before = inside[at - 1] if at else token
            touching = at and token.kind == before.kind == "letter" and before.end == token.start
            names += not touching
        elif token.kind not in ("lbrace", "rbrace", "prime") and token.text not in ACCENTS:
            return False
        at += 1
    return names == 1
