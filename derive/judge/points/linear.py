"""Affine equations over the values of primitives, solved exactly.

An :class:`Affine` number ``c + Σ c_k x_k`` takes the place of a ball when a term is evaluated, so that a
hypothesis such as ``Σ_k y_k = 1`` turns into an equation for the members of y; whatever is not affine in
them raises :class:`Unsupported`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from flint import fmpq

from derive.balls.duals import Unsupported
from derive.balls.frames import Positions

Primitive: TypeAlias = tuple[str, Positions]
"""A scalar (no positions) or a member of a family."""


class Inconsistent(Exception):
    """The equations or the bounds certainly have no common solution."""


class Affine:
    """``constant + Σ coefficient · primitive``, with at least one coefficient that is not 0."""

    __slots__ = ("coefficients", "constant")

    def __init__(self, constant: fmpq, coefficients: dict[Primitive, fmpq]) -> None:
        self.constant = constant
        self.coefficients = coefficients

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Affine):
            merged = dict(self.coefficients)
            for key, coefficient in other.coefficients.items():
                merged[key] = merged.get(key, fmpq(0)) + coefficient
            return affine(self.constant + other.constant, merged)
        if isinstance(other, (int, fmpq)):
            return Affine(self.constant + other, self.coefficients)
        return self._refuse(other)

    __radd__ = __add__

    def __neg__(self) -> Affine:
        return Affine(-self.constant, {key: -coefficient for key, coefficient in self.coefficients.items()})

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return (-self) + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (int, fmpq)):
            return affine(self.constant * other, {key: value * other for key, value in self.coefficients.items()})
        return self._refuse(other)

    __rmul__ = __mul__

    @staticmethod
    def _refuse(other: Any) -> Any:
        if type(other).__name__ == "Dual":
            return NotImplemented
        raise Unsupported("a term that is not affine in the primitives")


def affine(constant: fmpq, coefficients: Mapping[Primitive, fmpq]) -> Any:
    """An affine number, or a plain rational if no coefficient is left."""
    kept = {key: coefficient for key, coefficient in coefficients.items() if coefficient != 0}
    return Affine(constant, kept) if kept else constant


def unknown(key: Primitive) -> Affine:
    """The primitive itself as an affine number."""
    return Affine(fmpq(0), {key: fmpq(1)})


def reduced(equations: Iterable[Any], bounded: Callable[[Primitive], bool]) -> dict[Primitive, Any]:
    """Each pivot of the system ``equation = 0`` as an affine number in the other primitives (Gauss-Jordan).

    A primitive that is not `bounded` is preferred as pivot, then the last by name. Raises :class:`Inconsistent`.
    """
    pivots: dict[Primitive, Any] = {}
    for equation in equations:
        rest = substituted(equation, pivots)
        if not isinstance(rest, Affine):
            if rest != 0:
                raise Inconsistent("the equations have no common solution")
            continue
        pivot = max(rest.coefficients, key=lambda key: (not bounded(key), key))
        solution = solved(rest, pivot)
        pivots = {key: substituted(value, {pivot: solution}) for key, value in pivots.items()}
        pivots[pivot] = solution
    return pivots


def solved(equation: Affine, key: Primitive) -> Any:
    """``equation = 0`` solved for `key`."""
    scale = -1 / equation.coefficients[key]
    rest = {other: coefficient for other, coefficient in equation.coefficients.items() if other != key}
    return affine(equation.constant * scale, {other: coefficient * scale for other, coefficient in rest.items()})


def substituted(value: Any, known: Mapping[Primitive, Any]) -> Any:
    """`value` with the primitives in `known` replaced."""
    if not isinstance(value, Affine) or not any(key in known for key in value.coefficients):
        return value
    result: Any = value.constant
    for key, coefficient in value.coefficients.items():
        result = result + known.get(key, unknown(key)) * coefficient
    return result


def fraction(number: fmpq) -> Fraction:
    return Fraction(int(number.p), int(number.q))


def rational(number: Fraction) -> fmpq:
    return fmpq(number.numerator, number.denominator)
