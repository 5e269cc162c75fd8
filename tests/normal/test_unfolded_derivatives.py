"""Derivatives are carried out down to the variable, and what depends on what is not guessed."""

from __future__ import annotations

import pytest
from sympy import Integer, KroneckerDelta, Symbol, exp, log

from derive.normal.functions.elementary import NotDifferentiable
from derive.normal.unfold import (
    Recurrent,
    Unfolder,
    Unrelated,
    unfolder,
)
from derive.terms.context import Context, Definition
from derive.terms.terms import Call, Partial, family, index, scalar, size, summation

i, j, k = (index(name) for name in "ijk")
n = size("n")
x, u, c, E, L = (scalar(name) for name in ("x", "u", "c", "E", "L"))
z, a, h, p = (family(name) for name in ("z", "a", "h", "p"))
ONE, TWO = Integer(1), Integer(2)
BARE = Context()


def total(body, variable=k, low=ONE, high=n):
    return summation(body, variable, low, high)


def unfolded(term, *definitions, context=BARE, stop=(), related=()):
    return Unfolder(context.define(*(Definition(*d) for d in definitions)), related)(term, stop)


def test_derivatives_are_carried_out_down_to_the_variable():
    soft = ((L, -total(p[k] * log(a[k]))), (a[i], exp(z[i])))
    assert unfolded(Partial(x**2 * c, x)) == 2 * x * c
    assert unfolded(Partial(E, x), (E, x**3)) == 3 * x**2
    slope = unfolded(Partial(L, a[i]), *soft)
    assert slope.has(a) is False
    assert unfolded(Partial(a[i], a[j]), *soft) == KroneckerDelta(i, j)
    assert unfolded(Partial(Call("f", [x], [1]), x), (Call("f", [x]), x**3)) == 6 * x
    assert unfolded(Call("f", [u], [1]), (Call("f", [x]), c * x**2)) == 2 * c * u
    assert unfolded(Call("f", [u], [2]), (Call("f", [x]), c * x**3)) == 6 * c * u
    assert unfolded(Call("f", [u], [1]), (Call("f", [x]), c * x), (c, x)) == x
    assert unfolded(Call("G", [z, u], [0, 1]), (Call("G", [p, x]), p[1] * x**2)) == 2 * u * z[1]
    assert unfolded(Call("f", [x, u], [0, 1]), (Call("f", [x, u]), x**2 * u**3)) == 3 * x**2 * u**2


def test_what_is_not_said_to_depend_is_not_taken_for_constant():
    with pytest.raises(Unrelated, match="^nothing says how u depends on x$"):
        unfolded(Partial(u**2, x))
    with pytest.raises(Unrelated, match="^nothing says how g, u depends on x$"):
        unfolded(Partial(Call("g", [u]), x))
    with pytest.raises(Unrelated, match="^nothing says how g depends on x$"):
        unfolded(Partial(Call("g", [TWO]), x))
    with pytest.raises(Unrelated, match="^nothing says how c, u depends on x$"):
        unfolded(Partial(c * u, x))
    assert unfolded(Partial(u * x, x)) == u
    assert unfolded(Partial(exp(TWO), x)) == 0
    constants = Context(constants=("u",))
    assert unfolded(Partial(u**2, x), context=constants) == 0
    with pytest.raises(Unrelated):
        unfolded(Partial(c * u, x), context=constants)
    assert unfolded(Partial(u, x), context=constants) == 0
    assert unfolder(constants)(Partial(u**2, x)) == 0
    with pytest.raises(Unrelated):
        unfolder(BARE)(Partial(u**2, x))
    assert unfolded(Partial(n * i, x)) == 0


def test_a_scalar_and_a_family_of_one_name_are_two_quantities():
    same, bent = family("x"), family("E")
    for term in (same[1] ** 2, Call("f", [same]), 2 * z[i] + same[2]):
        with pytest.raises(Unrelated, match=r"^nothing says how .* depends on x$"):
            unfolded(Partial(term, x))
    assert unfolded(Partial(same[1] ** 2 * x, x)) == same[1] ** 2
    with pytest.raises(Unrelated, match="^nothing says how x depends on x$"):
        unfolded(Partial(x**2, same[1]))
    with pytest.raises(Unrelated, match="^nothing says how E, z depends on x$"):
        unfolded(Partial(bent[i] * z[j], x), related=[Partial(E, x)])
    assert unfolded(Partial(E * z[j], x), related=[Partial(E, x)]) == z[j] * Partial(E, x)
    with pytest.raises(Unrelated, match="^nothing says how E, z depends on x$"):
        unfolded(Partial(E * z[j], x), related=[Partial(E, same[i])])
    slopes = ((Partial(E, same[i]), z[i]),)
    assert unfolded(Partial(E, same[j]), *slopes) == z[j]
    assert unfolded(Partial(bent[j], x), *slopes) == Partial(bent[j], x)


def test_an_opaque_derivative_stays_and_may_be_defined():
    assert unfolded(Partial(E, x)) == Partial(E, x)
    assert unfolded(Partial(E, a[i]), (Partial(E, a[j]), z[j])) == z[i]
    assert unfolded(Partial(E, a[i]), (Partial(E, a[j]), z[j]), stop=["∂E/∂a"]) == Partial(E, a[i])
    assert unfolded(Partial(E * x, x), related=[Partial(E, x)]) == E + x * Partial(E, x)
    assert unfolded(Partial(E * x, x)) == E
    assert unfolded(Partial(a[i] * z[i], z[j]), related=[Partial(a[i], z[j])]) == (
        a[i] * KroneckerDelta(i, j) + z[i] * Partial(a[i], z[j])
    )
    assert unfolded(Partial(z[i], z[j])) == KroneckerDelta(i, j)
    assert unfolded(Partial(Partial(E, x), u)) == Partial(Partial(E, x), u)


def test_a_positive_quantity_is_no_constant():
    rate = Symbol("r", positive=True)
    assert unfolded(Partial(rate, x)) == Partial(rate, x)
    assert unfolded(Partial(rate, rate)) == 1
    assert unfolded(Partial(n, x)) == 0


STEPS = Definition(h[i], u * h[i - 1] + z[i])


def test_contexts_with_other_recurrences_have_other_unfolders():
    assert unfolder(BARE) is unfolder(BARE.assume())
    assert unfolder(Context(recurrent=(STEPS,))) is not unfolder(BARE)
    with pytest.raises(Recurrent):
        unfolder(Context(recurrent=(STEPS,)))(Partial(h[2], h[1]))
    assert unfolder(BARE)(Partial(h[2], h[1])) == 0


def test_members_of_a_recurrence_are_not_independent():
    steps = ((h[i], u * h[i - 1] + z[i]),)
    message = "^h is defined by a recurrence, its members are not independent$"
    for term in (Partial(h[2], h[1]), Partial(x, h[1])):
        with pytest.raises(Recurrent, match=message):
            unfolded(term, *steps)
    with pytest.raises(Recurrent, match=message):
        unfolded(Partial(h[2], h[1]), context=Context(recurrent=(STEPS,)))
    assert unfolded(Partial(z[1], z[2]), context=Context(recurrent=(STEPS,))) == 0
    single = scalar("h")
    assert unfolded(Partial(single**2, single), context=Context(recurrent=(STEPS,))) == 2 * single


@pytest.mark.parametrize("variable", [exp(x), x + u, Call("f", [u]), Partial(E, a[i]), ONE])
def test_a_derivative_is_by_a_scalar_or_a_member(variable):
    for term in (x, L, z[i] * x):
        with pytest.raises(NotDifferentiable, match="^a derivative by "):
            unfolded(Partial(term, variable))
    assert unfolded(Partial(x, x)) == 1


def test_a_family_of_which_some_members_are_defined_has_no_derivative():
    with pytest.raises(NotDifferentiable, match="^only some members of a are defined$"):
        unfolded(Partial(a[i] * x, x), (a[1], x**2))
    assert unfolded(Partial(a[1] * x, x), (a[1], x**2)) == 3 * x**2
    assert unfolded(Partial(a[i], a[j]), (a[1], x**2)) == KroneckerDelta(i, j)


def test_what_is_defined():
    unfold = Unfolder(BARE.define(Definition(a[1], x), Definition(L, u), Definition(Call("f", [x]), x)))
    assert [unfold.defines(t) for t in (a[1], L, Call("f", [u]))] == [True] * 3
    assert [unfold.defines(t) for t in (a[2], E, Call("g", [u]))] == [False] * 3
    assert unfold.names() == {"a", "L", "f"}
    found, values = Unfolder(BARE.define(Definition(a[i], z[i]), Definition(a[1], x))).definition_of(a[2])
    assert (found.body, values) == (z[i], {i: TWO})
    assert Unfolder(BARE).definition_of(x) is None


@pytest.mark.parametrize(
    ("inner", "variable", "value"),
    [
        (u * h[i - 1], u, None),
        (u * h[i - 1] + z[i], z[i], 1),
        (u * h[i - 1], z[i - 1], None),
        (u * z[i], z[i], u),
        (u * x, u, x),
    ],
)
def test_a_member_of_a_recurrence_depends_on_what_the_steps_up_to_it_are_made_of(inner, variable, value):
    context = Context(recurrent=(STEPS,))
    if value is None:
        with pytest.raises(Recurrent):
            unfolded(Partial(inner, variable), context=context)
    else:
        assert unfolded(Partial(inner, variable), context=context) == value


def test_a_recurrence_through_another_one_is_not_looked_into():
    context = Context(recurrent=(Definition(h[i], a[i - 1] + h[i - 1]), Definition(a[i], h[i - 1] * z[i])))
    with pytest.raises(Recurrent):
        unfolded(Partial(u * h[i - 1], z[i]), context=context)


def test_the_numbers_of_a_list_need_not_be_a_recurrence():
    listed = ((h[1], u / h[2]), (h[2], h[3] + x), (h[3], exp(h[4])))
    assert unfolded(Partial(h[1] ** 2, h[1]), *listed) == unfolded(2 * h[1], *listed)
    for term in (Partial(h[1], h[2]), Partial(h[3], h[1]), Partial(h[1] * h[3], h[1])):
        with pytest.raises(Recurrent):
            unfolded(term, *listed)
