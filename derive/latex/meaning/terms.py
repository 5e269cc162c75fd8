r"""The meaning of a syntax tree: a term, with the obligations that its author took on by writing it.

``\log`` and ``\ln`` are the natural logarithm, ``e^{..}`` is the exponential, ``\operatorname{arccot} x`` is
π/2 − arctan x, decimals are exact, a bound index is fresh.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Rational
from sympy.logic.boolalg import Boolean

from derive.latex.grammar import syntax
from derive.latex.grammar.extremes import expanded
from derive.latex.meaning import binding, expectations, functions, obligations, piecewise, powers, sums
from derive.latex.meaning.scope import Scope
from derive.latex.symbols.table import SymbolTable, is_value
from derive.latex.tokens.errors import Unread
from derive.terms import terms
from derive.terms.context import Obligation
from derive.terms.reasons import Why, because
from derive.terms.terms import Cases

_UNDEFINED = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)


class Elaborator:
    """Elaborates the parts of one statement. `free` are the names of the indices that are free in it."""

    def __init__(self, source: str, table: SymbolTable, free: frozenset[str] = frozenset()) -> None:
        self.source = source
        self.table = table
        self.free = free
        self.notes: list[str] = []
        self.obligations: list[Obligation] = []

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def written(self, node: syntax.Node) -> str:
        return " ".join(self.source[node.start : node.end].split())

    def demand(self, node: syntax.Node, demands: tuple[obligations.Demand, ...], scope: Scope) -> None:
        """Keeps the demands that are not settled; one that a number fails makes the formula meaningless."""
        for demand in demands:
            verdict = obligations.settled(demand)
            if verdict is False and not scope.guards:
                raise Unread(demand.otherwise, node.start, node.end)
            if verdict is not True:
                obligation = obligations.guarded(demand, scope.guards, scope.binders)
                if obligation not in self.obligations:
                    self.obligations.append(obligation)

    def term(self, node: syntax.Node, scope: Scope) -> Expr:
        """The term that `node` means in `scope`; raises :class:`Unread` at the part that has none."""
        try:
            result = powers.bounded(self._term(node, scope))
        except powers.TooLarge:
            raise Unread(because(Why.POWER_TOO_LARGE), node.start, node.end) from None
        if result in _UNDEFINED:
            raise Unread(because(Why.NO_FINITE_VALUE), node.start, node.end)
        return result

    def _term(self, node: syntax.Node, scope: Scope) -> Expr:
        match node:
            case syntax.Number():
                value = powers.number(node.text)
                if value is None:
                    raise Unread(because(Why.TOO_MANY_DIGITS), node.start, node.end)
                return value
            case syntax.Name():
                return self.name(node, scope)
            case syntax.Subscripted():
                self.whole_step(node)
                return self.member(node, scope)
            case syntax.Add():
                return sympy.Add(*(self.term(part, scope) for part in node.terms))
            case syntax.Neg():
                return -self.term(node.operand, scope)
            case syntax.PlusMinus():
                return node.upper * scope.sign * self.term(node.operand, scope)
            case syntax.Mul():
                return self.product(node, scope)
            case syntax.Frac():
                return self.quotient(node, scope)
            case syntax.Power():
                return self.power(node, scope)
            case syntax.Root():
                return self.root(node, scope)
            case syntax.Extreme():
                return self.term(expanded(node), scope)
            case syntax.Whole():
                raise Unread(because(Why.OUT_OF_PLACE, written=":"), node.start, node.end)
            case syntax.Abs():
                self.no_vector(node.operand)
                return sympy.Abs(self.scalar(node.operand, scope))
            case syntax.Apply():
                return functions.apply(self, node, scope)
            case syntax.Log():
                return functions.logarithm(self, node, scope)
            case syntax.Call():
                return functions.call(self, node, scope)
            case syntax.Prime():
                return functions.prime(self, node, scope)
            case syntax.Derivative():
                return self.derivative(node, scope)
            case syntax.SumOver():
                return sums.summed(self, node, scope)
            case syntax.IntegralOver():
                return binding.integrated(self, node, scope)
            case syntax.Expectation():
                return expectations.expected(self, node, scope)
            case syntax.LimitAt():
                return binding.limit(self, node, scope)
            case syntax.VectorLit():
                return terms.Vector(self.entry(part, scope) for part in node.entries)
            case syntax.Cases():
                return self.cases(node, scope)
            case syntax.Indicator():
                return self.indicator(node, scope)
        raise Unread(because(_UNREAD.get(type(node), Why.THIS)), node.start, node.end)

    def scalar(self, node: syntax.Node, scope: Scope) -> Expr:
        """A term that is no vector."""
        result = self.term(node, scope)
        if result.has(terms.Vector):
            raise Unread(because(Why.VECTOR_ARITHMETIC), node.start, node.end)
        return result

    # -- names ----------------------------------------------------------------------------------------------------

    def name(self, node: syntax.Name, scope: Scope) -> Expr:
        text = node.text
        if text in scope.bound:
            return scope.bound[text]
        if text == "\\pi" and text not in self.table.declared:
            return sympy.pi
        if text == "e" and not self.table.e_is_declared:
            self.note("e is the base of the natural logarithm")
            return sympy.E
        if (variables := self.table.variables_of(text)) is not None:
            return terms.Call(text, [self.symbol(variable) for variable in variables])
        return self.symbol(text)

    def symbol(self, text: str) -> sympy.Symbol:
        if text in self.table.sizes:
            return terms.size(text)
        return terms.index(text) if self.table.is_index(text) else terms.scalar(text)

    def member(self, node: syntax.Subscripted, scope: Scope) -> Expr:
        indices = tuple(self.index(part, scope) for part in node.indices)
        text = node.name.text
        if is_value(text) and not self.table.gives_value(text):
            raise Unread(because(Why.VALUE_WITHOUT_DEFINITION, name=text), node.start, node.end, "a definition of its entries")
        if text == "\\delta" and len(indices) == 2 and self.table.arity_of(text) != 2:
            return sympy.KroneckerDelta(*indices)
        return terms.family(text)[indices if len(indices) > 1 else indices[0]]

    def index(self, node: syntax.Node, scope: Scope) -> Expr:
        """An index: an integer, an index variable, or a sum of such."""
        if isinstance(node, syntax.Name) and node.text not in scope.bound:
            text = node.text
            return self.symbol(text) if self.table.is_integer(text) else terms.index(text)
        result = self.term(node, scope)
        if not (isinstance(result, Integer) or result.is_integer):
            raise Unread(because(Why.INDEX_IS_INTEGER), node.start, node.end, "an index")
        return result

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def product(self, node: syntax.Mul, scope: Scope) -> Expr:
        if sum(self.is_vector(factor) for factor in node.factors) > 1:
            raise Unread(because(Why.VECTOR_PRODUCT), node.start, node.end)
        result: Expr = Integer(1)
        factors = [self.scalar(factor, scope) for factor in node.factors]
        for number in (factor for factor in factors if factor.is_Rational):
            result = powers.bounded(result * number)
        return sympy.Mul(*factors)

    def quotient(self, node: syntax.Frac, scope: Scope) -> Expr:
        numerator = self.scalar(node.numerator, scope)
        self.no_vector(node.denominator)
        denominator = self.scalar(node.denominator, scope)
        self.demand(node.denominator, obligations.division(denominator, self.written(node.denominator)), scope)
        return numerator / denominator

    def power(self, node: syntax.Power, scope: Scope) -> Expr:
        if isinstance(node.base, syntax.Name) and node.base.text == "e" and "e" not in scope.bound:
            if not self.table.e_is_declared:
                self.note("e is the base of the natural logarithm")
                self.no_vector(node.exponent)
                return powers.exponential(self.scalar(node.exponent, scope))
        self.no_vector(node.base)
        base, exponent = self.scalar(node.base, scope), self.scalar(node.exponent, scope)
        if isinstance(node.base, syntax.Subscripted) and isinstance(node.exponent, syntax.Name):
            self.note(f"{self.written(node)} is read as a power")
        if not self.is_natural(exponent, scope):
            self.demand(node.base, obligations.power(base, exponent, self.written(node.base)), scope)
        return powers.power(base, exponent)

    def root(self, node: syntax.Root, scope: Scope) -> Expr:
        degree: Expr = Integer(2)
        if node.degree is not None:
            degree = self.term(node.degree, scope)
            if not isinstance(degree, Integer) or not 2 <= int(degree) <= 100:
                raise Unread(because(Why.ROOT_DEGREE), node.degree.start, node.degree.end)
        radicand = self.scalar(node.radicand, scope)
        self.demand(node.radicand, obligations.root(radicand, int(degree), self.written(node.radicand)), scope)
        return powers.power(radicand, Rational(1, int(degree)))

    def derivative(self, node: syntax.Derivative, scope: Scope) -> Expr:
        result = self.scalar(node.operand, scope)
        for variable, order in reversed(node.variables):  # the last one below the line is differentiated by first
            value = self.scalar(variable, scope)
            if value.is_number:
                raise Unread(because(Why.DERIVATIVE_BY_NUMBER), variable.start, variable.end, "a variable")
            for _ in range(order):
                result = terms.Partial(result, value)
        return result

    def whole_step(self, node: syntax.Subscripted) -> None:
        """Raises at a name with nothing but a step where it has indices below elsewhere: it is no number."""
        if len(node.indices) == 1 and self.table.below_step(node.name.text):
            raise Unread(because(Why.SOME_INDICES, written=self.written(node), name=node.name.text), node.start, node.end)

    def is_natural(self, exponent: Expr, scope: Scope) -> bool:
        """Whether an exponent is an index that runs from 0 or from 1 on."""
        if not isinstance(exponent, sympy.Symbol):
            return False
        low = next((binder[1] for binder in scope.binders if binder[0] == exponent), None)
        if low is None and exponent.is_integer:
            low = self.table.range_of(exponent.name)[0]
        return low is not None and bool(low.is_nonnegative)

    def is_vector(self, node: syntax.Node) -> bool:
        """Whether a vector or a matrix (a bold name, an arrow, a declared one) stands in `node` outside of calls."""
        if isinstance(node, (syntax.Call, syntax.Derivative)):
            return isinstance(node, syntax.Derivative) and any(self.is_vector(v) for v, _ in node.variables)
        if isinstance(node, syntax.Subscripted):
            name = node.name.text
            return not is_value(name) and _is_bold(name) and len(node.indices) == 1 and name not in self.table.declared
        if isinstance(node, syntax.Name):
            declared = node.text in self.table.scalars
            return node.text in self.table.vectors or (_is_bold(node.text) and not declared)
        return any(self.is_vector(child) for child in syntax.children(node))

    def no_vector(self, node: syntax.Node) -> None:
        if self.is_vector(node):
            raise Unread(because(Why.FUNCTION_OF_VECTOR), node.start, node.end)

    # -- vectors and cases ----------------------------------------------------------------------------------------

    def entry(self, node: syntax.Node, scope: Scope) -> Expr:
        return terms.dots() if isinstance(node, syntax.Dots) else self.scalar(node, scope)

    def cases(self, node: syntax.Cases, scope: Scope) -> Expr:
        if any(piecewise.is_ordered(relations) for _, relations in node.rows):
            return piecewise.cases(self, node, scope)
        pieces: list[tuple[Expr, Boolean]] = []
        passed: tuple[Boolean, ...] = ()
        for value, relations in node.rows:
            condition: Boolean = (
                sympy.And(*(self.condition(relation, scope) for relation in relations)) if relations else sympy.true
            )
            here = scope.where(*passed) if condition is sympy.true else scope.where(*passed, condition)
            pieces.append((self.scalar(value, here), condition))
            passed = (*passed, sympy.Not(condition)) if condition is not sympy.true else passed
        return Cases(*pieces)

    def condition(self, relation: syntax.Relation, scope: Scope) -> Boolean:
        r"""A condition on indices: ``i = j``, ``i \ne j``."""
        left, right = self.index(relation.left, scope), self.index(relation.right, scope)
        kinds = {"=": sympy.Eq, "!=": sympy.Ne}
        if relation.relation not in kinds:
            raise Unread(because(Why.CASE_RELATION), relation.start, relation.end, "i = j or i \\ne j")
        return kinds[relation.relation](left, right, evaluate=False)

    def indicator(self, node: syntax.Indicator, scope: Scope) -> Expr:
        relation = node.condition
        if piecewise.is_ordered([relation]):
            return piecewise.indicator(self, node, scope)
        delta = sympy.KroneckerDelta(self.index(relation.left, scope), self.index(relation.right, scope))
        return delta if relation.relation == "=" else 1 - delta


def _is_bold(name: str) -> bool:
    return "\\mathbf{" in name or name.startswith("\\vec{")


_UNREAD: dict[type[syntax.Node], Why] = {
    syntax.Matrix: Why.MATRIX,
    syntax.Transpose: Why.TRANSPOSE,
    syntax.Norm: Why.NORM,
    syntax.Dots: Why.DOTS,
    syntax.Hole: Why.HOLE_INSIDE,
    syntax.IndexRange: Why.RANGE_AFTER_IN,
    syntax.Interval: Why.INTERVAL_AFTER_IN,
    syntax.NumberSet: Why.SET_AFTER_IN,
}
