r"""Decimals that are rounded themselves: what is computed from them is right to fewer digits than it is written with.

``\frac{0.697 - 0.574}{0.129} \approx 0.957`` may have been computed before its numbers were rounded to three decimals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sympy import Expr, Integer, Rational

from derive.judge.rounded import near
from derive.judge.verdict import Cause, Doubt
from derive.latex.tokens.lexer import Token
from derive.terms.context import Claim
from derive.terms.reasons import Why

_FEWEST = 2


def rounded_inputs(claims: Collection[Claim], tokens: Iterable[Token]) -> tuple[Doubt, ...]:
    """The doubt about approximate equations of numbers that are as near to each other as the decimals that go in are known.

    Args:
        tokens: those of the equation; a decimal is known to half of its last digit.
    """
    decimals = [token.text for token in tokens if token.kind == "number" and len(token.text.partition(".")[2]) >= _FEWEST]
    shares = [_share(text) for text in decimals if Rational(text) != 0]
    rough = len(shares) > 1 and any(near(each, sum(shares, Integer(0))) for each in claims if each.rounding is not None)
    return (Doubt(Cause.CHOICE, "the last digit", taken=Why.TAKEN_ROUNDED),) if rough else ()


def _share(decimal: str) -> Expr:
    """Half of the last digit of a decimal, as a share of it."""
    return Rational(1, 2 * 10 ** len(decimal.partition(".")[2])) / Rational(decimal)
