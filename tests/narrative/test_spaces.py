"""Documents that declare vectors and matrices as people write them, with a false twin beside each claim."""

import pytest

from tests.narrative.twins import assert_told_apart, last

SQUARE = "Let $A, B \\in \\mathbb{R}^{n \\times n}$ and $x, y \\in \\mathbb R^n$.\n\n"
LAYER = "Let $W \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^n$ and $b, t \\in \\mathbb{R}^m$.\n\n"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (SQUARE, r"\nabla_x (x^\top A x) = (A + A^\top) x", r"\nabla_x (x^\top A x) = 2 A x"),
        (SQUARE, r"\nabla_x^2 (x^\top A x) = A + A^\top", r"\nabla_x^2 (x^\top A x) = 2 A"),
        (SQUARE, r"\operatorname{tr}(A B) = \operatorname{tr}(B A)", r"\operatorname{tr}(A B) = \operatorname{tr}(A B^\top)"),
        (SQUARE, r"\nabla_A \operatorname{tr}(A B) = B^\top", r"\nabla_A \operatorname{tr}(A B) = B"),
        (SQUARE, r"(A + B)^2 = A^2 + A B + B A + B^2", r"(A + B)^2 = A^2 + 2 A B + B^2"),
        (SQUARE, r"(A B)^\top = B^\top A^\top", r"(A B)^\top = A^\top B^\top"),
        (SQUARE, r"A (I + B) = A + A B", r"A (I + B) = A + B A"),
        (SQUARE, r"\operatorname{diag}(x) y = x \odot y", r"\operatorname{diag}(x) y = (x^\top y) \mathbf 1"),
        (SQUARE, r"\|A\|_F^2 = \operatorname{tr}(A^\top A)", r"\|A\|_F^2 = \operatorname{tr}(A A)"),
        (SQUARE, r"\|x\|_1 = \sum_{k=1}^n |x_k|", r"\|x\|_1 = \sum_{k=1}^n x_k"),
        (SQUARE, r"\langle x, A y \rangle = \langle A^\top x, y \rangle", r"\langle x, A y \rangle = \langle A x, y \rangle"),
        (SQUARE, r"\frac{\partial (A x)}{\partial x^\top} = A", r"\frac{\partial (A x)}{\partial x^\top} = A^\top"),
        (SQUARE, r"(A B)_{ij} = \sum_{k=1}^n A_{ik} B_{kj}", r"(A B)_{ij} = \sum_{k=1}^n A_{ik} B_{jk}"),
        (LAYER, r"\frac{\partial (W x)_i}{\partial x_j} = W_{ij}", r"\frac{\partial (W x)_i}{\partial x_j} = W_{ij} x_j"),
        (LAYER, r"\nabla_x \|W x - t\|^2 = 2 W^\top (W x - t)", r"\nabla_x \|W x - t\|^2 = W^\top (W x - t)"),
        (LAYER, r"\nabla_W \|W x - t\|^2 = 2 (W x - t) x^\top", r"\nabla_W \|W x - t\|^2 = 2 (W x + t) x^\top"),
        (
            LAYER,
            r"\frac{\partial \tanh(b)}{\partial b} = I - \operatorname{diag}(\tanh(b) \odot \tanh(b))",
            r"\frac{\partial \tanh(b)}{\partial b} = I",
        ),
    ],
)
def test_identities_of_declared_spaces(text, true, false):
    assert_told_apart(text, true, false)


@pytest.mark.parametrize("formula", [r"A B = B A", r"e^{A + B} = e^A e^B", r"(A B)^{-1} = A^{-1} B^{-1}", r"A x = x A"])
def test_a_name_in_a_space_is_no_number(formula):
    assert last(SQUARE, formula).verdict in ("refuted", "unread")
    assert last("", formula.replace("x", "c")).verdict != "refuted"


@pytest.mark.parametrize(
    ("words", "verdicts"),
    [
        ("Let $A$ be an $m \\times n$ matrix and $x$ a vector of length $n$.", ("proved", "refuted")),
        ("Take a real $m \\times n$ matrix $A$ and an $n$-dimensional vector $x$.", ("proved", "refuted")),
        ("设 $A$ 是 $m \\times n$ 的矩阵, $x$ 为 $n$ 维向量。", ("proved", "refuted")),
        ("Let $A$ be what it is and $x$ a vector.", ("proved", "refuted")),
    ],
)
def test_shapes_in_words(words, verdicts):
    claims = (r"\nabla_x \|A x\|^2 = 2 A^\top A x", r"\nabla_x \|A x\|^2 = 3 A^\top A x")
    assert tuple(last(f"{words}\n\n", claim).verdict for claim in claims) == verdicts


def test_declared_shapes_that_do_not_fit_refute_a_derivative():
    text = LAYER + "Let $L = \\|W x - t\\|^2$.\n\n"
    assert last(text, r"\nabla_x L = 2 W (W x - t)").verdict == "refuted"
    assert last(text, r"\nabla_x L = 2 (W x - t)").verdict == "refuted"
    assert last(text, r"\nabla_x L = 2 W^\top (W x - t)").verdict == "proved"
    assert last(text, r"\nabla_x L = 2 (W x - t)^\top W").verdict == "unread"  # a row: another convention
    assert last(LAYER, r"\nabla_x F = 2 W (W x - t)").verdict == "doubtful"  # nothing says what F is
    assert last(LAYER, r"\nabla_x F = 2 W^\top (W x - t)").verdict not in ("doubtful", "refuted")


def test_the_layout_is_the_one_that_is_said_or_shown_or_named():
    head = "Let $A \\in \\mathbb{R}^{m \\times n}$, $B \\in \\mathbb{R}^{n \\times n}$ and $x \\in \\mathbb{R}^n$.\n\n"
    numerator, denominator = r"\frac{\partial (B x)}{\partial x} = B", r"\frac{\partial (B x)}{\partial x} = B^\top"
    assert last(head, numerator).verdict == last(head, denominator).verdict == "proved"
    assert "denominator layout" in last(head, denominator).message
    assert last(head, r"\frac{\partial (B x)}{\partial x} = B B").verdict == "refuted"
    for shown in ("We use the denominator layout. ", "$$\\frac{\\partial (A x)}{\\partial x} = A^\\top$$\n\n"):
        text = shown + head if shown.startswith("We") else head + shown
        assert last(text, denominator).verdict == "proved"
        assert last(text, numerator).verdict == "refuted"


def test_names_that_vectors_define_are_vectors():
    text = LAYER + "Let $z = W x + b$ and $L = \\frac12 \\|z - t\\|^2$.\n\n"
    assert last(text, r"\nabla_b L = z - t").verdict == "proved"
    assert last(text, r"\nabla_b L = t - z").verdict == "refuted"
    assert last(text, r"\nabla_x L = W^\top (z - t)").verdict == "proved"


def test_undeclared_bold_names_get_their_shapes_from_use():
    text = "$\\mathbf z = \\mathbf W \\mathbf x$ and $\\ell = \\frac12 \\|\\mathbf z - \\mathbf y\\|^2$.\n\n"
    assert last(text, r"\frac{\partial \ell}{\partial \mathbf W} = (\mathbf z - \mathbf y) \mathbf x^\top").verdict == "proved"
    assert last(text, r"\frac{\partial \ell}{\partial \mathbf W} = (\mathbf z + \mathbf y) \mathbf x^\top").verdict == "refuted"
    assert last(text, r"\mathbf W \mathbf V = \mathbf V \mathbf W").verdict == "refuted"
    assert last(text, r"\nabla_{\mathbf x} \ell = \mathbf W (\mathbf z - \mathbf y)").verdict != "proved"


def test_a_bold_name_is_apart_from_the_plain_letter():
    text = "$\\mathbf z = \\mathbf W \\mathbf x$ and $\\ell = \\frac12 \\|\\mathbf z - \\mathbf y\\|^2$.\n\n"
    plain = text + "Here $w$ and $x$ are numbers.\n\n"
    gradient = r"\nabla_{\mathbf x} \ell = \mathbf W^\top (\mathbf z - \mathbf y)"
    assert last(plain, gradient).verdict == "proved"
    assert last(text, gradient.replace("-", "+")).verdict == "refuted"
    assert last(plain, gradient.replace("-", "+")).verdict == "doubtful"  # x and \mathbf x may be one
    beside = plain + "$s = x^2 + \\mathbf u^\\top \\mathbf x$\n\n"
    assert last(beside, r"\frac{\partial s}{\partial \mathbf x} = \mathbf u").verdict not in ("proved", "refuted")


def test_accents_stand_over_bold_names():
    text = "$E = \\|\\mathbf y - \\mathbf X \\hat{\\mathbf w}\\|^2$\n\n"
    true = r"\nabla_{\hat{\mathbf w}} E = 2 \mathbf X^\top (\mathbf X \hat{\mathbf w} - \mathbf y)"
    assert last(text, true).verdict == "proved"
    assert last(text, true.replace("2", "")).verdict == "refuted"


def test_a_function_of_a_vector_that_nothing_explains_is_taken_for_a_number():
    text = SQUARE + "$s = f(x) + x^\\top y$\n\n"
    assert last(SQUARE, "s = f(x) + x^\\top y").verdict == "definition"
    assert last(text, r"\nabla_x s = y").verdict not in ("proved", "refuted")
    assert last(SQUARE, r"A f(x) = f(x) A").verdict not in ("proved", "refuted")
    assert last(SQUARE, r"x = f(x)").verdict == "unread"


def test_samples_are_vectors_with_an_index():
    text = "$$J = \\sum_{i=1}^m \\|\\mathbf u_i - \\mathbf c\\|^2$$\n\n"
    assert last(text, r"\nabla_{\mathbf c} J = 2 \sum_{i=1}^m (\mathbf c - \mathbf u_i)").verdict == "proved"
    assert last(text, r"\nabla_{\mathbf c} J = 2 \sum_{i=1}^m (\mathbf u_i - \mathbf c)").verdict == "refuted"


def test_operators_by_name():
    text = "Let $z \\in \\mathbb{R}^n$ and $a = \\operatorname{softmax}(z)$.\n\n"
    assert last(text, r"\frac{\partial a}{\partial z} = \operatorname{diag}(a) - a a^\top").verdict == "proved"
    assert last(text, r"\frac{\partial a}{\partial z} = \operatorname{diag}(a) + a a^\top").verdict == "refuted"
    assert last(text, r"\nabla_z \operatorname{logsumexp}(z) = a").verdict == "proved"
    assert last(text, r"\nabla_z \operatorname{logsumexp}(z) = z").verdict == "refuted"
    own = "Let $\\operatorname{softmax}(t) = t^2$ for numbers $t$. "
    assert last(own + text, r"\nabla_z \operatorname{logsumexp}(z) = a").verdict != "proved"


def test_a_function_of_several_vectors_keeps_them_apart():
    text = (
        "---\nderive:\n  families: p_i, q_i\n---\n"
        "$$H(p) = -\\sum_k p_k \\ln p_k$$\n\n$$H(p, q) = -\\sum_k p_k \\ln q_k$$\n\n"
        "$$D = \\sum_k p_k (\\ln p_k - \\ln q_k)$$\n\n"
    )
    assert last(text, "D = H(p, q) - H(p)").verdict == "proved"
    assert last(text, "D = H(q, p) - H(p)").verdict in ("refuted", "doubtful")


def test_a_second_space_holds_from_its_place_on():
    text = SQUARE + "$$x^\\top x = \\sum_{k=1}^n x_k^2$$\n\nNow let $x \\in \\mathbb{R}^{d}$.\n\n"
    assert last(text, r"x^\top x = \sum_{k=1}^d x_k^2").verdict == "proved"
    assert last(text, r"x^\top x = \sum_{k=1}^n x_k^2").verdict == "refuted"


def test_the_entries_of_any_vector_have_any_sign_and_place():
    text = "Let $z \\in \\mathbb{R}^n$ and $h = \\tanh(z)$.\n\n"
    assert last(text, r"\frac{\partial h_i}{\partial z_j} = \delta_{ij} (1 - h_i^2)").verdict == "proved"
    assert last(text, r"\frac{\partial h_i}{\partial z_j} = 1 - h_i^2").verdict == "refuted"
    assert last("Let $h_i = \\tanh(z_i)$.\n\n", r"\frac{\partial h_i}{\partial z_j} = 1 - h_i^2").verdict == "conditional"


@pytest.mark.parametrize(
    ("text", "formula", "verdict"),
    [
        ("Assume $C_{ij} = C_{ji}$ for all $i, j$.\n\n", r"\sum_{j=1}^n C_{kj} x_j = \sum_{j=1}^n C_{jk} x_j", "proved"),
        ("Assume $C_{ij} = C_{ji}$ for all $i, j$.\n\n", r"\sum_{j=1}^n C_{kj} x_j = \sum_{j=1}^n C_{jj} x_j", "refuted"),
        ("For the sigmoid $\\sigma$ we have\n\n", r"\sigma'(x) = \sigma(x) (1 - \sigma(x))", "proved"),
        ("For the sigmoid $\\sigma$ we have\n\n", r"\sigma'(x) = \sigma(x) (1 + \sigma(x))", "refuted"),
        ("Let $\\sigma(x) = \\frac{1}{1 + e^{-x}}$.\n\n", r"\sigma'(x) = \sigma(x) (1 + \sigma(x))", "refuted"),
        ("The entries add up:\n\n$$\\sum_{j=1}^n a_j = 1$$\n\nTwice this is\n\n", r"\sum_{j=1}^n a_j = 2", "doubtful"),
        (
            "Suppose that $\\operatorname{tr}(M) = 0$ with $M \\in \\mathbb{R}^{n \\times n}$.\n\n",
            r"\sum_{i=1}^n M_{ii} = 1",
            "refuted",
        ),
    ],
)
def test_what_used_to_be_silent_or_a_false_alarm(text, formula, verdict):
    assert last(text, formula).verdict == verdict


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\nabla_x x^\top A x = (A + A^\top) x", r"\nabla_x x^\top A x = 2 A x"),
        (r"\nabla_x \frac12 x^\top A x = \frac12 (A + A^\top) x", r"\nabla_x \frac12 x^\top A x = (A + A^\top) x"),
        (r"\nabla_x^2 x^\top A x = A + A^\top", r"\nabla_x^2 x^\top A x = 2 A"),
        (r"\nabla_x b^\top x = b", r"\nabla_x b^\top x = x"),
    ],
)
def test_a_gradient_is_of_all_factors_where_no_first_ones_are_a_scalar(true, false):
    text = "Let $A \\in \\mathbb{R}^{n \\times n}$ and $x, b \\in \\mathbb{R}^n$.\n\n"
    assert (last(text, true).verdict, last(text, false).verdict) == ("proved", "refuted")


@pytest.mark.parametrize(
    "formula",
    [
        r"\nabla_x b^\top x x = b",
        r"\nabla_x \|x\|^2 b = 2 x",
        r"\nabla_x x^\top x + b^\top x = 2 x + b",
        r"\nabla_x c x^\top x = 2 c x",
    ],
)
def test_a_gradient_of_which_the_shapes_do_not_tell_is_not_read(formula):
    assert last("Let $x, b \\in \\mathbb{R}^n$.\n\n", formula).verdict == "unread"
