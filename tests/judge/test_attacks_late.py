"""Documents that were once misjudged: each false claim stays unproved, and a true twin keeps its verdict."""

from __future__ import annotations

import pytest

from derive.jobs.check import check

SOFTMAX = r"Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. "
S_SLOPE = r"\frac{\partial s}{\partial x_i}"
SLOPE = r"\frac{\partial a_i}{\partial z_j}"

# name; a document whose last claim is false; its verdict; a document whose last claim is true; its verdict
ROWS = [
    # -- how far a hypothesis reaches ---------------------------------------------------------------------------------
    ("dropped", "Assume $x > 0$.\n\nNow drop this assumption. Then\n\n$$2|x| = 2x$$", "conditional",
     "Assume $x > 0$.\n\nNow drop the subscript. Then\n\n$$2|x| = 2x$$", "proved"),
    ("no longer assumed", "Suppose $x > 0$.\n\nWe no longer assume $x > 0$. Then\n\n$$2|x| = 2x$$", "conditional",
     "Suppose $x > 0$.\n\nWe still assume $x > 0$. Then\n\n$$2|x| = 2x$$", "proved"),
    ("arbitrary again",
     "## One\n\nAssume $x > 0$.\n\n## Two\n\nHere $x$ is any real number.\n\n$$\\sqrt{x^2} = x$$", "conditional",
     "## One\n\nAssume $x > 0$.\n\n## Two\n\nHere $t$ is any real number.\n\n$$\\sqrt{x^2} = x$$", "proved"),
    ("without loss of generality",
     "Without loss of generality, assume $x \\ge y$.\n\nIn general,\n\n$$|x - y| = x - y$$", "refuted",
     "Without loss of generality, assume $x \\ge y$.\n\nIt follows that\n\n$$|x - y| = x - y$$", "proved"),
    ("the other case", "Suppose $x > 0$.\n\nSuppose instead $x < 0$. Then\n\n$$|x| = x$$", "refuted",
     "Suppose $x > 0$.\n\nSuppose instead $x < 0$. Then\n\n$$|x| = -x$$", "proved"),
    ("cases of a list", "1. Assume $x > 0$. Then $|x| = x$.\n2. Assume $x < 0$. Then $|x| = x$.", "refuted",
     "1. Assume $x > 0$. Then $|x| = x$.\n2. Assume $x < 0$. Then $|x| = -x$.", "proved"),
    ("a case by its number", "Case 1: $x \\ge 0$.\n\n$$|x| = x$$\n\nCase 2: $x < 0$.\n\n$$|x| = x$$", "refuted",
     "Case 1: $x \\ge 0$.\n\n$$|x| = x$$\n\nCase 2: $x < 0$.\n\n$$|x| = -x$$", "proved"),
    ("of another theorem",
     "**Theorem 1.** Let $x > 0$. Then $|x| = x$.\n\n**Theorem 2.** Let $x$ be given. Then\n\n$$|x| = x$$",
     "conditional", "Let $x > 0$.\n\n**Theorem 1.** Then $|x| = x$.\n\n**Theorem 2.** Again\n\n$$|x| = x$$", "proved"),
    ("if we assumed", "If we assumed $x > 0$, things were easy. But we do not, and so\n\n$$2|x| = 2x$$", "conditional",
     "If we assume $x > 0$, then\n\n$$2|x| = 2x$$", "proved"),
    ("other authors", "Some authors require $\\sum_k y_k = 1$. Then\n\n$$2 \\sum_k y_k = 2$$", "conditional",
     "We require $\\sum_k y_k = 1$. Then\n\n$$2 \\sum_k y_k = 2$$", "proved"),
    ("a question", "Can we assume that $\\sum_k y_k = 1$? Then\n\n$$2 \\sum_k y_k = 2$$", "conditional",
     "We can assume that $\\sum_k y_k = 1$. Then\n\n$$2 \\sum_k y_k = 2$$", "proved"),
    ("not simply", "One cannot simply assume $\\sum_k y_k = 1$. Then\n\n$$2 \\sum_k y_k = 2$$", "conditional",
     "The labels are not hot, so we assume $\\sum_k y_k = 1$. Then\n\n$$2 \\sum_k y_k = 2$$", "proved"),
    ("but wrong", "Assume $\\sum_k y_k = 1$, but this would be wrong. Then\n\n$$2 \\sum_k y_k = 2$$", "conditional",
     "Assume $\\sum_k y_k = 1$, and this would be enough. Then\n\n$$2 \\sum_k y_k = 2$$", "proved"),
    ("there is one", "There exists $i$ such that $p_i > 0$. Hence\n\n$$|p_j| = p_j$$", "conditional",
     "For every $i$ we assume $p_i > 0$. Hence\n\n$$|p_j| = p_j$$", "proved"),
    ("a fixed index", "Fix $i$ and assume $p_i > 0$. Then\n\n$$|p_j| = p_j$$", "conditional",
     "Fix $i$ and assume $p_i > 0$. Then\n\n$$|p_i| = p_i$$", "proved"),
    ("one-hot no longer",
     "Assume $y$ is one-hot. We drop the assumption that $y$ is one-hot.\n\n$$\\sum_k y_k^3 = 1$$", "conditional",
     "Assume $y$ is one-hot. We drop the bar.\n\n$$\\sum_k y_k^3 = 1$$", "proved"),
    ("one-hot in one case",
     "The label $y$ is one-hot in the hard case.\n\nFor soft labels\n\n$$\\sum_k y_k^2 = 1$$", "conditional",
     "The label $y$ is one-hot.\n\nFor such labels\n\n$$\\sum_k y_k^2 = 1$$", "proved"),
    ("a value for a while", "Let $K = x t$. For $t = 1$ we get $K = x$.\n\nIn general,\n\n$$K = x$$", "refuted",
     "Let $K = x t$. For $t = 1$ we get $K = x$.\n\nIn general,\n\n$$2 K = 2 t x$$", "proved"),
    ("two values for a while",
     "Let $K = x t + u$. Then\n$$\\frac{dK}{dt} = x$$\nFor $t = 1$ and $u = 0$ this is\n$$K = 2 x$$", "refuted",
     "Let $K = x t + u$. Then\n$$\\frac{dK}{dt} = x$$\nFor $t = 1$ and $u = 0$ this is\n$$K = x$$", "proved"),
    ("after if", "If $x > 0$,\n$$\\sum_k x_k = x_1$$\nand so\n$$2 \\sum_k x_k = 2 x_1$$", "refuted",
     "If $x > 0$ and $y > 0$,\n$$|x y| = x y$$", "proved"),
    ("a condition of the next sentence", SOFTMAX + f"Then\n$${SLOPE} = -a_i a_j$$\nIf $i \\ne j$, this is short.", None,
     SOFTMAX + f"Then\n$${SLOPE} = -a_i a_j$$\nif $i \\ne j$.", None),
    ("a condition behind its claim", "We have $|x| = -x$ if $x > 0$.", "refuted", "We have $|x| = x$ if $x > 0$.", "proved"),
    ("two of them, exchanged", "We have $|x| = x$ if $x < 0$ and $|x| = -x$ if $x > 0$.", "refuted",
     "We have $|x| = x$ if $x > 0$ and $|x| = -x$ if $x < 0$.", "proved"),
    ("respectively", "Suppose that, respectively, $x > 0$ and $x < 0$.\n\n$$|x| = x$$", "conditional",
     "Suppose that, as before, $x > 0$ and $y < 0$.\n\n$$|x| = x$$", "proved"),
    ("not true that", "Suppose it is not true that $x > 0$. Then\n\n$$|x| = x$$", "conditional",
     "Suppose that $x$ is not positive, i.e. $x \\le 0$. Then\n\n$$|x| = -x$$", "proved"),
    ("nothing about", "We assume nothing about $x > 0$. Then\n\n$$|x| = x$$", "conditional",
     "We assume, about signs, that $x > 0$. Then\n\n$$|x| = x$$", "proved"),
    ("no new meaning after let", "Let $m_0 = u t$.\n\nFor $t = 2$,\n\n$$m_0 = u$$", "refuted",
     "Let $m_0 = u t$.\n\nFor $t = 2$,\n\n$$m_0 = 2 u$$", "proved"),
    # -- what defines a name ------------------------------------------------------------------------------------------
    ("a value that an assumption leaves open", "Suppose $x > 0$. Then\n\n$$x = 5$$", "refuted",
     "Suppose $x > 0$. Let\n\n$$x = 5$$", "definition"),
    ("a definition that was not read", "The cost is $J = \\int_0^1 x^2 dx$. Hence\n\n$$J = 5$$\n\n$$2 J = 10$$", "unread",
     "The cost is $J = \\int_0^1 x^2 dx$. Let\n\n$$J = 5$$\n\n$$2 J = 10$$", "proved"),
    ("cases that were not read",
     "$$r(x) = \\begin{cases} x & x > 0 \\\\ 0 & x \\le 0 \\end{cases}$$\n\n$$r(x) = x$$\n\n$$r(-2) = -2$$",
     "unread", "$$r(x) = \\begin{cases} x & x > 0 \\\\ 0 & x \\le 0 \\end{cases}$$\n\nLet\n\n$$r(x) = x$$\n\n$$r(-2) = -2$$",
     "proved"),
    ("a member of a recurrence",
     "Let $v_t = b v_{t-1} + g_t$ with $v_0 = 0$. Then\n\n$$v_1 = 7 g_1$$\n\n$$2 v_1 = 14 g_1$$", "unread",
     "Let $v_t = b v_{t-1} + g_t$. Start with $v_0 = u$. Then\n\n$$2 v_0 = 2 u$$", "proved"),
    ("from now on", "Let $a = x + 1$. From now on $a = x + 2$. Then\n\n$$a - 1 = x$$", "refuted",
     "Let $a = x + 1$. From now on $a = x + 2$. Then\n\n$$a - 2 = x$$", "proved"),
    ("a slope by its subscript", "Let $f(x, y) = x^2 y$.\n\n$$f_x = x^2$$", "unread",
     "Let $f(x, y) = x^2 y$.\n\n$$f_t = x^2$$", "definition"),
    ("a condition that is no claim", "For $y f < 1$ we have\n\n$$1 - y f < 0$$", "refuted",
     "For $y f < 1$ we have\n\n$$1 - y f > 0$$", "proved"),
    ("a condition by an equation",
     "If $x^2 = 1$, then\n\n$$x^4 = 2$$", "refuted", "If $x^2 = 1$, then\n\n$$x^4 = 1$$", "proved"),
    ("a slope of what an equation ties",
     "Suppose $s^2 = \\sum_k x_k^2$. Then\n\n$$\\frac{\\partial s}{\\partial x_i} = 0$$", "unread",
     "Let $s = \\sum_k x_k^2$. Then\n\n$$\\frac{\\partial s}{\\partial x_i} = 2 x_i$$", "proved"),
    ("a slope that a later line gives",
     rf"Suppose $s^2 = \sum_k x_k^2$. Then $${S_SLOPE} = 0$$ $$2 s {S_SLOPE} = 0$$", "unread",
     rf"Let $s = \sum_k x_k$. Then $${S_SLOPE} = 1$$ $$2 s {S_SLOPE} = 2 s$$", "proved"),
    ("a name by its square", "Let $\\sigma^2 = \\sum_k x_k^2$. Then\n\n$$2 \\sigma^2 = \\sum_k x_k^2$$", "unread",
     "Let $\\sigma = \\sum_k x_k^2$. Then\n\n$$2 \\sigma^2 = 2 \\sigma \\sum_k x_k^2$$", "proved"),
    ("a result that ends with a member", "Let $s = \\sum_k x_k$. Then\n\n$$2 s = x_i$$\n\n$$4 s = 2 x_i$$", "refuted",
     "Let $s = \\sum_k x_k$. Then\n\n$$2 s = b_i$$\n\n$$4 s = 2 b_i$$", "proved"),
    # -- which letters are indices ------------------------------------------------------------------------------------
    ("partial sums", "Let $c_i = \\sum_{j=1}^{i} x_j$.\n\n$$\\sum_j x_j = c_i$$", "conditional",
     "Let $c_i = \\sum_{j=1}^{i} x_j$.\n\n$$c_2 = x_1 + x_2$$", "proved"),
    ("a sum up to a step", "Let $v_t = \\sum_{s=1}^{t} b^{t-s} g_s$.\n\n$$v_2 = g_1 + b g_2$$", "refuted",
     "Let $v_t = \\sum_{s=1}^{t} b^{t-s} g_s$.\n\n$$v_2 = b g_1 + g_2$$", "proved"),
    ("a delta out of a part", "$$\\sum_{k=1}^{i} \\delta_{kj} = 1$$", "conditional", "$$\\sum_{k=1}^{i} \\delta_{ki} = 1$$",
     "proved"),
    # -- names that are no numbers ------------------------------------------------------------------------------------
    ("matrices by their space",
     "Let $A \\in \\mathbb{R}^{n \\times n}$ and $B \\in \\mathbb{R}^{n \\times n}$.\n\n$$A B = B A$$", "unread",
     "Let $A \\in \\mathbb{R}$ and $B \\in \\mathbb{R}$.\n\n$$A B = B A$$", "proved"),
    ("matrices by a word", "Let $A$ and $B$ be square matrices. Then\n\n$$(A B)^2 = A^2 B^2$$", "unread",
     "Let $A$ and $B$ be matrices. Then\n\n$$A + 2 B = B + A + B$$", "proved"),
    ("a transpose", "Attention is $Q K^\\top$. Hence\n\n$$Q K = K Q$$", "unread",
     "Attention is quick. Hence\n\n$$Q K = K Q$$", "proved"),
    ("vectors by their space", "$x, y \\in \\mathbb{R}^d$\n\n$$(x y)^2 = x^2 y^2$$", "unread",
     "$x, y \\in \\mathbb{R}^d$\n\n$$2 x_i y_i = y_i x_i + x_i y_i$$", "proved"),
    ("a product of matrices", "Let $A$ and $B$ be matrices, and let $C = A B$.\n\n$$C = B A$$", "unread",
     "Let $a$ and $b$ be numbers, and let $c = a b$.\n\n$$2 c = 2 b a$$", "proved"),
    ("a change", "$$\\Delta (x y) = x \\Delta y$$", "unread",
     "Let $\\Delta = b^2 - 4 a c$. Then\n\n$$\\Delta x = b^2 x - 4 a c x$$", "proved"),
    # -- how it is written --------------------------------------------------------------------------------------------
    ("thousands", "$$3\\,000 = 0$$", "unread", "$$3 \\cdot 000 = 0$$", "proved"),
    ("powers of ten", "$$1e-8 = e - 8$$", "unread", "$$1 e - 8 = e - 8$$", "proved"),
    ("two numbers", "$$2 3 = 6$$", "unread", "$$2 \\cdot 3 = 6$$", "proved"),
    ("a power of a function", "Let $f(x) = x^2$.\n\n$$f^{2}(x + 1) = x^4 (x + 1)$$", "unread",
     "Let $f(x) = x^2$.\n\n$$f(x)^2 (x + 1) = x^4 (x + 1)$$", "proved"),
    ("pairs of indices", "$$\\sum_{i < j} 1 = \\frac{n(n + 1)}{2}$$", "unread", "$$\\sum_{i < j} 1 = j - 1$$", "proved"),
    ("pairs that differ", "$$\\sum_{i \\ne j} x_i x_j = \\sum_k x_k^2$$", "unread",
     "$$\\sum_{i \\ne j} x_i x_j = x_j \\sum_k x_k - x_j^2$$", "proved"),
]


@pytest.mark.parametrize(("name", "false", "expected", "true", "right"), ROWS, ids=[row[0] for row in ROWS])
def test_the_false_claim_is_not_proved_and_its_twin_keeps_its_verdict(name, false, expected, true, right):
    wrong, twin = check(false).claims, check(true).claims
    if expected is None:
        slopes = [next(c.verdict for c in claims if c.latex.startswith(r"\frac{\partial")) for claims in (wrong, twin)]
        assert slopes == ["conditional", "proved"]
        return
    wrong, twin = ([c for c in claims if c.message != "a condition of the claim before it"] for claims in (wrong, twin))
    assert (wrong[-1].verdict, twin[-1].verdict) == (expected, right)


def test_a_condition_beside_indices_is_no_claim():
    claims = check(SOFTMAX + f"$${SLOPE} = -a_i a_j, \\quad j = i + 1$$").claims
    assert [claim.verdict for claim in claims] == ["definition", "conditional", "unread"]
    assert check("It holds for all $t$. Hence $j = i + 1$").claims[-1].verdict == "refuted"


def test_numbers_refute_nothing_about_a_name_whose_definition_was_not_read():
    claims = check(r"The cost is $J = \int_0^1 x^2 dx$. $$J + J = 2 J$$ $$3 J = 1$$").claims
    assert [claim.verdict for claim in claims] == ["unread", "proved", "unread"]
    assert "line 1" in claims[-1].message


@pytest.mark.parametrize(("name", "false", "expected", "true"), [
    ("notes.tex", r"\begin{theorem}Let $x > 0$. Then $|x| = x$. \end{theorem} \begin{lemma} Then $|x| = x$. \end{lemma}",
     "conditional",
     r"Let $x > 0$. \begin{theorem} Then $|x| = x$. \end{theorem} \begin{lemma} Then $|x| = x$. \end{lemma}"),
    ("notes.html", r"<p>\(x<sup>2</sup> = 2x\)</p>", "refuted", r"<p>\(x<sup>2</sup> = x x\)</p>"),
    ("notes.html", r"<p>\(x<sub>1</sub> + 1 = x 1 + 1\)</p>", "refuted", r"<p>\(x<sub>1</sub> + 1 = 1 + x_1\)</p>"),
    ("notes.txt", "1e3 = 3e", "refuted", "1e3 = 1000"),
    ("notes.txt", "2e-1 = 2", "refuted", "2e-1 = 0.2"),
])
def test_other_formats(name, false, expected, true):
    assert [check(text, name).claims[-1].verdict for text in (false, true)] == [expected, "proved"]


def test_what_no_word_takes_up_ends_no_hypothesis():
    text = "Let $y$ be one-hot.\n\n$$\\sum_k y_k = 2$$\n\nHence $$\\sum_k y_k = 1$$"
    assert [claim.verdict for claim in check(text).claims][-2:] == ["refuted", "proved"]
