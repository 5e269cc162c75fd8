"""Derivatives by a compound quantity: what is held fixed is said, and what cannot be told apart is refused."""

from __future__ import annotations

import pytest
from sympy import Dummy, Eq, Integer, KroneckerDelta, Sum, exp, log

from derive.algebra.calculus import NotDifferentiable
from derive.algebra.compound import alpha, is_compound, without_compound
from derive.algebra.terms import Cases, Partial, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
x, u = scalar("x"), scalar("u")
z, w, y = family("z"), family("w"), family("y")
ONE = Integer(1)
S = summation(exp(z[k]), k, ONE, n)
Q = summation(z[k] ** 2, k, ONE, n)


def carried_out(term):
    return without_compound(term, lambda node: node)


def test_which_variables_are_compound():
    assert [is_compound(v) for v in (x, z[i], exp(x), S, x + u, ONE)] == [False, False, True, True, True, True]


@pytest.mark.parametrize(
    ("quantity", "part", "slope", "held"),
    [
        (S**2, S, 2 * S, ()), (exp(z[i]) / S, S, -exp(z[i]) / S**2, (exp(z[i]),)),
        (exp(z[i]) * S * exp(z[j]), S, exp(z[i]) * exp(z[j]), (exp(z[i]), exp(z[j]))), (x * S, S, x, ()),
        (log(S) * y[i], S, y[i] / S, ()), (S * z[i], S, z[i], (z[i],)), (S * log(z[i] + 1), S, log(z[i] + 1), (log(z[i] + 1),)),
        (exp(z[j]), exp(z[i]), KroneckerDelta(i, j), ()),
        (exp(z[i]) / S, exp(z[i]), 1 / S, (S,)), (x * exp(z[i]), exp(z[i]), x, ()),
        (exp(z[i]) + y[j], exp(z[i]), ONE, ()), (exp(z[i]) * Q, exp(z[i]), Q, (Q,)),
        (exp(z[i]) * summation(y[k], k, ONE, n), exp(z[i]), summation(y[k], k, ONE, n), ()),
    ],
)
def test_the_derivative_with_the_other_parts_fixed(quantity, part, slope, held):
    found, fixed = carried_out(Partial(quantity, part))
    assert alpha((found - slope).expand()) == 0
    assert set(fixed) == set(held)
    assert len(fixed) == len(held)


def test_the_derivative_of_a_sum_by_its_summand():
    found, fixed = carried_out(Partial(S, exp(z[i])))
    assert fixed == ()
    assert isinstance(found, Sum)
    assert found.args[0] == KroneckerDelta(found.args[1].args[0], i)


@pytest.mark.parametrize(
    ("quantity", "part", "message"),
    [
        (Cases((S, Eq(i, j)), (x, True)), S, "a derivative by .* of a case split or a restricted sum"),
        (S * x, Cases((S, Eq(i, j)), (x, True)), "a derivative by .* of a case split or a restricted sum"),
        (exp(z[i] + z[j]), exp(z[i] + z[j]), "a derivative by "), (x * u, x * u, "a derivative by "),
        (exp(z[i] + S), exp(z[i] + S), "a derivative by "),
        (x, S, "nothing says how x depends on "), (x, exp(z[i]), "nothing says how x depends on "),
        (exp(z[i]) ** 2, exp(z[i]), "nothing says how "), (z[i] ** 4, z[i] ** 2, "nothing says how "),
        (Q, S, "nothing says how "),
        (exp(z[i]) * z[j], exp(z[i]), "z occurs outside exp"),
        (S * summation(exp(z[k]) * z[k], k, ONE, n), S, "the summands of .* occur in another sum too"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(quantity, part, message):
    with pytest.raises(NotDifferentiable, match=f"^{message}"):
        carried_out(Partial(quantity, part))


def test_derivatives_by_members_are_left_alone():
    plain = Partial(S, z[i]) * x + Partial(x**2, x)
    assert carried_out(plain) == (plain, ())
    mixed, held = carried_out(Partial(S, z[i]) * Partial(exp(z[j]) * S, S) + 1)
    assert (mixed, held) == (Partial(S, z[i]) * exp(z[j]) + 1, (exp(z[j]),))
    twice, held = carried_out(Partial(exp(z[j]) * S, S) + Partial(exp(z[i]) * S, S) + Partial(exp(z[j]) * S**2, S))
    assert held == (exp(z[j]), exp(z[i])) or held == (exp(z[i]), exp(z[j]))
    unfolded, _ = without_compound(Partial(u, S), lambda node: node.xreplace({u: S**3}))
    assert unfolded == 3 * S**2


def test_sums_are_equal_up_to_the_names_of_their_indices():
    renamed = summation(exp(z[l]), l, ONE, n)
    assert alpha(S) == alpha(renamed)
    assert alpha(S) != alpha(summation(exp(z[k]), k, ONE, d))
    assert alpha(S) != alpha(Q)
    double = summation(summation(w[k, l], l, ONE, n), k, ONE, n)
    other = summation(summation(w[i, j], j, ONE, n), i, ONE, n)
    assert alpha(double) == alpha(other)
    assert alpha(double) != alpha(summation(summation(w[l, k], l, ONE, n), k, ONE, n))
    assert alpha(x * S + z[i]) == x * alpha(S) + z[i]
    assert {str(s) for s in alpha(S * Q).atoms(type(x)) if str(s).startswith("#")} == {"#0"}
    assert not any(isinstance(s, Dummy) for s in alpha(double).atoms())
    assert carried_out(Partial(renamed**2, S))[0] == 2 * S
