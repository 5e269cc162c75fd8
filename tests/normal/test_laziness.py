"""Denominators that are met always, and those that an empty sum or a case split passes by."""

from __future__ import annotations

import pytest
from sympy import Eq, Integer, KroneckerDelta, Ne, Rational, cos, cot, exp, pi, sin, sqrt, tan

from derive.normal.laziness import denominators
from derive.normal.normaliser import Normaliser
from derive.terms.context import Context, Fact, Range
from derive.terms.terms import Call, Cases, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n = size("n")
x, u = scalar("x"), scalar("u")
z, w = family("z"), family("w")
BARE = Context()


def total(body, low=1, high=n, variable=k, excluded=()):
    return summation(body, variable, Integer(low), high, excluded)


def found(term, context=BARE):
    both = denominators(term, Normaliser(context).knowledge)
    return list(both.lazy), list(both.strict)


@pytest.mark.parametrize(
    ("term", "lazy", "strict"),
    [
        (x, [], []),
        (1 / x, [], [x]),
        (x / 2, [], []),
        (x / pi, [], []),
        (x / sqrt(2), [], []),
        (x**2, [], []),
        (sqrt(x), [], []),
        (x**u, [], [x]),
        (x ** Rational(-1, 2), [], [x]),
        (1 / (x + 1 / u), [], [x + 1 / u, u]),
        (tan(x), [], [cos(x)]),
        (cot(x), [], [sin(x)]),
        (Call("f", [1 / x]), [], [x]),
        (exp(1 / x), [], [x]),
        (KroneckerDelta(i, j) / x, [], [x]),
        (total(z[k] / x), [], [x]),
        (total(1 / z[k]), [], "own"),
        (total(z[k] / x, 2), [x], []),
        (total(1 / z[k], 2), [], []),
        (total(1 / k, 2), [], []),
        (total(Call("f", [z[k] / x]), 2), [x], []),
        (Call("f", [u, total(z[k] / x, 2)]), [x], []),
        (Call("H", [z]) / x, [], [x]),
        (Call("f", [x], [1]), [], []),
        (total(z[k] / pi, 2), [], []),
        (total(z[k] * tan(x), 2), [cos(x)], []),
        (total(z[k] / x, 1, n - 1), [x], []),
        (total(z[k] / x, 0, n - 1), [], [x]),
        (total(z[k] / x, excluded=[i]), [x], []),
        (total(total(w[k, l] / z[k], 2, n, l)), "own", []),
        (total(total(w[k, l] / x, 2, n, l)), [x], []),
        (total(total(1 / w[k, l], 2, n, l), 2), [], []),
        (total(total(1 / w[k, 1], 2, n, l), 2), "own", []),
        (Cases((1 / x, Eq(i, j)), (u, True)), [], []),
        (Cases((x, Eq(i, j)), (u, True)) / u, [], [u]),
        (total(Cases((1 / x, Ne(i, k)), (u, True))), [x], []),
    ],
)
def test_where_a_denominator_is_met(term, lazy, strict):
    found_lazy, found_strict = found(term)
    for answer, expected in ((found_lazy, lazy), (found_strict, strict)):
        if expected == "own":
            assert len(answer) == 1
            assert any(s.is_Dummy for s in answer[0].free_symbols)
        else:
            assert answer == expected


def test_what_is_known_of_a_size_tells_whether_a_sum_has_a_term():
    term = total(z[k] / x, 2)
    assert found(term, BARE.assume(Fact(n, ">=", Integer(2)))) == ([], [x])
    assert found(term, BARE.assume(Fact(n, ">=", Integer(1)))) == ([x], [])


def test_the_range_of_a_bound_index_is_kept():
    term = total(z[k] / x, 2)
    knowledge = Normaliser(BARE).knowledge
    denominators(term, knowledge)
    assert knowledge.ranges[term.limits[0][0]] == Range(Integer(2), n)
