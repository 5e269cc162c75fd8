"""What an arrow leads to: judged where the equation before it gives a name its meaning, and no claim by itself elsewhere."""

import pytest

from derive.jobs.check import check


def verdicts(text):
    return [claim.verdict for claim in check(text, "notes.md").claims if claim.relation]


@pytest.mark.parametrize("arrow", [r"\rightarrow", r"\to", r"\Rightarrow", r"\implies", r"\quad\Rightarrow\quad"])
def test_an_arrow_leads_from_a_definition_to_a_claim(arrow):
    text = rf"$$g(x, y) = x y^2 {arrow} \frac{{\partial g}}{{\partial y}} = CLAIM$$"
    assert verdicts(text.replace("CLAIM", "2 x y")) == ["definition", "proved"]
    assert verdicts(text.replace("CLAIM", "x y")) == ["definition", "refuted"]


def test_the_definition_before_an_arrow_is_a_new_one():
    text = r"Let $g(x) = x^3$." + "\n\n" + r"$$g(x) = x^2 \rightarrow \frac{dg}{dx} = CLAIM$$"
    assert verdicts(text.replace("CLAIM", "2 x")) == ["definition", "definition", "proved"]
    assert verdicts(text.replace("CLAIM", "3 x^2")) == ["definition", "definition", "refuted"]


def test_what_an_equation_leads_to_is_judged_under_it():
    assert verdicts(r"$$x^2 = 9 \Rightarrow x = 3$$") == ["refuted"]
    assert verdicts(r"$$x = 3 \Rightarrow x^2 = 9$$")[-1] == "proved"
    assert verdicts(r"$$x \to 0$$") == ["unread"]


def test_a_wide_space_sets_formulas_apart():
    text = (
        r"Let $g(x, y) = x y$."
        + "\n\n"
        + r"$$\frac{\partial g}{\partial x} = y \hspace{0.5in} \frac{\partial g}{\partial y} = ONE$$"
    )
    assert verdicts(text.replace("ONE", "x")) == ["definition", "proved", "proved"]
    assert verdicts(text.replace("ONE", "y")) == ["definition", "proved", "refuted"]
    assert verdicts(r"Let $h = 2 \hspace{1pt} y$. Then $\frac{dh}{dy} = 2$.")[-1] == "proved"


def test_numbers_that_are_set_as_text_are_read():
    text = r"Let $g = a^{\text{3}}$." + "\n\n" + r"$$\frac{dg}{da} = \text{3} a^{ONE}$$"
    assert verdicts(text.replace("ONE", "2"))[-1] == "proved"
    assert verdicts(text.replace("ONE", "3"))[-1] == "refuted"


def test_the_value_of_a_function_at_one_point_defines_nothing():
    text = (
        r"Let $g(x, y) = x y$."
        + "\n\n"
        + r"If $x = 4$ and $y = -3$ then $g(x, y) = ONE$. Always $\frac{\partial g}{\partial x} = y$."
    )
    assert verdicts(text.replace("ONE", "-12"))[-2:] == ["proved", "proved"]
    assert verdicts(text.replace("ONE", "12"))[-2] == "refuted"


def test_a_function_of_a_name_that_is_a_family_elsewhere_takes_a_number_where_it_is_one():
    text = "The inputs are $x_1, x_2$, their sum $\\sum_i x_i$.\n\n" + r"Let $\phi(x) = \frac{1}{1 + e^{-x}}$." + "\n\n"
    assert verdicts(text + r"$$\frac{d \phi(x)}{dx} = \frac{e^{-x}}{(1 + e^{-x})^2}$$")[-1] == "proved"
    assert verdicts(text + r"$$\frac{d \phi(x)}{dx} = \frac{e^{x}}{(1 + e^{-x})^2}$$")[-1] == "refuted"
    assert verdicts(text + r"$$1 - \phi(x) = \frac{e^{-x}}{1 + e^{-x}}$$")[-1] == "proved"
    assert verdicts(text + r"$$1 - \phi(x) = \frac{e^{x}}{1 + e^{-x}}$$")[-1] == "refuted"


def test_what_an_inequality_leads_to_is_judged_under_it_and_nothing_else_is():
    right, wrong = r"$$1 - d \le 1 - c \Rightarrow c \le d$$", r"$$1 - d \ge 1 - c \Rightarrow c \le d$$"
    assert verdicts(right) == ["proved"]
    assert verdicts(wrong) == ["refuted"]
    assert verdicts(right + "\n\nHence $c \\le d$.")[-1] != "proved"
