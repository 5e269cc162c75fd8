"""A verdict of truth comes with a proof of just that claim, from just those assumptions."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from sympy import Integer, exp, sqrt

from derive.judge.decide import decide
from derive.judge.kernel import Open, Proof, Uncomparable, Unequal, by_parts, carried_out, enclosed, entries, entrywise, prove
from derive.judge.verdict import Cause, Condition, Doubt, Kind, Verdict
from derive.terms.context import Claim, Context, Fact, HeldFixed, Obligation
from derive.terms.reasons import Why, because
from derive.terms.terms import Partial, Vector, dots, family, index, scalar, size, summation
from derive.writing.messages.rendering import rendered

k, i, n = index("k"), index("i"), size("n")
x, y, z = scalar("x"), scalar("y"), family("z")
TRUE, FALSE = Claim((x + 1) ** 2, "=", x**2 + 2 * x + 1), Claim((x + 1) ** 2, "=", x**2 + 1)
POSITIVE = Fact(x, ">", Integer(0))
BARE = Context()


def proof_of(claim, context=BARE):
    found = prove(claim, context)
    assert isinstance(found, Proof)
    return found


# -- a proof is made in one place ------------------------------------------------------------------------------


def test_a_proof_cannot_be_made_by_hand_nor_changed():
    with pytest.raises(TypeError, match=r"^a Proof is made by derive\.judge\.kernel alone$"):
        Proof(TRUE, (), (), (), object())
    with pytest.raises(ValueError, match="key"):
        replace(proof_of(TRUE), claim=FALSE)


def test_a_proof_says_what_it_proves_and_from_what():
    context = BARE.assume(POSITIVE, Fact(y, ">", Integer(0)))
    found = proof_of(Claim(sqrt(x**2), "=", x), context)
    assert (found.claim, found.assumptions) == (Claim(sqrt(x**2), "=", x), context.assumptions)
    assert (found.used, found.rules) == ((POSITIVE,), ("normal form",))
    assert isinstance(prove(Claim(sqrt(x**2), "=", x), BARE), Open)


def test_a_verdict_keeps_its_proof_across_a_process_boundary():
    verdict = decide(TRUE, BARE)
    back = pickle.loads(pickle.dumps(verdict))
    assert back == verdict
    assert back.saying("said") == replace(verdict, message="said")
    assert back.saying("said").proof == verdict.proof


# -- a verdict of truth demands one ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.PROVED, Kind.CONDITIONAL])
@pytest.mark.parametrize("evidence", [None, TRUE, Open(None, None, "")])
def test_truth_without_a_proof_is_refused(kind, evidence):
    condition = (Condition(what=POSITIVE),) if kind is Kind.CONDITIONAL else ()
    with pytest.raises(TypeError, match=f"^{kind.value} was expected to come with a Proof, found "):
        Verdict(kind, conditions=condition, proof=evidence)
    with pytest.raises(TypeError, match="was expected to come with a Proof, found None"):
        replace(Verdict(Kind.TESTED), kind=kind)


@pytest.mark.parametrize("kind", [k for k in Kind if k not in (Kind.PROVED, Kind.CONDITIONAL)])
def test_other_verdicts_need_none(kind):
    doubts = (Doubt(Cause.ROLE),) if kind is Kind.DOUBTFUL else ()
    assert Verdict(kind, conditions=(Condition(what=POSITIVE),), doubts=doubts).proof is None


def test_what_is_proved_rests_on_stated_conditions_only():
    proof = proof_of(Claim(sqrt(x**2), "=", x), BARE.assume(POSITIVE))
    assert Verdict(Kind.PROVED, conditions=(Condition(what=POSITIVE, stated=True),), proof=proof).proof is proof
    with pytest.raises(ValueError, match=r"^proved does not go with the conditions \[Fact"):
        Verdict(Kind.PROVED, conditions=(Condition(what=POSITIVE),), proof=proof)
    assert Verdict(Kind.CONDITIONAL, conditions=(Condition(what=POSITIVE),), proof=proof).proof is proof
    with pytest.raises(ValueError, match=r"^conditional does not go with the conditions \[\]"):
        Verdict(Kind.CONDITIONAL, conditions=(Condition(what=POSITIVE, stated=True),), proof=proof)


def test_a_condition_is_one_that_the_proof_assumes():
    proof = proof_of(Claim(sqrt(x**2), "=", x), BARE.assume(POSITIVE))
    two = (Condition(what=POSITIVE), Condition(what=Fact(y, ">", Integer(0))))
    with pytest.raises(ValueError, match=r"^the proof does not assume \[Fact"):
        Verdict(Kind.CONDITIONAL, conditions=two, proof=proof)


# -- proofs from proofs ------------------------------------------------------------------------------------------


def test_entries_are_compared_in_their_order():
    claim = Claim(Vector([x, y]), "=", Vector([x, 2 * y - y]), (Obligation(x, "!="),))
    first, second = entries(claim)
    assert (first.left, first.right, first.obligations) == (x, x, claim.obligations)
    assert (second.left, second.right, second.relation) == (y, y, "=")
    assert [e.left for e in entries(Claim(Vector([x, dots(), y]), "=", Vector([x, dots(), y])))] == [x, y]


@pytest.mark.parametrize(
    ("left", "right", "kind", "message"),
    [
        (Vector([x]), x, Uncomparable, "a list of entries is compared with something that is none"),
        (x, Vector([x]), Uncomparable, "a list of entries is compared with something that is none"),
        (Vector([x, y]), Vector([x]), Unequal, "2 entries on the left, 1 on the right"),
        (Vector([x]), Vector([x, x, y]), Unequal, "1 entries on the left, 3 on the right"),
        (Vector([x, dots()]), Vector([x]), Uncomparable, "the dots stand for different entries on the two sides"),
        (Vector([x]), Vector([x, dots()]), Uncomparable, "the dots stand for different entries on the two sides"),
        (Vector([dots(), x]), Vector([x, dots()]), Uncomparable, "the dots stand for different entries on the two sides"),
        (Vector([dots(), dots()]), Vector([dots(), dots()]), Uncomparable, "no entry is written out"),
    ],
)
def test_vectors_without_entries_to_compare(left, right, kind, message):
    with pytest.raises(ValueError) as found:
        entries(Claim(left, "=", right))
    assert type(found.value) is kind and rendered(found.value.reason) == message
    assert decide(Claim(left, "=", right), BARE).kind is (Kind.REFUTED if kind is Unequal else Kind.UNREAD)
    assert rendered(decide(Claim(left, "=", right), BARE).reason) == message


def test_a_vector_is_proved_by_the_proofs_of_its_entries_and_no_others():
    claim = Claim(Vector([sqrt(x**2), x + x]), "=", Vector([x, 2 * x]))
    context = BARE.assume(POSITIVE)
    root, twice = (proof_of(e, context) for e in entries(claim))
    whole = entrywise(claim, [root, twice])
    assert (whole.claim, whole.assumptions, whole.used) == (claim, (POSITIVE,), (POSITIVE,))
    assert whole.rules == ("normal form",)
    for proofs in ([root], [twice, root], [root, root], [], [root, twice, twice]):
        with pytest.raises(ValueError, match="^a proof of each entry was expected$"):
            entrywise(claim, proofs)


def test_a_vector_needs_what_any_of_its_entries_needs():
    both = decide(Claim(Vector([x / x, sqrt(x**2), sqrt(y**2)]), "=", Vector([1, x, y]), (Obligation(x, "!="),)), BARE)
    assert both.kind is Kind.CONDITIONAL
    assert {c.what.left for c in both.conditions} == {x, y}
    assert [c.what for c in both.obligations] == [Obligation(x, "!=")]
    assert both.proof.claim.left == Vector([x / x, sqrt(x**2), sqrt(y**2)])
    assert both.witness is not None
    stated = BARE.assume(POSITIVE, Fact(y, ">", Integer(0)))
    assert decide(both.proof.claim, stated).kind is Kind.PROVED
    assert {c.what.left for c in decide(both.proof.claim, stated).conditions} == {x, y}
    assert decide(Claim(Vector([x, sqrt(x**2)]), "=", Vector([x, -2 * x])), BARE).kind is Kind.REFUTED
    assert decide(Claim(Vector([2 * x, x]), "=", Vector([x, x])), BARE).kind is Kind.REFUTED


def test_entries_that_hold_under_conditions_that_exclude_each_other():
    j, a = index("j"), family("a")
    apart = (Partial(a[j], a[i]), Integer(0))
    same = (Partial(a[j], a[i]), Integer(1))
    assert decide(Claim(apart[0], "=", apart[1]), BARE).kind is Kind.CONDITIONAL
    verdict = decide(Claim(Vector([apart[0], same[0]]), "=", Vector([apart[1], same[1]])), BARE)
    assert verdict.kind is Kind.REFUTED
    assert rendered(verdict.reason) == "its entries hold under conditions that exclude each other"
    assert verdict.witness is not None
    assert decide(Claim(Vector([apart[0], apart[0]]), "=", Vector([0, 0])), BARE).kind is Kind.CONDITIONAL


def test_numbers_are_enclosed_only_where_they_are_numbers():
    claim = Claim(exp(1), "=", Integer(272) / 100, rounding=2)
    found = enclosed(claim, BARE.assume(POSITIVE))
    assert isinstance(found, Proof)
    assert (found.claim, found.assumptions, found.used, found.rules) == (claim, (POSITIVE,), (), ("enclosure of numbers",))
    for other in (replace(claim, rounding=3), Claim(x, "<", x + 1), Claim(exp(1), "=", exp(1))):
        assert enclosed(other, BARE) == Open(None, None, because(Why.NOT_ENCLOSED))
    assert prove(claim, BARE) == Open(None, None, because(Why.ROUNDED))


SUM = summation(exp(z[k]), k, Integer(1), n)
BY_SUM = Claim(Partial(exp(z[i]) / SUM, SUM), "=", -exp(z[i]) / SUM**2)


def test_a_derivative_by_a_part_holds_with_the_others_fixed():
    plain, held = carried_out(BY_SUM, BARE)
    assert held == (HeldFixed(exp(z[i])),)
    given = BARE.assume(POSITIVE)
    whole = by_parts(BY_SUM, given, proof_of(plain, given))
    assert (whole.claim, whole.assumptions, whole.used) == (BY_SUM, (*held, POSITIVE), held)
    assert whole.rules == ("normal form",)
    with pytest.raises(ValueError, match="^a proof of the claim with its derivatives by parts carried out was expected$"):
        by_parts(BY_SUM, BARE, proof_of(TRUE))
    verdict = decide(BY_SUM, BARE)
    assert verdict.kind is Kind.CONDITIONAL
    assert verdict.proof.claim == BY_SUM
    assert [c.what for c in verdict.conditions] == list(held)
    wrong = decide(replace(BY_SUM, right=exp(z[i]) / SUM**2), BARE)
    assert wrong.kind is Kind.TESTED
    assert rendered(wrong.reason) == "with the other parts held fixed the two sides differ"


def test_a_derivative_by_all_that_there_is_needs_no_condition():
    alone = Claim(Partial(SUM**2, SUM), "=", 2 * SUM)
    verdict = decide(alone, BARE)
    assert (verdict.kind, verdict.conditions, verdict.proof.claim) == (Kind.PROVED, (), alone)
    assert decide(replace(alone, right=SUM), BARE).kind is Kind.REFUTED
    unknown = decide(Claim(Partial(x, SUM), "=", Integer(0)), BARE)
    assert unknown.kind is Kind.UNREAD
    assert rendered(unknown.reason).startswith("nothing says how x depends on ")
