"""Slips that people make are found, and what only looks like one is not refuted: each text beside its twin."""

import pytest

from derive.jobs.check import check

SHAPES = "Let $\\mathbf{X} \\in \\mathbb{R}^{n \\times d}$ and $\\mathbf{W} \\in \\mathbb{R}^{d \\times q}$.\n\n"
ELSEWHERE = "# One\n\nLet $\\mathbf{A} \\in \\mathbb{R}^{n \\times n}$.\n\n"
ELSEWHERE += "# Two\n\nLet $\\mathbf{x} \\in \\mathbb{R}^2$.\n\n# Three\n\n"
VECTORS = "Let $\\mathbf{w} \\in \\mathbb{R}^d$, $\\mathbf{x} \\in \\mathbb{R}^d$.\n\n"
HINGE = "Let $l_i = \\max(0, 1 - y_i w x_i)$. Where $y_i w x_i < 1$,\n\n"
NORM = (
    "Let $\\mathbf{X} \\in \\mathbb{R}^{n \\times m}$, $\\mathbf{U} \\in \\mathbb{R}^{n \\times k}$ "
    "and $\\mathbf{V} \\in \\mathbb{R}^{k \\times m}$.\n\n"
    "$$\\frac{d}{d\\mathbf{V}} \\|\\mathbf{X} - \\mathbf{U}\\mathbf{V}\\|^{2} = "
)
GRADIENT = "$x \\in \\mathbb{R}^n$. Then\n\n$$\\nabla_x (x^\\top A x) = 2 A x$$"
NET = "The net input is $s = w_1 x_1 + w_2 x_2$.\n\n"
NORMAL = "\\frac{1}{\\sqrt{2 \\pi} \\times 0.129} \\exp(-\\frac{(0.697 - 0.574)^2}{2 \\times 0.129^2})"


def last(text):
    return check(text).claims[-1].verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SHAPES + "$$\\mathbf{O} = \\mathbf{W} \\mathbf{X}$$", "doubtful"),
        (SHAPES + "$$\\mathbf{Z} = \\mathbf{X} \\mathbf{W}$$", "definition"),
        (VECTORS + "$$z = \\mathbf{w} \\mathbf{x}$$", "doubtful"),
        (VECTORS + "$$z = \\mathbf{w}^\\top \\mathbf{x}$$", "definition"),
        ("Let $A$ be a matrix with $m$ rows and $n$ columns and $v \\in \\mathbb{R}^n$. Then\n\n$$A v = 2 v$$", "refuted"),
        ("The features $\\mathbf{X}$ are in $\\mathbb{R}^{n \\times d}$ and $\\mathbf{W} \\in \\mathbb{R}^{d \\times q}$.\n\n"
         "$$\\mathbf{O} = \\mathbf{W} \\mathbf{X}$$", "doubtful"),
    ],
)  # fmt: skip
def test_shapes_that_are_said_and_do_not_fit_are_in_doubt(text, verdict):
    assert last(text) == verdict


def test_a_shape_of_another_section_is_none_where_it_does_not_fit():
    product = "\\mathbf{A}^\\top (\\mathbf{A} \\mathbf{x}) = \\mathbf{A} \\mathbf{x}"
    for formula in ("f(\\mathbf{x}) = \\|\\mathbf{A} \\mathbf{x}\\|^2", product):
        assert "does not fit" not in (check(f"{ELSEWHERE}$${formula}$$").claims[-1].message or "")
    here = ELSEWHERE.replace("# Two\n\n", "").replace("# Three\n\n", "")
    assert last(f"{here}$$f(\\mathbf{{x}}) = \\|\\mathbf{{A}} \\mathbf{{x}}\\|^2$$") == "doubtful"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (NORM + "2 \\mathbf{U}^\\top (\\mathbf{X} - \\mathbf{U}\\mathbf{V})$$", "doubtful"),
        (NORM + "-2 \\mathbf{U}^\\top (\\mathbf{X} - \\mathbf{U}\\mathbf{V})$$", "unread"),
        (NORM.replace("\\|^", "\\|_F^") + "-2 \\mathbf{U}^\\top (\\mathbf{X} - \\mathbf{U}\\mathbf{V})$$", "proved"),
        (NORM.replace("\\|^", "\\|_F^") + "2 \\mathbf{U}^\\top (\\mathbf{X} - \\mathbf{U}\\mathbf{V})$$", "refuted"),
    ],
)
def test_which_norm_of_a_matrix_is_meant_is_open(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"Let $A$ be a symmetric $n \\times n$ matrix and {GRADIENT}", "proved"),
        (f"Let $A$ be an $n \\times n$ symmetric matrix and {GRADIENT}", "proved"),
        (f"Let $A$ be an $n \\times n$ matrix, let $B$ be a symmetric $n \\times n$ matrix and {GRADIENT}", "refuted"),
        (f"Let $A$ be an $n \\times n$ matrix and {GRADIENT}", "refuted"),
    ],
)
def test_a_property_may_stand_before_the_size(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (NET + "$$s = 0.15 \\times 0.05 + 0.2 \\times 0.1 = 0.0275$$", "proved"),
        (NET + "$$s = 0.15 \\times 0.05 + 0.2 \\times 0.1 = 0.0375$$", "refuted"),
        (NET + "$$s = 0.15 \\times 0.05 + 0.2 \\times 0.1$$", "doubtful"),
        (NET + "Let $w_1 = 2$, $w_2 = 3$, $x_1 = 1$ and $x_2 = 1$. Hence\n\n$$s = 4.25$$", "refuted"),
        (f"$${NORMAL} \\approx 1.959$$", "doubtful"),
        (f"$${NORMAL} \\approx 1.859$$", "refuted"),
        (f"$${NORMAL} \\approx 1.963$$", "proved"),
        ("$$\\sqrt{2} \\approx 1.42$$", "refuted"),
    ],
)
def test_numbers_that_are_put_in_refute_as_far_as_they_are_known(text, verdict):
    assert last(text) == verdict


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        ("\\{f[g(x)]\\}' = 2 g(x) g'(x)", "proved"),
        ("\\{f[g(x)]\\}' = 2 g(x)", "refuted"),
        ("\\frac{d}{dx} f[g(x)] = 4 (2x + 1)", "proved"),
        ("f[1 - g(x)] = x^2 (1 - g(x))", "unread"),
        ("f[1 - f] = x^2", "refuted"),
    ],
)
def test_a_function_in_square_brackets(formula, verdict):
    assert last(f"Let $f(x) = x^2$ and $g(x) = 2x + 1$. Then\n\n$${formula}$$") == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (HINGE + "$$\\frac{\\partial l_i}{\\partial w} = -y_i x_i$$", "proved"),
        (HINGE + "$$\\frac{\\partial l_i}{\\partial w} = y_i x_i$$", "refuted"),
        ("Let $l_i = \\max(0, 1 - y_i w x_i)$. We have\n\n$$\\frac{\\partial l_i}{\\partial w} = -y_i x_i$$", "refuted"),
    ],
)  # fmt: skip
def test_an_inequality_with_which_a_sentence_begins_is_a_condition(text, verdict):
    assert last(text) == verdict


def test_an_equation_to_solve_is_no_claim():
    matrix = "\\begin{bmatrix} 2 & 1 \\\\ 2 & 3 \\end{bmatrix} \\begin{bmatrix} x \\\\ y \\end{bmatrix}"
    column = "\\begin{bmatrix} x \\\\ y \\end{bmatrix}"
    assert last(f"To find the vectors, we then need to solve\n\n$${matrix} = {column}$$") == "doubtful"
    assert last(f"Hence\n\n$${matrix} = {column}$$") == "refuted"


@pytest.mark.parametrize(
    ("second", "verdict"), [("\\sigma(z) (1 - \\sigma(z))", "proved"), ("\\sigma(z) (1 + \\sigma(z))", "refuted")]
)
def test_a_function_may_be_introduced_at_a_linear_argument(second, verdict):
    first = "$$p = \\frac{1}{1 + e^{-(wx + b)}} = \\sigma(wx + b)$$\n\n"
    assert last(f"{first}$$\\sigma'(z) = {second}$$") == verdict


def test_a_function_at_a_square_is_not_defined_by_it():
    assert last("$$x^2 + 1 = q(x^2)$$\n\n$$q(-1) = 0$$") != "proved"


@pytest.mark.parametrize(("right", "verdict"), [("2x", "unread"), ("2x - 2", "unread")])
def test_what_is_said_anew_by_an_unexplained_function_is_not_known(right, verdict):
    text = "Let $L = (x-1)^2$.\n\n$$L = q(x) + 1$$\n\nHence\n\n$$\\frac{\\partial L}{\\partial x} = "
    assert last(f"{text}{right}$$") == verdict
    assert last(text.replace("$$L = q(x) + 1$$\n\n", "") + "2x$$") == "refuted"


def test_a_chain_that_says_what_a_function_is_forgets_what_it_was():
    text = "Let $f(x) = x^3$.\n\n$$f(x + h) = g(x + h) + k(x + h) = f(x) + h$$"
    assert last(text) == "unread"
    assert last("Let $f(x) = x^3$.\n\n$$f(x + h) = (x + h)^3 = f(x) + h$$") == "refuted"


def test_values_of_a_name_say_that_it_is_a_function():
    text = "$$\\sigma(\\mathbf{z})_i = \\frac{e^{z_i}}{\\sum_{j=1}^K e^{z_j}}$$\n\nHence\n\n"
    step = "$$\\frac{\\partial}{\\partial a_j} \\frac{e^{a_i}}{\\sum_{k=1}^K e^{a_k}} = "
    assert last(f"{text}{step}\\sigma_i (\\delta_{{ij}} - \\sigma_j)$$") == "doubtful"
    assert last(f"Hence\n\n{step}\\frac{{e^{{a_i}}}}{{\\sum_{{k=1}}^K e^{{a_k}}}}$$") == "refuted"


def test_a_meaning_beside_unknown_words_is_no_claim_for_certain():
    text = "Write $z_i = w_i a_i + b_i$. If one quietly drops it, then the odd thing turns to $z_i = w_i a_i$"
    assert last(text) == "doubtful"
    assert last("Let $z_i = w_i a_i + b_i$. Hence $z_i = w_i a_i$") == "refuted"


def test_a_bold_name_that_is_read_as_a_number_refutes_nothing():
    assert last("Hence $r(\\mathbf{S}_w) = r(\\mathbf{S}_w^{-1})$") != "refuted"
    assert last("Hence $r(s) s = r(s) s^{-1}$") != "proved"
