"""The orders in which the bound indices of a long sum are tried: independent of names, one for a chain."""

from itertools import permutations

import pytest
from sympy import Integer

from derive.judge.kernel import Proof, prove
from derive.normal.normaliser import Normaliser
from derive.normal.series.arrangement import MOST, arrangements
from derive.terms import terms
from derive.terms.context import Claim, Context, Fact

n = terms.size("n")
A, B, x = (terms.family(name) for name in "ABx")
i, j = terms.index("i"), terms.index("j")
LETTERS = [terms.index(name) for name in "klmpqr"]


def factors(pairs, family=A):
    """The members of a product as a monomial, with the binders of the letters that are summed."""
    term = 1
    for pair in pairs:
        term = term * family[pair]
    normaliser = Normaliser(Context(size=n))
    ((body, _),) = normaliser(term)
    return body, tuple((letter, Integer(1), n) for letter in LETTERS)


def test_a_chain_has_one_order():
    chain = [i, *LETTERS, j]
    body, binders = factors(list(zip(chain, chain[1:], strict=False)))
    found = list(arrangements(body, binders, {}))
    assert len(found) == 1
    names = [symbol for symbol, _, _ in found[0]]
    assert set(names) == set(LETTERS)


def test_a_cycle_has_one_order_for_each_of_its_letters():
    body, binders = factors(list(zip(LETTERS, [*LETTERS[1:], LETTERS[0]], strict=True)))
    assert len(list(arrangements(body, binders, {}))) == len(LETTERS)


def test_letters_that_are_alike_are_all_tried_up_to_a_bound():
    body, binders = factors([(letter,) for letter in LETTERS], x)
    assert len(list(arrangements(body, binders, {}))) == MOST


@pytest.mark.parametrize("order", list(permutations(range(5)))[::17])
def test_long_chains_in_any_order_are_equal_where_there_are_rules(order):
    a, b = terms.bound("i"), terms.bound("j")
    known = Context(size=n).assume(Fact(B[a, b], "=", B[b, a], (a, b)))
    known = known.assume(Fact(over(A[LETTERS[5], a] * A[LETTERS[5], b], LETTERS[5]), "=", B[a, b], (a, b)))
    chain = [i, *LETTERS[:5], j]
    body = 1
    for pair in zip(chain, chain[1:], strict=False):
        body = body * A[pair]
    left, right = over(body, *LETTERS[:5]), over(body, *(LETTERS[at] for at in order))
    assert isinstance(prove(Claim(left, "=", right), known), Proof)
    swapped = over(body.xreplace({i: j, j: i}), *LETTERS[:5])
    assert not isinstance(prove(Claim(left, "=", swapped), known), Proof)


def over(body, *indices):
    for index in indices:
        body = terms.summation(body, index, Integer(1), n)
    return body
