"""Inverses, systems and determinants in array programs; products of matrices in text."""

import numpy as np
import pytest

from derive.code.arrays.builder import Builder
from derive.code.arrays.program import BATCH, Determinant, Inverse, Program, ShapeError, Solve
from derive.code.functions.interpret import evaluate
from derive.code.loading import load
from derive.code.python.library import Library
from derive.code.python.numpy.body import Body
from derive.code.targets import TARGETS
from derive.documents import Loaded
from derive.jobs.compile import compile_document

RANDOM = np.random.default_rng(5)
A = RANDOM.standard_normal((4, 4)) + 4 * np.eye(4)


def text_of(program: Program) -> str:
    return "\n".join(Body(program, Library()).statements())


def test_a_system_is_solved_along_the_axes_that_are_named() -> None:
    build = Builder()
    a, b = build.input("a", ("i", "j"), ("n", "n")), build.input("b", (BATCH, "j"), (BATCH, "n"))
    turned = build.solve(a, b, "j", "i")
    b_too = build.input("b", (BATCH, "i"), (BATCH, "n"))
    program = build.program([("x", build.solve(a, b_too, "i", "j")), ("y", turned)])
    right = RANDOM.standard_normal((3, 4))
    found = evaluate(program, {"a": A, "b": right})
    np.testing.assert_allclose(found["x"] @ A.T, right, rtol=1e-12)
    np.testing.assert_allclose(found["y"] @ A, right, rtol=1e-12)


def test_an_inverse_has_the_axis_of_the_columns_first() -> None:
    build = Builder()
    value = build.inverse(build.input("a", ("i", "j"), ("n", "n")), "i", "j")
    assert value.letters == ("j", "i")
    np.testing.assert_allclose(evaluate(build.program([("x", value)]), {"a": A})["x"], np.linalg.inv(A), rtol=1e-12)


def test_the_logarithm_of_a_negative_determinant_is_nan() -> None:
    build = Builder()
    value = build.determinant(build.input("a", ("i", "j"), ("n", "n")), "i", "j", in_log=True)
    program = build.program([("x", value)])
    assert np.isclose(evaluate(program, {"a": A})["x"], np.linalg.slogdet(A)[1])
    assert np.isnan(evaluate(program, {"a": np.diag([1.0, -1.0])})["x"])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda build, a, b: build.solve(a, b, "j", "i"),
        lambda build, a, b: build.inverse(a, "i", "k"),
        lambda build, a, b: build.inverse(build.input("c", ("i", "j"), ("n", "d")), "i", "j"),
    ],
)
def test_what_is_no_square_matrix_is_refused(wrong) -> None:
    build = Builder()
    a, b = build.input("a", ("i", "j"), ("n", "n")), build.input("b", ("i",), ("n",))
    with pytest.raises(ShapeError):
        wrong(build, a, b)


def test_a_product_of_matrices_behind_a_product_is_in_brackets() -> None:
    """``y * w @ x`` would be ``(y * w) @ x``."""
    build = Builder()
    y, w = build.input("y", (BATCH, "i"), (BATCH, "n")), build.input("w", (BATCH, "j"), (BATCH, "d"))
    x = build.input("x", ("i", "j"), ("n", "d"))
    program = build.program([("z", build.elementwise("mul", y, build.contract([w, x], ["j"])))])
    assert "y * (w @ x.T)" in text_of(program)
    build = Builder()
    a, b = build.input("a", (BATCH, "i"), (BATCH, "n")), build.input("b", (BATCH, "i"), (BATCH, "n"))
    assert "return a + a * b" in text_of(build.program([("z", build.elementwise("add", a, build.elementwise("mul", a, b)))]))


RIDGE = r"""Let $X \in \mathbb R^{n \times d}$, $y \in \mathbb R^n$ and $\lambda > 0$. The solution is

$$w = (X^\top X + \lambda I)^{-1} X^\top y$$
"""


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
def test_a_solution_is_no_inverse(target) -> None:
    library = pytest.importorskip({"numpy": "numpy", "torch": "torch", "jax": "jax.numpy"}[target], reason="not installed")
    (function,) = compile_document(Loaded("notes.md", ".md", RIDGE)).functions
    kinds = [type(node) for node in function.program.nodes]
    assert kinds.count(Solve) == 1 and Inverse not in kinds and Determinant not in kinds
    module = load(TARGETS[target].written([function], "ridge", "notes.md"), "ridge")
    x, y = RANDOM.standard_normal((7, 3)), RANDOM.standard_normal((2, 7))
    given = [library.asarray(each) for each in (x, y, np.array(0.3))]
    expected = np.linalg.solve(x.T @ x + 0.3 * np.eye(3), x.T @ y.T).T
    np.testing.assert_allclose(np.asarray(module.w(*given)), expected, rtol=1e-5 if target == "jax" else 1e-10)
    given[1] = given[1][0]
    np.testing.assert_allclose(np.asarray(module.w(*given)), expected[0], rtol=1e-5 if target == "jax" else 1e-10)


def test_c_says_no() -> None:
    (function,) = compile_document(Loaded("notes.md", ".md", RIDGE)).functions
    assert "inverses" in TARGETS["c"].unwritten([function])["w"]
