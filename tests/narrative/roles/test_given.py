"""Sets in which names are said to lie, and mappings between sets: taken as given, and never the base of a verdict."""

import pytest

from derive.jobs.check import check


def verdicts(text):
    return [(claim.latex, claim.verdict) for claim in check(text).claims]


@pytest.mark.parametrize("said", ["y \\in \\{-1, +1\\}", "x_p \\in \\{0, 1\\}", "x \\in D", "w \\in \\mathcal{W}"])
def test_the_set_of_a_name_is_taken_up(said):
    assert [verdict for _, verdict in verdicts(f"Here ${said}$.\n")] == ["assumption"]
    assert verdicts(f"Hence ${said}$.\n")[-1][1] in ("unread", "doubtful")  # a conclusion is none


def test_the_space_of_numbered_vectors_is_declared():
    assert [verdict for _, verdict in verdicts("Here $\\mathbf v_i \\in \\mathbb{R}^d$.\n")] == ["definition"]


def test_one_of_two_numbers_is_a_hypothesis_where_words_take_it_up():
    said = "Let $t \\in \\{-1, 1\\}$.\n\n"
    assert verdicts(said + "$$t^2 + x = 1 + x$$\n")[-1][1] == "proved"
    assert verdicts(said + "$$t^2 + x = t + x$$\n")[-1][1] == "refuted"
    assert verdicts("Hence $t \\in \\{-1, 1\\}$.\n\n$$t^2 + x = 1 + x$$\n")[-1][1] not in ("proved", "refuted")


def test_the_set_of_a_known_quantity_is_no_hypothesis():
    assert verdicts("Let $z = 3$.\n\nHere $z \\in \\{4, 5\\}$.\n")[-1][1] == "doubtful"
    assert verdicts("Here $x^2 \\in \\{4, 5\\}$.\n")[-1][1] == "doubtful"


def test_nothing_rests_on_the_set_of_a_name():
    said = "The label is $y \\in D$.\n\n"
    assert verdicts(said + "Hence $y^2 + x = 1 + x$.\n")[-1][1] not in ("proved", "refuted")
    assert verdicts("Hence $y^2 + x = 1 + x$.\n")[-1][1] == "refuted"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("f: \\mathbb{R}^n \\to \\mathbb{R}", "definition"),
        ("L : \\mathbb{R}^{m \\times n} \\rightarrow \\mathbb{R}", "definition"),
        ("\\phi: \\mathbb{R}^K \\rightarrow (0,1)^K", "definition"),
        ("f: x \\to 3", "unread"),
        ("f + g: \\mathbb{R} \\to \\mathbb{R}", "unread"),
        ("f: \\mathbb{R} \\to x + 1", "unread"),
    ],
)
def test_a_mapping_between_sets_declares_a_function(said, verdict):
    assert [found for _, found in verdicts(f"Let ${said}$.\n")] == [verdict]


def test_probabilities_of_events_in_words_are_numbers_of_their_own():
    given = "$$P(天气=雨|云=是) = \\frac{3}{8}$$\n\n"
    assert verdicts(given)[-1][1] == "definition"
    assert verdicts(given + "Hence $P(天气=雨|云=是) + 1 = \\frac{11}{8}$.\n")[-1][1] == "proved"
    assert verdicts(given + "Hence $P(天气=雨|云=是) + 1 = \\frac{13}{8}$.\n")[-1][1] == "refuted"
    english = "$$P(\\text{rain} \\mid \\text{cloud}) = 0.25$$\n\n"
    other = verdicts(english + "Hence $P(\\text{rain} \\mid \\text{cloud}) = 1 - P(\\text{dry} \\mid \\text{cloud})$.\n")
    assert other[-1][1] == "doubtful"  # nothing says what the other is
    assert verdicts("$$P(x=\\text{rain} + 1) = 0.25$$\n")[-1][1] == "definition"  # the first that is said of that value
