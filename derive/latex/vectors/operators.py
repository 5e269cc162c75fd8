r"""Operators by name: ``\operatorname{tr}(A)``, ``\operatorname{diag}(v)``, ``\operatorname{softmax}(z)``.

A row says which shape the operator makes of its argument's (None where it takes none such) and what its entries are in the
entries of the argument. Nothing else knows of an operator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from sympy import Abs, Expr, KroneckerDelta, erf, exp, log, sqrt

from derive.latex.vectors.shape import SCALAR, Lengths, Shape
from derive.terms import arrays
from derive.terms.context import Range

Place = tuple[Any, Any]
"""The row and the column of an entry, terms; None in a direction that the shape does not have."""
Entries = Callable[[Expr | None, Expr | None], Expr]
"""The argument's entry at a place."""
Sums = Callable[[Callable[[Expr], Expr]], Expr]
"""The sum over the argument's last axis of what is made of an index."""


@dataclass(frozen=True)
class Operator:
    """What the operator `takes`, for people; the shape that it makes, None of what it does not take; and its entries."""

    takes: str
    shape: Callable[[Shape, Lengths], Shape | None]
    entry: Callable[[Entries, Sums, Place, Shape], Expr]

    @property
    def is_pointwise(self) -> bool:
        """Whether it takes numbers as well, and is taken of each entry of a vector."""
        return self.shape is _any


def _square(shape: Shape, lengths: Lengths) -> Shape | None:
    return SCALAR if shape.is_matrix and lengths.unified(shape, shape.transposed) is not None else None


def _sized(shape: Shape, lengths: Lengths) -> Shape | None:
    return _square(shape, lengths) if isinstance(lengths.of(shape.rows), Range) else None


def _trace(entries: Entries, sums: Sums, _: Place, __: Shape) -> Expr:
    return sums(lambda k: entries(k, k))


def _determinant(entries: Entries, _: Sums, __: Place, shape: Shape) -> Expr:
    span = shape.rows
    if not isinstance(span, Range):
        raise TypeError(f"a matrix of known size was expected, found {shape}")
    return arrays.determinant(entries, span.low, span.high)


def _diagonal_shape(shape: Shape, lengths: Lengths) -> Shape | None:
    if shape.is_matrix:
        return Shape(shape.rows) if _square(shape, lengths) is not None else None
    along = shape.rows if shape.rows is not None else shape.columns
    return Shape(along, along) if along is not None else None


def _diagonal(entries: Entries, _: Sums, place: Place, shape: Shape) -> Expr:
    down, across = place
    if shape.is_matrix:
        return entries(down, down)
    at = (down, None) if shape.columns is None else (None, down)
    return KroneckerDelta(down, across) * entries(*at)


def _vector(shape: Shape, _: Lengths) -> Shape | None:
    return None if shape.is_scalar or shape.is_matrix else shape


def _rows(shape: Shape, _: Lengths) -> Shape | None:
    return None if shape.is_scalar else shape


def _along(entries: Entries, place: Place, shape: Shape) -> Callable[[Expr | None], Expr]:
    """The entries of a vector, or of the row of a matrix that the place is in."""
    return lambda at: entries(at, None) if shape.columns is None else entries(place[0], at)


def _normalised(entries: Entries, sums: Sums, place: Place, shape: Shape) -> Expr:
    at = _along(entries, place, shape)
    return exp(at(place[0] if shape.columns is None else place[1])) / sums(lambda k: exp(at(k)))


def _logsumexp(entries: Entries, sums: Sums, place: Place, shape: Shape) -> Expr:
    at = _along(entries, place, shape)
    return log(sums(lambda k: exp(at(k))))


def _any(shape: Shape, _: Lengths) -> Shape | None:
    return shape


def _logistic(entries: Entries, _: Sums, place: Place, __: Shape) -> Expr:
    return 1 / (1 + exp(-entries(*place)))


def _relu(entries: Entries, _: Sums, place: Place, __: Shape) -> Expr:
    value = entries(*place)
    return (value + Abs(value)) / 2


def _swish(entries: Entries, _: Sums, place: Place, __: Shape) -> Expr:
    value = entries(*place)
    return value / (1 + exp(-value))


def _gelu(entries: Entries, _: Sums, place: Place, __: Shape) -> Expr:
    value = entries(*place)
    return value * (1 + erf(value / sqrt(2))) / 2


def _softplus(entries: Entries, _: Sums, place: Place, __: Shape) -> Expr:
    return log(1 + exp(entries(*place)))


def _scalar(shape: Shape, lengths: Lengths) -> Shape | None:
    if shape.is_matrix:
        return Shape(shape.rows)
    return SCALAR if _vector(shape, lengths) is not None else None


ROWS = MappingProxyType(
    {
        "trace": Operator("a square matrix", _square, _trace),
        "determinant": Operator("a square matrix of known size", _sized, _determinant),
        "diagonal": Operator("a vector or a square matrix", _diagonal_shape, _diagonal),
        "normalised exponentials": Operator("a vector, or a matrix by its rows", _rows, _normalised),
        "logarithm of the sum of exponentials": Operator("a vector, or a matrix by its rows", _scalar, _logsumexp),
        "logistic function": Operator("a number, a vector or a matrix", _any, _logistic),
        "positive part": Operator("a number, a vector or a matrix", _any, _relu),
        "number times its logistic function": Operator("a number, a vector or a matrix", _any, _swish),
        "number times the normal distribution's share below it": Operator("a number, a vector or a matrix", _any, _gelu),
        "logarithm of one more than the exponential": Operator("a number, a vector or a matrix", _any, _softplus),
    }
)


@cache
def by_word() -> Mapping[str, Operator]:
    """The operators by the words that are written for them."""
    text = resources.files(__package__).joinpath("operators.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return MappingProxyType({word: ROWS[key] for words, key in lines for word in words.split("|")})
