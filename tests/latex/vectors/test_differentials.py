r"""Differentials of vectors and matrices, ``d(A X) = A\,dX``, with a false twin beside each claim."""

import pytest

from tests.narrative.twins import assert_told_apart, last

OPEN = "Let $A, X, Y \\in \\mathbb{R}^{n \\times n}$ and $x, b \\in \\mathbb R^n$. "
SQUARE = OPEN + "Let $A, b$ be constant.\n\n"
INVERTIBLE = "Let $A, X \\in \\mathbb{R}^{n \\times n}$ be invertible with $\\det X > 0$. Let $A$ be constant.\n\n"
INDICES = "---\nderive:\n  families: A_{ij}, X_{ij}, x_i\n  constants: A\n---\n\n"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (SQUARE, r"d(A X) = A \, dX", r"d(A X) = dX \, A"),
        (SQUARE, r"d(X Y) = (dX) Y + X (dY)", r"d(X Y) = (dY) X + Y (dX)"),
        (SQUARE, r"d(X^\top Y) = (dX)^\top Y + X^\top dY", r"d(X^\top Y) = dX Y + X^\top dY"),
        (SQUARE, r"d(b^\top x) = b^\top dx", r"d(b^\top x) = x^\top dx"),
        (
            SQUARE,
            r"d \operatorname{tr}(A X) = \operatorname{tr}(A dX)",
            r"d \operatorname{tr}(A X) = \operatorname{tr}(A^\top dX)",
        ),
        (SQUARE, r"\mathrm{d}(A x) = A \, \mathrm{d}x", r"\mathrm{d}(A x) = A^\top \mathrm{d}x"),
        (SQUARE, r"d(x x^\top) = dx \, x^\top + x \, dx^\top", r"d(x x^\top) = 2 dx \, x^\top"),
        (INVERTIBLE, r"d(A X^{-1}) = -A X^{-1} dX X^{-1}", r"d(A X^{-1}) = A X^{-1} dX X^{-1}"),
        (INVERTIBLE, r"d \ln\det(X) = \operatorname{tr}(X^{-1} dX)", r"d \ln\det(X) = \operatorname{tr}(X dX)"),
        (
            INDICES,
            r"d(\sum_{k=1}^n A_{ik} X_{kj}) = \sum_{k=1}^n A_{ik} dX_{kj}",
            r"d(\sum_{k=1}^n A_{ik} X_{kj}) = \sum_{k=1}^n A_{ki} dX_{kj}",
        ),
    ],
)
def test_differentials(text, true, false):
    assert_told_apart(text, true, false)


def test_what_has_no_differential_and_is_not_constant_is_a_condition():
    free = OPEN + "\n\n"
    assert last(free, r"d(A X) = A \, dX + dA \, X").verdict == "proved"
    for formula, name in ((r"d(A X) = A \, dX", "A"), (r"d(X Y) = (dX) Y", "Y")):
        claim = last(free, formula)
        assert claim.verdict == "conditional"
        assert [condition.text for condition in claim.conditions] == [f"{name} held fixed"]
    assert last(free, r"d(A X) = dA \, X + dA \, dX").verdict == "refuted"
    assert last(SQUARE, r"d(X Y) = (dX) Y").verdict == "conditional"


@pytest.mark.parametrize(
    "formula",
    [
        r"d(A X) = A X",  # nothing varies
        r"d(x, b) = \|x - b\|",  # a distance
        r"dX^2 = X dX + dX X",  # the square of a differential, or the differential of a square
    ],
)
def test_what_is_no_differential_is_not_judged(formula):
    assert last(SQUARE, formula).verdict not in ("proved", "refuted")


def test_a_name_d_is_a_name():
    text = "Let $d$ be a number, $x \\in \\mathbb R^n$ and $y \\in \\mathbb R^n$.\n\n"
    assert last("---\nderive:\n  scalars: d\n  shapes: x in n; y in n\n---\n\n", r"d (x + y) = d x + d y").verdict == "proved"
    assert last(text, r"d (x + y) = d x + 2 d y").verdict != "proved"
