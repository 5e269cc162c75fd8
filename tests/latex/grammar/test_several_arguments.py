"""What a bracket with several parts holds: arguments, all members of a family, a column, a condition, a pair."""

from __future__ import annotations

import pytest

from derive.jobs.check import check


def verdicts(document):
    return [claim.verdict for claim in check(document).claims if not claim.is_expression]


def last(document):
    return check(document).claims[-1]


@pytest.mark.parametrize(
    "claim",
    [
        r"l(y, a) = - y \log a",  # l is an index elsewhere
        r"P(x; \mu, s) = \mu x + s",  # P has members elsewhere
        r"L = C(z_1, \ldots, z_m)",
        r"J(\theta_0, \theta_1, ..., \theta_n) = \frac{1}{2} \sum_j \theta_j^2",
        r"h_\theta (x_0, x_1, ..., x_n) = \theta_0 x_0 + \theta_1 x_1 + ... + \theta_n x_n",
        r"q(s_1, a_1, \dots, s_T, a_T) = 3",
        r"D_{KL}(P || Q) = \sum_i P_i \log\frac{P_i}{Q_i}",
        r"J(\theta) = K(\theta) - \beta \mathrm{KL}(\theta, \eta)",
        r"v = (1.0; 1; 0)",
        r"E_{(w, b)} = (w - b)^2",
        r"f(a) = {\text{a}}^2",
        r"G = 3 \cdot \text{Loss}",
    ],
)
def test_a_definition_is_read(claim):
    others = r"The members are $P_3$, $C_1$ and $\sum_l x_l$." + "\n\n"
    assert verdicts(f"{others}$${claim}$$") == ["definition"]


def test_a_name_that_is_called_once_is_called_with_one_name():
    bayes = r"$$p(a \mid y) = \frac{p(y \mid a) p(a)}{p(y)}$$ with $p_1 = 3$."
    assert verdicts(bayes)[0] == "unread" and check(bayes).claims[0].reason == "unexplained-function"
    assert verdicts(r"Let $q_i > 0$. Then $q(1 - q) = q - q^2$.")[-1] == "proved"
    assert verdicts(r"Let $q_i > 0$. Then $q(1 - q) = q + q^2$.")[-1] != "proved"
    assert check(r"Let $q_i > 0$. Then $3 q(a) = 3 a q$.").claims[-1].reason == "product-or-call"


def test_a_function_of_many_is_not_that_of_one():
    text = r"$$P(x_i; m) = (x_i - m)^2$$" + "\n\n" + r"$$\frac{\partial}{\partial m} P(x_1, x_2, ..., x_n; m) = 0$$"
    assert verdicts(text) == ["definition", "unread"]


def test_a_column_has_its_entries():
    text = r"Let $v = (1; 2; 3)$. "
    assert last(text + "Then $v = [1, 2, 3]$.").reason == "repeats-definition"
    assert last(text + "Then $v = [1, 2, 4]$.").reason == "another-value"
    assert last("Let $v = (1, 2)$.").verdict == "unread"


SOFTMAX = r"Let $a_q = \frac{e^{z_q}}{\sum_k e^{z_k}}$. "


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (r"\frac{\partial a_q}{\partial z_{r = q}} = a_q (1 - a_q)", "proved"),
        (r"\frac{\partial a_q}{\partial z_{r = q}} = a_q (1 + a_q)", "refuted"),
        (r"\frac{\partial a_q}{\partial z_{r \ne q}} = -a_q a_r", "proved"),
        (r"\frac{\partial a_q}{\partial z_{r \ne q}} = a_q a_r", "refuted"),
    ],
)
def test_a_condition_below_a_name_is_one_on_its_place(claim, verdict):
    assert last(f"{SOFTMAX}$${claim}$$").verdict == verdict


def test_an_index_runs_over_what_dots_stand_between():
    assert verdicts(r"The index $c = 1 \ldots C$.") == ["definition"]
    assert verdicts(r"Then $c = 1 \ldots$") == ["unread"]


def test_a_set_by_its_members_is_declared():
    assert verdicts(r"Let $X = {x_1, x_2, ..., x_n}$ and $y = (y_1; y_2; ...; y_m)$.") == ["definition"] * 2
    assert verdicts(r"Let $x_1 = 3$. Then $x_1 = {2, 4}$.")[-1] != "proved"


def test_a_sign_between_numbers_states_nothing():
    assert verdicts(r"See the samples $1 \sim 5$.") == []
    assert verdicts(r"Let $X \sim Y + 1$.") == ["unread"]


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        (r"{z = w x + b} \implies {a = \tanh(z)}", ["definition", "definition"]),
        (r"{x = 2} \implies {x^2 = 4}", ["definition", "proved"]),
        (r"{x = 2} \implies {x^2 = 5}", ["definition", "refuted"]),
        (r"w, x \implies {z = w x} \implies {a = \tanh(z)}", ["definition", "definition"]),
    ],
)
def test_equations_in_braces_stand_on_the_sides_of_an_arrow(claim, found):
    assert verdicts(f"$${claim}$$") == found


def test_words_of_a_sentence_are_no_names():
    assert verdicts(r"$$x = \text{If} y$$") == ["unread"]
