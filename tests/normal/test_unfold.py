"""Definitions unfold without capture and without end, and what depends on what is not guessed."""

from __future__ import annotations

import pytest
from sympy import Add, Dummy, Eq, Integer, Mul, Pow, Sum, exp
from sympy import E as E_NUMBER

from derive.normal.unfold import (
    DEPTH,
    Circular,
    Unfolder,
    coincidence,
    instantiate,
    is_nameable,
    match,
    renew,
)
from derive.terms.context import Context, Definition
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call, Cases, Partial, bound, family, index, scalar, size, summation

i, j, k, l = (index(name) for name in "ijkl")
n = size("n")
x, u, c, E, L = (scalar(name) for name in ("x", "u", "c", "E", "L"))
z, a, w, h, p = (family(name) for name in ("z", "a", "w", "h", "p"))
ONE, TWO, ZERO = Integer(1), Integer(2), Integer(0)
BARE = Context()


def total(body, variable=k, low=ONE, high=n):
    return summation(body, variable, low, high)


# -- names ------------------------------------------------------------------------------------------------------------


def test_the_name_of_a_head():
    assert [name_of(t) for t in (x, z[i], Call("f", [x]), Partial(E, a[i]), z, Partial(Partial(L, x), z[j]))] == [
        "x",
        "z",
        "f",
        "∂E/∂a",
        "z",
        "∂∂L/∂x/∂z",
    ]
    assert [name_of(Partial(t, v)) for t, v in ((h[i], x), (E, w[i, j]), (h[i], w[j]), (w[i, j], x))] == [
        "∂hᵢ/∂x",
        "∂E/∂w",
        "∂hᵢ/∂w",
        "∂wᵢᵢ/∂x",
    ]
    with pytest.raises(ValueError, match=r"^a name, a member of a family or a call was expected, found x \+ 1$"):
        name_of(x + 1)


def test_the_positions_of_a_head():
    assert [positions_of(t) for t in (x, w[i, 1], Partial(E, a[i]), Partial(z[i], w[j, k]))] == [(), (i, 1), (i,), (i, j, k)]
    named = [x, z[i], Partial(E, a[i]), Partial(Partial(E, x), x)]
    assert [is_nameable(t) for t in (*named, exp(x), Partial(exp(x), x), Partial(x, exp(x)), ONE)] == [True] * 4 + [False] * 4


# -- matching ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "head", "values"),
    [
        (x, x, {}),
        (x, u, None),
        (x, z[i], None),
        (z[i], x, None),
        (x, index("x"), None),
        (z[i], scalar("z"), None),
        (Call("f", [x]), scalar("f"), None),
        (Partial(E, a[i]), family("∂E/∂a")[j], None),
        (z[i], z[j], {i: j}),
        (z[i], z[1], {i: ONE}),
        (z[1], z[1], {}),
        (z[1], z[2], None),
        (z[1], z[i], None),
        (z[i], a[i], None),
        (w[i, j], w[k, l], {i: k, j: l}),
        (w[i, i], w[k, k], {i: k}),
        (w[i, i], w[k, l], None),
        (w[i, 1], w[k, 1], {i: k}),
        (w[i, 1], w[k, 2], None),
        (w[i, j], w[k], None),
        (z[n], z[n], {}),
        (z[n], z[i], None),
        (z[n], z[size("d")], None),
        (Call("f", [x]), Call("f", [u + 1]), {x: u + 1}),
        (Call("f", [x]), Call("g", [x]), None),
        (Call("f", [x]), Call("f", [x, u]), None),
        (Call("f", [x, u]), Call("f", [c, x]), {x: c, u: x}),
        (Call("H", [p]), Call("H", [z]), {p: z}),
        (Call("H", [p]), Call("H", [x]), None),
        (Call("H", [x]), Call("H", [z]), None),
        (Partial(E, a[i]), Partial(E, a[j]), {i: j}),
        (Partial(E, a[i]), Partial(L, a[j]), None),
        (Partial(E, a[i]), Partial(E, a[2]), {i: TWO}),
        (Partial(E, a[i]), Partial(family("E")[j], scalar("a")), None),
        (Partial(family("E")[i], scalar("a")), Partial(family("E")[j], scalar("a")), {i: j}),
        (Partial(h[i], w[j]), Partial(h[i, j], scalar("w")), None),
        (Partial(h[i], w[j]), Partial(h[k], w[1]), {i: k, j: ONE}),
    ],
)
def test_a_head_matches_a_pattern(pattern, head, values):
    assert match(pattern, head) == values


@pytest.mark.parametrize(
    ("pattern", "head", "found"),
    [
        (z[1], z[j], ({}, Eq(1, j))),
        (z[1], z[2], None),
        (z[i], z[j], None),
        (x, z[j], None),
        (z[1], x, None),
        (w[1, k], w[i, j], ({k: j}, Eq(1, i))),
        (w[k, k], w[i, j], ({k: i}, Eq(i, j))),
        (w[1, 2], w[1, j], ({}, Eq(2, j))),
        (w[1, 2], w[2, j], None),
        (z[1], w[1, j], None),
        (z[n], z[j], ({}, Eq(n, j))),
    ],
)
def test_where_a_special_member_would_apply(pattern, head, found):
    assert coincidence(pattern, head) == found


def test_a_value_is_not_captured_by_a_bound_index():
    inner = bound("k")
    body = Sum(w[i, inner], (inner, ONE, n))
    assert instantiate(body, {i: j}) == Sum(w[j, inner], (inner, ONE, n))
    renewed = instantiate(body, {i: inner})
    assert renewed.args[0].indices[0] == inner
    assert renewed.args[1].args[0] not in (inner,)
    assert renewed.args[0].indices[1] == renewed.args[1].args[0]
    assert instantiate(body, {}) is body
    assert instantiate(x * c, {x: u}) == u * c
    summed = total(p[k])
    ((place, _, _),) = summed.limits
    assert instantiate(summed, {p: z}) == Sum(z[place], (place, ONE, n))
    assert instantiate(p[i] + a[i], {p: z, x: u}) == z[i] + a[i]
    beside = x + Sum(w[i, inner], (inner, ONE, n))
    placed = instantiate(beside, {i: inner})
    ((limit,),) = (s.limits for s in placed.atoms(Sum))
    assert limit[0] != inner
    assert placed == x + Sum(w[inner, limit[0]], (limit[0], ONE, n))


def test_a_parameter_of_the_name_of_a_family_is_not_in_its_members():
    same = family("x")
    assert instantiate(x * same[1], {x: u}) == u * same[1]
    assert instantiate(x * same[1], {same: z}) == x * z[1]
    assert instantiate(x * same[i] + Call("f", [same, x]), {x: u, same: z, i: j}) == u * z[j] + Call("f", [z, u])
    square = (Call("f", [x]), x**2 * same[1])
    assert unfolded(Call("f", [u]), square) == u**2 * same[1]
    assert unfolded(Call("f", [u], [1]), square) == 2 * u * same[1]
    assert unfolded(same[1] + x, (x, u)) == same[1] + u
    assert unfolded(Call("H", [same, x]), (x, u)) == Call("H", [same, u])
    assert unfolded(Call("H", [p]), (Call("H", [p]), p[1] + Call("G", [p])), (Call("G", [a]), a[2])) == p[1] + p[2]
    assert unfolded(Call("H", [z]), (Call("H", [p]), p[1] + Call("G", [p])), (Call("G", [a]), a[2])) == z[1] + z[2]


def test_a_quantity_of_the_name_that_an_argument_gets_is_not_the_argument():
    taken = scalar("x (argument)")
    for body, slope in ((x * taken, taken), (x**2 * taken, 2 * u * taken), (x * c, c)):
        assert unfolded(Call("f", [u], [1]), (Call("f", [x]), body)) == slope
    assert unfolded(Call("f", [u], [1]), (Call("f", [x]), x * c), (c, taken)) == taken


def test_bound_indices_are_renewed_where_they_are_taken():
    inner, other = bound("k"), bound("l")
    double = Sum(Sum(w[inner, other], (other, ONE, inner)), (inner, ONE, n))
    assert renew(double, {j}) is double
    fresh = renew(double, {inner})
    assert not fresh.has(inner)
    assert fresh.has(other)
    own = fresh.limits[1][0]
    assert fresh == Sum(Sum(w[own, other], (other, ONE, own)), (own, ONE, n))
    assert own.name == "k"
    split = Cases((Sum(z[inner], (inner, ONE, n)), Eq(i, j)), (x, True))
    assert not renew(split, {inner}).has(inner)
    assert renew(split, {inner}).args[1] == split.args[1]
    called = Call("f", [x, Sum(z[inner], (inner, ONE, n))])
    assert not renew(called, {inner}).has(inner)
    assert renew(called, {other}) is called
    taken = instantiate(Call("f", [Sum(w[i, inner], (inner, ONE, n))]), {i: inner})
    assert taken.free_symbols >= {inner}
    assert renew(x + Sum(z[inner], (inner, ONE, n)), {inner}).args[0] == x
    limits = Sum(z[other], (other, ONE, Sum(z[inner], (inner, ONE, n))))
    assert not renew(limits, {inner}).has(inner)


# -- unfolding ------------------------------------------------------------------------------------------------------------


def unfolded(term, *definitions, context=BARE, stop=(), related=()):
    return Unfolder(context.define(*(Definition(*d) for d in definitions)), related)(term, stop)


def test_definitions_are_unfolded_to_the_end_and_no_further():
    chain = ((L, E + 1), (E, x**2), (a[i], z[i] * x))
    assert unfolded(L * a[j] * c, *chain) == (x**2 + 1) * z[j] * x * c
    assert unfolded(L * a[j], *chain, stop=["E"]) == (E + 1) * z[j] * x
    assert unfolded(L * a[j], *chain, stop=["a"]) == (x**2 + 1) * a[j]
    assert unfolded(L + Call("f", [E]), *chain) == x**2 + 1 + Call("f", [x**2])
    assert unfolded(Call("f", [E]), (Call("f", [x]), x + c), (E, u)) == u + c
    assert unfolded(Call("f", [E]), (Call("f", [x]), x + c), (E, u), stop=["f"]) == Call("f", [u])
    assert unfolded(Call("H", [z]), (Call("H", [p]), p[1] + p[2])) == z[1] + z[2]
    assert unfolded(Cases((E, Eq(i, j)), (L, True)), *chain) == Cases((x**2, Eq(i, j)), (x**2 + 1, True))
    assert unfolded(Cases((x, Eq(i, j)), (u, True)), (x, u)) in (u, Cases((u, Eq(i, j)), (u, True)))


def test_under_a_sum_the_bound_letter_is_not_the_definitions():
    inner = bound("k")
    term = Sum(a[inner], (inner, ONE, n))
    assert unfolded(term, (a[i], z[i] * z[k])) == Sum(z[inner] * z[k], (inner, ONE, n))
    assert unfolded(Sum(a[inner], (inner, ONE, n)), (a[i], ZERO)) == 0
    assert unfolded(Dummy("x"), (x, u)).is_Dummy


def test_the_special_member_comes_first_and_the_later_definition_replaces_the_earlier():
    both = ((a[i], z[i]), (a[1], ZERO))
    assert unfolded(a[1], *both) == 0
    assert unfolded(a[2], *both) == z[2]
    assert unfolded(a[j], *both) == Cases((ZERO, Eq(1, j)), (z[j], True))
    assert unfolded(a[j], (a[1], ZERO)) == a[j]
    assert unfolded(a[1], (a[1], x), (a[i], u)) == x
    assert unfolded(w[1, 2], (w[i, j], x), (w[1, j], u), (w[1, 2], c)) == c
    assert unfolded(w[1, 3], (w[i, j], x), (w[1, j], u), (w[1, 2], c)) == u
    assert unfolded(w[1, 1], (w[i, 1], x), (w[1, j], u)) == u
    assert unfolded(w[1, 1], (w[1, j], u), (w[i, 1], x)) == x
    assert unfolded(w[i, j], (w[i, j], x), (w[1, k], z[k])) == Cases((z[j], Eq(1, i)), (x, True))


def test_a_definition_that_leads_back_to_itself():
    with pytest.raises(Circular, match="^the definition"):
        unfolded(x, (x, u + 1), (u, x + 1))
    with pytest.raises(Circular, match="^the definition"):
        unfolded(a[i], (a[i], a[i + 1]))
    with pytest.raises(Circular, match="^the definition"):
        unfolded(Call("f", [x]), (Call("f", [x]), Call("f", [x + 1])))
    with pytest.raises(Circular, match="^the definition of u leads back to itself$"):
        unfolded(x, (x, u), (u, x))
    assert unfolded(x, (x, u), (u, c)) == c
    with pytest.raises(Circular, match="^the definitions that unfold "):
        unfolded(Partial(E, x), (Partial(E, x), 2 * Partial(E, x)))
    assert unfolded(Partial(E, x), (Partial(E, x), 2 * Partial(E, u))) == 2 * Partial(E, u)
    with pytest.raises(Circular, match="^the definition"):
        unfolded(E, (E, u * Partial(E * x, x)))
    assert unfolded(E, (E, u * Partial(L * x, x))) == u * L


def chain(count):
    """A quantity s_0 and the definitions s_0 = s_1, s_1 = s_2, …; the last one is not defined."""
    names = [scalar(f"s_{c}") for c in range(count + 1)]
    return names[0], [*zip(names, names[1:], strict=False)], names[-1]


def test_a_chain_of_definitions_may_be_as_long_as_the_depth():
    first, steps, last = chain(DEPTH + 1)
    assert unfolded(first, *steps) == last
    first, steps, last = chain(DEPTH)
    function = (Call("f", [x]), x * first)
    assert unfolded(Partial(first**2, first), *steps) == 2 * last
    assert unfolded(Call("f", [u], [1]), function, *steps) == last
    assert Unfolder(BARE.define(*(Definition(*d) for d in (function, *steps)))).defines(Call("f", [u], [1]))
    first, steps, last = chain(DEPTH + 2)
    function = (Call("f", [x]), x * first)
    for term in (first, Partial(first**2, first), Call("f", [u], [1])):
        with pytest.raises(Circular, match="^the definition of s_6[01] leads back to itself$"):
            unfolded(term, function, *steps)
    product = u * x
    first, steps, last = chain(DEPTH - 1)
    assert unfolded(first, *steps, (last, product)) == product
    first, steps, last = chain(DEPTH)
    with pytest.raises(Circular, match="^the definitions that unfold u\\*x lead back to themselves$"):
        unfolded(first, *steps, (last, product))
    for term in (Partial(first * x, x), Partial(E, x)):
        slope = (Partial(E, x), first)
        assert unfolded(term, slope, *steps) == last
        with pytest.raises(Circular, match="^the definition of s_60 leads back to itself$"):
            unfolded(term, slope, *steps, (last, u))


def test_positions_and_conditions_are_not_unfolded():
    split = Cases((x, Eq(i, j)), (u, True))
    assert unfolded(split, (j, k)) == split
    assert unfolded(split, (j, k), (x, c)) == Cases((c, Eq(i, j)), (u, True))
    assert unfolded(z[j], (j, k)) == z[j]
    assert unfolded(x * j, (j, k)) == x * k


def test_what_no_definition_changes_stays_as_it_is_written():
    for written in (Pow(E_NUMBER, x, evaluate=False), Add(x, x, evaluate=False), Mul(x, 1 / x, evaluate=False)):
        assert unfolded(written) is written
        assert unfolded(written, (c, u)) is written
        assert unfolded(written, (x, u)) != written


@pytest.mark.parametrize("orders", [[0], [1], [2]])
def test_a_function_that_is_defined_by_its_own_derivative(orders):
    with pytest.raises(Circular, match="^the definition"):
        unfolded(Call("f", [u], orders), (Call("f", [x]), c * Call("f", [x], [1])))
    other = Call("g", [u], [orders[0] + 1])
    assert unfolded(Call("f", [u], orders), (Call("f", [x]), c * Call("g", [x], [1]))) == c * other
