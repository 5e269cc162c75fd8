"""Independent engines agree on the library's derivatives, and each of them finds a false one by itself."""

from __future__ import annotations

import pytest

from derive.documents import below, read
from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.narrative.walk import read_document
from tests.agreement.explicit import NotApplicable, disagreement
from tests.agreement.table import ENGINES, PROOFS, SIZES, Row, calculators, derivatives, judged

TIED = {f"learning/{name}.md" for name in ("gaussian-likelihood", "kalman-gain", "linear-discriminant", "principal-components")}
"""Documents that suppose something of whole matrices, as that they are symmetric: the calculators' numbers do not keep it."""
DOCUMENTS = [name for path in below(PROOFS) if (name := path.relative_to(PROOFS).as_posix()) not in TIED]
HEAD = "Let $a_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}$ and $L = -\\sum_k y_k \\ln a_k$, where $\\sum_k y_k = 1$.\n\nWe find "
FALSE = [
    "$$\\frac{\\partial L}{\\partial z_i} = y_i - a_i$$",
    "$$\\frac{\\partial a_i}{\\partial z_j} = a_i (\\delta_{ij} + a_j)$$",
    "$$\\frac{\\partial L}{\\partial a_i} = -\\frac{y_i}{a_i} + a_i$$",
    "$$\\frac{\\partial^2 L}{\\partial z_i \\partial z_j} = a_i (\\delta_{ij} - a_i)$$",
]
TRUE = [
    "$$\\frac{\\partial L}{\\partial z_i} = a_i - y_i$$",
    "$$\\frac{\\partial a_i}{\\partial z_j} = a_i (\\delta_{ij} - a_j)$$",
    "$$\\frac{\\partial L}{\\partial a_i} = -\\frac{y_i}{a_i}$$",
    "$$\\frac{\\partial^2 L}{\\partial z_i \\partial z_j} = a_i (\\delta_{ij} - a_j)$$",
]


def last(text):
    entry = read_document(read("a.md", text)).entries[-1]
    return entry.claims[0], entry.context


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_engines_agree_on_a_document(document):
    row = Row(document)
    for latex, claim, context in derivatives(PROOFS / document):
        judged(latex, claim, context, row)
    assert row.differing == []
    assert row.claims
    installed = ("normal form", "balls", *(calculator.name for calculator in calculators()))
    assert {engine: row.agreeing[engine] for engine in installed} == dict.fromkeys(installed, row.claims), row.without
    assert set(installed) <= set(ENGINES)


@pytest.mark.parametrize("calculator", calculators(), ids=lambda calculator: calculator.name)
@pytest.mark.parametrize(("formula", "holds"), [(f, False) for f in FALSE] + [(f, True) for f in TRUE])
def test_each_calculator_tells_true_from_false(calculator, formula, holds):
    claim, context = last(HEAD + formula)
    assert all((disagreement(claim, context, calculator, size, 1) == "") is holds for size in SIZES)
    assert (decide(claim, context).kind is Kind.PROVED) is holds


def test_a_derivative_by_a_defined_family_takes_it_as_independent():
    claim, context = last(
        HEAD + "$$\\frac{\\partial^2 L}{\\partial z_i \\partial a_j} = \\frac{y_j}{a_j} (\\delta_{ij} - a_i)$$"
    )
    assert decide(claim, context).kind is Kind.PROVED
    assert all(disagreement(claim, context, calculator, 3, 1) == "" for calculator in calculators())


@pytest.mark.parametrize("formula", ["$$(f(x))' = 2x$$", "$$a_i < \\frac{\\partial a_i}{\\partial z_i}$$"])
def test_what_cannot_be_computed_says_so(formula):
    claim, context = last(HEAD + formula)
    for calculator in calculators():
        with pytest.raises(NotApplicable):
            disagreement(claim, context, calculator, 2, 1)
