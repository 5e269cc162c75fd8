"""What a document assumes of whole matrices, in formulas and in words, with a false twin beside each claim."""

import pytest

from derive.jobs.check import check

SQUARE = "$A, B \\in \\mathbb{R}^{n \\times n}$ and $x \\in \\mathbb R^n$"


def verdict(text, formula):
    return check(f"{text}\n\n$${formula}$$\n").claims[-1].verdict


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            "Let $S$ be a symmetric matrix, $S_{ij} = S_{ji}$ for all $i$ and $j$.",
            r"\sum_{j=1}^n S_{kj} x_j = \sum_{j=1}^n S_{jk} x_j",
            r"\sum_{j=1}^n S_{kj} x_j = \sum_{j=1}^n S_{jj} x_j",
        ),
        (f"Let {SQUARE} with $A^\\top = A$.", r"\nabla_x (x^\top A x) = 2 A x", r"\nabla_x (x^\top A x) = A x"),
        (
            "Let $A \\in \\mathbb{R}^{n \\times n}$ be symmetric and $x \\in \\mathbb R^n$.",
            r"\nabla_x^2 (x^\top A x) = 2 A",
            r"\nabla_x^2 (x^\top A x) = A",
        ),
        (
            "Suppose $K_{ij} = -K_{ji}$ for all $i, j$.",
            r"\sum_{i=1}^n \sum_{j=1}^n K_{ij} x_i x_j = 0",
            r"\sum_{i=1}^n \sum_{j=1}^n K_{ij} x_i x_j = \sum_{i=1}^n x_i^2",
        ),
        (
            "Let $Q \\in \\mathbb{R}^{n \\times n}$ be orthogonal and $A \\in \\mathbb{R}^{n \\times n}$.",
            r"\operatorname{tr}(Q^\top A Q) = \operatorname{tr}(A)",
            r"\operatorname{tr}(Q^\top A Q) = \operatorname{tr}(A Q)",
        ),
        (
            "Let $Q, A \\in \\mathbb{R}^{n \\times n}$ with $Q^\\top Q = I$.",
            r"\|Q A\|_F^2 = \|A\|_F^2",
            r"\|Q A\|_F^2 = 2 \|A\|_F^2",
        ),
        (
            "Let $Q \\in \\mathbb{R}^{n \\times d}$ with $Q^\\top Q = I$ and $y \\in \\mathbb{R}^d$.",
            r"\|Q y\|^2 = \|y\|^2",
            r"\|Q y\|^2 = 2 \|y\|^2",
        ),
        ("Let $A, B \\in \\mathbb{R}^{n \\times n}$ with $A B = I$.", r"B A = I", r"B A = 2 I"),
        ("Let $P \\in \\mathbb{R}^{n \\times n}$ be idempotent.", r"(I - P)^2 = I - P", r"(I - P)^2 = I + P"),
        ("Let $u \\in \\mathbb{R}^n$ with $\\|u\\| = 1$ and $H = I - 2 u u^\\top$.", r"H^\top H = I", r"H^\top H = H"),
        (
            "Let $P, R \\in \\mathbb{R}^{n \\times n}$ be symmetric, $H, K \\in \\mathbb{R}^{n \\times n}$.",
            r"(P H R)^\top = R H^\top P",
            r"(P H R)^\top = R H P",
        ),
    ],
)
def test_hypotheses_on_matrices(text, true, false):
    assert verdict(text, true) == "proved"
    assert verdict(text, false) == "refuted"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("Let $A \\in \\mathbb{R}^{m \\times n}$ and $B \\in \\mathbb{R}^{n \\times m}$ with $A B = I$.", r"B A = I"),
        ("Let $Q \\in \\mathbb{R}^{n \\times d}$ with $Q^\\top Q = I$.", r"Q Q^\top = I"),
        ("Let $A, B \\in \\mathbb{R}^{n \\times n}$ be symmetric.", r"A B = B A"),
        (f"Let {SQUARE}. The matrix $A$ is not symmetric.", r"\nabla_x (x^\top A x) = 2 A x"),
        (f"Let {SQUARE}. If $B$ is symmetric, nothing follows for $A$.", r"\nabla_x (x^\top A x) = 2 A x"),
        ("Let $S \\in \\mathbb{R}^{m \\times m}$ be symmetric and $T \\in \\mathbb{R}^{n \\times n}$.", r"T^\top = T"),
    ],
)
def test_what_is_not_assumed_is_not_proved(text, formula):
    assert verdict(text, formula) not in ("proved", "conditional")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (
            "Let $S \\in \\mathbb{R}^{n \\times n}$ be symmetric positive definite and $x \\in \\mathbb R^n$.",
            r"\nabla_x (x^\top S x) = 2 S x",
        ),
        ("Let $x, y \\in \\mathbb{R}^n$ be orthogonal.", r"\|x + y\|^2 = \|x\|^2 + \|y\|^2"),
    ],
)
def test_what_words_may_say_is_not_refuted(text, formula):
    assert verdict(text, formula) != "refuted"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("B A B = B", "proved"), ("B A = I", "refuted"), (r"\operatorname{tr}(B A) = n", "proved")],
)
def test_matrices_whose_shapes_leave_a_hypothesis_no_room_at_some_sizes(formula, expected):
    text = "Let $A \\in \\mathbb{R}^{n \\times m}$ and $B \\in \\mathbb{R}^{m \\times n}$ with $A B = I$."
    assert verdict(text, formula) == expected
