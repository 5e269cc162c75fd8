"""Short documents of machine learning: none false holds, none true is refuted, and no fewer are settled than were."""

import pytest

from tests.identities.documents import documents, outcome

LEAST_HOLDING, LEAST_REFUTED = 151, 147


@pytest.fixture(scope="module")
def everything():
    return [outcome(row, true) for row in documents() for true in (True, False)]


@pytest.mark.slow
def test_nothing_serious(everything):
    assert [(one.row.number, one.true, one.message) for one in everything if one.serious] == []


@pytest.mark.slow
def test_no_fewer_are_settled_than_were(everything):
    assert sum(one.right for one in everything if one.true) >= LEAST_HOLDING
    assert sum(one.right for one in everything if not one.true) >= LEAST_REFUTED


def test_each_row_has_a_false_twin():
    assert len(documents()) >= 164
    assert all(row.given and row.true != row.false for row in documents())
