"""Classic fallacies get the verdict that the register shows, and so do their true twins."""

from __future__ import annotations

import pytest

from tests import tables
from tests.fallacies.register import register
from tests.fallacies.table import fallacies, told
from tests.tools.slow import every

ROWS = fallacies()
IDS = [f"{number}-{row.topic}" for number, row in enumerate(ROWS, 1)]


@pytest.mark.parametrize("row", every(4, ROWS), ids=IDS)
def test_the_fallacy_gets_its_verdict(row):
    claim = row.claim.judged()
    assert claim.verdict == row.claim.verdict, claim.message
    assert row.detail in told(claim)
    if claim.verdict in ("refuted", "conditional"):
        assert claim.witness is not None or "not defined" in claim.message or "contradict" in told(claim)


@pytest.mark.parametrize("row", every(4, ROWS), ids=IDS)
def test_its_twin_gets_its_verdict(row):
    claim = row.twin.judged()
    assert claim.verdict == row.twin.verdict, claim.message


def test_the_table_asks_for_what_it_says():
    assert len(ROWS) >= 100
    assert len({(row.claim.given, row.claim.latex) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert row.reason and row.claim.latex != row.twin.latex or row.claim.given != row.twin.given
        assert row.claim.verdict in ("refuted", "conditional") or row.claim.ideal in ("refuted", "conditional")
        assert row.twin.verdict == "proved" or row.twin.ideal == "proved"
        assert row.claim.verdict != "conditional" or row.detail


def test_the_published_register_is_up_to_date():
    assert tables.published("trust.md", "fallacies") == register(ROWS).strip()
