"""No hole is filled from a doubtful reading, nor with what it asks for; one that cannot be read is reported."""

import pytest

from derive.jobs.prove import prove
from derive.terms.reasons import Why

UNREAD = [
    (r"$$\oint x = ?$$", [1]),
    (r"$$? = \oint x$$", [1]),
    (r"$$\frac{a}{b = ?$$", [1]),
    ("$$(x^2)' = ?$$\n\n$$\\lim_{x \\downarrow 0} x = ?$$", [3]),
]


@pytest.mark.parametrize(("text", "lines"), UNREAD)
def test_a_hole_that_cannot_be_read_is_reported(text, lines):
    report = prove(text)
    found = [(goal.line, goal.done, goal.reason.why) for goal in report.goals if not goal.done]
    assert found == [(line, False, Why.HOLE_UNREAD) for line in lines] and report.exit_status() == 1
    assert report.notes == ()


def test_what_asks_for_nothing_is_no_hole():
    assert prove(r"$$\oint x = 1$$" + "\n\nIs $x = 1$? Who knows.\n").goals == ()


def test_no_hole_is_filled_where_a_definition_was_not_read():
    (goal,) = prove("Let $E = \\oint_C x$.\n\n$$\\frac{\\partial (E x)}{\\partial x} = ?$$\n").goals
    assert not goal.done and goal.reason.why is Why.DOUBT_NOT_READ
    (goal,) = prove("Let $E = 3$.\n\n$$\\frac{\\partial (E x)}{\\partial x} = ?$$\n").goals
    assert goal.done


@pytest.mark.parametrize("hole", ["x + y", "L", r"\sum_k z_k", r"\frac{e^{z_i}}{\sum_k e^{z_k}}"])
def test_no_hole_is_filled_with_what_it_asks_for(hole):
    (goal,) = prove(f"$${hole} = ?$$").goals
    assert not goal.done and goal.reason is not None


def test_one_that_has_another_form_is_filled():
    (goal,) = prove("$$(x+1)^2 - x^2 = ?$$").goals
    assert goal.done
