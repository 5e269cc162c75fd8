"""Limits at infinity, and determinants of rank-one changes: each law with a false twin, and what is left open."""

import pytest

from derive.jobs.check import check

VECTORS = r"Let $A \in \mathbb R^{n \times n}$ be invertible and let $u, v \in \mathbb R^n$."
INVERSE = r"Let $A, B \in \mathbb R^{n \times n}$ with $A B = I$."
ORTHOGONAL = r"Let $Q \in \mathbb R^{n \times n}$ be orthogonal."


def verdict(given: str, claim: str) -> str:
    return check(f"{given}\n\nThus\n\n$$\n{claim}\n$$\n").claims[-1].verdict


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        (r"\lim_{x \to \infty} \frac{1}{x} = 0", "proved"),
        (r"\lim_{x \to \infty} \frac{1}{x} = 1", "refuted"),
        (r"\lim_{x \to +\infty} (2 + e^{-x}) = 2", "proved"),
        (r"\lim_{x \to +\infty} (2 + e^{-x}) = 3", "refuted"),
        (r"\lim_{x \to -\infty} \ln(2 + \tanh(x)) = 0", "proved"),
        (r"\lim_{x \to -\infty} \ln(2 + \tanh(x)) = 1", "refuted"),
    ],
)
def test_what_its_parts_tell_at_infinity(claim, found):
    assert verdict("", claim) == found


@pytest.mark.parametrize(
    "claim",
    [
        r"\lim_{x \to \infty} e^{x} = 0",
        r"\lim_{x \to \infty} \sin x = 0",
        r"\lim_{x \to \infty} (x - x^2 + x^3 - x^3) = 0",
        r"\lim_{x \to -\infty} \sqrt{x} = 0",
        r"\lim_{x \to \infty} x e^{-x} = 1",
    ],
)
def test_what_they_leave_open_is_not_proved(claim):
    assert verdict("", claim) not in ("proved", "conditional")


@pytest.mark.parametrize(
    ("given", "claim", "found"),
    [
        (VECTORS, r"\det(A + u v^\top) = (1 + v^\top A^{-1} u) \det A", "proved"),
        (VECTORS, r"\det(A + u v^\top) = (1 - v^\top A^{-1} u) \det A", "refuted"),
        (VECTORS, r"\det(I - 2 u v^\top) = 1 - 2 u^\top v", "proved"),
        (VECTORS, r"\det(I - 2 u v^\top) = 1 + 2 u^\top v", "refuted"),
        (INVERSE, r"\det A \det B = 1", "proved"),
        (INVERSE, r"\det A \det B = -1", "refuted"),
        (ORTHOGONAL, r"(\det Q)^2 = 1", "proved"),
        (ORTHOGONAL, r"\det Q = 1", "refuted"),
    ],
)
def test_determinants_of_changes_and_of_products_that_are_known(given, claim, found):
    assert verdict(given, claim) == found


def test_a_matrix_that_may_have_no_inverse_is_not_taken_out():
    given = r"Let $A \in \mathbb R^{n \times n}$ and $u, v \in \mathbb R^n$."
    assert verdict(given, r"\det(A + u v^\top) = \det A + \det A v^\top A^{-1} u") != "refuted"
    assert verdict(given, r"\det(A + u v^\top) = \det A") not in ("proved", "conditional")
