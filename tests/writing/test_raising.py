"""Index terms raised to matrix notation, and what has none."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer, KroneckerDelta, Symbol, exp, log, sqrt, tanh

from derive.terms import terms
from derive.terms.arrays import determinant, inverse
from derive.terms.context import Context
from derive.terms.terms import Partial, summation
from derive.writing.raising.graph import NotRaised
from derive.writing.raising.lifting import Lifter
from derive.writing.raising.printing import LATEX, PLAIN, Printer

I, J, K, L = (terms.index(letter) for letter in "ijkl")
N, D = terms.size("N"), terms.size("d")
X, A, B, w, x, y, z = (terms.family(letter) for letter in ("X", "A", "B", "w", "x", "y", "z"))
F, LAMBDA = terms.scalar("f"), terms.scalar("lambda")


def total(body: Expr, index: Symbol, high: Expr = D) -> Expr:
    return summation(body, index, 1, high)


def inverted(row: Expr, column: Expr) -> Expr:
    return inverse(lambda i, j: A[i, j], Integer(1), D, row, column)


COLUMNS = [
    (total(X[K, I] * (total(X[K, L] * w[L], L) - y[K]), K, N), r"X^\top (X w - y)"),
    (total(X[K, I] * total(X[K, L] * w[L], L), K, N) - total(X[K, I] * y[K], K, N), r"X^\top (X w - y)"),
    (x[I] * (1 - y[I] ** 2), r"x \odot (\mathbf{1} - y \odot y)"),
    (total(A[I, K], K), r"A \mathbf{1}"),
    (A[I, I], r"\operatorname{diag}(A)"),
    (exp(z[I]) / total(exp(z[K]), K), r"\frac{e^{z}}{\mathbf{1}^\top e^{z}}"),
    (total(KroneckerDelta(I, K) * x[K], K), "x"),
    (Partial(F, w[I]), r"\frac{\partial f}{\partial w}"),
    (
        total(Partial(F, y[K]) * Partial(y[K], x[I]), K),
        r"\left(\frac{\partial y}{\partial x}\right)^\top \frac{\partial f}{\partial y}",
    ),
    (total(inverted(I, K) * x[K], K), r"A^{-1} x"),
    (LAMBDA * tanh(w[I]), r"\lambda \tanh(w)"),
]
MATRICES = [
    (x[I] * (KroneckerDelta(I, J) - x[J]), r"\operatorname{diag}(x) - x x^\top"),
    (total(X[K, I] * X[K, J], K, N) + LAMBDA * KroneckerDelta(I, J), r"X^\top X + \lambda I"),
    (total(A[I, K] * x[K] * B[K, J], K), r"A \operatorname{diag}(x) B"),
    (A[J, I], r"A^\top"),
    (A[I, J] * B[I, J], r"A \odot B"),
    (x[I] * A[I, J] * y[J], r"\operatorname{diag}(x) A \operatorname{diag}(y)"),
    (x[I] * y[J] - z[I] * y[J], r"(x - z) y^\top"),
    (inverted(J, I), r"(A^{-1})^\top"),
    (Partial(Partial(F, w[J]), w[I]), r"\frac{\partial^2 f}{\partial w \partial w^\top}"),
]
NUMBERS = [
    (total(x[K] * y[K], K), r"x^\top y"),
    (total(x[K] ** 2, K), r"\|x\|^2"),
    (sqrt(total(x[K] ** 2, K)), r"\|x\|"),
    (total(total(x[K] * A[K, L] * y[L], L), K), r"x^\top A y"),
    (total(total(A[K, L] * B[L, K], L), K), r"\operatorname{tr}(B A)"),
    (total(total(A[K, L] ** 2, L), K), r"\|A\|_F^2"),
    (total(A[K, K], K), r"\operatorname{tr}(A)"),
    (log(total(exp(z[K]), K)), r"\ln(\mathbf{1}^\top e^{z})"),
    (determinant(lambda i, j: A[i, j], Integer(1), D), r"\det(A)"),
]


def written(term: Expr, row: Symbol | None, column: Symbol | None) -> str:
    return Printer(LATEX, Context(), {})(Lifter().whole(term, row, column))


@pytest.mark.parametrize(("term", "latex"), COLUMNS)
def test_columns(term: Expr, latex: str) -> None:
    assert written(term, I, None) == latex


@pytest.mark.parametrize(("term", "latex"), MATRICES)
def test_matrices(term: Expr, latex: str) -> None:
    assert written(term, I, J) == latex


@pytest.mark.parametrize(("term", "latex"), NUMBERS)
def test_numbers(term: Expr, latex: str) -> None:
    assert written(term, None, None) == latex


def test_a_row_is_the_transposed_column() -> None:
    assert written(total(A[K, J] * x[K], K), None, J) == r"x^\top A"


REFUSED = [
    (total(x[K] * terms.family("T")[K, I, J], K), I, J),
    (total(x[K] * A[K, I] * B[K, J] * X[K, L], K), I, J),
    (terms.family("T")[I, J, K], I, J),
    (A[I, K], I, None),
    (terms.Call("f", [x[I], y[I]]), I, None),
]


@pytest.mark.parametrize(("term", "row", "column"), REFUSED)
def test_what_has_no_notation_is_refused(term: Expr, row: Symbol | None, column: Symbol | None) -> None:
    with pytest.raises(NotRaised):
        Lifter().whole(term, row, column)


def test_a_triangular_sum_is_no_product() -> None:
    """The sum over k < i of x_k is not the product with a matrix of ones."""
    with pytest.raises(NotRaised):
        Lifter().whole(summation(x[K] * A[K, I], K, 1, D, [I]), I, None)


def test_names_that_are_symmetric_need_no_transpose() -> None:
    lifter = Lifter(symmetric=frozenset({"A"}))
    found = lifter.whole(total(A[K, I] * x[K] + A[I, K] * x[K], K), I, None)
    assert Printer(PLAIN, Context(), {})(found) == "2 A x"


def test_the_layout_decides_which_way_a_jacobian_stands() -> None:
    jacobian = Partial(y[I], x[J])
    assert written(jacobian, I, J) == r"\frac{\partial y}{\partial x}"
    turned = Lifter(layout="denominator").whole(jacobian, I, J)
    assert Printer(LATEX, Context(), {})(turned) == r"\left(\frac{\partial y}{\partial x}\right)^\top"


def test_operators_by_their_words() -> None:
    lifter = Lifter(words=("sigmoid", "softmax"))
    for term, latex in (
        (1 / (1 + exp(-z[I])), r"\mathrm{sigmoid}(z)"),
        (exp(z[I]) / total(exp(z[K]), K), r"\mathrm{softmax}(z)"),
        (exp(z[I]) / total(exp(x[K]), K), r"\frac{e^{z}}{\mathbf{1}^\top e^{x}}"),
    ):
        assert Printer(LATEX, Context(), {})(lifter.whole(term, I, None)) == latex


def test_names_in_the_type_of_the_document() -> None:
    printer = Printer(LATEX, Context(), {"x": r"\mathbf{x}", "A": r"\mathbf{A}"})
    assert printer(Lifter().whole(total(A[K, I] * x[K], K), I, None)) == r"\mathbf{A}^\top \mathbf{x}"
