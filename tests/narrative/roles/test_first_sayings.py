"""What a document says first of a value of a function is what it is there; one of several alternatives is no claim."""

from __future__ import annotations

import pytest

from derive.jobs.check import check


def verdicts(document):
    return [(claim.verdict, claim.reason) for claim in check(document).claims if not claim.is_expression]


def test_the_first_that_is_said_of_a_value_introduces_it():
    text = r"$\gamma(z_i) = \frac{p_i}{q_i}$ and $\gamma(z_i) = 2 \frac{p_i}{q_i}$."
    assert verdicts(text) == [("definition", "introduces-function"), ("unread", "unexplained-function")]


@pytest.mark.parametrize(
    "text",
    [
        r"Hence $\gamma(z_i) = \frac{p_i}{q_i}$.",  # a conclusion
        r"$\gamma(z_i) + \gamma(z_j) = 3$",
    ],
)
def test_a_conclusion_introduces_nothing(text):
    assert verdicts(text) == [("unread", "unexplained-function")]


def test_other_values_of_a_function_are_not_what_introduces_it():
    assert verdicts(r"$\gamma(z_i) = \gamma(z_j) + 1$")[0][0] != "definition"


def test_a_function_that_is_given_below_is_not_introduced_by_a_value():
    assert verdicts("$f(2) = 4$. Let $f(x) = x^2 + 1$.")[0][0] != "definition"


def test_alternatives_for_a_new_name_are_left_open():
    assert verdicts(r"$$q = p \text{ or } q = p - m$$") == [("assumption", "left-open")] * 2
    assert verdicts(r"Hence $$t = 2 \text{ or } t = 3$$") == [("unread", "alternative")] * 2
    assert verdicts(r"Let $t > 0$. $$t = 2 \text{ or } t = 3$$")[1:] == [("unread", "alternative")] * 2
