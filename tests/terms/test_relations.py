"""The relations: negations and mirror images are such, and spellings are read as what they spell."""

import pytest
import sympy

from derive.latex.reading import read_formula
from derive.terms.relations import BY_KEY, BY_SYMBOL, JUDGED, KEYS, LESS, head_of, judged, upward
from derive.writing.writer import relation

HOLDS = {"=": (0,), "<": (-1,), ">": (1,), "<=": (-1, 0), ">=": (0, 1), "!=": (-1, 1)}


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.key)
def test_a_negation_holds_where_the_relation_does_not(row):
    holds = set(HOLDS[row.key])
    assert set(HOLDS[row.negation]) == {-1, 0, 1} - holds
    assert set(HOLDS[row.mirrored]) == {-sign for sign in holds}
    assert row.is_strict == (0 not in holds)
    assert BY_KEY[row.negation].negation == row.key == BY_KEY[row.mirrored].mirrored


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.key)
def test_the_class_is_the_relation(row):
    for sign in (-1, 0, 1):
        assert bool(head_of(row.key)(sympy.Integer(sign), 0)) == (sign in HOLDS[row.key])
    assert BY_SYMBOL[head_of(row.key)(sympy.Symbol("x"), 0).rel_op] is row


@pytest.mark.parametrize("row", JUDGED, ids=lambda row: row.key)
def test_every_spelling_is_read(row):
    for spelling in (relation(row.key), *row.commands, *row.signs):
        assert read_formula(f"x {spelling} 1").claims[0].relation == row.key
    for spelling in row.commands:
        assert read_formula(f"x \\not{spelling} 1").claims[0].relation == row.negation


def test_upward_leaves_no_less():
    assert upward(1, "<=", 2) == (2, ">=", 1)
    assert upward(1, ">", 2) == (1, ">", 2)


def test_the_keys_are_those_of_the_rows():
    assert KEYS == tuple(row.key for row in JUDGED)
    assert [row.key for row in JUDGED if upward(1, row.key, 2) != (1, row.key, 2)] == list(LESS)
    assert [judged(row.key) for row in JUDGED] == list(KEYS)
    with pytest.raises(ValueError, match="in"):
        judged("in")
