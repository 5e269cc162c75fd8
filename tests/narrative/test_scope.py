"""What is said of a case or under an *if* counts where it was said, and nowhere else."""

import pytest

from derive.jobs.check import check

SOFTMAX = "Let $a_i = \\frac{e^{z_i}}{\\sum_k e^{z_k}}$.\n\n"
SAME = "\\frac{\\partial a_i}{\\partial z_j} = a_i (1 - a_i)"
OTHER = "\\frac{\\partial a_i}{\\partial z_j} = -a_i a_j"


def verdicts(text, name="notes.md"):
    """The verdicts on what is judged, in order."""
    judged = ("proved", "conditional", "refuted", "tested")
    return [claim.verdict for claim in check(text, name).claims if claim.verdict in judged]


@pytest.mark.parametrize(
    "words",
    [
        "If $i = j$: $A$",
        "When $i = j$, $A$",
        "① 如果 $i = j$:$A$",
        "## Case $i = j$\n\n$A$",
        "## If i = j\n\n$A$",
        "If $i = j$:\n\n$$A$$",
        "Case $i = j$. The derivative is\n\n$$A$$",
        "- If $i=j$: $A$",
        "$A$ for $i = j$",
        "We get $A$ if $i = j$.",
        "If i = j then $A$",
        "当 $i = j$ 时,$A$",
    ],
)
def test_a_case_is_known_where_it_was_said(words):
    assert verdicts(SOFTMAX + words.replace("A", SAME)) == ["proved"]
    assert verdicts(SOFTMAX + words.replace("A", OTHER)) == ["refuted"]


@pytest.mark.parametrize(
    "words",
    [
        "If $i = j$ or $k = l$, $A$",
        "If $i = j$ or $i \\ne j$, $A$",
        "For $i = j$ and $i \\ne j$ alike, $A$",
        "If i = j+1 then $A$",
        "If $i = j$, all is well. In general $A$",
        "Unless $i = j$, $A$",
        "It is not true that $i = j$. $A$",
        "Whether or not $i = j$, $A$",
        "For i = 1, 2, ..., n we have $A$",
        "For $i = 1$ to $n$ we have $A$",
    ],
)
def test_what_is_no_single_case_opens_none(words):
    assert "proved" not in verdicts(SOFTMAX + words.replace("A", SAME))


@pytest.mark.parametrize(
    "closing",
    [
        "Combining both cases,",
        "Together:",
        "In general,",
        "For all $i$ and $j$",
        "Overall we have",
        "综上,",
        "The derivative of the output is",
        "Summing up,",
    ],
)
def test_a_case_ends_where_words_leave_it(closing):
    opened = f"{SOFTMAX}If $i = j$:\n\n$$\n{SAME}\n$$\n\n"
    assert verdicts(f"{opened}{closing}\n\n$$\n{SAME}\n$$") == ["proved", "conditional"]
    assert verdicts(f"{opened}so that\n\n$$\n{SAME}\n$$") == ["proved", "proved"]


def test_a_heading_keeps_its_case_until_words_leave_it():
    text = f"{SOFTMAX}## Case $i \\ne j$\n\nWe differentiate.\n\n${OTHER}$\n\n"
    assert verdicts(text + f"Putting both cases together, ${OTHER}$") == ["proved", "conditional"]
    assert verdicts(text + f"Again by the chain rule, we find\n\n${OTHER}$") == ["proved", "proved"]
    assert verdicts(text + f"## Next\n\n${OTHER}$") == ["proved", "conditional"]


@pytest.mark.parametrize(
    "sentence",
    [
        "If $i = j$ it is $A$, and if $i \\ne j$ it is $B$.",
        "If $i = j$ it is $A$, while for $i \\ne j$ it is $B$.",
        "When $i=j$, $A$; when $i\\neq j$, $B$.",
        "当 $i=j$ 时 $A$,当 $i\\neq j$ 时 $B$。",
        "We get $A$ for $i = j$ and $B$ for $i \\ne j$.",
        "If $i = j$ we get $A$, and $B$ for $i \\ne j$.",
    ],
)
def test_two_cases_in_one_sentence(sentence):
    first, second = sentence.replace("B", OTHER).replace("A", SAME), sentence.replace("B", SAME).replace("A", OTHER)
    assert verdicts(SOFTMAX + first) == ["proved", "proved"]
    assert verdicts(SOFTMAX + second) == ["refuted", "refuted"]


def test_an_if_holds_for_its_sentence_and_what_only_goes_on():
    text = "If $x > 0$, then $\\sqrt{x^2} = x$. "
    assert verdicts(text + "So $2\\sqrt{x^2} = 2x$.") == ["proved", "proved"]
    assert verdicts(text + "In general, $\\sqrt{x^2} = x$.") == ["proved", "conditional"]
    assert verdicts(text + "\n\nRoots of squares: $\\sqrt{x^2} = x$.") == ["proved", "conditional"]


def test_one_hot_counts_from_the_sentence_that_says_so():
    claim = "$\\sum_k y_k z_i = z_i$"
    assert verdicts(f"Let $y$ be one-hot. Then {claim}.") == ["proved"]
    assert verdicts(f"{claim}, since $y$ is one-hot.") == ["proved"]
    assert verdicts(f"Let $y$ be real. Then {claim}. Later $y$ is one-hot.") == ["conditional"]


@pytest.mark.parametrize(
    "words",
    [
        "$y$ is not one-hot.",
        "It does not matter whether $y$ is one-hot.",
        "We do not assume $y$ is one-hot.",
        "If $y$ is one-hot, all is easy. In general",
    ],
)
def test_one_hot_denied_or_left_is_not_used(words):
    assert verdicts(f"{words} $\\sum_k y_k z_i = z_i$") == ["conditional"]


@pytest.mark.parametrize(
    "words",
    [
        "Let $x > 0$ or $x < 0$.",
        "Assume $x > 0$ is false.",
        "Suppose $x > 0$ does not hold.",
        "Assume $x > 0$ fails.",
        "Let $x = 3$ or $x = -3$.",
        "Let $x = 3$ or, equivalently, $x = 6/2$.",
        "Assume $x = 3$ is wrong.",
        "假设 $x > 0$ 不成立。",
    ],
)
def test_a_hypothesis_left_open_or_denied_is_not_used(words):
    assert verdicts(f"{words} Then $\\sqrt{{x^2}} = x$.") == ["conditional"]


@pytest.mark.parametrize(
    "words", ["Let $x > 0$ and $y < 0$.", "Assume $x > 0$ is known.", "Suppose $x > 0$ holds.", "假设 $x > 0$。"]
)
def test_a_hypothesis_that_stands_is_used(words):
    assert verdicts(f"{words} Then $\\sqrt{{x^2}} = x$.") == ["proved"]
