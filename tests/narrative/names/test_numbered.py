"""Matrices and vectors that are told apart by a number, each claim with a false twin."""

import pytest

from derive.latex.symbols.labels import joined
from derive.latex.tokens.cut import cut
from derive.latex.tokens.lexer import tokens
from derive.narrative.names.shaped import labels_in
from tests.narrative.twins import assert_told_apart, last

TWO = "Let $W_1 \\in \\mathbb R^{m \\times d}$, $W_2 \\in \\mathbb R^{k \\times m}$ and $x \\in \\mathbb R^d$.\n\n"
ABOVE = (
    "Let $\\mathbf W^{(1)}, \\mathbf W^{(2)} \\in \\mathbb R^{m \\times d}$, $V^{[1]}, V^{[2]} \\in \\mathbb R^{m \\times d}$, "
    "and let $\\mathbf x_1, \\mathbf x_2 \\in \\mathbb R^d$.\n\n"
)
NET = TWO + "Let $h_1 = \\tanh(W_1 x)$, $h_2 = W_2 h_1$ and $L = \\|h_2\\|^2$.\n\n"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            TWO,
            r"\nabla_{W_1} \|W_2 W_1 x\|^2 = 2 W_2^\top W_2 W_1 x x^\top",
            r"\nabla_{W_1} \|W_2 W_1 x\|^2 = 2 W_2 W_1 x x^\top",
        ),
        (TWO, r"(W_2 W_1)^\top = W_1^\top W_2^\top", r"(2 W_2 W_1)^\top = W_1^\top W_2^\top"),
        (TWO, r"(W_2 W_1)_{ij} = \sum_{l=1}^m W_{2,il} W_{1,lj}", r"(W_2 W_1)_{ij} = \sum_{l=1}^m W_{2,il} W_{1,li}"),
        (TWO, r"(W_2 W_1)_{ij} = \sum_{l=1}^m (W_2)_{il} (W_1)_{lj}", r"(W_2 W_1)_{ij} = \sum_{l=1}^m (W_2)_{il} (W_1)_{li}"),
        (
            ABOVE,
            r"\operatorname{tr}(\mathbf W^{(1)} \mathbf W^{(2)\top}) = \operatorname{tr}(\mathbf W^{(2)} \mathbf W^{(1)\top})",
            r"\operatorname{tr}(\mathbf W^{(1)} \mathbf W^{(2)\top}) = -\operatorname{tr}(\mathbf W^{(2)} \mathbf W^{(1)\top})",
        ),
        (
            ABOVE,
            r"(V^{[1]} + V^{[2]})_{ij} = V^{[1]}_{ij} + V^{[2]}_{ij}",
            r"(V^{[1]} + V^{[2]})_{ij} = V^{[1]}_{ij} + V^{[2]}_{ji}",
        ),
        (
            ABOVE,
            r"\|\mathbf x_1 - \mathbf x_2\|^2 = \|\mathbf x_1\|^2 - 2 \mathbf x_1^\top \mathbf x_2 + \|\mathbf x_2\|^2",
            r"\|\mathbf x_1 - \mathbf x_2\|^2 = \|\mathbf x_1\|^2 - \mathbf x_1^\top \mathbf x_2 + \|\mathbf x_2\|^2",
        ),
        (NET, r"\frac{\partial L}{\partial W_2} = 2 h_2 h_1^\top", r"\frac{\partial L}{\partial W_2} = 2 h_2 x^\top"),
        (
            NET,
            r"\frac{\partial L}{\partial W_1} = 2 ((W_2^\top h_2) \odot (1 - h_1 \odot h_1)) x^\top",
            r"\frac{\partial L}{\partial W_1} = 2 ((W_2^\top h_2) \odot (1 - h_1)) x^\top",
        ),
    ],
)
def test_a_number_makes_another_name(text, true, false):
    assert_told_apart(text, true, false)


@pytest.mark.parametrize(
    "text",
    [
        "Let $x_1, \\dots, x_N \\in \\mathbb R^d$.\n\n",
        "Let $x_1 \\in \\mathbb R^d$ and $x_2 \\in \\mathbb R^d$. Let $s = \\sum_{k=1}^N c_k x_k$.\n\n",
    ],
)
def test_samples_stay_members_of_one_family(text):
    assert not labels_in(map(cut, text.split("$")[1::2]))


def test_two_numbers_are_two_names():
    assert last(TWO, r"W_1 x = W_2 x").verdict in ("refuted", "doubtful")
    assert last(ABOVE, r"\mathbf x_1^\top \mathbf x_2 = \mathbf x_2^\top \mathbf x_1").verdict == "proved"


def test_what_a_space_says_nothing_of_stays_as_it_is():
    row = tokens(r"a_1 + b^{(2)}")
    assert labels_in([cut(r"a_1 + b^{(2)}")]) == frozenset() and joined(row, frozenset()) == row
    assert labels_in(map(cut, (r"c_1 = d", r"W_1 \in \mathbb R^{n \times n}", r"a_i"))) == {"W_{1}", "c_{1}"}
    assert labels_in(map(cut, (r"a_1 = d", r"W_1 \in \mathbb R^{n \times n}", r"a_i"))) == {"W_{1}"}
    assert [token.text for token in joined(tokens(r"W_{1,ij} + W_2^2"), {"W_{1}", "W_{2}"})] == [
        *("W_{1}", "_", "{", "i", "j", "}", "+", "W_{2}", "^", "2")
    ]


def test_each_name_keeps_its_place_in_the_text():
    text = r"\mathbf{x}_1 = W^{(12)}_{ij} y_3"
    found = joined(tokens(text), {r"\mathbf{x}_{1}", "W^{(12)}", "y_{3}"})
    assert [token.text for token in found] == ["\\mathbf", "{", "x_{1}", "}", "=", "W^{(12)}", "_", "{", "i", "j", "}", "y_{3}"]
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    assert text[found[-1].start : found[-1].end] == "y_3"


@pytest.mark.parametrize(
    ("true", "false"), [(r"\operatorname{tr}(A (B)^\top) = \operatorname{tr}(B A^\top)", r"A (B)^\top = B A^\top")]
)
def test_a_matrix_is_no_function_of_a_matrix(true, false):
    given = "Let $A, B \\in \\mathbb R^{n \\times n}$.\n\n"
    assert_told_apart(given, true, false)
    assert last(given, r"A(t) = A t").verdict == "unread"


LESSON = """The network has weights $W_1 \\in \\mathbb{R}^{h \\times d}$, $W_2 \\in \\mathbb{R}^{c \\times h}$ and biases
$b_1 \\in \\mathbb{R}^h$, $b_2 \\in \\mathbb{R}^c$. For $x \\in \\mathbb{R}^d$ with target $y \\in \\mathbb R^c$ it gives

$$z_1 = W_1 x + b_1, \\quad a_1 = \\sigma(z_1), \\quad z_2 = W_2 a_1 + b_2$$

where $\\sigma$ is the sigmoid, applied elementwise, and the loss is $L = \\frac12 \\|z_2 - y\\|^2$.

"""


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\frac{\partial L}{\partial z_2} = z_2 - y", r"\frac{\partial L}{\partial z_2} = y - z_2"),
        (r"\frac{\partial L}{\partial a_1} = W_2^\top (z_2 - y)", r"\frac{\partial L}{\partial a_1} = 2 W_2^\top (z_2 - y)"),
        (
            r"\frac{\partial L}{\partial W_1} = (W_2^\top (z_2 - y) \odot a_1 \odot (1 - a_1)) x^\top",
            r"\frac{\partial L}{\partial W_1} = (W_2^\top (z_2 - y) \odot a_1 \odot (1 + a_1)) x^\top",
        ),
    ],
)
def test_a_network_given_in_one_display(true, false):
    assert_told_apart(LESSON, true, false)


def test_what_an_eigenvector_is_said_to_be_is_no_claim():
    given = (
        "Let $v_1, v_2 \\in \\mathbb R^n$ be eigenvectors of the symmetric matrix $A \\in \\mathbb R^{n \\times n}$, that is "
    )
    given += "$A v_1 = \\lambda_1 v_1$ and $A v_2 = \\lambda_2 v_2$.\n\n"
    assert last(given, r"\lambda_1 v_1^\top v_2 = (A v_1)^\top v_2").verdict == "proved"
    assert last(given, r"\lambda_2 v_1^\top v_2 = (A v_1)^\top v_1").verdict != "proved"
    assert last("", r"A v_1 = \lambda_1 v_1").verdict != "assumption"


def test_the_places_of_a_vector_are_no_names():
    given = "Let $W_1 \\in \\mathbb R^{2 \\times 2}$ and $z \\in \\mathbb R^2$ with $z_1 = 3$ and $z_2 = 4$.\n\n"
    assert last(given, r"\|z\|^2 = 25").verdict == "proved"
    assert last(given, r"\|z\|^2 = 24").verdict in ("refuted", "doubtful")
