r"""The language of learning beyond sums: products, integrals, limits, implications, expectations, literal matrices,
losses that are not given, functions that words name. Each kind has statements that are proved and their false twins, which
are refuted.
"""

from __future__ import annotations

import pytest

from derive.jobs.check import check

POSITIVE = "Assume $x_k > 0$ for all $k$."
NORMAL = r"Let $s > 0$."
SOFTMAX = r"Let $p_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ for $i = 1, \ldots, n$."
MOMENTS = (
    r"Let $X$ be a random variable with $\mathbb{E}[X] = \mu$ and $\operatorname{Var}(X) = \sigma^2$, and let $Y = 2 X + 1$."
)
RANDOM = "Let $X$ and $Y$ be random variables."
REAL = "Let $x$ and $y$ be real numbers."
LITERAL = r"Let $A = \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}$ and $v = \begin{pmatrix} 3 \\ 4 \end{pmatrix}$."
THROUGH = (
    r"Let $W \in \mathbb{R}^{m \times n}$, $b \in \mathbb{R}^m$ and $z = W x + b$. "
    r"The loss $L$ depends on $W$, $b$ and $x$ only through $z$. Let $\delta = \nabla_z L$."
)
FUNCTION_OF = (
    r"Let $y_k = \sum_j V_{kj} a_j$ and $a_j = \tanh(z_j)$. The loss $L$ is a differentiable function of $y_1, \ldots, y_n$. "
    r"Put $\delta_k = \frac{\partial L}{\partial y_k}$."
)
SLOPE = r"\frac{\partial}{\partial z_i} \mathbb{E}_{k \sim p}[f_k]"
PRODUCT = r"\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix} \begin{pmatrix} 3 \\ 4 \end{pmatrix}"
GAUSS = r"\frac{1}{s \sqrt{2 \pi}} e^{-\frac{(x - m)^2}{2 s^2}}"

# What stands before, a claim that holds, and one that does not.
PAIRS = {
    "logarithm of a product": (
        POSITIVE,
        r"\ln \prod_{k=1}^n x_k = \sum_{k=1}^n \ln x_k",
        r"\ln \prod_{k=1}^n x_k = \prod_{k=1}^n \ln x_k",
    ),
    "derivative of a product": (
        "",
        r"\frac{\partial}{\partial x_i} \prod_{k=1}^n x_k = \prod_{k \ne i} x_k",
        r"\frac{\partial}{\partial x_i} \prod_{k=1}^n x_k = \prod_{k=1}^n x_k",
    ),
    "factors": ("", r"\prod_{k=1}^n c x_k = c^n \prod_{k=1}^n x_k", r"\prod_{k=1}^n c x_k = c \prod_{k=1}^n x_k"),
    "product of products": (
        "",
        r"\prod_{k=1}^n x_k y_k = \prod_{k=1}^n x_k \prod_{k=1}^n y_k",
        r"\prod_{k=1}^n x_k y_k = \prod_{k=1}^n x_k + \prod_{k=1}^n y_k",
    ),
    "split product": (
        "",
        r"\prod_{k=1}^{n+1} x_k = x_{n+1} \prod_{k=1}^n x_k",
        r"\prod_{k=1}^{n+1} x_k = x_{n} \prod_{k=1}^n x_k",
    ),
    "product by induction": ("", r"\prod_{k=1}^n \frac{k+1}{k} = n + 1", r"\prod_{k=1}^n \frac{k+1}{k} = n + 2"),
    "factorial": ("", r"\prod_{k=1}^n k = n!", r"\prod_{k=1}^n 2 k = n!"),
    "product of exponentials": (
        "",
        r"\prod_{k=1}^n e^{x_k} = e^{\sum_{k=1}^n x_k}",
        r"\prod_{k=1}^n e^{x_k} = \sum_{k=1}^n e^{x_k}",
    ),
    "geometric sum": (
        r"Let $r \ne 1$.",
        r"\sum_{k=1}^{n} r^k = \frac{r - r^{n+1}}{1 - r}",
        r"\sum_{k=1}^{n} r^k = \frac{r - r^{n}}{1 - r}",
    ),
    "integral by parts": ("", r"\int_0^1 x e^{x} \, dx = 1", r"\int_0^1 x e^{x} \, dx = e - 1"),
    "integral of a power": ("", r"\int_0^1 x^n \, dx = \frac{1}{n+1}", r"\int_0^1 x^n \, dx = \frac{1}{n}"),
    "integral of a reciprocal": (
        "Let $0 < a < b$.",
        r"\int_a^b \frac{1}{t} \, dt = \ln b - \ln a",
        r"\int_a^b \frac{1}{t} \, dt = \ln a - \ln b",
    ),
    "proposed antiderivative": ("", r"\int_0^{\pi} \sin t \, dt = 2", r"\int_0^{\pi} \sin t \, dt = 1"),
    "to infinity": (
        "Let $a > 0$.",
        r"\int_0^{\infty} t e^{-a t} \, dt = \frac{1}{a^2}",
        r"\int_0^{\infty} t e^{-a t} \, dt = \frac{1}{a}",
    ),
    "Gaussian": (NORMAL, rf"\int_{{-\infty}}^{{\infty}} {GAUSS} \, dx = 1", rf"\int_{{-\infty}}^{{\infty}} {GAUSS} \, dx = s"),
    "mean of a Gaussian": (
        NORMAL,
        rf"\int_{{-\infty}}^{{\infty}} x {GAUSS} \, dx = m",
        rf"\int_{{-\infty}}^{{\infty}} x {GAUSS} \, dx = 0",
    ),
    "variance of a Gaussian": (
        NORMAL,
        rf"\int_{{-\infty}}^{{\infty}} (x - m)^2 {GAUSS} \, dx = s^2",
        rf"\int_{{-\infty}}^{{\infty}} (x - m)^2 {GAUSS} \, dx = s",
    ),
    "fundamental theorem": (
        "",
        r"\frac{d}{dx} \int_0^x e^{-t^2} dt = e^{-x^2}",
        r"\frac{d}{dx} \int_0^x e^{-t^2} dt = -2 x e^{-x^2}",
    ),
    "integral of a derivative": ("", r"\int_a^b f'(t) \, dt = f(b) - f(a)", r"\int_a^b f'(t) \, dt = f(a) - f(b)"),
    "difference quotient": (
        "",
        r"\lim_{h \to 0} \frac{e^{x + h} - e^x}{h} = e^x",
        r"\lim_{h \to 0} \frac{e^{x + h} - e^x}{h} = x e^x",
    ),
    "central difference": (
        "",
        r"\lim_{h \to 0} \frac{f(x + h) - f(x - h)}{2 h} = f'(x)",
        r"\lim_{h \to 0} \frac{f(x + h) - f(x - h)}{h} = f'(x)",
    ),
    "removable": ("", r"\lim_{x \to 2} \frac{x^2 - 4}{x - 2} = 4", r"\lim_{x \to 2} \frac{x^2 - 4}{x - 2} = 2"),
    "second order": (
        "",
        r"\lim_{x \to 0} \frac{1 - \cos x}{x^2} = \frac{1}{2}",
        r"\lim_{x \to 0} \frac{1 - \cos x}{x^2} = 1",
    ),
    "solutions": (REAL, r"x^2 = 9 \iff x = 3 \text{ or } x = -3", r"x^2 = 9 \iff x = 3"),
    "implication back": (REAL, r"2 x + 1 = 7 \iff x = 3", r"x = 3 \iff x^2 = 9"),
    "congruence": (REAL, r"x = y \implies x^2 = y^2", r"x^2 = y^2 \implies x = y"),
    "inverse functions": (REAL, r"e^x = e^y \implies x = y", r"e^x = e^y \implies x = 2 y"),
    "real roots": (REAL, r"x^3 = 8 \implies x = 2", r"x^4 = 16 \implies x = 2"),
    "plus or minus": ("Assume $x^2 - 5 x + 6 = 0$.", r"x = \frac{5 \pm 1}{2}", r"x = \frac{5 \pm 2}{2}"),
    "score": (
        SOFTMAX + " For a label $y$ drawn from $p$,",
        r"\mathbb{E}_{y \sim p}[\nabla_{\mathbf{z}} \ln p_y] = \mathbf{0}",
        r"\mathbb{E}_{y \sim p}[\nabla_{\mathbf{z}} \ln p_y] = \mathbf{p}",
    ),
    "policy gradient": (
        SOFTMAX,
        rf"{SLOPE} = \mathbb{{E}}_{{k \sim p}}\left[f_k \frac{{\partial \ln p_k}}{{\partial z_i}}\right]",
        rf"{SLOPE} = \mathbb{{E}}_{{k \sim p}}\left[\frac{{\partial \ln p_k}}{{\partial z_i}}\right]",
    ),
    "linear": (RANDOM, r"\mathbb{E}[a X + b] = a \mathbb{E}[X] + b", r"\mathbb{E}[a X + b] = a \mathbb{E}[X]"),
    "variance": (
        RANDOM,
        r"\operatorname{Var}(X + Y) = \operatorname{Var}(X) + \operatorname{Var}(Y) + 2 \operatorname{Cov}(X, Y)",
        r"\operatorname{Var}(X + Y) = \operatorname{Var}(X) + \operatorname{Var}(Y)",
    ),
    "about the mean": (
        RANDOM,
        r"\mathbb{E}[(X - \mathbb{E}[X])^2] = \mathbb{E}[X^2] - \mathbb{E}[X]^2",
        r"\mathbb{E}[X Y] = \mathbb{E}[X] \mathbb{E}[Y]",
    ),
    "known moments": (MOMENTS, r"\mathbb{E}[X^2] = \mu^2 + \sigma^2", r"\mathbb{E}[X^2] = \mu^2 - \sigma^2"),
    "defined variable": (MOMENTS, r"\operatorname{Var}(Y) = 4 \sigma^2", r"\operatorname{Var}(Y) = 2 \sigma^2"),
    "literal product": (
        "",
        rf"{PRODUCT} = \begin{{pmatrix}} 11 \\ 4 \end{{pmatrix}}",
        rf"{PRODUCT} = \begin{{pmatrix}} 10 \\ 4 \end{{pmatrix}}",
    ),
    "literal determinant": (
        "",
        r"\det \begin{pmatrix} a & b \\ c & d \end{pmatrix} = a d - b c",
        r"\det \begin{pmatrix} a & b \\ c & d \end{pmatrix} = a d + b c",
    ),
    "literal inverse": (
        "",
        r"\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}^{-1} = \begin{pmatrix} 1 & -2 \\ 0 & 1 \end{pmatrix}",
        r"\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}^{-1} = \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}",
    ),
    "literal transpose": (
        "",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^\top = \begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^\top = \begin{pmatrix} 1 & 2 \\ 3 & 5 \end{pmatrix}",
    ),
    "literal row and column": (
        "",
        r"\begin{bmatrix} 1 & 2 \end{bmatrix} \begin{bmatrix} 3 \\ 4 \end{bmatrix} = 11",
        r"\begin{bmatrix} 1 & 2 \end{bmatrix} \begin{bmatrix} 3 \\ 4 \end{bmatrix} = 10",
    ),
    "named literal": (LITERAL, r"A v = \begin{pmatrix} 11 \\ 4 \end{pmatrix}", r"A v = \begin{pmatrix} 11 \\ 5 \end{pmatrix}"),
    "loss of a layer": (THROUGH, r"\nabla_W L = \delta x^\top", r"\nabla_W L = 2 \delta x^\top"),
    "loss of an input": (THROUGH, r"\nabla_x L = W^\top \delta", r"\nabla_x L = 2 W^\top \delta"),
    "loss through a function": (
        FUNCTION_OF,
        r"\frac{\partial L}{\partial z_j} = (1 - a_j^2) \sum_k \delta_k V_{kj}",
        r"\frac{\partial L}{\partial z_j} = (1 - a_j) \sum_k \delta_k V_{kj}",
    ),
    "sigmoid by name": (
        r"For the sigmoid $\sigma$ we have",
        r"\sigma'(x) = \sigma(x) (1 - \sigma(x))",
        r"\sigma'(x) = \sigma(x) (1 + \sigma(x))",
    ),
    "softplus by name": (
        "Let $g$ be the softplus function.",
        r"g'(x) = \frac{1}{1 + e^{-x}}",
        r"g'(x) = \frac{1}{1 + e^{x}}",
    ),
    "even": ("Let $f$ be an even function. Then", r"f(x) = f(-x)", r"f(x) = -f(-x)"),
    "odd": ("Let $f$ be an odd function. Then", r"f(-x) = -f(x)", r"f(-x) = f(x)"),
    "softmax by rows": (
        r"Let $Q \in \mathbb{R}^{n \times d}$, $K \in \mathbb{R}^{m \times d}$ and $A = \operatorname{softmax}(Q K^\top)$.",
        r"\sum_{j=1}^m A_{ij} = 1",
        r"\sum_{i=1}^n A_{ij} = 1",
    ),
    "plain vector from its use": (
        r"Let $A \in \mathbb{R}^{n \times n}$.",
        r"\nabla_x (x^\top A x) = (A + A^\top) x",
        r"\nabla_x (x^\top A x) = 2 A x",
    ),
}


def verdict(opening, claim):
    return check(f"{opening}\n\n$${claim}$$\n").claims[-1].verdict


@pytest.mark.parametrize("name", PAIRS)
def test_what_holds_is_proved_and_its_false_twin_refuted(name):
    opening, true, false = PAIRS[name]
    assert verdict(opening, true) == "proved"
    assert verdict(opening, false) == "refuted"


@pytest.mark.parametrize(
    ("opening", "claim"),
    [
        ("", r"\int p(x) \, dx = 1"),  # no ends
        ("", r"\int_0^1 \ln t \, dt = -1"),  # no value at an end
        ("", r"\lim_{x \downarrow 0} \frac{1}{1 + x} = 1"),
        ("", r"\mathbb{E}[x] = 0"),  # nothing says that x is random
        ("", r"\mathbb{E}_p[f(x)] = f(x)"),  # p is the distribution
        ("", r"\mathbb{E}_{x \sim p}[Y] = Y"),
        ("", r"\mathbb{E}[x Y] = x \mathbb{E}[Y]"),  # x may be random as well
        ("", r"\mathbb{E}_{x \sim p}[f(x)] = \sum_k p_k f_k"),  # p is a family here, x none of its places
        ("Here $i$ is the imaginary unit.", r"e^{i \pi} = -1"),
        ("", r"z = w x \Rightarrow a = \sigma(v)"),  # what it would follow from is not said
    ],
)
def test_what_is_not_read_is_not_judged(opening, claim):
    assert verdict(opening, claim) in ("unread", "doubtful")


def test_an_arrow_leads_to_a_definition_that_is_made_of_the_one_before():
    assert verdict("", r"z = w x \Rightarrow a = \sigma(z)") == "definition"
    assert verdict("Let $a = 3$.", r"z = w x \Rightarrow a = \tanh(z)") == "doubtful"


@pytest.mark.parametrize(
    ("opening", "claim"),
    [
        (r"Let $X \sim \mathcal{N}(0, 1)$.", r"\mathbb{E}[X^4] = 3"),
        ("Let $X$ and $Y$ be independent random variables.", r"\mathbb{E}[X^2 Y^2] = \mathbb{E}[X^2] \mathbb{E}[Y^2]"),
        (
            "Let $X$, $Y$ and $Z$ be independent random variables.",
            r"\mathbb{E}[X Y Z] = \mathbb{E}[X] \mathbb{E}[Y] \mathbb{E}[Z]",
        ),
        ("The random variables $X$ and $Y$ are not independent.", r"\mathbb{E}[X Y] = \mathbb{E}[X] \mathbb{E}[Y]"),
        ("For a fair die $X$,", r"\mathbb{E}[X] = \frac{7}{2}"),
    ],
)
def test_what_words_say_of_a_variable_and_was_not_read_is_no_refutation(opening, claim):
    assert verdict(opening, claim) in ("unread", "doubtful", "tested")


@pytest.mark.parametrize(
    ("opening", "true", "false"),
    [
        (r"Let $X \sim \mathcal{N}(\mu, \sigma^2)$.", r"\mathbb{E}[X^2] = \mu^2 + \sigma^2", r"\mathbb{E}[X^2] = \mu^2"),
        (
            "Let $X$ and $Y$ be independent random variables.",
            r"\operatorname{Var}(X - Y) = \operatorname{Var}(X) + \operatorname{Var}(Y)",
            r"\operatorname{Var}(X - Y) = \operatorname{Var}(X) - \operatorname{Var}(Y)",
        ),
        (
            r"Let $x \sim \mathcal N(m, S)$ with $m \in \mathbb R^d$, $S \in \mathbb R^{d \times d}$, "
            r"and $B \in \mathbb R^{k \times d}$.",
            r"\operatorname{Cov}(B x) = B S B^\top",
            r"\operatorname{Cov}(B x) = 2 B S B^\top",
        ),
        (
            r"Let $z$ be a random vector with $z \sim \mathcal N(0, I)$ in $\mathbb R^k$ and $a, b \in \mathbb R^k$.",
            r"\mathbb E[(a^\top z) (b^\top z)] = a^\top b",
            r"\mathbb E[(a^\top z) (b^\top z)] = 2 a^\top b",
        ),
        (
            r"Let $x$ be a random vector in $\mathbb R^d$ with mean $m = \mathbb E[x]$.",
            r"\operatorname{Cov}(x) = \mathbb E[x x^\top] - m m^\top",
            r"\operatorname{Cov}(x) = \mathbb E[x x^\top] + m m^\top",
        ),
    ],
)
def test_what_is_said_of_random_quantities_is_used(opening, true, false):
    assert verdict(opening, true) in ("proved", "conditional")
    assert verdict(opening, false) == "refuted"


def test_independent_vectors_have_the_mean_of_a_product_and_no_more():
    said = r"Let $U, V$ be independent random vectors in $\mathbb R^d$."
    assert verdict(said, r"\mathbb E[U V^\top] = \mathbb E[U] \mathbb E[V]^\top") == "proved"
    assert verdict(said, r"\operatorname{Cov}(U + V) = \operatorname{Cov}(U) + \operatorname{Cov}(V)") == "proved"
    assert verdict(said, r"\operatorname{Cov}(U + V) = \operatorname{Cov}(U) - \operatorname{Cov}(V)") == "refuted"
    assert verdict(said, r"\mathbb E[U^\top V] = \mathbb E[U]^\top \mathbb E[V]") != "refuted"
    assert verdict(said, r"\mathbb E[U U^\top] = \mathbb E[U] \mathbb E[U]^\top") == "refuted"


def test_an_expectation_may_be_given_in_new_names():
    text = (
        r"$$\mathbb{E}[X] = \sum_i x_i p_i$$ with $\sum_i p_i = 1$. Then" + "\n\n" + r"$$\sum_i (x_i - \mathbb{E}[X]) p_i = 0$$"
    )
    claims = check(text).claims
    assert [claim.verdict for claim in claims] == ["definition", "assumption", "proved"]


def test_no_words_make_an_arbitrary_number_positive():
    text = "Let $x > 0$. Now $x$ is arbitrary.\n\n$$2 |x| = 2 x$$"
    assert check(text).claims[-1].verdict == "conditional"


def test_a_loss_of_which_nothing_is_said_is_one_of_what_it_goes_through():
    text = r"Let $u_i = \sum_j W_{ij} h_j$ and $\delta_i = \frac{\partial L}{\partial u_i}$."
    assert verdict(text, r"\frac{\partial L}{\partial W_{ij}} = \delta_i h_j") == "conditional"
    assert verdict(text, r"\frac{\partial L}{\partial W_{ij}} = \delta_j h_i") == "unread"
