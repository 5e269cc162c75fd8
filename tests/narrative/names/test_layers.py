"""Superscripts that count layers, powers beside names with numbers above, and what names tend to."""

from __future__ import annotations

from derive.jobs.check import check


def verdicts(document):
    return [claim.verdict for claim in check(document).claims if not claim.is_expression]


LAYERS = (
    r"Layers $l$ and $l-1$, in the $l^{th}$ one, have weights. "
    r"Let $z^l_i = \sum_k w^l_{ik} a^{l-1}_k + b^l_i$." + "\n\n"
)


def test_letters_of_layers_alone_on_the_line_are_no_numbers():
    assert verdicts(LAYERS + r"$$\frac{\partial z^l_i}{\partial b^l_i} = 1$$")[-1] == "proved"
    assert verdicts(LAYERS + r"$$\frac{\partial z^l_i}{\partial b^l_i} = 2$$")[-1] == "refuted"
    product = r"Let $s = l x_i$. Now $2 x_i^l - x_i^{l} = x_i^{l}$ and $x_i^{l+1} + x_i = x_i (1 + x_i^l)$."
    assert verdicts(product)[-1] == "proved"  # there l is a number, and these are powers


def test_a_number_above_one_name_leaves_the_powers_of_others():
    points = r"Let $\hat{x}^{1}$ and $\hat{x}^{2}$ be points. "
    assert verdicts(points + r"$$2 u_{i}^{2} - u_{i}^{2} = u_{i}^{2}$$")[-1] == "proved"
    assert verdicts(points + r"$$2 u_{i}^{2} - u_{i}^{2} = 2 u_{i}^{2}$$")[-1] == "refuted"
    weights = r"Let $w^1$ and $w^2$ be weights. "
    assert verdicts(weights + r"$$2 w_i^2 - w_i^2 = w_i^2$$")[-1] == "unread"


def test_a_name_tends_to_infinity_and_no_quantity_does_by_conclusion():
    assert verdicts(r"- $x \to -\infty$: the left end") == ["assumption"]
    assert verdicts(r"Hence $x \to \infty$.") == ["unread"]
    assert verdicts(r"Let $x = 2 t$. Now $x \to \infty$.")[-1] == "unread"


def test_space_above_a_name_is_no_mark():
    assert verdicts(r"$2 \overset{\,}{y}_p + \overset{\,}{y}_p = 3 y_p$") == ["proved"]
    assert verdicts(r"$2 \overset{\,}{y}_p = 3 y_p$") == ["refuted"]
    assert verdicts(r"$2 \overset{?}{y} = 3$") == ["unread"]
