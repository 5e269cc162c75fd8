"""The judge against mutants of proved claims: 2,000 from what is in the checkout, the same in every run."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from sympy import Dummy, Integer, exp

from derive.judge import decide as judge
from derive.judge.kernel import prove
from derive.judge.points.witness import Witness
from derive.judge.verdict import Condition, Kind, Verdict
from derive.terms.binding import Product
from derive.terms.context import Claim, Context, Fact
from derive.terms.terms import family, index, scalar, size, summation
from tests.mutation import judged
from tests.mutation.bases import Base, bases
from tests.mutation.claims import ALL_KINDS, all_bases, run, table
from tests.mutation.edits import KINDS, edit
from tests.mutation.judged import Fault, Mutant, Outcome, mutant, outcome, printed
from tests.mutation.truth import Truth, truth_of

COUNT, SEED = 2_000, 2
i, j, k = (index(name) for name in "ijk")
n, x, z, y = size("n"), scalar("x"), family("z"), family("y")
PLAIN = Context()


@pytest.fixture(scope="module")
def outcomes():
    return [one for piece in run(COUNT, SEED, shared=False) for one in piece]


@pytest.mark.slow
def test_no_false_mutant_is_proved_and_no_true_one_refuted(outcomes):
    assert [one.story for one in outcomes if one.fault is not None] == []


@pytest.mark.slow
def test_the_run_settles_what_it_makes(outcomes):
    false = [one for one in outcomes if one.truth is Truth.FALSE]
    true = [one for one in outcomes if one.truth is Truth.TRUE]
    assert len(outcomes) == COUNT
    assert len(false) > COUNT / 2 and len(true) > COUNT / 20
    read = [one for one in outcomes if one.verdict != "unread"]  # of what is not read nothing says what it claims
    assert len(false) + len(true) > 0.95 * len(read) and len(read) > 0.8 * COUNT
    assert sum(one.verdict in ("refuted", "conditional") for one in false) > 0.95 * len(false)
    assert sum(one.verdict == "proved" for one in true) > 0.8 * len(true)
    assert {one.kind for one in outcomes} == set(ALL_KINDS)


@pytest.mark.slow
def test_every_base_is_true_for_the_evaluator_or_not_settled():
    found = all_bases(False)
    kinds = [truth_of(base.claim, base.context, base.source).truth for base in found]
    assert len(found) > 150
    assert Truth.FALSE not in kinds
    assert kinds.count(Truth.TRUE) > 0.95 * len(found)


def made(kind, claim, context=PLAIN):
    return Mutant(1, kind, Base("test", claim, context), claim, context)


FALSE, TRUE = Claim(x + 1, "=", x), Claim(x * (x + 1), "=", x**2 + x)
PROVED = Verdict(Kind.PROVED, proof=prove(TRUE, PLAIN))


@pytest.mark.parametrize(
    ("claim", "verdict", "fault"),
    [
        (FALSE, PROVED, Fault.PROVED_BUT_FALSE),
        (FALSE, Verdict(Kind.TESTED), None),
        (TRUE, PROVED, None),
        (TRUE, Verdict(Kind.REFUTED), Fault.REFUTED_BUT_TRUE),
        (FALSE, Verdict(Kind.REFUTED), None),
        (TRUE, Verdict(Kind.REFUTED, witness=Witness(None, (("x", "2"),), "6", "5")), Fault.FALSE_WITNESS),
        (FALSE, Verdict(Kind.REFUTED, witness=Witness(None, (("x", "2"),), "3", "2")), None),
        (FALSE, Verdict(Kind.REFUTED, mended=Claim(x + 1, "=", x + 2)), Fault.MENDED_BUT_FALSE),
        (FALSE, Verdict(Kind.REFUTED, mended=Claim(x + 1, "=", 1 + x)), None),
    ],
)
def test_what_is_wrong_with_a_verdict_is_reported(claim, verdict, fault, monkeypatch):
    monkeypatch.setattr(judged, "decide", lambda claim, context: verdict)
    assert outcome(made("sign", claim), 1).fault is fault


@pytest.mark.parametrize(
    ("condition", "fault"), [(Fact(x, ">=", Integer(0)), None), (Fact(x, ">=", Integer(-1)), Fault.CONDITION_TOO_WEAK)]
)
def test_a_condition_must_exclude_every_counterexample(condition, fault, monkeypatch):
    proof = prove(TRUE, PLAIN.assume(condition))
    verdict = Verdict(Kind.CONDITIONAL, proof=proof, conditions=(Condition(what=condition, stated=False),))
    monkeypatch.setattr(judged, "decide", lambda claim, context: verdict)
    assert outcome(made("sign", Claim(abs(x), "=", x)), 1).fault is fault


def test_a_disagreement_is_reported(monkeypatch):
    def disagree(claim, context):
        raise judge.Disagreement("planted")

    monkeypatch.setattr(judged, "decide", disagree)
    found = outcome(made("sign", FALSE), 1)
    assert found.fault is Fault.DISAGREEMENT and "planted" in found.story and "x + 1 = x" in found.story


def test_each_kind_of_edit_changes_a_claim():
    body = summation(exp(z[k]) * y[k], k, 1, n) * (z[i] + 2 * y[j])
    claim = Claim(body, "=", summation(y[k] * exp(z[k]), k, 1, n) * (z[i] + 2 * y[j]))
    context = PLAIN.assume(Fact(x, ">", Integer(0)))
    for kind in KINDS:
        found = [edit(kind, claim, context, random.Random(f"{kind} {turn}")) for turn in range(10)]
        changed = [each for each in found if each is not None]
        assert changed, kind
        assert all(each != (claim, context) for each in changed)


def test_the_letter_that_a_product_runs_over_stays_a_letter():
    claim = Claim(Product(x + k, Dummy("k", integer=True), Integer(1), n), "=", x)
    for kind in KINDS:
        for turn in range(10):
            edited = edit(kind, claim, PLAIN, random.Random(f"{kind} {turn}"))
            for side in () if edited is None else (edited[0].left, edited[0].right):
                assert all(isinstance(p.variable, Dummy) for p in side.atoms(Product))


def test_an_edited_side_brings_its_own_obligations():
    claim = Claim(x / z[i], "=", x / z[i])
    edited = [edit("exponent", claim, PLAIN, random.Random(turn)) for turn in range(20)]
    assert all(o.term in (z[i], x, x / z[i]) or o.term.has(x, z[i]) for each in edited if each for o in each[0].obligations)
    dropped = edit("dropped term", replace(claim, left=x), PLAIN, random.Random(4))
    assert dropped is not None and dropped[0].right in (x, 1 / z[i])


def test_the_table_counts_by_kind_and_in_all():
    rows = table(
        [
            Outcome("sign", Truth.FALSE, "refuted"),
            Outcome("sign", Truth.FALSE, "proved", Fault.PROVED_BUT_FALSE),
            Outcome("index", Truth.FALSE, "conditional"),
            Outcome("index", Truth.UNSETTLED, "unread"),
        ]
    ).splitlines()
    assert "| sign | 2 | 2 | 0 | 0 | 1 | 0 | 0 | 0 | 0 | 0 |" in rows
    assert rows[-1] == "| all | 4 | 3 | 0 | 1 | 1 | 0 | 1 | 0 | 0 | 1 |"


PRINT = (
    "from tests.mutation.claims import *\nfor m in range(13):\n    o = mutant(m, 5, all_bases(False))\n    print(o.kind, "
    "o.base.source, o.claim.relation, sorted(str(s.name) for s in o.claim.right.free_symbols))"
)


@pytest.mark.slow
def test_mutants_do_not_depend_on_the_hash_seed():
    def told(seed):
        done = subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=bases.__globals__["ROOT"],
        )
        return done.stdout

    assert told("1") == told("2") != ""


@pytest.mark.slow
def test_a_number_names_its_mutant():
    found = all_bases(False)
    first, again, other = mutant(30, 4, found), mutant(30, 4, found), mutant(31, 4, found)
    assert printed(first.claim.left) == printed(again.claim.left) and first.claim == again.claim and first != other
