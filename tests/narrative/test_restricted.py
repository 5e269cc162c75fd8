"""What a hypothesis is said of with a condition beside it holds under that condition, and nowhere else."""

import pytest

from derive.jobs.check import check

TAKEN = ("definition", "assumption")


def last(text):
    return check(text).claims[-1].verdict


@pytest.mark.parametrize(
    "words",
    [
        "Assume $a > 0$ if $b > 0$. Then ",
        "Assume $a > 0$ whenever $b > 0$.\n\n",
        "Assume that\n$$a > 0 \\quad \\text{if } b > 0.$$\nThen ",
        "Let $a > 0$ in the case $b > 0$.\n\n",
        "Let $a > 0$ as long as $b > 0$.\n\n",
        "Assume that if $b > 0$, then $a > 0$. Then ",
        "Suppose that, for $b > 0$, $a > 0$.\n\n",
        "Let $a$ be positive if $b > 0$. Then ",
        "Let $a$ be positive if $b$ is positive. Then ",
        "Assume $a > 0$ if the network is linear. Then ",
        "设 $a > 0$，如果 $b > 0$。",
        "设 $a > 0$（当 $b > 0$ 时）。",
        "设 $b > 0$ 时 $a > 0$。\n\n",
        "Sei $a > 0$, falls $b > 0$.\n\n",
    ],
)
def test_a_hypothesis_of_a_case_is_not_in_force(words):
    assert last(f"{words}$|a| = a$") == "conditional"
    assert last(f"{words}$|b| = a$") in ("refuted", "doubtful")


@pytest.mark.parametrize(
    "words",
    [
        "Assume $a > 0$ and $b > 0$. Then ",
        "Assume $b > 0$. Let $a > 0$.\n\n",
        "Let $a$ be positive, with $b > 0$. Then ",
        "设 $a > 0$，$b > 0$。",
        "If $b > 0$, let $a > 0$, so that ",
    ],
)
def test_without_a_condition_it_is(words):
    assert last(f"{words}$|a| = a$") == "proved"


@pytest.mark.parametrize(
    "words",
    [
        "Suppose $x_i > 0$ for $i = 2, \\ldots, n$. ",
        "Suppose $x_i > 0$ for $i > 1$. ",
        "Suppose $x_i > 0$ for $i \\ge 2$. ",
        "Suppose $x_i > 0$ for $2 \\le i$. ",
        "Suppose $x_i > 0$ for $i \\ne 1$. ",
        "Suppose that for $i > 1$ the entries satisfy $x_i > 0$. ",
        "For $i = 2, \\ldots, n$ let $x_i > 0$. ",
        "Let $x_i > 0$ $(i = 2, \\ldots, n)$. ",
        "Assume that\n$$x_i > 0 \\quad \\text{for } i > 1.$$\n",
        "Assume that\n$$x_i > 0, \\quad i = 2, \\ldots, n.$$\n",
        "设 $x_i > 0$，其中 $i = 2, \\ldots, n$。",
        "设 $x_i > 0$（$i > 1$）。",
    ],
)
def test_of_members_it_holds_for_the_indices_that_are_said(words):
    assert last(f"{words}Then $|x_1| = x_1$.") in ("conditional", "unread")
    assert last(f"{words}For all $i = 1, \\ldots, n$ we get $|x_i| = x_i$.") != "proved"
    if "ne" not in words:
        assert last(f"{words}Then $|x_2| = x_2$.") in ("proved", "conditional")


def test_a_range_that_is_told_later_does_not_widen_it():
    words = "Suppose $x_i > 0$ for $i = 2, \\ldots, n$. For $i = IT$ we have $|x_i| = x_i$."
    assert last(words.replace("IT", "1, \\ldots, n")) != "proved"
    assert last(words.replace("IT", "2, \\ldots, n")) == "proved"


@pytest.mark.parametrize(
    ("words", "true", "false"),
    [
        ("Let $b_j = 2$ for all $j$. Then ", "\\sum_{j=1}^n b_j = 2 n", "\\sum_{j=1}^n b_j = 2"),
        ("Let $b_j = 2$ for $j = 1, \\ldots, n$. Then ", "\\sum_{j=1}^n b_j = 2 n", "\\sum_{j=1}^n b_j = n"),
        ("Suppose $b_j = 2$ for every $j$. Then ", "\\sum_{j=1}^n b_j = 2 n", "\\sum_{j=1}^n b_j = n"),
        ("设对所有 $j$ 有 $b_j = 2$，则 ", "\\sum_{j=1}^n b_j = 2 n", "\\sum_{j=1}^n b_j = n"),
        (
            "Suppose $b_j = 0$ for $j = r+1, \\ldots, n$. Then ",
            "\\sum_{j=1}^n b_j = \\sum_{j=1}^r b_j",
            "\\sum_{j=1}^n b_j = 0",
        ),
        ("Suppose $b_j = 0$ for $j > r$. Then ", "\\sum_{j=1}^n b_j = \\sum_{j=1}^r b_j", "\\sum_{j=1}^r b_j = 0"),
        ("Assume $S_{ij} = 0$ for $i \\ne j$. Then ", "\\sum_{j=1}^n S_{ij} x_j = S_{ii} x_i", "S_{11} = 0"),
        ("For $i \\ne j$ assume $S_{ij} = 0$. Then ", "\\sum_{j=1}^n S_{ij} x_j = S_{ii} x_i", "S_{11} = 0"),
    ],
)
def test_for_all_members_means_all_of_them(words, true, false):
    assert last(f"{words}${true}$.") in ("proved", "tested")
    assert last(f"{words}${false}$.") in ("refuted", "unread")


def test_where_no_words_say_for_all_it_is_not_known_whether_one_is_meant():
    assert last("Let $b_j = 2$. Then $\\sum_{j=1}^n b_j = 2 n$.") == "doubtful"
    assert last("Let $x_i = 3$. Then $x_i^2 = 10$.") == "refuted"
    assert last("Let $x_i = 3$. Then $x_i^2 = 9$.") == "proved"


def test_what_follows_from_an_assumption_is_none():
    verdicts = [claim.verdict for claim in check("Suppose for all $j$ we have $b_j = 2$, then $b_1 = 3$.").claims]
    assert verdicts[-1] not in TAKEN


VECTORS = "Let $u, v \\in \\mathbb R^n$ IT. Then "


@pytest.mark.parametrize(
    ("words", "true", "false"),
    [
        ("be orthonormal vectors", "\\|u + v\\|^2 = 2", "\\|u + v\\|^2 = 1"),
        ("be orthogonal vectors", "\\|u + v\\|^2 = \\|u\\|^2 + \\|v\\|^2", "\\|u + v\\|^2 = 2"),
        ("with $\\|u\\| = 1$ and $u^\\top v = 0$", "\\|u + v\\|^2 = 1 + \\|v\\|^2", "\\|u + v\\|^2 = 2"),
    ],
)
def test_vectors_are_said_to_be_orthogonal(words, true, false):
    assert last(f"{VECTORS.replace('IT', words)}$${true}$$") == "proved"
    assert last(f"{VECTORS.replace('IT', words)}$${false}$$") == "refuted"
    denied = "Suppose that $u, v \\in \\mathbb R^n$ are not orthogonal. Then "
    assert last(f"{denied}$${true}$$") != "proved"


def test_what_that_is_says_is_judged():
    symmetric = "Let $K$ be symmetric, i.e. $K_{ij} = IT$."
    assert last(symmetric.replace("IT", "K_{ji}")) == "proved"
    assert last(symmetric.replace("IT", "-K_{ji}")) == "refuted"


def test_a_condition_before_a_word_for_when_is_one():
    text = "設 $y = x^2 + 1$。$x = 1 時，y = IT$。"
    assert last(text.replace("IT", "2")) == "proved"
    assert last(text.replace("IT", "9")) == "refuted"
    assert last("$x = 1 時，y = 9$。\n\n$$y + 1 = 10$$") != "proved"
