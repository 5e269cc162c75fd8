"""What real texts leave open, where numbers may not refute: beside each, a false claim of which nothing is left open."""

import pytest

from derive.jobs.check import check


def verdicts(text: str) -> list[str]:
    """The verdicts of a document, without what states nothing."""
    return [claim.verdict for claim in check(text).claims if claim.reason not in ("expression", "nothing-left")]


FIT = "$$E(m, b) = 14m^2 + 3b^2 + 38 + 12mb - 42m - 20b$$\n\n"
SAMPLES = "Let $x \\in \\mathbb R^{m \\times d}$, $p = 1, \\dots, m$ and $k, q = 1, \\dots, d$. Then "
LEFT_OPEN = (
    # a derivative that is put to zero, and steps of the solution
    (FIT + "$$28m + 12b - 42 = 0$$", "We have $28m + 12b - 42 = 2(14m + 6b) - 40$."),
    (
        FIT + "$$\\frac{\\partial E(m, b)}{\\partial m} = 28m + 12b - 42 = 0$$",
        FIT + "$$\\frac{\\partial E(m, b)}{\\partial m} = 28m$$",
    ),
    (
        "Let $g(x) = e^x - \\ln x$ for $x > 0$. Find the minimum by setting it to $0$ and solving\n\n"
        "$$g'(x) = e^x - \\frac{1}{x} = 0$$\n\n$$e^x = \\frac{1}{x}$$",
        "Let $g(x) = e^x - \\ln x$ for $x > 0$.\n\n$$g'(x) = e^x + \\frac{1}{x}$$",
    ),
    # an index that stands twice, and nowhere on the other side
    (
        SAMPLES + "$x_{pk} \\delta_{kq} = x_{pq}$.",
        SAMPLES + "$\\sum_{k=1}^d x_{pk} \\delta_{kq} = 2 x_{pq}$.",
    ),
    # entries that may be those of a matrix beside them
    (
        "Let $\\mathbf{W} \\in \\mathbb{R}^{d \\times c}$. Then\n\n"
        "$$R = \\| \\mathbf{W} \\|^2_F = \\sum_{i=1}^{d} \\sum_{j=1}^{c} w_{ij}^2$$",
        "Let $\\mathbf{W} \\in \\mathbb{R}^{d \\times c}$. Then\n\n"
        "$$\\| \\mathbf{W} \\|^2_F = 2 \\sum_{i=1}^{d} \\sum_{j=1}^{c} W_{ij}^2$$",
    ),
    # words of letters, and a number put in for a mean
    (
        "$$\\mathbb{E}[Hits] = \\mathbb{E}[A] + \\mathbb{E}[B] = \\frac{1}{3} + \\frac{1}{3}$$",
        "Let $X$ and $Y$ be random variables. Then $\\mathbb{E}[X + Y] = \\mathbb{E}[X] + 2 \\mathbb{E}[Y]$.",
    ),
    # decimals that were rounded before
    ("$32.561 - 4.903^2 = 8.526$", "$32.561 - 4.903^2 = 8.536$"),
    # a delta at what no index is
    (
        "$$\\sum_{i=1}^N h_{ij} (y_i - t_i) = \\sum_{i=1}^N h_{ij} \\delta_{oi}$$",
        "$$\\sum_{i=1}^N h_{ij} \\delta_{ij} = 2 h_{jj}$$",
    ),
    # the first of a list of values
    (
        "The numbers are $C_n = \\binom{2n}{n}/(n+1) = 1, 1, 2, 5, 14, \\dots$ of a row.",
        "We have $\\binom{4}{2} = 1$, and $5$.",
    ),
    # a new name in a later link
    (
        "Let $y \\in \\mathbb R^k$ and $a \\in \\mathbb R^k$. Then\n\n"
        "$$\\sum_{j=1}^k (a_j + y_j) = \\sum_{j=1}^k a_j + \\sum_{j=1}^k y_j = \\sum_{j=1}^k a_j + m$$",
        "Let $y \\in \\mathbb R^k$ and $a \\in \\mathbb R^k$. Then\n\n"
        "$$\\sum_{j=1}^k (a_j + y_j) = \\sum_{j=1}^k a_j + \\sum_{j=1}^k y_j = \\sum_{j=1}^k a_j$$",
    ),
    # values of a function of which nothing is known, in an order
    ("The slope vanishes. We have $f(u) \\le f(v)$.", "We have $u^2 \\le u^2 - 1$."),
    # values in cases
    ("When $p = q$, $\\kappa = 0$; when $p = 1$, $\\kappa = 1$.", "Let $\\kappa = 0$. Then $\\kappa + 1 = 2$."),
    (
        "当 $p = q$ 时, $\\kappa=0$; 一般来说 $p \\ge q$, 但偶尔也有 $p < q$ 的情况。",
        "假设 $p \\ge q$。因此 $p - q < 0$。",
    ),
    # a function that is given anew behind a name for its value
    (
        "Let $f(x) = x^2$.\n\n1. Plot the function $y = f(x) = x^3$ and its tangent.",
        "Let $f(x) = x^2$. Hence $f(2) = 5$.",
    ),
    (
        "$$\\sigma(z) = \\frac{1}{1+e^{-z}}$$\n\n# 另一个\n\n它比前面的都简单，表达式为：$$\\sigma(z) = max(0,z)$$",
        "$$\\sigma(z) = \\frac{1}{1+e^{-z}}$$\n\n因此 $$\\sigma(z) = max(0,z)$$",
    ),
    # equations, by words and by an initial value
    (
        "We differentiate by $a$ and get the equation $$\\sum_{i=1}^m (y_i - a - b x_i) = 0$$",
        "We get $$(x+1)^2 - x^2 - 2x = 0$$",
    ),
    ("We begin with $\\alpha^{0} = 0$ and $k = 0$.", "We begin with $\\alpha^{2} + 1 = \\alpha^2$."),
    # a hyperplane, and a value of a function that looks like a product
    (
        "令 $w \\in \\mathbb R^n$。超平面方程为\n\n$$b + \\sum_{i=1}^n w_i x_i = \\sum_{i=1}^n w_i x_i + b = 0$$",
        "We have $2 + 3 = 6$.",
    ),
    ("For this point we get $h = \\varepsilon(0 - 1 - 0.5) = 0$.", "We get $2 \\cdot (0 - 1 - 0.5) = 0$."),
    # what is said in words of another language
    (
        "On obtient avec la linéarité $\\mathbb{E}[AX+B]=A\\mathbb{E}[X]+B$ où les deux lettres sont constantes, "
        "et la formule précédente devient plus simple ainsi.",
        "By linearity we have $\\mathbb{E}[X+Y]=\\mathbb{E}[X]-\\mathbb{E}[Y]$ for the two random variables $X$ and $Y$.",
    ),
)


@pytest.mark.parametrize(("open_", "false"), LEFT_OPEN)
def test_what_is_left_open_is_not_refuted(open_: str, false: str) -> None:
    assert "refuted" not in verdicts(open_)
    assert "refuted" in verdicts(false)


@pytest.mark.parametrize("within", ["y", "\\mathbf{y}"])
def test_a_one_hot_label_in_a_space_has_its_one_where_a_member_is_one(within: str) -> None:
    text = f"Given a one-hot label ${within} \\in \\mathbb{{R}}^v$ with $y_k = 1$, we have "
    assert verdicts(f"{text}$\\sum_{{i=1}}^v y_i z_i = z_k$.")[-1] == "proved"
    assert verdicts(f"{text}$\\sum_{{i=1}}^v y_i z_i = 2 z_k$.")[-1] == "refuted"


def test_without_the_word_a_member_that_is_one_says_nothing_of_the_others() -> None:
    text = "Given a label $y \\in \\mathbb{R}^v$ with $y_k = 1$, we have $\\sum_{i=1}^v y_i z_i = z_k$."
    assert verdicts(text)[-1] != "proved"
