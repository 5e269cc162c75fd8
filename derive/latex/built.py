"""What the relations of a statement claim, declare and range over, once its sides are elaborated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import sympy
from sympy import Expr

from derive.latex.grammar import syntax
from derive.latex.meaning.rounding import approximated, decimals
from derive.latex.readings import Declaration, ReadRange, ReadRelation
from derive.latex.sides import Parsed, Term, at, unique
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.pieces import Side
from derive.latex.tokens.statements import RawStatement
from derive.latex.vectors import spaces
from derive.terms import terms
from derive.terms.context import Claim, Obligation
from derive.terms.reasons import Why, because
from derive.terms.relations import READ_KEYS, RelationKey, judged

APPROXIMATELY = "\\approx"


class Elaborating(Protocol):
    """What is needed of the reader that a statement belongs to."""

    text: str
    plain: bool
    table: SymbolTable

    def written(self, side: Side) -> str: ...

    def elaborate(self, one: Parsed, free: frozenset[str], against_vector: bool) -> Term: ...

    def index_bound(self, node: syntax.Node) -> Expr: ...


@dataclass(frozen=True)
class Built:
    """A statement whose sides are elaborated: what its relations claim, declare and range over."""

    reader: Elaborating
    raw: RawStatement
    parsed: list[Parsed]
    terms: list[Term]

    def relation(self, position: int) -> ReadRelation:
        token = self.raw.relations[position]
        left, right = self.parsed[position], self.parsed[position + 1]
        written = self.reader.text[token.start : token.end].strip()
        sign = token.text if self.reader.plain and not written.isascii() else written
        latex = f"{self.reader.written(left.side)} {sign} {self.reader.written(right.side)}".strip()
        parts = (left.unread, right.unread, self.terms[position].unread, self.terms[position + 1].unread)
        unread = next((each for each in parts if each is not None and each.misfit), None) or next(filter(None, parts), None)
        exact = token.text in READ_KEYS or token.text == APPROXIMATELY and self.approximates(position)
        if unread is None and not exact:
            unread = UnreadPart(
                because(Why.UNREAD_RELATION, relation=sign), token.start, token.end, "=, <, >, \\le, \\ge or \\ne"
            )
        claims: tuple[Claim, ...] = ()
        if unread is None:
            try:
                claims = self.claims(position, token.text, latex)
            except Unread as error:
                unread = error.part
        return ReadRelation(
            "=" if token.text == ":=" else token.text,
            latex,
            claims,
            (left.side.start, left.side.end),
            (right.side.start, right.side.end),
            right.side.row_start,
            token.text == ":=",
            left.side.hole or right.side.hole,
            unread,
        )

    def approximates(self, position: int) -> bool:
        """Whether the sides are numbers and one of them is written in decimals: an approximation gives no name a value."""
        sides = (self.terms[position], self.terms[position + 1])
        numbers = all(one.values and not any(value.free_symbols for value in one.values) for one in sides)
        return numbers and approximated(self.parsed[position].node, self.parsed[position + 1].node) is not None

    def claims(self, position: int, relation: str, latex: str) -> tuple[Claim, ...]:
        left, right = self.terms[position], self.terms[position + 1]
        node = self.parsed[position + 1].node
        if isinstance(node, syntax.Hole) or isinstance(self.parsed[position].node, syntax.Hole) or self.declares():
            return ()
        if isinstance(node, syntax.Space):
            return self.shape(position, node, latex)
        before = self.parsed[position].node
        if before is not None and not left.values:
            raise Unread(because(Why.RANGE_ON_RIGHT), before.start, before.end)
        if isinstance(node, syntax.Interval):
            return self.interval(position, node, latex)
        if isinstance(node, syntax.Pair):
            return (self.pair(position, node, latex),)
        if isinstance(node, (syntax.IndexRange, syntax.NumberSet)):
            if isinstance(node, syntax.IndexRange) and not isinstance(self.parsed[position].node, syntax.Name):
                raise Unread(because(Why.RANGE_OF_INDEX), node.start, node.end)
            return ()
        key = judged("=" if relation in (":=", APPROXIMATELY) else relation)
        digits = decimals(before, node) if key == "=" else None
        if relation == APPROXIMATELY:
            digits = approximated(before, node)
        count, first = max(len(left.values), len(right.values)), self.terms[0].values
        if key == "=" and digits is None and len(left.values) == 1 < len(right.values):
            return (self.either(position, latex),)
        return tuple(
            Claim(
                at(left.values, v),
                key,
                at(right.values, v),
                unique((*at(left.obligations, v), *self.brought(position + 1, v))),
                digits,
                latex,
                chain=at(first, v) if position > 0 and first else None,
            )
            for v in range(count)
        )

    def either(self, position: int, latex: str) -> Claim:
        r"""``x = \frac{5 \pm 1}{2}`` is one of two equations: the product of their differences is 0."""
        left, right = self.terms[position], self.terms[position + 1]
        pairs = [(at(left.values, v), at(right.values, v)) for v in (0, 1)]
        demanded = [o for v in (0, 1) for o in (*at(left.obligations, v), *self.brought(position + 1, v))]
        product = sympy.Mul(*(one - other for one, other in pairs), evaluate=False)
        return Claim(product, "=", sympy.Integer(0), unique(demanded), None, latex, either=True)

    def brought(self, position: int, version: int) -> tuple[Obligation, ...]:
        """The obligations of a side, marked where no side before it in the chain has them."""
        before = {o for term in self.terms[:position] if term.obligations for o in at(term.obligations, version)}
        return tuple(replace(o, brought=o not in before) for o in at(self.terms[position].obligations, version))

    def interval(self, position: int, node: syntax.Interval, latex: str) -> tuple[Claim, ...]:
        r"""``x \in [a, b]`` is x >= a and x <= b."""
        left = self.terms[position]
        found = []
        ends: tuple[tuple[syntax.Node, RelationKey], ...] = (
            (node.low, ">=" if node.low_closed else ">"),
            (node.high, "<=" if node.high_closed else "<"),
        )
        for bound, relation in ends:
            term = self.reader.elaborate(Parsed(self.parsed[position + 1].side, bound), frozenset(), False)
            if term.unread is not None:
                raise Unread(term.unread.reason, term.unread.start, term.unread.end, term.unread.expected)
            found.append(
                Claim(
                    left.values[0], relation, term.values[0], unique((*left.obligations[0], *term.obligations[0])), None, latex
                )
            )
        return tuple(found)

    def pair(self, position: int, node: syntax.Pair, latex: str) -> Claim:
        r"""``t \in \{-1, 1\}`` is the equation with these two solutions, ``t^2 = 1``."""
        left, side = self.terms[position], self.parsed[position + 1].side
        first, second = (
            self.reader.elaborate(Parsed(side, each), frozenset(), False).values[0] for each in (node.first, node.second)
        )
        value = left.values[0]
        square, rest = value**2, sympy.expand((first + second) * value - first * second)
        return Claim(square, "=", rest, unique(left.obligations[0]), None, latex)

    def shape(self, position: int, node: syntax.Space, latex: str) -> tuple[Claim, ...]:
        """That the lengths of what stands on the left are those of the space, where they are."""
        rows = (self.parsed[position].side.tokens, self.parsed[position + 1].side.tokens)
        pairs = spaces.claimed(*rows, self.reader.text, self.reader.table) if position + 1 < len(self.parsed) else ()
        if not pairs:
            raise Unread(because(Why.SHAPE_CLAIMED), node.start, node.end)
        return tuple(Claim(length, "=", other, (), None, latex) for length, other in pairs)

    def declares(self) -> tuple[Declaration, ...]:
        found = []
        for position, token in enumerate(self.raw.relations):
            left, right = self.parsed[position].node, self.parsed[position + 1].node
            if isinstance(left, syntax.Name) and isinstance(right, syntax.Space):
                found.append(Declaration("space", left.text))
            elif isinstance(left, syntax.Subscripted) and isinstance(right, syntax.Space) and self.numbered(left):
                found.append(Declaration("space", left.name.text))
            elif isinstance(left, syntax.Name) and isinstance(right, syntax.NumberSet):
                found.append(Declaration("scalar" if right.text == "R" else "index", left.text))
            elif (
                token.text == "="
                and isinstance(left, syntax.Name)
                and isinstance(right, syntax.Call)
                and right.name.text == left.text
                and all(isinstance(a, syntax.Name) for a in right.arguments)
            ):
                variables = tuple(a.text for a in right.arguments if isinstance(a, syntax.Name))
                found.append(Declaration("function", left.text, variables))
        return tuple(found)

    def numbered(self, node: syntax.Subscripted) -> bool:
        """Whether it is one of vectors that are numbered by an index, each in a space."""
        plain = all(isinstance(index, syntax.Name) for index in node.indices)
        return plain and self.reader.table.inferred_of(node.name.text, len(node.indices)) is not None

    def ranges(self) -> tuple[ReadRange, ...]:
        found = []
        for position in range(len(self.raw.relations)):
            left, right = self.parsed[position].node, self.parsed[position + 1].node
            if isinstance(left, syntax.Name) and isinstance(right, syntax.IndexRange):
                try:
                    low, high = self.reader.index_bound(right.low), self.reader.index_bound(right.high)
                except Unread:
                    continue
                found.append(ReadRange(terms.index(left.text), low, high))
        return tuple(found)
