"""Polynomials: how many terms one may have, and the names by which they are ordered."""

from __future__ import annotations

import pytest
from flint import fmpq
from sympy import Integer, KroneckerDelta, Symbol, exp, pi, sqrt

from derive.normal.algebra.polynomial import LIMIT, Interner, Poly, TooLarge, index_key, monomial_key, monomial_level
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context
from derive.terms.terms import Call, bound, family, index, scalar, size, summation

X = Interner().atom("scalar", scalar("x"))
i, j, k, l = (index(name) for name in "ijkl")
n, d, z, w, x, u = size("n"), size("d"), family("z"), family("w"), scalar("x"), scalar("u")


def powers(count):
    return {((X, exponent),): fmpq(1) for exponent in range(1, count + 1)}


def test_a_polynomial_has_no_more_terms_than_the_limit():
    assert len(Poly(powers(LIMIT))) == LIMIT
    with pytest.raises(TooLarge, match=f"^an expression with more than {LIMIT} terms$"):
        Poly(powers(LIMIT + 1))


def test_two_bound_indices_of_one_name_have_two_names():
    first, second = bound("k"), bound("k")
    assert index_key(first) != index_key(second)
    assert index_key(first) == index_key(first)
    assert index_key(k) == "k"
    assert index_key(first + 1) != index_key(second + 1)


def test_exponents_are_told_apart_in_the_name():
    normal = Normaliser(Context())
    names = [monomial_key(m) for term in (x, x**2, 1 / x, exp(x), exp(2 * x), exp(x * z[1])) for m, _ in normal(term)]
    assert names == ["*ax", "*ax^2", "*ax^-1", "*ce^(1*ax)", "*ce^(2*ax)", "*ce^(1*ax*bz[1])"]


def test_the_level_is_that_of_the_deepest_bound_index():
    normal = Normaliser(Context())
    one = summation(z[k], k, Integer(1), n)

    def level(term):
        return [monomial_level(m) for m, _ in normal(term)]

    for term, expected in (
        (x, 0),
        (one, 1),
        (one * x, 1),
        (x * one, 1),
        (exp(one), 1),
        (exp(one) * x, 1),
        (one * Call("f", [x]), 1),
        (Call("f", [x]), 0),
        (Call("f", []), 0),
        (Call("f", [one]), 1),
        (Call("f", [one]) * x, 1),
    ):
        assert level(term) == [expected], term
    deep = Poly({next(iter(normal(one).terms)) + ((X, 1),): fmpq(1)})
    assert deep.level == 1
    assert normal(exp(one)).free == {Symbol("n", integer=True, positive=True)}


@pytest.mark.parametrize(
    ("term", "name", "other"),
    [
        (Integer(0), "0", Integer(1)),
        (x + u, "1*au+1*ax", x + 2 * u),
        (w[1, 2], "1*bw[1,2]", w[2, 1]),
        (KroneckerDelta(i, j), "1*ki=j", KroneckerDelta(j, k)),
        (Call("f", [x, u]), "1*hcall f00(1*ax,1*au)", Call("f", [u, x])),
        (Call("f", [x, u], [1, 2]), "1*hcall f12(1*ax,1*au)", Call("f", [x, u], [2, 1])),
        (summation(z[k], k, Integer(1), n), "1*jsum[#0:1..n](*bz[#0])", summation(z[k], k, Integer(1), d)),
        (
            summation(summation(w[k, l], l, Integer(1), d), k, Integer(1), n),
            "1*jsum[#0:1..d,#1:1..n](*bw[#1,#0])",
            summation(summation(w[k, l], l, Integer(1), n), k, Integer(1), d),
        ),
    ],
)
def test_a_polynomial_is_named_by_all_that_it_is_made_of(term, name, other):
    """Members, arguments, orders and limits are all in the name: terms are ordered by it, and it is the same in every run."""
    normal = Normaliser(Context())
    assert repr(normal(term)) == name
    assert repr(normal(other)) != name


def test_constants_and_deltas_hold_no_bound_index():
    normal = Normaliser(Context())
    bound_once = summation(exp(z[k]), k, Integer(1), n)
    for term in (exp(1), pi, sqrt(Integer(2)), KroneckerDelta(i, j), w[i, j], exp(x)):
        assert normal(term).level == 0, term
        assert normal(term * bound_once).level == 1, term


def test_what_a_monomial_depends_on_is_in_its_factors_and_in_its_exponents():
    normal = Normaliser(Context())
    assert normal(x * exp(u)).free == {x, u}
    assert normal(x * exp(u * z[i])).free == {x, u, i}
    assert normal(x * exp(x)).free == {x}
    assert normal(w[1, 2] * exp(u)).free == {u}
