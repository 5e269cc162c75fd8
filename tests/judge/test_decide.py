"""The judge: for each accepted claim a twin that is not, with the condition or the numbers that come with it."""

from __future__ import annotations

import pytest
from sympy import Integer, KroneckerDelta, Rational, exp, log, sqrt

from derive.judge.decide import decide
from derive.judge.kernel import Proof
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, HeldFixed, Obligation, OneHot, Range
from derive.terms.terms import Partial, Vector, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

i, j, k, l, m = (index(name) for name in "ijklm")
n, d = size("n"), size("d")
z, a, y, p, w, x_, b = (family(name) for name in ("z", "a", "y", "p", "w", "x", "b"))
x, tau, L, E = scalar("x"), scalar("tau"), scalar("L"), scalar("E")


def total(body, variable=k, low=1, high=n, excluded=()):
    return summation(body, variable, Integer(low), Integer(high) if isinstance(high, int) else high, excluded)


SOFT = Context().define(Definition(a[i], exp(z[i]) / total(exp(z[k]))), Definition(L, -total(y[k] * log(a[k]))))
NORMALISED = SOFT.assume(Fact(total(y[k]), "=", Integer(1)))


def judge(left, right, context=SOFT, relation="=", obligations=(), rounding=None):
    return decide(Claim(left, relation, right, tuple(obligations), rounding), context)


def unstated(verdict):
    return [c.what for c in verdict.conditions if not c.stated]


def test_a_proof_cannot_be_made_by_hand():
    with pytest.raises(TypeError, match=r"kernel alone"):
        Proof(Claim(x, "=", x), (), (), (), None)


def test_the_jacobian():
    assert judge(Partial(a[j], z[i]), a[j] * (KroneckerDelta(i, j) - a[i])).kind is Kind.PROVED
    wrong = judge(Partial(a[j], z[i]), a[j] * (KroneckerDelta(i, j) + a[i]))
    assert wrong.kind is Kind.REFUTED
    assert wrong.witness is not None
    assert wrong.witness.size == 1
    assert wrong.mended is not None
    assert wrong.mended.right == a[j] * (KroneckerDelta(i, j) - a[i])


def test_the_two_cases_come_with_their_condition_and_a_witness():
    off = judge(Partial(a[j], z[i]), -a[i] * a[j])
    assert off.kind is Kind.CONDITIONAL
    assert unstated(off) == [Fact(i, "!=", j)]
    assert off.witness is not None
    values = dict(off.witness.values)
    assert values["i"] == values["j"]
    on = judge(Partial(a[j], z[i]), a[i] * (1 - a[i]))
    assert unstated(on) == [Fact(i, "=", j)]
    assert dict(on.witness.values)["i"] != dict(on.witness.values)["j"]


def test_a_stated_case_is_used_and_named():
    apart = SOFT.assume(Fact(i, "!=", j))
    verdict = judge(Partial(a[j], z[i]), -a[i] * a[j], apart)
    assert verdict.kind is Kind.PROVED
    assert [c.what for c in verdict.conditions if c.stated] == [Fact(i, "!=", j)]
    assert judge(Partial(a[j], z[i]), a[i] * a[j], apart).kind is Kind.REFUTED


def test_the_gradient_needs_normalised_labels_and_no_more():
    open_ = judge(Partial(L, z[i]), a[i] - y[i])
    assert open_.kind is Kind.CONDITIONAL
    (needed,) = unstated(open_)
    assert isinstance(needed, Fact)
    assert needed.relation == "="
    assert needed.right == 1
    assert open_.witness is not None
    stated = judge(Partial(L, z[i]), a[i] - y[i], NORMALISED)
    assert stated.kind is Kind.PROVED
    assert len(stated.conditions) == 1
    assert judge(Partial(L, z[i]), y[i] - a[i], NORMALISED).kind is Kind.REFUTED


def test_normalised_is_not_one_hot():
    assert judge(total(y[k] ** 2), Integer(1), NORMALISED).kind is Kind.CONDITIONAL
    assert isinstance(unstated(judge(total(y[k] ** 2), Integer(1)))[0], OneHot)
    assert judge(total(y[k] ** 2), Integer(2)).kind is Kind.REFUTED


def test_one_hot_at_a_free_index():
    verdict = judge(L, -log(a[i]))
    assert unstated(verdict) == [OneHot(y, i)]
    assert judge(L, log(a[i])).kind is Kind.REFUTED


def test_a_value_for_which_it_would_hold_is_said_and_not_made_a_condition():
    cold = Context().define(Definition(a[i], exp(z[i] / tau) / total(exp(z[k] / tau))))
    claim = Claim(Partial(a[i], z[i]), "=", a[i] * (1 - a[i]), (Obligation(tau, "!="),))
    verdict = decide(claim, cold)
    assert verdict.kind is Kind.REFUTED
    assert "tau = 1" in rendered(verdict.reason)
    assert decide(Claim(Partial(a[i], z[i]), "=", a[i] * (1 - a[i]) / tau, (Obligation(tau, "!="),)), cold).kind is Kind.PROVED


def test_inequalities():
    assert judge(a[i], Integer(0), relation=">").kind is Kind.PROVED
    assert judge(a[i], Integer(0), relation="<").kind is Kind.REFUTED
    slope = judge(Partial(a[i], z[i]), Integer(0), relation=">")
    assert slope.kind is Kind.CONDITIONAL
    assert unstated(slope) == [Fact(n, ">=", Integer(2))]
    assert slope.witness.size == 1
    assert judge(a[i], Integer(1), relation="<=").kind is Kind.PROVED
    assert judge(a[i], Integer(1), relation="<").kind is Kind.CONDITIONAL
    assert judge(a[i], Rational(1, 2), relation="<").kind is Kind.REFUTED


def test_a_domain_as_condition():
    verdict = judge(sqrt(x**2), x, Context())
    assert verdict.kind is Kind.CONDITIONAL
    assert unstated(verdict) == [Fact(x, ">=", Integer(0))]
    positive = Context().assume(Fact(x, ">", Integer(0)))
    assert judge(sqrt(x**2), x, positive).kind is Kind.PROVED
    assert judge(sqrt(x**2), -x, positive).kind is Kind.REFUTED


def test_obligations_are_listed_and_discharged():
    v = scalar("v")
    both = (Obligation(x, ">"), Obligation(v, ">"), Obligation(x * v, ">"))
    verdict = judge(log(x * v), log(x) + log(v), Context(), obligations=both)
    assert verdict.kind is Kind.PROVED
    assert {c.what.term for c in verdict.obligations} == {x, v}
    known = Context().assume(Fact(x, ">", Integer(0)), Fact(v, ">", Integer(0)))
    assert all(c.stated for c in judge(log(x * v), log(x) + log(v), known, obligations=both).obligations)
    assert judge(log(x * v), log(x) * log(v), known, obligations=both).kind is Kind.REFUTED


def test_division_by_what_an_assumption_makes_zero():
    v = scalar("v")
    context = Context().assume(Fact(x, "=", v))
    claim = Claim((x**2 - v**2) / (x - v), "=", x + v, (Obligation(x - v, "!="),))
    assert decide(claim, context).kind is Kind.REFUTED
    assert decide(claim, Context()).kind is Kind.PROVED


def test_contradictory_assumptions_prove_nothing():
    context = Context().assume(Fact(x, ">", Integer(0)), Fact(x, "<", Integer(0)))
    assert judge(sqrt(x**2), x, context).kind is not Kind.PROVED


def test_numbers():
    e1, e2, e3 = exp(1), exp(2), exp(3)
    assert judge(e1 / (e1 + e2 + e3), Rational("0.09"), rounding=2).kind is Kind.PROVED
    assert judge(e1 / (e1 + e2 + e3), Rational("0.10"), rounding=2).kind is Kind.REFUTED
    tenth = [Rational(s) for s in ("0.1", "0.15", "0.05", "0.6", "0.1")]
    assert judge(sum(tenth), Integer(1)).kind is Kind.PROVED
    assert judge(sum(tenth) + Rational(1, 10**30), Integer(1)).kind is Kind.REFUTED
    assert judge(-log(Rational("0.6")), -log(Rational("0.3")), relation="<").kind is Kind.PROVED
    assert judge(-log(Rational("0.3")), -log(Rational("0.6")), relation="<").kind is Kind.REFUTED


def test_vectors_are_compared_entry_by_entry():
    assert judge(Vector([a[i] / a[i], x - x]), Vector([1, 0])).kind is Kind.PROVED
    assert judge(Vector([x, x]), Vector([x, 2 * x])).kind is Kind.REFUTED
    assert judge(Vector([x, x]), Vector([x])).kind is Kind.REFUTED


def test_a_derivative_of_which_nothing_is_known_is_not_judged():
    verdict = judge(Partial(E, z[i]), x_[i])
    assert verdict.kind is Kind.UNREAD
    assert rendered(verdict.reason) == "nothing says how E depends on z_i"
    assert judge(Partial(E, z[i]), Partial(E, z[i])).kind is Kind.PROVED


@pytest.mark.parametrize(("places", "said"), [((k,), "a_k"), ((Integer(12),), "a_{12}"), ((k, Integer(12)), "a_{k,12}")])
def test_an_unknown_derivative_under_a_sum_is_named_as_it_was_written(places, said):
    chain = total(y[k] * Partial(a[places], z[j]))
    context = Context().define(Definition(L, total(y[k] * a[places])))
    assert judge(Partial(L, z[j]), chain, context).kind is Kind.PROVED
    false = judge(Partial(L, z[j]), 2 * chain, context)
    assert (false.kind, rendered(false.reason)) == (Kind.UNREAD, f"nothing says how {said} depends on z_j")


def test_derivatives_by_parts_say_what_is_held_fixed():
    s = total(exp(z[m]), m)
    by_part = judge(Partial(a[j], s), -exp(z[j]) / s**2)
    assert by_part.kind is Kind.CONDITIONAL
    assert unstated(by_part) == [HeldFixed(exp(z[j]))]
    assert judge(Partial(a[j], s), exp(z[j]) / s**2).kind is not Kind.PROVED
    chain = Partial(a[j], exp(z[k])) * Partial(exp(z[k]), z[k]) + Partial(a[j], s) * Partial(s, z[k])
    assert judge(Partial(a[j], z[k]), chain).kind is Kind.CONDITIONAL
    assert judge(Partial(s, z[k]), Partial(s, exp(z[k])) * Partial(exp(z[k]), z[k])).kind is Kind.PROVED


def test_a_linear_layer_with_two_sizes():
    shape = Context().with_range(j, Range(Integer(1), d)).with_shape("x", [Range(Integer(1), d)])
    layer = shape.define(
        Definition(z[k], summation(w[k, j] * x_[j], j, Integer(1), d) + b[k]), Definition(L, total((z[k] - y[k]) ** 2) / 2)
    )
    assert judge(Partial(L, w[k, j]), (z[k] - y[k]) * x_[j], layer).kind is Kind.PROVED
    assert judge(Partial(L, w[k, j]), (z[k] - y[k]) * x_[k], layer).kind is not Kind.PROVED
    assert judge(Partial(z[k], w[l, j]), KroneckerDelta(k, l) * x_[j], layer).kind is Kind.PROVED


def test_entropy_of_a_distribution_is_not_negative():
    positive = Context().assume(Fact(p[k], ">", Integer(0), (k,)))
    verdict = judge(total(p[k] * log(1 / p[k])), -total(p[k] * log(p[k])), positive)
    assert verdict.kind is Kind.PROVED
    assert judge(total(p[k] * log(1 / p[k])), total(p[k] * log(p[k])), positive).kind is Kind.REFUTED


def test_an_unknown_quantity_is_not_a_constant_of_what_it_is_differentiated_by():
    assert judge(Partial(2 * E, z[i]), 2 * Partial(E, z[i])).kind is Kind.PROVED
    assert judge(Partial(2 * E, z[i]) + Partial(E, z[i]), Partial(E, z[i])).kind is not Kind.PROVED


def test_a_condition_on_indices_does_not_reach_into_the_parameters_of_a_definition():
    tied = Context().define(Definition(p[k], z[k] * z[j]))
    same = tied.assume(Fact(j, "=", k))
    assert judge(p[m], z[m] * z[k], same).kind is Kind.PROVED
    assert judge(p[m], z[m] ** 2, same).kind is not Kind.PROVED


def test_what_is_positive_in_a_part_of_a_range_need_not_be_so_outside():
    part = Obligation(p[k], ">", ((k, Integer(1), d),))
    whole = Obligation(p[k], ">", ((k, Integer(1), n),))
    left = summation(log(p[k]), k, Integer(1), d) + sqrt(p[j] ** 2)
    right = summation(log(p[k]), k, Integer(1), d) + p[j]
    assert judge(left, right, Context(), obligations=[part]).kind is not Kind.PROVED
    everywhere = judge(total(log(p[k])) + sqrt(p[j] ** 2), total(log(p[k])) + p[j], Context(), obligations=[whole])
    assert everywhere.kind is Kind.PROVED


def test_what_does_not_mention_the_variable_is_not_taken_for_constant():
    sum_of_others = judge(Partial(total(y[k]), x), Integer(0), Context())
    assert sum_of_others.kind is Kind.UNREAD
    assert rendered(sum_of_others.reason) == "nothing says how y depends on x"
    by_part = judge(Partial(E, y[i] ** 2) * x, Integer(0), Context())
    assert by_part.kind is Kind.UNREAD
    assert judge(Partial(total(y[k] * x), x), total(y[k]), Context()).kind is Kind.PROVED


def test_a_wrong_case_is_not_excused_by_a_condition_on_its_own_indices():
    wrong = judge(Partial(a[j], z[i]), a[j] * (KroneckerDelta(i, j) - a[j]))
    assert wrong.kind is Kind.REFUTED
    assert judge(Partial(a[j], z[i]), a[j] * (1 - a[j])).kind is Kind.CONDITIONAL


def test_no_condition_is_put_on_the_index_of_an_entry():
    claim = Claim(Partial(a[j], z[i]), "=", -a[i] * a[j])
    assert decide(claim, SOFT).kind is Kind.CONDITIONAL
    between_matrices = Claim(claim.left, "=", claim.right, entries=(i, j))
    assert decide(between_matrices, SOFT).kind is Kind.REFUTED


@pytest.mark.parametrize(
    ("left", "right", "context", "kind"),
    [
        (x + 1, 1 + x, Context(), Kind.PROVED),
        (x + 1, x + 2, Context(), Kind.UNREAD),
        (x**2, x, Context(), Kind.UNREAD),
        (total(a[k]), Integer(1), SOFT, Kind.PROVED),
        (total(a[k]), Integer(2), SOFT, Kind.UNREAD),
        (total(k), n * (n + 1) / 2, Context(), Kind.PROVED),
        (total(k * 2**k), (n - 1) * 2 ** (n + 1) + 2, Context(), Kind.PROVED),  # by induction
        (total(k * 2**k), (n - 1) * 2 ** (n + 1) + 3, Context(), Kind.UNREAD),
    ],
)
def test_where_only_proofs_are_asked_for_nothing_is_refuted(left, right, context, kind):
    assert decide(Claim(left, "=", right), context, only_proofs=True).kind is kind
