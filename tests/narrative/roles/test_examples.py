"""Numbers that a text gives to names in passing, and steps of a program: neither is a claim, and a conclusion is one."""

import pytest

from derive.jobs.check import check

COLUMNS = "$\\begin{bmatrix} w_0 \\\\ w_1 \\end{bmatrix} = \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}$"


def last(text):
    return check(text).claims[-1].verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Let $s = 0$.\n\nThe loop has the line $s = s + x$", "definition"),
        ("Let $s = 0$. Hence $s = s + 1$", "refuted"),
        ("Let $s = 0$. Then $s = s + 1$", "refuted"),
        ("The loop has the line $s = s + 1$", "doubtful"),
        ("Let $z = 0$.\n\nThe loop has the line $z = z_k$", "doubtful"),
        ("The layer maps sizes by $W_2 = (W_1 - F) / S + 1$", "definition"),
        ("The layer maps sizes by $W_2 = (W_2 - F) / S + 1$", "doubtful"),
        (
            f"For some trainers the start is {COLUMNS}",
            "definition",
        ),
        (f"Hence {COLUMNS}", "doubtful"),
        ("With the value $y$ at hand we have, nobody knows why, a floor $y = 0$", "assumption"),
        ("With the value $y$ at hand we have $y = 0$", "doubtful"),
        ("Assume $2 y = 6$. We have, all told at the bottom, $y = 4$", "doubtful"),
        ("Assume $2 y = 6$. The bottom line is $y = 4$", "doubtful"),
        ("Assume $2 y = 6$. We have $y = 4$", "refuted"),
        ("Assume $2 y = 6$. We have $y = 3$", "proved"),
    ],
)
def test_what_gives_a_number_is_told_from_what_claims_one(text, verdict):
    assert last(text) == verdict
