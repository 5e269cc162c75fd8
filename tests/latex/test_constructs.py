r"""The spellings that posts and textbooks need: each is read where it is true, and its false twin is not accepted."""

import pytest

from derive.jobs.check import check

SOFTMAX = r"Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$." + "\n\n"


def last(text, name="notes.md"):
    """The verdict on the last relation."""
    return [claim.verdict for claim in check(text, name).claims if "=" in claim.latex or r"\approx" in claim.latex][-1]


PAIRS = [
    # entries of a function's value
    (r"$\sigma(\mathbf z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$. $$\sum_i \sigma(\mathbf z)_i = A$$", "1", "2"),
    (
        r"$\text{softmax}(x)_i = \frac{exp(x_i)}{\sum_j exp(x_j)}$. $$\frac{\partial\,\text{softmax}(x)_i}{\partial x_j} = A$$",
        r"\text{softmax}(x)_i(\delta_{ij} - \text{softmax}(x)_j)",
        r"\text{softmax}(x)_i(\delta_{ij} + \text{softmax}(x)_j)",
    ),
    # functions without their backslash
    (r"$t = tanh(z)$. $$\frac{dt}{dz} = A$$", "1 - t^2", "1 - t^3"),
    (r"Assume $p > 0$. $$\frac{d}{dp} ylog(p) = A$$", r"\frac{y}{p}", "y p"),
    (r"$$exp(x + y) = A$$", "exp(x) exp(y)", "exp(x) + exp(y)"),
    # switches of plain TeX
    (r"$$\frac{{\rm d} x^3}{{\rm d} x} = A$$", "3x^2", "x^2"),
    (r"$$\frac{\rm d}{{\rm d} x} x^3 = A$$", "3x^2", "x^2"),
    # braces and limits with nothing in them
    (r"$$\sum_{k=1}^{3}{} k = A$$", "6", "7"),
    (r"$p_j = \frac{e^{a_j}}{\sum_k^{ } e^{a_k}}$. $$\sum_j p_j = A$$", "1", "2"),
    (
        r"$p_j = \frac{e^{a_j}}{\sum_k^C e^{a_k}}$. $$\frac{\partial p_j}{\partial a_i} = A$$",
        r"p_j(\delta_{ij} - p_i)",
        r"p_j(\delta_{ij} + p_i)",
    ),
    # differentials in other spellings
    (r"$$\frac{\delta x^{-1}}{\delta x} = A$$", r"-\frac{1}{x^2}", r"\frac{1}{x^2}"),
    (r"$$\frac{\delta}{\delta x} x^2 = A$$", "2x", "x"),
    (r"$y = x^2$. $${\partial y}/{\partial x} = A$$", "2x", "x"),
    # displays that go on, cases in rows and behind the formula
    ("$$(x+1)^2 - 1$$\n\n$$= A$$", "x^2 + 2x", "x^2 + x"),
    (
        SOFTMAX + r"$$\begin{split}\text{if}\; i = j :& \frac{\partial a_i}{\partial z_j} = A\end{split}$$",
        "a_i(1 - a_i)",
        "-a_i a_j",
    ),
    (SOFTMAX + r"$$\frac{\partial a_j}{\partial z_i} = A, \quad i \neq j$$", "-a_i a_j", "a_j(1 - a_i)"),
    (SOFTMAX + "If $$i=j$$, then\n\n" + r"$$\frac{\partial a_j}{\partial z_i} = A$$", "a_i(1 - a_i)", "-a_i a_j"),
    # sums without an index, dots that count
    (r"$$\sum 2 y_k x_k = A$$", r"2 \sum_k x_k y_k", r"\sum_k x_k y_k"),
    (r"$$w_1x_1 + w_2x_2 + \cdots + w_nx_n = A$$", r"\sum_{k=1}^n w_k x_k", r"2 \sum_{k=1}^n w_k x_k"),
    (r"$$1 + 2 + \dots + n = A$$", r"\frac{n(n+1)}{2}", r"\frac{n(n-1)}{2}"),
    # braces with labels, words, a stop, names of two signs
    (r"$a = x^2$. $$\underbrace{\frac{da}{dx}}_{2x} \cdot 3 = A$$", "6x", "5x"),
    (r"$$Let\space u = x^2$$ $$\frac{du}{dx} = A$$", "2x", "x"),
    (r"$$A = 3 + (p_k.p_i) + p_k.p_i$$", "3 + 2 p_k p_i", "4 + 2 p_k p_i"),
    (
        r"$net_{h1} = w_1 i_1 + b_1$. $out_{h1} = e^{net_{h1}}$. $$\frac{\partial out_{h1}}{\partial net_{h1}} = A$$",
        "out_{h1}",
        "2 out_{h1}",
    ),
    (r"$L = (a - y)^2$. We write $da = \frac{\partial L}{\partial a}$. Then $da = A$.", "2(a - y)", "a - y"),
    (r"$$\sum_{k=1}^n w_{ik} = A + \sum_{k=1}^{n-1} w_{ik}$$", "w_{in}", "w_{i1}"),
    # numbers as people write them
    (r"$0.4 * 0.593269992 + 0.45 * 0.596884378 + 0.6 * 1 = A$", "1.105905967", "1.105905968"),
    (r"$\frac{2}{3} \approx A$", "0.667", "0.665"),
    (r"$A = 6 \cdot 10^4$", "60{,}000", r"6\,000"),
    (r"$\frac{1}{8} = A$", r"12.5\%", r"13.5\%"),
    # a function of functions, an index from a set
    (r"$f(u, v) = (u+v)^2$ and $u(a) = a^2$. $$\frac{\partial f}{\partial u} = A$$", "2(u+v)", "3(u+v)"),
    (r"Let $y \in \{1, \ldots, N\}$. $$\sum_{s=1}^{N} a_s \delta_{sy} = A$$", "a_y", "2 a_y"),
    # an operator before several brackets
    (r"$$\frac{d}{dx} (x+1)(x+2) = A$$", "2x + 3", "x + 2"),
    # losses of whole families
    (r"Let $L(z) = \sum_k z_k^2$. $$\frac{\partial L}{\partial z_i} = A$$", "2 z_i", "3 z_i"),
    (r"Let $L(\mathbf z) = \sum_k z_k^2$. $$\frac{\partial L}{\partial z_i} = A$$", "2 z_i", "3 z_i"),
]


@pytest.mark.parametrize(("document", "true", "false"), PAIRS)
def test_a_spelling_and_its_twin(document, true, false):
    assert last(document.replace("A", true)) == "proved"
    assert last(document.replace("A", false)) in ("refuted", "unread")


@pytest.mark.parametrize(
    "document",
    [
        r"$\sigma(\mathbf z)_i = e^{z_i}$. $$\sigma(\mathbf w)_i = e^{w_i}$$ $$\sum_i \sigma(\mathbf v)_i = 1$$",
        r"$$f(x_i, W)_j = 1 + f(x_i, W)_j$$",
        r"$$\sum y_k x_j = 1$$",
        r"$$\sum 2 = 1$$",
        r"$$1 + 2 + 4 + \dots + 2^n = 7$$",
        r"$$x + x^2 + \dots + x^n = 1$$",
        r"$$x_1 x_2 \cdots x_n = 1$$",
        r"$$a = b.c = d$$",
        r"$x \approx 0.3$",
        r"$$\frac{}{x}{} = 1$$",
        r"$u = u(x)$. $$\frac{d}{dx} (x+1)(x+2) y = 2x + 3$$",
        r"$dz = 2$ and $dw = 3$. $$\frac{dz}{dw} = 1$$",
        r"$$(x, y) = (1, 2)$$",
        r"$$\frac{\delta x}{\delta + 1} = x$$",
    ],
)
def test_what_stays_open_is_not_accepted(document):
    assert last(document) in ("unread", "refuted", "doubtful", "definition")


def test_a_number_that_begins_with_a_zero_may_be_two():
    assert last("(y,O)=00.3+10.09+00.24+00.64=0.09", "notes.txt") == "unread"
    assert last("0.3+10.09=0.09", "notes.txt") == "refuted"


def test_digits_that_were_cut_are_never_proved():
    assert last(r"$\frac{8}{3} = 2.66$") == "doubtful"
    assert last(r"$-\frac{2}{3} = -0.66$") == "doubtful"
    assert last(r"$\frac{8}{3} = 2.65$") == "refuted"
    assert last("$0.3 * 0.3 = 0.1$") == "refuted"
