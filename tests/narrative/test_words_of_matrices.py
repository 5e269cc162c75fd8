"""What words and uses say of vectors and matrices: a true claim beside a false one for each wording."""

import pytest

from derive.jobs.check import check

HOLDING = ("proved", "conditional")


def verdict(text, formula):
    return check(f"{text}\n\n$${formula}$$\n").claims[-1].verdict


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            "Let $D \\in \\mathbb R^{n \\times n}$ be diagonal and $B \\in \\mathbb R^{n \\times n}$ a diagonal matrix.",
            r"D B = B D",
            r"D B = B + D",
        ),
        (
            "Let $G \\in \\mathbb R^{d \\times d}$ be symmetric positive definite.",
            r"\det(G) > 0",
            r"\det(G) < 0",
        ),
        (
            "Let $G \\in \\mathbb R^{d \\times d}$ be positive definite.",
            r"x^\top G y = y^\top G x",
            r"x^\top G y = 2 y^\top G x",
        ),
        ("Let $P \\in \\mathbb R^{n \\times n}$ be a projection matrix.", r"P^3 = P", r"P^3 = 2 P"),
        ("Let $R \\in \\mathbb R^{n \\times n}$ be a rotation matrix.", r"\det R = 1", r"\det R = -1"),
        ("Let $F \\in \\mathbb R^{n \\times n}$ be an involution.", r"F^{-1} = F", r"F^{-1} = -F"),
        ("Let $U$ be an orthogonal matrix.", r"\|U v\| = \|v\|", r"\|U v\| = 3 \|v\|"),
        (
            "Let $S = E \\Lambda E^\\top$ with $E \\in \\mathbb R^{n \\times n}$ orthogonal, where $\\Lambda$ is diagonal.",
            r"S^\top = S",
            r"S^\top = \Lambda",
        ),
        ("For a symmetric matrix $A$ the form is $q = x^\\top A x$.", r"\nabla_x q = 2 A x", r"\nabla_x q = A x"),
        (
            "Let $C = I - \\frac1m \\mathbf 1 \\mathbf 1^\\top$ be the $m \\times m$ centering matrix.",
            r"C^2 = C",
            r"C^2 = 2 C",
        ),
    ],
)
def test_words_make_hypotheses_and_shapes(text, true, false):
    assert verdict(text, true) in HOLDING
    assert verdict(text, false) == "refuted"


def test_a_noun_ties_a_bare_name_and_not_one_that_is_defined():
    said = "Let $L \\in \\mathbb R^{n \\times n}$ be the Laplacian."
    assert verdict(said, r"\operatorname{tr}(L^2) = \operatorname{tr}(L)") == "doubtful"
    written = "Let $L \\in \\mathbb R^{n \\times n}$ and let $M = 2 L$ be the kernel matrix."
    assert verdict(written, r"M = 3 L") == "refuted"


def test_a_permutation_is_orthogonal_and_more():
    said = "Let $P \\in \\mathbb R^{n \\times n}$ be a permutation matrix."
    assert verdict(said, r"P^\top P = I") == "proved"
    assert verdict(said, r"\operatorname{tr}(P^3) = \operatorname{tr}(P)") == "doubtful"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            "Let $V_1 \\in \\mathbb R^{k \\times d}$, $V_2 \\in \\mathbb R^{m \\times k}$, $x \\in \\mathbb R^d$ "
            "and $y = V_2 V_1 x$.",
            r"\frac{\partial y}{\partial x} = V_2 V_1",
            r"\frac{\partial y}{\partial x} = 2 V_2 V_1",
        ),
        (
            "Let $V^{(1)} \\in \\mathbb R^{k \\times d}$, $V^{(2)} \\in \\mathbb R^{m \\times k}$.",
            r"(V^{(2)} V^{(1)})^\top = V^{(1) \top} V^{(2) \top}",
            r"(V^{(2)} V^{(1)})^\top = V^{(2)} V^{(1)}",
        ),
        (
            "Let $a_i, w \\in \\mathbb R^d$ for $i = 1, \\dots, m$ and $J = \\sum_{i=1}^m (w^\\top a_i)^2$.",
            r"\nabla_w J = 2 \sum_{i=1}^m (w^\top a_i) a_i",
            r"\nabla_w J = \sum_{i=1}^m (w^\top a_i) a_i",
        ),
        (
            "Let $\\mathbf a_i, \\mathbf w \\in \\mathbb R^d$ for $i = 1, \\dots, m$ "
            "and $J = \\sum_{i=1}^m \\mathbf w^\\top \\mathbf a_i$.",
            r"\nabla_{\mathbf w} J = \sum_{i=1}^m \mathbf a_i",
            r"\nabla_{\mathbf w} J = m \sum_{i=1}^m \mathbf a_i",
        ),
    ],
)
def test_labels_and_samples_are_declared(text, true, false):
    assert verdict(text, true) in HOLDING
    assert verdict(text, false) == "refuted"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            "Let $B(s) = \\begin{pmatrix} 1 & s \\\\ 0 & 1 \\end{pmatrix}$.",
            r"B(s) B(t) = B(s + t)",
            r"B(s) B(t) = B(s t)",
        ),
        (
            "Let $f(x) = x^\\top A x$ with $A \\in \\mathbb R^{n \\times n}$, $x, h \\in \\mathbb R^n$.",
            r"f(x + h) = f(x) + x^\top A h + h^\top A x + f(h)",
            r"f(x + h) = f(x) + x^\top A h + f(h)",
        ),
        (
            "Let $g(x) = A x + b$ with $A \\in \\mathbb R^{n \\times n}$ and $x, b \\in \\mathbb R^n$.",
            r"\frac{\partial g(x)}{\partial x} = A",
            r"\frac{\partial g(x)}{\partial x} = A + I",
        ),
        ("Let $v = (3, 4)^\\top$.", r"\|v\|^2 = 25", r"\|v\|^2 = 7"),
        (
            "Let $m, x \\in \\mathbb R^d$ and $\\ln q(x) = -\\frac12 \\|x - m\\|^2$.",
            r"\nabla_m \ln q(x) = x - m",
            r"\nabla_m \ln q(x) = m - x",
        ),
    ],
)
def test_functions_between_vectors_have_their_values(text, true, false):
    assert verdict(text, true) in HOLDING
    assert verdict(text, false) == "refuted"


def test_a_function_that_is_given_in_two_ways_has_no_value():
    said = "Let $B(s) = \\begin{pmatrix} 1 & s \\\\ 0 & 1 \\end{pmatrix}$ "
    said += "or $B(s) = \\begin{pmatrix} s & 0 \\\\ 0 & 1 \\end{pmatrix}$."
    assert verdict(said, r"B(s) B(t) = B(s + t)") not in ("proved", "refuted")


def test_what_an_equation_gives_is_a_name_for_it_and_stays_in_doubt():
    said = "Let $A \\in \\mathbb R^{n \\times n}$ be invertible and $b \\in \\mathbb R^n$. "
    said += "The normal equations give $\\hat x = A^{-1} b$."
    found = check(f"{said}\n\n$$A \\hat x = b$$\n\n$$A \\hat x = 2 b$$\n").claims
    assert [claim.verdict for claim in found[-2:]] == ["proved", "refuted"]
    assert "doubtful" in [claim.verdict for claim in found]


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\det(c A) = c^n \det A", r"\det(c A) = c^{2n} \det A"),
        (r"\det(I + U V) = \det(I + V U)", r"\det(I + U V) = \det(I - V U)"),
        (r"(I + U V)^{-1} U = U (I + V U)^{-1}", r"(I + U V)^{-1} U = U (I + 2 V U)^{-1}"),
    ],
)
def test_laws_of_determinants(true, false):
    said = "Let $A \\in \\mathbb R^{n \\times n}$, $U \\in \\mathbb R^{n \\times m}$, "
    said += "$V \\in \\mathbb R^{m \\times n}$ and $c \\in \\mathbb R$."
    assert verdict(said, true) == "proved"
    assert verdict(said, false) == "refuted"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"e^{A} e^{-A} = I", r"e^{A} e^{-A} = A"),
        (r"e^{(s + t) A} = e^{s A} e^{t A}", r"e^{s A} e^{t B} = e^{s A + t B}"),
        (r"A e^{t A} = e^{t A} A", r"B e^{t A} = e^{t A} B"),
        (r"(e^{t A})^{-1} = e^{-t A}", r"(e^{t A})^{-1} = e^{t A}"),
        (r"(e^{A})^\top = e^{A^\top}", r"(e^{A})^\top = e^{A}"),
        (r"\frac{d}{dt} e^{t A} = A e^{t A}", r"\frac{d}{dt} e^{t A} = t A e^{t A}"),
        (r"\det(e^{A}) = e^{\operatorname{tr} A}", r"\det(e^{A}) = \operatorname{tr} A"),
    ],
)
def test_laws_of_matrix_exponentials(true, false):
    said = "Let $A, B \\in \\mathbb R^{n \\times n}$ and $s, t \\in \\mathbb R$."
    assert verdict(said, true) in HOLDING
    assert verdict(said, false) == "refuted"


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (r"\operatorname{tr} A = \operatorname{tr} A^\top", r"\operatorname{tr} A = 2 \operatorname{tr} A^\top"),
        (r"\operatorname{tr} A B = \operatorname{tr} B A", r"\operatorname{tr} A B = \operatorname{tr} A \operatorname{tr} B"),
    ],
)
def test_a_trace_without_brackets_is_of_the_product_behind_it(true, false):
    said = "Let $A, B \\in \\mathbb R^{n \\times n}$."
    assert verdict(said, true) == "proved"
    assert verdict(said, false) == "refuted"


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        (
            "Let $v$ be an eigenvector of the symmetric matrix $A$ with eigenvalue $\\lambda$, so $A v = \\lambda v$.",
            r"A^2 v = \lambda^2 v",
            r"A^2 v = 2 \lambda v",
        ),
        (
            "Let $A \\in \\mathbb R^{n \\times n}$ and $B \\in \\mathbb R^{n \\times n}$ be symmetric.",
            r"(A B)^\top = B A",
            r"(A B)^\top = A B",
        ),
        (
            "Let $B \\in \\mathbb R^{m \\times n}$ have full column rank and $B^+ = (B^\\top B)^{-1} B^\\top$.",
            r"B^+ B = I",
            r"B^+ B = 2 I",
        ),
        ("Let $D = \\operatorname{diag}(d_1, \\dots, d_n)$.", r"\det D = \prod_{i=1}^n d_i", r"\det D = \sum_{i=1}^n d_i"),
        ("Let $B \\in \\mathbb R^{n \\times n}$ be invertible.", r"B^{-2} B^2 = I", r"B^{-2} B = I"),
        (
            "Let $G \\in \\mathbb R^{n \\times n}$ be skew-symmetric and $R = e^{G}$.",
            r"R^\top R = I",
            r"R^\top R = 2 I",
        ),
    ],
)
def test_what_is_said_is_used(text, true, false):
    assert verdict(text, true) in HOLDING
    assert verdict(text, false) == "refuted"


def test_words_on_entries_leave_the_power_of_a_matrix_unread():
    said = "Let $e^{A}$ be taken entrywise, $A \\in \\mathbb R^{n \\times n}$."
    assert verdict(said, r"e^{A} e^{-A} = I") == "unread"


def test_the_slope_of_a_column():
    said = "Let $g(t) = \\begin{pmatrix} t \\\\ t^2 \\end{pmatrix}$."
    assert verdict(said, r"g'(t) = \begin{pmatrix} 1 \\ 2 t \end{pmatrix}") == "proved"
    assert verdict(said, r"g'(t) = \begin{pmatrix} 1 \\ t \end{pmatrix}") == "refuted"


@pytest.mark.parametrize(
    ("said", "formula", "expected"),
    [
        ("为正交矩阵", r"A^\top A = I", "proved"),
        ("為正交矩陣", r"A^\top A = I", "proved"),
        ("正交", r"A^\top A = I", "proved"),
        ("是一个正交矩阵", r"A^\top = A", "refuted"),
        ("为对称正定矩阵", r"A^\top = A", "proved"),
        ("为对角矩阵", r"A^\top = A", "proved"),
        ("为幂等矩阵", r"A^3 = A", "proved"),
        ("为幂等矩阵", r"A^3 = I", "refuted"),
        # What is not known of a matrix, or only of numbers, leaves a claim in doubt.
        ("为正规矩阵", r"A^\top A = A A^\top", "doubtful"),
        ("为甲乙矩阵", r"A^\top = A", "doubtful"),
        ("不是正交矩阵", r"A^\top A = I", "doubtful"),
        ("不一定正交", r"A^\top A = I", "doubtful"),
    ],
)
def test_chinese_words_of_matrices(said, formula, expected):
    assert verdict(f"设 $A \\in \\mathbb R^{{n \\times n}}$ {said}。则", formula) == expected


def test_a_number_that_is_called_positive_is_no_matrix():
    assert verdict("设 $x$ 为正。则", "|x| = x") == "proved"
    assert verdict("设 $x$ 为负。则", "|x| = x") != "proved"
    assert verdict("Let $A \\in \\mathbb R^{n \\times n}$ be a positive matrix.", r"A^\top = A") == "doubtful"


@pytest.mark.parametrize("value", [r"\mathbf 1", r"2 \cdot \mathbf 1"])
def test_what_words_tie_is_not_assumed_in_silence(value):
    given = "Let $P \\in \\mathbb R^{n \\times n}$ be a permutation matrix. Then\n\n$$P^\\top P = I$$"
    assert verdict(given, rf"P \mathbf 1 = {value}") == "doubtful"


def test_an_exchange_of_indices_defines_nothing():
    assert verdict("Something is $S_{ij}$.", r"S^\top = -S") == "doubtful"
    assert verdict("Let $S_{ij} = x_i x_j$.", r"S_{ij} = S_{ji}") == "proved"


def test_a_formula_of_words_alone_is_passed_over():
    given = "The map is $\\textrm{BN}$. Let $A$ and $B$ be two matrices."
    assert verdict(given, r"(A B)^\top = B^\top A^\top") == "proved"
    assert verdict(given, r"(A B)^\top = A^\top B^\top") != "proved"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\mathbb E[A x + b] = A \mu + b", "doubtful"),  # the words say what the mean is
        (r"\mathbb E[A x + b] = A \mathbb E[x] + b", "proved"),
        (r"\mathbb E[A x + b] = A \mathbb E[x] - b", "refuted"),
    ],
)
def test_names_beside_an_expectation_may_be_moments(formula, expected):
    given = "Let $x$ be a random vector in $\\mathbb R^n$ with mean $\\mu$. "
    given += "Let $A \\in \\mathbb R^{m \\times n}$ and $b \\in \\mathbb R^m$."
    assert verdict(given, formula) == expected


def test_a_sign_of_a_matrix_is_in_doubt_in_chinese():
    given = "设 $A \\in \\mathbb R^{n \\times n}$ 为负定矩阵，$x \\in \\mathbb R^n$。则"
    assert verdict(given, r"x^\top A x < 0") == "doubtful"
    assert verdict(given.replace("为负定矩阵", "为矩阵"), r"x^\top A x < 0") == "refuted"
