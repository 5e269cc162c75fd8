"""Derivatives by a compound quantity: what is held fixed is said, and what cannot be told apart is refused."""

from __future__ import annotations

import pytest
from sympy import Dummy, Eq, Integer, KroneckerDelta, Mul, Sum, exp, log

from derive.normal.compound import alpha, is_compound, without_compound
from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.unfold import Unfolder
from derive.terms.context import Context
from derive.terms.terms import Call, Cases, Partial, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
x, u = scalar("x"), scalar("u")
z, w, y = family("z"), family("w"), family("y")
ONE = Integer(1)
S = summation(exp(z[k]), k, ONE, n)
Q = summation(z[k] ** 2, k, ONE, n)
CUBES = summation(z[k] ** 3, k, ONE, n)


def carried_out(term):
    return without_compound(term, lambda node: node)


def test_which_variables_are_compound():
    assert [is_compound(v) for v in (x, z[i], exp(x), S, x + u, ONE)] == [False, False, True, True, True, True]


@pytest.mark.parametrize(
    ("quantity", "part", "slope", "held"),
    [
        (S**2, S, 2 * S, ()),
        (exp(z[i]) / S, S, -exp(z[i]) / S**2, (exp(z[i]),)),
        (exp(z[i]) * S * exp(z[j]), S, exp(z[i]) * exp(z[j]), (exp(z[i]), exp(z[j]))),
        (x * S, S, x, ()),
        (log(S) * y[i], S, y[i] / S, ()),
        (S * z[i], S, z[i], (z[i],)),
        (S * log(z[i] + 1), S, log(z[i] + 1), (log(z[i] + 1),)),
        (x * log(S + z[i]), S, x / (S + z[i]), (z[i],)),
        (x * log(S + exp(z[i])), S, x / (S + exp(z[i])), (exp(z[i]),)),
        (exp(z[j]), exp(z[i]), KroneckerDelta(i, j), ()),
        (exp(z[i]) / S, exp(z[i]), 1 / S, (S,)),
        (x * exp(z[i]), exp(z[i]), x, ()),
        (exp(z[i]) + y[j], exp(z[i]), ONE, ()),
        (exp(z[i]) * Q, exp(z[i]), Q, (Q,)),
        (exp(z[i]) * Q * CUBES, exp(z[i]), Q * CUBES, (Q, CUBES)),
        (exp(z[i]) * summation(y[k], k, ONE, n), exp(z[i]), summation(y[k], k, ONE, n), ()),
    ],
)
def test_the_derivative_with_the_other_parts_fixed(quantity, part, slope, held):
    found, fixed = carried_out(Partial(quantity, part))
    assert alpha((found - slope).expand()) == 0
    assert set(fixed) == set(held)
    assert len(fixed) == len(held)


NAMED, NUMBERED, FAMILY = scalar("part"), scalar("part 0"), family("part")
PARTS = exp(FAMILY[i])


@pytest.mark.parametrize(
    ("quantity", "part", "slope"),
    [
        (NAMED * S, S, NAMED),
        (NAMED**2 * S**2, S, 2 * NAMED**2 * S),
        (FAMILY[i] * exp(z[i]), exp(z[i]), FAMILY[i]),
        (NUMBERED * Q * exp(z[i]), exp(z[i]), NUMBERED * Q),
        (NAMED * PARTS, PARTS, NAMED),
        (NAMED * summation(FAMILY[k], k, ONE, n), summation(FAMILY[k], k, ONE, n), NAMED),
    ],
)
def test_a_quantity_of_any_name_is_another_one_than_the_part(quantity, part, slope):
    found, _ = carried_out(Partial(quantity, part))
    assert alpha((found - slope).expand()) == 0
    assert alpha((found - 2 * slope).expand()) != 0


F = Call("f", [S])


@pytest.mark.parametrize(
    ("quantity", "part", "slope", "wrong", "held"),
    [
        (F, S, Call("f", [S], [1]), ONE, ()),
        (F * S, S, F + S * Call("f", [S], [1]), F, ()),
        (Call("f", [z[i]]) * S, S, Call("f", [z[i]]), ONE, (Call("f", [z[i]]),)),
        (Call("f", [S, z[i]]), S, Call("f", [S, z[i]], [1, 0]), ONE, (z[i],)),
        (log(S + exp(z[i])), S, 1 / (S + exp(z[i])), 1 / S, (exp(z[i]),)),
        (
            Call("f", [exp(z[i])]) * exp(z[i]),
            exp(z[i]),
            Call("f", [exp(z[i])]) + exp(z[i]) * Call("f", [exp(z[i])], [1]),
            Call("f", [exp(z[i])]),
            (),
        ),
    ],
)
def test_the_arguments_of_an_unknown_function_depend_on_the_part_too(quantity, part, slope, wrong, held):
    found, fixed = carried_out(Partial(quantity, part))
    assert alpha(found) == alpha(slope)
    assert alpha(found) != alpha(wrong)
    assert fixed == held


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
        (exp(z[i] + z[j]), exp(z[i] + z[j]), "a derivative by "),
        (x * u, x * u, "a derivative by "),
        (exp(z[i] + S), exp(z[i] + S), "a derivative by "),
        (S**2, log(S), "a derivative by log"),
        (x * exp(S), exp(S), "a derivative by exp"),
        (x, S, "nothing says how x depends on Sum"),
        (x, exp(z[i]), "nothing says how x depends on exp"),
        (Call("H", [z]) * S, S, "H takes a family and is not defined"),
        (Call("H", [z]) * exp(z[i]), exp(z[i]), "z occurs outside"),
        (S * Call("f", [x, summation(exp(z[k]) * z[k], k, ONE, n)]), S, "the summands of .* occur in another sum too"),
        (exp(z[i]) ** 2, exp(z[i]), "nothing says how "),
        (z[i] ** 4, z[i] ** 2, "nothing says how "),
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


def test_what_stands_in_a_case_split_is_left_to_be_refused():
    inside = Partial(S**2, S)
    split = Cases((inside, Eq(i, j)), (x, True))
    assert carried_out(split) == (split, ())
    with pytest.raises(NotDifferentiable, match="^a derivative by "):
        Unfolder(Context())(split)
    assert Unfolder(Context())(carried_out(inside)[0]) == 2 * S


def test_what_has_no_derivative_stays_as_it_is_written():
    kept = Mul(x, x, evaluate=False)
    assert carried_out(kept)[0].args == (x, x)
    assert carried_out(kept + Partial(S**2, S))[0] == kept + 2 * S


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
    assert alpha(Call("f", [renamed])) == alpha(F)
    assert alpha(Call("f", [Q])) != alpha(F)
    assert all(s.is_integer for s in alpha(S).atoms(type(x)) if str(s).startswith("#"))
