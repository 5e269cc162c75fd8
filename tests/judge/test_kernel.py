"""Which coincidences of indices matter, and denominators in sums that may have no terms."""

from __future__ import annotations

import pytest
from sympy import Abs, Integer, KroneckerDelta, Max, exp, log, sin

from derive.judge import kernel as module
from derive.judge.kernel import Open, Proof, prove
from derive.normal.normaliser import Normaliser
from derive.normal.series.sums import complement
from derive.terms.context import Claim, Context, Fact, Obligation
from derive.terms.terms import Call, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
x, u = scalar("x"), scalar("u")
z, y = family("z"), family("y")
ONE, TWO, ZERO = Integer(1), Integer(2), Integer(0)
BARE = Context()


def total(body, low=1, high=n, variable=k):
    return summation(body, variable, Integer(low) if isinstance(low, int) else low, high)


def delta(a, b=ONE):
    return KroneckerDelta(a, b)


# -- the pairs of indices to split ------------------------------------------------------------------------------------


def found(term):
    normal = Normaliser(BARE)
    return {frozenset(atom.data) for atom in module._deltas(normal(term))}


@pytest.mark.parametrize(
    ("term", "pairs"),
    [
        (delta(i) * x + delta(j) * u, [(i, ONE), (j, ONE)]),
        (exp(x * delta(i)), [(i, ONE)]),
        (total(delta(k, TWO) * z[k] * delta(i)), [(i, ONE)]),
        (log(2 + delta(i) * x**2) + log(2 + delta(j) * x**2), [(i, ONE), (j, ONE)]),
        (Abs(u + delta(i) * x) + Abs(u + delta(j) * x), [(i, ONE), (j, ONE)]),
        (1 / (2 + delta(i) * x**2) + 1 / (2 + delta(j) * x**2), [(i, ONE), (j, ONE)]),
        (Call("f", [delta(i), delta(j)]), [(i, ONE), (j, ONE)]),
        (sin(delta(i)) + sin(delta(j)) * exp(delta(l)), [(i, ONE), (j, ONE), (l, ONE)]),
        (x**2 + z[i], []),
    ],
)
def test_every_place_is_searched_for_a_delta(term, pairs):
    assert found(term) == {frozenset(pair) for pair in pairs}


def test_a_factor_that_could_not_be_taken_apart_is_split_too():
    normal = Normaliser(BARE)
    apart = complement(normal.ring, i, j)
    assert {frozenset(atom.data) for atom in module._deltas(apart)} == {frozenset((i, j))}


def test_only_free_indices_are_split():
    normal = Normaliser(BARE)
    assert set(module._undecided_pair(normal(delta(i, j) * x))) == {i, j}
    assert module._undecided_pair(normal(total(delta(k, TWO) * z[k]))) is None
    assert set(module._undecided_pair(normal(total(delta(k, TWO) * z[k]) + delta(l, j)))) == {l, j}
    from sympy import Dummy

    own = Dummy("k", integer=True)
    assert module._undecided_pair(normal(delta(own, TWO))) is None
    assert module._undecided_pair(normal(x)) is None
    assert set(module._undecided_pair(normal(delta(i, m) + delta(i, j)))) == {i, j}


def test_a_case_split_within_sums_that_are_written_out():
    claim = Claim(
        exp(x * delta(i, j)) * total(z[k], 1, Integer(3)), "=", (1 + delta(i, j) * (exp(x) - 1)) * (z[1] + z[2] + z[3])
    )
    assert isinstance(prove(claim, BARE), Proof)
    assert isinstance(prove(Claim(claim.left, "=", claim.right + z[3]), BARE), Open)
    assert isinstance(prove(claim, BARE, 0), Open)
    long = exp(x * delta(i, j)) * total(z[k], 1, Integer(30))
    assert isinstance(prove(Claim(long, "=", u), BARE), Open)
    assert isinstance(prove(Claim(long, "=", (1 + delta(i, j) * (exp(x) - 1)) * total(z[k], 1, Integer(30))), BARE), Proof)


# -- sums that may have no terms ---------------------------------------------------------------------------------------

PART = total(exp(z[k]), 2, d)
SHARE = total(exp(z[k]) / PART, 2, d)
REASON = "a denominator may be 0 where the sum that it stands in has no terms"


def proved(left, right, context=BARE, *obligations):
    return isinstance(prove(Claim(left, "=", right, obligations), context), Proof)


def test_what_cancels_in_an_empty_sum_is_not_cancelled():
    """Σ_{k=2}^{d} e^{z_k} / Σ_{k=2}^{d} e^{z_k} is 0 where d = 1, and no denominator is met there."""
    attempt = prove(Claim(SHARE, "=", ONE), BARE)
    assert isinstance(attempt, Open)
    assert (attempt.residue, rendered(attempt.reason)) == (None, REASON)
    assert attempt.normaliser is not None
    for left, right in ((ONE, SHARE), (SHARE * x, x), (SHARE + 1 / x, 1 + 1 / x)):
        assert not proved(left, right)


def test_a_term_is_equal_to_itself_whatever_stands_in_it():
    assert proved(SHARE, SHARE)
    assert not proved(SHARE, SHARE + 1)
    assert not proved(SHARE, ONE)


def test_it_is_cancelled_where_the_sum_has_a_term():
    assert proved(SHARE, ONE, BARE.assume(Fact(d, ">=", TWO)))
    whole = total(exp(z[k]))
    assert proved(total(exp(z[k]) / whole), ONE)
    assert proved(total(exp(z[k]) / (1 + exp(x)), 2, d), PART / (1 + exp(x)))


def test_it_is_cancelled_where_the_denominator_is_met_elsewhere():
    assert proved(SHARE + 1 / PART, 1 + 1 / PART)
    assert not proved(SHARE + 1 / PART**2 * 0, ONE)
    for relation, met in (("!=", True), (">", True), (">=", False)):
        assert proved(SHARE, ONE, BARE, Obligation(PART, relation)) is met
    assert proved(SHARE, ONE, BARE, Obligation(-PART, "!="))
    assert proved(SHARE, ONE, BARE, Obligation(Max(x, 1), "!="), Obligation(PART, "!="))
    assert not proved(SHARE, ONE, BARE, Obligation(Max(x, 1), "!="), Obligation(x, "!="))
    assert not proved(SHARE, Integer(2), BARE, Obligation(PART, "!="))


def test_each_denominator_must_be_met():
    other = total(exp(y[k]), 2, d)
    both = total(exp(z[k]) / PART, 2, d) + total(exp(y[k]) / other, 2, d)
    assert proved(both, TWO, BARE, Obligation(PART, "!="), Obligation(other, "!="))
    assert not proved(both, TWO, BARE, Obligation(PART, "!="))
    assert not proved(both, TWO, BARE, Obligation(other, "!="))
    assert ZERO == 0
