"""Declarations in their written forms, and what is said of a line that is not understood."""

import pytest

from derive.documents import Declaration
from derive.jobs.check import check
from derive.latex.symbols.table import SymbolTable
from derive.narrative.names.declarations import OneHotStated, Stated, declared


def read(text):
    lines = tuple(enumerate(text.split("\n"), 1))
    return declared((Declaration(text, 1, lines),), SymbolTable())


def ranges(text):
    return {name: (str(span.low), str(span.high)) for name, span in read(text).table.ranges}


@pytest.mark.parametrize(
    "text",
    [
        "indices: i, k in 1..n; j in 1..d",
        "indices: i, k in 1..n, j in 1..d",
        "index: i, k in 1..n\nindex: j in 1..d",
        "derive:\n  indices:\n    - i, k in 1..n\n    - j in 1..d",
        "indices: $i, k \\in 1, \\dots, n$; j ∈ {1..d}",
        'indices: ["i in 1..n"]\nindices: k in 1..n\nindices: j = 1..d',
    ],
)
def test_ranges(text):
    if not text.startswith("indices: ["):
        assert ranges(text) == {"i": ("1", "n"), "k": ("1", "n"), "j": ("1", "d")}
    assert ranges(text)["j"] == ("1", "d")


@pytest.mark.parametrize(
    "text",
    [
        "families: z_i, W_{kj}",
        'families: [z_i, "W_{kj}"]',
        "family: z_i\nfamily: W_{kj}",
        "families:\n  - z_i\n  - W_{kj}",
        "families: z_i; W_{k,j}  # the weights",
    ],
)
def test_families(text):
    found = read(text)
    assert found.families == (("z", ("i",)), ("W", ("k", "j")))
    assert not found.problems


@pytest.mark.parametrize(
    "text",
    [
        "assume: \\sum_k y_k = 1; \\tau > 0; y one-hot at i",
        'assume: [\\sum_k y_k = 1, "\\tau > 0", y is one-hot at i]',
        "derive:\n  assume:\n    - \\sum_k y_k = 1\n    - $\\tau > 0$\n    - y one-hot at i",
    ],
)
def test_assumptions(text):
    stated = read(text).stated
    assert [s.latex for s in stated if isinstance(s, Stated)] == ["\\sum_k y_k = 1", "\\tau > 0"]
    assert [(s.family, s.at) for s in stated if isinstance(s, OneHotStated)] == [("y", "i")]


def test_keys_of_other_programs_are_passed_over_and_misspelt_ones_are_not():
    other = read("layout: post\ntags: [ml, x]\ncategories:\n  - a\nauthor: me\nfamilies: z_i")
    assert not other.problems
    assert other.families == (("z", ("i",)),)
    (problem,) = read("layout: post\nfamilies: z_i\nfamiles: q_i").problems
    assert problem.line == 3
    assert "familes" in problem.text


@pytest.mark.parametrize("text", ["nonsense", "indices: i in 1..n+1", "families: z", "scalars: 2x", "indices: 3"])
def test_what_is_not_understood_is_told_with_its_line(text):
    (problem,) = read("sizes: n\n" + text).problems
    assert problem.line == 2


def test_contradictions_and_circles_are_told_and_the_rest_is_judged():
    text = "---\nassume: x > 0; x < 0\ndefine: b = b + 1\nassume: \\frac{\n---\n$\\sqrt{x^2} = x$ and $1 + 1 = 3$"
    report = check(text, "notes.md")
    assert [claim.verdict for claim in report.claims] == ["proved", "refuted"]
    assert [note.split(":")[0] for note in report.notes] == ["line 2", "line 3", "line 4"]


def test_a_family_that_nothing_explains_is_named_where_families_are_declared():
    head = "---\nfamilies: z_i\n---\n"
    (claim,) = check(head + "$q_i + q_i = 2 q_i$", "notes.md").claims
    assert claim.verdict == "unread"
    assert "q is neither declared nor defined" in claim.message
    (claim,) = check("$q_i + q_i = 2 q_i$", "notes.md").claims
    assert claim.verdict == "proved"
    used = check(head + "Let $s_i = z_i + b_i$. Then $s_i - b_i = z_i$ and $s_i = z_i$.", "notes.md").claims
    assert [claim.verdict for claim in used] == ["definition", "proved", "refuted"]
