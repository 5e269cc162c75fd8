"""Structure findings: what shows of a formula whatever it means; beside each fault a true formula that looks like it."""

import json
from pathlib import Path

import pytest

from derive.documents import read
from derive.jobs.check import check
from derive.latex.structure.faults import faults
from derive.latex.structure.finding import FaultKind
from derive.latex.tokens.cut import cut

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT.parent / "shared"

FAULTY = [
    (FaultKind.UNUSED_INDEX, r"y = \sum_{p=1}^{n} w_q x_q"),
    (FaultKind.UNUSED_INDEX, r"H = -\sum_{i=1}^{K} p_k \log p_k"),
    (FaultKind.UNUSED_INDEX, r"z_i = \sum_j w_i x_i"),
    (FaultKind.UNUSED_INDEX, r"p(x) = \prod_{i=2}^T p(h_t|h_{t-1})"),
    (FaultKind.UNUSED_INDEX, r"J = \frac{1}{m} \sum_{i=1}^{n} L(\hat y, y)"),
    (FaultKind.UNUSED_INDEX, r"s = \sum_i x_i + \sum_i y_j"),
    (FaultKind.UNUSED_INDEX, r"m = \frac{1}{n} \sum_{k=1}^n x_i"),
    (FaultKind.FREE_INDEX, r"a(h_{t+1}) = \sum_{h_t} a(h_t) p(x_t | h_t) p(h_{t+1} | h_1)"),
    (FaultKind.OUTSIDE_ITS_SUM, r"L = \sum_{i=1}^m ||x_i|| + x_i"),
    (FaultKind.BOUND_TWICE, r"S = \sum_{i=1}^{m} \sum_{i=1}^{n} a_{ii}"),
    (FaultKind.BOUND_TWICE, r"S = \sum_{i} \sum_j \sum_{i} a_{ij}"),
    (FaultKind.LIMIT_OF_ITSELF, r"P(x) = \sum_{n=0}^{n} c_n x^n"),
    (FaultKind.LIMIT_OF_ITSELF, r"S = \sum_{k=k+1}^{n} a_k"),
    (FaultKind.DOWNWARDS, r"g_t = \sum_{i=t}^1 a_i b_{t-i}"),
    (FaultKind.DOWNWARDS, r"g_t = \sum_{i=t}^{0} a_i"),
    (FaultKind.FREE_INDEX, r"m = \frac1n \sum_{i=1}^{n} x_i = \frac1n x_i"),
    (FaultKind.FREE_INDEX, r"L &= \sum_i \ell(x^{(i)}) \\ &= \ell(x^{(i)})"),
    (FaultKind.OUTSIDE_ITS_SUM, r"m = \sum_i x_i + y_i"),
    (FaultKind.OUTSIDE_ITS_SUM, r"f = \sum_{i} \sum_{j} v_{i} v_{j} x_i x_j - \sum_{i} v_i v_j x_i x_i"),
    (FaultKind.SAME_STEP, r"h_t = f(W h_t + U x_t)"),
    (FaultKind.SAME_STEP, r"\theta_{k+1} = \theta_{k+1} - \eta g_k"),
    (FaultKind.BRACKETS, r"f(x = 3"),
    (FaultKind.BRACKETS, r"\frac{\exp(-f(x)/(1 + \exp(-f(x)))}{2} = 1"),
    (FaultKind.BRACKETS, r"g(x) + \epsilon h(x))(y + z) = 0"),
    (FaultKind.BRACKETS, r"\left(a + b = c"),
    (FaultKind.DOUBLED_OPERATOR, r"c = f(x)--\frac12 g(x)"),
    (FaultKind.DOUBLED_OPERATOR, r"a = = b"),
    (FaultKind.DOUBLED_OPERATOR, r"a + \times b = c"),
    (FaultKind.DANGLING_OPERATOR, r"y = (a + b +) c"),
    (FaultKind.DANGLING_OPERATOR, r"y = \frac{a -}{b}"),
    (FaultKind.DANGLING_OPERATOR, r"y = a + b +"),
    (FaultKind.LONE_DIFFERENTIAL, r"E = x p(x) \, dx"),
    (FaultKind.LONE_DIFFERENTIAL, r"E = f(x) p(x) \mathrm{d}x"),
]

SOUND = [
    r"\frac{1}{n} \sum_{i=1}^n f(x) = f(x)",
    r"a(h_{t+1}) = \sum_{h_t} a(h_t) p(x_t | h_t) p(h_{t+1} | h_t)",
    r"L = \sum_{i=1}^m ||x_i - c_{y_i}||^2",
    r"\sum_{i=1}^{m} 1 = m",
    r"\sum_{i=1}^{n} \mu = n \mu",
    r"\sum_{i=1}^{m} f(x) = m f(x)",
    r"\frac{1}{m} \sum_{i=1}^{m} L(\hat y, y) = L(\hat y, y)",
    r"\sum_{i=1}^{5} c_k = 5 c_k",
    r"\sum_i \sum_j (a_i + b_j) = \sum_i \sum_j a_i + \sum_i \sum_j b_j",
    r"s_j = \sum_i (x_i + y_j) = \sum_i x_i + \sum_i y_j",
    r"\sum_{i=1}^m \dots = 3",
    r"S = \sum_{i} x_i \sum_{i} y_i",
    r"S = \sum_{i=1}^{n} \sum_{j=1}^{n} a_{ij}",
    r"S = \sum_{n=0}^{N} c_n x^n",
    r"S = \sum_{i=i_0}^{n} x_i",
    r"S = \sum_{t'=1}^{t} x_{t'}",
    r"S = \sum_{i=1, i \ne j}^{n} x_i",
    r"\frac{\partial L}{\partial z_i} = \sum_k \frac{\partial L}{\partial a_k} \frac{\partial a_k}{\partial z_i} = a_i - y_i",
    r"\sum_{i} b_{ij} = \sum_{j} b_{ij} = 0",
    r"a_i = \frac{e^{z_i}}{\sum_i e^{z_i}}",
    r"a_i = \frac{e^{z_i}}{{\sum_k} e^{z_k}}",
    r"f(x) = \begin{cases} \sum_i x_i, & y_i = 1 \\ 0, & y_i = 0 \end{cases}",
    r"h_t = f(W h_{t-1} + U x_t)",
    r"x_{t+1} = x_t + h f(x_{t+1})",
    r"a_i = a_i \sum_k y_k",
    r"h_t = (1 - z_t) h_{t-1} + z_t \tilde{h}_t",
    r"x \in [0, 1)",
    r"x \in ]0, 1[",
    r"a = \left. \frac{df}{dx} \right|_{x=0}",
    r"y &= \left( a + \right. \\ & \left. b \right)",
    r"\langle x, y \rangle = \left| z \right|",
    r"a = b \cdot -c",
    r"\lim_{x \to 0^+} f(x) = x^{-}",
    r"(u + v{)}' = u' + v'",
    r"f(x) = \{ \begin{matrix} 1, & x > 0 \\ 0, & x < 0 \end{matrix}",
    r"A = \{ \begin{matrix} 1 & 2 \end{matrix} \}",
    r"A = \left\{ \begin{matrix} 1, & x > 0 \end{matrix} \right.",
    r"L = \sum_j | f_j - y_j | = \sum_j \mid f_j - y_j \mid",
    r"J = \frac{1}{\sum w^{(i)}} \sum_{i=1}^{m} w^{(i)} x^{(i)}",
    r"K(\cdot, x) = k^{+} + A_{i+}",
    r"a &= b + \\ &\quad c",
    r"E = \int x p(x) \, dx",
    r"dF = f(x) \, dx",
    r"w = w - \alpha dw",
    r"W \in \mathbb{R}^{n \times d}",
    r"\frac{d}{dx} f(x) = f'(x)",
]


@pytest.mark.parametrize(("kind", "formula"), FAULTY)
def test_a_fault_is_found_and_nothing_else(kind, formula):
    assert [fault.kind for fault in faults(cut(formula))] == [kind]


@pytest.mark.parametrize("formula", SOUND)
def test_a_sound_formula_that_looks_like_it_has_none(formula):
    assert faults(cut(formula)) == ()


def test_a_fault_has_its_place():
    text = r"y = \sum_{p=1}^{n} w_q x_q"
    (fault,) = faults(cut(text))
    assert text[fault.start : fault.end] == "p" and dict(fault.reason.parameters) == {"name": "p"}


def test_a_bracket_in_a_line_may_stand_alone():
    assert faults(cut("("), display=False) == () and faults(cut("a +"), display=False) == ()
    assert [fault.kind for fault in faults(cut("f(x = 3"), display=False)] == [FaultKind.BRACKETS]


def test_plain_text_is_not_looked_at():
    assert faults(cut("f(x = 3", plain=True)) == ()


def test_a_finding_does_not_stop_the_claim_from_being_judged():
    formulas = ("\\sum_{p=1}^{n} x_q = n x_q", "y = \\sum_{p=1}^{n} w_q x_q", "y = 3 + \\sum_{p=1}^{n} w_q x_q")
    document = check("\n\n".join(f"$${formula}$$" for formula in formulas))
    assert [each.line for each in document.structure] == [3, 5]
    assert [claim.verdict for claim in document.claims] == ["proved", "definition", "refuted"]


def texts():
    for path in sorted((ROOT / "proofs").glob("*.md")):
        yield path.name, read(path.name, path.read_text(encoding="utf-8"))
    if SHARED.exists():
        for path in sorted((SHARED / "cases").glob("*.jsonl")):
            for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                if record.get("truth") is True:
                    yield record["id"], read("text" + record["suffix"], record["document"])


def test_true_text_has_none():
    found = [
        (name, formula.latex, fault.kind.value)
        for name, document in texts()
        for formula in document.formulas
        if not formula.problem
        for fault in faults(cut(formula.latex, formula.kind == "plain"), formula.kind == "display")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("formula", "kinds"),
    [
        (r"z = \mathbf{w} \mathbf{x}_i + b", ["missing transpose"]),
        (r"z = \mathbf{w}^\top \mathbf{x}_i + b", []),
        (r"S = \mathbf{w} \mathbf{x}^\top", []),
        (r"z = \mathbf{x} \mathbf{y}", []),
    ],
)
def test_a_transpose_that_the_document_writes_elsewhere_is_missing(formula, kinds):
    found = check(f"Here is $\\mathbf{{w}}^\\top \\mathbf{{x}}$.\n\n$${formula}$$").structure
    assert [each.kind for each in found] == kinds
