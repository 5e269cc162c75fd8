"""Rewrites are used only where the judge proves them."""

import pytest
from sympy import Abs, Eq, Integer, KroneckerDelta, Sum, exp, log

from derive.code.stable.stabiliser import CannotLower, Stabiliser
from derive.code.stable.support import OnSupport, unmarked
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, Range
from derive.terms.terms import Cases, family, index, scalar, size, summation

z, a = family("z"), family("a")
i, k, t, n = index("i"), index("k"), index("t"), size("n")
total = summation(exp(z[k]), k, 1, n)
CHANCES = Context().define(Definition(a[i], exp(z[i]) / total))


def shifted(term, context=CHANCES, **more):
    stable = Stabiliser(context, **more)
    return stable, stable(term)


def test_the_logarithm_of_a_sum_is_taken_apart_from_its_largest_term():
    stable, term = shifted(log(total))
    assert [licence.law for licence in stable.licences] == ["logarithm"]
    assert [licence.arbitrary for licence in stable.licences] == [("c", "s")]
    assert term.has(stable.shifts.series[0].peak) and not stable.refused


def test_a_quotient_is_shifted():
    stable, _ = shifted(a[i])
    assert [licence.law for licence in stable.licences] == ["shift"]
    assert stable.definitions["a"].body != CHANCES.definitions[0].body


@pytest.mark.parametrize("term", [log(z[i]), summation(z[k], k, 1, n), exp(z[i]), z[i] + 1])
def test_what_cannot_overflow_in_a_sum_is_left_as_it_is(term):
    stable, found = shifted(term)
    assert found == term and not stable.licences


def test_one_less_a_quotient_is_a_sum_of_the_other_terms():
    stable, term = shifted(a[t] - 1, points=frozenset({t}))
    assert [licence.law for licence in stable.licences] == ["complement"]
    assert term.could_extract_minus_sign() and term.has(Sum)


def test_a_label_makes_a_case():
    _, term = shifted(a[i] - KroneckerDelta(i, t), points=frozenset({t}))
    assert isinstance(term, Cases) and term.args[0].cond == Eq(i, t) and term.args[1].expr == a[i]


@pytest.mark.parametrize("sign", [1, -1])
def test_one_plus_an_exponential_has_one_form_for_both_signs(sign):
    x = scalar("x")
    stable, term = shifted(log(1 + exp(sign * x)), Context())
    assert term.has(Abs) and [licence.law for licence in stable.licences] == ["logarithm"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda shift: shift.peak - log(1 + summation(exp(z[k] - shift.shift), k, 1, n, [shift.top]) / shift.largest),
        lambda shift: shift.peak + log(1 + summation(exp(z[k] - shift.shift), k, 1, n) / shift.largest),
        lambda shift: shift.shift + log(1 + summation(exp(z[k] - shift.shift), k, 1, n, [shift.top]) / shift.largest),
    ],
    ids=["wrong sign", "largest term twice", "shift for peak"],
)
def test_a_planted_wrong_rewrite_is_refused(wrong):
    stable, _ = shifted(log(total))
    shift, before = stable.shifts.series[0], list(stable.licences)
    planted = wrong(shift)
    assert stable._licensed(log(total), planted, "logarithm") != planted
    assert stable.licences == before and len(stable.refused) == 1


def test_a_wrong_branch_for_one_sign_is_refused():
    x = scalar("x")
    stable, _ = shifted(log(1 + exp(x)), Context())
    before = list(stable.licences)
    planted = log(1 + exp(-Abs(x)))
    assert stable._licensed(log(1 + exp(x)), planted, "logarithm") != planted and stable.licences == before


def test_without_a_proof_nothing_is_rewritten():
    def doubting(claim, context):
        return decide(Claim(claim.left, "=", claim.right + 1), context)

    stable, term = shifted(log(total), judge=doubting)
    assert term == log(total) and not stable.licences and stable.refused


def test_the_judge_proves_what_the_licences_say():
    """The licence is shown with p and t written out; that form is proved too."""
    stable, term = shifted(log(total))
    shift = stable.shifts.series[0]
    assert decide(Claim(log(total), "=", shift.in_print(term)), CHANCES).kind is Kind.PROVED
    assert decide(Claim(log(total), "=", shift.in_print(term) + Integer(1)), CHANCES).kind is Kind.REFUTED


y = family("y")


def test_a_difference_from_a_quotient_keeps_the_digits_of_both():
    stable, term = shifted(a[i] - y[i])
    assert [licence.law for licence in stable.licences] == ["complement", "difference", "shift"]
    assert "a_i - y_i = a_i \\left(1 - y_i\\right) - y_i \\left(1 - a_i\\right)" in {one.latex for one in stable.licences}
    assert term.has(1 - y[i]) and term != a[i] - y[i]
    turned, _ = shifted(y[i] - a[i])
    assert [licence.latex for licence in turned.licences] == [licence.latex for licence in stable.licences]


@pytest.mark.parametrize("term", [z[i] - y[i], a[i] - 2, a[i] + y[i], y[i] - KroneckerDelta(i, k)])
def test_other_differences_are_left_alone(term):
    stable, found = shifted(term)
    assert found == term and "difference" not in {licence.law for licence in stable.licences}


def test_a_diagonal_is_a_case_only_where_a_difference_cancels_on_it():
    context = CHANCES.with_range(i, Range(Integer(1), n)).with_range(k, Range(Integer(1), n))
    _, term = shifted(a[i] - KroneckerDelta(i, k), context)
    assert isinstance(term, Cases) and term.args[0].expr.has(Sum) and term.args[1].expr == a[i]
    assert not shifted(y[i] - KroneckerDelta(i, k), context)[1].has(Cases)


def test_a_wrong_difference_is_refused():
    stable, _ = shifted(a[i] - y[i])
    wrong = a[i] * (1 - y[i]) + y[i] * (1 - a[i])
    assert stable._licensed(a[i] - y[i], wrong, "difference") != wrong and stable.refused


def test_a_sum_over_a_bracket_with_a_delta_is_taken_apart():
    matrix = summation(y[k] * (KroneckerDelta(i, k) / z[i] - z[k]), k, 1, n)
    stable, term = shifted(matrix, Context().with_range(i, Range(Integer(1), n)))
    assert not term.has(KroneckerDelta) and [licence.law for licence in stable.licences] == ["sifting"]
    doubting = shifted(
        matrix,
        Context().with_range(i, Range(Integer(1), n)),
        judge=lambda claim, context: decide(Claim(claim.left, "=", claim.right + 1), context),
    )
    assert doubting[1].has(KroneckerDelta) and doubting[0].refused


def test_a_logarithm_counts_only_where_its_factor_is_not_0():
    _, term = shifted(y[i] * log(a[i]))
    assert term.has(OnSupport) and unmarked(term) == shifted(log(a[i]))[1] * y[i]


@pytest.mark.parametrize("term", [2 * log(a[i]), y[i] * log(1 + exp(z[i])), y[i] * z[i], exp(z[i]) * log(a[i])])
def test_a_factor_that_cannot_be_0_or_a_finite_logarithm_changes_nothing(term):
    assert not shifted(term)[1].has(OnSupport)


# -- moderate exponents ------------------------------------------------------------------------------------------------

LABELLED = CHANCES.with_range(t, Range(Integer(1), n))


def moderate(term, context=LABELLED, **more):
    return shifted(term, context, points=frozenset({t}), moderate=True, **more)


def test_moderate_exponents_are_not_shifted_and_a_sum_is_split_at_the_label():
    stable, term = moderate(log(a[t]))
    (split,) = stable.shifts.series
    assert split.top == t and split.shift == 0 and split.peak == z[t]
    expected = -log(1 + summation(exp(z[k]), k, 1, n, [t]) / split.largest)
    assert term.as_dummy() == expected.as_dummy()
    assert [licence.latex for licence in stable.licences] == [r"\ln a_t = -\ln\left(1 + e^{-z_t} \sum_{k \ne t} e^{z_k}\right)"]
    assert not stable.licences[0].arbitrary and not stable.refused
    shifts, other = shifted(log(a[t]), LABELLED, points=frozenset({t}))
    assert shifts.licences[0].arbitrary == ("c", "s") and other != term


def test_an_exponent_at_the_label_that_is_subtracted_at_once_is_gone():
    _, term = moderate(log(total) - z[t])
    assert term.as_dummy() == -moderate(log(a[t]))[1].as_dummy()


def test_the_gradient_at_the_label_is_the_sum_of_the_other_terms():
    stable, term = moderate(a[t] - 1)
    (split,) = stable.shifts.series
    others = summation(exp(z[k]), k, 1, n, [t])
    assert term.as_dummy() == (-others / (split.largest + others)).as_dummy()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda split, others: log(1 + others / split.largest),
        lambda split, others: -log(1 + others),
        lambda split, others: -log(others / split.largest),
    ],
    ids=["wrong sign", "not divided", "without the label"],
)
def test_a_wrong_split_at_the_label_is_refused(wrong):
    stable, right = moderate(log(a[t]))
    others = summation(exp(z[k]), k, 1, n, [t])
    assert stable._licensed(log(a[t]), right, "logarithm") == right and not stable.refused
    planted = wrong(stable.shifts.series[0], others)
    assert stable._licensed(log(a[t]), planted, "logarithm") != planted
    assert [licence.law for licence in stable.licences].count("logarithm") == 1 and len(stable.refused) == 1


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (log(a[i]), "the exponent at the label is left"),
        (log(total), "the exponent at the label is left"),
        (1 - a[i], "without one term each"),
    ],
)
def test_what_needs_the_largest_exponent_has_no_moderate_form(term, reason):
    context = LABELLED.with_range(i, Range(Integer(1), n))
    with pytest.raises(CannotLower, match=reason):
        moderate(term, context)
    assert shifted(term, context, points=frozenset({t}))[0].licences


def test_without_a_label_no_sum_of_moderate_exponentials_is_split():
    with pytest.raises(CannotLower, match="no label"):
        shifted(log(a[i]), moderate=True)
    stable, term = shifted(a[i], moderate=True, split=False)
    assert term == a[i] and stable.definitions["a"].body == CHANCES.definitions[0].body and not stable.licences


def test_a_factor_that_is_assumed_positive_changes_nothing():
    assert not shifted(y[i] * log(y[i]), Context().assume(Fact(y[k], ">", Integer(0))))[1].has(OnSupport)
    assert shifted(y[i] * log(y[i]), Context())[1].has(OnSupport)
