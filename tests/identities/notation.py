r"""A small notation for identities of matrices: LaTeX in, a tree out, LaTeX again.

It shares nothing with the reader of the package, knows only what the tables of this folder write, and refuses all else.
Factors side by side are a product of matrices, ``\odot`` binds less than that, a sum and a derivative take the rest of
their product. ``d`` before a name or a bracket is a differential.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

TOKEN = re.compile(
    r"\\mathbf\{?\s*([01])\}?|\\(?:operatorname|mathrm)\{([A-Za-z]+)\}|(\\[A-Za-z]+|\\\||\\,)|(\d+)|([A-Za-z])|([-+^_{}()=,/])"
)
FUNCTIONS = frozenset({"tr", "diag", "det", "ln", "exp", "tanh", "softmax", "logsumexp", "sigmoid", "sqrt"})
NAMES = frozenset({"\\lambda", "\\mu", "\\alpha", "\\beta", "\\Sigma", "\\Lambda"})
CLOSING = frozenset({")", "}", ",", "=", "+", "-", "\\rangle", "", "\\odot"})


@dataclass(frozen=True)
class Node:
    """A part of a formula: its kind, its parts, and the word that a name, a number, an index or a function has."""

    kind: str
    parts: tuple[Node, ...] = ()
    text: str = ""


def parsed(latex: str) -> Node:
    """The tree of an expression; raises ValueError for what is no part of the notation."""
    reader = _Reader(_tokens(latex))
    tree = reader.sum()
    if reader.here:
        raise ValueError(f"not understood from {reader.here!r} on: {latex}")
    return tree


def _tokens(latex: str) -> list[str]:
    tokens, at = [], 0
    while at < len(latex):
        if latex[at].isspace():
            at += 1
            continue
        found = TOKEN.match(latex, at)
        if found is None:
            raise ValueError(f"no token at {latex[at:]!r}")
        constant, word, *_ = found.groups()
        token = f"\\bf{constant}" if constant else word if word else found.group()
        if token not in ("\\,", "\\left", "\\right"):
            tokens.append(token)
        at = found.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0
        self.inside = False  # of a norm, where the next bar closes it

    @property
    def here(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        token = self.here
        if wanted and token not in wanted:
            raise ValueError(f"expected {wanted}, found {token!r} in {' '.join(self.tokens)}")
        self.at += 1
        return token

    def sum(self) -> Node:
        terms = []
        while True:
            sign = self.take() if self.here in ("+", "-") else "+"
            term = self.entrywise()
            terms.append(Node("neg", (term,)) if sign == "-" else term)
            if self.here not in ("+", "-"):
                return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def entrywise(self) -> Node:
        factors = [self.product()]
        while self.here == "\\odot":
            self.take()
            factors.append(self.product())
        return factors[0] if len(factors) == 1 else Node("odot", tuple(factors))

    def product(self) -> Node:
        factors = [self.factor()]
        while self.here not in CLOSING and not (self.here == "\\|" and self.inside):
            if self.here == "\\cdot":
                self.take()
            factors.append(self.factor())
        return factors[0] if len(factors) == 1 else Node("mul", tuple(factors))

    def group(self) -> Node:
        if self.here != "{":
            return self.atom()
        self.take("{")
        inside = self.sum()
        self.take("}")
        return inside

    def factor(self) -> Node:
        node = self.atom()
        while self.here in ("^", "_"):
            node = self.raised(node) if self.take() == "^" else Node("entry", (node, *self.indices()))
        return node

    def raised(self, base: Node) -> Node:
        braced = self.here == "{"
        if braced:
            self.take()
        if self.here == "\\top":
            self.take()
            node = Node("T", (base,))
        elif self.here == "-" and self.tokens[self.at + 1] == "\\top":
            self.at += 2
            node = Node("T", (Node("inv", (base,)),))
        else:
            exponent = self.sum() if braced else self.atom()
            minus_one = exponent == Node("neg", (Node("num", (), "1"),))
            node = Node("inv", (base,)) if minus_one else Node("pow", (base, exponent))
        if braced:
            self.take("}")
        return node

    def indices(self) -> tuple[Node, ...]:
        if self.here != "{":
            return (self.atom(),)
        self.take("{")
        found = []
        while self.here != "}":
            found.append(self.atom())
        self.take("}")
        return tuple(found)

    def atom(self) -> Node:
        token = self.take()
        special = self.SPECIAL.get(token)
        if special is not None:
            return special(self)
        if token.isdigit():
            return Node("num", (), token)
        if token in FUNCTIONS or token.lstrip("\\") in FUNCTIONS:
            argument = self.group() if token == "\\sqrt" else self.factor()
            return Node("fn", (argument,), token.lstrip("\\"))
        if token in ("\\bf1", "\\bf0"):
            return Node("const", (), token[-1])
        if token in NAMES or len(token) == 1 and token.isalpha():
            return Node("I") if token == "I" else Node("name", (), token)
        raise ValueError(f"not understood: {token!r} in {' '.join(self.tokens)}")

    def within(self, norm: bool) -> Node:
        """The sum up to what closes a bracket or a norm."""
        before, self.inside = self.inside, norm
        found = self.sum()
        self.inside = before
        return found

    def bracket(self) -> Node:
        inside = self.within(norm=False)
        self.take(")")
        return inside

    def fraction(self) -> Node:
        self.take("{")
        if self.here != "\\partial":
            above = self.sum()
            self.take("}")
            return Node("frac", (above, self.group()))
        self.take()
        if self.here == "^":
            self.take()
            self.take("2")
        body = None if self.here == "}" else self.sum()
        self.take("}")
        self.take("{")
        variables = []
        while self.here == "\\partial":
            self.take()
            variables.append(self.factor())
        self.take("}")
        return Node("der", (body if body is not None else self.product(), *variables))

    def gradient(self) -> Node:
        order, by = "1", None
        for _ in range(2):
            if self.here == "_":
                self.take()
                by = self.group()
            elif self.here == "^":
                self.take()
                order = self.take("2")
        if by is None:
            raise ValueError("a gradient by nothing")
        return Node("grad", (self.product(), by), order)

    def summation(self) -> Node:
        self.take("_")
        self.take("{")
        index = self.take()
        self.take("=")
        low = self.sum()
        self.take("}")
        self.take("^")
        high = self.group()
        return Node("sum", (self.product(), low, high), index)

    def norm(self) -> Node:
        inside = self.within(norm=True)
        self.take("\\|")
        kind = "2"
        if self.here == "_":
            self.take()
            kind = self.take("F", "1", "2")
        return Node("norm", (inside,), kind)

    def angled(self) -> Node:
        left = self.sum()
        self.take(",")
        right = self.sum()
        self.take("\\rangle")
        return Node("inner", (left, right))

    def differential(self) -> Node:
        if self.here == "(":
            return Node("d", (self.factor(),))
        name = self.atom()
        if self.here != "_":
            return Node("d", (name,))
        self.take()
        return Node("d", (Node("entry", (name, *self.indices())),))

    def delta(self) -> Node:
        self.take("_")
        return Node("delta", self.indices())

    SPECIAL: dict[str, Callable[[_Reader], Node]] = {
        "(": bracket,
        "\\frac": fraction,
        "\\nabla": gradient,
        "\\sum": summation,
        "\\|": norm,
        "\\langle": angled,
        "d": differential,
        "\\delta": delta,
    }
