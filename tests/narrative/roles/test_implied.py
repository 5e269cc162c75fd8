"""What words say of a list of numbers is judged: that shares have the sum 1, that values are those of softmax."""

from __future__ import annotations

import pytest

from derive.jobs.check import check


def said(document):
    return {claim.latex: claim.verdict for claim in check(document, "notes.md").claims}


@pytest.mark.parametrize(
    ("document", "claim", "verdict"),
    [
        ("The predicted distribution is $p = [0.2, 0.5, 0.3]$.", "0.2 + 0.5 + 0.3 = 1", "proved"),
        ("The predicted distribution is $p = [0.2, 0.5, 0.6]$.", "0.2 + 0.5 + 0.6 = 1", "doubtful"),
        ("The probabilities are $p = [0.2, 0.5, 0.3]$.", "0.2 + 0.5 + 0.3 = 1", "proved"),
        ("模型的输出是一个分布 $q = [0.1, 0.9]$。", "0.1 + 0.9 = 1", "proved"),
        ("模型的输出是一个分布 $q = [0.1, 0.7]$。", "0.1 + 0.7 = 1", "doubtful"),
        (
            "The scores $z = [1, 2, 3]$ go through softmax, which gives $p = [0.09, 0.24, 0.67]$.",
            r"\operatorname{softmax}([1, 2, 3]) = [0.09, 0.24, 0.67]",
            "proved",
        ),
        (
            "The scores $z = [1, 2, 3]$ go through softmax, which gives $p = [0.09, 0.25, 0.66]$.",
            r"\operatorname{softmax}([1, 2, 3]) = [0.09, 0.25, 0.66]",
            "doubtful",
        ),
        (
            "Behind the sigmoid $[0, 2]$ becomes, by the sigmoid, $[0.5, 0.88]$.",
            r"\operatorname{sigmoid}([0, 2]) = [0.5, 0.88]",
            "proved",
        ),
    ],
)
def test_words_about_numbers_are_judged(document, claim, verdict):
    assert said(document)[claim] == verdict


@pytest.mark.parametrize(
    "document",
    [
        "The distribution, rounded, is $p = [0.33, 0.33, 0.33]$.",  # what rounding leaves out
        "The probabilities of the three labels are $p = [0.9, 0.8, 0.1]$.",  # each label for itself
        "These weights are not a distribution: $w = [0.9, 0.8]$.",
        "The scores are $s = [0.9, 0.8]$.",
        "With the label $y = [0, 1, 0]$, softmax has the output $a = [0.25, 0.5, 0.25]$, a distribution.",
    ],
)
def test_nothing_is_put_into_its_mouth(document):
    assert not [verdict for latex, verdict in said(document).items() if verdict in ("doubtful", "refuted")]
