r"""Tokens to a syntax tree: sums, products and powers, by recursive descent.

The scope rules are those of mathematical writing: a product binds tighter than + and −; ``\sum``,
``\frac{d}{dx}`` and a function name without brackets take the product (or the factors) that follows, never a + or a −.
"""

from __future__ import annotations

from derive.latex.grammar import binding, brackets, derivatives, dots, expectations, extremes, functions, names, powers, sums
from derive.latex.grammar.cursor import Cursor
from derive.latex.grammar.syntax import (
    Add,
    Apply,
    Dots,
    Frac,
    Hole,
    Mul,
    Name,
    Neg,
    Node,
    Number,
    PlusMinus,
    Root,
    Subscripted,
    SumOver,
)
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.parts import group, heads
from derive.latex.tokens.vocabulary import (
    ACCENTS,
    BRACED,
    DIVERGENCES,
    DOTS,
    EXTREMES,
    FUNCTIONS,
    LETTERS,
    UNREAD_FUNCTIONS,
    VECTOR_WORDS,
)
from derive.terms.reasons import Why, because

MAX_STEPS = 40
_BINDING = {"\\int": binding.integral, "\\lim": binding.limit}
_NAME_KINDS = ("letter", "roman", "text")


class Parser(Cursor):
    """The grammar: recursive descent from sums down to atoms."""

    # -- sums and products ----------------------------------------------------------------------------------------

    def whole(self) -> Node:
        """Everything up to the last token."""
        node = self.expression()
        if self.peek().kind != "stop":
            raise self.surprise("an operator or the end")
        return node

    def expression(self) -> Node:
        self.deeper()
        terms = [self.signed_product()]
        while self.sign_here():
            terms.append(self.signed_product())
        self.depth -= 1
        if len(terms) == 1:
            return terms[0]
        if any(isinstance(term, Dots) for term in terms) and (counted := dots.summed(terms)) is not None:
            self.note(f"{self.written(next(t for t in counted if isinstance(t, SumOver)))} is read as a sum")
            terms = counted
        return terms[0] if len(terms) == 1 else Add(terms[0].start, terms[-1].end, tuple(terms))

    def sign_here(self) -> str:
        token = self.peek()
        if token.kind == "op" and token.text in "+-":
            return token.text
        return token.text if token.kind == "command" and token.text in ("\\pm", "\\mp") else ""

    def signed_product(self) -> Node:
        """A product after any number of signs: a minus covers the whole product."""
        signs = []
        while self.sign_here():
            signs.append(self.take())
            if len(signs) > 8:
                raise self.surprise("a term")
        node = self.product()
        for sign in reversed(signs):
            if sign.text == "-":
                node = Neg(sign.start, node.end, node)
            elif sign.text != "+":
                node = PlusMinus(sign.start, node.end, node, 1 if sign.text == "\\pm" else -1)
        return node

    def product(self) -> Node:
        self.deeper()
        factors: list[Node] = [self.factor()]
        signs: list[str] = []
        divisions = 0
        while True:
            token = self.peek()
            if token.text in self.times and token.kind in ("command", "op"):
                self.take()
                signs.append(self.times[token.text])
                factors.append(self.signed_factor())
            elif token.kind == "op" and token.text == "/" or token.text == "\\div":
                divisions += 1
                if divisions > MAX_STEPS:
                    raise Unread(because(Why.NESTED_TOO_DEEPLY), token.start, token.end)
                self.take()
                factors, signs = [self.quotient(factors, signs)], []
            elif self.factor_starts():
                self.side_by_side(factors[-1])
                signs.append("")
                factors.append(self.factor())
            else:
                break
        self.depth -= 1
        return _product(factors, signs)

    def side_by_side(self, before: Node) -> None:
        r"""What stands side by side is a product, except for ``10\,000`` and ``\Delta x``."""
        token = self.peek()
        if isinstance(before, (Number, Subscripted)) and token.kind == "number" and self.tokens[self.at - 1].kind == "number":
            raise Unread(because(Why.ADJACENT_NUMBERS), before.start, token.end, "one number, or \\cdot between them")
        if isinstance(before, Number) and token.text in ("e", "E") and token.start == before.end and self.exponent_follows():
            raise Unread(because(Why.E_BETWEEN_NUMBERS), before.start, self.peek(1).end, "10^{..}, or \\cdot for a product")
        if (
            isinstance(before, Name)
            and before.text == "\\Delta"
            and not self.table.is_value("\\Delta")
            and not self.table.is_function("\\Delta")
        ):
            raise Unread(
                because(Why.DELTA_BEFORE), before.start, token.end, "a declaration of \\Delta, or \\cdot for a product"
            )

    def exponent_follows(self) -> bool:
        """Whether the letter here is followed, without a blank, by a whole number, as in ``1e-8``."""
        ahead = 2 if self.peek(1).kind == "op" and self.peek(1).text in "+-" else 1
        row = [self.peek(p) for p in range(ahead + 1)]
        return (
            row[-1].kind == "number"
            and row[-1].text.isdigit()
            and all(a.end == b.start for a, b in zip(row, row[1:], strict=False))
        )

    def signed_factor(self) -> Node:
        if self.sign_here():
            return self.signed_product()
        return self.factor()

    def quotient(self, factors: list[Node], signs: list[str]) -> Node:
        """``a b / c``; what follows side by side after ``c`` would leave the reading open."""
        numerator = _product(factors, signs)
        denominator = self.signed_factor() if not self.sign_here() or self.plain else self.factor()
        following = self.peek()
        touching = following.start == self.last_end() or self.source[self.last_end() : following.start].strip(" ") == ""
        name_follows = following.kind in _NAME_KINDS or (following.kind == "command" and following.text in LETTERS)
        if name_follows and touching and following.start == self.last_end() and isinstance(denominator, (Number, Name)):
            raise Unread(
                because(Why.AFTER_SLASH, quotient=self.source[numerator.start : following.end]),
                following.start,
                following.end,
                "brackets or \\frac",
            )
        if self.factor_starts():
            self.note(f"'/' divides by {self.written(denominator)} only")
        return Frac(numerator.start, denominator.end, numerator, denominator)

    def factor_starts(self) -> bool:
        token = self.peek()
        if token.kind in ("number", "letter", "roman", "lbrace") or token.kind == "begin" and token.text in brackets.CASES:
            return True
        if token.kind == "text":
            return bool(token.text) and token.text in self.table.names
        if token.kind == "open" or token.kind == "begin" and self.vectors:
            return True
        if token.kind == "op":
            return token.text == "?" or (token.text in ("|", "\\|") and not self.bars)
        return token.kind == "command" and token.text not in self.times and token.text not in ("\\pm", "\\mp", "\\div", "\\mid")

    # -- factors --------------------------------------------------------------------------------------------------

    def factor(self) -> Node:
        """One factor with its powers and primes; a sum or an operator takes the rest of the product."""
        self.deeper()
        token = self.peek()
        if token.kind == "command" and token.text in ("\\sum", "\\prod"):
            node = sums.sum_over(self)
        elif token.kind == "command" and token.text in _BINDING:
            node = _BINDING[token.text](self)
        elif token.kind == "command" and token.text in FUNCTIONS:
            node = functions.function(self)
            if self.vectors and self.peek().kind == "sup" and functions.transposes(self, 1):
                node = self.postfix(node)
        elif (derivative := derivatives.derivative(self)) is not None:
            node = derivative
        elif (expected := expectations.expectation(self)) is not None:
            node = self.postfix(expected)
        else:
            node = self.postfix(self.atom())
        self.depth -= 1
        return node

    def atom(self) -> Node:
        """A number, a name, a call, a group, a fraction, a root or a bracketed expression."""
        token = self.peek()
        if token.kind == "number":
            if token.text[:1] == "0" and token.text[1:2].isdigit():
                raise Unread(
                    because(Why.LEADING_ZERO, digits=token.text), token.start, token.end, "an operator between numbers"
                )
            if (node := brackets.lower_indicator(self, token.text, 1)) is not None:
                return node
            self.take()
            return Number(token.start, token.end, token.text)
        if token.kind == "text" and token.text not in self.table.names and not functions.is_text_name(self):
            raise self.surprise()
        if token.kind in _NAME_KINDS:
            return self.named()
        if token.kind == "lbrace":
            return self.group_or_nothing()
        if token.kind == "open" or (token.kind == "op" and token.text in ("|", "\\|")):
            return brackets.bracketed(self)
        if token.kind == "op" and token.text == "?":
            self.take()
            return Hole(token.start, token.end)
        if token.kind == "begin":
            return brackets.environment(self)
        if token.kind == "command":
            return self.command_atom(token)
        raise self.surprise()

    def command_atom(self, token: Token) -> Node:
        if token.text in LETTERS:
            return self.named()
        if token.text in ACCENTS:
            return brackets.indicator(self) or self.named()
        if token.text == "\\frac":
            self.take()
            numerator, denominator = self.argument(), self.argument()
            return Frac(token.start, self.last_end(), numerator, denominator)
        if token.text == "\\binom":
            return self.binomial()
        if token.text == "\\sqrt":
            return self.root()
        if token.text == "\\det" and self.vectors:
            return functions.operator(self)
        if token.text in BRACED:
            return brackets.labelled(self)
        if token.text in DOTS:
            self.take()
            return Dots(token.start, token.end)
        if token.text in extremes.EXTREMES:
            return extremes.extreme(self)
        raise self.surprise()

    def binomial(self) -> Node:
        """n!/(k! (n − k)!), which has a value for k from 0 to n."""
        start = self.take().start
        n, k = self.argument(), self.argument()
        end = self.last_end()
        rest = Add(start, end, (n, Neg(k.start, k.end, k)))
        above, below, left = (Apply(start, end, "\\factorial", part, None) for part in (n, k, rest))
        return Frac(start, end, above, Mul(start, end, (below, left), ("",)))

    def named(self) -> Node:
        """A name; directly before a bracket it is called if it is a function's name."""
        name = names.name(self)
        applied = isinstance(name, Subscripted) and self.factor_starts()  # argmax_j y_j; mean_i alone is a member
        word = name.text if isinstance(name, Name) else name.name.text if isinstance(name, Subscripted) and applied else ""
        opaque = word in DIVERGENCES and self.peek().kind == "open"
        if word in EXTREMES and isinstance(name, Name):
            reason = because(Why.NOT_READ_YET, written=self.written(name))
            return extremes.of_two(self, name.start, word, Unread(reason, name.start, name.end))
        if not opaque and word in UNREAD_FUNCTIONS - (VECTOR_WORDS if self.vectors else frozenset()) and len(word) > 1:
            raise Unread(because(Why.NOT_READ_YET, written=self.written(name)), name.start, name.end)
        opens = self.peek().kind == "open" and self.peek().text == "("
        if self.vectors and isinstance(name, Name) and word in VECTOR_WORDS - self.table.declared and not opens:
            return functions.without_bracket(self, name)
        return functions.call(self, name)

    def group_or_nothing(self) -> Node:
        brace = self.peek()
        if self.peek(1).kind == "rbrace":
            self.take()
            self.take()
            return self.atom()
        if (marks := self.sup_mark_after()) is not None:
            raise Unread(because(Why.SUPERSCRIPT_WITHOUT_BASE), marks.start, marks.end)
        if (closing := self.name_in_braces()) is not None:
            rest = list(self.tokens)  # {z}_i is z_i
            del rest[closing], rest[self.at]
            self.tokens = rest
            return self.atom()
        self.take()
        node = self.expression()
        if self.peek().kind == "relation":
            raise Unread(because(Why.RELATION_IN_BRACES), self.peek().start, self.peek().end, "}")
        self.expect("rbrace")
        return _placed(node, brace.start, self.last_end())

    def name_in_braces(self) -> int | None:
        """Where the brace stands that closes the group here, if one name is in it and a subscript or superscript behind."""
        after = group(self.tokens, self.at)[1]
        if after >= len(self.tokens) or self.tokens[after].kind not in ("sub", "sup"):
            return None
        inside = self.tokens[self.at + 1 : after - 1]
        single = len(inside) == 1 and inside[0].kind != "number"
        return after - 1 if single or heads(inside, self.table.names).get(0, ("", 0))[1] == len(inside) else None

    def sup_mark_after(self) -> Token | None:
        following = self.peek(1)
        return following if following.kind in ("sup", "sub") else None

    def root(self) -> Node:
        start = self.take().start
        degree = None
        if self.peek().kind == "open" and self.peek().text == "[" and not self.plain:
            self.take()
            degree = self.expression()
            self.expect("close", "]")
        if self.plain and self.peek().kind == "open":
            radicand = brackets.bracketed(self)
        else:
            radicand = self.argument()
        return Root(start, self.last_end(), radicand, degree)

    def argument(self) -> Node:
        r"""What a command or ``^`` takes: a group in braces, or one token (one digit of a number)."""
        self.deeper()
        node = self.one_argument()
        self.depth -= 1
        return node

    def one_argument(self) -> Node:
        token = self.peek()
        if token.kind == "lbrace":
            if self.peek(1).kind == "rbrace":
                raise Unread(because(Why.EMPTY_BRACES), token.start, self.peek(1).end, "an expression")
            self.take()
            node = self.expression()
            self.expect("rbrace")
            return node
        if token.kind == "number" and len(token.text) > 1 and not self.plain:
            if not token.text.isdigit():
                raise Unread(because(Why.ONE_DIGIT, written=token.text), token.start, token.end, "braces")
            digits = list(self.tokens)
            digits[self.at : self.at + 1] = [
                Token("number", token.text[0], token.start, token.start + 1),
                Token("number", token.text[1:], token.start + 1, token.end),
            ]
            self.tokens = digits
            token = self.peek()
        if token.kind == "number" or (token.kind == "op" and token.text == "?"):
            return self.atom()
        if token.kind == "command" and token.text in ("\\frac", "\\sqrt") or token.text in ACCENTS:
            return self.atom()
        if token.kind in ("letter", "roman") or token.text in LETTERS:
            self.take()
            return names.bare(token)
        raise self.surprise("braces")

    def postfix(self, node: Node) -> Node:
        """`node` with the powers, primes and transposes behind it."""
        return powers.postfix(self, node)


def _product(factors: list[Node], signs: list[str]) -> Node:
    if len(factors) == 1:
        return factors[0]
    return Mul(factors[0].start, factors[-1].end, tuple(factors), tuple(signs))


def _placed(node: Node, start: int, end: int) -> Node:
    """`node` with the place of the brackets around it."""
    values = dict(vars(node))
    values.update(start=start, end=end)
    return type(node)(**values)
