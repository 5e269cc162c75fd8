"""A bug that is planted in the judge is reported by two layers that do not know of each other.

Each bug makes the normal form prove a false claim that one edit makes of a true one. With the balls at work the run
over mutants meets a disagreement of the two engines; with the balls blinded, the evaluator of the mutation run still
finds that what was proved is false.
"""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sympy import Integer, Mul, exp

from derive.judge import decide as judge
from derive.judge import kernel as proof
from derive.judge.points.refuting import Agreement
from derive.narrative.walk import read_document
from derive.normal import calculus, unfold
from derive.normal import normaliser as normal
from derive.normal.algebra.knowledge import Knowledge
from derive.normal.algebra.ring import Ring
from derive.normal.laziness import Denominators
from derive.normal.series import sums
from tests.mutation.bases import Base, document, proved
from tests.mutation.edits import edit
from tests.mutation.judged import Fault, Mutant, outcome

TRIES = 250


def inner_derivative_dropped(patch):
    """(e^u)' = e^u."""
    rules = tuple(
        (kind, (lambda node, variable, d: node if d(node.args[0]) != 0 else Integer(0)) if kind is exp else rule)
        for kind, rule in calculus._RULES
    )
    patch.setattr(calculus, "_RULES", rules)


def term_of_the_product_rule_dropped(patch):
    """(uv)' = u'v."""

    def rule(node, variable, d):
        first = next((a for a in node.args if d(a) != 0), None)
        return Integer(0) if first is None else Mul(d(first), *(a for a in node.args if a is not first))

    patch.setattr(calculus, "_RULES", tuple((kind, rule if kind is Mul else known) for kind, known in calculus._RULES))


def bound_index_captured(patch):
    """∂z_k/∂z_k = 1 for the k that is bound as well."""

    def rule(node, variable, d):
        same = getattr(variable, "base", None) == node.base and len(node.indices) == 1
        if same and str(node.indices[0]).lstrip("_") == str(variable.indices[0]):
            return Integer(1)
        return original(node, variable, d)

    original = calculus._member
    patch.setattr(calculus, "_RULES", tuple((kind, rule if known is original else known) for kind, known in calculus._RULES))


def everything_positive(patch):
    """√(xy) = √x √y and √x² = x without a word on the signs."""
    patch.setattr(Knowledge, "is_positive", lambda self, atom: True)


def logarithm_split_without_signs(patch):
    """ln xy = ln x + ln y, and ln x² = 2 ln x, without a word on the signs."""
    original = Ring.log

    def log(self, poly):
        self.knowledge.assume_positive = True
        try:
            return original(self, poly)
        finally:
            self.knowledge.assume_positive = False

    patch.setattr(Ring, "log", log)


def sum_one_too_long(patch):
    """The terms that a sum from 2 on leaves out are not subtracted."""

    def standard_range(ring, body, variable, low, high):
        return sums._sum_terms(ring, body, variable, Integer(1) if low == 2 else low, high)

    patch.setattr(sums, "_standard_range", standard_range)


def range_not_looked_at(patch):
    """What is known of the members in a range is used outside of it."""
    patch.setattr(Knowledge, "within", lambda self, target, low, high: True)


def empty_sums_forgotten(patch):
    """A denominator in a sum that may be empty cancels."""
    for module in (proof, normal):
        patch.setattr(module, "denominators", lambda term, knowledge: Denominators())


SHARES = r"a_i = \frac{e^{z_i}}{\sum_{k=2}^{n} e^{z_k}}"
BUGS = [
    (inner_derivative_dropped, "", r"\frac{d}{dx} e^{2x} = 2 e^{2x}", "coefficient"),
    (term_of_the_product_rule_dropped, "", r"\frac{d}{dx} (x \sin x) = \sin x + x \cos x", "dropped term"),
    (
        bound_index_captured,
        "",
        r"\frac{\partial}{\partial z_k} \ln \sum_k e^{z_k} = \frac{e^{z_k}}{\sum_m e^{z_m}}",
        "exponent",
    ),
    (everything_positive, "", r"\sqrt{x^2} = |x|", "function"),
    (logarithm_split_without_signs, r"c_i = \ln z_i^2", r"e^{\frac{1}{2} \sum_k \delta_{ik} c_k} = |z_i|", "function"),
    (sum_one_too_long, "", r"\sum_{k=2}^{n} e^{z_k} = \sum_{k=1}^{n} e^{z_k} - e^{z_1}", "dropped term"),
    (range_not_looked_at, "<!-- derive: assume: y one-hot -->", r"\sum_{k=1}^{n} y_k = 1", "bound"),
    (empty_sums_forgotten, r"<!-- derive: assume: n \ge 2 --> ; " + SHARES, r"\sum_{k=2}^{n} a_k = 1", "assumption"),
]
IDS = [bug[0].__name__ for bug in BUGS]


def base(given: str, claim: str) -> Base:
    entry = read_document(document(given, claim)).entries[-1]
    found = proved("planted", entry.claims[0], entry.context)
    assert found is not None
    return found


def faults(found: Base, kind: str) -> set[Fault]:
    """What a run over mutants of one claim, of one kind, reports until it meets a fault."""
    for number in range(TRIES):
        edited = edit(kind, found.claim, found.context, random.Random(f"planted {number}"))
        if edited is None:
            continue
        fault = outcome(Mutant(number, kind, found, replace(edited[0], latex=""), edited[1]), 1).fault
        if fault is not None:
            return {fault}
    return set()


@pytest.fixture(autouse=True)
def nothing_unfolded_before():
    """Terms that were unfolded by other rules are not reused."""
    unfold._unfolder.cache_clear()
    yield
    unfold._unfolder.cache_clear()


def planted(plant, patch):
    """With the bug, and without what was unfolded before it."""
    plant(patch)
    unfold._unfolder.cache_clear()


def blind_the_balls(patch):
    patch.setattr(judge, "agrees", lambda *arguments: Agreement(6, 0, None))
    patch.setattr(judge, "refute", lambda *arguments: None)


@pytest.mark.slow
@pytest.mark.parametrize(("plant", "given", "claim", "kind"), BUGS, ids=IDS)
def test_without_the_bug_the_run_reports_nothing(plant, given, claim, kind):
    assert faults(base(given, claim), kind) == set()


@pytest.mark.slow
@pytest.mark.parametrize(("plant", "given", "claim", "kind"), BUGS, ids=IDS)
def test_the_balls_contradict_the_bug(plant, given, claim, kind, monkeypatch):
    found = base(given, claim)
    planted(plant, monkeypatch)
    assert faults(found, kind) == {Fault.DISAGREEMENT}


@pytest.mark.slow
@pytest.mark.parametrize(("plant", "given", "claim", "kind"), BUGS, ids=IDS)
def test_with_the_balls_blinded_the_evaluator_finds_the_bug(plant, given, claim, kind, monkeypatch):
    found = base(given, claim)
    planted(plant, monkeypatch)
    blind_the_balls(monkeypatch)
    assert faults(found, kind) == {Fault.PROVED_BUT_FALSE}
