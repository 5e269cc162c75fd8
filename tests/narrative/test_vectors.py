"""Documents that speak of vectors: gradients of softmax and of a linear layer, and their false twins."""

import pytest
from sympy import Integer

from derive.jobs.check import check
from derive.latex.symbols.table import SymbolTable
from derive.narrative.names.letters import taken_letters
from derive.terms.context import Context, Fact, Range
from derive.terms.terms import family, index, size

CROSS_ENTROPY = r"""---
derive:
  indices: i, k in 1..n
  families: z_i, a_i, y_i
  assume: \sum_k y_k = 1
---
$$a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$$

$$L = -\sum_k y_k \log a_k$$

"""

LAYER = r"""---
derive:
  indices: i, k, l in 1..n
  indices: j, m in 1..d
  families: W_{kj}, b_k, x_j, z_k, y_k, a_k
  assume: \mathbf 1^\top \mathbf y = 1
---
$$\mathbf z = W \mathbf x + \mathbf b$$

$$a_k = \frac{e^{z_k}}{\sum_l e^{z_l}}$$

$$L = -\sum_k y_k \log a_k$$

"""


def last(head, formula):
    return check(f"{head}Hence\n\n$${formula}$$\n").claims[-1]


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\nabla_{\mathbf z} L = \mathbf a - \mathbf y", "proved"),
        (r"\nabla_{\mathbf z} L = \mathbf y - \mathbf a", "refuted"),
        (r"\nabla_z L = a - y", "proved"),
        (r"\nabla_z L = a + y", "refuted"),
        (r"\frac{\partial L}{\partial \mathbf z} = \mathbf a", "refuted"),
        (r"\mathbf 1^\top \nabla_{\mathbf z} L = 0", "proved"),
        (r"\mathbf 1^\top \nabla_{\mathbf z} L = 1", "refuted"),
        (r"\|\mathbf a\|^2 = \mathbf a^\top \mathbf a", "proved"),
        (r"\|\mathbf a\|^2 = \mathbf a^\top \mathbf y", "refuted"),
        (r"\mathbf a \odot \mathbf y = \mathbf y \odot \mathbf a", "proved"),
        (r"\mathbf a \odot \mathbf y = \mathbf y \odot \mathbf y", "refuted"),
        (r"\mathbf a \mathbf y^\top = (\mathbf y \mathbf a^\top)^\top", "proved"),
        (r"\nabla_{\mathbf z} L = \mathbf a^\top - \mathbf y^\top", "unread"),
    ],
)
def test_the_gradient_of_the_cross_entropy(formula, verdict):
    assert last(CROSS_ENTROPY, formula).verdict == verdict


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"\nabla_W L = (\mathbf a - \mathbf y) \mathbf x^\top", "proved"),
        (r"\nabla_W L = (\mathbf y - \mathbf a) \mathbf x^\top", "refuted"),
        (r"\nabla_W L = \mathbf x (\mathbf a - \mathbf y)^\top", "refuted"),
        (r"\frac{\partial L}{\partial W} = \frac{\partial L}{\partial \mathbf z} \mathbf x^\top", "proved"),
        (r"\frac{\partial L}{\partial W} = 2 \frac{\partial L}{\partial \mathbf z} \mathbf x^\top", "refuted"),
        (r"\nabla_{\mathbf b} L = \mathbf a - \mathbf y", "proved"),
        (r"\nabla_{\mathbf x} L = W^\top (\mathbf a - \mathbf y)", "proved"),
        (r"\nabla_{\mathbf x} L = -W^\top (\mathbf a - \mathbf y)", "refuted"),
        (r"\nabla_{\mathbf x} L = W (\mathbf a - \mathbf y)", "refuted"),
    ],
)
def test_the_gradients_of_a_linear_layer(formula, verdict):
    assert last(LAYER, formula).verdict == verdict


def test_a_transposed_gradient_of_a_square_layer_is_not_proved():
    square = LAYER.replace("1..d", "1..n")
    assert last(square, r"\nabla_W L = (\mathbf a - \mathbf y) \mathbf x^\top").verdict == "proved"
    assert last(square, r"\nabla_W L = \mathbf x (\mathbf a - \mathbf y)^\top").verdict in ("refuted", "conditional")


def test_a_vector_is_defined_by_vectors_alone():
    head = (
        LAYER
        + r"""We write $\boldsymbol\delta = \mathbf a - \mathbf y$.

"""
    )
    assert last(head, r"\nabla_{\mathbf x} L = W^\top \boldsymbol\delta").verdict == "proved"
    assert last(head, r"\nabla_{\mathbf x} L = 2 W^\top \boldsymbol\delta").verdict == "refuted"
    assert last(head, r"\nabla_W L = \boldsymbol\delta \mathbf x^\top").verdict == "proved"


def test_an_index_of_a_hypothesis_is_no_entry():
    head = CROSS_ENTROPY.replace(r"\sum_k y_k = 1", "y one-hot at i")
    assert last(head, r"\nabla_{\mathbf z} L = \mathbf a - \mathbf y").verdict == "proved"
    assert last(head, r"\nabla_{\mathbf z} L = \mathbf a - \mathbf 1").verdict == "refuted"
    assert last(head, r"\frac{\partial L}{\partial z_i} = a_i - 1").verdict == "proved"


def test_a_case_of_an_index_is_no_entry():
    case = CROSS_ENTROPY + "If $i = j$:\n\n"
    assert check(case + r"$$\mathbf a \mathbf y^\top = \mathbf y \mathbf a^\top$$").claims[-1].verdict != "proved"


def test_an_index_whose_range_changed_is_no_entry():
    context = Context().with_range(index("i"), Range(Integer(1), size("K")))
    context = context.with_range(index("j"), Range(Integer(1), size("n")))
    assert taken_letters(context, SymbolTable()) == {"i"}
    assert taken_letters(Context().assume(Fact(family("y")[index("m")], "=", Integer(1))), SymbolTable()) == {"m"}


def test_a_sigmoid_layer():
    head = r"""---
derive:
  indices: i, k in 1..n
  families: z_i, y_i
---
$$\sigma(t) = \frac{1}{1 + e^{-t}}$$

$$\mathbf a = \sigma(\mathbf z)$$

$$L = \frac{1}{2} \|\mathbf a - \mathbf y\|^2$$

"""
    right = r"\nabla_{\mathbf z} L = (\mathbf a - \mathbf y) \odot \mathbf a \odot (\mathbf 1 - \mathbf a)"
    assert last(head, right).verdict == "proved"
    assert last(head, right.replace(r"(\mathbf 1 - \mathbf a)", r"(\mathbf 1 + \mathbf a)")).verdict == "refuted"
    assert last(head, right.replace(r"(\mathbf 1 - \mathbf a)", r"(1 - \mathbf a)")).verdict == "proved"
    assert last(head, right.replace(r"(\mathbf 1 - \mathbf a)", r"(2 - \mathbf a)")).verdict == "refuted"
    by_slope = r"\nabla_{\mathbf z} L = (\mathbf a - \mathbf y) \odot \sigma'(\mathbf z)"
    assert last(head, by_slope).verdict == "proved"
