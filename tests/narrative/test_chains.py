"""Functions of functions by their bare names, and letters that count in one part of a document and not in another."""

import pytest

from derive.jobs.check import check

PLACED = r"""# Functions

$$
q(s, t) = s t + t^2, \quad s(a, b) = (a + b)^2, \quad t(a, b) = a - b
$$

$$
CLAIM
$$
"""


def last(text):
    """The verdict on the last relation."""
    return check(text, "notes.md").claims[-1].verdict


def asked(claim, before=""):
    return last(before + PLACED.replace("CLAIM", claim))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\frac{\partial q}{\partial s} = t", r"\frac{\partial q}{\partial s} = s"),
        (r"\frac{\partial s}{\partial a} = 2 (a + b)", r"\frac{\partial s}{\partial a} = a + b"),
        (
            r"\frac{\partial q}{\partial a} = \frac{\partial q}{\partial s} \frac{\partial s}{\partial a}"
            r" + \frac{\partial q}{\partial t} \frac{\partial t}{\partial a}",
            r"\frac{\partial q}{\partial a} = \frac{\partial q}{\partial s} \frac{\partial s}{\partial a}"
            r" - \frac{\partial q}{\partial t} \frac{\partial t}{\partial a}",
        ),
        (
            r"\frac{\partial q}{\partial b} = 2 \frac{\partial q}{\partial s} (a + b) - \frac{\partial q}{\partial t}",
            r"\frac{\partial q}{\partial b} = 2 \frac{\partial q}{\partial s} (a + b) + \frac{\partial q}{\partial t}",
        ),
    ],
)
def test_the_chain_rule_holds_of_functions_that_are_applied_to_each_other_s_values(right, wrong):
    assert asked(right) == "proved"
    assert asked(wrong) == "refuted"


def test_the_parameters_of_a_function_are_no_values_of_others():
    again = r"Again $q(s, t) = s t + t^2$ and $p(s) = s^2$." + "\n\n"
    text = PLACED.replace("CLAIM", r"t = a - b") + again
    assert last(text + r"$$p(3) = 9$$") == "proved"
    assert last(text + r"$$p(3) = 8$$") == "refuted"


def test_of_two_functions_of_one_name_the_one_that_leads_to_the_variables_is_meant():
    other = "\n\n# More\n\nWrite $q(x, y, z) = x y z$.\n\n"
    text = PLACED.replace("CLAIM", "t = a - b") + other
    assert last(text + r"$$\frac{\partial q}{\partial t} \frac{\partial t}{\partial a} = s + 2 t$$") in ("proved", "doubtful")
    assert last(text + r"$$\frac{\partial q}{\partial x} = y z$$") == "proved"
    assert last(text + r"$$\frac{\partial q}{\partial x} = x z$$") in ("refuted", "doubtful")


COUNTED = "# Entries\n\nThe sum $\\sum_a v_{ab} u_a$ is $r_b$, and $H_q$ a table.\n\n"


def test_a_letter_that_counts_in_one_part_is_a_number_where_it_is_differentiated():
    right, wrong = r"\frac{\partial s}{\partial b} = 2 (a + b)", r"\frac{\partial s}{\partial b} = 2 (a - b)"
    assert asked(right, COUNTED) == "proved"
    assert asked(wrong, COUNTED) == "refuted"


def test_a_letter_that_counts_in_a_part_counts_beside_a_derivative_too():
    said = "# Entries\n\n$$p_a = \\frac{e^{z_a}}{\\sum_b e^{z_b}}$$\n\n"
    assert last(said + r"$$\frac{\partial p_a}{\partial z_b} = p_a (\delta_{ab} - p_b)$$") == "proved"
    assert last(said + r"$$\frac{\partial p_a}{\partial z_b} = p_a (\delta_{ab} + p_b)$$") == "refuted"


def test_what_a_name_means_further_down_says_nothing_of_it_before():
    before = "# One\n\nLet $w(x) = x^3$.\n\n$$CLAIM$$\n\n# Two\n\nNow let $w(x) = x g(x)$.\n"
    claims = {
        claim: check(before.replace("CLAIM", claim), "notes.md").claims[1].verdict
        for claim in (r"\frac{dw}{dx} = 3 x^2", r"\frac{dw}{dx} = 2 x^2")
    }
    assert list(claims.values()) == ["proved", "refuted"]
