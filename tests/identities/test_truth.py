"""The identities themselves: each is true and its twin false by numbers, in the notation of matrices and with indices."""

from collections import Counter

import numpy as np
import pytest

from tests.identities.entries import LETTERS
from tests.identities.latex import latex
from tests.identities.notation import Node, parsed
from tests.identities.numbers import entries, value
from tests.identities.rows import SAME, SIZES, fits, identities, truth, world_of
from tests.identities.world import Misfit, World
from tests.identities.writings import lowered
from tests.tools.slow import slow_but

ROWS = identities()
BY_CONSTRUCT = {row.construct: row for row in ROWS}


def test_there_are_enough_of_each_construct():
    counts = Counter(row.construct for row in ROWS)
    assert len(ROWS) >= 120
    assert min(counts.values()) >= 8
    assert len({(row.names, row.true, row.layout) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("construct", BY_CONSTRUCT)
def test_true_ones_are_true_and_false_ones_false(construct):
    for row in ROWS:
        if row.construct == construct:
            assert truth(row, row.true, points=1), row
            assert not truth(row, row.false, points=1), row


@pytest.mark.parametrize("construct", slow_but(BY_CONSTRUCT, "traces", "jacobians, denominator layout"))
def test_the_writing_with_indices_says_the_same(construct):
    for row in ROWS:
        if row.construct == construct:
            assert largest_difference(row, row.true) <= SAME, row
            assert largest_difference(row, row.false) > SAME, row


def largest_difference(row, sides):
    left, right = (parsed(latex(side)) for side in lowered(row, sides.left, sides.right))
    difference = Node("add", (left, Node("neg", (right,))))
    free = {letter: length for side in (left, right) for letter, length in free_letters(side, frozenset())}
    worlds = [world_of(row, sizes, 0) for sizes in SIZES[:2] if fits(row, sizes)]
    return max(float(np.abs(found)) for world in worlds for found in entries(difference, world, free))


def free_letters(node, bound):
    inside = bound | {node.text} if node.kind == "sum" else bound
    places = node.parts[1:] if node.kind == "entry" else node.parts if node.kind == "delta" else ()
    for place in places:
        if place.kind == "name" and place.text not in bound:
            yield place.text, next(length for length, letters in LETTERS.items() if place.text in letters)
    for part in node.parts:
        yield from free_letters(part, inside)


@pytest.mark.parametrize("row", ROWS[::7], ids=lambda row: str(row.number))
def test_what_is_written_out_is_read_back(row):
    for side in (row.true.left, row.true.right, row.false.right):
        assert parsed(latex(parsed(side))) == parsed(side)


@pytest.mark.parametrize(
    ("latex_", "expected"),
    [
        (r"\nabla_x^2 (x^\top A x)", r"A + A^\top"),
        (r"\frac{\partial (A x)}{\partial x}", "A"),
        (r"\nabla_A \ln(\det(A^\top A))", r"2 A^{-\top}"),
        (r"d(x^\top A x)", r"x^\top (A + A^\top) dx"),
        (r"A + 2 I - I", "A + I"),
    ],
)
def test_the_evaluator_at_known_values(latex_, expected):
    draw = np.random.default_rng(3)
    values = {"A": draw.normal(size=(3, 3)) + 0j, "x": draw.normal(size=(3, 1)) + 0j}
    world = World(values, {"n": 3}, directions={"x": draw.normal(size=(3, 1)) + 0j})
    assert np.allclose(value(parsed(latex_), world), value(parsed(expected), world), atol=1e-8)


@pytest.mark.parametrize("latex_", ["A x^\\top", "x + A", "x x", "A^{-1} + x^\\top", "I", "\\det(x)"])
def test_what_does_not_fit_has_no_value(latex_):
    world = World({"A": np.eye(3) + 0j, "x": np.ones((3, 1)) + 0j}, {"n": 3})
    with pytest.raises(Misfit):
        value(parsed(latex_), world)


@pytest.mark.parametrize("latex_", ["A \\star B", "(A", "\\foo", "A ="])
def test_what_is_no_part_of_the_notation_is_refused(latex_):
    with pytest.raises(ValueError):
        parsed(latex_)
