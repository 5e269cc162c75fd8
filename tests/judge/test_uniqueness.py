"""What only the uniqueness of an inverse shows, with a false twin beside each claim."""

import pytest
from sympy import Integer, KroneckerDelta

from derive.judge.decide import decide
from derive.judge.kernel import Proof, prove
from derive.judge.verdict import Kind
from derive.terms.arrays import determinant, inverse
from derive.terms.context import Claim, Context, Obligation, Range
from derive.terms.terms import family, index, scalar, size, summation
from tests.narrative.twins import last

TWO = "Let $A, B \\in \\mathbb{R}^{n \\times n}$ be invertible, and $u, v \\in \\mathbb R^n$.\n\n"
WIDE = "Let $A \\in \\mathbb R^{n \\times n}$ be invertible,"
WIDE += " and $U \\in \\mathbb R^{n \\times m}$, $V \\in \\mathbb R^{m \\times n}$.\n\n"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            TWO + "Suppose that $1 - v^\\top A^{-1} u \\ne 0$.\n\n",
            r"(A - u v^\top)^{-1} = A^{-1} + \frac{1}{1 - v^\top A^{-1} u} A^{-1} u v^\top A^{-1}",
            r"(A - u v^\top)^{-1} = A^{-1} - \frac{1}{1 - v^\top A^{-1} u} A^{-1} u v^\top A^{-1}",
        ),
        (
            WIDE + "Suppose that $\\det(I - V A^{-1} U) \\ne 0$.\n\n",
            r"(A - U V)^{-1} = A^{-1} + A^{-1} U (I - V A^{-1} U)^{-1} V A^{-1}",
            r"(A - U V)^{-1} = A^{-1} + A^{-1} U (I + V A^{-1} U)^{-1} V A^{-1}",
        ),
        (TWO, r"(A + B)^{-1} = B^{-1} - B^{-1} A (A + B)^{-1}", r"(A + B)^{-1} = B^{-1} - A B^{-1} (A + B)^{-1}"),
        ("Let $Q \\in \\mathbb R^{n \\times n}$ be orthogonal.\n\n", r"Q^{-1} = Q^\top", r"Q^{-1} = Q"),
        (
            "Let $C, D \\in \\mathbb R^{n \\times n}$. Suppose that $C D = I$.\n\n",
            r"C^{-1} x = D x",
            r"C^{-1} x = C x",
        ),
        (
            "Let $X \\in \\mathbb R^{m \\times n}$. Let $\\lambda > 0$.\n\n",
            r"X (X^\top X + \lambda I)^{-1} = (X X^\top + \lambda I)^{-1} X",
            r"X (X^\top X + \lambda I)^{-1} = (X X^\top + I)^{-1} X",
        ),
    ],
)
def test_identities_of_inverses(text, true, false):
    text = text.replace("$C, D", "$x \\in \\mathbb R^n$ and $C, D")
    assert last(text, true).verdict == "proved"
    assert last(text, false).verdict not in ("proved", "conditional")


def test_a_restricted_index_stands_for_no_row():
    text = "---\nderive:\n  indices: i, j, k in 1..n\n  families: A_{ij}, B_{ij}\n---\n\n"
    claim = r"\sum_{k=1}^n A_{ik} B_{kj} = \delta_{ij}"
    rows = text + f"Suppose that $i = 1$ and ${claim}$.\n\n"
    assert last(rows, r"B_{ij} = (A^{-1})_{ij}").verdict not in ("proved", "conditional")


def test_a_rectangular_factor_makes_no_inverse():
    text = "Let $A \\in \\mathbb R^{m \\times n}$ and $B \\in \\mathbb R^{n \\times m}$. Suppose that $A B = I$.\n\n"
    assert last(text, r"B A = I").verdict not in ("proved", "conditional")


@pytest.mark.parametrize(("matrix", "verdict"), [("X^\\top X + \\lambda I", "proved"), ("X^\\top X - \\lambda I", "tested")])
def test_what_is_positive_definite_is_invertible(matrix, verdict):
    text = "Let $X \\in \\mathbb R^{m \\times n}$ and $a \\in \\mathbb R^n$. Let $\\lambda > 0$.\n\n"
    found = last(text, rf"a + a = 2 ({matrix})^{{-1}} ({matrix}) a").verdict
    assert found == verdict or verdict == "tested" and found != "proved"


# -- without a reader ----------------------------------------------------------------------------------------------------

i, j, k, l = (index(name) for name in "ijkl")
n, d, u = size("n"), size("d"), scalar("u")
X = family("X")
ONE = Integer(1)
SPANS = Context().with_range(i, Range(ONE, d)).with_range(j, Range(ONE, n))


def columns(row, column):
    """``X^T X + u I``."""
    return summation(X[k, row] * X[k, column], k, ONE, d) + u * KroneckerDelta(row, column)


def rows(row, column):
    """``X X^T + u I``."""
    return summation(X[row, k] * X[column, k], k, ONE, n) + u * KroneckerDelta(row, column)


OBLIGED = (Obligation(determinant(columns, ONE, n), "!="), Obligation(determinant(rows, ONE, d), "!="))


def claim(factor):
    """``X (X^T X + u I)^{-1} = (X X^T + u I)^{-1} X``, or with a factor."""
    left = summation(X[i, l] * inverse(columns, ONE, n, l, j), l, ONE, n)
    right = summation(inverse(rows, ONE, d, i, l) * X[l, j], l, ONE, d)
    return Claim(left, "=", factor * right, OBLIGED)


def test_what_only_the_uniqueness_of_an_inverse_shows():
    proof = prove(claim(1), SPANS)
    assert isinstance(proof, Proof) and "uniqueness of the inverse" in proof.rules
    assert decide(claim(2), SPANS).kind is Kind.REFUTED
