"""A condition beside a sum that takes some of its terms alone, and the base of logarithms."""

import pytest

from derive.jobs.check import check


def verdicts(text):
    return [claim.verdict for claim in check(text, "notes.md").claims if claim.relation]


@pytest.mark.parametrize("word", ["where", "if"])
def test_a_sum_of_chosen_terms_is_not_the_sum_of_all(word):
    text = rf"$$R = \sum_i u_i^2 \text{{ {word} }} t_i = 1$$" + "\n\nWe can also write\n\n" + r"$$R = \sum_i t_i u_i^2$$"
    found = verdicts(text)
    assert found[0] == "unread" and "refuted" not in found and "proved" not in found


def test_a_condition_that_explains_a_name_chooses_nothing():
    text = r"$$R = \sum_i t_i u_i \text{ where } u_i = 2 v_i$$" + "\n\nHence\n\n"
    assert verdicts(text + r"$$R = 2 \sum_i t_i v_i$$")[-1] == "proved"
    assert verdicts(text + r"$$R = 3 \sum_i t_i v_i$$")[-1] == "refuted"


@pytest.mark.parametrize("words", ["the natural logarithm, with base $e$", "the natural logarithm"])
def test_a_logarithm_that_is_called_natural_is(words):
    text = f"Here $\\log$ is {words}.\n\n"
    assert verdicts(text + r"$$\frac{d \log x}{dx} = \frac{1}{x}$$") == ["proved"]
    assert verdicts(text + r"$$\frac{d \log x}{dx} = \frac{2}{x}$$") == ["refuted"]


def test_a_logarithm_with_another_base_is_no_natural_one():
    text = "All logarithms are to base 2.\n\n"
    assert verdicts(text + r"$$\frac{d \log x}{dx} = \frac{1}{x}$$") == ["unread"]
    assert verdicts(text + r"$$\frac{d \log x}{dx} = \frac{1}{x \ln 2}$$")[0] not in ("proved", "refuted")


def test_a_name_of_which_a_slope_is_given_is_not_free():
    text = r"Let $\frac{\partial r}{\partial x} = \exp(x)$." + "\n\n"
    assert verdicts(text + r"Then $\frac{\partial r}{\partial x} = r$.")[-1] == "doubtful"
    assert verdicts(text + r"Then $\frac{\partial r}{\partial x} = 2 \exp(x)$.")[-1] == "refuted"


def test_what_is_defined_as_something_is_defined():
    text = r"Let $R = \sum_i u_i^2$, where $u_i > 0$." + "\n\n# Again\n\nNow we define the loss as\n\n"
    after = "\n\nHence\n\n"
    assert verdicts(text + r"$$R = \sum_i u_i$$" + after + r"$$2 R = 2 \sum_i u_i$$")[-1] == "proved"
    assert verdicts(text + r"$$R = \sum_i u_i$$" + after + r"$$2 R = \sum_i u_i$$")[-1] in ("refuted", "doubtful")


def test_what_names_satisfy_that_an_if_speaks_of_is_no_claim():
    text = "If $c$ is a number and $u$ a number with\n\n" + r"$$a u = c u,$$" + "\n\nthen $u$ is called special.\n\n"
    assert verdicts(text)[0] == "assumption"
    assert verdicts(text + r"$$a u = c u + 1$$")[-1] in ("refuted", "doubtful")
    assert verdicts(r"Hence $a u = c u + 1$ for the $u$ with $u > 0$.")[0] in ("refuted", "doubtful")
