"""Documents with holes: from the text to the derivations, and what is printed is proved by the checker again."""

from __future__ import annotations

from functools import cache

import pytest

from derive.documents import DocumentError
from derive.jobs.check import check
from derive.jobs.prove import ProofReport, prove, prove_document
from derive.report.proof.formats import write
from tests.tools.slow import slow_but

NORMALISED = r"a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}"
CROSS = r"L = -\sum_k y_k \ln a_k"
BY_LOGITS = r"\frac{\partial L}{\partial z_i}"
TARGETS = "assume: \\sum_k y_k = 1\n"
RANGES = "indices: k in 1..n\nindices: j in 1..d\n"
LAYER = [r"z_k = \sum_j w_{kj} x_j + b_k", NORMALISED.replace("_i", "_k").replace("sum_k e^{z_k}", "sum_l e^{z_l}"), CROSS]


def document(front: str, definitions: list[str], holes: list[str]) -> str:
    shown = "".join(f"$$\n{formula}\n$$\n\n" for formula in definitions)
    return f"---\n{front}---\nWe define\n{shown}Then\n" + "".join(f"$$\n{hole} = ?\n$$\n\n" for hole in holes)


DOCUMENTS: dict[str, tuple[str, list[str]]] = {
    "loss by logits": (document(TARGETS, [NORMALISED, CROSS], [BY_LOGITS]), ["a_i - y_i"]),
    "Jacobian": (
        document("", [NORMALISED], [r"\frac{\partial a_i}{\partial z_j}", r"\sum_k a_k"]),
        ["a_i (delta_ij - a_j)", "1"],
    ),
    "Hessian": (
        document(TARGETS, [NORMALISED, CROSS], [r"\frac{\partial^2 L}{\partial z_i \partial z_j}"]),
        ["a_j (delta_ij - a_i)"],
    ),
    "binary": (
        document(
            "scalars: a, y, z\n",
            [r"a = \frac{1}{1+e^{-z}}", r"L = -(y \ln a + (1-y)\ln(1-a))"],
            [r"\frac{\partial L}{\partial z}"],
        ),
        ["a - y"],
    ),
    "layer": (
        document(TARGETS + RANGES, LAYER, [r"\frac{\partial L}{\partial w_{kj}}", r"\frac{\partial L}{\partial x_j}"]),
        ["x_j (a_k - y_k)", "sum_k w_kj (a_k - y_k)"],
    ),
    "function": (
        document("functions: \\sigma\n", [r"\sigma(x) = \frac{1}{1+e^{-x}}"], [r"\sigma'(x)"]),
        ["sigma(x) (1 - sigma(x))"],
    ),
    "entropy": (
        document("", [NORMALISED.replace("a", "p", 1), r"H = -\sum_k p_k \ln p_k"], [r"\frac{\partial H}{\partial z_i}"]),
        ["-p_i (H + ln p_i)"],
    ),
    "calculus": (
        document("", [], ["(x^2+1)'", r"\frac{d}{dx} \ln(1+e^x)", "(x+1)^2 - x^2"]),
        ["2 x", "exp(x)/(1 + exp(x))", "2 x + 1"],
    ),
}


def results(report: ProofReport) -> list[str]:
    return [goal.derivation.last.text if goal.derivation and goal.derivation.last else goal.message for goal in report.goals]


@cache
def proved(name: str) -> ProofReport:
    return prove(DOCUMENTS[name][0])


@pytest.mark.parametrize("name", slow_but(DOCUMENTS, "loss by logits", "calculus"))
def test_holes_are_filled(name: str) -> None:
    _, expected = DOCUMENTS[name]
    report = proved(name)
    assert results(report) == expected
    assert report.exit_status() == 0


@pytest.mark.parametrize("lang", ["en", pytest.param("zh", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", slow_but(DOCUMENTS, "loss by logits"))
def test_what_is_printed_is_proved_again(name: str, lang: str) -> None:
    printed = write(proved(name), "markdown", lang)
    claims = [c for c in check(printed).claims if "condition on indices" not in c.message]
    assert {claim.verdict for claim in claims} <= {"proved", "definition"}
    assert any(claim.verdict == "proved" for claim in claims)


def test_a_planted_mistake_in_what_is_printed_is_refuted() -> None:
    printed = write(proved("loss by logits"), "markdown")
    assert "&= a_i - y_i" in printed
    verdicts = {claim.verdict for claim in check(printed.replace("&= a_i - y_i", "&= a_i + y_i")).claims}
    assert "refuted" in verdicts


def test_an_open_hole_says_where_and_why() -> None:
    report = prove(document("", [NORMALISED], [r"\frac{\partial L}{\partial z_i}"]))
    assert report.exit_status() == 1
    assert report.goals[0].message == "nothing says how L depends on z" and report.goals[0].line == 10
    for form in ("terminal", "markdown", "latex", "html", "json"):
        assert "nothing says how L depends on z" in write(report, form)


def test_without_the_hypothesis_it_is_not_used() -> None:
    assert results(prove(document("", [NORMALISED, CROSS], [BY_LOGITS]))) == ["a_i sum_k y_k - y_i"]


def test_one_goal_without_a_document() -> None:
    report = prove_document(None, BY_LOGITS, [NORMALISED, CROSS, r"\sum_k y_k = 1"])
    assert results(report) == ["a_i - y_i"] and report.path == "-e"
    assert results(prove_document(None, "(x^2)' = ?")) == ["2 x"]


@pytest.mark.slow
def test_a_goal_with_a_result_is_derived_up_to_it() -> None:
    report = prove_document(None, rf"{BY_LOGITS} = -y_i + a_i", [NORMALISED, CROSS, r"\sum_k y_k = 1"])
    assert report.exit_status() == 0


def test_a_goal_with_a_wrong_result_is_not_derived() -> None:
    report = prove_document(None, rf"{BY_LOGITS} = y_i - a_i", [NORMALISED, CROSS, r"\sum_k y_k = 1"])
    assert report.exit_status() == 1
    assert "not what the document states" in report.goals[0].message


def test_a_document_without_a_hole_has_its_derivatives_derived() -> None:
    source = document(TARGETS, [NORMALISED, CROSS], []) + f"$${BY_LOGITS} = a_i - y_i$$\n"
    report = prove(source)
    assert results(report) == ["a_i - y_i"]


def test_nothing_to_do() -> None:
    report = prove("Only words here.")
    assert report.exit_status() == 1 and report.notes == ("no hole = ? found",)


def test_a_document_that_cannot_be_opened() -> None:
    with pytest.raises(DocumentError):
        prove_document("/nowhere/at-all.md", None)


@pytest.mark.slow
def test_the_same_document_gives_the_same_text() -> None:
    source = DOCUMENTS["layer"][0]
    assert write(prove(source), "markdown") == write(prove(source), "markdown")


@pytest.mark.slow
def test_a_lemma_is_printed_once() -> None:
    source = document(TARGETS, [NORMALISED, CROSS], [BY_LOGITS, r"\frac{\partial L}{\partial z_j}"])
    assert write(prove(source), "markdown").count("## Lemma") == 2
