r"""Building powers and exponentials without ever building a huge number.

SymPy carries out ``2**(10**9)`` at once; ``9^{9^{9^9}}`` must be refused before that.
"""

from __future__ import annotations

import sympy
from sympy import Add, Expr, Integer, Mul, Pow, Rational

from derive.balls.evaluation import Point, Undecided, Undefined, Unsupported, evaluate
from derive.terms.context import Context

MAX_EXPONENT = 5_000
MAX_CONSTANT_EXPONENT = 1_000_000
MAX_BITS = 12_000  # Python prints no integer of more than 4300 digits


class TooLarge(Exception):
    """A number that the reader does not build."""


def power(base: Expr, exponent: Expr) -> Expr:
    """``base ** exponent``; raises :class:`TooLarge` where a number in it would be carried out to too many digits.

    >>> power(Integer(2), Integer(10))
    1024
    """
    numbers = [number for number in base.atoms(sympy.Number) if abs(number) != 1 and number != 0]
    if numbers:
        size = max(_bits(number) for number in numbers)
        largest = max((abs(number) for number in exponent.atoms(sympy.Number)), default=Integer(0))
        if largest > MAX_EXPONENT or largest * size > MAX_BITS:
            raise TooLarge
    if base.is_Pow or base.is_Mul or base.is_Integer or base.is_Rational:
        _check_product(base, exponent)
    _check_tower(exponent)
    return sympy.Pow(base, exponent)


def exponential(argument: Expr) -> Expr:
    """``exp(argument)``, which SymPy turns into a power where `argument` holds a logarithm."""
    for logarithm in argument.atoms(sympy.log):
        inside = logarithm.args[0]
        if any(abs(number) > MAX_EXPONENT for number in argument.atoms(sympy.Number)) and inside.atoms(sympy.Number):
            raise TooLarge
    _check_tower(argument)
    return sympy.exp(argument)


def _check_tower(exponent: Expr) -> None:
    """``e^{e^{e^3}}`` is refused: asked for its sign, SymPy would write out as many digits as the exponent says."""
    if exponent.free_symbols or not exponent.has(sympy.exp, sympy.Pow):
        return
    try:
        size = abs(evaluate(exponent, Point(), Context()))
    except Undecided:
        raise TooLarge from None
    except (Undefined, Unsupported):
        return
    if not size < MAX_CONSTANT_EXPONENT:
        raise TooLarge


def _check_product(base: Expr, exponent: Expr) -> None:
    """Exponents multiply: ``(x^{1000})^{1000}`` is refused before they grow."""
    if isinstance(exponent, Rational) and isinstance(base, Pow) and isinstance(base.exp, Rational):
        if _bits(base.exp * exponent) > 64:
            raise TooLarge


def _bits(number: Expr) -> int:
    if isinstance(number, Rational):
        return max(int(number.p).bit_length(), int(number.q).bit_length())
    return 64


def bounded(value: Expr) -> Expr:
    """`value`, if its numeric factor has not grown too large."""
    coefficient = value.args[0] if isinstance(value, Mul | Add) else value
    if isinstance(coefficient, Rational) and _bits(coefficient) > MAX_BITS:
        raise TooLarge
    return value


def number(text: str) -> Rational | None:
    """The exact value of a decimal literal, None if it has too many digits.

    >>> number("0.09")
    9/100
    """
    if len(text) > 400:
        return None
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isdigit():
        return None
    return Rational(int(whole + fraction), 10 ** len(fraction))
