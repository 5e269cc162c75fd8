"""How words limit what is assumed: each false claim stays unproved, and a true twin keeps its verdict."""

from __future__ import annotations

import pytest

from derive.jobs.check import check

SOFTMAX = r"Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. "
SLOPE = r"\frac{\partial a_i}{\partial z_j}"
SAME, OTHER = f"$${SLOPE} = a_i (1 - a_i)$$", f"$${SLOPE} = -a_i a_j$$"
ABS = "\n\nThen\n\n$$2|x| = 2x$$"
HOT = "\n\nThen\n\n$$2\\sum_k y_k = 2$$"
K = "Let $K = x t$. "

# name; a document whose last claim is false; its verdict; a document whose last claim is true (and then proved)
ROWS = [
    # -- words that end a hypothesis ----------------------------------------------------------------------------------
    ("lifted", "Assume $x > 0$.\n\nThis restriction is lifted now." + ABS, "conditional",
     "Assume $x > 0$.\n\nThe lid is lifted now." + ABS),
    ("may be negative", "Assume $x > 0$.\n\nFrom here on $x$ may be negative." + ABS, "conditional",
     "Assume $x > 0$.\n\nThe slope with respect to $x$ is negative." + ABS),
    ("for negative x", "Assume $x > 0$.\n\nFor negative $x$ we have\n\n$$2|x| = 2x$$", "conditional",
     "Assume $x > 0$.\n\nFor non-negative $x$ we have\n\n$$2|x| = 2x$$"),
    ("the general case", "Assume $x > 0$.\n\n## General case" + ABS, "conditional",
     "Assume $x > 0$.\n\n## Generalities" + ABS),
    ("not needed any more", "Assume $x > 0$.\n\nThe assumption is not needed any more." + ABS, "conditional",
     "Assume $x > 0$.\n\nThe assumption is needed once more." + ABS),
    ("back to the text", "Example: let $x > 0$.\n\nBack to the main text." + ABS, "conditional",
     "Example: let $x > 0$.\n\nBack to our sheep." + ABS),
    ("over the classes, and over", "We assume $\\sum_k y_k = 1$.\n\nThe normalization is over now." + HOT, "conditional",
     "We assume $\\sum_k y_k = 1$.\n\nThe outputs are normalized over all classes." + HOT),
    ("不再", "不再假设 $x > 0$。" + ABS, "conditional", "假设 $x > 0$。" + ABS),
    ("一般情况", "假设 $x > 0$。一般情况下," + ABS, "conditional", "假设 $x > 0$。特殊情况下," + ABS),
    # -- words that do not take it up ---------------------------------------------------------------------------------
    ("by contradiction", "Assume towards a contradiction that $\\sum_k y_k = 1$.\n\nThat is absurd." + HOT, "conditional",
     "Assume, as was said above, that $\\sum_k y_k = 1$.\n\nThat is enough." + HOT),
    ("one may ask", "One may ask what happens if we assume $\\sum_k y_k = 1$." + HOT, "conditional",
     "One sees what happens: we assume $\\sum_k y_k = 1$." + HOT),
    ("of a paper", "The paper assumes $\\sum_k y_k = 1$." + HOT, "conditional",
     "Throughout this paper we assume $\\sum_k y_k = 1$." + HOT),
    ("of somebody", "Smith assumes $\\sum_k y_k = 1$." + HOT, "conditional", "This assumes $\\sum_k y_k = 1$." + HOT),
    ("of a reference", "In [3] it is assumed that $\\sum_k y_k = 1$." + HOT, "conditional",
     "As in [3], we assume that $\\sum_k y_k = 1$." + HOT),
    ("nowhere", "Nowhere is it assumed that $\\sum_k y_k = 1$." + HOT, "conditional",
     "Here it is assumed that $\\sum_k y_k = 1$." + HOT),
    ("an error to", "It is a common error to assume $\\sum_k y_k = 1$." + HOT, "conditional",
     "For the error we assume $\\sum_k y_k = 1$." + HOT),
    ("too strong", "Assuming $\\sum_k y_k = 1$ is too strong." + HOT, "conditional",
     "Assuming $\\sum_k y_k = 1$ is strong enough." + HOT),
    ("can be dropped", "The assumption that $\\sum_k y_k = 1$ can be dropped." + HOT, "conditional",
     "The assumption that $\\sum_k y_k = 1$ can be checked." + HOT),
    ("for the moment", "Assume $\\sum_k y_k = 1$ for the moment.\n\nThe moment is gone." + HOT, "conditional",
     "Assume $\\sum_k y_k = 1$ for the labels.\n\nThe labels are there." + HOT),
    ("except when", "Except when $x > 0$,\n$$2|x| = 2x$$", "conditional", "Exactly when $x > 0$,\n$$2|x| = 2x$$"),
    ("if not", "If not $x > 0$, then\n$$2|x| = 2x$$", "conditional", "If $x > 0$, then\n$$2|x| = 2x$$"),
    ("excluded", "With $x > 0$ excluded,\n$$2|x| = 2x$$", "conditional", "With $x > 0$ included,\n$$2|x| = 2x$$"),
    ("neither nor", "Suppose neither $x > 0$ nor $x = 0$. Then\n$$2|x| = 2x$$", "conditional",
     "Suppose both $x > 0$ and $t = 0$. Then\n$$2|x| = 2x$$"),
    ("valid for", "We have $|x| = x$, valid for $x > 0$ only." + ABS, "conditional",
     "We have $|x| = x$ as $x > 0$.\n$$|x| = x$$"),
    ("assuming, behind a claim", "We have $|x| = x$, assuming $x > 0$." + ABS, "conditional",
     "We compute, assuming $x > 0$." + ABS),
    ("where, behind a claim", "$$|x| = x, \\quad \\text{where } x > 0$$" + ABS, "conditional",
     "$$L = |x|, \\quad \\text{where } x > 0$$" + ABS),
    ("two opposite conditions", "$$|x| = x \\quad \\text{where } x > 0$$ and $$|x| = x \\quad \\text{where } x < 0$$",
     "refuted",
     "$$|x| = x \\quad \\text{where } x > 0$$ and $$|x| = -x \\quad \\text{where } x < 0$$"),
    # -- where a hypothesis stands ------------------------------------------------------------------------------------
    ("a quotation", "> Note: assume $x > 0$." + ABS, "conditional",
     "> Note: assume $x > 0$. Then\n>\n> $$2|x| = 2x$$"),
    ("a row of a table", "| case | value |\n|---|---|\n| assume $x > 0$ | 1 |" + ABS, "conditional",
     "In the table assume $x > 0$.\n\n| case | value |\n|---|---|\n| 1 | 1 |" + ABS),
    ("a footnote", "Text[^1].\n\n[^1]: Assume $x > 0$." + ABS, "conditional", "Text [1].\n\nAssume $x > 0$." + ABS),
    ("a proof and its end", "**Proof.** Suppose $x > 0$. Then $|x| = x$. ∎" + ABS, "conditional",
     "**Proof.** Suppose $x > 0$. Then $|x| = x$." + ABS),
    ("a proof and a square", "*Proof.* Suppose $x > 0$. $\\square$" + ABS, "conditional",
     "Suppose $x > 0$.\n\n*Proof.* Easy. $\\square$" + ABS),
    ("this section", "## One\n\nIn this section we assume $x > 0$.\n\n## Two" + ABS, "conditional",
     "## One\n\nIn this section we assume $x > 0$.\n\n### Details" + ABS),
    ("before the first heading", "In this section we assume $x > 0$.\n\n## Two" + ABS, "conditional",
     "In this document we assume $x > 0$.\n\n## Two" + ABS),
    ("part (b)", "(a) Assume $x > 0$.\n\n(b) Show that\n\n$$2|x| = 2x$$", "conditional",
     "Assume $x > 0$.\n\n(a) Show that $x = x$.\n\n(b) Show that\n\n$$2|x| = 2x$$"),
    ("a remark", "**Remark.** Suppose $x > 0$.\n\n**Remark.** Again\n\n$$2|x| = 2x$$", "conditional",
     "Suppose $x > 0$.\n\n**Remark.** Easy.\n\n**Remark.** Again\n\n$$2|x| = 2x$$"),
    # -- values -------------------------------------------------------------------------------------------------------
    ("plugging in", K + "Plugging in $t = 1$ gives $K = x$.\n\nBut\n\n$$K = x$$", "refuted",
     K + "Fix $t = 1$ for good. So $K = x$.\n\nBut\n\n$$K = x$$"),
    ("the case of a value", K + "The case $t = 1$ gives $K = x$.\n\nBut\n\n$$K = x$$", "refuted",
     K + "The case $t = 1$ gives\n\n$$K = x$$"),
    ("a value for the moment", K + "Set $t = 1$ for the moment: $K = x$.\n\nBut\n\n$$K = x$$", "refuted",
     K + "Set $t = 1$ in the program: $K = x$.\n\nBut\n\n$$K = x$$"),
    ("two values in turn", K + "With $t = 1$,\n$$K = x$$\nWith $t = 2$,\n$$K = x$$", "refuted",
     K + "With $t = 1$,\n$$K = x$$\nWith $t = 2$,\n$$K = 2x$$"),
    ("a general value", K + "At $t = 1$ this gives $$K = x$$ and for general $t$ $$K = x$$", "refuted",
     K + "At $t = 1$ this gives $$K = x$$ and for this $t$ $$2K = 2x$$"),
    # -- cases --------------------------------------------------------------------------------------------------------
    ("the next sentence after a display", SOFTMAX + f"\n\nIf $i = j$, then\n{SAME}\nIf $i \\ne j$, then\n{SAME}", "refuted",
     SOFTMAX + f"\n\nIf $i = j$, then\n{SAME}\nIf $i \\ne j$, then\n{OTHER}"),
    ("the others", SOFTMAX + f"\n\nIf $i = j$, then\n{SAME}\nThe other entries are\n{SAME}", "conditional",
     SOFTMAX + f"\n\nIf $i = j$, then\n{SAME}\nand so\n{SAME}"),
    ("whereas", SOFTMAX + f"\n\nIf $i = j$, then {SAME} whereas else {SAME}", "conditional",
     SOFTMAX + f"\n\nIf $i = j$, then {SAME} and hence {SAME}"),
    ("a denied case", SOFTMAX + f"When $i = j$ does not hold, we have\n{SAME}", "conditional",
     SOFTMAX + f"When $i = j$ does hold, we have\n{SAME}"),
    ("an excluded case", SOFTMAX + f"Suppose that $i = j$ is excluded. Then\n{SAME}", "conditional",
     SOFTMAX + f"Suppose that $i = j$. Then\n{SAME}"),
    ("a quoted case", SOFTMAX + f"\n\n> If $i \\ne j$,\n\n{OTHER}", "conditional",
     SOFTMAX + f"\n\n> If $i \\ne j$,\n>\n> {OTHER}"),
    ("a case in brackets", SOFTMAX + SAME.replace("$$", "") .join(("$$", "\\quad (i \\ne j)$$")), "refuted",
     SOFTMAX + SAME.replace("$$", "").join(("$$", "\\quad (i = j)$$"))),
    # -- names --------------------------------------------------------------------------------------------------------
    ("a name on the right", "$$\\sum_i w_i x_i = h$$\n\n$$h = 0$$", "unread",
     "Let $h = \\sum_i w_i x_i$.\n\n$$\\sum_i w_i x_i = h$$"),
    ("a function and its slope", "$$V = r + \\gamma V'$$", "unread", "$$V = r + V - r$$"),
    ("a letter that is no index", "Let $\\beta \\in (0,1)$ and $m = (1-\\beta) g$.\n\n$$m = g$$", "refuted",
     "Let $\\beta \\in (0,1)$ and $m = (1-\\beta) g$.\n\n$$2m = 2g - 2\\beta g$$"),
    ("a comma in a number", "$$2 \\cdot 3,5 = 7$$", "unread", "$$2 \\cdot 3.5 = 7$$"),
    ("an update", "$$w := w - \\eta g$$\n\n$$\\eta g = 0$$", "refuted", "$$w := w - \\eta g$$\n\n$$2 w = w + w$$"),
    ("a function without brackets", "Let $f x = x^3$.\n\n$$f x = x^2$$", "unread", "Let $f(x) = x^3$.\n\n$$f(2) = 8$$"),
    ("samples by n", "Let $L = \\sum_n \\sum_k x_{nk}$.\n\n$$\\frac{\\partial L}{\\partial x_{nk}} = n$$", "refuted",
     "Let $L = \\sum_n \\sum_k x_{nk}$.\n\n$$\\frac{\\partial L}{\\partial x_{nk}} = 1$$"),
    ("a size n beside an index n",
     "Let $m_1 = \\frac{1}{n} \\sum_{i=1}^n x_i$ and $g = \\sum_n b_n$.\n\n$$\\sum_i (x_i - m_1) = 1$$",
     "refuted", "Let $m_1 = \\frac{1}{n} \\sum_{i=1}^n x_i$ and $g = \\sum_n b_n$.\n\n$$\\sum_i (x_i - m_1) = 0$$"),
]


@pytest.mark.parametrize(("name", "false", "expected", "true"), ROWS, ids=[row[0] for row in ROWS])
def test_the_false_claim_is_not_proved_and_its_twin_is(name, false, expected, true):
    wrong, twin = ([c for c in check(text).claims if c.message != "a condition of the claim before it"]
                   for text in (false, true))
    assert (wrong[-1].verdict, twin[-1].verdict) == (expected, "proved")


@pytest.mark.parametrize(("name", "false", "true"), [
    ("notes.tex", r"\begin{theorem} Let $x > 0$. \end{theorem} In the text \[ |x| = x \]",
     r"\begin{theorem} Let $x > 0$. \end{theorem} \begin{proof} In the proof \[ |x| = x \] \end{proof}"),
    ("notes.tex", r"\begin{proof} Let $x > 0$. \end{proof} In the text \[ |x| = x \]",
     r"Let $x > 0$. \begin{proof} Easy. \end{proof} In the text \[ |x| = x \]"),
    ("notes.tex", r"\begin{example} Let $x > 0$. \end{example} In the text \[ |x| = x \]",
     "\\begin{example} Let $x > 0$.\n\nIn the example \\[ |x| = x \\] \\end{example}"),
    ("notes.tex", r"\footnote{Suppose $x > 0$.} In the text \[ |x| = x \]", r"Suppose $x > 0$. In the text \[ |x| = x \]"),
    ("notes.tex", r"\begin{quote} Let $x > 0$. \end{quote} Then \[ |x| = x \]",
     r"\begin{quote} Let $x > 0$. Then \[ |x| = x \] \end{quote}"),
    ("notes.html", r"<blockquote><p>Let \(x > 0\).</p></blockquote><p>Then \(|x| = x\)</p>",
     r"<blockquote><p>Let \(x > 0\).</p><p>Then \(|x| = x\)</p></blockquote>"),
    ("notes.html", r"<table><tr><td>Let \(x > 0\)</td></tr></table><p>Then \(|x| = x\)</p>",
     r"<p>Let \(x > 0\)</p><table><tr><td>1</td></tr></table><p>Then \(|x| = x\)</p>"),
])
def test_a_hypothesis_ends_where_its_environment_does(name, false, true):
    assert [check(text, name).claims[-1].verdict for text in (false, true)] == ["conditional", "proved"]


BATCH = r"""For a batch of $N$ samples the logits are $z_{nk} = \sum_d w_{kd} x_{nd} + b_k$, and

$$p_{nk} = \frac{e^{z_{nk}}}{\sum_{j} e^{z_{nj}}}$$

The loss is $L = -\frac{1}{N} \sum_n \sum_k y_{nk} \log p_{nk}$ where $\sum_k y_{nk} = 1$. Then

$$\frac{\partial L}{\partial z_{nk}} = \frac{1}{N} (p_{nk} - y_{nk})$$
$$\frac{\partial L}{\partial w_{kd}} = \frac{1}{N} \sum_n (p_{nk} - y_{nk}) x_{nd}$$
$$\frac{\partial L}{\partial b_k} = \frac{1}{N} \sum_n (p_{nk} - y_{nk})$$
"""
ARTICLE = r"""\section{Setup} Throughout this paper we assume $\sum_k y_k = 1$ and that $t > 0$.
Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$ and $L = -\sum_k y_k \log a_k$.
\begin{lemma} The slope is \[ \frac{\partial a_i}{\partial z_j} = a_i (\delta_{ij} - a_j). \] \end{lemma}
\begin{proof}
If $i = j$, then
\[ \frac{\partial a_i}{\partial z_j} = a_i - a_i^2. \]
If $i \neq j$, then
\[ \frac{\partial a_i}{\partial z_j} = -a_i a_j. \]
\end{proof}
\begin{theorem} Let $x > 0$. Then \[ \frac{\partial L}{\partial z_i} = a_i - y_i. \] \end{theorem}
\begin{proof} Because $x > 0$, \[ \sqrt{x^2} = x. \] Besides, \[ |t| = t. \] \end{proof}
"""


@pytest.mark.parametrize(("name", "text", "claims"), [("batch.md", BATCH, 3), ("article.tex", ARTICLE, 6)])
def test_correct_documents_are_proved(name, text, claims):
    judged = [c.verdict for c in check(text, name).claims if c.verdict not in ("definition", "assumption", "unread")]
    assert judged == ["proved"] * claims


def test_false_steps_of_a_document_are_not():
    false = BATCH.replace("x_{nd}$$\n$$\\frac{\\partial L}{\\partial b_k}", "x_{nk}$$\n$$\\frac{\\partial L}{\\partial b_k}")
    assert [c.verdict for c in check(false).claims][-3:] == ["proved", "conditional", "proved"]  # k = d
    verdicts = [c.verdict for c in check(ARTICLE.replace("-a_i a_j. ", "a_i - a_i^2. "), "article.tex").claims]
    assert verdicts.count("refuted") == 1
