"""SymPy's matrix expressions as entries: what a :class:`~sympy.MatrixSymbol` stands for, at index symbols.

A column or a row is a family with one place, a matrix one with two, and a matrix of one entry a number. SymPy counts the
entries ``A[i, j]`` from 0, our families count from 1: an index that stands in such a place is shifted in all of a statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import (
    Derivative,
    Determinant,
    Dummy,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    IndexedBase,
    Integer,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.matrixbase import MatrixBase

Shape = tuple[Expr, Expr]
ONE: Shape = (Integer(1), Integer(1))
ASKED, KEPT = "ijkl", ("\\iota", "\\kappa")
"""Letters for places in a claim, and for those in what is defined or assumed, which go on in later statements."""
MOST_FACTORS = 8
"""The highest power of a matrix that is written as a product."""


def shape_of(term: sympy.Basic) -> Shape | None:
    """The rows and columns of a matrix expression, of literal entries, or of a derivative by a matrix; None for a number.

    >>> n = Symbol("n")
    >>> shape_of(MatrixSymbol("A", n, 2) + MatrixSymbol("B", n, 2)), shape_of(n)
    ((n, 2), None)
    """
    if isinstance(term, (MatrixExpr, MatrixBase)):
        rows, columns = (length if isinstance(length, Expr) else Integer(length) for length in term.shape)
        return rows, columns
    if isinstance(term, Derivative) and isinstance(term.variables[0], MatrixSymbol):
        return shape_of(term.variables[0])
    return None


def spaces(term: sympy.Basic) -> Mapping[str, Shape]:
    """The matrices by name that stand in a term, with their shapes."""
    return {each.name: each.shape for each in term.atoms(MatrixSymbol)}


def counted_from_0(term: sympy.Basic) -> frozenset[str]:
    """The names of the free indices that stand in places of matrices."""
    bound = {limit[0] for each in term.atoms(Sum) for limit in each.limits}
    return frozenset(s.name for s in _places(term) - bound if not isinstance(s, Dummy))


def _places(term: sympy.Basic) -> set[Symbol]:
    """The symbols in places of matrices; a derivative's own free symbols leave out those of what it is taken by."""
    return {s for each in term.atoms(MatrixElement) for place in each.indices for s in place.atoms(Symbol)}


def number(term: Expr) -> Expr:
    """A number as an expression in members of families.

    Raises:
        TypeError: for what is not taken, with its name.
    """
    shape = shape_of(term)
    if shape is not None:
        if shape != ONE:
            raise TypeError(f"expected a number, found a matrix {shape[0]} × {shape[1]}: {term}")
        return entry(term, Integer(1), Integer(1))
    if isinstance(term, MatrixElement):
        return entry(term.parent, term.i + 1, term.j + 1)
    if isinstance(term, Trace):
        k = Dummy("k")
        return Sum(entry(term.arg, k, k), (k, 1, term.arg.shape[0]))
    if isinstance(term, Sum):
        return _sum(term)
    if isinstance(term, Derivative):
        return Derivative(number(term.expr), *(sympy.Tuple(number(by), count) for by, count in term.variable_count))
    if isinstance(term, Determinant) or any(shape_of(part) is not None for part in term.args):
        raise TypeError(f"{type(term).__name__} of a matrix is not taken: {term}")
    parts = [number(part) if isinstance(part, Expr) else part for part in term.args]
    return term.func(*parts) if parts else term


def _sum(term: Sum) -> Expr:
    """A sum; a variable that stands in places of matrices counts from 1 in it."""
    body, places = number(term.function), _places(term)
    fresh = {limit[0]: Dummy(limit[0].name) for limit in term.limits}
    for variable, low, high in term.limits:
        shift = Integer(1) if variable in places else Integer(0)
        body = body.xreplace({variable: fresh[variable] - shift})
        body = Sum(body, (fresh[variable], number(low) + shift, number(high) + shift))
    return body


def entry(term: sympy.Basic, i: Expr, j: Expr) -> Expr:
    """The entry of a matrix expression at row i and column j, counted from 1.

    Raises:
        TypeError: for an operation that is not taken, with its name.
    """
    match term:
        case MatrixSymbol():
            places = [place for place, length in zip((i, j), term.shape, strict=True) if length != 1]
            return IndexedBase(term.name)[tuple(places)] if places else Symbol(term.name)
        case MatrixBase():
            if not (i.is_Integer and j.is_Integer):
                raise TypeError(f"literal entries are taken at numbers only, found the place {i}, {j}")
            return number(term[int(i) - 1, int(j) - 1])
        case MatAdd():
            return sympy.Add(*(entry(part, i, j) for part in term.args))
        case MatMul():
            coefficient, factors = term.as_coeff_matrices()
            return Mul(number(coefficient), _chain(list(factors), i, j))
        case Transpose():
            return entry(term.arg, j, i)
        case HadamardProduct():
            return Mul(*(entry(part, i, j) for part in term.args))
        case HadamardPower():
            return entry(term.base, i, j) ** number(term.exp)
        case ElementwiseApplyFunction():
            return number(term.function(entry(term.expr, i, j)))
        case Identity():
            return KroneckerDelta(i, j)
        case ZeroMatrix():
            return Integer(0)
        case OneMatrix():
            return Integer(1)
        case DiagMatrix():
            _, columns = shape_of(term.args[0]) or ONE
            return KroneckerDelta(i, j) * entry(term.args[0], *((i, Integer(1)) if columns == 1 else (Integer(1), i)))
        case Inverse():
            pass
        case MatPow() if term.exp.is_Integer and 0 < term.exp <= MOST_FACTORS:
            return _chain([term.base] * int(term.exp), i, j)
        case Derivative() if len(term.variables) == 1:
            return Derivative(number(term.expr), entry(term.variables[0], i, j))
    raise TypeError(f"{type(term).__name__} is not taken: {term}")


def _chain(factors: list[sympy.Basic], i: Expr, j: Expr) -> Expr:
    """The entry of a product: a sum over the axis between each two factors."""
    first, *rest = factors
    if not rest:
        return entry(first, i, j)
    length = (shape_of(first) or ONE)[1]
    if length == 1:
        return Mul(entry(first, i, Integer(1)), _chain(rest, Integer(1), j))
    k = Dummy("k")
    return Sum(Mul(entry(first, i, k), _chain(rest, k, j)), (k, 1, length))


def letters(alphabet: Sequence[str], taken: frozenset[str]) -> Iterator[Symbol]:
    """Letters for the rows and columns of a statement, none of those that are taken."""
    count = 0
    while True:
        for letter in alphabet:
            name = f"{letter}_{count}" if count else letter
            if name not in taken:
                yield Symbol(name)
        count += 1
