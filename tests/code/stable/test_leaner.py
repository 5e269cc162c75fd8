"""Sums for which less is made; the proposals are judged, so a wrong one changes nothing."""

import pytest
from sympy import Add, KroneckerDelta, Sum

from derive.code.stable.leaner import leaner, with_common_factors
from derive.code.stable.paths import best_pair, spliced
from derive.code.stable.stabiliser import Stabiliser
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms import terms
from derive.terms.context import Claim, Context

n = terms.size("n")
i, k = terms.index("i"), terms.index("k")
x, w, a, b = (terms.family(name) for name in "xwab")
m = terms.bound("m")


def summed(body):
    return Sum(body.xreplace({k: m}), (m, 1, n))


SUMS = {
    "common factor": summed(a[k] * x[k, i] - b[k] * x[k, i]),
    "sum of sums": summed(w[k] * (a[k] - b[k] * a[i])),
    "sifting": summed(w[k] * (KroneckerDelta(i, k) - a[k])),
}


@pytest.mark.parametrize("law", SUMS)
def test_each_proposal_is_true(law) -> None:
    found = dict((name, other) for other, name in leaner(SUMS[law]))
    assert law in found
    assert decide(Claim(SUMS[law], "=", found[law]), Context()).kind is Kind.PROVED
    assert decide(Claim(SUMS[law], "=", 2 * found[law]), Context()).kind is not Kind.PROVED


def test_a_proposal_that_is_not_proved_is_not_used() -> None:
    refusing = Stabiliser(Context(), judge=lambda claim, context: decide(Claim(claim.left, "=", claim.right + 1), context))
    assert refusing(SUMS["common factor"]) == SUMS["common factor"]
    assert Stabiliser(Context())(SUMS["common factor"]) != SUMS["common factor"]


def test_a_difference_of_given_arrays_is_not_taken_apart() -> None:
    assert not list(leaner(summed((x[k, i] - a[k]) * (x[k, i] - b[i]))))
    assert not list(leaner(summed(a[k] * x[k, i])))


def test_a_vector_is_multiplied_first() -> None:
    inner = terms.bound("l")
    product = Sum(x[m, inner] * w[inner, i], (inner, 1, n))
    factors, over = spliced([a[m], product], [m])
    assert len(factors) == 3 and over == [m, inner]
    assert spliced([x[k, m], product], [m]) == ([x[k, m], product], [m])
    assert best_pair([frozenset("k"), frozenset("km"), frozenset("mi")], "km") == (0, 1, frozenset("k"))
    assert best_pair([frozenset("k"), frozenset("km")], "km") is None


def test_what_is_proposed_has_the_terms_of_what_it_stands_for() -> None:
    assert isinstance(dict((name, other) for other, name in leaner(SUMS["sum of sums"]))["sum of sums"], Add)


def test_a_common_factor_is_taken_out_of_a_difference_in_a_product():
    """x_j - h_i² x_j has two indices in its bracket, 1 - h_i² one."""
    j, h, v = terms.index("j"), terms.family("h"), terms.family("v")
    product = (x[j] - h[i] ** 2 * x[j]) * v[i]
    assert with_common_factors(product) == x[j] * (1 - h[i] ** 2) * v[i]
    assert with_common_factors((x[j] - h[i] ** 2 * x[k]) * v[i]) is None
    assert with_common_factors((x[i] - h[i] * x[i]) * v[i]) is None
