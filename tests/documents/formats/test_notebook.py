"""Notebooks: Markdown cells, with places in the JSON text."""

import json

import pytest

from derive.documents import DocumentError, read


def notebook(*sources, **more):
    cells = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}, indent=1)


def test_places_are_those_of_the_file():
    text = notebook(
        ("code", "x = '$no$'"),
        ("markdown", ["# Title\n", "\n", "So $\\frac{a}{b} = c$ and\n", "$$\n", "d\n", "= \\ln e\n", "$$\n"]),
    )
    document = read("a.ipynb", text)
    first, second = document.formulas
    assert (first.latex, first.cell, first.kind) == ("\\frac{a}{b} = c", 1, "inline")
    assert (second.latex, second.cell, second.kind) == ("d\n= \\ln e", 1, "display")
    line, column = first.position(0)
    assert text.split("\n")[line - 1][column - 1 :].startswith("\\\\frac{a}{b} = c$ and")
    line, column = second.position(second.latex.index("\\ln"))
    assert text.split("\n")[line - 1][column - 1 :].startswith("\\\\ln e")
    line, column = first.position(len(first.latex))
    assert text.split("\n")[line - 1][column - 1] == "$"


def test_escapes_and_a_source_that_is_one_string():
    text = notebook(("markdown", 'a "quote" \U0001d400 α $x = \\alpha$'))
    (formula,) = read("a.ipynb", text).formulas
    line, column = formula.position(0)
    assert text.split("\n")[line - 1][column - 1 :].startswith("x = \\\\alpha$")


def test_code_and_raw_cells_are_not_read():
    assert read("a.ipynb", notebook(("code", "$a=b$"), ("raw", "$a=b$"))).formulas == ()


def test_paragraphs_of_two_cells_differ():
    first, second = read("a.ipynb", notebook(("markdown", "$a$"), ("markdown", "$b$"))).formulas
    assert first.paragraph != second.paragraph
    assert second.starts_paragraph


def test_older_notebooks():
    text = json.dumps({"worksheets": [{"cells": [{"cell_type": "markdown", "source": ["$a=b$"]}]}], "nbformat": 3})
    assert [formula.latex for formula in read("a.ipynb", text).formulas] == ["a=b"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not a notebook: Expecting property name"),
        ("[]", "not a notebook: no list of cells"),
        ('{"cells": 3}', "not a notebook: no list of cells"),
        ("[" * 100_000, "not a notebook: nested too deeply"),
        ('{"cells": ' + "[" * 100_000 + "]" * 100_000 + "}", "not a notebook: nested too deeply"),
        ('{"cells": [3]}', "not a notebook: cell 1 is no object"),
        ('{"worksheets": [{"cells": 3}]}', "not a notebook: no list of cells"),
        ('{"worksheets": [3]}', "not a notebook: no list of cells"),
    ],
)
def test_what_is_no_notebook(text, reason):
    with pytest.raises(DocumentError) as caught:
        read("a.ipynb", text)
    assert str(caught.value).startswith(f"a.ipynb: {reason}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("source", [None, 3, [None, 3], ["$a$", 3], {}])
def test_a_cell_whose_source_is_no_text(source):
    with pytest.raises(DocumentError, match="the source of cell 2 is neither a string nor a list of them"):
        read("a.ipynb", notebook(("markdown", "$a$"), ("markdown", source)))


def test_an_empty_cell_and_a_code_cell_without_source():
    assert read("a.ipynb", notebook(("markdown", []), ("code", None), ("markdown", "$a$"))).formulas[0].cell == 2


def test_half_a_character_cannot_reach_the_output():
    (formula,) = read("a.ipynb", notebook(("markdown", "$x \ud800 y$"))).formulas
    assert formula.latex == "x \ufffd y"
