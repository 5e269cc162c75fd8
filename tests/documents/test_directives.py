"""Comments that say how findings are taken: what each speaks of, in every format that has comments."""

import json

import pytest

from derive.documents import read

COMMENT = {"a.md": "<!-- {} -->", "a.txt": "<!-- {} -->", "a.html": "<!-- {} -->", "a.tex": "% {}"}


def covered(name, text):
    """For each comment its word, its reason or problem, and the formulas it speaks of."""
    document = read(name, text)
    return [
        (
            each.word,
            each.verdict,
            bool(each.problem),
            [formula.latex for formula in document.formulas if each.covers(*formula.position(0))],
        )
        for each in document.directives
    ]


def lines(name, *parts):
    return "\n".join(COMMENT[name].format(part.removeprefix("!")) if part.startswith("!") else part for part in parts)


@pytest.mark.parametrize("name", COMMENT)
def test_ignore_before_a_paragraph_speaks_of_its_formulas(name):
    text = lines(
        name,
        "Before \\(a = b\\).",
        "",
        "!derive: ignore an exercise",
        "Here \\(c = d\\) and \\(e = f\\).",
        "",
        "<p>" if name == "a.html" else "",
        "Then \\(g = h\\).",
    )
    document = read(name, text)
    (directive,) = document.directives
    assert (directive.word, directive.reason, directive.line, directive.problem) == ("ignore", "an exercise", 3, "")
    expected = ["c = d", "e = f"]
    if name == "a.html":  # a comment does not end the text before it
        expected = ["c = d"]
    assert covered(name, text) == [("ignore", "", False, expected)]


@pytest.mark.parametrize("name", ["a.md", "a.tex"])
def test_ignore_inside_of_a_paragraph_speaks_of_the_next_formula(name):
    text = lines(name, "Before \\(a = b\\)", "!derive: ignore an exercise", "and \\(c = d\\), but \\(e = f\\).")
    assert covered(name, text) == [("ignore", "", False, ["c = d"])]


@pytest.mark.parametrize("name", COMMENT)
def test_expect_speaks_of_the_next_formula_alone(name):
    text = lines(name, "First.", "", "!derive: expect refuted: a common mistake", "Here \\(c = d\\) and \\(e = f\\).")
    assert covered(name, text) == [("expect", "refuted", False, ["c = d"])]
    assert read(name, text).directives[0].reason == "a common mistake"


@pytest.mark.parametrize("name", COMMENT)
def test_a_region_ends_with_on(name):
    text = lines(
        name,
        "\\(a = b\\)",
        "",
        "!derive: off a draft",
        "",
        "\\(c = d\\)",
        "",
        "\\(e = f\\)",
        "",
        "!derive: on",
        "",
        "\\(g = h\\)",
    )
    assert covered(name, text) == [("off", "", False, ["c = d", "e = f"])]


@pytest.mark.parametrize(
    "comment",
    [
        "derive: ignore",
        "derive: ignore !?",
        "derive: off",
        "derive: expect",
        "derive: expect wrong",
        "derive: on",
        "derive: off a draft",
    ],
)
def test_what_is_not_complete_has_no_effect(comment):
    """No reason, no such verdict, a region that is not closed or not open."""
    ((_, _, problem, formulas),) = covered("a.md", f"<!-- {comment} -->\n$a = b$")
    assert problem and formulas == []


@pytest.mark.parametrize("comment", ["derive: scalars: x", "ignore the sign", "derive: ignored: x", "derive: onto: x"])
def test_other_comments_are_none(comment):
    assert read("a.md", f"<!-- {comment} -->\n$a = b$").directives == ()


def test_a_declaration_is_still_one():
    document = read("a.md", "<!-- derive: scalars: x -->\n<!-- derive: ignore an exercise -->\n$a = b$")
    assert [type(block).__name__ for block in document.blocks] == ["Declaration", "Formula"]
    assert [each.word for each in document.directives] == ["ignore"]


def test_a_region_over_the_cells_of_a_notebook():
    sources = ["<!-- derive: off a draft -->\n$a = b$", "$c = d$\n\n<!-- derive: on -->\n\n$e = f$"]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source} for source in sources]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert covered("a.ipynb", text) == [("off", "", False, ["a = b", "c = d"])]


def test_verbatim_text_holds_no_comment():
    text = "\\begin{verbatim}\n% derive: off a draft\n\\end{verbatim}\n\\(a = b\\)"
    assert read("a.tex", text).directives == ()
    assert read("a.md", "```\n<!-- derive: off a draft -->\n```\n$a = b$").directives == ()
