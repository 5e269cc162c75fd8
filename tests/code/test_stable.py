"""Rewrites are used only where the judge proves them."""

import pytest
from sympy import Abs, Eq, Integer, KroneckerDelta, Sum, exp, log

from derive.algebra.context import Claim, Context, Definition
from derive.algebra.terms import Cases, family, index, scalar, size, summation
from derive.code.stable import Stabiliser
from derive.judge.decide import decide
from derive.judge.verdict import Kind

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
