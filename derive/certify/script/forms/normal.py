"""The normal form that proof scripts aim at: a Laurent polynomial in generators, in the terms of statements.

It is not trusted, and independent of the judge's: what it gets wrong, Coq rejects. Generators are members, deltas, sizes,
e^u for a monomial u, logarithms, roots, sums of a monomial, and polynomials of two or more terms under a negative power.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sympy import Add, Expr, Integer, Mul, Symbol

from derive.certify.script.forms.determinants import by_inverse, determinant
from derive.certify.script.forms.elementary import ABSOLUTE, EXPONENTIALS, by_exponentials
from derive.certify.script.forms.errors import NoProof
from derive.certify.script.forms.exponents import by_definition, exponentials_of, logarithm_of
from derive.certify.script.forms.facts import Facts
from derive.certify.script.forms.polynomials import Poly, Polynomials, added, constant
from derive.certify.script.forms.signs import Signs
from derive.certify.script.forms.slopes import differentiated
from derive.certify.script.forms.summands import sum_of
from derive.certify.statement.facts import Conditions, unfolded
from derive.certify.statement.syntax import (
    Apply,
    Constant,
    Count,
    Defined,
    Delta,
    Determinant,
    IfEqual,
    Inverse,
    Minus,
    Negative,
    Number,
    Over,
    Plus,
    Power,
    RealPower,
    Ref,
    Slope,
    Sum,
    Term,
    Times,
    alpha,
    at_indices,
    rebuilt,
    walk,
)
from derive.certify.statement.writer import OutsideFragment, Writer


class Normal:
    """Normal forms with given definitions; `ring` calculates with them, `signs` knows their signs."""

    def __init__(self, writer: Writer, conditions: Conditions, definitions: Mapping[str, Any], scale: int = 1) -> None:
        self.writer = writer
        self.definitions = dict(definitions)
        self.conditions = conditions
        self.scale = scale
        self.ring = Polynomials(self.key, self.of)
        self.signs = Signs(self.ring, self.of)
        self._keys: dict[Any, str] = {}
        self._memo: dict[tuple[int, Any], Poly] = {}
        self._kept: list[Facts] = []

    def key(self, node: Any) -> str:
        """A text by which generators are ordered."""
        known = self._keys.get(node)
        if known is None:
            known = self._keys[node] = self.writer.term(node)
        return known

    def of(self, node: Any, facts: Facts) -> Poly:
        """The normal form.

        Raises:
            NoProof: where there is none.
        """
        identity = (id(facts), node)
        known = self._memo.get(identity)
        if known is None:
            self._kept.append(facts)  # an id is a key only as long as its object lives
            known = self._memo[identity] = self._of(node, facts)
        return known

    def together(self, node: Any, facts: Facts) -> Term:
        """The term over one denominator."""
        above, below = self.ring.cleared(self.of(node, facts), facts)
        if below == {(): Fraction(1)}:
            return self.ring.term(above)
        if above == {(): Fraction(1)}:
            return Inverse(self.ring.term(below))
        return Over(self.ring.term(above), self.ring.term(below))

    def _of(self, node: Any, facts: Facts) -> Poly:
        known = facts.equal.get(alpha(node)) if facts.equal else None
        if known is not None:
            return self.of(known[0], facts)
        if isinstance(node, Number):
            return constant(node.value)
        if isinstance(node, Count):
            return self.count(node.index, facts)
        if isinstance(node, Ref):
            return self._member(node, facts)
        if isinstance(node, Delta):
            same = facts.coincide(node.left, node.right)
            if same is not None:
                return constant(int(same))
            return self.ring.generator(Delta(*sorted((node.left, node.right), key=self.writer.index)))
        if isinstance(node, Plus):
            return added(self.of(node.left, facts), self.of(node.right, facts))
        if isinstance(node, Minus):
            return added(self.of(node.left, facts), self.of(node.right, facts), -1)
        if isinstance(node, Negative):
            return added({}, self.of(node.term, facts), -1)
        if isinstance(node, Times):
            return self.ring.product(self.of(node.left, facts), self.of(node.right, facts), facts)
        if isinstance(node, Over):
            return self.ring.product(self.of(node.left, facts), self._inverted(node.right, facts), facts)
        if isinstance(node, Inverse):
            return self._inverted(node.term, facts)
        if isinstance(node, Power):
            return self.ring.power(self.of(node.base, facts), node.exponent, facts)
        if isinstance(node, RealPower):
            return self.of(Apply("exp", Times(node.exponent, Apply("ln", node.base))), facts)
        if isinstance(node, Apply):
            return self._apply(node, facts)
        if isinstance(node, Constant):
            return self.ring.generator(node)
        if isinstance(node, Sum):
            return sum_of(self, node, facts)
        if isinstance(node, Determinant):
            cofactor = by_inverse(node, facts)
            return self.of(cofactor[0], facts) if cofactor else self.ring.generator(determinant(self, node, facts))
        if isinstance(node, IfEqual):
            return self.of(self.chosen(node, facts), facts)
        if isinstance(node, Slope):
            return self.of(self.slope(node, facts), facts)
        raise OutsideFragment(f"{type(node).__name__} has no normal form here")

    def _inverted(self, node: Any, facts: Facts) -> Poly:
        """1/node; that of a product is not multiplied out."""
        if isinstance(node, Times):
            return self.ring.product(self._inverted(node.left, facts), self._inverted(node.right, facts), facts)
        if isinstance(node, Power):
            return self.ring.power(self._inverted(node.base, facts), node.exponent, facts)
        return self.ring.inverse(self.of(node, facts), facts)

    def count(self, expr: Expr, facts: Facts) -> Poly:
        """An index expression as a number."""
        result: Poly = {}
        for part in Add.make_args(expr):
            value = constant(1)
            for factor in Mul.make_args(part):
                if isinstance(factor, Integer):
                    value = {m: c * int(factor) for m, c in value.items()}
                elif isinstance(factor, Symbol):
                    value = self.ring.product(value, self.ring.generator(Count(factor)), facts)
                else:
                    raise NoProof(f"the index {expr} as a number")
            result = added(result, value)
        return result

    def _member(self, node: Ref, facts: Facts) -> Poly:
        for pattern in facts.patterns:
            values = facts.member(node, pattern)
            if values is not None:
                return self.of(at_indices(pattern.value, values), facts)
        if isinstance(node.family, Defined):
            return self.of(unfolded(node, self.definitions), facts)
        exchanged = facts.exchanged(node)
        if exchanged is not None:
            node = min(node, exchanged[0], key=lambda member: [self.writer.index(p) for p in member.positions])
        return self.ring.generator(node)

    def chosen(self, node: IfEqual, facts: Facts) -> Term:
        """A choice between two terms without the choice."""
        same = facts.coincide(node.left, node.right)
        if same is not None:
            return node.this if same else node.that
        delta = Delta(node.left, node.right)
        return Plus(Times(delta, node.this), Times(Minus(Number(1), delta), node.that))

    def _apply(self, node: Apply, facts: Facts) -> Poly:
        inside = self.of(node.term, facts)
        if node.function == "exp":
            result = constant(1)
            for factor, _ in exponentials_of(self, inside, facts):
                result = self.ring.product(result, factor, facts)
            return result
        if node.function == "ln":
            return logarithm_of(self, inside, facts)
        if node.function in EXPONENTIALS:
            return self.of(by_exponentials(node), facts)
        if node.function == ABSOLUTE and self.signs.is_nonnegative(inside, facts):
            return inside
        return self.ring.generator(Apply(node.function, self.ring.term(inside)))

    def slope(self, node: Slope, facts: Facts) -> Term:
        """The derivative carried out, by the laws that the tactics use."""
        return differentiated(self.flat(node, facts))

    def flat(self, node: Slope, facts: Facts) -> Slope:
        """With definitions unfolded and derivatives inside carried out."""
        body = by_definition(self.conditions.expanded(node.body))
        if any(isinstance(part, Slope) for part in walk(body)):
            body = self._carried_out(body, facts)
        return Slope(node.variable, body, node.point)

    def _carried_out(self, node: Any, facts: Facts) -> Any:
        if isinstance(node, Expr):
            return node
        if isinstance(node, Slope):
            return self.ring.term(self.of(node, facts))
        return rebuilt(node, lambda part: self._carried_out(part, facts))
