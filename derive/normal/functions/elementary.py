"""The laws of the elementary functions, by the key of their row in :mod:`derive.terms.elementary`: derivative, normal form.

A function without a slope has a kink; one without a form is no part of the fragment that is normalised. Forms hold wherever
both sides have a value: ``tan u`` is ``sin u / cos u``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import sympy
from flint import fmpq
from sympy import Expr
from sympy.core.function import Function

from derive.normal.algebra.polynomial import UNIT, Poly
from derive.normal.algebra.ring import Ring
from derive.normal.functions.angles import cosine, sine
from derive.normal.functions.factorials import factorial
from derive.terms.elementary import row_of

KINKED = ("Max", "Min", "floor", "ceiling", "Heaviside")
"""Other heads of SymPy's that are not differentiable everywhere."""

Slope = Callable[[Expr], Expr]
Form = Callable[[Ring, Poly], Poly]


class NotDifferentiable(ValueError):
    """No rule gives the derivative of this term."""


@dataclass(frozen=True)
class Laws:
    """The derivative f'(u) as a term in u, and the normal form of f(u) from that of u.

    `beside` is the derivative of a function with a kink, as a term that has no value there.
    """

    slope: Slope | None = None
    form: Form | None = None
    beside: Slope | None = None


def slope(term: Function, position: int) -> Expr:
    """The derivative of a function's value with respect to one of its arguments, from 1.

    >>> slope(sympy.tanh(sympy.Symbol("x")), 1)
    1 - tanh(x)**2

    Raises:
        NotDifferentiable: for a function that has a kink, unless the term that is its derivative elsewhere says so.
    """
    row = row_of(term)
    if row is None and type(term).__name__ not in KINKED:
        return term.fdiff(position)
    law = None if row is None else LAWS[row.key].slope or LAWS[row.key].beside
    if law is None:
        raise NotDifferentiable(f"{type(term).__name__} has a kink")
    if len(term.args) != 1:
        raise NotDifferentiable(f"{type(term).__name__} of several arguments")
    return law(term.args[0])


def is_smooth(term: Expr) -> bool:
    """Whether the function has a derivative everywhere."""
    row = row_of(term)
    return type(term).__name__ not in KINKED if row is None else LAWS[row.key].slope is not None


def _atom(ring: Ring, u: Poly, name: str) -> Poly:
    """An atom of its argument."""
    return ring.of(ring.intern.atom("function", name, (), (u,)))


def _odd(ring: Ring, u: Poly, name: str) -> Poly:
    """An atom of u or of -u, for a function with f(-u) = -f(u)."""
    if u and u.ordered[-1][1] < 0:
        return -_atom(ring, -u, name)
    return _atom(ring, u, name)


def _ratio(ring: Ring, u: Poly, above: Form | None, below: Form) -> Poly:
    """tan, cot, sec and csc by sine and cosine."""
    return ring.product(above(ring, u) if above else UNIT, ring.inverse(below(ring, u)))


def _hyperbolic(ring: Ring, u: Poly, above: int, below: int) -> Poly:
    """sinh, cosh, tanh and coth by exponentials: (e^u ± e^{-u}) / …"""
    up, down = ring.exp(u), ring.exp(-u)
    top = up + down.scaled(fmpq(above))
    if not below:
        return top.scaled(fmpq(1, 2))
    return ring.product(top, ring.inverse(up + down.scaled(fmpq(below))))


def _arccosine(ring: Ring, u: Poly) -> Poly:
    """arccos u = π/2 − arcsin u."""
    return ring.of(ring.intern.atom("pi")).scaled(fmpq(1, 2)) - _atom(ring, u, "asin")


def _negative(law: Slope) -> Slope:
    return lambda u: -law(u)


def _of_arcsine(u: Expr) -> Expr:
    """1/√(1 − u²)."""
    return 1 / sympy.sqrt(1 - u**2)


def _of_arctangent(u: Expr) -> Expr:
    """1/(1 + u²)."""
    return 1 / (u**2 + 1)


def _of_error(u: Expr) -> Expr:
    """2/√π e^{-u²}."""
    return 2 * sympy.exp(-(u**2)) / sympy.sqrt(sympy.pi)


def _of_arcsecant(u: Expr) -> Expr:
    """1/(u² √(1 − 1/u²)), which is 1/(|u| √(u² − 1))."""
    return 1 / (u**2 * sympy.sqrt(1 - u**-2))


LAWS: dict[str, Laws] = {
    "exp": Laws(sympy.exp, Ring.exp),
    "log": Laws(lambda u: 1 / u, Ring.log),
    "abs": Laws(None, Ring.absolute, beside=lambda u: u / sympy.Abs(u)),
    "sign": Laws(None, partial(_atom, name="sign")),
    "factorial": Laws(None, factorial),
    "sin": Laws(sympy.cos, sine),
    "cos": Laws(_negative(sympy.sin), cosine),
    "tan": Laws(lambda u: sympy.tan(u) ** 2 + 1, partial(_ratio, above=sine, below=cosine)),
    "cot": Laws(lambda u: -(sympy.cot(u) ** 2) - 1, partial(_ratio, above=cosine, below=sine)),
    "sec": Laws(lambda u: sympy.tan(u) * sympy.sec(u), partial(_ratio, above=None, below=cosine)),
    "csc": Laws(lambda u: -sympy.cot(u) * sympy.csc(u), partial(_ratio, above=None, below=sine)),
    "asin": Laws(_of_arcsine, partial(_atom, name="asin")),
    "acos": Laws(_negative(_of_arcsine), _arccosine),
    "atan": Laws(_of_arctangent, partial(_atom, name="atan")),
    "acot": Laws(_negative(_of_arctangent)),
    "asec": Laws(_of_arcsecant),
    "acsc": Laws(_negative(_of_arcsecant)),
    "sinh": Laws(sympy.cosh, partial(_hyperbolic, above=-1, below=0)),
    "cosh": Laws(sympy.sinh, partial(_hyperbolic, above=1, below=0)),
    "tanh": Laws(lambda u: 1 - sympy.tanh(u) ** 2, partial(_hyperbolic, above=-1, below=1)),
    "coth": Laws(lambda u: -1 / sympy.sinh(u) ** 2, partial(_hyperbolic, above=1, below=-1)),
    "sech": Laws(lambda u: -sympy.tanh(u) * sympy.sech(u)),
    "csch": Laws(lambda u: -sympy.coth(u) * sympy.csch(u)),
    "erf": Laws(_of_error, partial(_odd, name="erf")),
    "asinh": Laws(lambda u: 1 / sympy.sqrt(u**2 + 1)),
    "acosh": Laws(lambda u: 1 / (sympy.sqrt(u - 1) * sympy.sqrt(u + 1))),
    "atanh": Laws(lambda u: 1 / (1 - u**2)),
}
ROUNDED: dict[str, Form] = {"floor": partial(_atom, name="floor"), "ceiling": partial(_atom, name="ceiling")}
"""The forms of what is no elementary function, by the name of its class in SymPy."""
