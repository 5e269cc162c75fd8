"""What stands near a claim decides how it is read: the ends of its chain, a transpose, its section, what its sentence adds."""

import pytest

from derive.jobs.check import check


def claims(text):
    return check(text).claims


def last(text):
    return claims(text)[-1].verdict


@pytest.mark.parametrize(
    ("end", "verdict"),
    [("\\frac{2}{1 + e^{-u}} - 1", "refuted"), ("\\frac{2}{1 + e^{-2u}} - 1", "unread")],
)
def test_the_ends_of_a_chain_refute_what_stands_between_them_unexplained(end, verdict):
    assert last(f"We have\n\n$$\\tanh(u) = 3 h(u) - 1 = {end}$$") == verdict


@pytest.mark.parametrize(
    "text",
    [
        "$$q(u) = \\max(c u, u) = \\begin{cases} u & u > 0 \\\\ c u & u \\le 0 \\end{cases}$$",  # c < 1 is meant
        "$$r = \\frac{b + d}{b + c + d} = \\frac{b + d}{w}$$",
        "$$r = \\frac{1}{1 + e^{-v}} = \\frac{1}{1 + e^{-0.25}} = 0.5622$$",  # a number is put in for v
    ],
)
def test_the_ends_of_a_chain_that_defines_its_first_side_say_no_more_than_its_links(text):
    assert "chain-ends" not in [claim.reason for claim in claims(text)]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("\\sum_i \\frac{c_i h(u)}{\\sum_k c_k h(u)} = 1", "proved"),
        ("\\sum_i \\frac{c_i h(u)}{\\sum_k c_k h(u)} = 2", "unread"),
        ("h(u)^2 - 4 = (h(u) - 2)(h(u) + 2)", "proved"),
        ("h(u | v)^2 - 4 = (h(u | v) - 2)(h(u | v) + 2)", "proved"),
        ("h(u | v)^2 - 4 = (h(u | v) - 2)(h(u | v) + 1)", "unread"),
    ],
)
def test_what_holds_of_any_function_holds_of_one_that_nothing_explains(claim, verdict):
    assert last(f"Then\n\n$${claim}$$") == verdict


MATRICES = [
    ("\\frac{\\partial}{\\partial X} \\operatorname{Tr}(X^T A X)", "(A + A^T) X", "2 A X"),
    ("\\frac{\\partial}{\\partial X} \\operatorname{Tr}\\left[A X B X^T\\right]", "A^T X B^T + A X B", "A^T X B + A X B"),
    ("\\frac{\\partial}{\\partial X} u^T X^T A X v", "A^T X u v^T + A X v u^T", "A X u v^T + A X v u^T"),
    ("(A B)^\\top", "B^\\top A^\\top", "A^\\top B^\\top"),
]


@pytest.mark.parametrize(("left", "right", "wrong"), MATRICES)
def test_plain_letters_below_a_transpose_are_vectors_and_matrices(left, right, wrong):
    assert last(f"Show that\n\n$${left} = {right}$$") == "proved"
    assert last(f"Show that\n\n$${left} = {wrong}$$") in ("doubtful", "unread", "refuted")


def test_a_letter_that_a_transpose_makes_a_matrix_does_not_commute():
    assert last("We know $A^\\top B = B$. Thus\n\n$$A B = B A$$") != "proved"
    assert last("Let $A = 2$ and $B = 3$. Thus\n\n$$A B = B A$$") == "proved"


def test_a_section_reads_a_family_with_the_indices_that_it_writes():
    other = "# One\n\n$$s = \\sum_{i=1}^n \\sum_{j=1}^m z_{ij}$$\n\n"
    sums = "# Two\n\nLet $\\mathbf{a} \\in \\mathbb{R}^n$ and $\\mathbf{z} \\in \\mathbb{R}^n$. Then\n\n$$"
    sums += "\\sum_{i=1}^n a_i (z_i - c) = \\sum_{i=1}^n a_i z_i - c \\sum_{i=1}^n RIGHT$$"
    assert last(other + sums.replace("RIGHT", "a_i")) == "proved"
    assert last(other + sums.replace("RIGHT", "z_i")) != "proved"
    assert last("# One\n\n$z_{ij} + z_i = 1$" + sums.replace("# Two", "").replace("RIGHT", "z_i")) != "proved"


def test_an_exponent_is_no_member_of_a_list_of_names():
    spaces = "Let $\\mathbf x \\in \\mathbb R^d, \\mathbf W \\in \\mathbb R^{v \\times d}$. Then\n\n"
    assert last(spaces + "$$2 d + d = 3 d$$") == "proved"
    assert last("Let $\\mathbf x, \\mathbf W \\in \\mathbb R^{v \\times d}$. Then\n\n$$2 x W = 2 W x$$") != "proved"


def test_a_small_letter_on_the_blackboard_is_bold():
    spaces = "Let $\\mathbf b \\in \\mathbb R^n$ and $\\mathbf c \\in \\mathbb R^n$. Then\n\n"
    assert last(spaces + "$$\\mathbf c^\\top \\mathbb b = \\mathbf b^\\top \\mathbf c$$") == "proved"
    assert last(spaces + "$$\\mathbf c^\\top \\mathbb b = \\mathbf b^\\top \\mathbf b$$") == "refuted"


SPACE = "Let $\\mathbf{X} \\in \\mathbb{R}^{2 \\times 2}$.\n\n"
LISTED = "\\begin{bmatrix} x_{11} & x_{12} \\\\ x_{21} & x_{22} \\end{bmatrix}"


@pytest.mark.parametrize(
    ("matrix", "verdict"),
    [
        (LISTED, "definition"),
        (LISTED.replace("x_{22}", "x_{21}"), "unread"),
        (LISTED.replace("x_{22}", "y_{22}"), "unread"),
        (LISTED.replace("x_{22}", "x_{22} + 1"), "unread"),
        ("\\begin{bmatrix} x_{11} & \\cdots \\\\ \\vdots & \\ddots \\\\ x_{m1} & x_{mm} \\end{bmatrix}", "definition"),
        ("\\begin{bmatrix} x_{11} & x_{12} & x_{13} \\end{bmatrix}", "unread"),
    ],
)
def test_a_matrix_of_the_members_of_one_family_says_what_its_name_is(matrix, verdict):
    assert last(f"{SPACE}Consider\n\n$$\\mathbf{{X}} = {matrix}$$") == verdict


def test_such_a_matrix_of_a_name_that_has_a_meaning_says_nothing():
    assert (
        last(f"Let $\\mathbf{{X}} \\in \\mathbb{{R}}^{{2 \\times 2}}$. Hence\n\n$$\\mathbf{{X}} = {LISTED}$$") != "definition"
    )


ROWS = "\\begin{align} (u + v)^2 &= (u + v)(u + v) NOTE \\\\ &= u^2 + RIGHT + v^2 \\end{align}"
NOTE = "& { \\begin{pmatrix*}[l] \\text{by what $a^2$ means} \\\\ \\text{as said before} \\end{pmatrix*} }"


def test_a_note_in_brackets_in_a_column_of_its_own_is_no_part_of_the_chain():
    for note in ("", NOTE):
        rows = ROWS.replace("NOTE", note)
        assert [claim.verdict for claim in claims(f"$${rows.replace('RIGHT', '2uv')}$$")] == ["proved", "proved"]
        assert last(f"$${rows.replace('RIGHT', '3uv')}$$") == "refuted"
    beside = NOTE.removeprefix("&")
    assert "proved" not in [claim.verdict for claim in claims(f"$${ROWS.replace('NOTE', beside).replace('RIGHT', '2uv')}$$")]


RANGES = "For the two kinds of letters we need $\\sum_{p=1}^n x_p$ and $\\sum_{p=1}^d w_p$, and $\\sum_{j=1}^d w_j$.\n\n$$"
RANGES += "\\frac{\\partial}{\\partial w_p} \\sum_{j=1}^d w_j^2 = FACTOR w_p$$\n\nTAIL $p = 1, \\ldots, d$."


@pytest.mark.parametrize(
    ("factor", "tail", "holds"), [("2", "for all", True), ("3", "for all", False), ("2", "Here we are done. Let", None)]
)
def test_a_range_that_the_sentence_adds_belongs_to_its_claim(factor, tail, holds):
    found = [c.verdict for c in claims(RANGES.replace("FACTOR", factor).replace("TAIL", tail)) if "frac" in c.latex]
    assert found == ["proved"] if holds else "proved" not in found or holds is None


def test_a_number_for_a_letter_that_was_only_taken_for_an_index_is_an_assumption():
    assert claims("Take $b < 0$ for now.")[0].verdict != "doubtful"
    assert claims("Let $\\sum_{i=1}^b x_i = 1$ and take $b < 0$ for now.")[-1].verdict != "proved"


@pytest.mark.parametrize(("right", "verdict"), [("\\frac{x}{1 + e^{-x}}", "proved"), ("\\frac{x}{1 + e^{x}}", "refuted")])
def test_a_function_of_numbers_makes_no_vector_of_a_letter_that_has_indices_elsewhere(right, verdict):
    text = "$$\\sigma(x) = \\frac{1}{1 + e^{-x}}$$\n\nThe sum is $\\sum_i x_i$.\n\n"
    text += "$$\\text{SiLU}(x) = x \\cdot \\sigma(x) = RIGHT$$"
    assert last(text.replace("RIGHT", right)) == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("When $u \\to -\\infty$ it is small.", "assumption"),
        ("As $h \\rightarrow 0^+$ nothing is left.", "assumption"),
        ("When $u \\to v^2$ it is small.", "unread"),
        ("As $q(u) \\to 0$ nothing is left.", "unread"),
        ("Let $u = 2v$. Then $u \\to 0$.", "unread"),
        ("It follows that $u \\to 0$.", "unread"),
    ],
)
def test_what_a_name_tends_to_is_taken_as_given_and_what_a_value_tends_to_is_a_claim(said, verdict):
    assert last(said) == verdict


def test_many_thin_spaces_set_formulas_apart():
    thin = "\\," * 7
    assert [c.verdict for c in claims(f"$$r_p = y_p^2 {thin} p = 1, \\ldots, P$$")] == ["definition", "definition"]
    assert last("$$(u + v)^2 = u^2 + 2 u \\, v + v^2$$") == "proved"
    assert last("$$2 y^2 - y^2 = y \\,\\, y$$") == "proved"
    assert last(f"$$2 y^2 - y^2 = y {thin} y$$") != "proved"


def test_a_word_above_the_line_is_no_product_of_its_letters():
    assert last("Let $v = 2$. Then\n\n$$v^{corrected} = v^{detcerroc}$$") != "proved"
    assert last("Let $v = 2$. Then\n\n$$v^{ab} = v^{ba}$$") == "proved"
    assert last("$$e^{uvwx} = e^{xwvu}$$") == "proved"
