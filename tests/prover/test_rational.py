"""Normal forms as cancelled, factored fractions."""

import pytest
from sympy import Expr, exp, sqrt

from derive.normal.algebra.polynomial import Poly, TooLarge
from derive.normal.normaliser import Normaliser
from derive.normal.reify import Reifier
from derive.prover import rational
from derive.terms.context import Context
from derive.terms.terms import family, index, scalar, size, summation
from derive.writing.writer import text

i, k, n = index("i"), index("k"), size("n")
a, y, z = (family(name) for name in "ayz")
t, b, tau = scalar("t"), scalar("b"), scalar("\\tau")
S = summation(exp(z[k]), k, 1, n)

FACTORED: list[tuple[Expr, str]] = [
    (a[i] - a[i] ** 2, "a_i (1 - a_i)"),
    (a[i] ** 2 - a[i], "a_i (a_i - 1)"),
    (t**2 - 1, "(t + 1) (t - 1)"),
    ((a[i] - y[i]) / tau, "(a_i - y_i)/tau"),
    (2 * (a[i] - y[i]), "2 (a_i - y_i)"),
    ((1 - y[i]) / (1 - b) - y[i] / b, "(b - y_i)/(b (1 - b))"),
    (b * (1 - b) * ((1 - y[i]) / (1 - b) - y[i] / b), "b - y_i"),
    (exp(z[i]) / S - exp(2 * z[i]) / S**2, "exp(z_i) (sum_k exp(z_k) - exp(z_i))/(sum_k exp(z_k))^2"),
    ((t**2 - 1) / (t - 1) ** 3, "(t + 1)/(t - 1)^2"),
    (1 / (t - 1), "1/(t - 1)"),
    (1 / (1 / (1 + t) + 1), "(t + 1)/(t + 2)"),
    (sqrt(t) - 1 / sqrt(t), "(sqrt(t) + 1) (sqrt(t) - 1)/sqrt(t)"),
]


def fraction(term: Expr) -> tuple[rational.Ratio, Poly, Normaliser]:
    normaliser = Normaliser(Context())
    poly = normaliser(term)
    reifier = Reifier(Context(), {})
    return rational.ratio(poly, lambda atom, e: reifier.power(atom, e, frozenset("i"), {})), poly, normaliser


@pytest.mark.parametrize(("term", "expected"), FACTORED)
def test_factored(term: Expr, expected: str) -> None:
    found, poly, normaliser = fraction(term)
    assert text(found.factored()) == expected
    assert normaliser.is_zero(normaliser(found.factored()) - poly)


@pytest.mark.parametrize(("term", "expected"), FACTORED)
def test_multiplied_out_is_equal_and_another_value_is_not(term: Expr, expected: str) -> None:
    found, poly, normaliser = fraction(term)
    assert normaliser.is_zero(normaliser(found.expanded()) - poly)
    assert not normaliser.is_zero(normaliser(found.expanded() + 1) - poly)


def test_too_many_generators() -> None:
    with pytest.raises(TooLarge):
        fraction(sum(scalar(f"x{number}") for number in range(rational.GENERATORS + 1)))
