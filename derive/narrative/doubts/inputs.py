r"""Decimals that are rounded themselves: what is computed from them is right to fewer digits than it is written with.

``\frac{0.697 - 0.574}{0.129} \approx 0.957`` may have been computed before its numbers were rounded to three decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from sympy import Expr, Integer, Rational

from derive.judge.rounded import apart_by, near
from derive.judge.verdict import Cause, Doubt
from derive.latex.tokens.lexer import Token
from derive.terms.context import Claim
from derive.terms.reasons import Why

_FEWEST, _MEASURED = 2, 3
"""From how many decimals on a number may be rounded: where the relation says that it is near, and where it says equal."""


def rounded_inputs(
    claims: Collection[Claim], tokens: Iterable[Token], moved: Callable[[Token, str], Sequence[Claim]], nearly: bool
) -> tuple[Doubt, ...]:
    """The doubt about equations of numbers that are as near to each other as the decimals that go in are known.

    Args:
        tokens: those of the equation; a decimal is known to half of its last digit.
        moved: what is claimed with another decimal in the place of one of them.
        nearly: the relation says that its sides are near to each other.
    """
    fewest = _FEWEST if nearly else _MEASURED
    decimals = [token for token in tokens if token.kind == "number" and len(token.text.partition(".")[2]) >= fewest]
    shares = [_share(token.text) for token in decimals if Rational(token.text) != 0]
    meant = [each for each in claims if each.rounding is not None]
    if not meant or len(shares) < 2:
        return ()
    rough = nearly and any(near(each, sum(shares, Integer(0))) for each in meant)
    rough = rough or (len(claims) == 1 and apart_by(meant[0], _carried(meant[0], decimals, moved)))
    return (Doubt(Cause.CHOICE, "the last digit", taken=Why.TAKEN_ROUNDED),) if rough else ()


def _carried(claim: Claim, decimals: Collection[Token], moved: Callable[[Token, str], Sequence[Claim]]) -> Expr:
    """By how much the sides may be apart if each of the decimals is off by half of its last digit."""
    total: Expr = Integer(0)
    for token in decimals:
        found = moved(token, f"{token.text}5")
        if len(found) == 1:
            total += abs((found[0].left - found[0].right) - (claim.left - claim.right))
    return total


def _share(decimal: str) -> Expr:
    """Half of the last digit of a decimal, as a share of it."""
    return Rational(1, 2 * 10 ** len(decimal.partition(".")[2])) / Rational(decimal)
