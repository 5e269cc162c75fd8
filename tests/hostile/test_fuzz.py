"""A small part of the fuzzing, the same in every run; and what it looks for is found where it is."""

from __future__ import annotations

from random import Random

import pytest

from derive.documents import read
from derive.narrative.walk import read_document
from tests.hostile.fuzz import KINDS, Placed, alone, batch, drops, made, run, seeds, whole


@pytest.mark.slow
def test_a_few_hundred_inputs():
    tally = run(600, 5, lambda line: None, guided=False)
    assert tally.inputs.total() == 600
    assert [(target, problem.why, problem.text) for target, problem in tally.problems] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_places_are_those_of_the_formulas(kind):
    placed = made(Random(2), seeds(), kind)
    found = read(placed.name, placed.text)
    starts = {formula.passage.offset(0) for formula in found.formulas}
    assert all(any(start <= at < end for at in starts) for start, end, _ in placed.formulas)


@pytest.mark.parametrize("kind", KINDS)
def test_a_formula_that_nothing_is_said_of_is_a_drop(kind):
    placed = made(Random(3), seeds(), kind)
    found = read(placed.name, placed.text)
    beside = len(placed.text) - 1
    more = Placed(placed.name, placed.text, (*placed.formulas, (beside, beside + 1, "x")))
    assert drops(placed, found, read_document(found)) == []
    assert [problem.kind for problem in drops(more, found, read_document(found))] == ["drops"]


def test_crashes_and_hangs_are_told_apart():
    def hang():
        while True:
            pass

    problems, cut = batch([("a", lambda: []), ("b", lambda: [1 / 0]), ("c", hang), ("d", lambda: alone("x = 1"))], 1)
    assert [(problem.kind, problem.text) for problem in problems] == [("crashes", "b"), ("hangs", "c")]
    assert cut == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "$$%x = 1$$"),
        ("a.md", "$$\\def\\a{\\a\\a}\\a$$"),
        ("a.txt", "\\[ a = b"),
        ("a.tex", "$a = b"),
        ("a.html", "<p>\\(a = b</p>"),
        ("a.md", "$$\x1b[31m$$"),
        ("a.md", "$$\\input{/etc/passwd}$$"),
        ("a.md", "$$若z_j$$"),
        ("a.md", "$$\\text{if } i = jy_i$$"),
        ("a.tex", "\\[췐;\\]"),
        ("a.md", "$$\\left(= \\frac{\\sqrt{e}}{\\pi -\\right) S_i}$$"),
    ],
)
def test_what_is_not_understood_is_unread_with_a_reason(name, text):
    (entry,) = read_document(read(name, text)).entries
    assert entry.settled is not None and entry.settled.kind.value == "unread" and entry.settled.reason is not None
    assert whole(Placed(name, text), judge=True) == []


def test_a_range_on_the_left_of_a_relation_is_unread():
    entries = read_document(read("a.md", "$$0.6 + 0.1 = 1..05 + 0.6 = 1$$")).entries
    assert entries and all(entry.settled is not None and entry.settled.kind.value == "unread" for entry in entries)
