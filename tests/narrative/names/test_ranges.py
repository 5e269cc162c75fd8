"""Ranges that the sums of a document show, so that nobody has to declare that K classes are K."""

import pytest

from derive.jobs.check import check
from derive.latex.symbols.table import SymbolTable
from derive.narrative.names.ranges import ranges_shown

SOFTMAX = "Let $a_i = \\frac{e^{z_i}}{\\sum_{k=1}^{K} e^{z_k}}$. "
MEAN = "$J = \\frac{1}{m} \\sum_{i=1}^m (w x_i)^2$. "
BATCH = (
    "Let $p_{ik} = \\frac{e^{z_{ik}}}{\\sum_{j=1}^K e^{z_{ij}}}$ and "
    "$E = -\\sum_{i=1}^{N} \\sum_{k=1}^{K} t_{ik} \\log p_{ik}$, where $\\sum_{k=1}^K t_{ik} = 1$. "
)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SOFTMAX + "$\\frac{\\partial a_i}{\\partial z_j} = a_i (\\delta_{ij} - a_j)$", "proved"),
        (SOFTMAX + "$\\frac{\\partial a_i}{\\partial z_j} = a_i (\\delta_{ij} + a_j)$", "refuted"),
        (SOFTMAX + "$\\sum_j a_j = 1$", "proved"),
        (SOFTMAX + "$\\sum_j a_j = K$", "refuted"),
        (BATCH + "$\\frac{\\partial E}{\\partial z_{ij}} = p_{ij} - t_{ij}$", "proved"),
        (BATCH + "$\\frac{\\partial E}{\\partial z_{ij}} = t_{ij} - p_{ij}$", "refuted"),
        (MEAN + "$\\frac{\\partial J}{\\partial x_i} = \\frac{2}{m} w^2 x_i$", "proved"),
        (MEAN + "$\\frac{\\partial J}{\\partial x_i} = 2 w^2 x_i$", "refuted"),
    ],
)
def test_free_indices_run_where_the_sums_run(text, verdict):
    assert check(text, "notes.md").claims[-1].verdict == verdict


def test_where_two_ranges_meet_nothing_is_concluded():
    table = SymbolTable(families=(("z", 1), ("y", 1)))
    assert ranges_shown([r"\sum_{k=1}^{K} z_k", "z_i"], table) == {"k": (1, "K"), "i": (1, "K")}
    assert "i" not in ranges_shown([r"\sum_{k=1}^{K} z_k + \sum_{j=1}^{M} y_j", "z_i + y_i"], table)
    assert "k" not in ranges_shown([r"\sum_{k=1}^{K} z_k + \sum_{k=1}^{M} y_k"], table)
    assert ranges_shown([r"\sum_{k=1}^{K} z_k", "z_i"], table.with_index("i", 1, "d"))["k"] == (1, "K")
    assert "i" not in ranges_shown([r"\sum_{k=1}^{K} z_k", "z_i"], table.with_index("i", 1, "d"))


def test_a_parameter_may_have_the_name_of_a_family():
    text = "Let $\\sigma(x) = \\frac{1}{1 + e^{-x}}$ and $x_i = 2 u_i$. "
    assert check(text + "$\\sigma(0) = \\frac{1}{2}$", "notes.md").claims[-1].verdict == "proved"
    assert check(text + "$\\sigma(0) = 1$", "notes.md").claims[-1].verdict == "refuted"
