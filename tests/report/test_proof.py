"""A proof in each of its formats."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from derive.jobs.prove import ProofReport, prove
from derive.report.proof.formats import FORMATS, write
from derive.report.proof.latex import escape

SOURCE = r"""---
assume: \sum_k y_k = 1
---
We define
$$a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$
and
$$L = -\sum_k y_k \ln a_k$$
Then
$$\frac{\partial L}{\partial z_i} = ?$$
"""
HOSTILE = "$$\\frac{\\partial Q}{\\partial z_i} = ?$$ <script>alert(1)</script>"


@pytest.fixture(scope="module")
def report() -> ProofReport:
    return prove(SOURCE, "notes.md")


def test_terminal(report: ProofReport) -> None:
    printed = write(report)
    assert "\x1b" not in printed
    for line in ("da_j/dz_i", "If i = j:", "(quotient rule)", "Result: dL/dz_i = a_i - y_i", "It uses: sum_k y_k = 1"):
        assert line in printed
    assert "\x1b[" in write(report, "terminal", "en", True)


def test_chinese(report: ProofReport) -> None:
    printed = write(report, "terminal", "zh")
    assert "商的求导法则" in printed and "若 i = j:" in printed and "quotient rule" not in printed
    assert "链式法则" in write(report, "markdown", "zh")
    assert "链式法则" not in write(report, "latex", "zh")


def test_json(report: ProofReport) -> None:
    value = json.loads(write(report, "json"))
    goal = value["goals"][0]
    assert value["summary"]["derived"] == 1 and goal["derived"]
    assert goal["derivation"]["result"] == {"latex": "a_i - y_i", "text": "a_i - y_i"}
    assert {step["verdict"] for step in goal["derivation"]["steps"]} == {"proved"}
    assert goal["derivation"]["conditions"] == ["\\sum_{k=1}^{n} y_k = 1"]
    assert [case["case"]["text"] for case in goal["derivation"]["lemmas"][0]["cases"]] == ["i = j", "i != j"]


def test_markdown_states_what_is_known(report: ProofReport) -> None:
    printed = write(report, "markdown")
    assert printed.startswith("---\ntitle: notes\n")
    assert "assume: \\sum_{k=1}^{n} y_k = 1" in printed and "### If i = j\n" in printed
    assert "\\text{quotient rule}" in printed


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_latex_compiles(report: ProofReport, tmp_path: Path) -> None:
    (tmp_path / "proof.tex").write_text(write(report, "latex"), encoding="utf-8")
    run = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "proof.tex"],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
    assert b"Overfull" not in run.stdout


def test_latex_is_complete(report: ProofReport) -> None:
    printed = write(report, "latex")
    assert printed.startswith("\\documentclass") and printed.endswith("\\end{document}\n")
    assert printed.count("\\begin{align*}") == printed.count("\\end{align*}")


def test_names_are_escaped() -> None:
    hostile = prove(HOSTILE, "a_b%<i>$x$.md")
    html = write(hostile, "html")
    assert "<i>" not in html and "<script>alert" not in html
    latex = write(hostile, "latex")
    assert "a\\_b\\%" in latex and "\\$x\\$" in latex
    assert "\x1b" not in write(prove(HOSTILE, "a\x1b[31m.md"))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a_b", "a\\_b"),
        ("50%", "50\\%"),
        ("\\input{x}", "\\textbackslash{}input\\{x\\}"),
        ("~^", "\\textasciitilde{}\\textasciicircum{}"),
        ("é", "?"),
        ("plain", "plain"),
    ],
)
def test_latex_escape(given: str, expected: str) -> None:
    assert escape(given) == expected


# What is written for Coq is certificates, which take their time.
@pytest.mark.parametrize("form", [pytest.param(form, marks=pytest.mark.slow if form == "coq" else ()) for form in FORMATS])
def test_every_format_ends_its_last_line(report: ProofReport, form: str) -> None:
    assert write(report, form).endswith("\n")


def test_unknown_format_and_language(report: ProofReport) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        write(report, "word")
    with pytest.raises(ValueError, match="en or zh"):
        write(report, "terminal", "fr")


FORMS = [form for form in FORMATS if form != "coq"]
TWICE = (
    SOURCE
    + r"""
$$\frac{\partial a_k}{\partial z_l} = ?$$
$$\frac{\partial^2 L}{\partial z_j \partial z_k} = ?$$
"""
)
ONE_HOT = SOURCE.replace(r"\sum_k y_k = 1", "y one-hot") + r"$$\frac{\partial^2 L}{\partial z_i \partial z_j} = ?$$"


@cache
def proved(source: str) -> ProofReport:
    return prove(source, "notes.md")


def test_a_lemma_states_its_claim_and_is_named_where_it_is_used(report: ProofReport) -> None:
    printed = write(report)
    assert "Lemma 1: da_j/dz_i = a_j (delta_ij - a_i)\n" in printed and "Lemma 2: dL/da_j = -y_j/a_j\n" in printed
    assert "(Lemma 1, Lemma 2)" in printed and "(Lemma 3)" not in printed
    claim = r"$\frac{\partial L}{\partial a_j} = -\frac{y_j}{a_j}$"
    assert f"## Lemma 2: {claim}\n" in write(report, "markdown")
    assert f"Lemma 2: {claim}}}\n" in write(report, "latex")
    assert "<h2>Lemma 2: <math" in write(report, "html")
    assert "引理 1、引理 2" in write(report, "markdown", "zh")


def test_nothing_is_proved_twice() -> None:
    printed = write(proved(TWICE))
    assert printed.count("quotient rule") == 1 and printed.count("chain rule") == 1
    assert "(Derivation (line 9))" in printed  # the first goal, with another letter
    assert "Lemma 3" not in printed


def test_what_differs_is_proved_apart() -> None:
    other = TWICE + r"Let $c_i = \frac{z_i}{\sum_k z_k}$. $$\frac{\partial c_i}{\partial z_j} = ?$$"
    assert write(prove(other, "notes.md")).count("quotient rule") == 2


@pytest.mark.parametrize("form", FORMS)
def test_no_name_of_our_own_is_printed(form: str) -> None:
    hot = proved(ONE_HOT)
    assert hot.exit_status() == 0
    assert "unnamed" not in write(hot, form) and "c_y" not in write(hot, form) and "c_{y" not in write(hot, form)


@pytest.mark.slow
def test_a_printed_proof_is_proved_again() -> None:
    from derive.jobs.check import check

    claims = check(write(proved(TWICE), "markdown")).claims
    assert claims and {claim.verdict for claim in claims} <= {"proved", "definition", "assumption"}
    broken = write(proved(TWICE), "markdown").replace("a_i - y_i", "a_i + y_i")
    assert "refuted" in {claim.verdict for claim in check(broken).claims}
