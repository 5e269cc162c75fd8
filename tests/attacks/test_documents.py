"""Documents that look right and are not get the verdict that the table shows, and so does the true twin of each."""

import pytest

from derive.jobs.check import check
from tests.attacks.table import expected, rows, unpaired
from tests.tools.slow import every

ROWS = rows("documents")


@pytest.mark.parametrize("row", every(4, [row for _, row in ROWS]), ids=[f"{table}: {row['id']}" for table, row in ROWS])
def test_the_document_gets_its_verdicts(row):
    verdicts = [claim.verdict for claim in check(row["document"], row.get("file", "notes.md")).claims]
    assert [each for each in verdicts if each != "assumption"][-len(expected(row)) :] == expected(row)


def test_every_row_has_a_twin_with_the_other_outcome():
    assert unpaired("documents") == []
