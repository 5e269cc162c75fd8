"""A name of which it was not read what it is: unclear in its part of the document, and free to be defined in another."""

import pytest

from derive.jobs.check import check

UNREAD = r"$$R(w) = \lim_{h \to 0} w \oplus h$$"
AGAIN = r"$$R(w) = w^2$$" + "\n\nHence\n\n"
CLAIM = r"$$\frac{dR}{dw} = ONE$$"


def verdicts(text):
    return [claim.verdict for claim in check(text, "notes.md").claims if claim.relation]


@pytest.mark.parametrize(("one", "verdict"), [("2 w", "proved"), ("w", "refuted")])
def test_a_name_is_defined_in_a_new_part_though_it_was_not_read_in_another(one, verdict):
    text = f"# One\n\n{UNREAD}\n\n# Two\n\n{AGAIN}{CLAIM.replace('ONE', one)}"
    assert verdicts(text) == ["unread", "definition", verdict]


@pytest.mark.parametrize("one", ["2 w", "w"])
def test_in_its_own_part_nothing_is_known_of_it(one):
    text = f"# One\n\n{UNREAD}\n\n{AGAIN}{CLAIM.replace('ONE', one)}"
    assert verdicts(text)[1] == "unread" and "refuted" not in verdicts(text) and "proved" not in verdicts(text)
