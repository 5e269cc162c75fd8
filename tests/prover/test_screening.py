"""A quick no by numbers: never where there is a combination, and where there is none."""

import pytest
from sympy import Expr, Integer, KroneckerDelta, Sum, exp, sqrt

from derive.normal.normaliser import Normaliser
from derive.prover.screening import support
from derive.terms import terms
from derive.terms.context import Context

x, y = terms.scalar("x"), terms.scalar("y")
n, i, k, m = terms.size("n"), terms.index("i"), terms.index("k"), terms.bound("m")
z = terms.family("z")
TOTAL = Sum(z[m] ** 2, (m, 1, n))
CASES = [
    (x / (x + y), [1 / (x + y), y / (x + y), Integer(1)], True),
    (x / (x + y), [1 / (x + y), Integer(1)], False),
    (sqrt(TOTAL + 1) ** 3, [sqrt(TOTAL + 1), TOTAL * sqrt(TOTAL + 1)], True),
    (sqrt(TOTAL + 1), [TOTAL + 1, TOTAL**2], False),
    (z[i] * TOTAL / n, [TOTAL * z[i] * n, z[i] * TOTAL / n + z[i], z[i]], True),
    (z[i] * TOTAL / n, [TOTAL * z[i] * n, z[i]], False),
    (KroneckerDelta(i, k) * z[i] - z[k], [KroneckerDelta(i, k) * z[k], z[k]], True),
    (KroneckerDelta(i, k) - z[k], [KroneckerDelta(i, k), x], False),
]


@pytest.mark.parametrize(("target", "basis", "is_one"), CASES)
def test_it_says_no_only_where_there_is_none(target: Expr, basis: list[Expr], is_one: bool) -> None:
    normaliser = Normaliser(Context())
    assert (support(normaliser(target), [normaliser(one) for one in basis]) is not None) is is_one


def test_where_there_is_no_number_nothing_is_said() -> None:
    normaliser = Normaliser(Context())
    assert support(normaliser(exp(x)), [normaliser(y)]) == [0]
