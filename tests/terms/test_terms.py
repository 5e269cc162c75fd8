"""The vocabulary: bound indices that cannot be captured, conditions that stay where they are, text that is refused."""

from __future__ import annotations

import pytest
from sympy import IndexedBase, Integer, Ne, Sum, Symbol, SympifyError, exp

from derive.terms.terms import (
    Call,
    Cases,
    Partial,
    Vector,
    family,
    free_indices,
    index,
    peel,
    scalar,
    size,
    standardised,
    summation,
)

i, j, k, l = (index(name) for name in "ijkl")
n = size("n")
y, z = family("y"), family("z")


def test_a_condition_stays_in_the_sum_whose_index_it_names():
    inner = summation(y[j], k, Integer(1), n, [i])
    outer = summation(inner, j, Integer(1), n, [l])
    assert set(free_indices(outer)) == {i, l}
    body, variable, _, _ = peel(outer)
    assert isinstance(body, Cases)
    assert body.args[0].cond == Ne(variable, l)


def test_a_bound_index_is_a_new_one_every_time():
    first, second = (summation(z[k], k, Integer(1), n) for _ in range(2))
    assert first != second
    assert free_indices(first + z[k]) == (k,)


def test_what_users_of_sympy_write_becomes_a_term_of_ours():
    plain, letter, many = IndexedBase("z"), Symbol("k"), Symbol("n")
    term = standardised(Sum(exp(plain[letter]), (letter, 1, many)) + plain[letter])
    assert free_indices(term) == (k,)
    assert term.has(z[k])
    assert not term.has(plain[letter])


@pytest.mark.parametrize(
    "build",
    [
        lambda text: Partial(text, scalar("x")),
        lambda text: Call("f", [text]),
        lambda text: Vector(text, text),
        lambda text: summation(z[k], k, text, n),
        standardised,
    ],
)
def test_text_is_refused_and_never_evaluated(build):
    with pytest.raises(SympifyError):
        build("__import__('os').getcwd()")
    assert Partial(scalar("x"), scalar("x")).variable == scalar("x")


def test_a_definition_of_one_function_is_none_of_another():
    from derive.normal.matching import match

    x, t = scalar("x"), scalar("t")
    assert match(Call("f", [x]), Call("f", [t])) == {x: t}
    assert match(Call("f", [x]), Call("g", [t])) is None
