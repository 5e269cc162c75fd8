"""A formula is cut into tokens once, whatever is asked of it."""

import pytest

from derive.documents import Loaded
from derive.latex.reading import read_formula
from derive.latex.tokens import cut as cutting
from derive.narrative.walk import read_document

DOCUMENT = """---
derive:
  assume: \\tau > 0
---
Let $A \\in \\mathbb{R}^{n}$ and $a_i = \\frac{e^{z_i}}{\\sum_{k=1}^{K} e^{z_k}}$. If $i = j$, then

$$\\mathbf g = \\text{if $i = j$} \\quad \\frac{\\partial a_i}{\\partial z_j} = a_i (1 - a_i)$$
"""


@pytest.fixture
def runs(monkeypatch):
    """The texts that are cut, in order."""
    found = []
    lexed = cutting.lexed

    def counted(text):
        found.append(text)
        return lexed(text)

    monkeypatch.setattr(cutting, "lexed", counted)
    return found


def test_each_formula_of_a_document_is_cut_once(runs):
    document = Loaded("notes.md", ".md", DOCUMENT).document()
    entries = read_document(document).entries
    written = [formula.latex for formula in document.formulas]
    assert len(entries) > 2
    assert sorted(runs) == sorted([*written, r"\tau > 0"])


def test_a_formula_by_itself_is_cut_once(runs):
    assert read_formula(r"\mathbf h = W \mathbf x, \quad a_i = \text{loss}").statements
    assert len(runs) == 1


def test_what_cannot_be_read_is_seen_around():
    one = cutting.cut(r"a_i = ☺ + \sum_k b_k")
    assert one.problem is not None and one.problem.start == 6
    assert [token.text for token in one.tokens][-3:] == ["b", "_", "k"]
    assert read_formula(one).unread[0] == one.problem


def test_a_place_inside_words_is_a_place_of_the_formula():
    formula = r"x = \text{if $y = ☺$}"
    assert formula[cutting.cut(formula).problem.start] == "☺"
    assert cutting.cut(r"x = \text{if $y = z$}").problem is None
