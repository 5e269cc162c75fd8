"""``decide`` holds each proof against the numbers, and lists what it needs and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Integer, KroneckerDelta, Max, Pow, Rational, exp, log, sqrt

from derive.judge import decide as module
from derive.judge.decide import Disagreement, decide
from derive.judge.kernel import Proof, prove
from derive.judge.points.refuting import Agreement
from derive.judge.points.witness import Witness
from derive.judge.verdict import Cause, Condition, Doubt, Kind, Verdict
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot
from derive.terms.reasons import Why, because
from derive.terms.terms import Call, Partial, Vector, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

i, j, k, l = (index(name) for name in "ijkl")
n = size("n")
x, u, v, L = (scalar(name) for name in ("x", "u", "v", "L"))
z, a, p, w, y = (family(name) for name in ("z", "a", "p", "w", "y"))
ZERO, ONE = Integer(0), Integer(1)
BARE = Context()
POSITIVE = Fact(x, ">", ZERO)
SUM = summation(exp(z[k]), k, ONE, n)
SOFT = BARE.define(Definition(a[i], exp(z[i]) / SUM))
ROOT = Claim(sqrt(x**2), "=", x)
PART = Claim(Partial(a[j], z[i]), "=", -a[i] * a[j])


def numbers(monkeypatch, **found):
    given = {"points": 1, "undecided": 0, "failure": None, **found}
    seen = []

    def agrees(claim, context, *rest):
        seen.append((claim, context, rest))
        return Agreement(**given)

    monkeypatch.setattr(module, "agrees", agrees)
    return seen


WITNESS = Witness(2, (("i", 1),), "1", "2")


# -- what the normal form proves, the numbers must not refute -----------------------------------------------------


def test_a_proof_that_the_numbers_refute_is_a_bug_and_is_raised(monkeypatch):
    seen = numbers(monkeypatch, failure=WITNESS)
    claim = Claim(x + x, "=", 2 * x, latex="x + x = 2x")
    with pytest.raises(Disagreement, match=r"^x \+ x = 2x: proved by normal form, refuted at \(\('i', 1\),\)$"):
        decide(claim, BARE)
    assert seen == [(claim, BARE, (6, (128,)))]
    with pytest.raises(Disagreement, match=r"^Claim\(left="):
        decide(Claim(x + x, "=", 2 * x), BARE)
    with pytest.raises(Disagreement, match=r"^root: proved under \(Fact\(.*\), refuted at \(\('i', 1\),\)$"):
        decide(Claim(sqrt(x**2), "=", x, latex="root"), BARE)
    assert seen[-1][1:] == (BARE.assume(Fact(x, ">=", ZERO)), (6,))


@pytest.mark.parametrize(("points", "undecided", "kind"), [(1, 0, Kind.PROVED), (0, 1, Kind.PROVED), (0, 0, Kind.UNREAD)])
def test_a_proof_at_no_point_at_all_is_not_shown_as_one(monkeypatch, points, undecided, kind):
    numbers(monkeypatch, points=points, undecided=undecided)
    context = BARE.assume(POSITIVE)
    verdict = decide(Claim(sqrt(x**2) / u, "=", x / u, (Obligation(u, "!="),)), context)
    assert verdict.kind is kind
    if kind is Kind.UNREAD:
        assert (verdict.proof, verdict.conditions, verdict.rules) == (None, (), ())
        assert verdict.reason == because(Why.NO_COMMON_POINT)
    else:
        assert verdict.conditions == (Condition(what=POSITIVE, stated=True),)
        assert verdict.obligations == (Condition(what=Obligation(u, "!=")),)
        assert verdict.rules == ("normal form",)
        assert (rendered(verdict.reason), verdict.witness, verdict.mended) == ("", None, None)
        assert verdict.proof == prove(verdict.proof.claim, context)


@pytest.mark.parametrize(
    ("points", "undecided", "kind"), [(1, 0, Kind.CONDITIONAL), (0, 1, Kind.CONDITIONAL), (0, 0, Kind.REFUTED)]
)
def test_a_condition_must_be_met_somewhere(monkeypatch, points, undecided, kind):
    numbers(monkeypatch, points=points, undecided=undecided)
    verdict = decide(ROOT, BARE)
    assert verdict.kind is kind
    assert verdict.witness is not None
    if kind is Kind.CONDITIONAL:
        assert verdict.conditions == (Condition(what=Fact(x, ">=", ZERO)),)
        assert (rendered(verdict.reason), verdict.rules, verdict.proof.claim) == ("", ("normal form",), ROOT)


def test_a_condition_without_a_counterexample_without_it_is_not_reported(monkeypatch):
    monkeypatch.setattr(module, "refute", lambda claim, context: None)
    claim = Claim(sqrt(x**2) / u, "=", x / u, (Obligation(u, "!="),))
    verdict = decide(claim, BARE)
    assert (verdict.kind, rendered(verdict.reason)) == (
        Kind.TESTED,
        "proved only under a further condition, but no counterexample without it was found",
    )
    assert verdict.conditions == (Condition(what=Fact(x, ">=", ZERO)),)
    assert verdict.obligations == (Condition(what=Obligation(u, "!=")),)
    assert (verdict.rules, verdict.proof) == (("normal form",), None)
    numbers(monkeypatch, points=0)
    verdict = decide(claim, BARE)
    assert (verdict.kind, verdict.reason) == (Kind.UNREAD, because(Why.CONDITION_NOWHERE))


# -- what is listed ------------------------------------------------------------------------------------------------


def stated(verdict):
    return [c.what for c in verdict.conditions if c.stated]


def unstated(verdict):
    return [c.what for c in verdict.conditions if not c.stated]


def test_of_conditions_on_indices_those_that_are_needed_are_listed():
    apart, same, size_ = Fact(i, "!=", j), Fact(k, "=", l), Fact(n, "=", Integer(4))
    context = SOFT.assume(apart, same, size_, POSITIVE)
    verdict = decide(PART, context)
    assert (verdict.kind, stated(verdict)) == (Kind.PROVED, [apart])
    assert stated(decide(Claim(z[k], "=", z[l]), context)) == [same]
    assert stated(decide(Claim(summation(z[k], k, ONE, n), "=", sum(z[c] for c in range(1, 5))), context)) == [size_]
    assert stated(decide(Claim(z[k] * sqrt(x**2), "=", z[l] * x), context)) == [POSITIVE, same]
    assert stated(decide(Claim(x, "=", x), context)) == []
    either = KroneckerDelta(i, j) * z[j] + (1 - KroneckerDelta(i, j)) * z[i]
    assert stated(decide(Claim(either, "=", z[i]), context)) == []
    assert decide(Claim(summation(z[k], k, ONE, n), "=", sum(z[c] for c in range(1, 4))), context).kind is Kind.REFUTED


def test_of_one_hot_families_those_that_are_needed_are_listed():
    hot, other = OneHot(y), OneHot(w)
    context = BARE.assume(hot, other)
    total = summation(y[k], k, ONE, n)
    assert stated(decide(Claim(total, "=", ONE), context)) == [hot]
    assert stated(decide(Claim(total - total, "=", ZERO), context)) == []
    redundant = BARE.assume(Fact(total, "=", ONE), hot)
    assert decide(Claim(total, "=", ONE), redundant).kind is Kind.PROVED
    assert stated(decide(Claim(total, "=", ONE), redundant)) == [Fact(total, "=", ONE)]
    assert stated(decide(Claim(y[i] ** 2, "=", y[i]), redundant)) == [hot]


def test_what_holds_for_every_size_does_not_need_the_stated_one():
    context = SOFT.assume(Fact(n, "=", Integer(1000)), Fact(i, "!=", j))
    verdict = decide(PART, context)
    assert (verdict.kind, stated(verdict)) == (Kind.PROVED, [Fact(i, "!=", j)])
    assert Fact(n, "=", Integer(1000)) not in verdict.proof.assumptions
    at_an_index = SOFT.assume(Fact(i, "=", Integer(2)))
    verdict = decide(Claim(a[i], "=", a[2]), at_an_index)
    assert (verdict.kind, stated(verdict)) == (Kind.PROVED, [Fact(i, "=", Integer(2))])
    both = decide(Claim(a[i], "=", a[2]), at_an_index.assume(Fact(n, "=", Integer(1000))))
    assert both.proof.assumptions == (Fact(i, "=", Integer(2)),)
    written_out = decide(
        Claim(a[i] + summation(z[k], k, ONE, n), "=", a[2] + z[1] + z[2] + z[3]), at_an_index.assume(Fact(n, "=", Integer(3)))
    )
    assert stated(written_out) == [Fact(i, "=", Integer(2)), Fact(n, "=", Integer(3))]


def test_a_condition_comes_with_the_stated_ones_that_it_needs():
    context = BARE.assume(Fact(u, ">", ZERO), Fact(v, ">", ZERO))
    verdict = decide(Claim(sqrt(x**2) * sqrt(u**2), "=", x * u), context)
    assert verdict.kind is Kind.CONDITIONAL
    assert unstated(verdict) == [Fact(x, ">=", ZERO)]
    assert stated(verdict) == [Fact(u, ">", ZERO)]
    assert [c.stated for c in verdict.conditions] == [False, True]


def test_indices_must_coincide_where_a_side_depends_on_it_and_else_two_were_confused():
    swapped = decide(Claim(Partial(a[j], z[i]), "=", a[j] * (1 - a[i])), SOFT)
    assert unstated(swapped) == [Fact(i, "=", j)]
    assert swapped.witness is not None
    confused = decide(Claim(z[i] + z[j], "=", 2 * z[i]), BARE)
    assert (confused.kind, confused.mended) == (Kind.REFUTED, None)
    offered = decide(Claim((z[i] + p[j]) ** 2, "=", z[i] ** 2 + 2 * z[i] * p[j] + p[i] ** 2), BARE)
    assert offered.kind is Kind.REFUTED
    assert offered.mended.right == z[i] ** 2 + 2 * z[i] * p[j] + p[j] ** 2
    assert decide(PART, SOFT).mended is None
    link = Claim(a[j] * (1 - a[i]), "=", a[i] * (1 - a[i]), chain=Partial(a[j], z[i]))
    assert unstated(decide(link, SOFT)) == [Fact(i, "=", j)]
    assert decide(replace(link, chain=a[j]), SOFT).kind is Kind.REFUTED
    sums = summation(y[k], k, ONE, n)
    normalised = decide(Claim(x * sums**3 + u * sums**3, "=", (x + u) * sums**2), BARE)
    assert (normalised.kind, [c.right for c in unstated(normalised)], normalised.mended) == (Kind.CONDITIONAL, [ONE], None)


# -- what is not proved ----------------------------------------------------------------------------------------------


def test_a_false_claim_comes_with_its_counterexample_and_a_mended_one():
    verdict = decide(Claim((x + 1) ** 2, "=", x**2 - 2 * x + 1, (Obligation(u, "!="),)), BARE)
    assert (verdict.kind, rendered(verdict.reason)) == (Kind.REFUTED, "it would hold if x = 0")
    assert verdict.mended.right == x**2 + 2 * x + 1
    assert (verdict.conditions, verdict.proof) == ((), None)
    assert verdict.witness.left != verdict.witness.right


def test_what_is_neither_proved_nor_refuted_was_tested():
    claim = Claim(Max(x, u) + 1 / v, "=", Max(u, x) + 1 / v, (Obligation(v, "!="),))
    assert decide(claim, BARE).kind is Kind.TESTED
    largest = Claim(Max(x, -x) / v, "=", sqrt(x**2) / v, (Obligation(v, "!="),))
    verdict = decide(largest, BARE)
    assert verdict.kind is Kind.TESTED
    assert rendered(verdict.reason) == "no proof (Max has no normal form) and no counterexample: it held at 6 generic points"
    assert verdict.obligations == (Condition(what=Obligation(v, "!=")),)
    nowhere = decide(Claim(log(-exp(x)) * Max(x, 1), "=", u), BARE)
    assert (nowhere.kind, nowhere.obligations, nowhere.reason.why) == (Kind.UNREAD, (), Why.NO_POINT)


def test_what_is_not_known_well_enough_is_not_judged():
    E = scalar("E")
    verdict = decide(Claim(Partial(E, z[i]), "=", p[i]), BARE)
    assert (verdict.kind, rendered(verdict.reason)) == (Kind.UNREAD, "nothing says how E depends on z_i")


def test_a_recurrence_is_not_judged_as_if_it_were_given():
    steps = BARE.define(Definition(p[i], x * p[i - 1] + z[i]))
    assert decide(Claim(p[i], "=", z[i]), steps).kind in (Kind.UNREAD, Kind.REFUTED)


def test_a_side_that_has_no_value_anywhere_refutes():
    verdict = decide(Claim(x / (u - u + v), "=", x / v, (Obligation(u - u, "!="),)), BARE)
    assert (verdict.kind, rendered(verdict.reason)) == (Kind.REFUTED, "a side is not defined: 0 fails")


# -- numbers ---------------------------------------------------------------------------------------------------------


def test_numbers_are_compared_as_numbers():
    verdict = decide(Claim(exp(1), "=", Rational(272, 100), (Obligation(exp(1), "!="), Obligation(u, "!=")), 2), BARE)
    assert (verdict.kind, rendered(verdict.reason), verdict.rules) == (Kind.PROVED, "to 2 decimals", ("enclosure of numbers",))
    assert verdict.obligations == (Condition(what=Obligation(u, "!=")),)
    assert (verdict.conditions, verdict.witness) == ((), None)
    assert verdict.proof.rules == ("enclosure of numbers",)
    less = decide(Claim(exp(1), "<", Integer(3)), BARE)
    assert (less.kind, rendered(less.reason), less.rules) == (Kind.PROVED, "", ("enclosure of numbers",))
    assert decide(Claim(exp(1), "=", exp(1)), BARE).rules == ("normal form",)
    assert decide(Claim(Rational(1, 2), "=", Rational(2, 4)), BARE).rules == ("normal form",)
    more = decide(Claim(exp(1), ">", Integer(3)), BARE)
    assert (more.kind, rendered(more.reason), more.witness is not None) == (Kind.REFUTED, "", True)
    assert decide(Claim(exp(1), "=", Rational(271, 100), rounding=2), BARE).kind is Kind.TESTED  # its digits were cut
    assert decide(Claim(exp(1), "=", Rational(273, 100), rounding=2), BARE).kind is Kind.REFUTED
    assert decide(Claim(x, "=", x, rounding=2), BARE).kind is not Kind.PROVED
    assert decide(Claim(exp(x), ">", ZERO), BARE).rules == ("sign",)


# -- vectors and parts -------------------------------------------------------------------------------------------------


def test_the_worst_entry_decides():
    def kind(*pairs):
        left, right = zip(*pairs, strict=True)
        return decide(Claim(Vector(left), "=", Vector(right)), BARE).kind

    true, conditional, false = (x, x), (sqrt(x**2), x), (x, 2 * x)
    tested, unread = (Max(x, -x), sqrt(x**2)), (Partial(L, z[i]), p[i])
    order = [
        (true, Kind.PROVED),
        (conditional, Kind.CONDITIONAL),
        (tested, Kind.TESTED),
        (unread, Kind.UNREAD),
        (false, Kind.REFUTED),
    ]
    for place, (worse, expected) in enumerate(order):
        for better, _ in order[: place + 1]:
            assert kind(better, worse) is expected
            assert kind(worse, better) is expected


def test_the_rules_of_all_entries_are_named():
    split = (exp(x * KroneckerDelta(i, j)), 1 + KroneckerDelta(i, j) * (exp(x) - 1))
    for pairs in (((x, x), split), (split, (x, x))):
        left, right = zip(*pairs, strict=True)
        assert decide(Claim(Vector(left), "=", Vector(right)), BARE).rules == ("normal form", "case split")


def test_an_unknown_function_hides_no_part():
    value = Call("f", [SUM])
    slope = Partial(value * SUM, SUM)
    assert decide(Claim(slope, "=", value + SUM * Call("f", [SUM], [1])), BARE).kind is Kind.PROVED
    assert decide(Claim(slope, "=", value), BARE).kind is Kind.REFUTED
    held = decide(Claim(Partial(Call("f", [z[i]]) * SUM, SUM), "=", Call("f", [z[i]])), BARE)
    assert (held.kind, [c.what.term for c in held.conditions]) == (Kind.CONDITIONAL, [Call("f", [z[i]])])


@pytest.mark.parametrize(("low", "kind"), [(1, Kind.PROVED), (3, Kind.REFUTED)])
def test_an_unknown_function_hides_no_empty_sum(low, kind):
    """Σ_{k=3}^{n} e^{z_k} / Σ_{l=3}^{n} e^{z_l} is 0 where n < 3, and f(0) is not f(1)."""
    below = summation(exp(z[l]), l, Integer(low), n)
    share = summation(exp(z[k]) / below, k, Integer(low), n)
    assert decide(Claim(Call("f", [share]), "=", Call("f", [ONE])), BARE).kind is kind


def test_a_power_of_e_as_it_is_written_is_no_number():
    written = Pow(exp(1), x, evaluate=False)
    assert decide(Claim(written, "=", exp(x)), BARE).kind is Kind.PROVED
    assert decide(Claim(written, "=", exp(exp(1))), BARE).kind is Kind.REFUTED
    assert decide(Claim(Partial(written, x), "=", exp(x)), BARE).kind is Kind.PROVED
    assert decide(Claim(Partial(written, x), "=", ZERO), BARE).kind is Kind.REFUTED


def test_a_list_on_one_side_only_is_not_read():
    for left, right in ((Vector([x]), x), (x, Vector([x]))):
        assert decide(Claim(left, "=", right), BARE).kind is Kind.UNREAD


def test_a_derivative_by_a_part_on_either_side_is_carried_out():
    chain = Partial(SUM**2, SUM)
    for left, right in ((chain, 2 * SUM), (2 * SUM, chain)):
        verdict = decide(Claim(left, "=", right), BARE)
        assert (verdict.kind, verdict.proof.claim.left) == (Kind.PROVED, left)
    held = Partial(exp(z[j]) * SUM, SUM)
    verdict = decide(Claim(held, "=", exp(z[j]) * sqrt(x**2) / x, (Obligation(x, "!="),)), BARE.assume(POSITIVE))
    assert verdict.kind is Kind.CONDITIONAL
    assert stated(verdict) == [POSITIVE]
    assert [c.stated for c in verdict.conditions] == [False, True]
    plain = decide(Claim(Partial(KroneckerDelta(i, j) * u, u), "=", KroneckerDelta(i, j)), BARE)
    assert isinstance(plain.proof, Proof)
    assert plain.kind is Kind.PROVED


def test_what_holds_at_the_stated_size_only_is_proved_there():
    y, k, n = family("y"), index("k"), size("n")
    claim = Claim(summation(y[k], k, Integer(1), n), "=", y[1] + y[2])
    assert decide(claim, Context().assume(Fact(n, "=", Integer(2)))).kind is Kind.PROVED
    assert decide(claim, Context().assume(Fact(n, "=", Integer(3)))).kind is Kind.REFUTED


# -- what numbers leave open, and what a size decides -----------------------------------------------------------------


@pytest.mark.parametrize(("undecided", "why"), [(1, Why.UNDECIDED), (0, Why.NO_POINT)])
def test_a_claim_that_no_precision_decides_says_so(monkeypatch, undecided, why):
    numbers(monkeypatch, points=0, undecided=undecided)
    monkeypatch.setattr(module, "refute", lambda claim, context: None)
    found = decide(Claim(exp(x) + log(x**2 + 1), "=", u * v), BARE)
    assert (found.kind, found.reason.why) == (Kind.UNREAD, why)


def test_a_size_that_is_assumed_decides_what_does_not_hold_for_every_size():
    count = summation(ONE, k, ONE, n)
    two = BARE.assume(Fact(n, "=", Integer(2)))
    assert decide(Claim(count, "=", Integer(2)), two).kind is Kind.PROVED
    assert decide(Claim(count, "=", Integer(3)), two).kind is Kind.REFUTED
    assert decide(Claim(count, "=", n), two).kind is Kind.PROVED


def test_doubts_come_with_a_doubtful_verdict_and_with_no_other():
    doubt = (Doubt(Cause.ROLE),)
    assert Verdict(Kind.DOUBTFUL, doubts=doubt).doubts == doubt
    for kind, doubts in ((Kind.DOUBTFUL, ()), (Kind.REFUTED, doubt), (Kind.UNREAD, doubt)):
        with pytest.raises(ValueError, match="does not go with the doubts"):
            Verdict(kind, doubts=doubts)
