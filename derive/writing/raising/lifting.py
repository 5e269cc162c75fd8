"""From the entry of a column or a matrix to the notation of the whole: what is at the open indices decides what it is.

A summand without an open index is that many ones; a factor with one of them is a column, with both a matrix, and a sum
over an index makes a product of what has it. The structure of the term is kept: a bracket stays a bracket.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import sympy
from sympy import Add, Dummy, Expr, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, Symbol

from derive.terms import terms
from derive.terms.arrays import InverseEntry, MatrixDeterminant
from derive.terms.elementary import row_of
from derive.terms.terms import Call, Partial, peel
from derive.writing.ordering import is_named
from derive.writing.raising import shaped
from derive.writing.raising.building import entrywise, raised_to, summed, times, transposed
from derive.writing.raising.graph import Graph, NotRaised, assembled
from derive.writing.raising.operators import operator_of
from derive.writing.raising.shaped import Shaped

MOST_POWERS = 4


class Lifter:
    """Raises terms.

    Args:
        sampled: tells of a family how many of its indices are written below its name.
        layout: that of derivatives by columns and matrices (:data:`derive.latex.vectors.derivatives.LAYOUTS`).
        nabla: whether gradients of numbers are written with a nabla, which are columns in every layout.
        symmetric: families that are the same with their indices exchanged.
        words: the words of operators (:mod:`derive.latex.vectors.operators`) in which what they stand for is written.
    """

    def __init__(
        self,
        sampled: Callable[[str], int] = lambda name: 0,
        layout: str = "",
        nabla: bool = False,
        symmetric: frozenset[str] = frozenset(),
        words: Sequence[str] = (),
    ) -> None:
        self._sampled = sampled
        self._symmetric = symmetric
        self._words = words
        self._rows_of_variable = layout == "denominator"
        self._turned = layout == "numerator" and not nabla

    def whole(self, term: Expr, row: Symbol | None, column: Symbol | None) -> Shaped:
        """What has the entry `term` at (`row`, `column`), None in a direction that it does not have.

        Raises:
            NotRaised: where there is no notation for it.
        """
        if row is None and column is not None:
            return transposed(self.whole(term, column, None))
        open_ = [index for index in (row, column) if index is not None]
        if not open_:
            return self._number(term)
        if not term.free_symbols & set(open_):
            return self._constant(term, column is not None)
        if column is None and (named := self._named(term, open_[0])) is not None:
            return named
        if isinstance(term, Add):
            inside = [part for part in term.args if part.free_symbols & set(open_)]
            constant = Add(*(part for part in term.args if part not in inside))
            alone = [self._constant(constant, column is not None)] if constant != 0 else []
            return summed([*alone, *(self.whole(part, row, column) for part in inside)])
        if isinstance(term, (Mul, Sum)) or column is not None and not (set(open_) <= term.free_symbols):
            return self._product(term, row, column)
        return self._factor(term, row, column)

    def _constant(self, term: Expr, square: bool) -> Shaped:
        """The same number in every entry."""
        if term == 0:
            raise NotRaised
        ones = shaped.Ones()
        return times(self._number(term), *([ones, transposed(ones)] if square else [ones]))

    # -- products -----------------------------------------------------------------------------------------------------

    def _product(self, term: Expr, row: Symbol | None, column: Symbol | None) -> Shaped:
        """A product, possibly under sums."""
        number, rest = _number_apart(term)
        factors, bound = _flat(rest)
        factors, bound = _sifted(factors, bound)
        nodes = [node for node in (row, column, *bound) if node is not None]
        opened = _opened(factors, nodes, bound)
        if opened is not None:
            inner = [_summed_over(part, bound) for part in opened]
            return times(shaped.Number(number), summed([self.whole(part, row, column) for part in inner]))
        graph = Graph(bound)
        try:
            for factor in factors:
                self._into(graph, factor, nodes)
            graph.reduced()
        except NotRaised:
            return self._repeated(term, row, column)
        whole = times(shaped.Number(number), assembled(graph, row, column))
        below = [self._number(Pow(f, -1)) for f in factors if _is_below(f, nodes)]
        for each in below:
            whole = shaped.Quotient(whole, each)
        return whole

    def _into(self, graph: Graph, factor: Expr, nodes: list[Symbol]) -> None:
        """Put a factor where its indices are."""
        at = [node for node in nodes if node in factor.free_symbols]
        if at and isinstance(factor, Pow) and factor.exp.is_Integer and 1 < factor.exp <= MOST_POWERS:
            for _ in range(int(factor.exp)):
                self._into(graph, factor.base, nodes)
            return
        if isinstance(factor, Partial) and any(node in graph.bound for node in at) and not is_named(factor.expr):
            raise NotRaised  # what is differentiated under a sum is shown where it has a name
        if not at:
            if not _is_below(factor, nodes):
                graph.numbers.append(self._number(factor))
        elif len(at) == 1:
            graph.mark(at[0], self.whole(factor, at[0], None))
        elif len(at) == 2:
            graph.connect(at[0], at[1], self.whole(factor, at[0], at[1]))
        else:
            raise NotRaised

    def _repeated(self, term: Expr, row: Symbol | None, column: Symbol | None) -> Shaped:
        """A sum that stays one, over an index that is written, as over samples."""
        number, rest = _number_apart(term)
        sums = [factor for factor in Mul.make_args(rest) if isinstance(factor, Sum)]
        if len(sums) != 1 or rest != sums[0] or (row is None and column is None):
            raise NotRaised
        body, variable, low, high = peel(sums[0])
        if not isinstance(variable, Dummy) or body.has(terms.Cases):
            raise NotRaised
        inner = self.whole(body, row, column)
        return times(shaped.Number(number), shaped.Repeated(variable, low, high, inner))

    # -- single factors -----------------------------------------------------------------------------------------------

    def _factor(self, term: Expr, row: Symbol | None, column: Symbol | None) -> Shaped:
        """What is no product and no sum."""
        match term:
            case Indexed():
                return self._member(term, row, column)
            case KroneckerDelta() if set(term.args[:2]) == {row, column}:
                return shaped.Identity()
            case Partial():
                return self._gradient(term, row, column)
            case InverseEntry():
                return self._inverse(term, row, column)
            case Pow() if term.exp.is_Integer and 1 < term.exp <= MOST_POWERS:
                return entrywise([self.whole(term.base, row, column)] * int(term.exp))
            case Call() if len(term.arguments) == 1:
                return shaped.Applied(term.name, self.whole(term.arguments[0], row, column), term.orders, known=False)
            case sympy.Function() if len(term.args) == 1 and (function := _function(term)):
                return shaped.Applied(function, self.whole(term.args[0], row, column))
        raise NotRaised

    def _member(self, term: Indexed, row: Symbol | None, column: Symbol | None) -> Shaped:
        name, places = str(term.base.label), list(term.indices)
        count = self._sampled(name)
        below, along = tuple(places[:count]), places[count:]
        if any(index in place.free_symbols for place in below for index in (row, column) if index is not None):
            raise NotRaised
        if along == [row] and column is None:
            return shaped.Name(name, below, shaped.COLUMN)
        if row is None or len(along) != 2:
            raise NotRaised
        whole = shaped.Name(name, below, shaped.MATRIX, name in self._symmetric)
        if column is None:
            if along == [row, row]:
                return shaped.Diagonal(whole)
            raise NotRaised
        if along == [row, column]:
            return whole
        if along == [column, row]:
            return transposed(whole)
        raise NotRaised

    def _gradient(self, term: Partial, row: Symbol | None, column: Symbol | None) -> Shaped:
        """A gradient, a Jacobian with a row for each entry of what is differentiated, or a Hessian."""
        variable, inside = term.variable, term.expr
        if isinstance(inside, Partial) and column is not None:
            inner = inside.variable
            if not isinstance(inner, Indexed) or not isinstance(variable, Indexed) or inner.base != variable.base:
                raise NotRaised
            bare = not {row, column} & inside.expr.free_symbols
            if bare and (variable.indices, inner.indices) == ((row,), (column,)):
                return shaped.Gradient(self._number(inside.expr), self.whole(variable, row, None), 2)
            raise NotRaised
        if any(isinstance(s, Dummy) and s not in (row, column) for s in term.free_symbols):
            raise NotRaised
        if isinstance(variable, Symbol):
            return shaped.Gradient(self.whole(inside, row, column), shaped.Number(variable))
        at = [index for index in (row, column) if index is not None and index in variable.free_symbols]
        if not at or any(index in inside.free_symbols for index in at):
            raise NotRaised
        if len(at) == 1 and column is not None and row is not None:
            other = row if at[0] == column else column
            jacobian = shaped.Gradient(self.whole(inside, other, None), self.whole(variable, at[0], None))
            return jacobian if (other == row) != self._rows_of_variable else transposed(jacobian)
        gradient = shaped.Gradient(self._number(inside), self._variable(variable), turned=self._turned)
        back = isinstance(variable, Indexed) and tuple(variable.indices)[-2:] == (column, row)
        return transposed(gradient) if self._turned != back else gradient

    def _variable(self, variable: Expr) -> Shaped:
        """What is differentiated by, as it stands."""
        if not isinstance(variable, Indexed):
            raise NotRaised
        along = variable.indices[self._sampled(str(variable.base.label)) :]
        places = [index for index in along if isinstance(index, Symbol)]
        if not 1 <= len(places) <= 2 or len(places) != len(along):
            raise NotRaised
        return self.whole(variable, places[0], places[1] if len(places) == 2 else None)

    def _inverse(self, term: InverseEntry, row: Symbol | None, column: Symbol | None) -> Shaped:
        inside = self.whole(term.body, *term.places)
        if term.place == (row, column):
            return shaped.Inverted(inside)
        if term.place == (column, row):
            return transposed(shaped.Inverted(inside))
        raise NotRaised

    def _named(self, term: Expr, row: Symbol) -> Shaped | None:
        """A column that is an operator of another one, written by its word; None where it is none."""
        found = operator_of(term, row, self._words)
        return None if found is None else shaped.Applied(found[0], self.whole(found[1], row, None), known=False)

    # -- numbers --------------------------------------------------------------------------------------------------------

    def _number(self, term: Expr) -> Shaped:
        """What has no open index: an inner product, a trace, a norm, or a number as it stands."""
        if not term.atoms(Sum, Indexed, MatrixDeterminant, InverseEntry, Call, Partial):
            return shaped.Number(term)
        match term:
            case Add():
                return summed([self._number(part) for part in term.args])
            case MatrixDeterminant():
                return shaped.Determinant(self.whole(term.body, *term.places))
            case Partial() if isinstance(term.variable, Symbol):
                return shaped.Gradient(self._number(term.expr), shaped.Number(term.variable))
            case Pow() if term.exp == sympy.S.Half:
                return self._root(term.base)
            case Pow() if term.exp.is_Rational and term.exp < 0:
                return shaped.Quotient(shaped.Number(Integer(1)), self._number(Pow(term.base, -term.exp)))
            case Pow() if not term.exp.atoms(Sum, Indexed):
                return raised_to(self._number(term.base), term.exp)
            case Mul() | Sum():
                try:
                    return self._product(term, None, None)
                except NotRaised:
                    if isinstance(term, Mul):
                        return times(*(self._number(factor) for factor in term.args))
                    return shaped.Number(term)
            case sympy.Function() if len(term.args) == 1 and (function := _function(term)):
                return shaped.Applied(function, self._number(term.args[0]))
        return shaped.Number(term)

    def _root(self, square: Expr) -> Shaped:
        inside = self._number(square)
        if isinstance(inside, shaped.Power) and isinstance(inside.of, shaped.Norm) and inside.exponent == 2:
            return inside.of
        return shaped.Power(inside, sympy.S.Half)


def _function(term: Expr) -> str:
    """The name of an elementary function; "" for any other."""
    return "exp" if isinstance(term, sympy.exp) else row.written if (row := row_of(term)) is not None else ""


def _number_apart(term: Expr) -> tuple[Expr, Expr]:
    """What a product has of plain numbers and scalars, and the rest."""
    plain = [
        factor for factor in Mul.make_args(term) if not factor.atoms(Sum, Indexed, KroneckerDelta, Call, MatrixDeterminant)
    ]
    plain = [factor for factor in plain if not any(isinstance(s, Dummy) for s in factor.free_symbols)]
    return Mul(*plain), Mul(*(factor for factor in Mul.make_args(term) if factor not in plain))


def _flat(term: Expr) -> tuple[list[Expr], dict[Symbol, tuple[Expr, Expr]]]:
    """The factors of a product, those under its sums among them, and what is summed over; raises for a restricted sum."""
    factors: list[Expr] = []
    bound: dict[Symbol, tuple[Expr, Expr]] = {}
    inner = term
    while isinstance(inner, Sum) or isinstance(inner, Mul) and _single(inner) is not None:
        if isinstance(inner, Mul):
            only = _single(inner)
            factors += [factor for factor in inner.args if factor is not only]
            inner = only if only is not None else inner
            continue
        body, variable, low, high = peel(inner)
        bound[variable] = (low, high)
        inner = body
    factors += Mul.make_args(inner)
    if any(isinstance(factor, terms.Cases) for factor in factors):
        raise NotRaised
    return factors, bound


def _single(term: Mul) -> Sum | None:
    """The only sum among the factors, if each of the others that is under it is no bracket of its own."""
    sums = [factor for factor in term.args if isinstance(factor, Sum)]
    return sums[0] if len(sums) == 1 else None


def _sifted(factors: list[Expr], bound: dict[Symbol, tuple[Expr, Expr]]) -> tuple[list[Expr], dict[Symbol, tuple[Expr, Expr]]]:
    """Without the sums that a delta among the factors sifts."""
    for factor in factors:
        if isinstance(factor, KroneckerDelta):
            one, other = factor.args[:2]
            for index, value in ((one, other), (other, one)):
                if index in bound and isinstance(value, Symbol) and value not in index.free_symbols:
                    rest = [each.xreplace({index: value}) for each in factors if each is not factor]
                    return _sifted(rest, {node: span for node, span in bound.items() if node != index})
    return factors, bound


def _opened(factors: list[Expr], nodes: list[Symbol], bound: Collection[Symbol]) -> list[Expr] | None:
    """The products of which a bracket consists that holds a delta, too many indices, or one that nothing beside it has; None
    where none has to be opened.
    """
    for factor in factors:
        at = [node for node in nodes if node in factor.free_symbols]
        if not isinstance(factor, Add) or len(at) < 2:
            continue
        rest = [each for each in factors if each is not factor]
        beside = any(node in each.free_symbols for each in rest for node in nodes)
        alone = any(node in bound and not any(node in each.free_symbols for each in rest) for node in at)
        if len(at) > 2 or alone or beside and any(part.has(KroneckerDelta) for part in factor.args):
            return [Mul(part, *rest) for part in factor.args]
    return None


def _summed_over(body: Expr, bound: dict[Symbol, tuple[Expr, Expr]]) -> Expr:
    for variable, (low, high) in bound.items():
        body = Sum(body, (variable, low, high))
    return body


def _is_below(factor: Expr, nodes: list[Symbol]) -> bool:
    """Whether a factor is a number below the line."""
    power = isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp < 0
    return bool(power) and not factor.free_symbols & set(nodes)
