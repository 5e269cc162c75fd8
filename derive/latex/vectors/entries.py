r"""Statements between vectors and matrices, read entry by entry.

``\nabla_{\mathbf z} L = \mathbf a - \mathbf y`` claims ``∂L/∂z_i = a_i - y_i`` at an index i that is free in it,
``W \mathbf x`` has the entries ``Σ_j W_ij x_j``, ``\mathbf a^\top \mathbf y`` is ``Σ_k a_k y_k``. A gradient has the
shape of the variable it is taken by. Only a statement that is written with vectors (`vector_names`) is read so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import sympy
from sympy import Expr, Indexed, IndexedBase, Integer, Rational, Symbol

from derive.latex.grammar import syntax
from derive.latex.meaning import obligations, powers
from derive.latex.meaning.scope import Scope
from derive.latex.meaning.terms import Elaborator
from derive.latex.tokens.errors import Unread
from derive.latex.vectors import calls, derivatives, differentials, literals, operators
from derive.latex.vectors.bold import ONES, ZEROS, base_name
from derive.latex.vectors.operators import Operator
from derive.latex.vectors.powers import exponent_of, inverses_of, is_inverse
from derive.latex.vectors.products import Segment, is_dot, segments
from derive.latex.vectors.shape import SCALAR, Shape, Span
from derive.latex.vectors.shapes import Shapes
from derive.terms import arrays, terms
from derive.terms.context import Range
from derive.terms.reasons import Why, because


def is_zeros(node: syntax.Node) -> bool:
    """Whether a node is the vector or the matrix of zeros."""
    return isinstance(node, syntax.Name) and base_name(node.text) == (ZEROS, True)


class VectorElaborator(Elaborator):
    """Elaborates the entry of a vector that the scope's `row` and `column` say."""

    def __init__(self, source: str, shapes: Shapes, free: frozenset[str]) -> None:
        super().__init__(source, shapes.table, free)
        self.shapes = shapes

    def _term(self, node: syntax.Node, scope: Scope) -> Expr:
        shape = self.shapes.of(node)
        if is_zeros(node):
            return Integer(0)
        if shape.is_scalar:
            scope = _bare(scope)
        elif (shape.rows is None) != (scope.row is None) or (shape.columns is None) != (scope.column is None):
            raise Unread(because(Why.NO_SUCH_ENTRY, shape=str(shape)), node.start, node.end)
        match node:
            case syntax.VectorLit() | syntax.Matrix():
                return self.term(literals.entry(node, scope.row, scope.column), _bare(scope))
            case syntax.Transpose():
                return self.term(node.operand, replace(scope, row=scope.column, column=scope.row))
            case syntax.Inner():
                return self.dot(node.left, node.right, scope)
            case syntax.Entry():
                inside = self.shapes.of(node.operand)
                places = [self.index(part, scope) for part in node.indices]
                row = places[0] if inside.rows is not None else None
                return self.term(
                    node.operand, replace(scope, row=row, column=places[-1] if inside.columns is not None else None)
                )
            case syntax.Differential():
                return self.differential(node, scope)
            case syntax.Add() if shape.is_matrix and any(self.shapes.of(part).rows is None for part in node.terms):
                self.note("a row beside a matrix is added to each of its rows")
                return sympy.Add(*(self.term(part, self.beside(part, scope)) for part in node.terms))
            case syntax.Extreme():
                first, second = self.term(node.first, scope), self.term(node.second, scope)
                apart = sympy.Abs(first - second)
                return (first + second + (apart if node.larger else -apart)) / 2
            case syntax.Norm(degree="1"):
                return self.totalled(node.operand, scope, sympy.Abs)
            case syntax.Norm():
                square = self.totalled(node.operand, scope, _square)
                self.demand(node, obligations.root(square, 2, f"{self.written(node)}^2"), scope)
                return powers.power(square, Rational(1, 2))
            case syntax.Power(base=syntax.Norm(operand=operand, degree=("" | "2" | "F")), exponent=syntax.Number(text="2")):
                return self.totalled(operand, scope, _square)
            case syntax.Power(base=syntax.Name(text="e")) if shape.is_matrix and not self.table.e_is_declared:
                return self.exponential(node, scope)
            case syntax.Power() if shape.is_matrix:
                return self.matrix_power(node, scope)
            case syntax.Subscripted() if self.shapes.is_identity(node):
                return _delta(scope)
            case syntax.Call() if (operator := calls.operator(self.shapes, node)) is not None:
                return self.operated(operator, node.arguments[0], scope)
            case syntax.Call() if not shape.is_scalar and calls.rank_of(self.shapes, node):
                passed = [part for argument in node.arguments for part in self.whole(argument, scope)]
                places = [place for place in (scope.row, scope.column) if place is not None]
                return terms.Call(node.name.text, [*passed, *places])
            case syntax.Call() if not shape.is_scalar:
                self.note(f"{self.written(node.name)} is taken of each entry")
                return terms.Call(node.name.text, [self.term(node.arguments[0], scope)], [node.order])
            case syntax.Call() if any(not self.shapes.of(argument).is_scalar for argument in node.arguments):
                orders = derivatives.orders(node)
                each = [self.whole(argument, scope) for argument in node.arguments]
                return terms.Call(
                    node.name.text,
                    [part for parts in each for part in parts],
                    [order for order, parts in zip(orders, each, strict=True) for _ in parts],
                )
            case syntax.Abs() if self.is_vector(node.operand):
                return self.operated(operators.ROWS["determinant"], node.operand, scope)
        return super()._term(node, scope)

    def operated(self, operator: Operator, argument: syntax.Node, scope: Scope) -> Expr:
        """The entry of an operator that is known by its name."""
        shape = self.shapes.of(argument)
        if operator is operators.ROWS["determinant"] and (small := self.small(argument, scope)) is not None:
            return literals.determinant(*small)

        def entry(row: Expr | None, column: Expr | None) -> Expr:
            return self.term(argument, replace(scope, row=row, column=column))

        def total(of: Callable[[Expr], Expr]) -> Expr:
            return self.over(shape.spans[-1], argument, scope, lambda _, at: of(at))

        return operator.entry(entry, total, (scope.row, scope.column), shape)

    def beside(self, part: syntax.Node, scope: Scope) -> Scope:
        """Where a summand is read: a row has no place in the rows of the matrix beside it, a number none at all."""
        return scope if self.shapes.of(part).rows is not None else replace(scope, row=None)

    def whole_step(self, node: syntax.Subscripted) -> None:
        """It is a vector."""

    def no_vector(self, node: syntax.Node) -> None:
        """The shapes tell already where a vector may stand."""

    def whole(self, node: syntax.Node, scope: Scope) -> tuple[Expr, ...]:
        """An argument that is passed with all its entries, a numbered one by its family and its numbers, or a scalar."""
        if self.shapes.of(node).is_scalar:
            return (self.term(node, _bare(scope)),)
        if isinstance(node, syntax.Subscripted):
            return (terms.family(node.name.text), *(self.index(part, scope) for part in node.indices))
        if isinstance(node, syntax.Name):
            return (terms.family(self.label(node)),)
        raise Unread(because(Why.FUNCTION_OF_SHAPE, shape=str(self.shapes.of(node))), node.start, node.end)

    def is_vector(self, node: syntax.Node) -> bool:
        return not self.shapes.of(node).is_scalar

    def name(self, node: syntax.Name, scope: Scope) -> Expr:
        if self.shapes.of(node).is_scalar:
            return super().name(node, scope)
        text, bold = base_name(node.text)
        if bold and text in (ONES, ZEROS):
            return Integer(int(text))
        if self.shapes.is_identity(node):
            return _delta(scope)
        if isinstance(outcome := scope.bound.get(node.text), Indexed):  # a random vector at an outcome
            places = (place for place in (scope.row, scope.column) if place is not None)
            return outcome.base[(*places, *outcome.indices)]
        return self.placed(terms.family(self.label(node)), (), scope, self.shapes.units(node.text))

    def label(self, node: syntax.Name) -> str:
        """The name of the family that a vector's name stands for."""
        return node.text if self.table.inferred_of(node.text) is not None else base_name(node.text)[0]

    def placed(self, family: IndexedBase, indices: tuple[Expr, ...], scope: Scope, units: tuple[int, int] = (0, 0)) -> Expr:
        """The member of a family at `indices` and at the place of the entry, with `units` before and behind it."""
        before, behind = (Integer(1),) * units[0], (Integer(1),) * units[1]
        places = (*indices, *before, *(place for place in (scope.row, scope.column) if place is not None), *behind)
        return family[places if len(places) > 1 else places[0]]

    def member(self, node: syntax.Subscripted, scope: Scope) -> Expr:
        if any(isinstance(index, syntax.Whole) for index in node.indices):
            text = base_name(node.name.text)[0]
            name = text if self.table.arity_of(text) == 2 else self.label(node.name)
            down = isinstance(node.indices[0], syntax.Whole)
            place = self.index(node.indices[1 if down else 0], scope)
            places = (scope.row, place) if down else (place, scope.column)
            return terms.family(name)[tuple(at for at in places if at is not None)]
        if not self.is_vector(node):
            return super().member(node, scope)
        indices = tuple(self.index(part, scope) for part in node.indices)
        if self.table.below_step(node.name.text):
            return terms.family(node.name.text)[tuple(at for at in (scope.row, scope.column, *indices) if at is not None)]
        units = self.shapes.units(node.name.text, len(indices))
        return self.placed(terms.family(node.name.text), indices, scope, units)

    def product(self, node: syntax.Mul, scope: Scope) -> Expr:
        if not any(self.is_vector(factor) for factor in node.factors):
            return super().product(node, scope)
        return sympy.Mul(*(self.divided(part, scope) for part in segments(node)))

    def divided(self, part: Segment, scope: Scope) -> Expr:
        """A factor of an entrywise product, or one over it."""
        if not part.divides:
            return self.segment(part, scope)
        whole, divisor = (
            syntax.Mul(part.factors[0].start, part.factors[-1].end, part.factors, part.signs),
            self.segment(part, scope),
        )
        self.demand(whole, obligations.division(divisor, self.written(whole)), scope)
        return 1 / divisor

    def segment(self, part: Segment, scope: Scope) -> Expr:
        """The product of scalars and of vectors or matrices."""
        numbers = [self.term(factor, _bare(scope)) for factor in part.factors if not self.is_vector(factor)]
        vectors = [factor for factor in part.factors if self.is_vector(factor)]
        if is_dot(self.shapes, part):
            return sympy.Mul(*numbers, self.dot(vectors[0], vectors[1], scope))
        return sympy.Mul(*numbers, self.chain(vectors, scope))

    def chain(self, factors: Sequence[syntax.Node], scope: Scope) -> Expr:
        """An entry of the product of matrices: ``(A B)_{ij} = Σ_k A_{ik} B_{kj}``."""
        *first, last = factors
        if not first:
            return self.term(last, scope)
        left, right = self.chain_shape(first), self.shapes.of(last)
        if left.is_scalar:
            return self.chain(first, _bare(scope)) * self.term(last, scope)
        span = self.shapes.lengths.contracted(left, right)
        if span is None:
            return self.chain(first, replace(scope, column=None)) * self.term(last, replace(scope, row=None))
        return self.over(
            span,
            last,
            scope,
            lambda inner, at: self.chain(first, replace(inner, column=at)) * self.term(last, replace(inner, row=at)),
        )

    def chain_shape(self, factors: Sequence[syntax.Node]) -> Shape:
        shape = SCALAR
        for factor in factors:
            shape = self.shapes.lengths.multiplied(shape, self.shapes.of(factor))
        return shape

    def dot(self, left: syntax.Node, right: syntax.Node, scope: Scope) -> Expr:
        """``Σ_k a_k y_k``."""
        shape, other = self.shapes.of(left), self.shapes.of(right)
        down = shape.rows is not None
        span = self.shapes.lengths.joined(*((shape.rows, other.rows) if down else (shape.columns, other.columns)))

        def product(inner: Scope, at: Expr) -> Expr:
            place = replace(inner, row=at if down else None, column=None if down else at)
            return self.term(left, place) * self.term(right, place)

        return self.over(span, left, scope, product)

    def totalled(self, node: syntax.Node, scope: Scope, of: Callable[[Expr], Expr]) -> Expr:
        """The sum over all entries of a vector or a matrix of a function of each."""
        shape = self.shapes.of(node)

        def entry(inner: Scope, row: Expr | None, column: Expr | None) -> Expr:
            return of(self.term(node, replace(inner, row=row, column=column)))

        if shape.is_matrix:
            return self.over(
                shape.rows,
                node,
                scope,
                lambda inner, at: self.over(shape.columns, node, inner, lambda most, by: entry(most, at, by)),
            )
        down = shape.columns is None
        return self.over(
            shape.spans[0], node, scope, lambda inner, at: entry(inner, at if down else None, None if down else at)
        )

    def matrix_power(self, node: syntax.Power, scope: Scope) -> Expr:
        """``A A .. A``, or the inverse."""
        count = exponent_of(node)
        if is_inverse(node):
            return self.inverse(node, scope)
        if (inverses := inverses_of(node)) > 1:
            one = syntax.Number(node.start, node.end, "1")
            inverse = syntax.Power(node.start, node.end, node.base, syntax.Neg(node.start, node.end, one))
            return self.chain([inverse] * inverses, scope)
        if not count:
            raise Unread(because(Why.POWER_OF_SHAPE, shape=str(self.shapes.of(node.base))), node.start, node.end)
        return self.chain([node.base] * count, scope)

    def inverse(self, node: syntax.Power, scope: Scope) -> Expr:
        """An entry of the inverse of a square matrix, which has to be invertible."""
        if self.shapes.literal and (small := self.small(node.base, scope)) is not None:
            size, at = small
            written = f"\\det {self.written(node.base)} \\ne 0"
            whole = literals.determinant(size, at)
            self.demand(node, (obligations.Demand(whole, "!=", written, because(Why.DIVISION_BY_ZERO)),), scope)
            return literals.inverse(size, at, *(int(place) for place in (scope.row, scope.column) if place is not None))
        row, low, high = self.summed(self.shapes.of(node.base).rows, node)
        column = terms.bound("j")
        inner = replace(scope.within(row, low, high).within(column, low, high), row=row, column=column)
        body = self.term(node.base, inner)
        whole = arrays.MatrixDeterminant(body, row, column, low, high)
        written = f"\\det {self.written(node.base)} \\ne 0"
        self.demand(node, (obligations.Demand(whole, "!=", written, because(Why.DIVISION_BY_ZERO)),), scope)
        return arrays.inverse_of(whole, *(place for place in (scope.row, scope.column) if place is not None))

    def exponential(self, node: syntax.Power, scope: Scope) -> Expr:
        """An entry of the exponential of a square matrix."""
        row, low, high = self.summed(self.shapes.of(node.exponent).rows, node)
        column = terms.bound("j")
        inner = replace(scope.within(row, low, high).within(column, low, high), row=row, column=column)
        places = [place for place in (scope.row, scope.column) if place is not None]
        return arrays.ExponentialEntry(self.term(node.exponent, inner), row, column, low, high, *places)

    def small(self, node: syntax.Node, scope: Scope) -> tuple[int, literals.Entry] | None:
        """The size and the entries of a square matrix of literal size; None for any other."""
        numbers = literals.counted(self.shapes.lengths.of(self.shapes.of(node).rows))
        if numbers is None or len(numbers) > literals.LARGEST or numbers[0] != 1:
            return None
        return len(numbers), lambda i, j: self.term(node, replace(scope, row=Integer(i), column=Integer(j)))

    def over(self, span: Span, node: syntax.Node, scope: Scope, of: Callable[[Scope, Expr], Expr]) -> Expr:
        """The sum over an axis of what `of` makes of an index of it."""
        if self.shapes.literal and (numbers := literals.counted(self.shapes.lengths.of(span))) is not None:
            return sympy.Add(*(of(scope, Integer(number)) for number in numbers))
        bound, low, high = self.summed(span, node)
        return terms.summation(of(scope.within(bound, low, high), bound), bound, low, high)

    def summed(self, span: Span, node: syntax.Node) -> tuple[Symbol, Expr, Expr]:
        """A fresh bound index over `span`."""
        span = self.shapes.lengths.of(span)
        if not isinstance(span, Range):
            raise Unread(because(Why.LENGTH_OF_ONES), node.start, node.end)
        self.note("products of vectors are read as sums over their entries")
        return terms.bound("k"), span.low, span.high

    def derivative(self, node: syntax.Derivative, scope: Scope) -> Expr:
        variables = [variable for variable, count in node.variables for _ in range(count)]
        if not any(self.is_vector(variable) for variable in variables):
            return super().derivative(node, scope)
        operand = self.shapes.of(node.operand)
        if len(variables) > 1:
            slope = terms.Partial(self.term(node.operand, _bare(scope)), self.variable(variables[1], scope, scope.column))
            return terms.Partial(slope, self.variable(variables[0], scope, scope.row))
        (variable,) = variables
        shape, name = self.shapes.of(variable), self.written(variable)
        if operand.is_scalar:
            if node.style != "∇":
                self.note(f"the derivative by {name} has the shape of {name}{' transposed' * self.turned(node)}")
            place = replace(scope, row=scope.column, column=scope.row) if self.turned(node) else scope
            return terms.Partial(self.term(node.operand, _bare(scope)), self.term(variable, place))
        turned = derivatives.transposes(self.shapes, shape)
        self.note(f"the derivative by {name} has a row for each entry of {name if turned else self.written(node.operand)}")
        above, below = (scope.column, scope.row) if turned else (scope.row, scope.column)
        return terms.Partial(
            self.term(node.operand, replace(scope, row=above, column=None)), self.variable(variable, scope, below)
        )

    def differential(self, node: syntax.Differential, scope: Scope) -> Expr:
        """The direction of a name that varies, and for all else the derivative along these directions."""
        inner, varied = node.operand, self.shapes.varying
        if (name := differentials.name_of(inner)) in varied:
            along = differentials.direction(base_name(name)[0])
            if isinstance(inner, syntax.Subscripted):
                return terms.family(along)[tuple(self.index(part, scope) for part in inner.indices)]
            units = self.shapes.units(inner.text) if isinstance(inner, syntax.Name) else (0, 0)
            return self.placed(terms.family(along), (), scope, units) if self.is_vector(inner) else terms.scalar(along)
        if not varied:
            raise Unread(because(Why.LONE_DIFFERENTIAL), node.start, node.end, "the differential of a name")
        self.note(f"{', '.join(varied)} varies, and no other name" if len(varied) == 1 else f"{', '.join(varied)} vary")
        self.shapes.held |= differentials.held(inner, self.shapes)
        term = self.term(inner, scope)
        return sympy.Add(*(self.along(name, term, node) for name in varied))

    def along(self, name: str, term: Expr, node: syntax.Node) -> Expr:
        """``Σ_p ∂term/∂X_p dX_p``."""
        plain = base_name(name)[0]
        spans, (before, behind) = self.shapes.name(syntax.Name(node.start, node.end, name)).spans, self.shapes.units(name)
        if not spans:
            return terms.Partial(term, self.symbol(plain)) * terms.scalar(differentials.direction(plain))
        bound = [self.summed(span, node) for span in spans]
        places = (*(Integer(1),) * before, *(symbol for symbol, _, _ in bound), *(Integer(1),) * behind)
        label = self.label(syntax.Name(node.start, node.end, name))
        result = terms.Partial(term, terms.family(label)[places]) * terms.family(differentials.direction(plain))[places]
        for symbol, low, high in bound:
            result = terms.summation(result, symbol, low, high)
        return result

    def turned(self, node: syntax.Derivative) -> bool:
        """Whether a gradient has the transposed shape of its variable."""
        return self.shapes.layout == "numerator" and node.style != "∇"

    def variable(self, node: syntax.Node, scope: Scope, at: Expr | None) -> Expr:
        """The entry of a vector, or of its transpose, by which is differentiated."""
        down = self.shapes.of(node).rows is not None
        return self.term(node, replace(scope, row=at if down else None, column=None if down else at))


def _delta(scope: Scope) -> Expr:
    """An entry of the identity."""
    return sympy.Integer(1) if scope.row is None or scope.column is None else sympy.KroneckerDelta(scope.row, scope.column)


def _square(value: Expr) -> Expr:
    return value**2


def _bare(scope: Scope) -> Scope:
    return replace(scope, row=None, column=None)
