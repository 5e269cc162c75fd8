"""A question in vector notation is answered in vector notation, and what is printed is proved by the checker again."""

from __future__ import annotations

from functools import cache

import pytest

from derive.jobs.check import check
from derive.jobs.outcome import Report
from derive.jobs.prove import ProofReport, prove
from derive.report.proof.formats import write
from derive.writing.raising.lifting import Lifter
from derive.writing.raising.shaped import Number, Shaped
from tests.tools.slow import slow_but

LEAST_SQUARES = r"Let $X \in \mathbb R^{N \times d}$, $w \in \mathbb R^d$ and $y \in \mathbb R^N$." + "\n\n"
LAYER = (
    r"Let $W \in \mathbb R^{m \times d}$, $x \in \mathbb R^d$, $b \in \mathbb R^m$, $t \in \mathbb R^m$. "
    r"Let $u = W x + b$, $h = \tanh(u)$ and $L = \frac12 \|h - t\|^2$." + "\n\n"
)
SOFTMAX = r"Let $z \in \mathbb R^n$ and $a = \mathrm{softmax}(z)$." + "\n\n"
DOCUMENTS = {
    "least squares": (LEAST_SQUARES, [r"\nabla_w \|Xw - y\|^2"], [r"2 X^\top (X w - y)"]),
    "ridge": (
        LEAST_SQUARES + r"Let $R = \|Xw - y\|^2 + \lambda \|w\|^2$." + "\n\n",
        [r"\nabla_w R", r"\nabla_w^2 R"],
        [r"2 X^\top (X w - y) + 2 \lambda w", r"2 X^\top X + 2 \lambda I"],
    ),
    "layer": (
        LAYER,
        [r"\frac{\partial L}{\partial u}", r"\frac{\partial L}{\partial W}", r"\frac{\partial L}{\partial x}"],
        [
            r"(h - t) \odot (\mathbf{1} - h \odot h)",
            r"((h - t) \odot (\mathbf{1} - h \odot h)) x^\top",
            r"W^\top ((h - t) \odot (\mathbf{1} - h \odot h))",
        ],
    ),
    "softmax": (SOFTMAX, [r"\frac{\partial a}{\partial z}"], [r"\operatorname{diag}(a) - a a^\top"]),
    "log-sum-exp": (
        SOFTMAX + r"Let $f = \ln (\mathbf 1^\top e^z)$." + "\n\n",
        [r"\nabla_z f", r"\nabla_z^2 f"],
        ["a", r"\operatorname{diag}(a) - a a^\top"],
    ),
    "quadratic form": (
        r"Let $S \in \mathbb R^{d \times d}$ and $v \in \mathbb R^d$. Assume that $S^\top = S$." + "\n\n",
        [r"\nabla_v (v^\top S v)"],
        ["2 S v"],
    ),
    "bold": (
        r"Let $\mathbf A \in \mathbb R^{m \times n}$ and $\mathbf v \in \mathbb R^n$." + "\n\n",
        [r"\nabla_{\mathbf v} \|\mathbf A \mathbf v\|^2"],
        [r"2 \mathbf{A}^\top \mathbf{A} \mathbf{v}"],
    ),
}


@cache
def proved(name: str) -> ProofReport:
    text, holes, _ = DOCUMENTS[name]
    return prove(text + "".join(f"$${hole} = ?$$\n\n" for hole in holes))


def answers(report: ProofReport) -> list[str]:
    return [goal.shown.last.latex if goal.shown is not None and goal.shown.last else goal.message for goal in report.goals]


@pytest.mark.parametrize("name", slow_but(DOCUMENTS, "least squares", "softmax", "quadratic form", "bold"))
def test_the_answer_is_in_the_language_of_the_question(name: str) -> None:
    _, holes, expected = DOCUMENTS[name]
    report = proved(name)
    assert answers(report) == expected and report.exit_status() == 0
    assert [goal.shown.printed.latex for goal in report.goals if goal.shown is not None] == holes


@pytest.mark.parametrize("name", slow_but(DOCUMENTS, "least squares", "quadratic form"))
def test_what_is_printed_is_proved_again(name: str) -> None:
    printed = write(proved(name), "markdown")
    found = check(printed)
    assert Report((found,)).exit_status(strict=True) == 0
    assert any(claim.verdict == "proved" for claim in found.claims)
    assert "_{k" not in printed.partition("# Proof")[2]


@pytest.mark.parametrize("form", ["terminal", "latex", "html", "json"])
def test_every_format_says_it_so(form: str) -> None:
    printed = write(proved("least squares"), form)
    assert ("2 X^T (X w - y)" if form in ("terminal", "json") else r"2 X^\top (X w - y)" if form == "latex" else "⊤") in printed


def test_a_wrong_notation_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is raised is read and judged again: if raising errs, the answer stays as it is, with indices."""
    honest = Lifter.whole

    def erring(self: Lifter, *arguments: object) -> Shaped:
        found = honest(self, *arguments)  # type: ignore[arg-type]
        from derive.writing.raising.building import times

        return times(Number(arguments[0] * 0 + 3), found)  # type: ignore[operator]

    monkeypatch.setattr(Lifter, "whole", erring)
    from derive.jobs.goals import Goal
    from derive.jobs.languages import in_language

    derivation = proved("least squares").goals[0].derivation
    assert derivation is not None
    language = _language()
    goal = Goal(derivation.goal, derivation.context, "", 1, None, language, r"\nabla_w \|Xw - y\|^2", _entries(derivation.goal))
    assert in_language(goal, derivation) is None
    monkeypatch.setattr(Lifter, "whole", honest)
    assert in_language(goal, derivation) is not None


def _language():  # type: ignore[no-untyped-def]
    from derive.documents import Loaded
    from derive.jobs.prove import goals_of
    from derive.narrative.walk import read_document

    text, (hole,), _ = DOCUMENTS["least squares"]
    narrative = read_document(Loaded("", ".md", f"{text}$${hole} = ?$$").document())
    return goals_of(narrative)[0][0].language


def _entries(goal):  # type: ignore[no-untyped-def]
    from derive.terms.terms import free_indices

    return free_indices(goal)


def test_a_question_with_indices_is_answered_with_indices() -> None:
    report = prove(LEAST_SQUARES + r"$$\frac{\partial}{\partial w_i} \sum_{k=1}^{d} w_k^2 = ?$$")
    assert [goal.raised for goal in report.goals] == [None] and answers(report) == ["2 w_i"]


def test_what_has_no_notation_is_answered_with_indices() -> None:
    report = prove(
        r"Let $v \in \mathbb R^n$. Let $f = \sum_{k=1}^{n} \sum_{l=1}^{n} e^{v_k v_l}$." "\n\n" r"$$\nabla_v f = ?$$"
    )
    assert report.goals[0].done and report.goals[0].raised is None
