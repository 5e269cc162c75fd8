"""Inverses and determinants of matrices as people write them, with a false twin beside each claim."""

import pytest

from tests.narrative.twins import assert_told_apart, last

TWO = "Let $A, B \\in \\mathbb{R}^{n \\times n}$ be invertible and $a, b \\in \\mathbb{R}^n$.\n\n"
POSITIVE = "Let $A, B \\in \\mathbb{R}^{n \\times n}$ be invertible with $\\det A > 0$.\n\n"
RIDGE = (
    "Let $X \\in \\mathbb{R}^{m \\times n}$, $y \\in \\mathbb{R}^m$, $\\lambda > 0$ and"
    " $w = (X^\\top X + \\lambda I)^{-1} X^\\top y$.\n\n"
)
HAT = "Let $X \\in \\mathbb{R}^{m \\times n}$ and $H = X (X^\\top X)^{-1} X^\\top$.\n\n"
NORMAL = (
    "Let $S \\in \\mathbb{R}^{n \\times n}$ be symmetric and invertible, $y, \\mu \\in \\mathbb R^n$"
    " and $L = \\frac12 \\ln \\det S - \\frac12 (y - \\mu)^\\top S (y-\\mu)$.\n\n"
)


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (TWO, r"(A B)^{-1} = B^{-1} A^{-1}", r"(A B)^{-1} = A^{-1} B^{-1}"),
        (TWO, r"A A^{-1} = I", r"A A^{-1} = 2 I"),
        (TWO, r"A^{-1} A B = B", r"A^{-1} B A = B"),
        (TWO, r"(A^{-1})^{-1} = A", r"(A^{-1})^{-1} = A^\top"),
        (TWO, r"A^{-\top} = (A^\top)^{-1}", r"A^{-\top} = A^{-1}"),
        (TWO, r"(2 A)^{-1} = \frac12 A^{-1}", r"(2 A)^{-1} = 2 A^{-1}"),
        (TWO, r"A^{-1} - B^{-1} = A^{-1} (B - A) B^{-1}", r"A^{-1} - B^{-1} = A^{-1} (A - B) B^{-1}"),
        (TWO, r"(A + B)^{-1} A + (A + B)^{-1} B = I", r"(A + B)^{-1} = A^{-1} + B^{-1}"),
        (
            TWO,
            r"\operatorname{tr}(A^{-1} B A) = \operatorname{tr}(B)",
            r"\operatorname{tr}(A^{-1} B A) = \operatorname{tr}(B A)",
        ),
        (
            TWO,
            r"\nabla_A (a^\top A^{-1} b) = -A^{-\top} a b^\top A^{-\top}",
            r"\nabla_A (a^\top A^{-1} b) = -A^{-1} a b^\top A^{-1}",
        ),
        (
            TWO,
            r"\nabla_A \operatorname{tr}(A^{-1}) = -(A^{-1} A^{-1})^\top",
            r"\nabla_A \operatorname{tr}(A^{-1}) = -A^{-1} A^{-1}",
        ),
        (TWO, r"\det(A B) = \det(A) \det(B)", r"\det(A B) = \det(A) + \det(B)"),
        (TWO, r"\det(A^\top) = \det A", r"\det(A^\top) = -\det A"),
        (TWO, r"\det(A^{-1}) = \frac{1}{\det A}", r"\det(A^{-1}) = \det A"),
        (TWO, r"\nabla_A \det A = \det(A) A^{-\top}", r"\nabla_A \det A = \det(A) A^{-1}"),
        (POSITIVE, r"\nabla_A \ln \det A = (A^{-1})^\top", r"\nabla_A \ln \det A = A^{-1}"),
        (RIDGE, r"X^\top X w + \lambda w = X^\top y", r"X^\top X w + w = X^\top y"),
        (HAT, r"H X = X", r"H X = X X^\top X"),
        (HAT, r"H^2 = H", r"H^2 = 2 H"),
        (HAT, r"H^\top = H", r"H^\top = H H H + H"),
        (NORMAL, r"\nabla_\mu L = S (y - \mu)", r"\nabla_\mu L = S^{-1} (y - \mu)"),
        (
            NORMAL,
            r"\nabla_S L = \frac12 S^{-1} - \frac12 (y-\mu)(y-\mu)^\top",
            r"\nabla_S L = S^{-1} - \frac12 (y-\mu)(y-\mu)^\top",
        ),
    ],
)
def test_identities_of_inverses_and_determinants(text, true, false):
    assert_told_apart(text, true, false)


def test_what_has_to_be_invertible_is_an_obligation():
    claim = last("Let $A \\in \\mathbb{R}^{n \\times n}$.\n\n", r"A A^{-1} = I")
    assert claim.verdict == "proved"
    assert [each.latex for each in claim.obligations] == [r"\det A \ne 0"]
    assert last(TWO, r"A A^{-1} = I").obligations[0].stated


@pytest.mark.parametrize("formula", [r"A A^{-1} = I", r"\det(A) = 1", r"(A A^\top)^{-1} = A^{-\top} A^{-1}"])
def test_a_rectangular_matrix_has_no_inverse(formula):
    assert last("Let $A \\in \\mathbb{R}^{m \\times n}$.\n\n", formula).verdict not in ("proved", "conditional")


def test_both_sides_only_where_the_matrix_is_square():
    text = "Let $X \\in \\mathbb{R}^{m \\times n}$.\n\n"
    assert last(text, r"(X^\top X)^{-1} X^\top X = I").verdict == "proved"
    assert last(text, r"X (X^\top X)^{-1} X^\top = I").verdict not in ("proved", "conditional")
