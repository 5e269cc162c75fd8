"""Indices of sums replaced, shifted and merged: what the laws of sums are made of, and where they end."""

from __future__ import annotations

import pytest
from sympy import Abs, Rational, Symbol, cos, exp, log, sin, sqrt

from derive.normal.algebra.polynomial import TooLarge, monomial_key
from derive.normal.algebra.ring import ZeroDivision
from derive.normal.normaliser import Normaliser
from derive.normal.series import sums
from derive.normal.series.sums import _over, complement, substitute, sum_over
from derive.terms.context import Definition, Fact, OneHot, Range
from derive.terms.terms import Call, bound
from tests.normal.symbols import BARE, DELTA, FROM_ZERO, ONE, ZERO, A, d, equal, i, j, k, l, least, m, n, p, total, w, x, y, z


@pytest.mark.parametrize(
    ("term", "replaced"),
    [
        (i, j),
        (i**2 * x, j**2 * x),
        (z[i], z[j]),
        (w[i, j], w[j, j]),
        (z[k], z[k]),
        (DELTA(i, k), DELTA(j, k)),
        (DELTA(i, j), ONE),
        (log(2 + z[i] ** 2), log(2 + z[j] ** 2)),
        (Abs(z[i]), Abs(z[j])),
        (1 / (1 + z[i]), 1 / (1 + z[j])),
        (sqrt(z[i]), sqrt(z[j])),
        (sqrt(1 + z[i]), sqrt(1 + z[j])),
        (Call("f", [z[i]]), Call("f", [z[j]])),
        (sin(z[i]), sin(z[j])),
        (Call("f", [z[i], z[k]], [1, 0]), Call("f", [z[j], z[k]], [1, 0])),
        (exp(z[i]) * z[k], exp(z[j]) * z[k]),
        (exp(z[i] * z[k]), exp(z[j] * z[k])),
        (x ** z[i], x ** z[j]),
        (total(w[i, k]), total(w[j, k])),
        (total(z[k], high=i), total(z[k], high=j)),
        (total(z[k], low=i), total(z[k], low=j)),
        (total(w[i, k]) ** 2, total(w[j, k]) ** 2),
        (total(total(A[i, k, l], l), k), total(total(A[j, k, l], l), k)),
        (1 / total(exp(w[i, k])), 1 / total(exp(w[j, k]))),
        (total(z[k] * DELTA(k, l), l), z[k]),
        (z[i] ** 2 * p[i] + 3, z[j] ** 2 * p[j] + 3),
    ],
)
def test_an_index_is_replaced_in_every_kind_of_atom(term, replaced):
    normal = Normaliser(BARE)
    assert substitute(normal.ring, normal(term), {i: j}) == normal(replaced)
    assert substitute(normal.ring, normal(term), {m: j}) == normal(term)


def test_a_restricted_factor_is_replaced_too():
    normal = Normaliser(BARE)
    apart = complement(normal.ring, i, k)
    assert substitute(normal.ring, apart, {i: l}) == complement(normal.ring, k, l)
    assert not substitute(normal.ring, apart, {i: k})
    assert substitute(normal.ring, apart, {i: k + 1}).constant() == 1
    assert complement(normal.ring, i, i).constant() == 0
    assert complement(normal.ring, i, i + 1).constant() == 1
    assert complement(normal.ring, i, k) == complement(normal.ring, k, i)
    assert normal.ring.product(apart, apart) == apart
    with pytest.raises(ZeroDivision):
        normal.ring.inverse(apart)


def test_the_ends_of_what_is_done():
    normal = Normaliser(BARE)
    collapsing = 1 / (z[i] - z[j])
    with pytest.raises(ZeroDivision):
        substitute(normal.ring, normal(collapsing), {i: j})
    with pytest.raises(TooLarge, match="^an index that is no polynomial"):
        normal.ring.index_value(2**n)
    assert sum_over(normal.ring, normal(ONE), k, ONE, n) == normal(n)
    short = Normaliser(BARE, expanded=3)
    for high, written in ((3, True), (4, False)):
        short.knowledge.could_expand = False
        form = short(total(z[k], high=high))
        assert (len(form) == high) is written
        assert short.knowledge.could_expand is not written
    assert not equal(total(z[k], high=4), z[1] + z[2] + z[3] + z[4], expanded=4 - 1)
    assert equal(total(z[k], high=4), z[1] + z[2] + z[3] + z[4], expanded=4)


def test_a_sum_over_less_than_the_terms_of_its_body_are_made_for():
    """The body is made for k in 0..n, the sum is taken over 1..n."""
    wide = Normaliser(BARE.with_range(k, Range(ZERO, n)))
    ring, body = wide.ring, wide(DELTA(k, 0) * z[k])
    assert sum_over(ring, body, k, ZERO, n) == wide(z[0])
    wide.knowledge.ranges[k] = Range(ZERO, n)
    assert not sum_over(ring, body, k, ONE, n)
    doubled = Normaliser(BARE.with_range(k, Range(ZERO, n)))
    body = doubled(DELTA(2 * k, 0) * z[k])
    with pytest.raises(ZeroDivision, match="^a sum that changes its shape when its index is renamed$"):
        sum_over(doubled.ring, body, k, ONE, n)


def test_a_factor_that_no_sum_binds_is_taken_out():
    normal = Normaliser(BARE)
    ((both, _),) = normal(x * z[k])
    ((alone, _),) = normal(z[k])
    spans = ((k, ONE, n),)
    assert _over(normal.ring, both, spans) == normal.ring.product(normal(x), _over(normal.ring, alone, spans))
    assert _over(normal.ring, both, spans) == normal(x * total(z[k]))
    assert _over(normal.ring, both, spans) != normal(total(z[k]))
    ((two, _),) = normal(z[k] * p[l])
    assert _over(normal.ring, two, (*spans, (l, ONE, d))) == normal(total(z[k]) * total(p[l], l, high=d))


def test_far_limits_are_left_as_they_are():
    far = Normaliser(least(20))
    for low, high, moved in (
        (5, n, True),
        (6, n, False),
        (1, n - 4, True),
        (1, n - 5, False),
        (-3, n, True),
        (-4, n, False),
        (1, n + 4, True),
        (1, n + 5, False),
    ):
        form = far(total(z[k], low=low, high=high))
        assert (len(form) > 1) is moved, (low, high)


def test_powers_of_the_index_are_summed_up_to_the_sixth():
    for power, closed in ((6, True), (7, False)):
        form = Normaliser(BARE)(total(k**power))
        assert any(atom.kind == "sum" for atom in form.atoms) is not closed
        assert equal(total(k**power), total(l**power, l))


def test_a_sum_keeps_its_range_where_another_index_is_replaced():
    normal = Normaliser(FROM_ZERO)
    even = normal(total(DELTA(2 * k, 0) * w[j, k], low=i))
    assert substitute(normal.ring, even, {j: l}) == normal(total(DELTA(2 * k, 0) * w[l, k], low=i))
    assert substitute(normal.ring, even, {j: l}) != normal(total(DELTA(2 * k, 0) * w[j, k], low=i))


def test_only_an_index_plus_a_number_is_shifted():
    normal = Normaliser(BARE)
    for place, terms_left in ((2 * k, 1), (n - k, 1), (k, 1), (k + 1, 3)):
        assert len(normal(total(z[place]))) == terms_left, place
    assert len(normal(total(log(2 + z[k + 1] ** 2)))) == 1


def test_a_shifted_index_keeps_both_ends_of_its_range():
    hot = BARE.assume(OneHot(y, i))
    assert equal(total(y[k + 1], low=0), 1 + y[n + 1], hot)
    assert not equal(total(y[k + 1], low=0), ONE, hot)


def test_an_exponential_of_two_indices_falls_into_two_sums():
    normal = Normaliser(BARE)
    spans = ((k, ONE, n), (l, ONE, d))
    ((apart, _),) = normal(exp(z[k] + p[l]))
    ((joined, _),) = normal(exp(z[k] * p[l]))
    assert _over(normal.ring, apart, spans) == normal(total(exp(z[k])) * total(exp(p[l]), l, high=d))
    ((((atom, _),), _),) = _over(normal.ring, joined, spans)
    assert len(atom.data[0]) == 2


def test_a_double_sum_in_a_sum_is_merged_once_and_not_twice():
    normal = Normaliser(BARE)
    inner = total(total(A[k, l, m], m), l)
    for power, spans in ((1, 3), (2, 1)):
        ((((atom, _),), _),) = normal(total(inner**power, k))
        assert len(atom.data[0]) == spans, power


def test_sums_in_sums_are_merged_up_to_four():
    normal = Normaliser(BARE)
    for power, merged in ((1, True), (2, True), (3, True), (4, False)):
        form = normal(total(total(w[k, l], l) ** power, k))
        ((((atom, _),), _),) = form
        assert (len(atom.data[0]) == power + 1) is merged, power


def test_the_known_range_of_a_placeholder_is_that_of_its_own_sum():
    known = BARE.with_range(l, Range(ONE, d)).assume(Fact(p[l], ">", ZERO, (l,)))
    both = total(log(p[k] ** 2), high=d) + total(log(p[k] ** 2))
    assert equal(both, 2 * total(log(p[k]), high=d) + total(log(p[k] ** 2)), known)
    assert not equal(both, 2 * total(log(p[k]), high=d) + 2 * total(log(p[k])), known)


def test_a_definition_at_other_limits():
    steps = BARE.define(Definition(y[i], total(z[k], high=i)))
    assert equal(y[j] - y[j - 1], y[j] - y[j - 1], steps)
    assert equal(y[3], z[1] + z[2] + z[3], steps)
    assert not equal(y[3], y[2], steps)
    assert equal(total(Rational(1, 2) * z[k] + Symbol("c", real=True) * 0), total(z[k]) / 2)
    assert equal(total(cos(z[k]) ** 2 + sin(z[k]) ** 2), n)
    assert bound("k") != bound("k")


NESTED = (
    total(exp(w[i, k] * total(exp(A[i, k, l]), l)), k),
    total(exp(total(w[k, l] * exp(total(A[i, l, j], j)), l)) * z[k], k),
    total(sin(total(w[i, k], i)) * z[k], k) ** 2,
    total(total(exp(total(w[k, l] * z[j] * A[i, k, l], i)), k) * y[l], l),
    total(exp(total(total(w[k, l] * z[i] * A[i, k, l], i), l)), k),
    total(cos(total(w[k, l], l, high=k)), k),
    total(DELTA(k, l) * exp(total(w[k, j] * z[j], j)) * y[l], k),
    total(abs(total(w[k, l] - w[j, l], l)), k),
)


@pytest.mark.parametrize("place", range(len(NESTED)))
def test_new_names_of_bound_indices_change_nothing(place, monkeypatch):
    """What is renamed in one pass has the form that opening and closing every sum gives."""

    def form():
        return [(monomial_key(monomial), c) for monomial, c in Normaliser(BARE)(NESTED[place]).ordered]

    quick = form()
    monkeypatch.setattr(sums, "_renamed", lambda ring, atom, values: None)
    assert quick == form()


@pytest.mark.parametrize("name", ["#1", "#7", "k", "q"])
def test_a_new_name_is_not_captured(name):
    normal = Normaliser(BARE)
    new = Symbol(name, integer=True)
    inner = substitute(normal.ring, normal(total(exp(w[i, k]), k)), {i: new})
    assert inner != normal(total(exp(w[k, k]), k)) and new in inner.free
    assert sum_over(normal.ring, inner, new, ONE, n) == normal(total(total(exp(w[l, k]), k), l))


def test_two_indices_may_become_one():
    normal = Normaliser(BARE)
    new = bound("q")
    both = substitute(normal.ring, normal(total(exp(A[i, j, k]), k)), {i: new, j: new})
    assert sum_over(normal.ring, both, new, ONE, n) == normal(total(total(exp(A[l, l, k]), k), l))


def test_ends_that_depend_on_the_index_follow_it():
    normal = Normaliser(BARE)
    new = bound("q")
    triangle = substitute(normal.ring, normal(total(exp(w[i, k]), k, high=i)), {i: new})
    assert sum_over(normal.ring, triangle, new, ONE, n) == normal(total(total(exp(w[l, k]), k, high=l), l))
    assert sum_over(normal.ring, triangle, new, ONE, n) != normal(total(total(exp(w[l, k]), k), l))
