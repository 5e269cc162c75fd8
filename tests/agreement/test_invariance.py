"""Letters, orders and hash seeds change no verdict; and what is compared is really rewritten."""

from __future__ import annotations

from random import Random

import pytest
from sympy import Sum

from derive.terms.terms import bound, family, free_indices, index, size
from tests.agreement.invariance import changed, report, rewritten

K, I, N = bound("k"), index("i"), size("n")
Z, W = family("z"), family("w")


@pytest.mark.slow
def test_rewritten_claims_keep_their_verdict():
    assert changed(60, 3) == []


@pytest.mark.slow
def test_the_hash_seed_does_not_matter():
    first, second = report(1), report(2)
    assert '"proved"' in first and first == second


def test_a_rewriting_has_other_bound_indices_and_the_same_free_ones():
    term = Sum(W[I, K] * Z[K], (K, 1, N)) + Z[I]
    made = rewritten(term, Random(1))
    assert K not in made.atoms(type(K)) and free_indices(made) == free_indices(term)
    assert made != term and len(made.atoms(Sum)) == 1
