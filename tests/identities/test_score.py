"""What the checker says of the identities: none that is false holds, none that is true is refuted, nearly all are settled."""

import pytest

from tests.identities.rows import identities
from tests.identities.score import CONSTRUCTS, all_judged, judged, shares, table
from tests.identities.writings import WRITINGS

LEAST_PROVED, LEAST_REFUTED = 0.97, 0.96


@pytest.fixture(scope="module")
def everything():
    return list(all_judged(identities()))


@pytest.mark.slow
def test_nothing_serious_and_nearly_all_are_settled(everything):
    assert [(one.row.number, one.writing, one.true) for one in everything if one.serious] == []
    proved, refuted = shares(everything)
    assert proved >= LEAST_PROVED
    assert refuted >= LEAST_REFUTED


@pytest.mark.slow
@pytest.mark.parametrize("writing", WRITINGS)
def test_each_writing_is_as_good(everything, writing):
    proved, refuted = shares(one for one in everything if one.writing == writing)
    assert min(proved, refuted) >= 0.95


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_one_of_each_construct(construct):
    row = next(row for row in identities() if row.construct == construct and row.number % 3 != 2)
    for true in (True, False):
        assert judged(row, WRITINGS[2], true).right


def test_the_table_has_a_row_for_each_construct():
    row = identities()[0]
    found = [judged(row, WRITINGS[1], true) for true in (True, False)]
    lines = table(found).splitlines()
    assert len(lines) == 2 + len(CONSTRUCTS) + 1 + 2
    assert f"| {row.construct} | 1 |" in lines[2 + CONSTRUCTS.index(row.construct)]
