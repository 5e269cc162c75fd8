"""A witness in print: exact values of what was chosen, and decimals that show how the two sides differ."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx, fmpq

from derive.balls.duals import ball
from derive.balls.evaluation import Number, Point, Reading
from derive.balls.frames import Positions

FEWEST_DIGITS, MOST_DIGITS = 5, 300
PRINTING_PRECISION = 1024


def member_name(name: str, positions: Positions) -> str:
    """A scalar or a member in print.

    >>> member_name("z", (1,)), member_name("w", (1, 2)), member_name("x", ())
    ('z_1', 'w_{1,2}', 'x')
    """
    if not positions:
        return name
    if name.startswith("∂"):
        return f"({name})_{{{','.join(map(str, positions))}}}"
    inner = ",".join(map(str, positions))
    return f"{name}_{inner}" if len(inner) == 1 else f"{name}_{{{inner}}}"


def exact(value: Fraction) -> str:
    """
    >>> exact(Fraction(-1, 2)), exact(Fraction(3))
    ('-1/2', '3')
    """
    return str(value)


def printed_values(point: Point, reading: Reading, main: str) -> list[tuple[str, str | int]]:
    """Indices, the sizes other than the main one that were read, and the primitives that were read, in this order."""
    values: list[tuple[str, str | int]] = [
        (symbol.name, value) for symbol, value in sorted(point.indices.items(), key=lambda pair: pair[0].name)
    ]
    values += [(name, point.sizes[name]) for name in reading.sizes if name != main]
    values += [(member_name(name, positions), exact(value)) for name, positions, value in reading.used]
    values += [(name, formula) for name, formula in reading.functions]
    return values


def decimals(left: Number, right: Number) -> tuple[str, str]:
    """Both numbers as decimals with as few digits (at least 5) as show a difference; equal strings if none does."""
    with ctx.workprec(PRINTING_PRECISION):
        one, other = ball(left), ball(right)
        for digits in range(FEWEST_DIGITS, MOST_DIGITS + 1):
            strings = _decimal(left, one, digits), _decimal(right, other, digits)
            if strings[0] != strings[1]:
                break
    return strings


def decimal(value: Number) -> str:
    """A number with as few digits as are shown of any.

    >>> decimal(fmpq(5, 24))
    '0.20833'
    """
    with ctx.workprec(PRINTING_PRECISION):
        return _decimal(value, ball(value), FEWEST_DIGITS)


def _decimal(value: Number, as_ball: arb, digits: int) -> str:
    """
    >>> _decimal(fmpq(1, 2), arb(0.5), 5)
    '0.5'
    """
    if type(value) is fmpq and value.q == 1 and abs(value) < 10**digits:
        return str(value)
    mantissa, _, exponent = as_ball.str(digits, radius=False).partition("e")
    if not mantissa.strip("-0."):
        return "0"
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{exponent}" if exponent else mantissa
